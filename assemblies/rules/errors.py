"""Exceptions that are no fault of the program: a refused act, a wrong script."""


class Refused(Exception):
    """An act that is not done, with a stable code (ROOM.md 1) and a sentence for who asked."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(code, why)
        self.code = code
        self.why = str(why)


class NotAScript(Exception):
    """A rehearsal script that cannot be played, with the place and the reason."""
