"""`python -m bench slow`: phones that never read, phones that trickle, and one that floods.

The others must not notice, the server's memory must not grow, and the bad ones must be let go.
"""

import argparse
import asyncio
import random
import socket
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench import report
from bench.arithmetic import Screens, delays, percentile
from bench.frames import masked
from bench.phones import Hall, Phone, Place
from bench.scenarios import drain
from bench.servers import Server
from bench.stage import Gathering, Stage, given_url

TRICKLE = 1000  # bytes a second
SMALL_BUFFER = 4096
FLOOD_RATE = 50e6  # bytes a second
FLOOD_SECONDS = 5.0
FLOOD_FRAME = 4000
ESTABLISHED = "01"


@dataclass(slots=True)
class Slow:
    """How many phones of each sort there are, and for how long they run."""

    phones: int = 200
    stalled: int = 20
    trickling: int = 5
    seconds: float = 60.0
    acts_per_s: float = 5.0
    server: str = "daphne"
    database_url: str = ""
    redis_url: str = ""


@dataclass(slots=True)
class Findings:
    """What the healthy phones noticed, and what became of the others."""

    server: str
    healthy: int
    screens_p50: float
    screens_p95: float
    accepted_p95: float
    lost: int
    stalled: int
    stalled_left: int
    stalled_gone_s: float | None
    rss_before_mb: float
    rss_growth_mb: float
    flood_sent_mb: float
    flood_closed_s: float | None
    flood_code: str
    flood_rss_growth_mb: float
    flood_screens_p95: float
    healthy_dropped: int
    faults: int
    notes: list[str] = field(default_factory=list)


class Trickling(Phone):
    """A phone at the edge of the network: it reads a kilobyte a second."""

    def data_received(self, data: bytes) -> None:
        """Take what came, then rest for as long as it would have taken."""
        super().data_received(data)
        if self.transport is not None:
            self.transport.pause_reading()
            asyncio.get_running_loop().call_later(len(data) / TRICKLE, self._go_on)

    def _go_on(self) -> None:
        if self.transport is not None:
            self.transport.resume_reading()


class Flooding(Phone):
    """A phone that writes as fast as it can."""

    sent = 0
    closed = 0.0

    def connection_lost(self, wrong: Exception | None) -> None:
        """Note when it was shown the door."""
        self.closed = self.closed or time.monotonic()
        self.transport = None

    def eof_received(self) -> None:
        """Note when the server stopped talking."""
        self.closed = self.closed or time.monotonic()

    async def flood(self) -> None:
        """Write at the rate asked for, or as much as the server lets through."""
        frame = masked(b'{"do": "show_signal", "signal": "%s"}' % (b"x" * FLOOD_FRAME))
        chunk = frame * (1 + int(FLOOD_RATE / 100 / len(frame)))
        began = time.monotonic()
        while not self.closed and (now := time.monotonic()) < began + FLOOD_SECONDS:
            transport = self.transport
            if transport is None or transport.is_closing():
                break
            behind = self.sent < (now - began) * FLOOD_RATE
            if behind and transport.get_write_buffer_size() < 2 * len(chunk):
                transport.write(chunk)
                self.sent += len(chunk)
            await asyncio.sleep(0.002)


async def connect_slowly(hall: Hall, phone: Phone) -> None:
    """Open a socket whose kernel takes little, so that what waits waits at the server."""
    bare = socket.socket()
    bare.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
    bare.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(bare, hall.addresses[0])
    await loop.create_connection(lambda: phone, sock=bare)


def open_at_server(port: int, of: set[int]) -> set[int]:
    """Return which of these client ports the server still has an open socket with."""
    still = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _number, local, remote, state = line.split()[:4]
        if int(local.split(":")[1], 16) == port and state == ESTABLISHED:
            still.add(int(remote.split(":")[1], 16))
    return still & of


