"""The page of a council: its units and seats, its words, what goes round."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assemblies.models import Person
from federation.models import (
    Affiliation,
    Council,
    CouncilItem,
    SeatTerm,
)
from tests.federation.bodies import Grown, agreed, carried, gone_round, grow, meet
from tests.federation.visiting import at, shown, signed_in

pytestmark = pytest.mark.django_db


def test_the_page_of_a_council_says_who_it_is_and_what_goes_round(city):
    page = shown(city)

    assert "7 assemblies with 21 members" in page
    assert "One rent for the whole river" in page
    assert (
        "2 accept, 1 returns it with a change, 1 rejects it, 1 is not affected, 2 have not" in page
    )
    assert "2 of 7 assemblies accept (5 needed); they have 6 of 21 members (11 needed)." in page
    assert "14 seats, 14 delegates seated." in page
    assert "Two delegates each" in page
    for unit in city.levels[0]:
        assert unit.name in page
    assert page.count("Debated it on") == 7


def test_seats_say_whether_they_are_held_over_or_vacant(city):
    terms = list(SeatTerm.objects.order_by("seat__unit", "seat__ordinal"))
    now = timezone.now()
    SeatTerm.objects.filter(pk=terms[0].pk).update(until=now - timedelta(days=1))
    SeatTerm.objects.filter(pk=terms[2].pk).update(ended_at=now, end="recalled")
    SeatTerm.objects.create(
        seat=terms[4].seat,
        person=Person.objects.create(name="Aylin"),
        standing="alternate",
        since=now,
        until=now + timedelta(days=60),
    )

    page = shown(city)

    assert "term ended on" in page
    assert "12 delegates seated, 1 term has ended, 1 is vacant." in page
    assert "recalled" not in page, "why is the base's own affair"
    assert "alternate: <bdi>Aylin</bdi>" in page


def test_a_council_with_one_unit_is_forming(city):
    Council.objects.update(formed_at=None)

    assert "it exists once a second assembly has decided to join" in shown(city)
    assert "forming" in shown(city, "map/")


def test_a_federation_speaks_in_its_own_words():
    grown = grow(
        [3, 1],
        words={
            "unit": "block club",
            "units": "block clubs",
            "council": "borough union",
            "councils": "borough unions",
            "delegates": "spokes",
        },
    )
    carried(grown, grown.top, grown.base, key="rent")

    assert "3 block clubs with 9 members" in shown(grown)
    assert "spokes" in shown(grown)
    assert "of 3 block clubs have debated it" in shown(grown, "items/rent/")
    table = shown(grown, "map/")
    assert "3 block clubs" in table
    assert "1 borough union" in table
    Council.objects.update(level_name="Borough")
    assert "Borough" in shown(grown)
    assert "Borough" in shown(grown, "map/")


def test_units_of_every_kind_stand_side_by_side(city):
    Affiliation.objects.filter(unit=city.levels[0][1]).update(territorial=False)
    Affiliation.objects.filter(unit=city.levels[0][2]).update(kind="partner")
    Affiliation.objects.create(
        council=city.top,
        person=Person.objects.create(name="Lone"),
        kind="at_large",
        joined_at=timezone.now(),
    )

    page = shown(city)

    assert "not by place" in page
    assert "partner" in page
    assert "1 person belongs at large, and is counted apart." in page


def test_what_ran_out_of_time_has_lapsed_before_anybody_writes_it_down(city):
    CouncilItem.objects.update(answer_until=timezone.now() - timedelta(minutes=1))

    assert "Lapsed" in shown(city, "items/rent/")
    assert "Lapsed" in shown(city)
    silent = signed_in(city.member(city.levels[0][6])).get("/").content.decode()
    assert "has not answered" not in silent


def busy(widths: list[int], seats: int = 1) -> Grown:
    """Return a council with an item that went round, and one that is agreed."""
    grown = grow(widths, seats=seats)
    item = carried(grown, grown.top, grown.levels[-2][0], key="rent", phase="provisional")
    gone_round(grown, item, meet(grown.top.assembly, "Council"), answers=["accept"] * 90)
    agreed(grown, carried(grown, grown.top, grown.levels[-2][0], "A mill", key="mill"))
    return grown


@pytest.mark.parametrize(
    "path", ["", "map/", "items/rent/", "items/rent/rests-on/", "log/", "record/", "from/{unit}/"]
)
def test_as_many_queries_for_many_units_as_for_few(path):
    counts = []
    for widths in ([30, 1], [90, 1]):
        grown = busy(widths)
        where = at(grown, path.format(unit=grown.base.key))
        client = signed_in(grown.member(grown.base))
        client.get(where)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(where).status_code == 200
        counts.append(len(seen))

    assert counts[0] == counts[1] < 40, counts


def test_a_congress_of_many_units_has_pages():
    grown = grow([120, 1], members=1, seats=1)

    first, last = shown(grown), shown(grown, page="99")

    assert "Page 1 of 4" in first
    assert "Page 4 of 4" in last
    assert "120 assemblies" in first
