"""What units said of an item, round by round: in sums, and each unit in words."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.translation import ngettext

from assemblies.models import Meeting
from assemblies.sheets import votes_held
from federation.models import CouncilItem, UnitPosition
from federation.words.vocabulary import said_labels
from proposals.rules import degree_said
from proposals.words.amounts import degree_sentence, positions_sentence, votes_sentence


@dataclass(slots=True)
class Round:
    """A closed test, or the override question, in numbers of units."""

    question: str
    number: int
    version: int
    counts: Counter[str] = field(default_factory=Counter)
    # The same in votes, where units had several by the rule frozen with that meeting.
    votes: Counter[str] | None = None
    outside: int = 0

    @property
    def override(self) -> bool:
        """Say whether the units were asked if they override the objections that remain."""
        return self.question == "override"

    @property
    def sentence(self) -> str:
        """Return the counts in words, with the degree of agreement."""
        counts = self.counts if self.votes is None else self.votes
        weight = weight_sentence(self.counts, self.votes) if self.votes is not None else ""
        if self.override:
            return f"{votes_sentence(counts, override=True)} {weight}".strip()
        said = positions_sentence(counts)
        if n := self.counts["split"]:
            split = ngettext("%(n)s is split.", "%(n)s are split.", n)
            said = f"{said} {split % {'n': n}}" if n < self.counts.total() else split % {"n": n}
        said = f"{said} {weight}".strip()
        return f"{said} {degree_sentence(degree_said(counts))}".strip()


def weight_sentence(units: Counter[str], votes: Counter[str]) -> str:
    """Return the sentence that the numbers are votes, and of how many units."""
    n, of = votes.total() - votes["split"], units.total() - units["split"]
    told = ngettext(
        "Counted in votes: %(votes)s of %(n)s unit.",
        "Counted in votes: %(votes)s of %(n)s units.",
        of,
    )
    return told % {"votes": n, "n": of}


def rounds_of(item: CouncilItem) -> list[Round]:
    """Return every round of positions on an item, the oldest first."""
    said = UnitPosition.objects.filter(item=item)
    met = Meeting.objects.filter(pk__in=said.values("meeting"))
    held = {meeting.pk: votes for meeting in met if (votes := votes_held(meeting))}
    rows = (
        said.order_by()
        .values_list("question", "round", "version", "position", "outside_mandate")
        .annotate(n=Count("pk"))
    )
    found: dict[tuple[str, int], Round] = {}
    for question, number, version, position, outside, n in rows:
        one = found.setdefault((question, number), Round(question, number, version))
        one.counts[position] += n
        one.outside += n if outside else 0
    weighed = said.filter(meeting__in=held).order_by() if held else said.none()
    for question, number, position, meeting, unit in weighed.values_list(
        "question", "round", "position", "meeting", "unit__key"
    ):
        one = found[question, number]
        one.votes = Counter() if one.votes is None else one.votes
        one.votes[position] += held[meeting].get(unit, 1)
    return [found[key] for key in sorted(found, key=lambda key: (key[0] != "test", key[1]))]


@dataclass(slots=True)
class Statement:
    """What a unit said in one round, and who entered it."""

    question: str
    round: int
    version: int
    label: str
    who: list[str]
    outside: bool
    at: datetime
    meeting: Any = None
    mandated: bool = False


def statement_of(row: UnitPosition) -> Statement:
    """Return a position in words; where the delegates differ, who said what."""
    labels = said_labels()
    names = [(str(one[1]), str(one[2])) for one in row.entered if len(one) > 2]
    alike = len({position for _name, position in names}) < 2
    return Statement(
        row.question,
        row.round,
        row.version,
        labels.get(row.position, row.position),
        [name if alike else f"{name}: {labels.get(said, said)}" for name, said in names],
        row.outside_mandate,
        row.at,
        row.meeting,
        row.mandate_id is not None,
    )
