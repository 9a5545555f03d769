"""One hub per process: taps come in by the handful, frames go out to every socket of an audience.

A room is a meeting seen live. Its loop takes everything that waits, has the desk do it in a
thread, answers after the commit, and hands one and the same frame to all. Truth is the database:
what this process does not hear of, it finds by looking at the journal every second.
"""

import asyncio
import json
import logging
import random
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from channels.layers import get_channel_layer
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from assemblies.acts.declaring import Act, Answer
from assemblies.acts.perform import perform
from assemblies.door.journal import journal_advanced
from assemblies.entrance.access import Place
from assemblies.live.desk import Desk, Job, Outcome, Seat, Shown, at_work
from assemblies.live.limits import Bucket, Buckets
from assemblies.models import Installation, Meeting
from assemblies.rules.errors import Refused

log = logging.getLogger(__name__)
Send = Callable[[dict[str, Any]], Awaitable[None]]

HANDFUL = 500  # acts at once
GATHER = 0.004  # s, so that what arrives together goes through the door together
FRAME_EVERY = 0.1  # s, about ten frames a second and meeting
BEAT_EVERY = 5.0  # s
LOOK_EVERY = 1.0  # s
SESSIONS_EVERY = 30.0  # s
STALLED_AFTER = 10.0  # s without a send getting through
BACKLOG = 64 * 1024  # bytes that may wait for a slow phone before it is skipped
TEXT_AT_MOST = 4096  # bytes, ROOM.md 2
WAITING_AT_MOST = 64  # acts of one socket
SOCKETS_EACH = 5  # sockets of one person in a meeting
FLOOD, SIGNED_OUT, NO_PLACE, LET_GO = 4008, 4403, 4404, 4410
DOORBELL = "assembly.doorbell"


class Frame:
    """One text for many sockets: as an ASGI message, and as the bytes that go over the wire."""

    __slots__ = ("message", "raw")

    def __init__(self, text: str) -> None:
        self.message = {"type": "websocket.send", "text": text}
        payload = text.encode()
        # RFC 6455, 5.2: a final text frame from a server, not masked.
        size = len(payload)
        if size < 126:
            head = bytes((0x81, size))
        elif size < 65536:
            head = bytes((0x81, 126)) + size.to_bytes(2, "big")
        else:
            head = bytes((0x81, 127)) + size.to_bytes(8, "big")
        self.raw = head + payload