async def stall(hall: Hall, seats: list[Place]) -> list[Phone]:
    """Bring in phones that say hello and never read again."""
    phones = []
    for number, seat in enumerate(seats):
        phone = Phone(hall, -1 - number, seat)
        await connect_slowly(hall, phone)
        while not phone.opened:
            await asyncio.sleep(0.01)
        assert phone.transport is not None
        phone.transport.pause_reading()
        phones.append(phone)
    return phones


async def tap_steadily(hall: Hall, seconds: float, rate: float, seed: int) -> list[str]:
    """Have healthy phones tap at an even rate; return the ids."""
    chance, began, before = random.Random(seed), time.monotonic(), set(hall.taps)
    for number in range(int(seconds * rate)):
        await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
        chance.choice(hall.tapping).tap()
    return [name for name in hall.taps if name not in before]


async def play(asked: Slow, gathering: Gathering, server: Server) -> Findings:
    """Let everybody in, tap, watch; then the flood."""
    bad = asked.stalled + asked.trickling + 1
    healthy, others = gathering.seats[:-bad], gathering.seats[-bad:]
    hall = Hall(gathering.meeting, [server.address], healthy)
    side = Hall(gathering.meeting, [server.address], others)
    try:
        await hall.connect()
        stalled = await stall(side, others[: asked.stalled])
        for number, seat in enumerate(others[asked.stalled : -1]):
            await connect_slowly(side, Trickling(side, -100 - number, seat))
        await asyncio.sleep(2)
        before = server.cost().rss
        watching = asyncio.ensure_future(watch(stalled, server, asked.seconds))
        names = await tap_steadily(hall, asked.seconds, asked.acts_per_s, 3)
        gone_after, left, peak = await watching
        await drain(hall, 10)
        calm = shown(hall, names, asked.seconds)
        flooding, flooded, flood_peak, flood_before = await flood(asked, hall, others[-1], server)
    finally:
        hall.leave()
        side.leave()
        for phone in stalled:
            if phone.transport is not None:
                phone.transport.abort()
    taps = [hall.taps[name] for name in names]
    return Findings(
        server=asked.server,
        healthy=len(healthy),
        screens_p50=1000 * percentile(calm, 0.50),
        screens_p95=1000 * percentile(calm, 0.95),
        accepted_p95=1000 * percentile([t.answered - t.sent for t in taps if t.accepted], 0.95),
        lost=sum(not tap.accepted for tap in hall.taps.values()),
        stalled=asked.stalled,
        stalled_left=left,
        stalled_gone_s=gone_after,
        rss_before_mb=before,
        rss_growth_mb=peak - before,
        flood_sent_mb=flooding.sent / 1e6,
        flood_closed_s=flooding.closed or None,
        flood_code=", ".join(side.codes | flooding.hall.codes),
        flood_rss_growth_mb=flood_peak - flood_before,
        flood_screens_p95=1000 * percentile(flooded, 0.95),
        healthy_dropped=hall.dropped,
        faults=server.faults(),
    )


def shown(hall: Hall, names: list[str], window: float) -> list[float]:
    """Return tap-to-every-screen of some acts, on the healthy phones."""
    screens = Screens(list(phone.seen()) for phone in hall.phones)
    return delays(((hall.taps[n].sent, hall.taps[n].seq) for n in names), screens, window)


async def watch(
    stalled: list[Phone], server: Server, seconds: float
) -> tuple[float | None, int, float]:
    """Watch the stalled sockets and the memory; return when the last was gone, how many stayed."""
    ports = {
        phone.transport.get_extra_info("sockname")[1]
        for phone in stalled
        if phone.transport is not None
    }
    began, peak, gone_after, left = time.monotonic(), 0.0, None, len(ports)
    while time.monotonic() - began < seconds:
        left = len(open_at_server(server.port, ports))
        peak = max(peak, server.cost().rss)
        if not left and gone_after is None:
            gone_after = time.monotonic() - began
        await asyncio.sleep(0.25)
    return gone_after, left, peak


