"""Drawings by a library: made once for all who look, by what they show, never twice at a time."""

import threading
from collections.abc import Callable
from hashlib import sha256

from django.core.cache import cache
from django.utils.translation import get_language

KEPT = 60 * 60  # seconds
making = threading.Lock()


def name_of(*shown: object) -> str:
    """Return the name of a drawing: the same for the same things shown in one language."""
    return sha256(repr((*shown, get_language())).encode()).hexdigest()


def drawn_once(name: str, draw: Callable[[], str]) -> str:
    """Return the drawing of this name, made now where nobody has asked for it lately.

    Who comes while it is being made waits for that one.
    """
    kept: str | None = cache.get(f"drawing.{name}")
    if kept is not None:
        return kept
    with making:
        kept = cache.get(f"drawing.{name}")
        if kept is None:
            kept = draw()
            cache.set(f"drawing.{name}", kept, timeout=KEPT)
        return kept
