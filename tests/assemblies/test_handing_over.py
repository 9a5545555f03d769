"""A role is handed over in one step; an objection gives it back (DOMAIN.md 4)."""

import pytest

from assemblies.door.journal import read
from assemblies.records.minutes import draw
from tests.assemblies.consoles import console, lines, mine

pytestmark = pytest.mark.django_db


def test_handing_over_is_one_step(room):
    room.done("fay", "hand_over", role="facilitator", who="ana")

    assert room.state["roles"] == {"facilitator": ["ana"]}
    assert room.refused("fay", "take_break") == "not_your_role"
    assert "Fay handed a role over to Ana: Facilitator." in lines(room)
    assert dict(draw(room.meeting).roles)["Facilitator"] == ["Ana"]


def test_two_facilitate_and_one_hands_over_to_the_other(room):
    room.done("fay", "give_role", role="facilitator", who="ana")
    room.at(0)
    room.done("fay", "hand_over", role="facilitator", who="ana")
    assert room.state["roles"]["facilitator"] == ["ana"]

    room.done("ben", "object", seq=last(room))

    assert set(room.state["roles"]["facilitator"]) == {"ana", "fay"}


def last(room) -> int:
    return read(room.meeting, now=room.clock).journal.seq


@pytest.mark.parametrize("role", ["facilitator", "timekeeper"])
def test_an_objection_gives_the_role_back_to_who_handed_it_over(room, role):
    room.at(0)
    if role != "facilitator":
        room.done("fay", "give_role", role=role, who="fay")
    seq = room.done("fay", "hand_over", role=role, who="ana").seq
    room.at(15)

    room.done("ben", "object", seq=seq)

    assert room.state["roles"][role] == ["fay"]
    assert room.state["question"]["open"]
    panel = console(room)["question"]
    assert "Fay hands over to Ana" in panel


def test_after_a_yes_handing_over_stands_against_objections(room):
    room.at(0)
    seq = room.done("fay", "hand_over", role="facilitator", who="ana").seq
    room.done("ben", "object", seq=seq)
    room.done("fay", "show_of_hands", seconds=5)
    for name in ("ana", "cem"):
        room.done(name, "answer_question", answer="yes")
    room.at(6)

    seq = room.done("fay", "hand_over", role="facilitator", who="ana").seq

    assert room.refused("ben", "object", seq=seq) == "not_open"
    assert room.state["roles"]["facilitator"] == ["ana"]


def test_an_objection_too_late_or_with_nobody_to_go_back_to_changes_nothing(room):
    room.at(0)
    seq = room.done("fay", "hand_over", role="facilitator", who="ana").seq
    room.at(15.001)
    assert room.refused("ben", "object", seq=seq) == "not_open"
    seq = room.done("ana", "hand_over", role="facilitator", who="ben").seq
    room.done("ana", "leave")
    assert room.refused("cem", "object", seq=seq) == "wrong_phase"
    assert room.state["roles"]["facilitator"] == ["ben"]


def test_what_was_handed_on_since_cannot_be_objected_to(room):
    room.at(0)
    first = room.done("fay", "hand_over", role="facilitator", who="ana").seq
    second = room.done("ana", "hand_over", role="facilitator", who="ben").seq
    assert room.refused("cem", "object", seq=first) == "wrong_phase"
    room.done("cem", "object", seq=second)
    assert room.state["roles"]["facilitator"] == ["ana"]


def test_who_handed_over_by_mistake_takes_it_back(room):
    seq = room.done("fay", "hand_over", role="facilitator", who="ana").seq
    room.done("fay", "undo", seq=seq)
    assert room.state["roles"]["facilitator"] == ["fay"]


def test_what_cannot_be_handed_over(room):
    assert room.refused("ana", "hand_over", role="facilitator", who="ben") == "not_your_role"
    assert room.refused("fay", "hand_over", role="timekeeper", who="ben") == "not_your_role"
    assert room.refused("fay", "hand_over", role="facilitator", who="fay") == "already_done"
    room.done("ana", "leave")
    assert room.refused("fay", "hand_over", role="facilitator", who="ana") == "not_here"


def test_who_facilitates_is_reminded_not_refused_when_they_want_to_argue(room):
    assert mine(room, "fay")["neutral"] == ""
    room.done("fay", "raise_hand", kind="clarification")
    assert mine(room, "fay")["neutral"] == ""
    room.done("fay", "raise_hand")
    room.done("ana", "raise_hand")
    assert mine(room, "fay")["neutral"].startswith("You facilitate.")
    assert mine(room, "ana")["neutral"] == ""
    room.done("fay", "hand_over", role="facilitator", who="ben")
    assert mine(room, "fay")["neutral"] == ""
    assert room.state["floor"]["stack"] == ["fay", "ana"]
