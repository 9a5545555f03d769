"""Where single units of a council stand on an item."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from federation.models import Affiliation, UnitPosition
from federation.reading.progress import AnswerGiven, Instruction, Progress
from federation.reading.rounds import Statement, statement_of
from federation.sheets.chart import Belonging, Chart
from federation.words.vocabulary import said_labels


def kind_label(kind: str) -> str:
    """Return as what a unit belongs, in words: member, partner, observer."""
    kinds = {str(code): str(label) for code, label in Affiliation.Kind.choices}
    return kinds.get(kind, kind)


@dataclass(slots=True)
class UnitState:
    """Where one unit stands on an item."""

    key: str
    name: str
    kind: str
    kind_label: str
    own: bool
    debated_at: datetime | None
    on_agenda: bool
    mandate: Instruction | None
    mandate_label: str
    answer: AnswerGiven | None
    opt_out: Any
    said: list[Statement] = field(default_factory=list)


def unit_states(
    progress: Progress, chart: Chart, belonging: Sequence[Belonging], own: Iterable[str]
) -> list[UnitState]:
    """Return where some units stand on an item, in two queries for all of them."""
    labels, mine = said_labels(), set(own)
    pks = {chart.bodies[one.unit].pk: one.unit for one in belonging}
    said: dict[str, list[Statement]] = defaultdict(list)
    rows = UnitPosition.objects.filter(item=progress.item, unit__in=pks)
    for row in rows.select_related("meeting").order_by("at", "round"):
        if row.unit_id is not None:
            said[pks[row.unit_id]].append(statement_of(row))
    found = []
    for one in belonging:
        mandate = progress.mandates.get(one.unit)
        found.append(
            UnitState(
                one.unit,
                chart.bodies[one.unit].name,
                one.kind,
                kind_label(one.kind),
                one.unit in mine,
                progress.debates.get(one.unit),
                one.unit in progress.debates,
                mandate,
                labels.get(mandate.position, "")
                if mandate is not None and mandate.position
                else "",
                progress.answers.get(one.unit),
                progress.opt_outs.get(one.unit),
                said[one.unit],
            )
        )
    return found
