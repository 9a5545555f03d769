"""What a federation calls its parts: its own words in place of ours, on every page (B40)."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from django.utils.translation import gettext as _

LONGEST = 60


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a federation, one and many of each."""

    unit: str
    units: str
    council: str
    councils: str
    delegate: str
    delegates: str
    alternate: str
    base: str

    def many_units(self, n: int) -> str:
        """Return so many units in their words: "7 block clubs"."""
        return f"{n} {self.unit if n == 1 else self.units}"

    def many_councils(self, n: int) -> str:
        """Return so many councils in their words."""
        return f"{n} {self.council if n == 1 else self.councils}"

    def many_delegates(self, n: int) -> str:
        """Return so many delegates in their words."""
        return f"{n} {self.delegate if n == 1 else self.delegates}"


def usual() -> Words:
    """Return the words for those who have chosen none."""
    return Words(
        unit=_("assembly"),
        units=_("assemblies"),
        council=_("council"),
        councils=_("councils"),
        delegate=_("delegate"),
        delegates=_("delegates"),
        alternate=_("alternate"),
        base=_("base"),
    )


def words_of(chosen: Mapping[str, Any]) -> Words:
    """Return the words that a federation chose, ours where it chose none."""
    names = {field.name for field in fields(Words)}
    own = {
        name: said.strip()[:LONGEST]
        for name, said in chosen.items()
        if name in names and isinstance(said, str) and said.strip()
    }
    return replace(usual(), **own)
