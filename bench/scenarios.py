"""Who taps what and when: the scenarios, and how one is played."""

import asyncio
import gc
import heapq
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bench.phones import Hall, Phone, Tap

Deed = Callable[[Phone], Tap]
Plan = Callable[[int, float, random.Random], Iterator[tuple[float, int]]]
SETTLE = 1.5  # s of quiet before the first tap
CLOSING_TAP_AFTER = 0.5  # s
RESULT_WITHIN = 60.0  # s
RECALL_WITHIN = 10.0  # s
CHANGED = b'class=\\"notice changed\\"'  # as it stands in a frame
UNIT_POSITIONS = ("agree", "agree", "agree", "stand_aside", "disagree")
POSITIONS = {"agree": 80, "reservations": 12, "stand_aside": 8}  # of a hundred


def signal(phone: Phone) -> Tap:
    """Show a signal or lower the one shown."""
    return phone.tap()


def position(phone: Phone) -> Tap:
    """Take a position; a second one replaces the first."""
    (word,) = phone.hall.chance.choices(list(POSITIONS), list(POSITIONS.values()))
    return phone.act("take_position", "position", word)


def unit_position(phone: Phone) -> Tap:
    """Say what one's unit said, or what one likes where it said nothing."""
    said = phone.seat.says or phone.hall.chance.choice(UNIT_POSITIONS)
    return phone.act("take_position", "position", said)


# What a meeting is about ("test": a test for consensus is open), and what phones do in it.
DEEDS: dict[str, Deed] = {"signals": signal, "test": position, "council": unit_position}


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


def all_at_once_some_again(
    phones: int, seconds: float, chance: random.Random
) -> Iterator[tuple[float, int]]:
    """Each taps once within the time given, and every tenth once more after that."""
    first = [(chance.uniform(0, seconds), number) for number in range(phones)]
    again = [(chance.uniform(at, seconds), number) for at, number in first[::10]]
    yield from sorted(first + again)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A hall, a time, and who taps when."""

    name: str
    phones: int
    seconds: float
    plan: Plan
    words: str
    server: str = "daphne"
    about: str = "signals"

    @property
    def asks(self) -> bool:
        """Whether a test is open in it, which is closed in the end."""
        return self.about != "signals"

    @property
    def window(self) -> float:
        """Return what an act counts that never got through: the time watched after it at least."""
        return RESULT_WITHIN if self.asks else max(self.seconds, 10.0)

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
        Scenario(
            "consensus",
            1000,
            5,
            all_at_once_some_again,
            "1,000 take a position within 5 s, some change theirs, the test is closed",
            about="test",
        ),
        Scenario(
            "council",
            1000,
            5,
            all_at_once_some_again,
            "two delegates of each of 300 units take a position within 5 s, 400 look on;"
            " a base recalls its delegate; the test is closed",
            about="council",
        ),
    )
}


@dataclass(slots=True)
class Played:
    """When a scenario began, when the last tap was sent, how late our own taps were.

    `closing` is the act that closed the test, in a scenario about one; `recall` the one by which a
    base withdrew its delegate.
    """

    began: float
    ended: float
    late: list[float]
    closing: Tap | None = None
    recall: Tap | None = None


async def play(hall: Hall, scenario: Scenario, base: Hall | None = None) -> Played:
    """Have the phones tap as planned, and watch until all is shown or the window is over.

    `base` is where a delegate is recalled before the test of a council is closed.
    """
    plan = list(scenario.plan(len(hall.tapping), scenario.seconds, random.Random(7)))
    await asyncio.sleep(SETTLE)
    gc.collect()
    gc.disable()
    try:
        played = await tap_all(hall, plan, DEEDS[scenario.about])
        await drain(hall, scenario.window)
        if base is not None:
            played.recall = await recall(hall, base)
        if scenario.asks:
            played.closing = await close(hall)
    finally:
        gc.enable()
    return played


async def tap_all(hall: Hall, plan: list[tuple[float, int]], deed: Deed) -> Played:
    """Send each tap when it is due."""
    began, late = time.monotonic(), []
    for at, number in plan:
        ahead = began + at - time.monotonic()
        if ahead > 0.001:
            await asyncio.sleep(ahead)
        late.append(max(0.0, time.monotonic() - began - at))
        deed(hall.tapping[number])
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


async def close(hall: Hall) -> Tap:
    """Have the facilitator close the test; wait until every screen shows what came of it."""
    tap, deadline = hall.phones[0].act("close_test"), time.monotonic() + RESULT_WITHIN
    tap.counts = False
    while time.monotonic() < deadline:
        await asyncio.sleep(0.02)
        if tap.code or (tap.seq is not None and not hall.behind(tap.seq)):
            break
    return tap


async def recall(hall: Hall, base: Hall) -> Tap:
    """Have a base recall its delegate; wait until every screen of the council shows it."""
    tap, deadline = base.phones[0].act("recall_delegate"), time.monotonic() + RECALL_WITHIN
    while time.monotonic() < deadline:
        await asyncio.sleep(0.02)
        if tap.code or all(phone.frames and CHANGED in phone.frames[-1] for phone in hall.phones):
            break
    return tap
