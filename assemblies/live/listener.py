"""A listener: one socket in a room. It brings acts, and takes frames as fast as it can read them.

A socket that does not keep up is not queued for: it gets the newest state once it can take it, or
it is closed and comes back.
"""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from assemblies.acts.declaring import Act, Answer
from assemblies.entrance.access import Place
from assemblies.live.desk import Screen
from assemblies.live.frame import Frame
from assemblies.live.limits import Bucket
from assemblies.rules.errors import Refused

if TYPE_CHECKING:
    from assemblies.live.room import Room

log = logging.getLogger(__name__)
Send = Callable[[dict[str, Any]], Awaitable[None]]

STALLED_AFTER = 10.0  # s without a send getting through
BACKLOG = 64 * 1024  # bytes that may wait for a slow phone before it is skipped
TEXT_AT_MOST = 4096  # bytes, ROOM.md 2
WAITING_AT_MOST = 64  # acts of one socket
FLOOD, SIGNED_OUT, NO_PLACE, LET_GO = 4008, 4403, 4404, 4410  # close codes


class Listener:
    """One socket: it brings acts, takes frames when it can, and is closed when it cannot."""

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
        self.screen = Screen("" if surface == "wall" else place.actor, surface, language)
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
        if not self.screen.actor:
            self.refuse(name, "not_here", _("This screen only shows."))
            return
        if self.waiting >= WAITING_AT_MOST:
            self.hang_up(FLOOD)
            return
        try:
            paced = self.room.hub.paces.take(
                f"{self.room.meeting.pk}{self.screen.actor}", time.monotonic()
            )
            act = Act.read(said, actor=self.screen.actor, too_fast=not paced)
        except Refused as refusal:
            self.refuse(name, refusal.code, refusal.why)
            return
        self.waiting += 1
        self.room.bring(act, self._send_answer)

    def _send_answer(self, answer: Answer) -> None:
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
        """Send a frame, as ready bytes where the server takes them."""
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
