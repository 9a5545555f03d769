"""Where the sheets of meetings wait between handfuls."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from assemblies.door.page import Sheet
from assemblies.models import Meeting


@dataclass
class Kept:
    """The sheets of a meeting as they were at one seq, with the head that proves it."""

    seq: int
    head: str
    meeting: Meeting
    sheets: dict[str, Sheet]
    prints: dict[str, dict[str, str]] = field(default_factory=dict)


class Shelf:
    """Where sheets wait between handfuls; one user at a time, the oldest leave first."""

    def __init__(self, room_for: int = 64) -> None:
        self._kept: OrderedDict[Any, Kept] = OrderedDict()
        self._lock = threading.Lock()
        self._room_for = room_for

    def take(self, pk: Any) -> Kept | None:
        """Take the sheets off the shelf: nobody else has them until they are put back."""
        with self._lock:
            return self._kept.pop(pk, None)

    def put(self, kept: Kept) -> None:
        """Put sheets back; older ones never replace newer ones."""
        with self._lock:
            there = self._kept.get(kept.meeting.pk)
            if there is None or there.seq <= kept.seq:
                self._kept[kept.meeting.pk] = kept
                self._kept.move_to_end(kept.meeting.pk)
            while len(self._kept) > self._room_for:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forget everything (a restored backup, tests)."""
        with self._lock:
            self._kept.clear()


shelf = Shelf()
# Those who only look have a shelf of their own, so that a door never waits for them.
looking = Shelf()
