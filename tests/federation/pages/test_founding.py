"""Founding and joining a council on pages: two answers, and a decision behind them."""

import pytest
from django.test import Client

from assemblies.door.verifying import finding_of
from assemblies.models import Journal, Membership
from federation.models import Affiliation, Council, Notice, Seat
from federation.pages.forms.founding import key_in
from federation.words.presets import FEDERATING
from tests.federation.bodies import Grown, grow

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(db) -> Grown:
    """Three assemblies and no council; Rosa organises all of them, each has decided something."""
    grown = grow([3])
    rosa = grown.member(grown.base)
    for body in grown.levels[0]:
        Membership.objects.update_or_create(
            assembly=body, person=rosa, defaults={"organiser": True}
        )
        grown.decide(body, "We work with our neighbours")
    return grown


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def at(body, path: str = "new") -> str:
    return f"/a/{body.key}/council/{path}/"


def test_two_answers_found_a_council(three):
    first, second, third = three.levels[0]
    client = signed_in(three.member(first))
    page = client.get(at(first)).content.decode()
    assert second.name in page
    assert page.count('type="radio" name="preset"') == len(FEDERATING)
    assert "Only by those who sent them" in page, "defaults are listed"

    answer = client.post(
        at(first),
        {
            "invite": [second.key],
            "others": f"https://here.example/a/{third.key}/",
            "seats": "2",
            "preset": "two_delegate_confederation",
            "decision": "1",
        },
    )

    made = Council.objects.get()
    assert answer.headers["Location"] == f"/councils/{made.assembly.key}/"
    assert made.assembly.name == f"Council of {first.name}"
    assert made.formed_at is None
    affiliation = made.affiliations.get()
    assert (affiliation.unit, affiliation.decision.number) == (first, 1)
    assert Seat.objects.filter(council=made, unit=first).count() == 2
    assert {one.unit for one in Notice.objects.filter(kind="invited")} == {second, third}
    assert finding_of(Journal.objects.get(pk=first.journal_id)).ok
    assert finding_of(Journal.objects.get(pk=made.assembly.journal_id)).ok
    assert client.get(f"/councils/{made.assembly.key}/").status_code == 200


def test_who_is_invited_finds_it_at_home_and_joins(three):
    first, second, _third = three.levels[0]
    client = signed_in(three.member(first))
    asked = {"invite": [second.key], "seats": "1", "preset": "occupy_spokes", "decision": "1"}
    client.post(at(first), asked)
    made = Council.objects.get()

    assert f"{first.name} invites {second.name} to {made.assembly.name}." in (
        client.get("/").content.decode()
    )
    assert at(second, "join") in client.get(f"/a/{second.key}/").content.decode()
    page = client.get(at(second, "join"), {"council": made.assembly.key}).content.decode()
    assert f'value="{made.assembly.key}"' in page

    said = {"council": made.assembly.key, "decision": "1", "kind": "member"}
    answer = client.post(at(second, "join"), said)

    assert answer.status_code == 302
    made.refresh_from_db()
    assert made.formed_at is not None
    row = Affiliation.objects.get(council=made, unit=second)
    assert (row.kind, row.territorial) == ("member", False)
    assert "invites" not in client.get("/").content.decode()
    again = client.post(at(second, "join"), said)
    assert "This assembly belongs to it." in again.content.decode()


def test_an_assembly_that_has_decided_nothing_decides_first(three):
    body = three.levels[0][1]
    body.decisions.all().delete()
    client = signed_in(three.member(three.base))

    for path in ("new", "join"):
        page = client.get(at(body, path)).content.decode()
        assert "Your assembly decides this first" in page
        said = {"seats": "2", "preset": "occupy_spokes", "council": "abc", "decision": "1"}
        assert client.post(at(body, path), said).status_code == 200
    assert not Council.objects.exists()


def test_delegates_by_size_are_not_given_a_number(three):
    client = signed_in(three.member(three.base))
    said = {"seats": "2", "preset": "delegate_congress", "decision": "1"}
    client.post(at(three.base), said)

    assert Council.objects.get().rule["members_per_seat"] == 75


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"seats": "0"}, "greater than or equal to 1"),
        ({"seats": "many"}, "Enter a whole number."),
        ({"others": "zzzzzzzz"}, "There is no assembly of one of these keys."),
        ({"others": "../../etc"}, "There is no assembly of one of these keys."),
        ({"others": "\n".join(f"k{n}" for n in range(60))}, "Name at most 50 assemblies."),
        ({"invite": ["zzzzzzzz"]}, "Select a valid choice."),
        ({"preset": "nothing"}, "Select a valid choice."),
        ({"decision": "99"}, "Select a valid choice."),
        ({"name": "x" * 121}, "at most 120 characters"),
    ],
)
def test_what_does_not_fit_is_said_in_a_sentence(three, wrong, sentence):
    said = {"seats": "2", "preset": "occupy_spokes", "decision": "1", **wrong}
    answer = signed_in(three.member(three.base)).post(at(three.base), said)

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Council.objects.exists()


@pytest.mark.parametrize("key", ["zzzzzzzz", "", "a b c", "/a//", "\x07"])
def test_a_council_that_is_not_there_is_not_joined(three, key):
    said = {"council": key, "decision": "1", "kind": "member"}
    answer = signed_in(three.member(three.base)).post(at(three.base, "join"), said)

    assert answer.status_code == 200
    assert not Affiliation.objects.exists()


def test_nobody_comes_to_sit_in_itself(three):
    first = three.base
    client = signed_in(three.member(first))
    client.post(at(first), {"seats": "2", "preset": "occupy_spokes", "decision": "1"})
    council = Council.objects.get()
    three.decide(council.assembly, "We join what we are made of")
    above = grow([2, 1]).top
    three.decide(above.assembly, "We join")
    Affiliation.objects.create(
        council=above, unit=council.assembly, joined_at=council.assembly.created_at
    )
    Membership.objects.create(assembly=above.assembly, person=three.member(first), organiser=True)

    said = {"council": council.assembly.key, "decision": "1", "kind": "member"}
    answer = client.post(at(above.assembly, "join"), said)

    assert "It would come to sit in itself" in answer.content.decode()


@pytest.mark.parametrize("path", ["new", "join"])
def test_only_organisers_found_and_join(three, path):
    member = three.member(three.base, 1)

    for method in ("get", "post"):
        assert getattr(signed_in(member), method)(at(three.base, path)).status_code == 404
    page = signed_in(member).get(f"/a/{three.base.key}/").content.decode()
    assert "Found a council" not in page


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("ab12cd34", "ab12cd34"),
        (" AB12CD34 ", "ab12cd34"),
        ("https://here.example/councils/ab12cd34/", "ab12cd34"),
        ("http://10.0.0.2:8000/a/ab12cd34/decisions/", "ab12cd34"),
        ("ab-12", ""),
        ("", ""),
        ("x" * 17, ""),
    ],
)
def test_a_key_is_read_from_what_was_pasted(said, key):
    assert key_in(said) == key
