"""Who may look at a council: everybody below it may, without a seat."""

from collections.abc import Collection
from dataclasses import dataclass

from assemblies.models import Person
from federation.models import Council, SeatTerm
from federation.sheets.chart import Chart
from federation.words.vocabulary import Words, words_of


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Somebody who may look at a council: everybody below it may, without a seat (C03)."""

    council: Council
    chart: Chart
    person: Person
    # The keys of the assemblies that they belong to.
    own: frozenset[str]

    @property
    def key(self) -> str:
        """Return the key of the council."""
        return str(self.council.assembly.key)

    @property
    def words(self) -> Words:
        """Return the words of the council's federation."""
        return words_of(self.council.federation.words)

    def units(self) -> list[str]:
        """Return the units through which they belong to the council, the nearest first."""
        return [
            one.unit
            for one in self.chart.belonging.get(self.key, ())
            if self.own & ({one.unit} | self.chart.below(one.unit))
        ]

    @property
    def may_open(self) -> frozenset[str]:
        """Return the councils whose pages they may open: those above what they belong to."""
        return frozenset(
            key
            for key in self.chart.councils
            if self.own & ({key} | self.chart.below(key)) or key == self.key
        )


def concerns(person: Person, councils: Collection[str], chart: Chart) -> bool:
    """Say whether somebody is at large in one of these councils, or holds a seat there."""
    if any(person.pk in chart.at_large.get(key, ()) for key in councils):
        return True
    pks = [chart.councils[key].pk for key in councils]
    return SeatTerm.objects.filter(person=person, ended_at=None, seat__council__in=pks).exists()
