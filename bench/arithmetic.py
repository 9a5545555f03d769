"""The bench's own arithmetic: percentiles, and when the last screen knew of an act."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence

NEVER = math.inf


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that a share of all values does not exceed (nearest rank), or nan."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


class Screens:
    """When the slowest of many phones had a frame of at least some seq.

    A phone's frames are pairs of seq and time. The first frame with seq >= s is the same for all
    s between two numbers that anybody ever saw, so one time for each number seen is exact.
    """

    def __init__(self, phones: Iterable[Sequence[tuple[int, float]]]) -> None:
        seen = [list(frames) for frames in phones]
        self.numbers = sorted({seq for frames in seen for seq, _at in frames})
        self.times = [0.0] * len(self.numbers)
        for frames in seen:
            self._count(frames)

    def _count(self, frames: Sequence[tuple[int, float]]) -> None:
        """Let one phone's first sight of each number count, if it is the latest so far."""
        place, numbers, times = 0, self.numbers, self.times
        for seq, at in frames:
            # A frame older than what the phone has seen covers nothing new.
            while place < len(numbers) and numbers[place] <= seq:
                if at > times[place]:
                    times[place] = at
                place += 1
        for missed in range(place, len(numbers)):
            times[missed] = NEVER

    def reached_all(self, seq: int) -> float:
        """Return when the last phone had a frame with this seq or a later one."""
        place = bisect_left(self.numbers, seq)
        return self.times[place] if place < len(self.times) else NEVER


def delays(
    acts: Iterable[tuple[float, int | None]], screens: Screens, window: float
) -> list[float]:
    """Return tap-to-every-screen of acts (when sent, seq or None where nobody answered).

    What never reached all counts with the length of the window.
    """
    found = []
    for sent, seq in acts:
        reached = NEVER if seq is None else screens.reached_all(seq)
        found.append(window if reached == NEVER else reached - sent)
    return found
