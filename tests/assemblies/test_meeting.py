"""Phases, agenda, people, roles, the question to the room: stories through the door."""

import pytest

from assemblies.acts.declaring import Act
from assemblies.acts.perform import perform
from tests.rooms import make_room

pytestmark = pytest.mark.django_db


def test_a_meeting_opens_starts_rests_ends_and_can_be_reopened(db):
    room = make_room("Ana", started=False)
    room.at(0)
    assert room.state["meeting"]["phase"] == "planned"
    assert room.refused("fay", "start_meeting") == "wrong_phase"
    room.done("fay", "open_doors")
    assert room.state["meeting"]["present"] == 2
    assert room.refused("ana", "start_meeting") == "not_your_role"
    room.done("fay", "start_meeting")
    assert room.refused("fay", "start_meeting") == "already_done"
    room.done("fay", "take_break")
    assert room.state["meeting"]["phase"] == "break"
    room.done("fay", "resume_meeting")
    room.done("fay", "take_up_item", item="1")
    room.done("ana", "raise_hand")
    room.done("fay", "end_meeting")
    assert [item["state"] for item in room.state["agenda"]] == ["carried_over"] * 3
    assert room.refused("ana", "raise_hand") == "closed"
    room.at(600)
    room.done("fay", "reopen_meeting")
    state = room.state
    assert (state["meeting"]["phase"], state["meeting"]["item"]) == ("in_session", "1")
    assert state["floor"]["stack"] == ["ana"]
    room.done("fay", "end_meeting")
    room.at(1201)
    assert room.refused("fay", "reopen_meeting") == "closed"


def test_a_technical_point_holds_back_the_end(room):
    room.done("ana", "raise_hand", kind="technical_point")

    assert room.refused("fay", "end_meeting") == "point_pending"
    room.done("fay", "answer_point", who="ana")
    room.done("fay", "end_meeting")


def test_one_item_is_open_at_a_time_and_a_finished_one_comes_back_with_its_floor(room):
    room.at(0)
    room.done("ana", "raise_hand")
    room.done("ben", "raise_hand")
    room.done("fay", "call_next")
    room.at(20)
    assert room.refused("fay", "take_up_item", item="3") == "wrong_phase"
    room.done("fay", "finish_item", item="2")
    assert room.state["floor"]["speaker"] is None
    assert room.state["floor"]["stack"] == []
    room.at(50)
    room.done("fay", "reopen_item", item="2")
    floor = room.state["floor"]
    assert (floor["speaker"], floor["left"], floor["stack"]) == ("ana", 40, ["ben"])
    room.done("fay", "finish_item", item="2")
    room.at(81)
    assert room.refused("fay", "reopen_item", item="2") == "closed"


def test_finishing_and_reopening_in_one_moment_loses_no_hand(room):

    room.done("ana", "raise_hand")
    fay = room.key("fay")
    acts = [Act("finish_item", {"item": "2"}, fay), Act("reopen_item", {"item": "2"}, fay)]

    assert all(answer.accepted for answer in perform(room.meeting, acts))
    assert room.state["floor"]["stack"] == ["ana"]


def test_an_item_of_closing_closes_the_meeting(room):
    room.done("fay", "add_item", item="9", title="How was it?", kind="evaluation", minutes=5)
    room.done("fay", "finish_item", item="2")
    room.done("fay", "take_up_item", item="9")

    assert room.state["meeting"]["phase"] == "closing"
    room.done("ana", "raise_hand")


def test_items_move_among_those_to_come(room):
    room.done("fay", "add_item", item="9", title="Garden")
    room.done("fay", "move_item", item="9", to=1)

    assert [item["item"] for item in room.state["agenda"]] == ["9", "1", "2", "3"]
    assert room.refused("fay", "move_item", item="2", to=1) == "wrong_phase"
    assert room.refused("fay", "add_item", item="9", title="Garden") == "already_done"


def test_a_role_nobody_holds_falls_to_the_facilitators(room):
    room.done("fay", "write_note", text="We began.")
    room.done("fay", "give_role", role="note_taker", who="ana")

    assert room.refused("fay", "write_note", text="We went on.") == "not_your_role"
    room.done("ana", "write_note", text="We went on.")
    assert room.refused("ana", "write_note", text="") == "reason_required"
    assert room.refused("ana", "write_note", text="x" * 8001) == "too_long"


def test_the_last_facilitator_cannot_drop_the_role_but_can_leave(room):
    assert room.refused("fay", "drop_role", role="facilitator") == "wrong_phase"
    assert room.refused("ana", "give_role", role="facilitator") == "not_your_role"
    room.done("fay", "leave")
    assert room.state["roles"] == {}
    room.done("ana", "give_role", role="facilitator")
    room.done("ana", "raise_hand")
    room.done("ana", "call_next")


def test_silence_means_yes_and_one_objection_no(room):
    room.at(0)
    room.done("fay", "ask_room", question="Ten minutes more?", seconds=30)
    assert room.state["question"] == {"open": True, "objections": 0, "result": None}
    room.at(29)
    assert room.refused("fay", "close_question") == "too_early"
    room.at(30)
    room.done("fay", "close_question")
    assert room.state["question"] == {"open": False, "objections": 0, "result": "yes"}
    assert room.refused("fay", "close_question") == "not_open"

    room.done("fay", "ask_room", question="And ten more?")
    room.done("ana", "object")
    room.done("ana", "object")
    room.at(60)
    room.done("fay", "close_question")
    assert room.state["question"] == {"open": False, "objections": 1, "result": "no"}


