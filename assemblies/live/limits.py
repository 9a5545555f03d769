"""How fast one person may act; never how fast a meeting may (a hall acts at once)."""

from collections import OrderedDict


class Bucket:
    """A token bucket: so many at once, so many a second."""

    __slots__ = ("_at", "_burst", "_left", "_rate")

    def __init__(self, burst: float, rate: float) -> None:
        self._burst, self._rate, self._left, self._at = burst, rate, burst, 0.0

    def take(self, now: float) -> bool:
        """Take one token; False if none is left."""
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Buckets:
    """A bucket for each name, the least recently used ones forgotten."""

    def __init__(self, burst: float, rate: float, room_for: int = 20_000) -> None:
        self._made: OrderedDict[str, Bucket] = OrderedDict()
        self._burst, self._rate, self._room_for = burst, rate, room_for

    def take(self, name: str, now: float) -> bool:
        """Take one token of somebody's bucket."""
        bucket = self._made.pop(name, None) or Bucket(self._burst, self._rate)
        self._made[name] = bucket
        if len(self._made) > self._room_for:
            self._made.popitem(last=False)
        return bucket.take(now)
