"""A refused act leaves the page untouched.

Services and guards first decide, then change: whoever refuses has changed nothing yet. What must
stay although the act is refused goes along with the refusal (`Refused(..., write_down=...)`).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from assemblies.door.journal import opened
from assemblies.door.page import Page
from assemblies.rules.errors import Refused


class RefusedTooLate(RuntimeError):
    """A fault of the program: an act was refused after it had changed something."""


class Before:
    """How a page stood before an act, as far as looking at it costs nothing."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.numbers = self._numbers()

    def _numbers(self) -> dict[str, int]:
        page = self.page
        return {
            "seq": page.journal.seq,
            "entries": len(page.entries),
            "puts and drops": page.moves,
            "concerned": len(page.concerned),
            "touched": len(page.touched),
            "other doors": len(opened.afterwards),
            "work after the commit": len(opened.later),
        }

    def differences(self) -> list[str]:
        """Return the names of what is no longer as it was."""
        now = self._numbers()
        return [name for name, number in self.numbers.items() if now[name] != number]


@contextmanager
def untouched(page: Page) -> Iterator[None]:
    """Let a refusal pass where nothing was changed before it, and write down what goes along.

    Raises RefusedTooLate where something was changed: nothing of this handful may be written.
    """
    before = Before(page)
    try:
        yield
    except Refused as refusal:
        if changed := before.differences():
            raise RefusedTooLate(
                f"Refused ({refusal.code}) after a change of: {', '.join(changed)}"
            ) from refusal
        if refusal.write_down is not None:
            refusal.write_down(page)
        raise
