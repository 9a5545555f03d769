"""Requests to those who serve the room: a wish for a break, and the rota's proposal."""

from typing import Any, Self

from django.utils.translation import gettext_lazy

from assemblies.door.kinds import Always, Silent, card, rows
from assemblies.door.page import Page, Sheet
from assemblies.models import (
    Entry,
    Meeting,
)
from assemblies.sheets.roll import Roll
from assemblies.words import sentences


class Service(Sheet):
    """What those who serve the room are asked: a break, and whom the rota proposes.

    It has no rows of its own; the journal says it all.
    """

    name = "service"

    def __init__(self, entries: list[Entry]) -> None:
        self.want_a_break: list[str] = []
        self.proposed: dict[str, Any] | None = None
        for entry in entries:
            self.take(entry)

    @classmethod
    def load(cls, meeting: Meeting) -> Self:
        """Read the rows of a meeting."""
        kinds = (BREAK_REQUESTED, BREAK_PUT_OFF, BREAK_TAKEN, ROTA_PROPOSED)
        rows = Entry.objects.filter(journal=meeting.journal_id, kind__in=kinds)
        return cls(list(rows.order_by("seq")))

    def take(self, entry: Entry) -> None:
        """Go on by one entry."""
        if entry.kind == ROTA_PROPOSED:
            self.proposed = entry.facts
        elif entry.kind == BREAK_REQUESTED:
            self.want_a_break.append(entry.actor)
        else:
            self.want_a_break = []

    def break_began(self, page: Page) -> dict[str, Any]:
        """Drop the wishes for a break."""
        roll = page.sheet(Roll)
        page.concern(*roll.holders("facilitator"), *map(roll.find, self.want_a_break))
        self.want_a_break = []
        return {}


# --- the cards of the entries written here ---

BREAK_TAKEN = card(
    "assemblies.break_taken",
    "meeting",
    "service",
    minutes=Always(gettext_lazy("A break began.")),
    writes=(rows(Meeting),),
)
BREAK_REQUESTED = card(
    "assemblies.break_requested",
    "service",
    minutes=Silent("A wish is not told; the break is."),
    erasable=True,
)
BREAK_PUT_OFF = card(
    "assemblies.break_put_off",
    "service",
    minutes=Silent("A wish is not told; the break is."),
    erasable=True,
)
ROTA_PROPOSED = card("assemblies.rota_proposed", "service", minutes=sentences.rota_proposed)
