"""Which entries can be taken back, how, and what rests on them (ROOM.md 5, 21)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assemblies.door.kinds import KINDS, kind
from assemblies.door.page import Page
from assemblies.models import Entry

ACT_UNDONE = kind("assemblies.act_undone", "*")
Undoing = Callable[[Page, Entry], None]
Resting = Callable[[Entry, Entry], bool]


@dataclass(frozen=True, slots=True)
class Reversal:
    """How an entry of a kind is taken back.

    `rests(entry, later)` says whether a later entry rests on it; `by_room` whether one objection
    within 15 s takes it back, `by_actor` whether who did it may undo it within 30 s.
    """

    undo: Undoing
    rests: Resting
    by_actor: bool = True
    by_room: bool = False


REVERSALS: dict[str, Reversal] = {}


def nothing(entry: Entry, later: Entry) -> bool:
    """Say that nothing ever rests on such an entry."""
    return False


def any_of(*kinds: str) -> Resting:
    """Return a rule: every later entry of these kinds rests on it."""
    names = frozenset(kinds)
    return lambda entry, later: later.kind in names


def same(fact: str, *kinds: str) -> Resting:
    """Return a rule: later entries of these kinds about the same thing rest on it."""
    names = frozenset(kinds)
    return lambda entry, later: (
        later.kind in names and (later.facts or {}).get(fact) == (entry.facts or {}).get(fact)
    )


def touching(sheet: str, *, unless: Sequence[str] = ()) -> Resting:
    """Return a rule: every later entry that changes a sheet rests on it, a few kinds excepted."""
    return lambda entry, later: (
        later.kind in KINDS and later.kind not in unless and sheet in KINDS[later.kind].touches
    )


def either(*rules: Resting) -> Resting:
    """Return a rule: what one of these rules says rests on it."""
    return lambda entry, later: any(rule(entry, later) for rule in rules)


def reversible(
    name: str,
    undo: Undoing,
    rests: Resting = nothing,
    *,
    by_actor: bool = True,
    by_room: bool = False,
) -> None:
    """Declare that entries of a kind can be taken back."""
    REVERSALS[name] = Reversal(undo, rests, by_actor, by_room)


def find_entry(page: Page, seq: int) -> Entry | None:
    """Return the entry with a number, written or about to be."""
    for entry in page.entries:
        if entry.seq == seq:
            return entry
    return Entry.objects.filter(journal=page.journal, seq=seq).first()


def undone_since(page: Page, seq: int) -> set[int]:
    """Return the numbers of entries after `seq` (and itself) that were taken back."""
    return {
        (entry.facts or {}).get("seq", 0) for entry in later(page, seq) if entry.kind == ACT_UNDONE
    }


def later(page: Page, seq: int) -> list[Entry]:
    """Return the entries after a number on which something could rest: no hands or signals."""
    fleeting = [name for name, known in KINDS.items() if known.fleeting]
    rows = Entry.objects.filter(journal=page.journal, seq__gt=seq).exclude(kind__in=fleeting)
    return [*rows, *(entry for entry in page.entries if entry.seq > seq)]


def rested_on(page: Page, entry: Entry) -> bool:
    """Say whether something that still stands rests on an entry."""
    rests, undone = REVERSALS[entry.kind].rests, undone_since(page, entry.seq)
    return any(rests(entry, one) for one in later(page, entry.seq) if one.seq not in undone)
