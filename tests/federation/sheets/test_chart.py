"""The chart of councils: levels, who belongs and decides, members, the chain above."""

import pytest
from django.utils import timezone

from assemblies.models import Assembly, Membership
from federation.models import (
    Affiliation,
    Council,
)
from federation.sheets.chart import Chart, chain_above
from tests.federation.bodies import grow
from tests.federation.counting import queries
from tests.federation.visiting import turned_away

pytestmark = pytest.mark.django_db


def test_levels_are_counted_from_below_and_members_once():
    grown = grow([6, 2, 1], members=4)
    chart, top = Chart(grown.federation.pk), grown.top.assembly.key
    city = grown.levels[1][0].key

    assert [chart.level(key) for key in (grown.base.key, city, top)] == [0, 1, 2]
    assert len(chart.bases(top)) == 6
    assert len(chart.below(top)) == 8
    assert (chart.members(grown.base.key), chart.members(city), chart.members(top)) == (4, 12, 24)

    # The same base in both cities is still one base.
    council = Council.objects.get(assembly=grown.levels[1][1])
    Affiliation.objects.create(council=council, unit=grown.base, joined_at=timezone.now())
    chart = Chart(grown.federation.pk)
    assert chart.members(grown.levels[1][1].key) == 16
    assert chart.members(top) == 24


def test_a_roll_stands_for_the_members_of_a_base():
    grown = grow([2, 1], members=3)
    Assembly.objects.filter(pk=grown.base.pk).update(roll=120)

    chart = Chart(grown.federation.pk)

    assert chart.members(grown.base.key) == 120
    assert chart.members(grown.top.assembly.key) == 123


def test_who_left_is_no_member_and_a_unit_that_left_is_no_unit():
    grown = grow([2, 1], members=3)
    Membership.objects.filter(person=grown.member(grown.base)).update(left_at=timezone.now())
    Affiliation.objects.filter(unit=grown.levels[0][1]).update(left_at=timezone.now())

    chart = Chart(grown.federation.pk)

    assert chart.units(grown.top.assembly.key) == [grown.base.key]
    assert chart.members(grown.top.assembly.key) == 2


def test_partners_and_observers_belong_and_do_not_decide():
    grown = grow([3, 1])
    for kind, unit in zip(("partner", "observer"), grown.levels[0], strict=False):
        Affiliation.objects.filter(unit=unit).update(kind=kind)

    chart, top = Chart(grown.federation.pk), grown.top.assembly.key

    assert chart.units(top) == [grown.levels[0][2].key]
    assert len(chart.below(top)) == 3
    assert chart.members(top) == 3

    Council.objects.filter(pk=grown.top.pk).update(rule={"partners_vote": True})
    assert len(Chart(grown.federation.pk).units(top)) == 2


def test_the_chain_above_is_told_level_by_level():
    grown = grow([4, 2, 1])

    chain = chain_above(grown.base)

    assert [[one.assembly.name for one in row] for row in chain] == [
        [grown.levels[1][0].name],
        [grown.levels[2][0].name],
    ]
    assert chain_above(grown.levels[2][0]) == []


def test_as_many_queries_for_many_units_as_for_few():
    few, many = grow([30, 3, 1]), grow([90, 9, 1])
    for grown in (few, many):
        Chart(grown.federation.pk).members(grown.top.assembly.key)

    counts = [
        queries(lambda grown=grown: Chart(grown.federation.pk).members(grown.top.assembly.key))
        for grown in (few, many)
    ]

    assert counts[0] == counts[1] <= 4


def test_a_council_of_another_federation_brings_its_own_bases_along():
    grown, other = grow([3, 1]), grow([4, 1])
    Affiliation.objects.create(council=grown.top, unit=other.top.assembly, joined_at=timezone.now())

    chart = Chart(grown.federation.pk)

    assert len(chart.bases(grown.top.assembly.key)) == 7
    assert chart.level(grown.top.assembly.key) == 2
    assert not turned_away(other.member(other.base), grown.top.assembly.key)
