"""A hall full of phones: raw sockets that act as told and note when they saw which frame."""

import asyncio
import json
import random
import time
import uuid
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bench.frames import CLOSE, END_OF_HEAD, PING, PONG, TEXT, handshake, masked, seq_of, split

SIGNALS = ("agree", "disagree")
READ_WHOLE = 100  # every so many phones reads whole frames, so that screens can be compared
AT_ONCE = 200  # sockets opened at a time
CONNECT_WITHIN = 5.0


@dataclass(slots=True)
class Tap:
    """One act that a phone sent, and what became of it."""

    phone: int
    what: bytes
    word: str  # the signal or the position
    sent: float
    answered: float = 0.0
    seq: int | None = None
    code: str = ""
    tries: int = 1
    counts: bool = True  # what closes a scenario (scenarios.drain, scenarios.close) does not

    @property
    def accepted(self) -> bool:
        """Whether the server said that it was done."""
        return self.seq is not None


@dataclass(slots=True)
class Place:
    """Whose phone it is: the key under which it acts, and the cookie it comes with."""

    actor: str
    cookie: str
    surface: str = ""
    # In a council: for which unit it speaks ("": looks on), and what it was told to say.
    voice: str = ""
    says: str = ""


class Phone(asyncio.Protocol):
    """One phone: says hello, taps when told to, answers pings, notes frames."""

    def __init__(self, hall: "Hall", number: int, seat: Place) -> None:
        self.hall = hall
        self.number = number
        self.seat = seat
        self.transport: asyncio.Transport | None = None
        self.opened = False
        self.rest = b""
        self.seq = -1
        self.seqs, self.times = array("q"), array("d")
        self.frames: list[bytes] = []
        self.mine: list[tuple[float, bytes]] = []  # its personal messages, where frames are kept
        self.bytes = 0
        self.shown = ""
        self.unanswered: dict[str, Tap] = {}
        self.whole: dict[str, str] | None = {} if number % READ_WHOLE == 7 else None
        self.attempts = 0

    # --- the socket

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a websocket."""
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.opened, self.rest = transport, False, b""
        host, port = transport.get_extra_info("peername")[:2]
        path = f"/ws/m/{self.hall.meeting}/"
        if self.seat.surface:
            path += f"?as={self.seat.surface}"
        transport.write(handshake(path, f"{host}:{port}", self.seat.cookie))

    def connection_lost(self, wrong: Exception | None) -> None:
        """Count a socket that the server dropped; a loyal phone comes back."""
        self.transport = None
        self.hall.lost(self, was_open=self.opened)
        self.opened = False

    def data_received(self, data: bytes) -> None:
        """Take whatever came: it is one frame nearly always."""
        now = time.monotonic()
        self.bytes += len(data)
        if self.rest:
            data = self.rest + data
        if not self.opened:
            data = self._upgrade(data)
            if not self.opened:
                self.rest = data
                return
        messages, self.rest = split(data)
        for opcode, text in messages:
            if opcode == TEXT:
                if text.startswith(b'{"seq"'):
                    self._frame(text, now)
                elif text.startswith((b'{"accepted"', b'{"refused"')):
                    self._answer(text, now)
                elif self.hall.kept is not None and text.startswith(b'{"mine"'):
                    self.mine.append((now, text))
                elif self.whole is not None and text.startswith(b'{"beat"'):
                    self.hall.epoch = json.loads(text)["beat"]["epoch"]
            elif opcode == PING and self.transport is not None:
                self.transport.write(masked(text, PONG))
            elif opcode == CLOSE:
                self.hall.closed_with(text)
                if self.transport is not None:
                    self.transport.close()

    def _upgrade(self, data: bytes) -> bytes:
        head, end, rest = data.partition(END_OF_HEAD)
        if not end:
            return data
        if b" 101 " not in head[:20]:
            self.hall.closed_with(head[9:12])
            if self.transport is not None:
                self.transport.abort()
            return b""
        self.opened, self.attempts = True, 0
        self.hello()
        return rest

    def hello(self) -> None:
        """Say which seq this screen shows; send again what nobody has answered."""
        if self.seq >= 0 and self.hall.epoch:
            self.say({"hello": self.seq, "epoch": self.hall.epoch})
        else:
            self.say({"hello": 0})
        for tap in self.unanswered.values():
            self.repeat(tap)

    def repeat(self, tap: Tap) -> None:
        """Send an act again, under the same id."""
        tap.tries += 1
        self.write(masked(tap.what))

    # --- what comes

    def _frame(self, text: bytes, now: float) -> None:
        seq = seq_of(text)
        self.seqs.append(seq)
        self.times.append(now)
        if seq > self.seq:
            self.seq = seq
        self.hall.frames += 1
        if self.hall.kept is not None:
            # One audience gets the same bytes: each is kept once for all phones.
            self.frames.append(self.hall.kept.setdefault(text, text))
        if self.whole is not None:
            self.whole |= json.loads(text)["panels"]

    def _answer(self, text: bytes, now: float) -> None:
        said = json.loads(text)
        name = said.get("accepted") or said.get("refused") or ""
        tap = self.unanswered.get(name)
        if tap is None:
            self.hall.unasked.append(said.get("code") or "accepted")
            return
        if self.hall.loyal and said.get("code") == "not_saved":
            asyncio.get_running_loop().call_later(1, self.repeat, tap)
            return
        del self.unanswered[name]
        tap.answered = now
        if "accepted" in said:
            tap.seq = said["seq"]
        else:
            tap.code = said["code"]

    # --- what goes

    def say(self, message: dict[str, object]) -> None:
        """Send a message."""
        self.write(masked(json.dumps(message).encode()))

    def write(self, frame: bytes) -> None:
        """Write a frame, if there is a socket."""
        if self.transport is not None and self.opened:
            self.transport.write(frame)

    def tap(self, signal: str = "", *, lower: bool = True) -> Tap:
        """Show a signal, or lower the one that is shown."""
        if self.shown and lower:
            do, signal, self.shown = "lower_signal", self.shown, ""
        else:
            do, signal = "show_signal", signal or self.hall.chance.choice(SIGNALS)
            self.shown = signal
        return self.act(do, "signal", signal)

    def act(self, do: str, argument: str = "", word: str = "") -> Tap:
        """Send an act with one argument, or with none."""
        name = str(uuid.UUID(int=self.hall.chance.getrandbits(128), version=4))
        said = {"do": do, argument: word, "id": name} if argument else {"do": do, "id": name}
        what = json.dumps(said).encode()
        tap = Tap(self.number, what, word, time.monotonic())
        self.hall.taps[name] = self.unanswered[name] = tap
        self.write(masked(what))
        return tap

    def seen(self) -> Iterable[tuple[int, float]]:
        """Yield what this phone saw: seq and time of each frame."""
        return zip(self.seqs, self.times, strict=True)


@dataclass(eq=False)
class Hall:
    """All phones of one meeting, in one process."""

    meeting: str
    addresses: Sequence[tuple[str, int]]
    seats: Sequence[Place]
    loyal: bool = False  # phones come back when they are dropped
    seed: int = 1
    phones: list[Phone] = field(default_factory=list)
    taps: dict[str, Tap] = field(default_factory=dict)
    frames: int = 0
    dropped: int = 0
    refused_in: int = 0
    codes: dict[str, int] = field(default_factory=dict)
    unasked: list[str] = field(default_factory=list)
    epoch: str = ""
    # Where every frame is kept, so that what stood on each screen can be read afterwards.
    kept: dict[bytes, bytes] | None = None

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.phones = [Phone(self, number, seat) for number, seat in enumerate(self.seats)]
        # A screen on the wall belongs to nobody and only shows.
        # In a council those answer who speak for a unit.
        with_voice = [phone for phone in self.phones if phone.seat.voice]
        acting = [phone for phone in self.phones if phone.seat.surface != "wall"]
        self.tapping = with_voice or acting
        self._leaving = False
        self._coming_back: set[asyncio.Task[None]] = set()

    # --- sockets

    async def connect(self, within: float = 120.0) -> None:
        """Open all sockets and wait until every phone has its first frame."""
        door = asyncio.Semaphore(AT_ONCE)
        deadline = time.monotonic() + within

        async def come_in(phone: Phone) -> None:
            async with door:
                await self._open(phone)
                while phone.seq < 0 and time.monotonic() < deadline:
                    await asyncio.sleep(0.02)

        await asyncio.gather(*(come_in(phone) for phone in self.phones))
        outside = sum(phone.seq < 0 for phone in self.phones)
        if outside:
            raise RuntimeError(
                f"{outside} of {len(self.phones)} phones did not get in: {self.codes}"
            )

    async def _open(self, phone: Phone) -> None:
        host, port = self.addresses[(phone.number + phone.attempts) % len(self.addresses)]
        phone.attempts += 1
        loop = asyncio.get_running_loop()
        opening = loop.create_connection(lambda: phone, host, port)
        await asyncio.wait_for(opening, CONNECT_WITHIN)

    def lost(self, phone: Phone, *, was_open: bool) -> None:
        """Note that a socket is gone."""
        if self._leaving:
            return
        self.dropped += was_open
        self.refused_in += not was_open
        if self.loyal:
            back = asyncio.ensure_future(self._come_back(phone))
            self._coming_back.add(back)
            back.add_done_callback(self._coming_back.discard)

    async def _come_back(self, phone: Phone) -> None:
        """Come back as the phones' own script does: 0.5 s, 1 s, 2 s ... with half of it chance."""
        while not self._leaving:
            pause = min(5.0, 0.5 * 2 ** min(phone.attempts, 4))
            await asyncio.sleep(pause * (1 - self.chance.random() / 2))
            try:
                await self._open(phone)
                return
            except (OSError, TimeoutError):
                continue

    def closed_with(self, payload: bytes) -> None:
        """Note the code with which a server closed a socket."""
        code = str(int.from_bytes(payload[:2], "big")) if len(payload) != 3 else payload.decode()
        self.codes[code] = self.codes.get(code, 0) + 1

    def leave(self) -> None:
        """Drop every socket."""
        self._leaving = True
        for task in self._coming_back:
            task.cancel()
        for phone in self.phones:
            if phone.transport is not None:
                phone.transport.abort()

    # --- what is so

    def unanswered(self) -> int:
        """Return how many acts wait for an answer."""
        return sum(len(phone.unanswered) for phone in self.phones)

    def taps_counted(self) -> list[Tap]:
        """Return the acts that are measured."""
        return [tap for tap in self.taps.values() if tap.counts]

    def last_seq(self) -> int:
        """Return the highest seq that any act was accepted with."""
        return max((tap.seq for tap in self.taps.values() if tap.seq is not None), default=0)

    def behind(self, seq: int) -> int:
        """Return how many phones do not show this seq yet."""
        return sum(phone.seq < seq for phone in self.phones)

    def connected(self) -> int:
        """Return how many phones have a socket."""
        return sum(phone.opened for phone in self.phones)

    def screens_alike(self) -> bool:
        """Say whether the phones that read whole frames all show the same panels.

        In a council who speaks for a unit is shown something else than who looks on.
        """
        shown: dict[bool, dict[str, str]] = {}
        whole = [(bool(one.seat.voice), one.whole) for one in self.phones if one.whole is not None]
        return all(shown.setdefault(voice, panels) == panels for voice, panels in whole)
