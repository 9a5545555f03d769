"""What the apps declare about their entries; found by autodiscovery, as Django's admin does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

EVERYTHING = frozenset({"*"})


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of journal entry: which sheets it changes, and whether retention erases its body.

    On what is `fleeting` nothing ever rests; what is erased is fleeting too.
    """

    name: str
    touches: frozenset[str]
    erasable: bool = False
    fleeting: bool = False


KINDS: dict[str, Kind] = {}


def kind(name: str, *touches: str, erasable: bool = False, fleeting: bool = False) -> str:
    """Declare a kind of entry, `<app>.<past_tense>`, and return its name."""
    KINDS[name] = Kind(name, frozenset(touches), erasable, fleeting or erasable)
    return name


def touched_by(names: set[str]) -> frozenset[str]:
    """Return the sheets that entries of these kinds may have changed; all for an unknown kind."""
    sheets: set[str] = set()
    for name in names:
        if name not in KINDS:
            return EVERYTHING
        sheets |= KINDS[name].touches
    return EVERYTHING if "*" in sheets else frozenset(sheets)


@dataclass(frozen=True, slots=True)
class WayOfDeciding:
    """A preset as the assembly's founder sees it: its name, where it comes from, in plain words."""

    code: str
    label: str | Promise
    origin: str | Promise
    words: str | Promise
    rule: dict[str, Any] = field(default_factory=dict)
    explain: Callable[[Mapping[str, Any]], list[tuple[str, str]]] = lambda rule: []

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """Return every parameter that it starts from: what it is called, what it says."""
        return self.explain(self.rule)


WAYS: dict[str, WayOfDeciding] = {}
