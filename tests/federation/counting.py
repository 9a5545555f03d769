"""Counting what is below a unit by a plain walk through the rows, and counting queries.

The walk asks for one body after the other. Whenever it is asked, the chart must say the same.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from assemblies.models import Assembly, Membership
from federation import rules
from federation.models import Affiliation, Council
from federation.sheets.chart import chart_of


def people_of(unit: Assembly) -> int:
    """Return how many members a unit has; a council those of its bases, everybody once."""
    bases = walked(unit)
    belong = Membership.objects.filter(
        assembly__in=[base for base in bases if base.roll is None], counts=True, left_at=None
    )
    rolls = sum(base.roll for base in bases if base.roll is not None)
    n = rolls + belong.values("person").distinct().count()
    for council in councils_around(unit):
        assert chart_of(council).members(unit.key) == n
    return n


def bases_of(unit: Assembly) -> list[Assembly]:
    """Return the base assemblies below a unit, each once; of a base, itself."""
    bases = walked(unit)
    for council in councils_around(unit):
        assert chart_of(council).bases(unit.key) == [base.key for base in bases]
    return bases


def walked(unit: Assembly) -> list[Assembly]:
    """Return the bases below a unit, asking for one body after the other."""
    found: dict[str, Assembly] = {unit.key: unit}
    units: dict[str, list[str]] = {}
    left = [unit]
    while left:
        body = left.pop()
        council = Council.objects.filter(assembly=body).first()
        if body.key in units or council is None:
            continue
        below = deciding(council)
        units[body.key] = [one.key for one in below]
        found |= {one.key: one for one in below}
        left += below
    return [found[key] for key in rules.base_of(unit.key, units) if key not in units]


def deciding(council: Council) -> list[Assembly]:
    """Return the units of a council that are members, or partners where these vote."""
    rule = rules.read_council_rule(council.rule)
    rows = Affiliation.objects.filter(council=council, left_at=None, unit__isnull=False)
    return [
        row.unit
        for row in rows.select_related("unit").order_by("joined_at", "id")
        if row.unit is not None
        and (row.kind == "member" or (row.kind == "partner" and rule.partners_vote))
    ]


def councils_around(unit: Assembly) -> list[Council]:
    """Return the council that a unit is, and those right above it."""
    above = Affiliation.objects.filter(unit=unit, left_at=None).values("council")
    return [*Council.objects.filter(assembly=unit), *Council.objects.filter(pk__in=above)]


def queries(do: Callable[[], Any]) -> int:
    """Return how many queries something takes."""
    with CaptureQueriesContext(connection) as seen:
        do()
    return len(seen)
