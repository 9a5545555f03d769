"""What a unit reads of its delegates: their statements, mandates and reports."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from assemblies.models import Assembly, Membership, Person
from federation.models import (
    Council,
    CouncilItem,
    Mandate,
    Notice,
    ReportBack,
    UnitPosition,
)
from federation.reading.rounds import Statement, statement_of
from federation.sheets.chart import joined
from federation.words.vocabulary import bound_words, said_labels

SHOWN = 10


@dataclass(slots=True)
class MeetingStatements:
    """What our delegates said in one meeting of the council."""

    meeting: Any
    at: datetime
    said: list[tuple[CouncilItem, Statement]] = field(default_factory=list)


def statements_by_meeting(council: Council, unit: Any, most: int = 30) -> list[MeetingStatements]:
    """Return what the delegates of a unit said, meeting by meeting, the newest first."""
    rows = (
        UnitPosition.objects.filter(item__council=council, unit=unit)
        .select_related("item", "meeting")
        .order_by("-at", "-round")[:most]
    )
    found: dict[Any, MeetingStatements] = {}
    for row in rows:
        where = row.meeting_id or council.assembly.local(row.at).date()
        sitting = found.setdefault(where, MeetingStatements(row.meeting, row.at))
        sitting.said.append((row.item, statement_of(row)))
    return list(found.values())


def last_statements(pairs: Iterable[tuple[Any, Any]]) -> dict[tuple[Any, Any], UnitPosition]:
    """Return what was said last for each council and unit, by their ids, in one query."""
    wanted = set(pairs)
    rows = (
        UnitPosition.objects.filter(
            item__council__in={council for council, _unit in wanted},
            unit__in={unit for _council, unit in wanted},
        )
        .annotate(
            place=Window(
                RowNumber(),
                partition_by=[F("item__council"), F("unit")],
                order_by=[F("at").desc(), F("round").desc()],
            )
        )
        .filter(place=1)
        .select_related("item")
    )
    found = {(row.item.council_id, row.unit_id): row for row in rows}
    return {pair: row for pair, row in found.items() if pair in wanted}


@dataclass(slots=True)
class Above:
    """A council that somebody belongs to through a unit, as their home page shows it."""

    council: Council
    unit: Assembly | None
    last: UnitPosition | None = None
    kind: str = "member"
    label: str = ""
    who: str = ""
    mandated: bool = False


def councils_of(person: Person) -> list[Above]:
    """Return the councils right above what somebody belongs to, with what was said there last."""
    belongs = Membership.objects.filter(person=person, left_at=None)
    mine = joined().filter(Q(unit__in=belongs.values("assembly")) | Q(person=person))
    mine = mine.select_related("council__assembly", "council__federation", "unit")
    rows = {(row.council_id, row.unit_id): row for row in mine}
    last = last_statements(pair for pair in rows if pair[1] is not None)
    return [
        above_in_words(row.council, row.unit, last.get(pair), row.kind)
        for pair, row in rows.items()
    ]


def with_last_statement(unit: Assembly, councils: Iterable[Council]) -> list[Above]:
    """Return councils with what was said there last for a unit, in the same order."""
    wanted = list(councils)
    last = last_statements((one.pk, unit.pk) for one in wanted)
    return [above_in_words(one, unit, last.get((one.pk, unit.pk))) for one in wanted]


def above_in_words(
    council: Council, unit: Assembly | None, last: UnitPosition | None, kind: str = "member"
) -> Above:
    """Return a council with what a unit said there last, in words."""
    found = Above(council, unit, last, kind)
    if last is not None:
        said = statement_of(last)
        found.label, found.who, found.mandated = said.label, ", ".join(said.who), said.mandated
    return found


def mandates_of(council: Council, unit: Any) -> list[tuple[Mandate, str, list[str]]]:
    """Return the mandates of a unit in force, what they say and their limits, the newest first."""
    labels = {**said_labels(), "yes": _("Yes"), "no": _("No")}
    rows = Mandate.objects.filter(council=council, unit=unit, ended_at=None)
    found = rows.select_related("item", "decision").order_by("-given_at", "-id")
    return [
        (row, labels.get(row.position, "") if row.position else "", bound_words(row))
        for row in found[:50]
    ]


def reports_of(council: Council, unit: Any) -> list[ReportBack]:
    """Return the last reports that a unit's delegates owed it, the newest first."""
    rows = ReportBack.objects.filter(council=council, unit=unit).select_related("meeting", "by")
    return list(rows.order_by("-due_on", "-id")[:SHOWN])


def notices_of(council: Council, unit: Any) -> list[Notice]:
    """Return the last notices to a unit about a council."""
    rows = Notice.objects.filter(council=council, unit=unit).select_related("item")
    return list(rows[:SHOWN])
