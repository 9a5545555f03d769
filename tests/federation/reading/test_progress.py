"""How far an item has come, in numbers of units and members."""

from fractions import Fraction

import pytest
from django.utils import timezone

from assemblies.models import Assembly, Journal
from federation.models import (
    OptOut,
    Ratification,
)
from federation.reading.progress import RollUp, add_local, more_than, progress_of, rolled_up
from federation.rules import CouncilRule
from federation.sheets.chart import Chart
from tests.federation.bodies import carried, gone_round, grow

pytestmark = pytest.mark.django_db


S13 = (120, 95, 80, 60, 45, 40, 30, 20, 10)


@pytest.mark.parametrize(
    ("accepting", "units", "members", "ratified"),
    [
        ((120, 95, 80, 60, 45, 40), 6, 440, True),
        ((60, 45, 40, 30, 20, 10), 6, 205, False),
        ((120, 95, 80, 60, 45), 5, 400, False),
        ((95, 60, 45, 30, 20, 10), 6, 260, True),
    ],
)
def test_the_roll_up_of_a_ratification(accepting, units, members, ratified):
    grown = grow([9, 1])
    for unit, roll in zip(grown.levels[0], S13, strict=True):
        Assembly.objects.filter(pk=unit.pk).update(roll=roll)
    item = carried(grown, grown.top, grown.base, phase="provisional")
    for unit, roll in zip(grown.levels[0], S13, strict=True):
        if roll in accepting:
            Ratification.objects.create(
                item=item,
                version=1,
                unit=unit,
                answer="accept",
                members=roll,
                decision=grown.decide(unit, "We accept"),
                at=timezone.now(),
            )
    OptOut.objects.create(item=item, unit=grown.levels[0][8], at=timezone.now())
    chart = Chart(grown.federation.pk)

    found = rolled_up(progress_of([item], chart)[0], chart, CouncilRule())

    assert (found.accepting, found.members_accepting, found.ratified) == (units, members, ratified)
    assert (found.units, found.members, found.silent) == (9, 500, 9 - units)
    assert (found.units_needed, found.members_needed, found.opted_out) == (6, 251, 1)
    # Local counts are sums of what the units' own tests had, beside the answers.
    assert found.local_present == 12 * units
    assert found.local_positions["agree"] == 10 * units


def test_answers_to_an_older_version_and_of_strangers_do_not_count():
    grown = grow([3, 1])
    item = carried(grown, grown.top, grown.base)
    gone_round(grown, item, answers=["accept", "reject", "return"])
    outside = Assembly.objects.create(journal=Journal.objects.create(), name="Elsewhere")
    Ratification.objects.create(
        item=item, version=1, unit=outside, answer="accept", at=timezone.now()
    )
    chart = Chart(grown.federation.pk)

    now = rolled_up(progress_of([item], chart)[0], chart, CouncilRule())
    item.version = 2
    later = rolled_up(progress_of([item], chart)[0], chart, CouncilRule())

    assert (now.accepting, now.rejecting, now.returning, now.silent) == (1, 1, 1, 0)
    assert (now.debated, now.mandated) == (3, 3)
    assert (later.accepting, later.silent, later.debated) == (0, 3, 0)


def test_more_than_a_share_is_the_next_whole_number():
    assert more_than(Fraction(1, 2), 500) == 251
    assert more_than(Fraction(1, 2), 501) == 251
    assert more_than(Fraction(2, 3), 9) == 7


def test_a_decision_without_numbers_adds_none():
    found = RollUp()
    add_local(found, {"present": None, "positions": "many", "votes": {"for": 3}})
    assert (found.local_present, dict(found.local_positions)) == (0, {})
    assert found.local_votes == {"for": 3}
