"""The sheet of councils: the one that meets here, and those above this assembly.

Rows of this app are written at once, inside the door's transaction; the sheet is then forgotten,
and read again when it is asked for next. It is asked seldom, and two meetings change the rows.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Self
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from assemblies.door.house import house
from assemblies.door.journal import record
from assemblies.door.kinds import Silent, card, rows
from assemblies.door.page import NEVER, Page, Sheet
from assemblies.door.shapes import Point
from assemblies.models import Assembly, Entry, Meeting, Membership, Participant, Role
from assemblies.sheets import Roll
from federation.models import (
    Application,
    Council,
    CouncilItem,
    Huddle,
    HuddleAnswer,
    Mandate,
    Notice,
    Recall,
    RecallAnswer,
    ReportBack,
    SeatTerm,
)
from federation.sheets.chart import joined
from federation.sheets.seen import Seen
from federation.words import sentences

# The sheets that change when somebody stops speaking for a unit.
LEAVING = ("council", "roll", "test", "floor", "signals", "question")
MOMENT = timedelta(microseconds=1)
# How many notices a meeting shows, and from how long before it.
NOTICES_SHOWN = 5
NEWS = timedelta(days=30)


# What can fall due in a council, each with the service that settles it.
SETTLED_BY: Point[tuple[str, Callable[[Page, Any, datetime], None]]] = Point(
    "how is what falls due in a council settled?"
)


class Councils(Sheet):
    """The council that meets here, those above it, and what its units just changed."""

    name = "council"
    row_models = (RecallAnswer, HuddleAnswer)
    changed_elsewhere = True

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting
        ours = {"council": OuterRef("pk"), "unit": meeting.assembly}
        belongs = Exists(joined(**ours).order_by())
        waits = Exists(Application.objects.filter(**ours, closed_at=None))
        known = list(
            Council.objects.annotate(belongs=belongs, waits=waits)
            .filter(Q(assembly=meeting.assembly) | Q(belongs=True) | Q(waits=True))
            .select_related("assembly", "federation")
            .order_by("assembly__created_at", "pk")
        )
        own = [row for row in known if row.assembly_id == meeting.assembly_id]
        found = [row for row in known if row in own or row.belongs]
        # Those to which this assembly has applied, and that decide whom they admit.
        self.applied_to = [row for row in known if row not in found]
        self.own = Seen(own[0], unit=None, meeting=meeting) if own else None
        self.above = [
            Seen(row, unit=meeting.assembly, meeting=meeting) for row in found if row not in own
        ]
        self.recalls: list[Recall] = []
        self.answers: dict[UUID, RecallAnswer] = {}
        self.huddle: Huddle | None = None
        self.huddle_answers: list[HuddleAnswer] = []
        # In this meeting: which units changed delegates, and which said that they have no position.
        self.changed: list[tuple[str, datetime]] = []
        self.said_none: list[tuple[str, datetime]] = []
        # Each unit that said so, with the item it was about; None for the item on the table.
        self.none_on: dict[str, str | None] = {}
        # The reports that our delegates owe us.
        self.owed: list[ReportBack] = []
        # Who no longer sits here, by key, and how their time ended.
        self.risen: dict[str, str] = {}
        if self.above:
            self._load_recalls()
            owed = ReportBack.objects.filter(unit=meeting.assembly, filed_at=None)
            self.owed = list(owed.select_related("council__assembly", "meeting"))
        if self.own is not None:
            self._load_meeting()

    @classmethod
    def load(cls, meeting: Meeting) -> Self:
        return cls(meeting)

    @cached_property
    def notices(self) -> list[Notice]:
        """The last five notices to this assembly, the newest first; asked for by screens alone."""
        since = self.meeting.starts_at - NEWS
        told = Notice.objects.filter(unit=self.meeting.assembly, at__gte=since)
        return list(told.select_related("council__assembly", "item")[:NOTICES_SHOWN])

    def _load_recalls(self) -> None:
        about = Recall.objects.filter(term__seat__unit=self.meeting.assembly)
        here = Q(closed_at=None) | Q(meeting=self.meeting)
        self.recalls = list(
            about.filter(here)
            .select_related("term__person", "term__seat__council__assembly")
            .order_by("opened_at")
        )
        if (recall := self.recall) is not None:
            rows = RecallAnswer.objects.filter(recall=recall, participant__meeting=self.meeting)
            self.answers = {row.participant_id: row for row in rows}

    def _load_meeting(self) -> None:
        self.huddle = Huddle.objects.filter(meeting=self.meeting, closed_at=None).first()
        if self.huddle is not None:
            rows = HuddleAnswer.objects.filter(huddle=self.huddle)
            self.huddle_answers = list(rows.select_related("unit"))
        told = Entry.objects.filter(
            journal=self.meeting.journal_id,
            kind__in=[DELEGATES_CHANGED, NO_POSITION_SAID, TERM_ENDED],
        ).order_by("seq")
        for entry in told:
            facts = entry.facts or {}
            unit, at = str(facts.get("unit", "")), entry.at or NEVER
            if entry.kind == NO_POSITION_SAID:
                self.said_none.append((unit, at))
                self.none_on[unit] = facts.get("item")
                continue
            if facts.get("recalled"):
                self.changed.append((unit, at))
            if who := facts.get("who"):
                over = "term_ended" if entry.kind == TERM_ENDED else "risen"
                self.risen[str(who)] = "recalled" if facts.get("recalled") else over

    @property
    def recall(self) -> Recall | None:
        """Return the recall that is being decided here."""
        return next((row for row in self.recalls if row.under_way), None)

    def council(self, key: str) -> Seen | None:
        """Return a council above with the key of its assembly."""
        return next((seen for seen in self.above if seen.key == key), None)

    # --- what falls due

    def due(self) -> datetime:
        return min((at for at, _do, _row in self._coming()), default=NEVER)

    def _coming(self) -> Iterable[tuple[datetime, str, Any]]:
        if self.own is None or self.meeting.phase == "ended":
            # What falls due in a council is written in a meeting that goes on, or is to come.
            return
        if self.huddle is not None:
            # Answers in its last second count, so it closes just after it.
            yield self.huddle.closes_at + MOMENT, "huddle", self.huddle
        for term in self.own.terms.values():
            if term.until is not None:
                yield term.until, "term", term
        for item in self.own.items.values():
            if item.phase == "provisional" and item.answer_until is not None:
                yield item.answer_until + MOMENT, "item", item

    def settle(self, page: Page) -> None:
        at, what, row = min(self._coming(), key=lambda one: one[0])
        dict(house().answers(SETTLED_BY))[what](page, row, at)
        forget(page)


def forget(page: Page) -> None:
    """Have the sheet of councils read again, since rows have changed."""
    page.sheets.pop(Councils.name, None)


def meetings_of(assembly: Assembly) -> list[Meeting]:
    """Return the meetings of an assembly that have not ended."""
    return list(Meeting.objects.filter(assembly=assembly).exclude(phase="ended"))


def tell_meetings(assembly: Assembly, what: str, now: datetime, /, **facts: Any) -> None:
    """Write into the open meetings of an assembly that something changed about them."""
    for meeting in meetings_of(assembly):
        with record(meeting, now=now) as page:
            page.note(what, **facts)
            forget(page)


def participant_of(page: Page, person: UUID | None) -> Participant | None:
    """Return somebody as a participant of this meeting, None who has no place in it."""
    return page.sheet(Roll).seat_of(person)


# --- the cards of the entries written here ---

DELEGATES_CHANGED = card(
    "federation.delegates_changed",
    *LEAVING,
    minutes=Silent("The journal in which the delegates changed tells it."),
    writes=(
        rows(Participant, key="who"),
        rows(Role),
    ),
)
COUNCIL_CHANGED = card(
    "federation.council_changed",
    "council",
    minutes=Silent("The journal in which the council changed tells it."),
    writes=(rows(Participant),),
)
NO_POSITION_SAID = card(
    "federation.no_position_said",
    "council",
    minutes=sentences.no_position_said,
    writes=(
        rows(CouncilItem, key="item"),
        rows(Notice),
    ),
)
TERM_ENDED = card(
    "federation.term_ended",
    *LEAVING,
    minutes=sentences.term_ended,
    writes=(
        rows(SeatTerm),
        rows(Membership),
        rows(Recall),
        rows(RecallAnswer),
        rows(Participant, key="who"),
        rows(Notice),
    ),
)
HUDDLE_CLOSED = card(
    "federation.huddle_closed",
    "council",
    "question",
    minutes=sentences.huddle_closed,
    writes=(
        rows(Huddle),
        rows(HuddleAnswer),
        rows(Mandate),
        rows(Notice),
    ),
)
LAPSED = card(
    "federation.lapsed",
    "council",
    minutes=sentences.lapsed,
    writes=(
        rows(CouncilItem, key="item"),
        rows(Notice),
    ),
)
