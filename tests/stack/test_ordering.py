"""Orders, closing, moves and counts through the door, told as stories."""

import pytest

from assemblies.journal import shelf
from tests.rooms import make_room

pytestmark = pytest.mark.django_db


def test_another_order_sorts_those_who_wait_and_never_moves_the_speaker(room):
    room.done("ana", "raise_hand")
    room.done("fay", "call_next")
    for name in ("ana", "ben", "cem"):
        room.done(name, "raise_hand")
    room.done("fay", "set_order", order="first_time")

    floor = room.state["floor"]
    assert (floor["speaker"], floor["stack"]) == ("ana", ["ben", "cem", "ana"])
    assert floor["order"] == "first_time"
    assert room.refused("ana", "set_order", order="plain") == "not_your_role"


def test_a_go_round_offers_everybody_a_turn_and_asks_who_passed_once_more(room):
    room.at(0)
    room.done("cem", "raise_hand")
    room.done("fay", "set_order", order="round", seats=[room.key("ben"), room.key("ana")])
    assert room.state["floor"]["stack"][:4] == ["ben", "ana", "fay", "cem"]

    heard = []
    for turn in range(4):
        room.done("fay", "call_next")
        speaker = room.state["floor"]["speaker"]
        heard.append(speaker)
        if speaker == "ana":
            room.done("ana", "pass_turn")
            shelf.clear()
        assert len(heard) == turn + 1
    room.done("fay", "call_next")
    assert room.state["floor"]["speaker"] == "ana"
    room.done("ana", "pass_turn")
    assert heard == ["ben", "ana", "fay", "cem"]
    assert room.state["floor"]["stack"] == ["cem"]
    room.done("fay", "finish_item", item="2")
    assert room.state["floor"]["order"] == "plain"


def test_the_zipper_alternates_over_the_turns_really_taken_and_asks(db):
    room = make_room("Ana", "Ben", "Cem", "Dan")
    room.done("fay", "check_in", who=[room.key("ana")], groups=["women"])
    for name in ("ben", "cem", "dan", "ana"):
        room.done(name, "raise_hand")
    room.done("fay", "set_order", order="zipper", reserved=["women"], open_run_limit=2)

    assert room.state["floor"]["stack"] == ["ana", "ben", "cem", "dan"]
    for _turn in range(2):
        room.done("fay", "call_next")
        assert room.state["floor"]["ask"] is False
    room.done("fay", "call_next")
    assert room.state["floor"]["ask"] is True


def test_who_was_overtaken_five_times_is_next_whatever_the_order(db):
    names = [f"P{number}" for number in range(7)]
    room = make_room("Old", *names)
    room.done("old", "raise_hand")
    room.done("fay", "call_next")
    room.done("old", "raise_hand")
    room.done("fay", "set_order", order="first_time")
    for number, name in enumerate(names):
        room.done(name.lower(), "raise_hand")
        if number < 5:
            room.done("fay", "call_next")
            assert room.state["floor"]["speaker"] == name.lower()

    assert room.state["floor"]["stack"] == ["old", "p5", "p6"]


def test_a_last_call_closes_by_the_clock_and_latecomers_get_a_sentence(room):
    room.at(0)
    room.done("fay", "last_call", seconds=30)
    assert room.refused("fay", "last_call") == "already_done"
    room.at(30)
    room.done("ana", "raise_hand")
    room.at(31)
    assert room.refused("ben", "raise_hand") == "stack_closed"
    room.done("ben", "raise_hand", kind="clarification")
    assert room.state["floor"]["stack_state"] == "closed"


def test_one_objection_closes_a_reopened_stack_again(room):
    room.at(0)
    room.done("fay", "close_stack")
    again = room.done("fay", "reopen_stack")
    room.done("ana", "object", seq=again.seq)

    floor = room.state["floor"]
    assert (floor["stack_state"], floor["reopened"]) == ("closed", 0)
    assert room.state["question"] == {"open": True, "objections": 1, "result": None}


def test_a_closed_stack_comes_back_with_its_item(room):
    room.done("fay", "close_stack")
    room.done("fay", "finish_item", item="2")
    assert room.state["floor"]["stack_state"] == "open"
    room.done("fay", "reopen_item", item="2")
    assert room.state["floor"]["stack_state"] == "closed"


def test_a_moved_hand_goes_up_as_those_before_it_go_and_the_move_can_be_undone(room):
    for name in ("ana", "ben", "cem"):
        room.done(name, "raise_hand")
    assert room.refused("fay", "move_hand", who="cem", to=2) == "reason_required"
    moved = room.done("fay", "move_hand", who="cem", to=2, reason="not yet heard on this")
    assert room.state["floor"]["stack"] == ["ana", "cem", "ben"]
    assert room.state["floor"]["moved"] == [{"who": "cem", "reason": "not yet heard on this"}]
    room.done("fay", "undo", seq=moved.seq)
    assert room.state["floor"]["stack"] == ["ana", "ben", "cem"]
    room.done("fay", "move_hand", who="cem", to=2, reason="not yet heard on this")
    room.done("ana", "lower_hand")
    assert room.state["floor"]["stack"] == ["cem", "ben"]


def test_heads_are_counted_for_signals_and_hands_but_never_for_blocks(room):
    room.at(0)
    room.done("fay", "check_in", heads=20)
    room.done("ana", "show_signal", signal="agree")
    counted = room.done("fay", "count_room", of="signals", counts={"agree": 14, "disagree": 3})
    assert room.state["signals"] == {"agree": 15, "disagree": 3, "unsure": 0, "block": 0}
    room.done("fay", "undo", seq=counted.seq)
    assert room.state["signals"]["agree"] == 1
    too_many = {"agree": 14, "disagree": 7}
    assert room.refused("fay", "count_room", of="signals", counts=too_many) == "does_not_count"
    blocks = {"block": 1}
    assert room.refused("fay", "count_room", of="signals", counts=blocks) == "position_not_offered"
    assert room.refused("fay", "count_room", of="test", counts={"agree": 1}) == "not_open"

    room.done("fay", "ask_room", question="Go on?")
    room.done("ana", "object")
    room.done("fay", "show_of_hands")
    room.done("ana", "answer_question", answer="no")
    room.done("fay", "count_room", of="question", counts={"yes": 12, "no": 2})
    room.at(31)
    assert room.state["question"]["result"] == "yes"
