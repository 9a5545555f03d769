"""Exceptions that are no fault of the program: a refused act, a wrong script."""

from collections.abc import Callable
from typing import Any


class Refused(Exception):
    """An act that is not done, with a stable code (ROOM.md 1) and a sentence for who asked.

    `write_down` is called with the page after the refusal: the one way in which a refused act
    leaves something behind.
    """

    def __init__(
        self, code: str, why: str, *, write_down: Callable[[Any], None] | None = None
    ) -> None:
        super().__init__(code, why)
        self.code = code
        self.why = str(why)
        self.write_down = write_down


class NotAScript(Exception):
    """A rehearsal script that cannot be played, with the place and the reason."""
