"""The desk of a room: it does a handful of acts, then prints what changed, in a thread.

The hub hands over what came in (acts, people who joined) and gets back what goes out (answers,
one frame for each audience, personal messages). One desk works for one meeting, one job at a
time, so nothing here needs a lock.
"""

import json
import logging
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import translation

from assemblies.acts.declaring import Act, Answer
from assemblies.acts.perform import perform
from assemblies.door.house import house
from assemblies.door.journal import look
from assemblies.door.kinds import EVERYTHING
from assemblies.door.page import NEVER, Page
from assemblies.live.printing import (
    FACILITATOR,
    MEMBER,
    OBSERVER,
    PROJECTOR,
    audience,
    print_panels,
)
from assemblies.models import Entry, Journal, Meeting
from assemblies.sheets import Roll

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Screen:
    """A connected screen: whose it is, its surface and language, audience, personal part."""

    actor: str
    surface: str
    language: str
    audience: str = ""
    mine: str = ""


@dataclass(slots=True)
class Job:
    """One piece of work for the desk: acts to do, screens to admit, and whether to print."""

    acts: Sequence[Act] = ()
    newcomers: Sequence[Screen] = ()  # only where show is true
    show: bool = True


@dataclass(frozen=True, slots=True)
class Shown:
    """The prints of all audiences at one seq. It never changes: the next printing makes another."""

    seq: int = -1
    head: str = ""
    prints: dict[str, dict[str, str]] = field(default_factory=dict)
    changed_at: dict[str, dict[str, int]] = field(default_factory=dict)

    def frame_since(self, audience: str, seq: int, now_ms: int) -> str:
        """Return the frame that brings a screen up to date which shows `seq` (-1: nothing)."""
        newer = self.changed_at.get(audience, {})
        panels = {
            key: html
            for key, html in self.prints.get(audience, {}).items()
            if newer.get(key, 0) > seq or seq < 0
        }
        return json.dumps({"seq": self.seq, "at": now_ms, "panels": panels}, ensure_ascii=False)


@dataclass(slots=True)
class Outcome:
    """The result of a job: answers, frames by audience, personal messages, screens that moved.

    A frame that is "" says that nothing of that audience differs. The hub's loop takes `shown`
    and `audiences` over when the job is done; while the desk works it sees nothing half done.
    """

    shown: Shown = field(default_factory=Shown)
    audiences: dict[Screen, str] = field(default_factory=dict)

    answers: list[Answer] = field(default_factory=list)
    frames: dict[str, str] = field(default_factory=dict)
    mine: list[tuple[Screen, str]] = field(default_factory=list)
    moved: list[Screen] = field(default_factory=list)
    seq: int = 0
    wrote: bool = False
    failed: bool = False


# The thread of a desk at work: what it writes in its own meeting, its room knows of.
at_work = threading.local()


