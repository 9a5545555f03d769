"""Councils as a whole, to be read: who belongs to whom, who may look, how far an item has come.

What belongs together is loaded at once, so that nine hundred units take as many queries as nine.
Bodies go by the keys of their assemblies; a base is a body that is no council.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import Count, Model, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from assemblies.models import Assembly, Membership, Person
from assemblies.pages.people import myself
from federation import rules
from federation.models import (
    Affiliation,
    Council,
    CouncilItem,
    Debate,
    Mandate,
    OptOut,
    Ratification,
    SeatTerm,
    Support,
    UnitPosition,
)
from federation.words.vocabulary import Words, words_of
from proposals.models import Decision

# --- who belongs to whom --------------------------------------------------------------------------


class Body(NamedTuple):
    """An assembly or a council, as its neighbours know it."""

    pk: UUID
    key: str
    name: str
    kind: str
    roll: int | None


class Belonging(NamedTuple):
    """How a unit belongs to a council."""

    unit: str
    kind: str
    territorial: bool
    joined_at: datetime


class Chart:
    """The councils of a federation and all that is below them, as it stands now.

    A council of another federation may be a unit (B45): what is below it is loaded too.
    """

    def __init__(self, federation: UUID) -> None:
        self.councils: dict[str, Council] = {}
        self.bodies: dict[str, Body] = {}
        self.belonging: dict[str, list[Belonging]] = defaultdict(list)
        self.at_large: dict[str, set[UUID]] = defaultdict(set)
        self.federations: set[UUID] = set()
        wanted = {federation}
        while wanted := wanted - self.federations:
            self.federations |= wanted
            wanted = self._load(wanted)
        self._levels: dict[str, int] = {}

    def _load(self, wanted: set[UUID]) -> set[UUID]:
        """Load federations; return those of units that are councils themselves."""
        found = Council.objects.filter(federation__in=wanted)
        for council in found.select_related("assembly", "federation").order_by("pk"):
            self.councils[council.assembly.key] = council
            body = council.assembly
            self.bodies[body.key] = Body(body.pk, body.key, body.name, body.kind, body.roll)
        rows = Affiliation.objects.filter(left_at=None, council__federation__in=wanted)
        further = set()
        for (
            above,
            pk,
            key,
            name,
            what,
            roll,
            person,
            kind,
            territorial,
            joined_at,
            other,
        ) in rows.order_by("joined_at", "id").values_list(
            *("council__assembly__key", "unit", "unit__key", "unit__name", "unit__kind"),
            *("unit__roll", "person", "kind", "territorial", "joined_at"),
            "unit__council__federation",
        ):
            if key is None:
                self.at_large[above].add(person)
                continue
            self.bodies.setdefault(key, Body(pk, key, name, what, roll))
            self.belonging[above].append(Belonging(key, kind, territorial, joined_at))
            if other is not None:
                further.add(other)
        return further

    def units(self, key: str) -> list[str]:
        """Return the units of a council that decide in it, in the order in which they joined."""
        council = self.councils.get(key)
        partners = council is not None and council.rule.get("partners_vote") is True
        deciding = {"member", "partner"} if partners else {"member"}
        return [one.unit for one in self.belonging.get(key, ()) if one.kind in deciding]

    @cached_property
    def below_each(self) -> Mapping[str, list[str]]:
        """Return the deciding units of every council."""
        return {key: self.units(key) for key in self.councils}

    def below(self, key: str) -> set[str]:
        """Return everything below a body, partners and observers too, at any depth."""
        found: set[str] = set()
        left = [key]
        while left:
            for one in self.belonging.get(left.pop(), ()):
                if one.unit not in found:
                    found.add(one.unit)
                    left.append(one.unit)
        return found - {key}

    def bases(self, key: str) -> list[str]:
        """Return the base assemblies below a body, each once; of a base, itself."""
        if key not in self.councils:
            return [key]
        return [one for one in rules.base_of(key, self.below_each) if one not in self.councils]

    def level(self, key: str) -> int:
        """Return how high a body stands: 0 at the base, a council one above its highest unit."""
        if key not in self._levels:
            self._levels[key] = 0  # a circle, which the rules forbid, would end here
            if key in self.councils:
                self._levels[key] = 1 + max(map(self.level, self.units(key)), default=0)
        return self._levels[key]

    def level_name(self, key: str, words: Words) -> str:
        """Return what the level of a body is called, in the words of its federation."""
        if key not in self.councils:
            return words.base
        return self.councils[key].level_name or _("level %(n)s") % {"n": self.level(key)}

    def _memberships(self) -> QuerySet[Membership]:
        units = Affiliation.objects.filter(left_at=None, council__federation__in=self.federations)
        return Membership.objects.filter(
            left_at=None, counts=True, assembly__in=units.values("unit"), assembly__roll=None
        )

    @cached_property
    def _belonging_to(self) -> Mapping[str, int]:
        rows = self._memberships().values_list("assembly__key")
        return dict(rows.annotate(n=Count("pk")))

    @cached_property
    def _in_several(self) -> list[set[str]]:
        """Return the assemblies of each person who belongs to more than one."""
        often = self._memberships().values("person").annotate(n=Count("pk")).filter(n__gt=1)
        rows = self._memberships().filter(person__in=often.values("person"))
        found: dict[UUID, set[str]] = defaultdict(set)
        for person, key in rows.values_list("person", "assembly__key"):
            found[person].add(key)
        return list(found.values())

    def members(self, key: str) -> int:
        """Return the members of a body: its roll, or who belongs; of a council, of all its bases.

        Each base counts once, however many ways lead to it; and everybody who belongs to several.
        """
        if key in self.councils:
            bases = self.bases(key)
            below = set(bases)
            twice = sum(max(0, len(below & own) - 1) for own in self._in_several)
            return sum(map(self.members, bases)) - twice
        roll = self.bodies[key].roll
        return self._belonging_to.get(key, 0) if roll is None else roll


def chain_above(assembly: Assembly) -> list[list[Council]]:
    """Return the councils above an assembly, level by level, the nearest first; each once."""
    chain: list[list[Council]] = []
    here, seen = {assembly.pk}, {assembly.pk}
    while here:
        rows = Affiliation.objects.filter(unit__in=here, left_at=None).order_by("joined_at", "id")
        found = {
            row.council.assembly_id: row.council
            for row in rows.select_related("council__assembly", "council__federation")
            if row.council.assembly_id not in seen
        }
        if found:
            chain.append(list(found.values()))
        here = set(found)
        seen |= here
    return chain


# --- who may look ---------------------------------------------------------------------------------


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


def council_or_404(request: HttpRequest, key: str) -> Onlooker:
    """Return a council to whom it concerns: who belongs to it, or to anything below it.

    Besides the members of every unit at any depth these are the people at large, and who holds a
    seat. Everybody else gets the 404 of what is not there.
    """
    if request.user.is_authenticated and "\x00" not in key:
        person = myself(request)
        rows = Council.objects.select_related("assembly", "federation")
        council = rows.filter(assembly__key=key).first()
        own = frozenset(
            Membership.objects.filter(person=person, left_at=None).values_list(
                "assembly__key", flat=True
            )
        )
        if council is not None:
            chart = Chart(council.federation_id)
            reach = {key} | chart.below(key)
            if own & reach or concerns(person, reach & chart.councils.keys(), chart):
                return Onlooker(council, chart, person, own)
    raise Http404(_("There is nothing here for you."))


def concerns(person: Person, councils: Collection[str], chart: Chart) -> bool:
    """Say whether somebody is at large in one of these councils, or holds a seat there."""
    if any(person.pk in chart.at_large.get(key, ()) for key in councils):
        return True
    pks = [chart.councils[key].pk for key in councils]
    return SeatTerm.objects.filter(person=person, ended_at=None, seat__council__in=pks).exists()


# --- how far an item has come ---------------------------------------------------------------------


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
    """A decision of a unit, as far as others read it: whose, which, and its counts."""

    assembly: str
    number: int
    numbers: Mapping[str, Any]


class Instruction(NamedTuple):
    """A mandate, by what it says and whether it still holds."""

    kind: str
    position: str
    ended_at: datetime | None
    decision: Basis | None

    @property
    def kind_label(self) -> str:
        """Return what such a mandate is called."""
        return str(Mandate.Kind(self.kind).label)


class Answered(NamedTuple):
    """An answer to what the council agreed on, and how many belonged to who gave it."""

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
    # On whose agenda it is or was, and when that point was finished.
    debates: dict[str, datetime | None] = field(default_factory=dict)
    mandates: dict[str, Instruction] = field(default_factory=dict)
    answers: dict[str, Answered] = field(default_factory=dict)
    opt_outs: dict[str, OptOut] = field(default_factory=dict)

    def decisions(self) -> list[Basis]:
        """Return what each unit decided about it last: its answer, or else its mandate."""
        made = {unit: row.decision for unit, row in self.mandates.items() if row.decision}
        made |= {unit: row.decision for unit, row in self.answers.items() if row.decision}
        return list(made.values())


READ_OF_DECISIONS = [
    f"decision__{name}"
    for name in (
        *("assembly__key", "assembly__name", "number", "title"),
        *("how", "how_on_paper", "numbers", "decided_at"),
    )
]
M = TypeVar("M", bound=Model)


def with_decisions(rows: QuerySet[M], *own: str) -> QuerySet[M]:
    """Return rows with the decisions behind them, of both what pages tell of hundreds.

    `own`: what is read of the rows themselves.
    """
    return rows.select_related("decision__assembly").only(*own, "decision", *READ_OF_DECISIONS)


BASIS = ("decision__assembly__key", "decision__number", "decision__numbers")


def basis(assembly: str | None, number: int, numbers: Any) -> Basis | None:
    """Return the decision behind a row, None where there is none."""
    if assembly is None:
        return None
    return Basis(assembly, number, numbers if isinstance(numbers, Mapping) else {})


def progress_of(items: Iterable[CouncilItem], chart: Chart) -> list[Progress]:
    """Return what the units of a council did about its items, in as many queries for all of them.

    Debates and answers are those on the version that is before the units now. Of hundreds of units
    what is read is what is told of each, not whole rows.
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
            by_pk[item].answers[names[unit]] = Answered(answer, members, at, basis(*decided))
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
    bases = {key: chart.bases(key) for key in progress.units}
    once = rules.each_once(bases, accepting)
    # What a unit was when it answered counts for its answer.
    members = {
        key: sum(map(chart.members, once[key]))
        if len(once[key]) < len(bases[key])
        else answers[key].members
        if key in answers and answers[key].members
        else chart.members(key)
        for key in progress.units
    }
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
    found.local_present += counted(numbers, "present")
    for name, sums in (("positions", found.local_positions), ("votes", found.local_votes)):
        said = numbers.get(name)
        if isinstance(said, Mapping):
            sums.update({str(one): n for one, n in said.items() if isinstance(n, int) and n > 0})


