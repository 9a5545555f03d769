"""The page: the unit of work of one handful, and the sheets that it hands out."""

import secrets
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar

from django.apps import apps
from django.db import models
from django.utils import timezone

from assemblies.door.house import house
from assemblies.door.sealing import seal
from assemblies.models import AgendaItem, Entry, Journal, Meeting, Participant, Receipt

S = TypeVar("S", bound="Sheet")
NEVER = datetime(9999, 1, 1, tzinfo=timezone.get_default_timezone())


class Sheet:
    """Part of a meeting as it stands, loaded once and changed only by services.

    The hooks are how an act of one app reaches what another app keeps: who leaves takes along
    their hand, though `assemblies` has never heard of hands.
    """

    name: ClassVar[str]
    # The rows that it holds: what touches the sheet may change them.
    row_models: "ClassVar[tuple[type[models.Model], ...]]" = ()
    # Whether acts elsewhere change what is on it and leave no entry in this meeting.
    changed_elsewhere: ClassVar[bool] = False
    # Whether what changes it belongs to the open item, which then cannot be taken back.
    on_the_item: ClassVar[bool] = False

    @classmethod
    def load(cls, meeting: Meeting) -> Self:
        """Return the sheet as the database has it."""
        raise NotImplementedError

    def due(self) -> datetime:
        """Return when the next thing falls due on this sheet."""
        return NEVER

    def settle(self, page: "Page") -> None:
        """Write down the one thing that is due first, dated when it was due."""

    def person_left(self, page: "Page", who: Participant) -> None:
        """Drop what a person takes along."""

    def person_uncounted(self, page: "Page", who: Participant) -> None:
        """Drop what only those who count have: somebody stays here as a guest."""

    def person_merged(self, page: "Page", who: Participant, into: Participant) -> None:
        """Give what one seat had to the other seat of the same person."""

    def heads_counted(self, page: "Page") -> None:
        """Let go of answers counted for more people without names than there are."""

    def item_closed(self, page: "Page") -> dict[str, Any]:
        """Clear what belongs to the open item and return what is needed to restore it."""
        return {}

    def item_dropped(self, page: "Page", item: AgendaItem) -> None:
        """Let go of an item that is taken off the agenda."""

    def item_restored(self, page: "Page", facts: dict[str, Any]) -> None:
        """Put back what `item_closed` cleared."""

    def break_began(self, page: "Page") -> dict[str, Any]:
        """Stop what does not run in a break and return what to start again."""
        return {}

    def break_ended(self, page: "Page", facts: dict[str, Any]) -> None:
        """Start again what `break_began` stopped."""

    def waiting_point(self) -> bool:
        """Say whether a technical point waits, which holds back ending and adopting."""
        return False

    def asking(self) -> bool:
        """Say whether a test or a vote is open, which holds back finishing and ending."""
        return False

    def round_began(self, page: "Page") -> None:
        """Remember that a go-round began, where it is part of how something is decided."""

    def floor_given(self, page: "Page", who: Participant, kind: str, seconds: int) -> None:
        """Give somebody the floor for something of their own, such as being heard on a block."""


