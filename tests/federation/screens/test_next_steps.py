"""What comes next in a council, and what waits for what."""

from datetime import timedelta

import pytest
from django.utils.formats import date_format

from assemblies.door.house import house
from assemblies.live.printing import FACILITATOR, PROJECTOR
from tests.federation.screens.looking import (
    big,
    mine,
    offered,
    on_the_table,
    panel,
)
from tests.federation.several import confederate

pytestmark = pytest.mark.django_db


def test_nothing_else_comes_next_while_it_is_open_whose_matter_it_is():
    several = on_the_table()
    several["X"].done("b1", "object_to_scope", item="q1", reason="Our own street.")
    now, step = panel(several, "X", "now", PROJECTOR), big(several, "X")

    assert "Whose matter is it?" in now
    assert "Next: all units have said whose matter it is." in now
    assert step["act"] == {"do": "close_scope"}
    aloud = panel(several, "X", "now", FACILITATOR)
    assert "Whose matter is it? Next: all units have said whose matter it is.</q>" in aloud
    assert step["since"] == int((several.clock + timedelta(minutes=2)).timestamp() * 1000)
    for who in ("a1", "c1"):
        several["X"].done(who, "answer_scope", answer="shared")
    assert "since" not in big(several, "X")
    several["X"].done("a1", "close_scope")
    assert big(several, "X")["act"]["do"] != "close_scope"


def test_a_huddle_is_what_comes_next_as_long_as_it_is_open():
    several = on_the_table()
    several["X"].done("a1", "open_huddle")
    assert "Next: spokes have asked those behind them" in panel(several, "X", "now", PROJECTOR)

    several["X"].done("a1", "close_huddle")
    assert "spokes have asked" not in panel(several, "X", "now", PROJECTOR)


@pytest.mark.parametrize(
    "kind", ["scope_objected", "scope_answered", "scope_closed", "huddle_opened", "huddle_closed"]
)
def test_what_changes_the_next_step_has_it_printed_anew(kind):
    assert house().cards[f"federation.{kind}"].touches & house().panel_reads["now", "member"]


def test_a_test_waits_for_those_who_have_not_talked_about_it_and_says_until_when():
    several = confederate("ABC", people=4, rule={"parity": "none"})
    item = several.carry("A", title="A fund", text="Every assembly pays 2 % of dues.")
    room = several.meet()
    for do, args in (
        ("bring_proposal", {"proposal": "q1"}),
        ("take_up_item", {"item": "q1"}),
        ("present_proposal", {"proposal": "q1"}),
        ("set_phase", {"phase": "discussion"}),
    ):
        room.done("a1", do, **args)
    test = offered(several, "test")

    assert test["since"] == int(item.notice_until.timestamp() * 1000)
    assert date_format(item.notice_until, "j F Y") in test["hint"]
    assert "B assembly" in test["hint"]
    assert big(several, "X")["since"] == test["since"]
    shown = panel(several, "X", "council", FACILITATOR)
    assert "Not talked about yet in:" in shown


def test_while_a_unit_calls_it_its_own_nothing_is_tested_and_every_delegate_is_asked():
    several = on_the_table()
    room = several["X"]
    room.done("b1", "object_to_scope", reason="Our street.")
    assert "its own matter" in offered(several, "test")["why"]
    assert mine(several, "X", "c1")["scope"]["answer"] is None
    shown = panel(several, "X", "council")
    assert "B assembly says that this is its own matter." in shown
    room.done("c1", "answer_scope", answer="shared")

    assert mine(several, "X", "c1")["scope"]["answer"] == "shared"
    assert "Shared: 1, each its own: 1, of 3 units." in panel(several, "X", "council")


def test_a_call_and_a_waiting_point_come_before_whose_matter_it_is():
    several = on_the_table()
    several["X"].done("b1", "object_to_scope", item="q1", reason="Our own street.")
    several["X"].done("c1", "raise_hand")
    assert big(several, "X")["act"] == {"do": "call", "who": several["X"].key("c1")}

    several["X"].done("c2", "raise_hand", kind="technical_point")
    assert big(several, "X")["act"] == {"do": "call", "who": several["X"].key("c2")}
