"""How settings are read from the environment: one sentence when a value is wrong."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def env_text(name: str, default: str = "") -> str:
    """Return a text, or the content of the file that NAME_FILE names."""
    if file := os.environ.get(f"{name}_FILE"):
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as wrong:
            raise ImproperlyConfigured(
                f"{name}_FILE names a file that cannot be read: {wrong}."
            ) from wrong
    return os.environ.get(name, default)


def env_bool(name: str, default: bool = False) -> bool:
    """Return yes or no."""
    value = env_text(name, "1" if default else "0").strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def env_int(name: str, default: int) -> int:
    """Return a whole number."""
    value = env_text(name, str(default))
    try:
        return int(value)
    except ValueError as wrong:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from wrong


def env_list(name: str) -> list[str]:
    """Return the values between commas."""
    return [part.strip() for part in env_text(name).split(",") if part.strip()]
