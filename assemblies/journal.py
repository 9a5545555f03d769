"""The door: a meeting changes only inside `with record(meeting) as page`.

One lock, one transaction, any number of acts. The page is the unit of work: it hands out the
sheets (the roll, the agenda, the floor ...) as they stand, keeps what changes, and writes rows and
entries in bulk when it closes - both, or neither.

Sheets are kept between handfuls. They are good as long as the journal is where it was when they
were put away, which is checked under the lock: every change has an entry, so every change moves
`seq`. What another process wrote drops just the sheets its entries touch.
"""

import logging
import secrets
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, Self, TypeVar

from django.apps import apps
from django.db import models, transaction
from django.dispatch import Signal
from django.utils import timezone

from assemblies.chain import START, head_after, leaf_of
from assemblies.models import AgendaItem, Entry, Journal, Meeting, Participant, Receipt
from assemblies.registry import EVERYTHING, touched_by

# Sent after the commit: a meeting has gone on. The only signal of the project.
journal_advanced = Signal()
log = logging.getLogger(__name__)
SHEETS: "dict[str, type[Sheet]]" = {}
S = TypeVar("S", bound="Sheet")
NEVER = datetime(9999, 1, 1, tzinfo=timezone.get_default_timezone())


class Sheet:
    """Part of a meeting as it stands, loaded once and changed only by services.

    The hooks are how an act of one app reaches what another app keeps: who leaves takes along
    their hand, though `assemblies` has never heard of hands.
    """

    name: ClassVar[str]
    # Whether acts elsewhere change what is on it and leave no entry in this meeting.
    changed_elsewhere: ClassVar[bool] = False

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        SHEETS[cls.name] = cls

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
        return [self.sheet(cls) for cls in SHEETS.values()]

    def reread(self) -> None:
        """Let go of the sheets that others change too, so that they are read under the locks."""
        for name in [name for name, sheet in self.sheets.items() if sheet.changed_elsewhere]:
            del self.sheets[name]

    def put(self, row: models.Model) -> None:
        """Have a new or changed row written when the page closes."""
        self._dropped.pop(row.pk, None)
        self._changed[row.pk] = row

    def drop(self, row: models.Model) -> None:
        """Have a row deleted when the page closes."""
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
            kind=kind,
            facts=facts,
            salt=secrets.token_bytes(16),
        )
        seal(entry, self.journal)
        self.entries.append(entry)
        self.concern(self.actor, self.on_behalf_of)
        self.touched |= touched_by({kind})
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


