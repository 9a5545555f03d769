"""Who may read the pages of a council: everybody below it, and nobody else."""

import re
from urllib.parse import quote

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from assemblies.models import Membership, Person
from federation.models import (
    Affiliation,
    Council,
    Notice,
    OptOut,
    Ratification,
    SeatTerm,
    UnitPosition,
)
from tests.federation.bodies import carried, gone_round, grow, meet
from tests.federation.visiting import at, every_path, onlooker, shown, signed_in, turned_away
from tests.rooms import but_its_address

pytestmark = pytest.mark.django_db


NASTY = "<script>alert(1)</script>\"'</section>"


def test_pages_are_there_for_everybody_below_and_not_there_for_others(city):
    other = grow([2, 1])
    strangers = [None, Person.objects.create(name="Stranger"), other.member(other.base)]
    nowhere = at(city).replace(city.top.assembly.key, "zzzzzzzz")

    for path in every_path(city):
        assert signed_in(city.member(city.base)).get(at(city, path)).status_code == 200, path
        posted = signed_in(city.member(city.base)).post(at(city, path))
        # Two of them take an answer, and say what is missing.
        takes = path.startswith(("from/", "items/")) and not path.endswith("rests-on/")
        assert posted.status_code == (200 if takes else 405), path
        for stranger in strangers:
            assert closed(stranger, at(city, path)) == closed(stranger, nowhere + path), path


def closed(person: Person | None, path: str) -> bytes:
    """Return the page that says that there is nothing, but for its own address on it."""
    answer = signed_in(person).get(path)
    assert answer.status_code == 404, path
    return but_its_address(answer)


def test_who_left_reads_no_more(city):
    person = city.member(city.base, 2)
    Membership.objects.filter(person=person).update(left_at=timezone.now())

    assert {signed_in(person).get(at(city, path)).status_code for path in every_path(city)} == {404}


def test_what_a_base_is_told_is_its_own(city):
    neighbour = city.member(city.levels[0][1])
    answer = signed_in(neighbour).get(at(city, f"from/{city.base.key}/"))

    assert answer.status_code == 404
    assert shown(city, f"from/{city.levels[0][1].key}/", neighbour)


def test_a_delegate_of_a_unit_reads_what_it_is_told(city):
    outsider = Person.objects.create(name="Spoke")
    SeatTerm.objects.filter(person=city.member(city.base)).update(person=outsider)

    assert shown(city, f"from/{city.base.key}/", outsider)


@pytest.mark.parametrize(
    "path",
    [
        *("items/nothing/", "items/nothing/rests-on/", "from/nothing/", "decisions/nothing/1/"),
        *("items/%00/", "from/%00/", "decisions/%00/1/", "decisions/{base}/999999999999999999/"),
        *("decisions/{base}/77/", "from/{council}/", "items/" + "x" * 500 + "/"),
        "items/" + quote("“ ⁂ ' OR 1=1 --") + "/",
    ],
)
def test_what_is_not_there_is_a_404(city, path):
    path = path.format(base=city.base.key, council=city.top.assembly.key)

    assert signed_in(city.member(city.base)).get(at(city, path)).status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "9" * 30, "last", "%00", "1;2", ""])
def test_a_page_that_is_not_there_is_the_nearest(city, page):
    client = signed_in(city.member(city.base))
    for path in ("", "log/", "items/rent/", "items/rent/rests-on/"):
        assert client.get(at(city, path) + f"?page={page}").status_code == 200, (path, page)
    for asked in ("in", "on"):
        assert client.get(at(city, "map.svg") + f"?{asked}={page}").status_code == 200


def test_text_of_people_is_shown_as_text():
    grown = grow([2, 1], words={"unit": NASTY, "units": NASTY, "council": NASTY})
    for body in (grown.base, grown.top.assembly):
        body.name = NASTY
        body.save()
    Person.objects.update(name=NASTY)
    Council.objects.update(level_name=NASTY)
    item = carried(grown, grown.top, grown.base, NASTY, key="rent", scope={"unit": grown.base.key})
    gone_round(grown, item, meet(grown.top.assembly, NASTY), answers=["return"])
    Ratification.objects.update(reason=NASTY, change=NASTY)
    OptOut.objects.create(item=item, unit=grown.base, reason=NASTY, at=timezone.now())
    UnitPosition.objects.update(position="odd", entered=[["", NASTY, NASTY], ["", "Bo", "agree"]])
    Notice.objects.create(
        unit=grown.base, council=grown.top, kind=NASTY[:24], at=timezone.now(), item=item
    )

    client = signed_in(grown.member(grown.base))
    for path in [*(at(grown, one) for one in every_path(grown)), "/", f"/a/{grown.base.key}/"]:
        answer = client.get(path)
        assert answer.status_code == 200, path
        body = answer.content.decode()
        assert "<script>alert" not in body, path
        assert "</section>\"'" not in body, path


def test_who_is_signed_out_finds_the_way_in_and_comes_back_to_the_page(city):
    member = city.member(city.base)
    member.handle = "rosa"
    member.set_password("a long and quiet word")
    member.save()
    client = Client()

    closed = client.get(at(city, "log/"))

    assert closed.status_code == 404
    way = re.search(r'href="(/sign-in/\?next=[^"]+)"', closed.content.decode())
    assert way, "a link to sign in"
    said = {"username": "rosa", "password": "a long and quiet word"}
    assert client.post(way[1], {**said, "next": at(city, "log/")})["Location"] == at(city, "log/")
    assert (
        "sign-in"
        not in signed_in(member).get(at(city, "nowhere/")).content.decode().split("<footer")[0]
    )


def test_everybody_below_may_look_and_nobody_else():
    grown, other = grow([4, 2, 1]), grow([2, 1])
    top, city = grown.top.assembly.key, grown.levels[1][0].key
    far = grown.member(grown.levels[0][3])

    assert onlooker(grown.member(grown.base), top).units() == [city]
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
