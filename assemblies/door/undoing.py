"""What can be taken back: which entries rest on which, and which were undone (ROOM.md 5, 21)."""

from collections.abc import Sequence

from assemblies.door.house import house
from assemblies.door.kinds import Resting, Silent, card
from assemblies.door.page import Page
from assemblies.models import Entry


def touching(sheet: str, *, unless: Sequence[str] = ()) -> Resting:
    """Return a rule: every later entry that changes a sheet rests on it, a few kinds excepted."""
    return lambda entry, later: (
        later.kind not in unless and sheet in house().touches.get(later.kind, ())
    )


def on_the_item(*, unless: Sequence[str] = ()) -> Resting:
    """Return a rule: what belongs to the open item, as its sheet says, rests on it."""
    return lambda entry, later: (
        later.kind not in unless
        and not house().sheets_on_the_item.isdisjoint(house().touches.get(later.kind, ()))
    )


def find_entry(page: Page, seq: int) -> Entry | None:
    """Return the entry with a number, written or about to be."""
    for entry in page.entries:
        if entry.seq == seq:
            return entry
    return Entry.objects.filter(journal=page.journal, seq=seq).first()


def undone_since(page: Page, seq: int) -> set[int]:
    """Return the numbers of entries after `seq` (and itself) that were taken back."""
    return {
        (entry.facts or {}).get("seq", 0)
        for entry in later_entries(page, seq)
        if entry.kind == ACT_UNDONE
    }


def later_entries(page: Page, seq: int) -> list[Entry]:
    """Return the entries after a number on which something could rest: no hands or signals."""
    rows = Entry.objects.filter(journal=page.journal, seq__gt=seq)
    rows = rows.exclude(kind__in=house().fleeting)
    return [*rows, *(entry for entry in page.entries if entry.seq > seq)]


def is_rested_on(page: Page, entry: Entry) -> bool:
    """Say whether something that still stands rests on an entry."""
    undo = house().reversible[entry.kind].undo
    assert undo is not None  # noqa: S101 - it stands among the reversible ones
    undone = undone_since(page, entry.seq)
    return any(
        undo.rests(entry, one) for one in later_entries(page, entry.seq) if one.seq not in undone
    )


ACT_UNDONE = card(
    "assemblies.act_undone",
    "*",
    minutes=Silent("It is marked at the entry that was taken back."),
)
