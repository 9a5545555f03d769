"""`python -m bench kill`: the server dies in a full meeting, and comes back.

Nothing that was accepted may be missing afterwards, nobody's act may count twice, and every phone
must soon show the newest state. `trouble()` is what tests call with smaller halls.
"""

import argparse
import asyncio
import contextlib
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from bench import report
from bench.arithmetic import percentile
from bench.phones import Hall
from bench.scenarios import drain, every_few_seconds
from bench.servers import Server
from bench.stage import Gathering, Stage, given_url
from scripts.binaries import find_redis
from scripts.services import Redis, Services, own_server

SETTLE_WITHIN = 20.0  # s in which everything must have been answered and shown
CAUGHT_UP_WITHIN = 5.0  # s after the last answer
Step = tuple[float, Callable[[], Awaitable[None]]]


class Stoppable(Protocol):
    """A service that can be taken away and given back (scripts.services)."""

    def stop(self) -> None:
        """Take it away."""

    def start(self) -> None:
        """Give it back."""


@dataclass(slots=True)
class Trouble:
    """Which server is killed, when, and how often."""

    phones: int = 1000
    seconds: float = 30.0
    kills: int = 1
    processes: int = 1
    server: str = ""
    database_url: str = ""
    redis_url: str = ""
    redis: Stoppable | None = None
    redis_away: float = 0.0
    seed: int = 7

    @property
    def kind(self) -> str:
        """Return which server: daphne on a laptop, uvicorn where there are several processes."""
        return self.server or ("daphne" if self.processes == 1 else "uvicorn")


@dataclass(slots=True)
class Verdict:
    """What was lost, doubled or wrong after a server was killed."""

    phones: int
    acts: int
    accepted: int
    repeated: int
    refused: dict[str, int]
    unanswered: int
    lost: int
    doubled: int
    gaps: int
    chain: str
    sockets_dropped: int
    killed: int
    away_s: float
    all_back_s: float
    caught_up_s: float
    screens_alike: bool
    accepted_p50: float
    accepted_p95: float
    faults: int
    notes: list[str] = field(default_factory=list)

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        wrong = self.lost + self.doubled + self.gaps + self.unanswered
        return (
            not wrong
            and self.chain == "holds"
            and self.caught_up_s <= CAUGHT_UP_WITHIN
            and self.screens_alike
        )


@dataclass(slots=True)
class Diary:
    """When what happened."""

    killed: list[float] = field(default_factory=list)
    away: list[float] = field(default_factory=list)
    back: list[float] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def trouble(asked: Trouble) -> Verdict:
    """Play a meeting with trouble in it, and check what is left."""
    with Stage(asked.database_url, asked.redis_url) as stage:
        gathering = stage.gather(asked.phones)
        servers = [Server.ours(asked.kind, stage.env, stage.folder) for _ in range(asked.processes)]
        try:
            for server in servers:
                server.start()
            hall, diary, caught_up = asyncio.run(play(asked, gathering, servers))
        finally:
            for server in servers:
                server.stop()
        faults = sum(server.faults() for server in servers)
        diary.notes += [server.complaints()[-1500:] for server in servers if server.faults()]
        return judged(hall, diary, caught_up, check(stage, gathering, hall), faults)


def check(stage: Stage, gathering: Gathering, hall: Hall) -> dict[str, Any]:
    """Compare what the phones were told with what the database holds."""
    accepted = [
        [gathering.seats[tap.phone].actor, name, tap.seq, tap.word]
        for name, tap in hall.taps.items()
        if tap.accepted
    ]
    return dict(stage.ask("check", gathering.meeting, given=accepted))


