"""What is read of councils: levels, members, who may look, roll-ups, what an item rests on."""

from fractions import Fraction

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import Http404
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assemblies.models import Assembly, Journal, Membership, Person
from federation.models import (
    Affiliation,
    Council,
    Federation,
    Mandate,
    OptOut,
    Ratification,
    SeatTerm,
    Support,
    UnitPosition,
)
from federation.pages.access import council_or_404
from federation.reading.grounds import may_be_read, rests_on
from federation.reading.progress import RollUp, add_local, more_than, progress_of, rolled_up
from federation.rules import CouncilRule
from federation.sheets.chart import Chart, chain_above
from federation.words.vocabulary import words_of
from tests.federation.bodies import agreed, carried, gone_round, grow, risen

pytestmark = pytest.mark.django_db


def asked(person, key: str):
    request = RequestFactory().get("/")
    request.user = person
    return council_or_404(request, key)


def turned_away(person, key: str) -> bool:
    try:
        asked(person, key)
    except Http404:
        return True
    return False


def queries(do) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        do()
    return len(seen)


# --- levels ---------------------------------------------------------------------------------------


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


# --- who may look ---------------------------------------------------------------------------------


def test_everybody_below_may_look_and_nobody_else():
    grown, other = grow([4, 2, 1]), grow([2, 1])
    top, city = grown.top.assembly.key, grown.levels[1][0].key
    far = grown.member(grown.levels[0][3])

    assert asked(grown.member(grown.base), top).units() == [city]
    assert not turned_away(far, top)
    assert turned_away(far, city), "the other city is not above them"
    for person in (other.member(other.base), Person.objects.create(name="Nobody"), AnonymousUser()):
        assert turned_away(person, top)
    for key in ("zzzzzzzz", "", "\x00", grown.base.key):
        assert turned_away(far, key)


def test_people_at_large_delegates_and_members_of_the_council_itself_may_look():
    grown = grow([2, 1])
    top = grown.top.assembly.key
    here = {name: Person.objects.create(name=name) for name in ("Lone", "Seated", "Own")}
    Affiliation.objects.create(
        council=grown.top, person=here["Lone"], kind="at_large", joined_at=timezone.now()
    )
    SeatTerm.objects.filter(person=grown.member(grown.base)).update(person=here["Seated"])
    Membership.objects.create(assembly=grown.top.assembly, person=here["Own"])

    assert not any(turned_away(person, top) for person in here.values())

    Affiliation.objects.filter(person=here["Lone"]).update(left_at=timezone.now())
    SeatTerm.objects.filter(person=here["Seated"]).update(ended_at=timezone.now())
    Membership.objects.filter(person=here["Own"]).update(left_at=timezone.now())

    assert all(turned_away(person, top) for person in here.values())


# --- roll-ups -------------------------------------------------------------------------------------

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


# --- what it rests on -----------------------------------------------------------------------------


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


# --- words ----------------------------------------------------------------------------------------


def test_a_federation_uses_its_own_words_and_ours_for_the_rest():
    grown = grow([2, 1], words={"unit": "block club", "units": "block clubs", "council": 7})

    words = words_of(Federation.objects.get(pk=grown.federation.pk).words)

    assert words.many_units(1) == "1 block club"
    assert words.many_units(7) == "7 block clubs"
    assert words.council == "council"
    assert words_of({"unit": "  ", "nonsense": "x"}) == words_of({})
    assert len(words_of({"unit": "x" * 500}).unit) == 60
