"""What an item of a council rests on: every decision below it, down to the bases."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from federation.models import CouncilItem, Mandate, Ratification, Support, UnitPosition
from federation.sheets.chart import Chart
from federation.words.vocabulary import Words, adopted_words, said_labels
from proposals.models import Decision

READ_OF_DECISIONS = [
    f"decision__{name}"
    for name in (
        *("assembly__key", "assembly__name", "number", "title"),
        *("how", "how_on_paper", "numbers", "decided_at"),
    )
]

M = TypeVar("M", bound=Model)


def with_decisions(rows: QuerySet[M], *own: str) -> QuerySet[M]:
    """Return rows with the decisions behind them, reading of both only what pages show.

    `own`: what is read of the rows themselves.
    """
    return rows.select_related("decision__assembly").only(*own, "decision", *READ_OF_DECISIONS)


@dataclass(frozen=True, slots=True)
class Ground:
    """A decision below that something above rests on, and as what: see `part`."""

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
    # A mandate for any item is a ground of the positions taken under it.
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


@dataclass(slots=True)
class DecisionBelow:
    """A decision below, and everything as which the one above rests on it."""

    level: int
    level_name: str
    name: str
    key: str
    number: int
    decision: Decision
    parts: list[str] = field(default_factory=list)

    @property
    def adopted(self) -> str:
        """Return how it was made, and its numbers."""
        return adopted_words(self.decision)


def part_words(ground: Ground, labels: Mapping[str, str]) -> str:
    """Return in words as what something above rests on a decision below.

    `labels`: the names of positions.
    """
    if ground.part == "carried":
        return _("carried it up")
    if ground.part == "support":
        return _("carried it up too")
    if ground.part == "mandate":
        return _("mandate: %(said)s") % {"said": labels.get(ground.said, ground.said)}
    answers: dict[str, str] = {code: str(word) for code, word in Ratification.Answer.choices}
    return _("answer: %(said)s") % {"said": answers.get(ground.said, ground.said)}


def decisions_below(levels: list[list[Ground]], chart: Chart, words: Words) -> list[DecisionBelow]:
    """Return every decision that something rests on, each once, from above down to the bases."""
    found: dict[Any, DecisionBelow] = {}
    labels = said_labels()
    for grounds in levels:
        for one in grounds:
            body = one.decision.assembly
            row = found.get(one.decision.pk)
            if row is None:
                row = found[one.decision.pk] = DecisionBelow(
                    chart.level(body.key),
                    chart.level_name(body.key, words),
                    body.name,
                    body.key,
                    one.decision.number,
                    one.decision,
                )
            if (part := part_words(one, labels)) not in row.parts:
                row.parts.append(part)
    return sorted(found.values(), key=lambda row: (-row.level, row.name, row.number))