async def play(
    asked: Trouble, gathering: Gathering, servers: list[Server]
) -> tuple[Hall, Diary, float]:
    """Have everybody tap, and the trouble happen meanwhile."""
    hall = Hall(
        gathering.meeting,
        [server.address for server in servers],
        gathering.seats,
        loyal=True,
        seed=asked.seed,
    )
    diary = Diary()
    try:
        await hall.connect()
        await asyncio.sleep(1)
        async with asyncio.TaskGroup() as together:
            together.create_task(tap_on(hall, asked.seconds, asked.seed))
            for at, step in steps(asked, hall, servers, diary):
                together.create_task(later(at, step))
        await drain(hall, SETTLE_WITHIN)
        answered = max((tap.answered for tap in hall.taps.values()), default=0.0)
        caught_up = max(0.0, last_sight(hall) - answered)
    finally:
        hall.leave()
    return hall, diary, caught_up


async def tap_on(hall: Hall, seconds: float, seed: int) -> None:
    """Have everybody show signals, whether they have a socket or not: it is sent when they do.

    Signals are only shown, never lowered, since each of these writes exactly one entry.
    """
    began = time.monotonic()
    for at, number in every_few_seconds(len(hall.tapping), seconds, random.Random(seed)):
        ahead = began + at - time.monotonic()
        if ahead > 0.001:
            await asyncio.sleep(ahead)
        hall.tapping[number].tap(lower=False)


async def later(at: float, step: Callable[[], Awaitable[None]]) -> None:
    """Do something after some seconds."""
    await asyncio.sleep(at)
    await step()


def steps(asked: Trouble, hall: Hall, servers: list[Server], diary: Diary) -> Iterator[Step]:
    """Yield what shall happen when: kills spread over the time, Redis away from a fifth on."""

    # On a busy machine a server may come back only after it was to be killed again.
    one_at_a_time = asyncio.Lock()

    async def kill() -> None:
        async with one_at_a_time:
            victim = servers[-1]
            diary.killed.append(time.monotonic())
            victim.kill()
            await asyncio.to_thread(victim.start)
            diary.away.append(time.monotonic() - diary.killed[-1])
            while hall.connected() < len(hall.phones):
                await asyncio.sleep(0.05)
            diary.back.append(time.monotonic() - diary.killed[-1])

    async def take_redis_away() -> None:
        assert asked.redis is not None
        await asyncio.to_thread(asked.redis.stop)
        await asyncio.sleep(asked.redis_away)
        await asyncio.to_thread(asked.redis.start)

    for turn in range(asked.kills):
        yield asked.seconds * (turn + 1) / (asked.kills + 1), kill
    if asked.redis is not None and asked.redis_away:
        yield asked.seconds / 5, take_redis_away


def last_sight(hall: Hall) -> float:
    """Return when the last phone first had the final seq, or infinity."""
    final = hall.last_seq()
    first = [next((at for seq, at in phone.seen() if seq >= final), None) for phone in hall.phones]
    return max((float("inf") if at is None else at for at in first), default=0.0)


def judged(
    hall: Hall, diary: Diary, caught_up: float, found: dict[str, Any], faults: int
) -> Verdict:
    """Return the verdict."""
    taps = list(hall.taps.values())
    answers = [tap.answered - tap.sent for tap in taps if tap.accepted]
    return Verdict(
        phones=len(hall.phones),
        acts=len(taps),
        accepted=len(answers),
        repeated=sum(tap.tries > 1 for tap in taps),
        refused=dict(Counter(tap.code for tap in taps if tap.code)),
        unanswered=hall.unanswered(),
        lost=found["lost"],
        doubled=found["doubled"],
        gaps=found["gaps"],
        chain=found["chain"],
        sockets_dropped=hall.dropped,
        killed=len(diary.killed),
        away_s=max(diary.away, default=0.0),
        all_back_s=max(diary.back, default=0.0),
        caught_up_s=caught_up,
        screens_alike=hall.screens_alike(),
        accepted_p50=1000 * percentile(answers, 0.50),
        accepted_p95=1000 * percentile(answers, 0.95),
        faults=faults,
        notes=diary.notes,
    )


