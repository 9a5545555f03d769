"""How far items of a council have come: what each unit did, and the roll-up in numbers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any, NamedTuple

from federation import rules
from federation.models import CouncilItem, Debate, Mandate, OptOut, Ratification
from federation.sheets.chart import Chart


@dataclass(slots=True)
class RollUp:
    """How the units answered, in numbers (DOMAIN.md 5.4, 8).

    The counts of local tests are for information: they are never added as votes.
    """

    units: int = 0
    members: int = 0
    accepting: int = 0
    returning: int = 0
    rejecting: int = 0
    not_affected: int = 0
    silent: int = 0
    members_accepting: int = 0
    opted_out: int = 0
    debated: int = 0
    mandated: int = 0
    local_decisions: int = 0
    local_present: int = 0
    local_positions: Counter[str] = field(default_factory=Counter)
    local_votes: Counter[str] = field(default_factory=Counter)
    units_needed: int = 0
    members_needed: int = 0
    ratified: bool = False


class Basis(NamedTuple):
    """What others may read of a unit's decision: whose it is, its number and its counts."""

    assembly: str
    number: int
    numbers: Mapping[str, Any]


class Instruction(NamedTuple):
    """What a mandate says, and whether it has ended."""

    kind: str
    position: str
    ended_at: datetime | None
    decision: Basis | None

    @property
    def kind_label(self) -> str:
        """Return what such a mandate is called."""
        return str(Mandate.Kind(self.kind).label)


class AnswerGiven(NamedTuple):
    """A unit's answer to what the council agreed on, and how many members it had then."""

    answer: str
    members: int
    at: datetime
    decision: Basis | None

    @property
    def label(self) -> str:
        """Return what the answer is called."""
        return str(Ratification.Answer(self.answer).label)


@dataclass(slots=True)
class Progress:
    """What each unit did about an item so far, by the keys of the units."""

    item: CouncilItem
    units: list[str] = field(default_factory=list)
    # The units that had it on an agenda, and when they finished that point.
    debates: dict[str, datetime | None] = field(default_factory=dict)
    mandates: dict[str, Instruction] = field(default_factory=dict)
    answers: dict[str, AnswerGiven] = field(default_factory=dict)
    opt_outs: dict[str, OptOut] = field(default_factory=dict)

    def decisions(self) -> list[Basis]:
        """Return what each unit decided about it last: its answer, or else its mandate."""
        made = {unit: row.decision for unit, row in self.mandates.items() if row.decision}
        made |= {unit: row.decision for unit, row in self.answers.items() if row.decision}
        return list(made.values())


BASIS = ("decision__assembly__key", "decision__number", "decision__numbers")


def basis(assembly: str | None, number: int, numbers: Any) -> Basis | None:
    """Return the decision behind a row, None where there is none."""
    if assembly is None:
        return None
    return Basis(assembly, number, numbers if isinstance(numbers, Mapping) else {})


def progress_of(items: Iterable[CouncilItem], chart: Chart) -> list[Progress]:
    """Return what the units of a council did about its items, in four queries for all of them.

    Debates and answers are those on the version that is before the units now. Of hundreds of units
    only the columns that pages show are read, not whole rows.
    """
    by_pk = {item.pk: Progress(item, chart.units(key_of(item, chart))) for item in items}
    wanted = {"item__in": list(by_pk)}
    names = {body.pk: key for key, body in chart.bodies.items()}
    debates = Debate.objects.filter(**wanted).values_list("item", "unit", "version", "debated_at")
    for item, unit, version, at in debates:
        if version == by_pk[item].item.version and unit in names:
            by_pk[item].debates[names[unit]] = at
    told = Mandate.objects.filter(**wanted).order_by("given_at", "id")
    rows = told.values_list("item", "unit", "kind", "position", "ended_at", *BASIS)
    for item, unit, kind, position, ended_at, *decided in rows:
        if unit in names:
            by_pk[item].mandates[names[unit]] = Instruction(
                kind, position, ended_at, basis(*decided)
            )
    answers = Ratification.objects.filter(**wanted)
    given = answers.values_list("item", "unit", "version", "answer", "members", "at", *BASIS)
    for item, unit, version, answer, members, at, *decided in given:
        if version == by_pk[item].item.version and unit in names:
            by_pk[item].answers[names[unit]] = AnswerGiven(answer, members, at, basis(*decided))
    for out in OptOut.objects.filter(**wanted):
        if out.unit_id in names:
            by_pk[out.item_id].opt_outs[names[out.unit_id]] = out
    return list(by_pk.values())


def key_of(item: CouncilItem, chart: Chart) -> str:
    """Return the key of the council that an item is before."""
    return next(key for key, one in chart.councils.items() if one.pk == item.council_id)


def rolled_up(progress: Progress, chart: Chart, rule: rules.CouncilRule) -> RollUp:
    """Return how the units answered, in numbers."""
    answers = {key: one for key, one in progress.answers.items() if key in progress.units}
    said = Counter(one.answer for one in answers.values())
    accepting = [key for key, one in answers.items() if one.answer == "accept"]
    then = {key: one.members for key, one in answers.items()}
    members = chart.members_counted(progress.units, accepting, then)
    found = RollUp(
        units=len(progress.units),
        members=sum(members.values()),
        accepting=said["accept"],
        returning=said["return"],
        rejecting=said["reject"],
        not_affected=said["not_affected"],
        silent=len(progress.units) - len(answers),
        members_accepting=sum(members[key] for key in accepting),
        opted_out=len(progress.opt_outs),
        debated=sum(1 for at in progress.debates.values() if at is not None),
        mandated=sum(1 for key in progress.mandates if key in progress.units),
        units_needed=rules.units_needed(len(progress.units), rule.ratify_units),
        members_needed=more_than(rule.ratify_members, sum(members.values())),
        ratified=rules.ratified(
            members, accepting, units=rule.ratify_units, people=rule.ratify_members
        ),
    )
    for decision in progress.decisions():
        add_local(found, decision.numbers)
    return found


def more_than(share: Fraction, of: int) -> int:
    """Return the smallest whole number that is more than a share: 251 of 500 for one half."""
    return share.numerator * of // share.denominator + 1


def add_local(found: RollUp, numbers: Mapping[str, Any]) -> None:
    """Add the counts of one local test, for information."""
    found.local_decisions += 1
    found.local_present += number_in(numbers, "present")
    for name, sums in (("positions", found.local_positions), ("votes", found.local_votes)):
        said = numbers.get(name)
        if isinstance(said, Mapping):
            sums.update({str(one): n for one, n in said.items() if isinstance(n, int) and n > 0})


def number_in(numbers: Mapping[str, Any], name: str) -> int:
    """Return a number of a decision, 0 where it has none."""
    n = numbers.get(name)
    return n if isinstance(n, int) and not isinstance(n, bool) else 0
