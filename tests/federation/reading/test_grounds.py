"""What an item rests on: every decision below, and no other decision is read elsewhere."""

import pytest
from django.utils import timezone

from federation.models import (
    Mandate,
    Support,
    UnitPosition,
)
from federation.reading.grounds import may_be_read, rests_on
from federation.sheets.chart import Chart
from tests.federation.bodies import agreed, carried, grow, risen
from tests.federation.counting import queries

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("widths", [(3, 1), (4, 2, 1), (8, 4, 2, 1), (6, 5, 4, 3, 2, 1)])
def test_a_decision_above_rests_on_every_base_below_that_said_something(widths):
    grown = grow(widths)
    items = risen(grown)
    chart = Chart(grown.federation.pk)

    levels = rests_on(items[-1], chart)

    assert len(levels) == len(widths) - 1
    rising = grown.units[items[0].council.assembly_id]
    bases = {one.decision.assembly_id for one in levels[-1]}
    assert bases == {unit.pk for unit in rising}
    assert {one.part for one in levels[-1]} == {"carried", "mandate", "answer"}
    first = next(one for one in levels[-1] if one.part == "carried")
    assert first.decision.assembly_id == grown.base.pk


def test_what_it_rests_on_takes_as_many_queries_for_many_units():
    counts = []
    for widths in ([6, 2, 1], [60, 20, 1]):
        grown = grow(widths)
        items = risen(grown)
        chart = Chart(grown.federation.pk)
        counts.append(queries(lambda items=items, chart=chart: rests_on(items[-1], chart)))

    assert counts[0] == counts[1] <= 8


def test_who_carried_the_same_up_too_and_standing_mandates_are_grounds():
    grown = grow([3, 1])
    item = carried(grown, grown.top, grown.base)
    second, third = grown.levels[0][1:]
    Support.objects.create(
        item=item, unit=second, decision=grown.decide(second, "The same"), at=timezone.now()
    )
    always = Mandate.objects.create(
        council=grown.top,
        unit=third,
        position="agree",
        decision=grown.decide(third, "Say yes to rents"),
        given_at=timezone.now(),
    )
    chart = Chart(grown.federation.pk)
    parts = [one.part for one in rests_on(item, chart)[0]]
    assert parts == ["carried", "support"]

    UnitPosition.objects.create(
        item=item,
        unit=third,
        question="test",
        round=1,
        version=1,
        position="agree",
        mandate=always,
        at=timezone.now(),
    )
    assert [one.part for one in rests_on(item, chart)[0]] == ["carried", "support", "mandate"]
    assert may_be_read(chart, grown.top.assembly.key, second.key, 1)
    assert may_be_read(chart, grown.top.assembly.key, third.key, 1)


def test_a_decision_that_goes_in_a_circle_ends():
    grown = grow([2, 1])
    item = carried(grown, grown.top, grown.base)
    item.decision = agreed(grown, item)
    item.save()

    assert len(rests_on(item, Chart(grown.federation.pk))) == 1


def test_only_what_was_carried_up_or_stands_below_is_read_elsewhere():
    grown = grow([4, 2, 1])
    items = risen(grown)
    private = grown.decide(grown.base, "Who cleans the stairs")
    chart, top = Chart(grown.federation.pk), grown.top.assembly.key
    first = items[0].decision

    assert may_be_read(chart, top, grown.base.key, first.number) == first
    assert may_be_read(chart, top, grown.base.key, private.number) is None
    assert may_be_read(chart, grown.levels[1][1].key, grown.base.key, first.number) is None
    assert may_be_read(chart, top, top, items[-1].outcome.number) == items[-1].outcome
    for rows in grown.levels:
        for body in rows:
            assert may_be_read(chart, top, body.key, 99) is None