class Listener:
    """One socket: brings its acts, takes frames when it can, is let go when it cannot."""

    def __init__(
        self,
        room: "Room",
        place: Place,
        surface: str,
        language: str,
        send: Send,
        backlog: Callable[[], int] | None = None,
        put_out: Callable[[bytes], None] | None = None,
    ) -> None:
        self.room = room
        self.session = place.session
        # A screen on the wall shows nothing personal, whoever opened it.
        self.seat = Seat("" if surface == "wall" else place.actor, surface, language)
        self.inbound = Bucket(burst=60, rate=30)
        self.waiting = 0
        self.shown = -2  # -2: has not said hello; else the seq its screen shows
        self.owes_mine = False
        self._send = send
        self._backlog = backlog
        self._put_out = put_out
        self._busy_since = 0.0
        self._rest: asyncio.Task[None] | None = None
        self.gone = False

    def bring(self, text: str | None) -> None:
        """Take a message: parse, bound, queue; a refusal is answered, a flood ends it."""
        if not self.inbound.take(time.monotonic()):
            self.hang_up(FLOOD)
            return
        if text is None or len(text) > TEXT_AT_MOST or len(text.encode()) > TEXT_AT_MOST:
            code = "unknown" if text is None else "too_long"
            self.refuse(None, code, _("A message is a text of at most 4 kB."))
            return
        try:
            said = json.loads(text, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            self.refuse(None, "unknown", _("That message cannot be read."))
            return
        if isinstance(said, dict) and "hello" in said:
            self._hello(said)
            return
        self._act(said)

    def _hello(self, said: dict[str, Any]) -> None:
        seq, same = said.get("hello"), said.get("epoch") == self.room.hub.epoch
        known = isinstance(seq, int) and not isinstance(seq, bool) and same
        self.shown = max(-1, min(int(seq), self.room.shown.seq)) if known and seq else -1
        self.owes_mine = True
        self.room.catch_up(self)

    def _act(self, said: Any) -> None:
        name = said.get("id") if isinstance(said, dict) else None
        name = name if isinstance(name, str) else None
        if not self.seat.actor:
            self.refuse(name, "not_here", _("This screen only shows."))
            return
        if self.waiting >= WAITING_AT_MOST:
            self.hang_up(FLOOD)
            return
        try:
            paced = self.room.hub.paces.take(
                f"{self.room.meeting.pk}{self.seat.actor}", time.monotonic()
            )
            act = Act.read(said, actor=self.seat.actor, too_fast=not paced)
        except Refused as refusal:
            self.refuse(name, refusal.code, refusal.why)
            return
        self.waiting += 1
        self.room.bring(act, self._answered)

    def _answered(self, answer: Answer) -> None:
        self.waiting -= 1
        self.tell(json.dumps(answer.as_json(), ensure_ascii=False))

    def refuse(self, name: str | None, code: str, why: str) -> None:
        """Answer with a refusal."""
        self.tell(json.dumps({"refused": name, "code": code, "why": why}, ensure_ascii=False))

    # --- going out

    def ready(self) -> bool:
        """Say whether a frame can go out now; one that cannot is not queued for."""
        if self.gone:
            return False
        if self._rest is not None:
            return False
        if self._backlog is not None and self._backlog() > BACKLOG:
            self._busy_since = self._busy_since or time.monotonic()
            return False
        self._busy_since = 0.0
        return True

    def stalled(self) -> bool:
        """Say whether nothing has got through for too long."""
        return bool(self._busy_since) and time.monotonic() - self._busy_since > STALLED_AFTER

    def tell(self, text: str) -> None:
        """Send a text now if the socket takes it; a stalled one is let go, never queued for."""
        self.share(Frame(text))

    def share(self, frame: "Frame") -> None:
        """Send what everybody of an audience gets: the same bytes, where the server takes them."""
        if self._put_out is not None and not self.gone:
            self._put_out(frame.raw)
        else:
            self.give(frame.message)

    def give(self, message: dict[str, Any]) -> None:
        """Send a message without waiting for it.

        The send is started at once, without a task of its own; only where the server makes us
        wait (flow control) does the rest of it become a task.
        """
        if self.gone:
            return
        if self._rest is not None:
            if self._busy_since and time.monotonic() - self._busy_since > STALLED_AFTER:
                self.hang_up(LET_GO)
            # What it missed it gets as the newest state, once it can take it.
            self.shown = min(self.shown, -1)
            self.owes_mine = True
            return
        sending = self._send(message)
        assert isinstance(sending, Coroutine)  # noqa: S101 - ASGI's send is a coroutine function
        try:
            waits_on = sending.send(None)
        except StopIteration:
            return
        except Exception:
            self._lost()
            return
        self._busy_since = time.monotonic()
        self._rest = asyncio.ensure_future(_rest_of(sending, waits_on))
        self._rest.add_done_callback(self._drained)

    def _drained(self, rest: "asyncio.Future[None]") -> None:
        self._rest, self._busy_since = None, 0.0
        if rest.cancelled() or rest.exception() is not None:
            self._lost()
        elif self.shown < self.room.shown.seq and self.shown != -2:
            self.room.catch_up(self)

    def _lost(self) -> None:
        self.gone = True
        self.room.leave(self)

    def hang_up(self, code: int) -> None:
        """Close the socket; it comes back and gets the newest state."""
        if self.gone:
            return
        self.gone = True
        self.room.leave(self)
        if self._rest is not None:
            self._rest.cancel()
        self._closing = asyncio.ensure_future(_quietly(self._send, code))


async def _quietly(send: Send, code: int) -> None:
    try:
        await asyncio.wait_for(_close(send, code), 5)
    except Exception:
        log.debug("A socket was gone before it could be closed")


async def _close(send: Send, code: int) -> None:
    await send({"type": "websocket.close", "code": code})


async def _rest_of(sending: Coroutine[Any, Any, None], waits_on: Any) -> None:
    """Go on with a send that was started outside of a task, as a task would."""
    while True:
        if waits_on is None:
            await asyncio.sleep(0)
        else:
            waits_on._asyncio_future_blocking = False
            await asyncio.wait([waits_on])
        try:
            waits_on = sending.send(None)
        except StopIteration:
            return


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


class Room:
    """A meeting seen live in this process."""

    def __init__(self, hub: "Hub", meeting: Meeting) -> None:
        self.hub = hub
        self.meeting = meeting
        self.listeners: set[Listener] = set()
        self.seats: set[Seat] = set()
        self.desk = Desk(meeting, self.seats)
        # What screens show; taken over from the desk between two jobs, never during one.
        self.shown = Shown()
        self._waiting: list[tuple[Act, Callable[[Answer], None]]] = []
        self._newcomers: list[Listener] = []
        self._wake = asyncio.Event()
        self._rung = False
        self._by_seat: dict[Seat, Listener] = {}
        self._by_actor: dict[str, list[Listener]] = {}  # in the order of coming
        self._next_frame = self._next_look = self._next_beat = 0.0
        self._owed = False
        self._shown_before = -1
        self._idle_since = time.monotonic()
        self.task = asyncio.ensure_future(self._run())

    # --- coming in

    def join(self, listener: Listener) -> bool:
        """Let a socket in; of one person's sockets only the newest few stay."""
        if actor := listener.seat.actor:
            own = self._by_actor.setdefault(actor, [])
            own.append(listener)
            if len(own) > SOCKETS_EACH:
                own[0].hang_up(LET_GO)
        self.listeners.add(listener)
        self.seats.add(listener.seat)
        self._by_seat[listener.seat] = listener
        self._newcomers.append(listener)
        self._wake.set()
        return True

    def leave(self, listener: Listener) -> None:
        """See a socket out."""
        listener.gone = True
        self.listeners.discard(listener)
        self.seats.discard(listener.seat)
        self._by_seat.pop(listener.seat, None)
        own = self._by_actor.get(listener.seat.actor, [])
        if listener in own:
            own.remove(listener)
            if not own:
                del self._by_actor[listener.seat.actor]

    def bring(self, act: Act, answered: Callable[[Answer], None]) -> None:
        """Put an act on the waiting list."""
        self._waiting.append((act, answered))
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
            job = Job([act for act, _ in taken], [one.seat for one in newcomers], show)
            out = await self.hub.in_thread(self.desk.work, job)
            for (_act, answered), answer in zip(taken, out.answers, strict=False):
                answered(answer)
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
        for seat, name in out.audiences.items():
            seat.audience = name
        for seat, text in out.mine:
            if listener := self._by_seat.get(seat):
                if listener.shown == -2:
                    listener.owes_mine = True
                else:
                    listener.tell(text)
        moved = {id(seat) for seat in out.moved}
        began = time.monotonic()
        if show:
            self._owed = False
            await self._fan_out(out, moved)
        else:
            self._owed = out.seq != self.shown.seq
        for one in newcomers:
            self.catch_up(one)
        for seat in out.moved:
            if listener := self._by_seat.get(seat):
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
            if listener.shown in (-2, self.shown.seq) or id(listener.seat) in moved:
                continue
            frame = frames.get(listener.seat.audience)
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
        admitted = listener.seat.audience and self.shown.seq >= 0
        if listener.shown == -2 or not admitted or not listener.ready():
            return
        if listener.owes_mine and listener.seat.mine:
            listener.owes_mine = False
            listener.tell(listener.seat.mine)
        now_ms = int(time.time() * 1000)
        text = self.shown.frame_since(listener.seat.audience, listener.shown, now_ms)
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


class Hub:
    """All rooms of this process."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self.epoch = ""
        self.rooms: dict[Any, Room] = {}
        # Ten at once, two a second: more than a person taps, less than a script sends.
        self.paces = Buckets(burst=10, rate=2)
        self._threads: ThreadPoolExecutor | None = None
        self._chores: set[asyncio.Task[Any]] = set()
        self._rings: dict[Any, int] = {}
        self._me = f"{random.getrandbits(64):x}"

    def start(self) -> None:
        """Take the running event loop as ours; starting twice is starting once."""
        loop = asyncio.get_running_loop()
        if self.loop is loop:
            return
        # Five milliseconds (the default) is long for a loop that shares the lock with a desk.
        sys.setswitchinterval(0.001)
        self.loop, self.rooms, self.epoch = loop, {}, ""
        self._threads = ThreadPoolExecutor(6, thread_name_prefix="desk")
        self._chore(self._watch_sessions())
        if settings.REDIS_URL:
            self._chore(self._listen())

    def _chore(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.ensure_future(work)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

    async def in_thread(self, work: Callable[..., Any], *args: Any) -> Any:
        """Run something that uses the database in one of the hub's own threads."""
        assert self.loop is not None  # noqa: S101 - the hub was started
        return await self.loop.run_in_executor(self._threads, work, *args)

    def room(self, meeting: Meeting) -> Room:
        """Return the room of a meeting, opening it if need be."""
        room = self.rooms.get(meeting.pk)
        if room is None:
            room = self.rooms[meeting.pk] = Room(self, meeting)
        return room

    def closed(self, room: Room) -> None:
        """Forget a room that nobody is in, or that broke."""
        if self.rooms.get(room.meeting.pk) is room:
            del self.rooms[room.meeting.pk]
        for listener in tuple(room.listeners):
            listener.hang_up(LET_GO)

    async def join(
        self,
        place: Place,
        *,
        surface: str,
        language: str,
        send: Send,
        backlog: Callable[[], int] | None = None,
        put_out: Callable[[bytes], None] | None = None,
    ) -> Listener:
        """Let a socket into the room of its meeting."""
        if not self.epoch:
            self.epoch = await self.in_thread(_epoch)
        room = self.room(place.meeting)
        listener = Listener(room, place, surface, language, send, backlog, put_out)
        room.join(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        """See a socket out."""
        listener.room.leave(listener)

    # --- acts that come by post, from a thread

    def perform(self, meeting: Meeting, act: Act) -> Answer:
        """Have an act done by the same waiting list as the socket's; call it from a thread."""
        loop = self.loop
        if loop is None or not loop.is_running():
            return perform(meeting, [act])[0]
        try:
            return asyncio.run_coroutine_threadsafe(self._performed(meeting, act), loop).result(30)
        except TimeoutError:
            return Answer(act.id, code="not_saved", why=_("Not saved yet. Please try again."))

    async def _performed(self, meeting: Meeting, act: Act) -> Answer:
        done: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

        def answered(answer: Answer) -> None:
            if not done.done():
                done.set_result(answer)

        self.room(meeting).bring(act, answered)
        return await done

    def fast(self, meeting: Meeting, actor: str) -> bool:
        """Say whether somebody acts too fast (posts; sockets count in the same bucket)."""
        return not self.paces.take(f"{meeting.pk}{actor}", time.monotonic())

    # --- the doorbell

    def ring_others(self, meeting: Meeting, seq: int) -> None:
        """Tell the other processes that a meeting has gone on; may be lost, the look finds it."""
        if settings.REDIS_URL:
            ringing = meeting.pk in self._rings
            self._rings[meeting.pk] = seq
            if not ringing:
                self._chore(self._ring(meeting.pk))

    async def _ring(self, meeting: Any) -> None:
        try:
            message = {"type": "rang", "meeting": str(meeting), "from": self._me}
            await asyncio.wait_for(get_channel_layer().group_send(DOORBELL, message), 2)
        except Exception:
            log.warning("The doorbell is away; other processes look by themselves")
            await asyncio.sleep(1)
        finally:
            self._rings.pop(meeting, None)

    async def _listen(self) -> None:
        while True:
            try:
                layer = get_channel_layer()
                channel = await layer.new_channel()
                await layer.group_add(DOORBELL, channel)
                while True:
                    said = await layer.receive(channel)
                    if said.get("from") != self._me:
                        self._rang(said)
            except asyncio.CancelledError:
                raise
            except Exception:
                log.warning("The doorbell cannot be heard; trying again")
                await asyncio.sleep(1)

    def _rang(self, said: dict[str, Any]) -> None:
        if gone := said.get("signed_out"):
            self._hang_up_sessions({gone})
        for pk, room in self.rooms.items():
            if str(pk) == said.get("meeting"):
                room.ring()

    def advanced(self, meeting: Meeting, seq: int) -> None:
        """Hear that something outside a desk has written (a page, a task); from any thread.

        A desk knows what it writes itself, but not what its acts write in other meetings, nor what
        followed in its own after it had looked.
        """
        loop, desk = self.loop, getattr(at_work, "desk", None)
        if loop is None or not loop.is_running() or (desk is not None and desk.knows(meeting, seq)):
            return
        loop.call_soon_threadsafe(self._advanced, meeting, seq)

    def _advanced(self, meeting: Meeting, seq: int) -> None:
        if room := self.rooms.get(meeting.pk):
            room.ring()
        self.ring_others(meeting, seq)

    # --- sessions that ended

    def signed_out(self, session: str) -> None:
        """Close every socket of a session that ended; call it from a thread."""
        loop = self.loop
        if loop is not None and loop.is_running():
            loop.call_soon_threadsafe(self._hang_up_sessions, {session})
            if settings.REDIS_URL:
                asyncio.run_coroutine_threadsafe(self._tell_signed_out(session), loop)

    async def _tell_signed_out(self, session: str) -> None:
        try:
            message = {"type": "rang", "signed_out": session, "from": self._me}
            await asyncio.wait_for(get_channel_layer().group_send(DOORBELL, message), 2)
        except Exception:
            log.warning("The doorbell is away; other processes notice the sign-out within 30 s")

    def _hang_up_sessions(self, sessions: set[str]) -> None:
        for room in list(self.rooms.values()):
            for listener in tuple(room.listeners):
                if listener.session in sessions:
                    listener.hang_up(SIGNED_OUT)

    async def _watch_sessions(self) -> None:
        """Every half minute, let go of sockets whose session has ended (a lost notice)."""
        while True:
            await asyncio.sleep(SESSIONS_EVERY)
            there = {
                listener.session
                for room in self.rooms.values()
                for listener in room.listeners
                if listener.session
            }
            if not there:
                continue
            try:
                self._hang_up_sessions(there - await self.in_thread(_live_sessions, there))
                self.epoch = await self.in_thread(_epoch)
            except Exception:
                log.warning("Sessions could not be looked up; trying again")


def _live_sessions(keys: set[str]) -> set[str]:
    found: set[str] = set()
    asked = sorted(keys)
    for start in range(0, len(asked), 500):
        rows = Session.objects.filter(
            session_key__in=asked[start : start + 500], expire_date__gt=timezone.now()
        )
        found |= set(rows.values_list("session_key", flat=True))
    return found


def _epoch() -> str:
    try:
        return str(Installation.here().epoch)
    except Exception:
        connection.close()
        raise


hub = Hub()


@receiver(journal_advanced)
def hear(sender: Any, meeting: Meeting, seq: int, **more: Any) -> None:
    """Have the hub look at a meeting that has gone on."""
    hub.advanced(meeting, seq)
