"""What the apps declare about their entries; found by autodiscovery, as Django's admin does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assemblies.journal import Page
    from assemblies.models import Participant

EVERYTHING = frozenset({"*"})


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of journal entry: which sheets it changes, and whether retention erases its body."""

    name: str
    touches: frozenset[str]
    erasable: bool = False


KINDS: dict[str, Kind] = {}


def kind(name: str, *touches: str, erasable: bool = False) -> str:
    """Declare a kind of entry, `<app>.<past_tense>`, and return its name."""
    KINDS[name] = Kind(name, frozenset(touches), erasable)
    return name


def touched_by(names: set[str]) -> frozenset[str]:
    """Return the sheets that entries of these kinds may have changed; all for an unknown kind."""
    sheets: set[str] = set()
    for name in names:
        if name not in KINDS:
            return EVERYTHING
        sheets |= KINDS[name].touches
    return frozenset(sheets)


@dataclass(frozen=True, slots=True)
class WayOfDeciding:
    """A preset as the assembly's founder sees it: its name, where it comes from, in plain words."""

    code: str
    label: str
    origin: str
    words: str
    rule: dict[str, Any] = field(default_factory=dict)


WAYS: dict[str, WayOfDeciding] = {}

# What an app adds to the state of a meeting (ROOM.md 3): a function of the page.
STATES: "list[Callable[[Page], dict[str, Any]]]" = []


def state_part(part: "Callable[[Page], dict[str, Any]]") -> "Callable[[Page], dict[str, Any]]":
    """Have a part of the state computed by an app."""
    STATES.append(part)
    return part


# What an app adds to the personal message of somebody: a function of the page and the person.
MINES: "list[Callable[[Page, Participant], dict[str, Any]]]" = []


def mine_part(
    part: "Callable[[Page, Participant], dict[str, Any]]",
) -> "Callable[[Page, Participant], dict[str, Any]]":
    """Have a part of the personal message computed by an app."""
    MINES.append(part)
    return part


# What an app puts on the pad of a phone: a function of the page and the person.
PADS: "list[Callable[[Page, Participant], list[dict[str, Any]]]]" = []