def counted(numbers: Mapping[str, Any], name: str) -> int:
    """Return a number of a decision, 0 where it has none."""
    n = numbers.get(name)
    return n if isinstance(n, int) and not isinstance(n, bool) else 0


# --- what it rests on -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ground:
    """A decision below that something above rests on, and what it did for it."""

    decision: Decision
    # "carried", "support", "mandate" or "answer", with the position or the answer given.
    part: str
    said: str
    # For which council, by the key of its assembly.
    council: str


def rests_on(item: CouncilItem, chart: Chart) -> list[list[Ground]]:
    """Return every decision below that an item rests on, level by level down to the bases.

    A unit that is a council decides by items of its own, which rest on decisions further below.
    Four queries for each level, however many units it has.
    """
    levels: list[list[Ground]] = []
    by_pk = {one.pk: key for key, one in chart.councils.items()}
    here, had = [item], {item.pk}
    while here:
        grounds = grounds_of(here, by_pk)
        if grounds:
            levels.append(grounds)
        further = with_decisions(
            CouncilItem.objects.filter(
                outcome__in={one.decision.pk for one in grounds}, council__in=by_pk
            ),
            *("council", "version"),
        )
        here = [one for one in further.order_by("carried_at", "id") if one.pk not in had]
        had |= {one.pk for one in here}
    return levels


