"""Who taps when: the four scenarios, and how one is played."""

import asyncio
import gc
import heapq
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bench.phones import Hall

Plan = Callable[[int, float, random.Random], Iterator[tuple[float, int]]]
SETTLE = 1.5  # s of quiet before the first tap
CLOSING_TAP_AFTER = 0.5  # s


def one_a_second(phones: int, seconds: float, chance: random.Random) -> Iterator[tuple[float, int]]:
    """Somebody taps once a second."""
    for second in range(int(seconds)):
        yield float(second), chance.randrange(phones)


def every_few_seconds(
    phones: int, seconds: float, chance: random.Random
) -> Iterator[tuple[float, int]]:
    """Each taps again 1 to 5 s after the last time."""
    due = [(chance.uniform(0, 3), number) for number in range(phones)]
    heapq.heapify(due)
    while due[0][0] < seconds:
        at, number = due[0]
        yield at, number
        heapq.heapreplace(due, (at + chance.uniform(1, 5), number))


def all_at_once(phones: int, seconds: float, chance: random.Random) -> Iterator[tuple[float, int]]:
    """Each taps once, within the time given."""
    yield from sorted((chance.uniform(0, seconds), number) for number in range(phones))


@dataclass(frozen=True, slots=True)
class Scenario:
    """A hall, a time, and who taps when."""

    name: str
    phones: int
    seconds: float
    plan: Plan
    words: str
    server: str = "daphne"

    @property
    def window(self) -> float:
        """Return what an act counts that never got through: the time watched after it at least."""
        return max(self.seconds, 10.0)

    def resized(self, *, phones: int | None = None, seconds: float | None = None) -> "Scenario":
        """Return this scenario with another hall or another time."""
        return replace(self, phones=phones or self.phones, seconds=seconds or self.seconds)


SCENARIOS = {
    one.name: one
    for one in (
        Scenario("hall", 500, 30, one_a_second, "500 listen, one tap a second"),
        Scenario("thousand", 1000, 30, every_few_seconds, "1,000 tap every 1 to 5 s"),
        Scenario("storm", 1000, 2, all_at_once, "1,000 tap within 2 s"),
        Scenario("square", 4000, 20, every_few_seconds, "4,000 tap every 1 to 5 s", "uvicorn"),
    )
}


@dataclass(slots=True)
class Played:
    """When a scenario began, when the last tap was sent, how late our own taps were."""

    began: float
    ended: float
    late: list[float]


async def play(hall: Hall, scenario: Scenario) -> Played:
    """Have the phones tap as planned, and watch until all is shown or the window is over."""
    plan = list(scenario.plan(len(hall.tapping), scenario.seconds, random.Random(7)))
    await asyncio.sleep(SETTLE)
    gc.collect()
    gc.disable()
    try:
        played = await tap_all(hall, plan)
        await drain(hall, scenario.window)
    finally:
        gc.enable()
    return played


async def tap_all(hall: Hall, plan: list[tuple[float, int]]) -> Played:
    """Send each tap when it is due."""
    began, late = time.monotonic(), []
    for at, number in plan:
        ahead = began + at - time.monotonic()
        if ahead > 0.001:
            await asyncio.sleep(ahead)
        late.append(max(0.0, time.monotonic() - began - at))
        hall.tapping[number].tap()
    return Played(began, time.monotonic(), late)


async def drain(hall: Hall, at_most: float) -> bool:
    """Wait until every act is answered and shown; say whether that came about.

    Where the last taps cancel each other out nobody's screen differs and no frame goes out. A
    closing tap, which is not counted, makes one that covers them.
    """
    deadline, quiet_since, closed = time.monotonic() + at_most, 0.0, False
    while time.monotonic() < deadline:
        await asyncio.sleep(0.05)
        if hall.unanswered():
            quiet_since = 0.0
            continue
        if not hall.behind(hall.last_seq()):
            return True
        quiet_since = quiet_since or time.monotonic()
        if not closed and time.monotonic() - quiet_since > CLOSING_TAP_AFTER:
            closed = True
            hall.tapping[-1].tap("block", lower=False).counts = False
    return False
