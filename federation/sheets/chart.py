"""The chart of councils: who belongs, who decides, how many members stand below.

This is asked here and nowhere else, for a meeting (`Seen`), for an act and for a page. Everything
is loaded at once, so that nine hundred units take as many queries as nine. Bodies go by the keys of
their assemblies; a base is a body that is no council.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from assemblies.models import Assembly, Membership
from federation import rules
from federation.models import Affiliation, Application, Council
from federation.words.vocabulary import Words

# --- who belongs to one council, and who decides in it --------------------------------------------


# Members decide, and partners where the rule of the council says so (DOMAIN.md 5.3).
MEMBERS = frozenset({"member"})
PARTNERS_TOO = frozenset({"member", "partner"})


class Belongs(Protocol):
    """Whoever belongs to a council as something: a row, or what a chart knows of it."""

    @property
    def kind(self) -> str:
        """As what: member, partner, at_large, observer."""


def joined(**where: Any) -> QuerySet[Affiliation]:
    """Return who belongs to councils now, in the order in which they joined."""
    return Affiliation.objects.filter(left_at=None, **where).order_by("joined_at", "id")


def deciding_kinds(rule: rules.CouncilRule) -> frozenset[str]:
    """Return as what a unit belongs whose position is counted by a rule."""
    return PARTNERS_TOO if rule.partners_vote else MEMBERS


def decides(rule: rules.CouncilRule, row: Belongs) -> bool:
    """Say whether a unit's position is counted."""
    return row.kind in deciding_kinds(rule)


def deciding_in(council: Council) -> QuerySet[Affiliation]:
    """Return the units of a council whose positions are counted, in the order of joining."""
    kinds = deciding_kinds(rules.read_council_rule(council.rule))
    return joined(council=council, unit__isnull=False, kind__in=kinds)


def deciding_units(council: Council) -> list[Assembly]:
    """Return the assemblies whose positions a council counts."""
    return assemblies_of(deciding_in(council))


def units_of(council: Council) -> list[Assembly]:
    """Return the assemblies that belong to a council, as whatever they do."""
    return assemblies_of(joined(council=council, unit__isnull=False))


def assemblies_of(rows: QuerySet[Affiliation]) -> list[Assembly]:
    """Return the assemblies of rows that say who belongs, in one query."""
    return [row.unit for row in rows.select_related("unit") if row.unit is not None]


def applications_to(council: Council, rule: rules.CouncilRule) -> list[Application]:
    """Return the assemblies that wait to be admitted, where the council decides on that."""
    if rule.admission != "by_council":
        return []
    return list(Application.objects.filter(council=council, closed_at=None).select_related("unit"))


def rule_of(council: Council) -> rules.CouncilRule:
    """Return the rule of a council; one that cannot be read counts as the usual one."""
    try:
        return rules.read_council_rule(council.rule)
    except ValueError:
        return rules.CouncilRule()


def chain_above(assembly: Assembly) -> list[list[Council]]:
    """Return the councils above an assembly, level by level, the nearest first; each once."""
    chain: list[list[Council]] = []
    here, seen = {assembly.pk}, {assembly.pk}
    while here:
        rows = joined(unit__in=here)
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


# --- all councils of a federation -----------------------------------------------------------------


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

    A council of another federation may be a unit (B45): what is below it is loaded too. Each
    federation takes two queries; the members below take two more, whoever is asked about.
    """

    def __init__(self, federation: UUID) -> None:
        self.councils: dict[str, Council] = {}
        self.bodies: dict[str, Body] = {}
        self.belonging: dict[str, list[Belonging]] = defaultdict(list)
        # People who belong to a council without a unit, by the key of the council.
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
        ) in joined(council__federation__in=wanted).values_list(
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

    # --- who decides, and what is below

    @cached_property
    def below_each(self) -> Mapping[str, list[str]]:
        """Return the deciding units of every council, in the order in which they joined."""
        kinds = {key: deciding_kinds(rule_of(one)) for key, one in self.councils.items()}
        return {
            key: [one.unit for one in self.belonging.get(key, ()) if one.kind in kinds[key]]
            for key in self.councils
        }

    def units(self, key: str) -> list[str]:
        """Return the units of a council that decide in it, in the order in which they joined."""
        return self.below_each.get(key, [])

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

    def unit_through(self, key: str, own: Collection[UUID]) -> Body | None:
        """Return the deciding unit of a council through which somebody is asked, or None.

        `own`: the ids of the assemblies that they belong to. Of several units it is the one that
        joined first.
        """
        for unit in self.units(key):
            if any(self.bodies[base].pk in own for base in self.bases(unit)):
                return self.bodies[unit]
        return None

    # --- levels

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

    # --- how many members

    def _memberships(self) -> QuerySet[Membership]:
        units = joined(council__federation__in=self.federations).order_by()
        return Membership.objects.filter(
            left_at=None, counts=True, assembly__in=units.values("unit"), assembly__roll=None
        )

    @cached_property
    def _belonging_to(self) -> Mapping[str, int]:
        """Return how many belong to each assembly that has no roll."""
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
            return self.members_of(self.bases(key))
        roll = self.bodies[key].roll
        return self._belonging_to.get(key, 0) if roll is None else roll

    def members_of(self, bases: Collection[str]) -> int:
        """Return how many members some bases have together; who belongs to several is one."""
        here = set(bases)
        twice = sum(max(0, len(here & own) - 1) for own in self._in_several)
        return sum(map(self.members, here)) - twice

    def members_counted(
        self, units: Iterable[str], accepting: Collection[str], then: Mapping[str, int]
    ) -> dict[str, int]:
        """Return with how many members each unit is counted, where units answer (DOMAIN.md 5.4).

        A base below several units counts once, first for one that accepts. `then`: how many
        members a unit had when it answered; these count for its answer.
        """
        bases = {key: self.bases(key) for key in units}
        once = rules.each_once(bases, accepting)
        return {
            key: self.members_of(once[key])
            if len(once[key]) < len(all_below)
            else then.get(key) or self.members(key)
            for key, all_below in bases.items()
        }


def chart_of(council: Council) -> Chart:
    """Return the chart of the federation that a council is in, as it stands now."""
    return Chart(council.federation_id)
