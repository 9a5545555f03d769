"""How often somebody may guess: typed codes on the whole server, passwords of one account.

Counters live in the cache; where it is away, this process counts alone. No address is kept.
"""

import hashlib
import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache

log = logging.getLogger(__name__)
CODES = "guessing.codes"
CODES_AT_MOST, CODES_WITHIN = 30, 60  # wrong codes, seconds
SOURCE_AT_MOST, SOURCE_WITHIN = 3, 600  # codes of one address while the server is full
ALARM, ALARM_FOR = "guessing.alarm", 600
TRIES_AT_MOST, TRIES_WITHIN = 5, 300  # wrong passwords, seconds

SALT = settings.SECRET_KEY
HERE = LocMemCache("guessing", {})


def with_counters(work: Callable[[Any], Any]) -> Any:
    """Do something with the shared cache, or with our own where that one is away."""
    try:
        return work(cache)
    except Exception:
        log.warning("The cache is away; this process counts guesses alone")
        return work(HERE)


def take(name: str, at_most: int, within: int) -> bool:
    """Count one guess before it is looked at; False when too many were made in this time."""

    def work(counters: Any) -> int:
        """Count with these counters."""
        counters.add(name, 0, within)
        try:
            return int(counters.incr(name))
        except ValueError:  # it ran out between the two lines
            counters.set(name, 1, within)
            return 1

    return bool(with_counters(work) <= at_most)


def give_back(name: str) -> None:
    """Take one guess back that was none: it was right."""

    def work(counters: Any) -> None:
        """Count with these counters."""
        try:
            counters.decr(name)
        except ValueError:
            return

    with_counters(work)


def forget(name: str) -> None:
    """Forget all guesses of a name."""
    with_counters(lambda counters: counters.delete(name))


# --- typed codes ----------------------------------------------------------------------------------


def may_type_code(source: str) -> bool:
    """Count a typed code; False when the whole server has seen too many wrong ones.

    While somebody guesses, an address that has typed little still gets a few tries, so that a
    code typed rightly elsewhere opens the door at once. Addresses are digests, for ten minutes.
    """
    if take(CODES, CODES_AT_MOST, CODES_WITHIN):
        return True
    with_counters(lambda counters: counters.set(ALARM, time.time(), ALARM_FOR))
    return take(f"guessing.source.{digest(SALT + source)}", SOURCE_AT_MOST, SOURCE_WITHIN)


def code_was_right() -> None:
    """Take a typed code back: only wrong ones count."""
    give_back(CODES)


def wrong_codes_lately() -> int:
    """Return how many wrong codes were typed in this minute, for the facilitators."""
    return int(with_counters(lambda counters: counters.get(CODES, 0)))


def codes_are_being_guessed() -> bool:
    """Say whether typed codes were refused in the last ten minutes, for the facilitators."""
    return bool(with_counters(lambda counters: counters.get(ALARM)))


# --- passwords ------------------------------------------------------------------------------------


def account(handle: str, device: str) -> str:
    """Return the name under which guesses at an account are counted.

    A device that has signed in to this account before counts by itself, so that nobody else can
    lock its owner out; all other devices share one count.
    """
    return f"guessing.account.{digest(handle)}.{digest(device) if device else ''}"


def may_try_password(name: str) -> bool:
    """Count a password; False when too many were tried."""
    return take(name, TRIES_AT_MOST, TRIES_WITHIN)


def digest(text: str) -> str:
    """Return a short name of a text that does not give it away."""
    return hashlib.sha256(text.strip().lower().encode()).hexdigest()[:24]
