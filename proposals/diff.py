"""What changed between two texts, word by word. Plain Python."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

WORD = re.compile(r"\s*\S+\s*|\s+")
LINE = re.compile(r"[^\n]*\n|[^\n]+")
# Comparing words takes time with the product of their numbers; longer texts go line by line.
MOST_COMPARED = 4_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that both texts have ("same"), or only the old or the new ("out", "in")."""

    how: str
    text: str


def changes(old: str, new: str) -> list[Piece]:
    """Return what turns one text into another, in reading order.

    The pieces that are not "in" make up the old text, those that are not "out" the new one.
    """
    before, after = WORD.findall(old), WORD.findall(new)
    if len(before) * len(after) > MOST_COMPARED:
        before, after = LINE.findall(old), LINE.findall(new)
    return list(pieces(before, after))


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
