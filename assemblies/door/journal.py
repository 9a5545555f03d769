"""The door: a meeting changes only inside `with record(meeting) as page`.

One lock, one transaction, any number of acts. The page is the unit of work: it hands out the
sheets (the roll, the agenda, the floor ...) as they stand, keeps what changes, and writes rows and
entries in bulk when it closes - both, or neither.

Sheets are kept between handfuls. They are good as long as the journal is where it was when they
were put away, which is checked under the lock: every change has an entry, so every change moves
`seq`. What another process wrote drops just the sheets its entries touch.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from assemblies.door.house import house
from assemblies.door.kinds import EVERYTHING
from assemblies.door.page import Page
from assemblies.door.shelf import Kept, looking, shelf
from assemblies.models import Entry, Journal, Meeting

# Sent after the commit: a meeting has gone on. The only signal of the project.
journal_advanced = Signal()
log = logging.getLogger(__name__)


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
    touched = house().touched_by({kind for seq, kind, _head in since if seq > kept.seq})
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
