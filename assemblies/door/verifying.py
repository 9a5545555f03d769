"""Whether a journal is what was written: its chain, walked from the start."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import rfc8785
from django.utils.translation import ngettext

from assemblies.door.kinds import Names, card, facts, rows
from assemblies.door.sealing import body_of
from assemblies.models import Entry, Journal, Meeting
from assemblies.rules.chain import Finding, check

UNREADABLE: dict[str, Any] = {"unreadable": True}
TRIES = 3


@dataclass(slots=True)
class Link:
    """An entry as the chain needs it; what cannot be read is never what was written."""

    seq: int
    salt: bytes
    leaf: str
    head: str
    said: dict[str, Any] | None

    def body(self) -> dict[str, Any] | None:
        """Return what was said, or None where it was erased."""
        return self.said


def links_of(journal: Journal, upto: int | None) -> Iterator[Link]:
    """Yield the entries of a journal as links, in order."""
    rows = Entry.objects.filter(journal=journal).order_by("seq")
    if upto is not None:
        rows = rows.filter(seq__lte=upto)
    found, seq = rows.iterator(chunk_size=1000), 0
    while True:
        try:
            entry = next(found, None)
        except (ValueError, TypeError, AttributeError):
            # A value that the database hands out and nobody wrote; the walk ends here.
            yield Link(seq + 1, b"", "0" * 64, "", UNREADABLE)
            return
        if entry is None:
            return
        seq = entry.seq
        salt = b"" if isinstance(entry.salt, str) else bytes(entry.salt)
        yield Link(seq, salt, entry.leaf, entry.head, readable(body_of(entry)))


def readable(body: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return a body that has a digest."""
    try:
        if body is not None:
            rfc8785.dumps(body)
    except ValueError:
        return UNREADABLE
    return body


def ranges_of(numbers: list[int]) -> list[list[int]]:
    """Return ascending numbers as first and last of each unbroken run."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return runs


def erased_of(journal: Journal) -> frozenset[int]:
    """Return the numbers that the journal itself says were erased."""
    said = Entry.objects.filter(journal=journal, kind=BODIES_ERASED).values_list("facts", flat=True)
    numbers: set[int] = set()
    for stated in said:
        try:
            for first, last in (stated or {})["ranges"]:
                numbers.update(range(int(first), min(int(last), journal.seq) + 1))
        except (TypeError, ValueError, KeyError):
            continue  # whoever changed this entry is found when the chain reaches it
    return frozenset(numbers)


def finding_of(journal: Journal) -> Finding:
    """Walk a journal and say whether it holds; entries that come meanwhile do not matter."""
    for _try in range(TRIES):
        there = Journal.objects.get(pk=journal.pk)
        finding = walk(there, None)
        if Journal.objects.get(pk=journal.pk).seq == there.seq:
            return finding
    there = Journal.objects.get(pk=journal.pk)
    return walk(there, there.seq)


def walk(journal: Journal, upto: int | None) -> Finding:
    """Check the chain of a journal as it was read."""
    return check(
        links_of(journal, upto), seq=journal.seq, head=journal.head, erasable=erased_of(journal)
    )


def bodies_erased(entry: Entry, names: Names) -> str | None:
    """Hands and signals were forgotten."""
    n = sum(last - first + 1 for first, last in facts(entry).get("ranges", []))
    words = ngettext(
        "%(n)s entry about hands and signals was erased, as promised.",
        "%(n)s entries about hands and signals were erased, as promised.",
        n,
    )
    return words % {"n": n} if n else None


# --- the cards of the entries written here ---

BODIES_ERASED = card(
    "assemblies.bodies_erased", "*", minutes=bodies_erased, writes=(rows(Meeting),)
)