async def flood(
    asked: Slow, hall: Hall, seat: Place, server: Server
) -> tuple[Flooding, list[float], float, float]:
    """Have one phone flood while the others tap; return it, their delays, memory after, before."""
    side = Hall(hall.meeting, hall.addresses, [])
    bad = Flooding(side, -1000, seat)
    await asyncio.get_running_loop().create_connection(lambda: bad, *hall.addresses[0])
    while not bad.opened:
        await asyncio.sleep(0.01)
    before = server.cost().rss
    began, peak = time.monotonic(), before
    flooding = asyncio.ensure_future(bad.flood())
    tapping = asyncio.ensure_future(tap_steadily(hall, FLOOD_SECONDS, asked.acts_per_s, 5))
    while not (flooding.done() and tapping.done()):
        peak = max(peak, server.cost().rss)
        await asyncio.sleep(0.02)
    names = tapping.result()
    await drain(hall, 10)
    bad.closed = bad.closed - began if bad.closed else 0.0
    if bad.transport is not None:
        bad.transport.abort()
    return bad, shown(hall, names, FLOOD_SECONDS), peak, before


def slow(asked: Slow) -> Findings:
    """Run both parts against a server of our own."""
    with Stage(asked.database_url, asked.redis_url) as stage:
        gathering = stage.gather(asked.phones + asked.stalled + asked.trickling + 1)
        server = Server.ours(asked.server, stage.env, stage.folder)
        server.start()
        try:
            findings = asyncio.run(play(asked, gathering, server))
        finally:
            server.stop()
        if server.faults():
            print(server.complaints()[:2000], file=sys.stderr)
        return findings


def run(asked: argparse.Namespace) -> int:
    """Run and print."""
    findings = slow(
        Slow(
            phones=asked.phones,
            stalled=asked.stalled,
            trickling=asked.trickling,
            seconds=asked.seconds,
            server=asked.server,
            database_url=given_url(asked.database_url, "DATABASE_URL"),
            redis_url=given_url(asked.redis_url, "REDIS_URL"),
        )
    )
    print(report.as_json("slow", asdict(findings)) if asked.json else figures(asked, findings))
    return 0


def figures(asked: argparse.Namespace, found: Findings) -> str:
    """Return the findings as a table."""
    gone, closed = found.stalled_gone_s, found.flood_closed_s
    rows = [
        ["healthy phones", report.number(found.healthy)],
        ["tap to every healthy screen p50", report.number(found.screens_p50, "ms")],
        ["tap to every healthy screen p95", report.number(found.screens_p95, "ms")],
        ["accepted p95", report.number(found.accepted_p95, "ms")],
        ["never answered", report.number(found.lost)],
        ["healthy sockets dropped", report.number(found.healthy_dropped)],
        ["stalled sockets", report.number(found.stalled)],
        ["... still open at the end", report.number(found.stalled_left)],
        ["... all gone after", report.number(gone, "s")],
        ["server RSS before", report.number(found.rss_before_mb, "MB")],
        ["... growth, at most", report.number(found.rss_growth_mb, "MB")],
        ["flood: sent", report.number(found.flood_sent_mb, "MB")],
        ["... closed after", report.number(closed and 1000 * closed, "ms")],
        ["... RSS growth, at most", report.number(found.flood_rss_growth_mb, "MB")],
        ["... others' tap to every screen p95", report.number(found.flood_screens_p95, "ms")],
        ["faults in the log", report.number(found.faults)],
    ]
    return "\n" + report.table([f"{found.server}, {asked.seconds:g} s", ""], rows)


def arguments(parser: Any) -> None:
    """Describe what can be asked."""
    parser.add_argument("--phones", type=int, default=200)
    parser.add_argument("--stalled", type=int, default=20)
    parser.add_argument("--trickling", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--server", choices=("daphne", "uvicorn"), default="daphne")
    parser.add_argument("--database-url", default="")
    parser.add_argument("--redis-url", default="")
    parser.add_argument("--json", action="store_true")
