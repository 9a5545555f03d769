"""One read model of councils: the chart, `Seen`, acts and pages agree, in a few queries."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assemblies.models import Assembly, Membership, Person
from federation.models import Affiliation, Council
from federation.rules import read_council_rule
from federation.services.referendum import unit_through_which
from federation.services.votes import votes_now
from federation.sheets.chart import chart_of, decides, deciding_in, deciding_units, units_of
from federation.sheets.seen import Seen
from tests.federation.bodies import Grown, carried, gone_round, grow, meet
from tests.federation.counting import bases_of, deciding, people_of, queries

pytestmark = pytest.mark.django_db


# --- councils of several kinds --------------------------------------------------------------------


def alike() -> Grown:
    """Stage two levels of councils whose units are all members."""
    return grow([6, 2, 1])


def of_every_kind() -> Grown:
    """Stage a council with a partner, an observer, a unit that left, and a person at large."""
    grown = grow([6, 1])
    for unit, kind in zip(grown.levels[0][:2], ("partner", "observer"), strict=True):
        Affiliation.objects.filter(unit=unit).update(kind=kind)
    Affiliation.objects.filter(unit=grown.levels[0][2]).update(left_at=timezone.now())
    Affiliation.objects.create(
        council=grown.top,
        person=Person.objects.create(name="Lone"),
        kind="at_large",
        joined_at=timezone.now(),
    )
    return grown


def partners_vote() -> Grown:
    """Stage the same where partners decide too."""
    grown = of_every_kind()
    Council.objects.filter(pk=grown.top.pk).update(rule={"partners_vote": True})
    return grown


def overlapping() -> Grown:
    """Stage a base in two councils, people in several bases, a base that counts by its roll."""
    grown = grow([4, 2, 1])
    other = grown.council_of(grown.levels[0][3])
    Affiliation.objects.create(council=other, unit=grown.base, joined_at=timezone.now())
    for unit in grown.levels[0][1:]:
        Membership.objects.create(assembly=unit, person=grown.member(grown.base))
    Assembly.objects.filter(pk=grown.levels[0][2].pk).update(roll=120)
    Membership.objects.filter(person=grown.member(grown.levels[0][1])).update(counts=False)
    return grown


def of_two_federations() -> Grown:
    """Stage a council of another federation as a unit."""
    grown, other = grow([3, 1]), grow([4, 1])
    Affiliation.objects.create(council=grown.top, unit=other.top.assembly, joined_at=timezone.now())
    return grown


def uneven() -> Grown:
    """Stage a base right below the highest council, and a council that nobody belongs to."""
    grown = grow([6, 3, 1])
    Affiliation.objects.filter(unit=grown.base).update(council=grown.top)
    Affiliation.objects.filter(council=grown.council_of(grown.levels[0][5])).delete()
    return grown


STAGED = [alike, of_every_kind, partners_vote, overlapping, of_two_federations, uneven]


@pytest.mark.parametrize("stage", STAGED)
def test_whoever_asks_finds_the_same_units_deciding(stage: Callable[[], Grown]):
    grown = stage()

    chart = chart_of(grown.top)
    for council in Council.objects.select_related("assembly", "federation"):
        key = council.assembly.key
        if key not in chart.councils:
            continue
        seen = Seen(council, unit=None, meeting=meet(council.assembly, "Council"))
        wanted = [unit.key for unit in deciding(council)]
        rule = read_council_rule(council.rule)

        assert chart.units(key) == wanted
        assert [row.unit.key for row in seen.members()] == wanted
        assert [unit.key for unit in deciding_units(council)] == wanted
        assert [row.unit.key for row in deciding_in(council)] == wanted
        assert [one.unit for one in chart.belonging[key] if decides(rule, one)] == wanted

        belong = [unit.key for unit in units_of(council)]
        assert list(seen.by_key) == belong == [one.unit for one in chart.belonging[key]]


@pytest.mark.parametrize("stage", STAGED)
def test_whoever_asks_finds_as_many_members_below(stage: Callable[[], Grown]):
    grown = stage()

    chart = chart_of(grown.top)
    for key, body in chart.bodies.items():
        unit = Assembly.objects.get(pk=body.pk)
        assert chart.members(key) == people_of(unit)
        assert chart.bases(key) == [base.key for base in bases_of(unit)]
    assert f"with {chart.members(grown.top.assembly.key)} members" in page_of(grown)


def page_of(grown: Grown) -> str:
    """Return the page of the highest council, as a member of a base reads it."""
    client = Client()
    client.force_login(grown.member(grown.levels[0][-1], 1))
    answer = client.get(f"/councils/{grown.top.assembly.key}/")
    return answer.content.decode()


def test_a_base_below_two_units_is_counted_with_the_one_that_accepts():
    grown = overlapping()
    chart, (one, other) = chart_of(grown.top), grown.levels[1]
    below_all = chart.members(grown.top.assembly.key)

    for accepting in (one.key, other.key):
        numbers = chart.members_counted([one.key, other.key], [accepting], {})

        assert numbers[accepting] == chart.members(accepting)
        rest = set(chart.bases(grown.top.assembly.key)) - set(chart.bases(accepting))
        assert sum(numbers.values()) == chart.members(accepting) + chart.members_of(rest)
        assert sum(numbers.values()) >= below_all


def test_what_a_unit_was_when_it_answered_counts():
    grown = grow([3, 1], members=4)
    first, second, third = (unit.key for unit in grown.levels[0])

    numbers = chart_of(grown.top).members_counted([first, second, third], [first], {first: 9})

    assert numbers == {first: 9, second: 4, third: 4}


# --- how much work it is --------------------------------------------------------------------------


def chart_and_members(grown: Grown) -> Any:
    """Ask the chart for the units of a council and the members of each."""
    chart = chart_of(grown.top)
    return [chart.members(unit) for unit in chart.units(grown.top.assembly.key)]


def as_the_meeting_sees_it(grown: Grown) -> Any:
    """Load the council for a meeting of its own."""
    meeting = grown.top.assembly.meetings.get()
    return Seen(grown.top, unit=None, meeting=meeting).members()


def votes_by_size(grown: Grown) -> Any:
    """Weigh the votes of all units."""
    council = Council.objects.select_related("assembly").get(pk=grown.top.pk)
    council.rule = {"unit_votes": "apportioned"}
    return votes_now(council)


def asked_through(grown: Grown) -> Any:
    """Find through which unit the last member is asked."""
    item = grown.top.items.select_related("council__assembly").get()
    return unit_through_which(item, grown.member(grown.levels[0][-1]))


@pytest.mark.parametrize(
    ("ask", "most"),
    [
        (chart_and_members, 4),
        (as_the_meeting_sees_it, 10),
        (votes_by_size, 4),
        (asked_through, 4),
        (page_of, 40),
    ],
)
def test_sixty_units_take_no_more_queries_than_three(ask: Callable[[Grown], Any], most: int):
    counts = []
    for n in (3, 60):
        grown = grow([n, 1])
        item = carried(grown, grown.top, grown.base, key="rent", phase="provisional")
        gone_round(grown, item, meet(grown.top.assembly, "Council"), answers=["accept"] * n)
        assert ask(grown), "what can be kept is kept"
        counts.append(queries(lambda grown=grown: ask(grown)))

    # Of few units a page also lists each beside every item, which takes one more.
    assert counts[1] <= counts[0] <= most, counts
