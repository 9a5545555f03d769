"""Who is served next, and what the clock says. Plain Python: no database, no socket.

Sources: DOMAIN.md 3.2 (orders, lane); ROOM.md 5, 8 to 18.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

# What a technical point is about (DOMAIN.md 3.2).
ABOUT = ("procedure", "time", "logistics", "hear", "access")
LANE = ("technical_point", "clarification", "direct_response")
DIRECT_RESPONSE_SECONDS = 30
# Where an assembly has said nothing else: two minutes to report back, as in New York [OWS-1030].
REPORT_SECONDS = 120
REPORTS = ("report_back", "council_report")
# A circle of twelve keeps its own time; a clock there would be one more thing to look at.
CLOCK_FROM = 13
PASS_WITHIN = timedelta(seconds=10)


class Waits(Protocol):
    """What the orders need to know of a raised hand."""

    kind: str
    n: int


W = TypeVar("W", bound=Waits)


def lane_of(hands: Sequence[W]) -> list[W]:
    """Return what is served before the stack, in serving order: points, then clarifications."""
    waiting = [hand for hand in hands if hand.kind in LANE]
    return sorted(waiting, key=lambda hand: (LANE.index(hand.kind), hand.n))


def ordinary_hands(hands: Sequence[W]) -> list[W]:
    """Return ordinary hands in the order in which they were raised (000:64)."""
    return sorted((hand for hand in hands if hand.kind not in LANE), key=lambda hand: hand.n)


def turn_seconds(
    kind: str, item_kind: str, *, usual: int, by_item: Mapping[str, int], twice: bool = False
) -> int:
    """Return how many seconds a turn of a kind has on an item of a kind (ROOM.md 5, 14).

    `usual` is the meeting's, `by_item` what the assembly says of single kinds of items. `twice`
    is for those who asked for it, are interpreted or stammer.
    """
    if kind == "direct_response":
        seconds = DIRECT_RESPONSE_SECONDS
    elif item_kind in by_item:
        seconds = by_item[item_kind]
    else:
        seconds = max(usual, REPORT_SECONDS) if item_kind in REPORTS else usual
    return 2 * seconds if twice else seconds


def has_clock(choice: str, present: int) -> bool:
    """Say whether a turn that begins now has a clock: as chosen, or from thirteen people on."""
    return choice == "on" or (choice == "auto" and present >= CLOCK_FROM)


def turn_kind(kind: str) -> str:
    """Return what a turn is when a hand of a kind is called: a go-round is of ordinary turns."""
    return "hand" if kind == "round" else kind


def seconds(count: int) -> timedelta:
    """Return a span of time."""
    return timedelta(seconds=count)


@dataclass(frozen=True, slots=True)
class Clock:
    """A turn's clock: when it started, how long it stood still, whether it stands still now.

    `seconds` is None where turns have no clock: then only the talking time is known.
    """

    started_at: datetime
    seconds: int | None
    stood: timedelta = timedelta()
    stopped_at: datetime | None = None

    def elapsed(self, now: datetime) -> timedelta:
        """Return the talking time so far."""
        return max(timedelta(), (self.stopped_at or now) - self.started_at - self.stood)

    def left(self, now: datetime) -> int | None:
        """Return whole seconds left; it stops at 0 and nobody is cut off."""
        if self.seconds is None:
            return None
        left = self.seconds - self.elapsed(now).total_seconds()
        return max(0, math.ceil(left - 1e-6))

    def counts_from(self) -> datetime:
        """Return when it would have started, had it never stood still."""
        return self.started_at + self.stood

    def runs_out_at(self) -> datetime | None:
        """Return when the time is over, should the clock run on."""
        return None if self.seconds is None else self.counts_from() + seconds(self.seconds)
