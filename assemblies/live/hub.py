"""The hub: all rooms of one process, and what they share.

It opens a room where somebody comes to a meeting, takes acts that come by post, rings the other
processes when a meeting has gone on, and closes the sockets of sessions that ended.
"""

import asyncio
import logging
import random
import sys
import time
from collections.abc import Callable, Coroutine
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
from assemblies.live.desk import at_work
from assemblies.live.limits import Buckets
from assemblies.live.listener import LET_GO, SIGNED_OUT, Listener, Send
from assemblies.live.room import Room
from assemblies.models import Installation, Meeting

log = logging.getLogger(__name__)

SESSIONS_EVERY = 30.0  # s
DOORBELL = "assembly.doorbell"  # the channel layer's group that all processes listen to


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

        def take_answer(answer: Answer) -> None:
            """Hand the answer to who waits for it."""
            if not done.done():
                done.set_result(answer)

        self.room(meeting).bring(act, take_answer)
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