@dataclass
class Page:
    """What one handful of acts reads and writes."""

    meeting: Meeting
    journal: Journal
    now: datetime
    sheets: dict[str, Sheet] = field(default_factory=dict)
    actor: Participant | None = None
    on_behalf_of: Participant | None = None
    entries: list[Entry] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    prints: dict[str, dict[str, str]] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    concerned: set[str] = field(default_factory=set)
    # How often a row was put or dropped.
    moves: int = 0
    # What was worked out for one screen, once everything was written, and holds for the others.
    worked_out: dict[Any, Any] = field(default_factory=dict)
    _changed: dict[Any, models.Model] = field(default_factory=dict)
    _dropped: dict[Any, models.Model] = field(default_factory=dict)

    def sheet(self, cls: type[S]) -> S:
        """Return a sheet, loading it the first time somebody asks."""
        found = self.sheets.get(cls.name)
        if found is None:
            found = self.sheets[cls.name] = cls.load(self.meeting)
        return found  # type: ignore[return-value]

    def every_sheet(self) -> list[Sheet]:
        """Return all sheets that any app declares, for the hooks."""
        return [self.sheet(cls) for cls in house().sheets]

    def reread(self) -> None:
        """Let go of the sheets that others change too, so that they are read under the locks."""
        for name in [name for name, sheet in self.sheets.items() if sheet.changed_elsewhere]:
            del self.sheets[name]

    def put(self, row: models.Model) -> None:
        """Have a new or changed row written when the page closes."""
        self.moves += 1
        self._dropped.pop(row.pk, None)
        self._changed[row.pk] = row

    def drop(self, row: models.Model) -> None:
        """Have a row deleted when the page closes."""
        self.moves += 1
        self._changed.pop(row.pk, None)
        self._dropped[row.pk] = row

    def concern(self, *people: Participant | None) -> None:
        """Remember whose own screen changes: they get a personal message."""
        self.concerned.update(person.key for person in people if person is not None)

    def note(self, kind: str, /, *, at: datetime | None = None, **facts: Any) -> Entry:
        """Write an entry: who did it, for whom, what. People stand in facts as keys."""
        self.journal.seq += 1
        entry = Entry(
            journal=self.journal,
            seq=self.journal.seq,
            at=at or self.now,
            actor=self.actor.key if self.actor else "",
            on_behalf_of=self.on_behalf_of.key if self.on_behalf_of else "",
            kind=str(kind),
            facts=facts,
            salt=secrets.token_bytes(16),
        )
        seal(entry, self.journal)
        self.entries.append(entry)
        self.concern(self.actor, self.on_behalf_of)
        self.touched |= house().touched_by((kind,))
        return entry

    def settle(self, until: datetime | None = None) -> None:
        """Write down everything that fell due, in the order in which it did (ROOM.md 5, 19)."""
        while True:
            sheets = self.every_sheet()
            first = min(sheets, key=lambda sheet: sheet.due())
            if first.due() > (until or self.now):
                return
            keep = self.actor, self.on_behalf_of
            self.actor = self.on_behalf_of = None
            first.settle(self)
            self.actor, self.on_behalf_of = keep

    def write(self) -> None:
        """Write all that changed: what goes, what comes, the entries, the answers, the head."""
        if (self._changed or self._dropped) and not self.entries:
            # Kept sheets are trusted as long as seq stands still.
            raise RuntimeError("A row was changed and no entry says so.")
        for model, rows in grouped(self._dropped):
            model._default_manager.filter(pk__in=[row.pk for row in rows]).delete()
        for model, rows in grouped(self._changed):
            # What ends is written before what begins: "one open at a time" holds at every row.
            rows.sort(key=lambda row: bool(getattr(row, "under_way", False)))
            model._default_manager.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=[f.attname for f in model._meta.concrete_fields if not f.primary_key],
            )
        if self.entries:
            Entry.objects.bulk_create(self.entries)
            Journal.objects.filter(pk=self.journal.pk).update(
                seq=self.journal.seq, head=self.journal.head
            )
        if self.receipts:
            Receipt.objects.bulk_create(self.receipts)
        self._changed, self._dropped, self.receipts = {}, {}, []


def grouped(
    rows: dict[Any, models.Model],
) -> Iterator[tuple[type[models.Model], list[models.Model]]]:
    """Yield rows by model, in the order in which the apps declare their models."""
    by_model: dict[type[models.Model], list[models.Model]] = defaultdict(list)
    for row in rows.values():
        by_model[type(row)].append(row)
    if len(by_model) > 1:
        order = {model: place for place, model in enumerate(apps.get_models())}
        yield from sorted(by_model.items(), key=lambda pair: order[pair[0]])
    else:
        yield from by_model.items()
