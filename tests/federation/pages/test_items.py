"""The pages of an item: what each unit said, and the decisions that it rests on."""

import pytest
from django.utils import timezone

from federation.models import (
    CouncilItem,
    OptOut,
    Ratification,
    UnitPosition,
)
from tests.federation.bodies import carried, grow, risen
from tests.federation.visiting import at, shown, signed_in

pytestmark = pytest.mark.django_db


def test_an_item_tells_where_it_comes_from_and_what_each_unit_said(city):
    page = shown(city, "items/rent/")

    assert "Nobody pays more than before." in page
    assert f"Carried up by {city.base.name}" in page
    assert "5 agree, 1 stands aside, 1 disagrees. Degree of agreement: 6/7, 85.71 %." in page
    assert "For information: these are never added as votes." in page
    assert "In the last decisions of 7 units, together:" in page
    assert page.index(city.base.name) < page.index(city.levels[0][1].name)
    assert "Mandate: Agree (imperative)" in page


def test_a_split_unit_shows_who_said_what_and_what_was_outside_a_mandate(city):
    UnitPosition.objects.filter(unit=city.base).update(
        position="split",
        entered=[["", "Rosa", "agree"], ["", "Ken", "disagree"]],
        outside_mandate=True,
    )

    page = shown(city, "items/rent/")

    assert "Split: no position" in page
    assert "Rosa: Agree" in page
    assert "Ken: Disagree" in page
    assert "1 outside its mandate." in page
    assert "1 is split." in page


def test_every_round_and_the_override_question_are_told_in_order(city):
    item = CouncilItem.objects.get(key="rent")
    for unit in city.levels[0]:
        for question, number, said in (("test", 2, "disagree"), ("override", 1, "for")):
            UnitPosition.objects.create(
                item=item,
                unit=unit,
                question=question,
                round=number,
                version=1,
                position=said,
                at=timezone.now(),
            )

    page = shown(city, "items/rent/")

    places = [page.index(one) for one in ("Round 1", "Round 2", "Override question 1")]
    assert places == sorted(places)
    assert "7 yes, 0 no, 0 abstain." in page


def test_objections_reasons_and_opt_outs_are_told(city):
    item = CouncilItem.objects.get(key="rent")
    item.scope = {
        "unit": city.levels[0][2].key,
        "reason": "This is our own yard.",
        "said": {city.base.key: "shared", city.levels[0][1].key: "ours"},
    }
    item.referred = {city.levels[0][3].key: {"version": 1}}
    item.phase = "in_force"
    item.save()
    Ratification.objects.filter(answer="return").update(reason="Not in winter.")
    OptOut.objects.create(
        item=item, unit=city.levels[0][6], reason="We have no landlord.", at=timezone.now()
    )

    page = shown(city, "items/rent/")

    assert "This is our own yard." in page
    assert "1 say that it is shared, 1 that it is not." in page
    assert "Taken back to ask by:" in page
    assert "Not in winter." in page
    assert "We have no landlord." in page
    assert "6 carry it out, 1 opted out." in page


def test_who_has_not_answered_reads_on_the_item_where_that_is_done(city):
    there = f"{city.levels[0][6].name} has not answered yet."

    assert there in shown(city, "items/rent/", city.member(city.levels[0][6]))
    assert "has not answered yet." not in shown(city, "items/rent/")


def test_the_grounds_of_a_decision_go_down_to_the_base_and_each_opens():
    grown = grow([6, 5, 4, 3, 2, 1])
    items = risen(grown)
    reader = grown.member(grown.levels[0][-1])

    page = shown(grown, f"items/{items[-1].key}/rests-on/", reader)

    for level in ("Union", "Land", "Region", "City", "base"):
        assert level in page
    first = items[0].decision
    where = f"/councils/{grown.top.assembly.key}/decisions/{grown.base.key}/{first.number}/"
    assert where in page
    decision = signed_in(reader).get(where).content.decode()
    assert "One rent for the whole river" in decision
    assert "by consensus" in decision
    assert "12 who count were here." in decision
    assert f"/a/{grown.base.key}/" not in decision, "nothing else of that assembly"


def test_other_decisions_of_a_base_stay_its_own(city):
    private = city.decide(city.base, "Who cleans the stairs")
    neighbour = city.member(city.levels[0][1])

    path = at(city, f"decisions/{city.base.key}/{private.number}/")

    assert signed_in(neighbour).get(path).status_code == 404


def test_an_item_that_rests_on_nothing_yet_says_so(city):
    item = carried(city, city.top, city.base, "A festival", key="fest", decision=None)
    CouncilItem.objects.filter(pk=item.pk).update(decision=None)

    assert "No decision below is linked to it yet." in shown(city, "items/fest/rests-on/")
