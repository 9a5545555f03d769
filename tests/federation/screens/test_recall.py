"""What screens show of a recall: what is asked, how it stands, and what follows for whom."""

from datetime import timedelta

import pytest

from assemblies.door.journal import read
from assemblies.live.printing import FACILITATOR, PROJECTOR
from assemblies.screens.now import primary, read_aloud
from tests.federation.screens.looking import (
    REASON,
    asked,
    big,
    mine,
    offered,
    on_the_table,
    opened,
    panel,
    recalled,
)
from tests.federation.several import confederate

pytestmark = pytest.mark.django_db


def test_everybody_sees_what_is_asked_and_the_delegate_that_it_is_about_them():
    several = opened(on_the_table())
    shown = panel(several, "B", "recall")

    assert "Shall b2 be recalled from Council?" in shown
    assert "b2 is heard first." in shown
    assert "More than 1/2 of those who say for or against recall." in shown
    assert mine(several, "B", "b2")["recall"]["mine"]
    assert not mine(several, "B", "b4")["recall"]["mine"]


def test_an_answer_is_ones_own_and_the_numbers_are_everybodys():
    several = opened(on_the_table())
    several["B"].done("b4", "answer_recall", answer="for")

    assert mine(several, "B", "b4")["recall"]["answer"] == "for"
    assert mine(several, "B", "b3")["recall"]["answer"] is None
    assert "1 of 4 has answered." in panel(several, "B", "recall", PROJECTOR)


def test_the_next_step_of_a_recall_is_the_big_button_with_the_time_from_which():
    several = opened(on_the_table())
    assert big(several, "B")["act"] == {"do": "hear_delegate"}
    several.act("B", "hear_delegate")
    step = big(several, "B")
    assert step["act"] == {"do": "recall_delegate"}
    assert step["since"] == int((several.clock + timedelta(minutes=15)).timestamp() * 1000)
    assert "0 of 4" in step["why"]


def test_a_recall_under_notice_is_not_the_next_step_of_this_meeting():
    several = confederate("ABC", people=4, rule={"parity": "none"})
    several["B"].done("b4", "open_recall", who="b2", reason=REASON)

    room = several["B"]
    assert primary(read(room.meeting, now=room.clock)) is None
    assert "move-hear" in panel(several, "B", "recall", FACILITATOR)


def test_who_is_recalled_loses_everything_and_is_told_why_they_are_still_here():
    several = asked(on_the_table())
    several["X"].done("b2", "take_position", position="agree")
    recalled(several)
    own = mine(several, "X", "b2")

    assert not own["counts"]
    assert own["unit"] is None
    assert own["position"] is None
    assert own["risen"] == "Your assembly has recalled you. You keep a place as observer."
    assert "b2 was recalled at" in panel(several, "B", "recall", PROJECTOR)


def test_the_council_sees_who_changed_delegates_when_and_until_when_closing_waits():
    several = asked(on_the_table())
    for who in ("a1", "b2", "c1"):
        several["X"].done(who, "take_position", position="agree")
    recalled(several)
    shown = panel(several, "X", "council", PROJECTOR)
    until = int((several.clock + timedelta(minutes=5)).timestamp() * 1000)

    assert "B assembly changed delegates at" in shown
    assert shown.count('data-position="agree"') == 2
    assert f'data-ends="{until}"' in shown
    close = offered(several, "close-test")
    assert close["since"] == until
    assert "B assembly changed delegates and has until" in close["hint"]
    assert several["X"].refused("a1", "close_test") == "recall_pending"
    several["X"].done("b1", "take_position", position="agree")
    assert "hint" not in offered(several, "close-test")


def test_whoever_is_their_alternate_is_offered_the_empty_seat():
    several = on_the_table()
    several.act("B", "choose_delegate", who="b3", seat=2, **{"as": "alternate"})
    several["X"].people["b3"] = several["X"].meeting.participants.get(person=several.person("b3"))
    assert mine(several, "X", "b3")["steps_in"] == ""
    recalled(several)

    assert mine(several, "X", "b3")["steps_in"] == "B assembly"
    several["X"].done("b3", "step_in")
    own = mine(several, "X", "b3")
    assert own["unit"]["name"] == "B assembly"
    assert own["steps_in"] == ""


def test_what_is_read_aloud_is_the_step_of_the_recall():
    several = opened(on_the_table())
    page = read(several["B"].meeting, now=several.clock)

    assert read_aloud(page, None) == "No item is open. Recall. Next: b2 is heard."