def stamp(at: datetime) -> str:
    """Return a time as the journal writes it: UTC, microseconds, Z."""
    return at.astimezone(timezone.get_fixed_timezone(0)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def body_of(entry: Entry) -> dict[str, Any] | None:
    """Return what is sealed of an entry, or None where it was erased whole."""
    if entry.facts is None and not entry.kind and entry.at is None and not entry.salt:
        return None
    return {
        "seq": entry.seq,
        "at": stamp(entry.at) if entry.at else None,
        "actor": entry.actor,
        "on_behalf_of": entry.on_behalf_of,
        "kind": entry.kind,
        "facts": entry.facts,
    }


def seal(entry: Entry, journal: Journal) -> None:
    """Give an entry its place in the chain and move the journal's head."""
    body = body_of(entry)
    assert body is not None  # noqa: S101 - a new entry always has a body
    entry.leaf = leaf_of(bytes(entry.salt), body)
    entry.head = journal.head = head_after(journal.head or START, entry.leaf)


def still_good(kept: Kept | None, journal: Journal) -> Kept | None:
    """Return what of the kept sheets is true at the journal's seq, or None."""
    if kept is None or kept.seq > journal.seq:
        return None
    if kept.seq == journal.seq:
        return kept if kept.head == journal.head else None
    since = list(
        Entry.objects.filter(journal=journal, seq__gte=max(kept.seq, 1)).values_list(
            "seq", "kind", "head"
        )
    )
    if kept.seq and (not since or since[0][0] != kept.seq or since[0][2] != kept.head):
        return None
    touched = touched_by({kind for seq, kind, _head in since if seq > kept.seq})
    if touched == EVERYTHING:
        return None
    kept.prints = {}
    if "meeting" in touched:
        kept.meeting = Meeting.objects.select_related("assembly").get(pk=kept.meeting.pk)
    kept.sheets = {name: sheet for name, sheet in kept.sheets.items() if name not in touched}
    return kept


class Opened(threading.local):
    """The doors that this thread holds open, and what is to happen once all are closed."""

    def __init__(self) -> None:
        self.depth = 0
        self.afterwards: list[Callable[[], None]] = []
        self.later: list[Callable[[], None]] = []


opened = Opened()


@contextmanager
def whole() -> Iterator[list[Callable[[], None]]]:
    """Make everything inside one transaction; what is put on the list is done after its commit.

    Inside another it is part of that one: nothing is announced that may still be taken back.
    """
    opened.depth += 1
    try:
        with transaction.atomic():
            yield opened.afterwards
    except BaseException:
        if opened.depth == 1:
            opened.afterwards, opened.later = [], []
        raise
    finally:
        opened.depth -= 1
    if not opened.depth:
        # First what was committed is shown and put away, then what it gives rise to is done.
        afterwards = [*opened.afterwards, *opened.later]
        opened.afterwards, opened.later = [], []
        for do in afterwards:
            do()


def after_commit(do: Callable[[], None]) -> None:
    """Do something once all open doors are closed; what fails then is logged, for all is kept."""

    def carefully() -> None:
        try:
            do()
        except Exception:
            log.exception("Something that follows a commit failed")

    if opened.depth:
        opened.later.append(carefully)
    else:
        carefully()


@contextmanager
def together(journals: Iterable[Any]) -> Iterator[None]:
    """Hold several doors open at once: their journals are locked in the order of their ids.

    What is recorded inside in any of them happens together, or not at all.
    """
    with whole():
        list(Journal.objects.select_for_update().filter(pk__in=set(journals)).order_by("pk"))
        yield


@contextmanager
def record(
    meeting: Meeting, *, now: datetime | None = None, after: Callable[[Page], None] | None = None
) -> Iterator[Page]:
    """Open the door of a meeting: everything inside happens together, or not at all.

    `now` is the time of the acts (a rehearsal's virtual clock); `after` is called with the page
    after the commit, while the sheets are still in hand: the hub prints panels from them.
    """
    with whole() as afterwards:
        journal = Journal.objects.select_for_update().get(pk=meeting.journal_id)
        kept = still_good(shelf.take(meeting.pk), journal)
        if kept is None:
            fresh = Meeting.objects.select_related("assembly").get(pk=meeting.pk)
            kept = Kept(journal.seq, journal.head, fresh, {})
        page = Page(kept.meeting, journal, now or timezone.now(), kept.sheets)
        page.settle()
        yield page
        page.write()
        afterwards.append(partial(closed, page, after))


def closed(page: Page, after: Callable[[Page], None] | None) -> None:
    """Announce what was committed, show it, and put the sheets away."""
    journal = page.journal
    if page.entries:
        journal_advanced.send(Meeting, meeting=page.meeting, seq=journal.seq)
    if after is not None:
        try:
            after(page)
        except Exception:
            # The acts are committed: a fault in showing them must not make them look undone.
            log.exception("Meeting %s could not be shown at %s", page.meeting.pk, journal.seq)
            return
    shelf.put(Kept(journal.seq, journal.head, page.meeting, page.sheets))


def look(meeting: Meeting, after: Callable[[Page], None], *, now: datetime | None = None) -> None:
    """Show the newest page to `after` without changing anything, reusing the kept sheets.

    What fell due is written down first; then this is `record` with no acts.
    """
    journal = Journal.objects.get(pk=meeting.journal_id)
    kept = shelf.take(meeting.pk)
    if kept is not None and (kept.seq, kept.head) == (journal.seq, journal.head):
        page = Page(kept.meeting, journal, now or timezone.now(), kept.sheets)
        due = min(sheet.due() for sheet in page.every_sheet())
        if due > page.now:
            after(page)
            shelf.put(kept)
            return
    if kept is not None:
        shelf.put(kept)
    with record(meeting, now=now, after=after):
        pass


def read(meeting: Meeting, *, now: datetime | None = None) -> Page:
    """Return a page to look at, not to write on: every sheet as it is at one seq."""
    # The page goes out of our hands, so its sheets are not shared with anybody.
    with glance(meeting, now=now, keep=False) as page:
        return page


@contextmanager
def glance(meeting: Meeting, *, now: datetime | None = None, keep: bool = True) -> Iterator[Page]:
    """Look at a meeting: every sheet as it is at one seq, without the lock.

    What fell due is written down first, so that no two screens differ at one seq. Sheets and
    prints are kept for the next who looks; `page.prints` is theirs to fill.
    """
    for _attempt in range(20):
        journal = Journal.objects.get(pk=meeting.journal_id)
        kept = still_good(looking.take(meeting.pk) if keep else None, journal)
        if kept is None:
            fresh = Meeting.objects.select_related("assembly").get(pk=meeting.pk)
            kept = Kept(journal.seq, journal.head, fresh, {})
        kept.seq, kept.head = journal.seq, journal.head
        page = Page(kept.meeting, journal, now or timezone.now(), kept.sheets)
        page.prints = kept.prints
        due = min(sheet.due() for sheet in page.every_sheet())
        if Journal.objects.get(pk=journal.pk).seq != journal.seq:
            continue
        if due > page.now:
            yield page
            if keep:
                looking.put(kept)
            return
        with record(meeting, now=now):
            pass
    raise RuntimeError("The meeting changes faster than it can be read.")
