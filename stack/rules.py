"""Who is served next, and what the clock says. Plain Python: no database, no socket.

Sources: DOMAIN.md 3.2 (orders, lane), 6.2 (signals); ROOM.md 5, 8 to 19.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

LANE = ("technical_point", "clarification", "direct_response")
FADES_AFTER = timedelta(seconds=60)
DIRECT_RESPONSE_SECONDS = 30
PASS_WITHIN = timedelta(seconds=10)

# What shows the same thing excludes each other (ROOM.md 5, 19).
SIGNALS = ("agree", "disagree", "unsure", "block")
EXCLUSIVE = frozenset({"agree", "disagree", "unsure"})
# Shown to those who keep the talk going, not part of the state.
QUIET = ("wrap_up", "language")
WRAP_UP_SEEN_FROM = 3  # people: one who is impatient does not hurry anybody
OPTIONAL = frozenset({"unsure", "direct_response", *QUIET})


class Waits(Protocol):
    """What the orders need to know of a raised hand."""

    kind: str
    n: int


W = TypeVar("W", bound=Waits)


def lane_of(hands: Sequence[W]) -> list[W]:
    """Return what is served before the stack, in serving order: points, then clarifications."""
    waiting = [hand for hand in hands if hand.kind in LANE]
    return sorted(waiting, key=lambda hand: (LANE.index(hand.kind), hand.n))


def plain(hands: Sequence[W]) -> list[W]:
    """Return ordinary hands in the order in which they were raised (000:64)."""
    return sorted((hand for hand in hands if hand.kind not in LANE), key=lambda hand: hand.n)


def turn_seconds(kind: str, usual: int) -> int:
    """Return how long a turn of a kind lasts (ROOM.md 5, 14)."""
    return DIRECT_RESPONSE_SECONDS if kind == "direct_response" else usual


def seconds(count: int) -> timedelta:
    """Return a span of time."""
    return timedelta(seconds=count)


def replaced_by(signal: str) -> frozenset[str]:
    """Return the signals that showing this one lowers."""
    return EXCLUSIVE - {signal} if signal in EXCLUSIVE else frozenset()


@dataclass(frozen=True, slots=True)
class Clock:
    """A turn's clock: when it started, how long it stood still, whether it stands still now."""

    started_at: datetime
    seconds: int
    stood: timedelta = timedelta()
    stopped_at: datetime | None = None

    def elapsed(self, now: datetime) -> timedelta:
        """Return the talking time so far."""
        return max(timedelta(), (self.stopped_at or now) - self.started_at - self.stood)

    def left(self, now: datetime) -> int:
        """Return whole seconds left; it stops at 0 and nobody is cut off."""
        left = self.seconds - self.elapsed(now).total_seconds()
        return max(0, math.ceil(left - 1e-6))

    def runs_out_at(self) -> datetime:
        """Return when the time is over, should the clock run on."""
        return self.started_at + self.stood + timedelta(seconds=self.seconds)