def test_hands_settle_an_objected_question_by_the_clock(room):
    room.at(0)
    room.done("fay", "ask_room", question="Ten minutes more?")
    assert room.refused("fay", "show_of_hands") == "wrong_phase"
    room.done("ana", "object")
    room.done("fay", "show_of_hands")
    room.done("ana", "answer_question", answer="no")
    room.done("ben", "answer_question", answer="no")
    room.done("ben", "answer_question", answer="yes")
    room.done("cem", "answer_question", answer="yes")
    assert room.refused("fay", "close_question") == "too_early"
    room.at(30)
    assert room.state["question"]["open"] is True
    room.at(31)
    assert room.state["question"] == {"open": False, "objections": 1, "result": "yes"}
    assert room.refused("cem", "answer_question", answer="no") == "not_open"


def test_a_tie_of_hands_is_a_no(room):
    room.at(0)
    room.done("fay", "ask_room", question="More?")
    room.done("ana", "object")
    room.done("fay", "show_of_hands", seconds=10)
    room.done("ana", "answer_question", answer="no")
    room.done("ben", "answer_question", answer="yes")
    room.at(12)
    assert room.state["question"]["result"] == "no"


def test_one_objection_takes_a_role_back_and_the_room_decides(room):
    room.at(0)
    gave = room.done("fay", "give_role", role="stack_taker", who="ana")
    room.at(15)
    room.done("ben", "object", seq=gave.seq)
    assert "stack_taker" not in room.state["roles"]
    assert room.state["question"] == {"open": True, "objections": 1, "result": None}
    room.done("fay", "show_of_hands")
    for name in ("ana", "cem"):
        room.done(name, "answer_question", answer="yes")
    room.at(50)
    assert room.state["question"]["result"] == "yes"
    again = room.done("fay", "give_role", role="stack_taker", who="ana")
    assert room.refused("ben", "object", seq=again.seq) == "not_open"
    assert room.state["roles"]["stack_taker"] == ["ana"]


def test_an_objection_comes_in_time_or_not_at_all(room):
    room.at(0)
    more = room.done("fay", "extend_item", item="2", minutes=5)
    room.at(16)
    assert room.refused("ben", "object", seq=more.seq) == "not_open"
    more = room.done("fay", "extend_item", item="2", minutes=5)
    room.done("fay", "finish_item", item="2")
    assert room.refused("ben", "object", seq=more.seq) == "wrong_phase"
    assert room.state["question"]["open"] is False


def test_the_room_can_always_replace_who_facilitates(room):
    room.at(0)
    assert room.refused("ana", "second") == "not_open"
    room.done("ana", "ask_facilitator", who="ben")
    assert room.refused("ana", "second") == "not_seconded"
    room.done("fay", "ask_room", question="A question to be in the way?")
    room.done("cem", "second")
    assert room.refused("cem", "second") == "already_done"
    room.done("ana", "answer_question", answer="yes")
    room.done("cem", "answer_question", answer="yes")
    room.done("fay", "answer_question", answer="no")
    room.at(61)
    assert room.state["roles"]["facilitator"] == ["ben"]
    assert room.refused("fay", "call_next") == "not_your_role"


def test_who_comes_counts_where_the_door_is_open_and_is_counted_in_elsewhere(db):
    room = make_room("Ana", "Ben", admission="counted_in", quorum={"share": "1/3"}, roll=7)

    meeting = room.state["meeting"]
    assert (meeting["present"], meeting["counting"]) == (3, 1)
    assert (meeting["quorum"], meeting["quorum_met"]) == (3, False)
    room.done("fay", "count_in", who=[room.key("ana"), room.key("ben")])
    assert room.state["meeting"]["quorum_met"] is True


def test_heads_are_counted_without_names(room):
    room.done("fay", "check_in", heads=30)
    assert (room.state["meeting"]["present"], room.state["meeting"]["heads"]) == (34, 30)
    room.done("fay", "check_in", heads=25)
    assert room.state["meeting"]["counting"] == 29
    assert room.refused("ana", "check_in", heads=3) == "not_your_role"


def test_a_share_of_an_open_roll_means_none(db):
    room = make_room(quorum={"share": "1/3"}, roll=90)

    assert room.state["meeting"]["quorum"] is None


@pytest.mark.parametrize(
    ("do", "args"),
    [
        ("fly", {}),
        ("raise_hand", {"kind": "fist"}),
        ("raise_hand", {"colour": "red"}),
        ("show_signal", {}),
        ("show_signal", {"signal": 7}),
        ("extend_item", {"item": "2", "minutes": "many"}),
        ("extend_item", {"item": "2", "minutes": True}),
        ("extend_item", {"item": "nowhere"}),
        ("give_role", {"role": "king"}),
        ("call", {"who": "nobody"}),
        ("call", {"who": ["ana"]}),
        ("undo", {"seq": 0}),
    ],
)
def test_what_does_not_exist_is_unknown(room, do, args):
    assert room.refused("fay", do, **args) == "unknown"
