"""Each card is whole: whatever is known of a kind of entry stands on it, and can be trusted."""

import pytest
from django.utils.translation import override

from assemblies.door.house import Brings, House
from assemblies.door.kinds import Card, Silent, card
from assembly_site.house import build

# Sheets, and what an entry can touch that stands on none: the meeting itself.
BESIDE_SHEETS = {"meeting", "*"}
HOUSE = build()
CARDS = [pytest.param(one, id=str(one)) for one in HOUSE.cards.values()]


@pytest.mark.parametrize("one", CARDS)
def test_a_card_is_whole(one: Card):
    assert one.app in {brought.app for brought in HOUSE.brings}
    assert one.islower() and one.count(".") == 1

    sheets = {sheet.name for sheet in HOUSE.sheets}
    assert HOUSE.touches[one] <= sheets | BESIDE_SHEETS, "it touches what is no sheet"

    if isinstance(one.minutes, Silent):
        assert len(one.minutes.because.split()) > 3 and one.minutes.because.endswith(".")
    else:
        assert one.is_summed or one.has_sentence

    if one.erasable:
        assert one.fleeting, "nothing can rest on what is erased"

    if one.undo is not None and one.undo.by_actor and one.undo.offered:
        with override("en"):
            assert str(one.doer), "a button offers to undo it and does not say what"

    if one.log is not None:
        with override("en"):
            assert one.log(1) and one.log(2)

    for rows in one.writes:
        fields = {field.attname for field in rows.model._meta.concrete_fields} | {"pk"}
        assert set(rows.by) <= fields, f"{rows.model} has no such field"
        assert not rows.digest or "digest" in fields


def test_a_card_is_brought_by_the_app_whose_name_it_has():
    for brought in HOUSE.brings:
        assert {one.app for one in brought.cards} == {brought.app}


def test_a_house_with_two_cards_of_one_name_is_refused():
    twice = card("stack.turn_called", minutes=Silent("It stands here twice."))
    with pytest.raises(RuntimeError, match=r"two cards for stack\.turn_called"):
        House([*HOUSE.brings, Brings(app="tests", cards=(twice,))]).cards  # noqa: B018
