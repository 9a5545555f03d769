"""A room: one meeting seen live in this process.

Its loop takes everything that waits, has the desk do it in a thread, answers after the commit, and
hands the same frame to every socket of an audience. The truth is the database: what this process
does not hear of, it finds by looking at the journal every second.
"""

import asyncio
import json
import logging
import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils import timezone

from assemblies.acts.declaring import Act, Answer
from assemblies.live.desk import Desk, Job, Outcome, Screen, Shown
from assemblies.live.frame import Frame
from assemblies.live.listener import LET_GO, Listener
from assemblies.models import Meeting

if TYPE_CHECKING:
    from assemblies.live.hub import Hub

log = logging.getLogger(__name__)

HANDFUL = 500  # acts at once
GATHER = 0.004  # s, so that what arrives together goes through the door together
FRAME_EVERY = 0.1  # s, about ten frames a second and meeting
BEAT_EVERY = 5.0  # s
LOOK_EVERY = 1.0  # s
SOCKETS_EACH = 5  # sockets of one person in a meeting


class Room:
    """A meeting seen live in this process."""

    def __init__(self, hub: "Hub", meeting: Meeting) -> None:
        self.hub = hub
        self.meeting = meeting
        self.listeners: set[Listener] = set()
        self.screens: set[Screen] = set()
        self.desk = Desk(meeting, self.screens)
        # What screens show; taken over from the desk between two jobs, never during one.
        self.shown = Shown()
        self._waiting: list[tuple[Act, Callable[[Answer], None]]] = []
        self._newcomers: list[Listener] = []
        self._wake = asyncio.Event()
        self._rung = False
        self._by_screen: dict[Screen, Listener] = {}
        self._by_actor: dict[str, list[Listener]] = {}  # in the order of coming
        self._next_frame = self._next_look = self._next_beat = 0.0
        self._owed = False
        self._shown_before = -1
        self._idle_since = time.monotonic()
        self.task = asyncio.ensure_future(self._run())

    # --- coming in

    def join(self, listener: Listener) -> bool:
        """Let a socket in; of one person's sockets only the newest few stay."""
        if actor := listener.screen.actor:
            own = self._by_actor.setdefault(actor, [])
            own.append(listener)
            if len(own) > SOCKETS_EACH:
                own[0].hang_up(LET_GO)
        self.listeners.add(listener)
        self.screens.add(listener.screen)
        self._by_screen[listener.screen] = listener
        self._newcomers.append(listener)
        self._wake.set()
        return True

    def leave(self, listener: Listener) -> None:
        """See a socket out."""
        listener.gone = True
        self.listeners.discard(listener)
        self.screens.discard(listener.screen)
        self._by_screen.pop(listener.screen, None)
        own = self._by_actor.get(listener.screen.actor, [])
        if listener in own:
            own.remove(listener)
            if not own:
                del self._by_actor[listener.screen.actor]

    def bring(self, act: Act, take_answer: Callable[[Answer], None]) -> None:
        """Put an act on the waiting list."""
        self._waiting.append((act, take_answer))
        self._wake.set()

    def ring(self) -> None:
        """Have somebody look: another process wrote into the journal."""
        self._rung = True
        self._wake.set()

    # --- the loop

    async def _run(self) -> None:
        try:
            while not self._deserted():
                await self._rest()
                self._wake.clear()
                if self._waiting:
                    await asyncio.sleep(GATHER)
                await self._turn()
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("The room of meeting %s broke; it is opened anew", self.meeting.key)
        finally:
            self.hub.closed(self)

    def _deserted(self) -> bool:
        if self.listeners or self._waiting:
            self._idle_since = time.monotonic()
        return time.monotonic() - self._idle_since > 10

    async def _rest(self) -> None:
        """Wait until there is something to do."""
        if self._waiting or self._rung:
            return
        now = time.monotonic()
        until = min(self._next_look, self._next_beat)
        if self._owed or self._newcomers:
            until = min(until, self._next_frame)
        due = (self.desk.due - timezone.now()).total_seconds()
        pause = max(0.0, min(until - now, max(due, 0.005)))
        try:
            await asyncio.wait_for(self._wake.wait(), pause)
        except TimeoutError:
            return

    async def _turn(self) -> None:
        """Take what waits to the desk, and bring out what comes of it."""
        now = time.monotonic()
        taken, self._waiting = self._waiting[:HANDFUL], self._waiting[HANDFUL:]
        show, newcomers = now >= self._next_frame, []
        if show:
            newcomers, self._newcomers = self._newcomers, []
        looks = (
            bool(newcomers)
            or self._rung
            or (self._owed and show)
            or self.desk.due <= timezone.now()
        )
        if not taken and not looks and now >= self._next_look:
            self._next_look = now + LOOK_EVERY * random.uniform(0.8, 1.2)
            looks = await self.hub.in_thread(self.desk.behind)
        if taken or looks:
            self._rung = False
            job = Job([act for act, _ in taken], [one.screen for one in newcomers], show)
            out = await self.hub.in_thread(self.desk.work, job)
            for (_act, take_answer), answer in zip(taken, out.answers, strict=False):
                take_answer(answer)
            if out.wrote:
                self.hub.ring_others(self.meeting, out.seq)
            await self._deliver(out, newcomers, show)
        if now >= self._next_beat:
            self._next_beat = now + BEAT_EVERY
            self._beat()

    async def _deliver(self, out: Outcome, newcomers: list[Listener], show: bool) -> None:
        if out.failed:
            self._rung = True
            self._newcomers += [one for one in newcomers if not one.gone]
            await asyncio.sleep(0.5)
            return
        self.shown = out.shown
        for screen, name in out.audiences.items():
            screen.audience = name
        for screen, text in out.mine:
            if listener := self._by_screen.get(screen):
                if listener.shown == -2:
                    listener.owes_mine = True
                else:
                    listener.tell(text)
        moved = {id(screen) for screen in out.moved}
        began = time.monotonic()
        if show:
            self._owed = False
            await self._fan_out(out, moved)
        else:
            self._owed = out.seq != self.shown.seq
        for one in newcomers:
            self.catch_up(one)
        for screen in out.moved:
            if listener := self._by_screen.get(screen):
                listener.shown = min(listener.shown, -1)
                self.catch_up(listener)
        if any(out.frames.values()):
            took = time.monotonic() - began
            self._next_frame = time.monotonic() + max(FRAME_EVERY - took, took)

    async def _fan_out(self, out: Outcome, moved: set[int]) -> None:
        """Hand the same frame to every socket of an audience that is up to date and can take it."""
        frames = {name: Frame(text) if text else None for name, text in out.frames.items()}
        if not frames:
            return
        before, self._shown_before = self._shown_before, self.shown.seq
        for number, listener in enumerate(tuple(self.listeners), start=1):
            if listener.shown in (-2, self.shown.seq) or id(listener.screen) in moved:
                continue
            frame = frames.get(listener.screen.audience)
            if frame is None:
                if listener.shown >= max(before, 0):
                    listener.shown = self.shown.seq
                continue
            if not listener.ready():
                if listener.stalled():
                    listener.hang_up(LET_GO)
                continue
            if listener.shown < max(before, 0):
                self.catch_up(listener)
            else:
                listener.shown = self.shown.seq
                listener.share(frame)
            if number % 100 == 0:
                await asyncio.sleep(0)

    def catch_up(self, listener: Listener) -> None:
        """Bring one socket up to date, whatever it missed."""
        admitted = listener.screen.audience and self.shown.seq >= 0
        if listener.shown == -2 or not admitted or not listener.ready():
            return
        if listener.owes_mine and listener.screen.mine:
            listener.owes_mine = False
            listener.tell(listener.screen.mine)
        now_ms = int(time.time() * 1000)
        text = self.shown.frame_since(listener.screen.audience, listener.shown, now_ms)
        listener.shown = self.shown.seq
        listener.tell(text)

    def _beat(self) -> None:
        if self.shown.seq < 0:
            return
        beat = {
            "epoch": self.hub.epoch,
            "seq": self.shown.seq,
            "head": self.shown.head,
        }
        frame = Frame(json.dumps({"beat": beat}))
        for listener in tuple(self.listeners):
            if listener.ready():
                if -1 <= listener.shown < self._shown_before:
                    self.catch_up(listener)
                listener.share(frame)
            elif listener.stalled():
                listener.hang_up(LET_GO)
