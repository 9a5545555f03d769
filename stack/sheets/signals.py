"""The sheet of what the room shows: signals that fade, and those of people without names."""

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from assemblies.door.kinds import Silent, card, rows
from assemblies.door.page import NEVER, Page, Sheet
from assemblies.models import Meeting, Participant
from assemblies.sheets import Roll
from stack import rules
from stack.models import HandSignal, Stack
from stack.sheets.floor import Floor


@dataclass(frozen=True, slots=True)
class Counted:
    """A count of the signals of people without names: numbers, time, and the key of who counted."""

    numbers: dict[str, int] = field(default_factory=dict)
    at: datetime | None = None
    by: str = ""

    def fades_at(self) -> datetime:
        """Return when it fades: to be counted is to show (ROOM.md 5, 19)."""
        if self.at is None or not any(self.numbers.values()):
            return NEVER
        return self.at + rules.FADES_AFTER


class Signals(Sheet):
    """What people show, oldest first; each fades 60 s after it was last shown or counted."""

    name = "signals"
    row_models = (HandSignal, Stack)

    def __init__(self, rows: list[HandSignal], heads: "Counted") -> None:
        # Shown by people counted without names, as somebody counted them last.
        self.heads = heads
        self.rows = {(row.participant_id, row.signal): row for row in rows}
        self.count = Counter(row.signal for row in rows)

    @classmethod
    def load(cls, meeting: Meeting) -> Self:
        """Read the signals of a meeting from the database."""
        rows = list(HandSignal.objects.filter(meeting=meeting).order_by("shown_at"))
        stack = Stack.objects.filter(meeting=meeting).first()
        if stack is None or stack.counted_at is None:
            return cls(rows, Counted())
        return cls(rows, Counted(dict(stack.counted), stack.counted_at, stack.counted_by))

    def shown_by(self, person: Participant) -> list[str]:
        """Return the signals somebody shows."""
        names = (*rules.SIGNALS, *rules.QUIET)
        return [name for name in names if (person.pk, name) in self.rows]

    def counts(self) -> dict[str, int]:
        """Return how many show each signal."""
        heads = self.heads.numbers
        return {name: self.count[name] + heads.get(name, 0) for name in rules.SIGNALS}

    def quiet_counts(self) -> dict[str, int]:
        """Return how many show each signal that only those see who keep the talk going."""
        return {name: self.count[name] for name in rules.QUIET}

    def count_heads(self, page: Page, heads: "Counted") -> None:
        """Take down what people without names show; it replaces what was counted before."""
        self.heads = heads
        row = page.sheet(Floor).row
        row.counted, row.counted_at, row.counted_by = dict(heads.numbers), heads.at, heads.by
        page.put(row)

    def show(self, page: Page, person: Participant, signal: str) -> None:
        """Show a signal, or show it anew."""
        row = self.rows.pop((person.pk, signal), None)
        if row is None:
            row = HandSignal(
                id=uuid.uuid4(), meeting=page.meeting, participant=person, signal=signal
            )
            self.count[signal] += 1
            self._concern_told(page, signal)
        row.shown_at = page.now
        self.rows[person.pk, signal] = row
        page.put(row)

    def lower(self, page: Page, person: Participant, signal: str) -> bool:
        """Lower a signal; say whether it was shown."""
        row = self.rows.pop((person.pk, signal), None)
        if row is None:
            return False
        self.count[signal] -= 1
        self._concern_told(page, signal)
        page.drop(row)
        return True

    def _concern_told(self, page: Page, signal: str) -> None:
        """Send those anew what is their own who alone see a quiet signal (DOMAIN.md 6.2)."""
        roll = page.sheet(Roll)
        for role in rules.BY_CODE[signal].told_to:
            page.concern(*roll.holders(role))

    def due(self) -> datetime:
        """Return when the next signal or count fades."""
        return min(self._first_fades_at(), self.heads.fades_at())

    def _first_fades_at(self) -> datetime:
        """Return when the oldest signal fades."""
        for row in self.rows.values():
            return row.shown_at + rules.FADES_AFTER
        return NEVER

    def settle(self, page: Page) -> None:
        """Let fade what is due: a count, or all signals due within one second."""
        if self.heads.fades_at() <= self._first_fades_at():
            faded_at, numbers = self.heads.fades_at(), self.heads.numbers
            self.count_heads(page, Counted())
            page.note(COUNT_FADED, at=faded_at, faded=numbers)
            return
        # Those that fade within one second of each other share an entry, as numbers.
        until = min(self.due() + timedelta(seconds=1), page.now)
        faded: Counter[str] = Counter()
        last = self.due()
        for row in list(self.rows.values()):
            falls = row.shown_at + rules.FADES_AFTER
            if falls > until:
                break
            last = falls
            faded[row.signal] += 1
            self.count[row.signal] -= 1
            self._concern_told(page, row.signal)
            del self.rows[row.participant_id, row.signal]
            page.concern(page.sheet(Roll).by_id.get(row.participant_id))
            page.drop(row)
        page.note(SIGNALS_FADED, at=last, faded=dict(faded))

    def heads_counted(self, page: Page) -> None:
        """Drop a count of signals that is higher than the new number of heads."""
        if sum(self.heads.numbers.values()) > page.meeting.heads:
            self.count_heads(page, Counted())

    def person_left(self, page: Page, who: Participant) -> None:
        """Lower the signals of who left."""
        for signal in self.shown_by(who):
            self.lower(page, who, signal)

    person_uncounted = person_left

    def person_merged(self, page: Page, who: Participant, into: Participant) -> None:
        """Give the signals of one place to the other place of the same person."""
        for signal in self.shown_by(who):
            shown_at = self.rows[who.pk, signal].shown_at
            self.lower(page, who, signal)
            there = self.rows.get((into.pk, signal))
            if there is None and not rules.replaced_by(signal) & set(self.shown_by(into)):
                self.show(page, into, signal)
                self.rows[into.pk, signal].shown_at = shown_at
            elif there is not None and there.shown_at < shown_at:
                there.shown_at = shown_at
                page.put(there)
        # Oldest first: what moved has kept the time at which it was shown.
        self.rows = dict(sorted(self.rows.items(), key=lambda pair: pair[1].shown_at))


# --- the cards of the entries written here ---

SIGNALS_FADED = card(
    "stack.signals_faded",
    "signals",
    minutes=Silent("Signals leave numbers, never names."),
    writes=(rows(HandSignal),),
)
COUNT_FADED = card(
    "stack.count_faded",
    "signals",
    "floor",
    minutes=Silent("Numbers of the moment, shown to the room that gave them."),
    fleeting=True,
    writes=(rows(Stack),),
)