def run(asked: argparse.Namespace) -> int:
    """Start what is asked for, make trouble, print the verdict; exit code 1 if a promise broke."""
    with contextlib.ExitStack() as services:
        wanted = Trouble(
            phones=asked.phones,
            seconds=asked.seconds,
            kills=asked.kills,
            processes=asked.processes,
            server=asked.server or "",
            redis_away=asked.redis_stop,
            database_url=given_url(asked.database_url, "DATABASE_URL"),
            redis_url=given_url(asked.redis_url, "REDIS_URL"),
        )
        if wanted.processes > 1:
            need_services(wanted, services)
        if wanted.redis_away:
            wanted.redis = own_redis(services)
            wanted.redis_url = wanted.redis.url
        verdict = trouble(wanted)
    if asked.json:
        print(report.as_json("kill", {**asdict(verdict), "kept": verdict.kept}))
    else:
        print(figures(wanted, verdict))
    return 0 if verdict.kept else 1


def need_services(wanted: Trouble, services: contextlib.ExitStack) -> None:
    """Find PostgreSQL and Redis in the environment, or start our own: two processes need both."""
    wanted.database_url = given_url(wanted.database_url, "TEST_DATABASE_URL")
    wanted.redis_url = given_url(wanted.redis_url, "TEST_REDIS_URL")
    if not (wanted.database_url and wanted.redis_url):
        both = services.enter_context(Services(durable=True))
        wanted.database_url = wanted.database_url or both.database_url
        wanted.redis_url = wanted.redis_url or both.redis_url


def own_redis(services: contextlib.ExitStack) -> Redis:
    """Start a Redis that may be stopped."""
    program = find_redis()
    if program is None:
        raise RuntimeError("redis-server is missing; start the bench with: make bench")
    return services.enter_context(own_server(lambda folder: Redis(Path(program), folder)))


def figures(wanted: Trouble, verdict: Verdict) -> str:
    """Return the verdict as a table."""
    what = f"{wanted.processes} x {wanted.kind}, killed {verdict.killed} times"
    rows = [
        ["phones", report.number(verdict.phones)],
        ["acts", report.number(verdict.acts)],
        ["accepted", report.number(verdict.accepted)],
        ["sent again under the same id", report.number(verdict.repeated)],
        ["refused", ", ".join(f"{n} {code}" for code, n in verdict.refused.items()) or "0"],
        ["never answered", report.number(verdict.unanswered)],
        ["accepted and lost", report.number(verdict.lost)],
        ["counted twice", report.number(verdict.doubled)],
        ["gaps in the numbers", report.number(verdict.gaps)],
        ["chain", verdict.chain],
        ["sockets dropped", report.number(verdict.sockets_dropped)],
        ["server answers again after", report.number(verdict.away_s, "s")],
        ["every phone back after", report.number(verdict.all_back_s, "s")],
        ["last answer to every phone current", report.number(verdict.caught_up_s, "s")],
        ["screens alike", "yes" if verdict.screens_alike else "NO"],
        ["accepted p50, outage included", report.number(verdict.accepted_p50, "ms")],
        ["accepted p95, outage included", report.number(verdict.accepted_p95, "ms")],
        ["faults in the log", report.number(verdict.faults)],
    ]
    for note in verdict.notes:
        print(note, file=sys.stderr)
    ending = "Every promise was kept." if verdict.kept else "A PROMISE WAS BROKEN."
    return "\n".join(["", report.table([what, ""], rows), ending])


def arguments(parser: Any) -> None:
    """Describe what can be asked."""
    parser.add_argument("--phones", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--kills", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--server", choices=("daphne", "uvicorn"), default=None)
    parser.add_argument("--database-url", default="")
    parser.add_argument("--redis-url", default="")
    parser.add_argument("--redis-stop", type=float, default=0, metavar="SECONDS")
    parser.add_argument("--json", action="store_true")
