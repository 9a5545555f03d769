"""The agenda: items in order, notes about them, and when half of their time was over."""

from datetime import datetime, timedelta
from typing import Self

from assemblies.door.kinds import Silent, card
from assemblies.door.page import NEVER, Page, Sheet
from assemblies.models import (
    AgendaItem,
    Entry,
    Meeting,
    Note,
)
from assemblies.sheets.roll import Roll

# The floor is measured anew: who has not been heard by now is asked.


class Agenda(Sheet):
    """The items, in order, what was noted about them, and when half of their time was over."""

    name = "agenda"
    row_models = (AgendaItem, Note)

    def __init__(
        self, items: list[AgendaItem], notes: list[Note], halves: dict[str, datetime]
    ) -> None:
        self.items = items
        self.notes = notes
        self.halves = halves

    @classmethod
    def load(cls, meeting: Meeting) -> Self:
        """Read the rows of a meeting."""
        items = list(AgendaItem.objects.filter(meeting=meeting).order_by("position"))
        notes = list(Note.objects.filter(meeting=meeting).order_by("at", "id"))
        halves = Entry.objects.filter(journal=meeting.journal_id, kind=HALF_OVER).order_by("seq")
        return cls(
            items, notes, {(one.facts or {}).get("item", ""): one.at or NEVER for one in halves}
        )

    @property
    def open(self) -> AgendaItem | None:
        """Return the item that is being dealt with."""
        return next((item for item in self.items if item.state == "open"), None)

    @property
    def half_over(self) -> bool:
        """Return whether half of the open item's minutes are gone, as the journal has it."""
        item = self.open
        if item is None or item.opened_at is None or item.key not in self.halves:
            return False
        # A postponed item that is taken up again has its time anew.
        return self.halves[item.key] >= item.opened_at

    def find(self, key: str) -> AgendaItem | None:
        """Return the item with this key."""
        return next((item for item in self.items if item.key == key), None)

    def waiting(self) -> list[AgendaItem]:
        """Return the items that are still to come."""
        return [item for item in self.items if item.state == "waiting"]

    @property
    def ahead(self) -> AgendaItem | None:
        """Return the next item: the first waiting one below the open one, else the first."""
        waiting = self.waiting()
        if (item := self.open) is not None:
            below = self.items[self.items.index(item) + 1 :]
            waiting = [row for row in below if row.state == "waiting"] or waiting
        return next(iter(waiting), None)

    def renumber(self, page: Page) -> None:
        """Give every item the position at which it stands."""
        for place, item in enumerate(self.items, start=1):
            if item.position != place:
                item.position = place
                page.put(item)

    def due(self) -> datetime:
        """Return when half of the open item's time is over."""
        item = self.open
        if item is None or item.opened_at is None or not item.minutes or self.half_over:
            return NEVER
        return item.opened_at + timedelta(minutes=item.minutes) / 2

    def settle(self, page: Page) -> None:
        """Note that half of the open item's time is over."""
        item, at = self.open, self.due()
        assert item is not None  # noqa: S101 - it was due
        self.halves[item.key] = at
        page.concern(*page.sheet(Roll).here())
        page.note(HALF_OVER, at=at, item=item.key)


# --- the cards of the entries written here ---

HALF_OVER = card(
    "assemblies.item_half_over", "agenda", minutes=Silent("It only reminds the room of the time.")
)
