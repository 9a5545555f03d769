"""Compare two texts word by word. Plain Python."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

WORD = re.compile(r"\s*\S+\s*|\s+")
LINE = re.compile(r"[^\n]*\n|[^\n]+")
# Comparing takes time with the number of equal pairs; where there are more, it goes line by line,
# and where even lines repeat like that, what differs is one piece.
MOST_PAIRS = 30_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that both texts have ("same"), or only the old or the new ("out", "in")."""

    how: str
    text: str


def changes(old: str, new: str) -> list[Piece]:
    """Return what turns one text into another, in reading order.

    The pieces that are not "in" make up the old text, those that are not "out" the new one.
    """
    return list(compared(old, new))


@lru_cache(maxsize=64)
def compared(old: str, new: str) -> tuple[Piece, ...]:
    """Compare two texts; the results of the last comparisons are kept, for screens ask again."""
    for unit in (WORD, LINE):
        before, after = unit.findall(old), unit.findall(new)
        head = common(before, after)
        tail = common(before[head:][::-1], after[head:][::-1])
        left, right = before[head : len(before) - tail], after[head : len(after) - tail]
        if pairs(left, right) <= MOST_PAIRS:
            middle = list(pieces(left, right))
            break
    else:
        whole = (Piece("out", "".join(left)), Piece("in", "".join(right)))
        middle = [piece for piece in whole if piece.text]
    ends = Piece("same", "".join(before[:head])), Piece("same", "".join(after[len(after) - tail :]))
    return tuple(piece for piece in (ends[0], *middle, ends[1]) if piece.text)


def common(before: list[str], after: list[str]) -> int:
    """Return how many words two texts begin with alike."""
    alike = 0
    for old, new in zip(before, after, strict=False):
        if old != new:
            break
        alike += 1
    return alike


def pairs(before: list[str], after: list[str]) -> int:
    """Return how many pairs of equal words two texts have: the time that comparing takes."""
    there = Counter(after)
    return sum(n * there[word] for word, n in Counter(before).items())


def pieces(before: list[str], after: list[str]) -> Iterator[Piece]:
    """Yield kept, taken out and put in words."""
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(before[i1:i2]))
            continue
        if i1 < i2:
            yield Piece("out", "".join(before[i1:i2]))
        if j1 < j2:
            yield Piece("in", "".join(after[j1:j2]))