def grounds_of(items: list[CouncilItem], councils: Mapping[UUID, str]) -> list[Ground]:
    """Return the decisions of the units right below that items rest on."""
    by_pk = {one.pk: one for one in items}
    found = [
        Ground(one.decision, "carried", "", councils[one.council_id])
        for one in items
        if one.decision is not None
    ]
    also = Support.objects.filter(item__in=by_pk).exclude(decision=None)
    for row in with_decisions(also, "item"):
        if row.decision is not None:
            council = councils[by_pk[row.item_id].council_id]
            found.append(Ground(row.decision, "support", "", council))
    # A mandate for whatever comes is a ground of what was said under it.
    said = UnitPosition.objects.filter(item__in=by_pk).exclude(mandate=None)
    told = Mandate.objects.filter(Q(item__in=by_pk) | Q(item=None, pk__in=said.values("mandate")))
    told = with_decisions(told, "council", "item", "unit", "position")
    newest = {(row.item_id, row.unit_id): row for row in told.order_by("given_at", "id")}
    for one in newest.values():
        if one.decision is not None:
            found.append(Ground(one.decision, "mandate", one.position, councils[one.council_id]))
    answers = Ratification.objects.filter(item__in=by_pk)
    answers = with_decisions(answers, "item", "answer", "version")
    for answer in answers.order_by("at", "id"):
        item = by_pk[answer.item_id]
        if answer.decision is not None and answer.version == item.version:
            found.append(
                Ground(answer.decision, "answer", answer.answer, councils[item.council_id])
            )
    return found


def may_be_read(chart: Chart, council: str, assembly: str, number: int) -> Decision | None:
    """Return a decision below a council that was carried up, or that something above rests on.

    Nothing else that an assembly decided is anybody's business outside of it.
    """
    keys = {council} | chart.below(council)
    pks = [one.pk for key, one in chart.councils.items() if key in keys]
    if assembly not in keys:
        return None
    return (
        Decision.objects.filter(
            Q(carried_up__council__in=pks)
            | Q(supports__item__council__in=pks)
            | Q(council_items__council__in=pks)
            | Q(mandates__council__in=pks)
            | Q(ratifications__item__council__in=pks),
            assembly__key=assembly,
            number=number,
        )
        .select_related("assembly")
        .distinct()
        .first()
    )
