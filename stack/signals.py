"""The sheet of what the room shows: signals that fade, and those of people without names."""

import uuid
from collections import Counter
from datetime import datetime, timedelta
from typing import Self

from assemblies.journal import NEVER, Page, Sheet
from assemblies.models import Meeting, Participant
from assemblies.registry import kind
from assemblies.sheets import Roll
from stack import rules
from stack.floor import Floor
from stack.models import HandSignal, Stack

SIGNALS_FADED = kind("stack.signals_faded", "signals")


class Signals(Sheet):
    """What people show, oldest first; each fades 60 s after it was last shown."""

    name = "signals"

    def __init__(self, rows: list[HandSignal], heads: dict[str, int]) -> None:
        # Shown by people counted without names, as somebody counted them last.
        self.heads = heads
        self.rows = {(row.participant_id, row.signal): row for row in rows}
        self.count = Counter(row.signal for row in rows)

    @classmethod
    def load(cls, meeting: Meeting) -> Self:
        rows = list(HandSignal.objects.filter(meeting=meeting).order_by("shown_at"))
        stack = Stack.objects.filter(meeting=meeting).first()
        return cls(rows, dict(stack.counted) if stack else {})

    def shown_by(self, person: Participant) -> list[str]:
        """Return the signals somebody shows."""
        names = (*rules.SIGNALS, *rules.QUIET)
        return [name for name in names if (person.pk, name) in self.rows]

    def counts(self) -> dict[str, int]:
        """Return how many show each signal."""
        return {name: self.count[name] + self.heads.get(name, 0) for name in rules.SIGNALS}

    def count_heads(self, page: Page, counts: dict[str, int]) -> dict[str, int]:
        """Take down what people without names show; return the numbers before."""
        was, self.heads = self.heads, dict(counts)
        row = page.sheet(Floor).row
        row.counted, row.counted_at = dict(counts), page.now
        row.counted_by = page.actor.key if page.actor else ""
        page.put(row)
        return was

    def show(self, page: Page, person: Participant, signal: str) -> None:
        """Show a signal, or show it anew."""
        row = self.rows.pop((person.pk, signal), None)
        if row is None:
            row = HandSignal(
                id=uuid.uuid4(), meeting=page.meeting, participant=person, signal=signal
            )
            self.count[signal] += 1
        row.shown_at = page.now
        self.rows[person.pk, signal] = row
        page.put(row)

    def lower(self, page: Page, person: Participant, signal: str) -> bool:
        """Lower a signal; say whether it was shown."""
        row = self.rows.pop((person.pk, signal), None)
        if row is None:
            return False
        self.count[signal] -= 1
        page.drop(row)
        return True

    def due(self) -> datetime:
        for row in self.rows.values():
            return row.shown_at + rules.FADES_AFTER
        return NEVER

    def settle(self, page: Page) -> None:
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
            del self.rows[row.participant_id, row.signal]
            page.concern(page.sheet(Roll).by_id.get(row.participant_id))
            page.drop(row)
        page.note(SIGNALS_FADED, at=last, faded=dict(faded))

    def person_left(self, page: Page, who: Participant) -> None:
        for signal in self.shown_by(who):
            self.lower(page, who, signal)

    def person_merged(self, page: Page, who: Participant, into: Participant) -> None:
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