class Desk:
    """The one who does the work of a meeting in this process, one job at a time."""

    def __init__(self, meeting: Meeting, screens: "set[Screen]") -> None:
        self.meeting = meeting
        self.screens = screens
        self.seq = -1
        self.head = ""
        self.due = NEVER
        # Frames go out ten times a second, handfuls more often: this may be behind seq.
        self.shown = Shown()
        self._touched: frozenset[str] = EVERYTHING
        self._concerned: set[str] = set()
        self._everyone = True
        self._looked = -1
        self._seen = False

    def work(self, job: Job) -> Outcome:
        """Do a job; never raises, so that a room survives a database that is away."""
        out = Outcome()
        at_work.desk = self
        try:
            self._job, self._out, self._seen = job, out, False
            if job.acts:
                out.answers = perform(self.meeting, job.acts, after=self._see)
                if all(answer.code == "not_saved" for answer in out.answers):
                    out.failed = True
                    connection.close()
            else:
                look(self.meeting, self._see)
        except Exception:
            log.exception("The desk of meeting %s could not look", self.meeting.key)
            out.failed = True
            connection.close()
        finally:
            at_work.desk = None
        out.failed = out.failed or not self._seen
        out.shown = self.shown
        out.seq = self.seq
        return out

    def knows(self, meeting: Meeting, seq: int) -> bool:
        """Say whether this desk, at work now, sees by itself that a meeting has gone on."""
        return meeting.pk == self.meeting.pk and not (self._seen and seq > self.seq)

    def behind(self) -> bool:
        """Say whether the journal has gone on without this desk (another process, a timer)."""
        try:
            row = Journal.objects.filter(pk=self.meeting.journal_id).values_list("seq", "head")
            return row.first() != (self.seq, self.head)
        except Exception:
            log.warning("The journal of meeting %s cannot be read", self.meeting.key)
            connection.close()
            return False

    def _see(self, page: Page) -> None:
        """Note the changes, and print them if a frame may go out."""
        self._gather(page)
        self.meeting = page.meeting
        self.seq, self.head = page.journal.seq, page.journal.head
        self.due = min(sheet.due() for sheet in page.every_sheet())
        self._out.wrote = bool(page.entries)
        if self._job.show:
            self._show(page)
        self._tell(page)
        self._seen = True

    def _gather(self, page: Page) -> None:
        """Add the changes that the journal holds since this desk last looked."""
        if self._looked == page.journal.seq - len(page.entries):
            touched, concerned = frozenset(page.touched), page.concerned
        elif self._looked < 0:
            touched, concerned = EVERYTHING, set()
            self._everyone = True
        else:
            rows = Entry.objects.filter(journal=page.journal, seq__gt=self._looked)
            kinds = set(rows.values_list("kind", flat=True).distinct())
            touched, concerned = house().touched_by(kinds), set()
            self._everyone = True
        self._looked = page.journal.seq
        self._concerned |= concerned
        if EVERYTHING in (touched, self._touched) or "*" in touched:
            self._touched = EVERYTHING
        else:
            self._touched |= touched

    def _admit(self, page: Page, newcomers: Iterable[Screen]) -> None:
        """Give each newcomer an audience, and print for audiences that nobody had yet."""
        for screen in newcomers:
            name = self._out.audiences[screen] = self._audience(page, screen)
            if name not in self._prints:
                self._prints[name] = print_panels(page, name)
                self._changed_at[name] = dict.fromkeys(self._prints[name], page.journal.seq)
            self._concerned.add(screen.actor)

    def _audience(self, page: Page, screen: Screen) -> str:
        """Return the audience of a screen: what its surface asks for, as far as its roles allow."""
        roll = page.sheet(Roll)
        person = roll.find(screen.actor) if screen.actor else None
        if screen.surface == "wall" or person is None:
            kind = PROJECTOR
        elif screen.surface == "console" and person.present and roll.roles_of(person):
            kind = FACILITATOR
        else:
            kind = MEMBER if roll.counts(person) else OBSERVER
        return audience(kind, screen.language)

    def _show(self, page: Page) -> None:
        """Print the touched panels once for each audience; make a frame of those that differ."""
        self._prints = dict(self.shown.prints)
        self._changed_at = dict(self.shown.changed_at)
        self._admit(page, self._job.newcomers)
        touched, self._touched = self._touched, frozenset()
        if "roll" in touched or touched == EVERYTHING:
            self._admit_again(page)
        in_use = {
            self._out.audiences.get(screen, screen.audience) for screen in tuple(self.screens)
        }
        at = int(page.now.timestamp() * 1000)
        for name in list(self._prints):
            if name not in in_use:
                del self._prints[name], self._changed_at[name]
            elif touched:
                self._out.frames[name] = self._print(page, name, touched, at)
        self.shown = Shown(page.journal.seq, page.journal.head, self._prints, self._changed_at)

    def _print(self, page: Page, name: str, touched: frozenset[str], at: int) -> str:
        """Print the touched panels for one audience; return a frame of those that differ, or ""."""
        before = self._prints[name]
        changed = {
            key: html
            for key, html in print_panels(page, name, touched).items()
            if before.get(key) != html
        }
        if not changed:
            return ""
        self._prints[name] = {**before, **changed}
        now = dict.fromkeys(changed, page.journal.seq)
        self._changed_at[name] = {**self._changed_at[name], **now}
        frame = {"seq": page.journal.seq, "at": at, "panels": changed}
        return json.dumps(frame, ensure_ascii=False)

    def _admit_again(self, page: Page) -> None:
        """Give everybody the audience that their roles allow now."""
        moved = [
            screen
            for screen in tuple(self.screens)
            if screen.audience and screen.audience != self._audience(page, screen)
        ]
        self._admit(page, moved)
        self._out.moved = moved

    def _tell(self, page: Page) -> None:
        """Compute the personal messages of those concerned; only what differs goes out."""
        concerned, everyone = self._concerned, self._everyone
        self._concerned, self._everyone = set(), False
        if not concerned and not everyone:
            return
        told: dict[tuple[str, str], str] = {}
        for screen in tuple(self.screens):
            known = screen.audience or screen in self._out.audiences
            if not screen.actor or not known or not (everyone or screen.actor in concerned):
                continue
            key = screen.actor, screen.language
            if key not in told:
                told[key] = personal(page, screen.actor, screen.language)
            if told[key] and told[key] != screen.mine:
                screen.mine = told[key]
                self._out.mine.append((screen, told[key]))


def mine_of(page: Page, actor: str) -> dict[str, Any] | None:
    """Return the personal part of somebody's screen: their hands, signals, roles, undo."""
    person = page.sheet(Roll).find(actor)
    if person is None:
        return None
    mine: dict[str, Any] = {}
    for part in house().mine:
        mine |= part(page, person)
    return mine


def personal(page: Page, actor: str, language: str) -> str:
    """Return a personal message as it travels, or "" where there is nobody."""
    with translation.override(language):
        mine = mine_of(page, actor)
    return json.dumps({"mine": mine}, ensure_ascii=False) if mine is not None else ""
