"""Short names for things people read aloud, scan or type."""

import secrets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V", "-": "", " ": ""})


def new_key() -> str:
    """Return eight characters that name a thing in addresses and acts (40 bits)."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(8)).lower()


def new_code() -> str:
    """Return six characters to be typed by hand (30 bits, SECURITY.md threat 11)."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(6))


def new_secret() -> str:
    """Return the long part of a link or a QR code (128 bits)."""
    return secrets.token_urlsafe(16)


def as_typed(code: str) -> str:
    """Return a code as it was meant: capitals, no gaps, letters that look alike made one."""
    return code.strip().upper().translate(LOOKALIKES)
