"""Hands and turns through the door: who is called, what ends a turn, what can be undone."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.replay import floor_in_rows, floor_told_by
from stack.models import Hand, Turn
from tests.rooms import make_room

pytestmark = pytest.mark.django_db


def test_hands_are_called_in_the_order_raised(room):
    for name in ("cem", "ana", "ben"):
        room.done(name, "raise_hand")

    assert room.state["floor"]["stack"] == ["cem", "ana", "ben"]
    room.done("fay", "call_next")
    assert (room.state["floor"]["speaker"], room.state["floor"]["stack"]) == ("cem", ["ana", "ben"])


def test_asking_twice_is_asking_once(room):
    first = room.done("ana", "raise_hand")
    second = room.done("ana", "raise_hand")

    assert first.seq == second.seq
    assert Hand.objects.count() == 1


def test_a_point_costs_no_place_in_the_stack(room):
    room.done("ana", "raise_hand")
    room.done("ana", "raise_hand", kind="technical_point")
    room.done("ana", "raise_hand", kind="clarification")

    floor = room.state["floor"]
    assert floor["stack"] == ["ana"]
    assert [entry["kind"] for entry in floor["lane"]] == ["technical_point", "clarification"]


def test_a_point_stops_the_clock_only_when_it_is_taken(room):
    room.at(0)
    room.done("ana", "raise_hand")
    room.done("fay", "call_next")
    room.at(10)
    room.done("ben", "raise_hand", kind="technical_point", note="cannot hear")
    room.at(15)
    assert (room.state["floor"]["left"], room.state["floor"]["paused"]) == (45, False)

    room.done("fay", "call_next")
    room.at(100)
    assert (room.state["floor"]["left"], room.state["floor"]["paused"]) == (45, True)
    assert room.state["floor"]["speaker"] == "ana"
    assert room.refused("fay", "call_next") == "point_pending"

    room.done("fay", "answer_point", who="ben")
    room.at(110)
    assert (room.state["floor"]["left"], room.state["floor"]["lane"]) == (35, [])


def test_a_point_that_was_never_taken_can_be_answered_and_starts_a_stopped_clock(room):
    room.at(0)
    room.done("ana", "raise_hand")
    room.done("fay", "call_next")
    room.at(5)
    room.done("fay", "pause_turn")
    room.done("ben", "raise_hand", kind="technical_point")
    room.at(50)
    room.done("fay", "answer_point", who="ben")
    room.at(60)

    assert (room.state["floor"]["left"], room.state["floor"]["paused"]) == (45, False)


def test_the_second_direct_response_on_an_item_is_an_ordinary_hand(room):
    room.done("ana", "raise_hand", kind="direct_response")
    room.done("fay", "call_next")
    room.done("ben", "raise_hand")
    room.done("ana", "raise_hand", kind="direct_response")

    assert (room.state["floor"]["lane"], room.state["floor"]["stack"]) == ([], ["ben", "ana"])


def test_calling_while_somebody_speaks_ends_that_turn(room):
    room.done("ana", "raise_hand")
    room.done("ben", "raise_hand")
    room.done("fay", "call_next")
    room.done("fay", "call_next")

    assert room.state["floor"]["speaker"] == "ben"
    assert Turn.objects.filter(ended_at=None).count() == 1


def test_two_who_call_the_same_person_give_one_turn(room):
    room.done("ana", "raise_hand")
    room.done("fay", "call", who="ana")

    assert room.refused("fay", "call", who="ana") == "already_served"
    assert room.refused("fay", "call", who="ben") == "nobody_waiting"


def test_a_press_on_an_old_screen_calls_nobody_twice(room):
    room.done("ana", "raise_hand")
    seen = room.done("ben", "raise_hand").seq
    room.done("fay", "call_next", seen=seen)

    assert room.refused("fay", "call_next", seen=seen) == "already_served"
    assert room.state["floor"]["speaker"] == "ana"


def test_a_call_can_be_taken_back_and_who_spoke_has_the_floor_and_the_time_back(room):
    room.at(0)
    room.done("ana", "raise_hand")
    room.done("ben", "raise_hand")
    room.done("fay", "call_next")
    room.at(20)
    call = room.done("fay", "call_next")
    room.at(45)
    room.done("fay", "undo", seq=call.seq)

    floor = room.state["floor"]
    assert (floor["speaker"], floor["left"], floor["stack"]) == ("ana", 40, ["ben"])
    assert room.refused("fay", "undo", seq=call.seq) == "already_done"


def test_undo_has_its_limits(room):
    room.at(0)
    for name in ("ana", "ben", "cem"):
        room.done(name, "raise_hand")
    first = room.done("fay", "call_next")
    second = room.done("fay", "call_next")

    assert room.refused("ana", "undo", seq=first.seq) == "not_your_role"
    assert room.refused("fay", "undo", seq=first.seq) == "wrong_phase"
    room.done("cem", "show_signal", signal="agree")
    room.at(30)
    room.done("fay", "undo", seq=second.seq)
    room.done("fay", "undo", seq=first.seq)
    third = room.done("fay", "call_next")
    room.at(61)
    assert room.refused("fay", "undo", seq=third.seq) == "not_open"
    assert room.refused("fay", "undo", seq=10_000) == "unknown"


def test_guests_raise_points_and_speak_once_they_are_welcome(db):
    room = make_room("Ana", admission="counted_in")

    assert room.people["ana"].kind == "guest"
    assert room.refused("ana", "raise_hand") == "does_not_count"
    assert room.refused("ana", "show_signal", signal="agree") == "does_not_count"
    room.done("ana", "raise_hand", kind="technical_point")
    room.done("ana", "raise_hand", kind="clarification")
    room.done("fay", "welcome_guests")
    room.done("ana", "raise_hand")
    assert room.refused("ana", "show_signal", signal="agree") == "does_not_count"
    room.done("fay", "count_in", who="ana")
    room.done("ana", "show_signal", signal="agree")


def test_nothing_is_raised_in_a_break_and_the_clock_stops(room):
    room.at(0)
    room.done("ana", "raise_hand")
    room.done("fay", "call_next")
    room.at(20)
    room.done("fay", "take_break")

    assert room.refused("ben", "raise_hand") == "not_open"
    assert room.refused("ben", "show_signal", signal="agree") == "not_open"
    room.at(620)
    room.done("fay", "resume_meeting")
    room.at(630)
    assert room.state["floor"]["left"] == 30


def test_who_leaves_takes_along_hand_signals_and_turn(room):
    room.done("ana", "raise_hand")
    room.done("ben", "raise_hand")
    room.done("fay", "call_next")
    room.done("ana", "show_signal", signal="agree")
    room.done("ana", "leave")
    room.done("ben", "leave")

    state = room.state
    assert (state["floor"]["speaker"], state["floor"]["stack"]) == (None, [])
    assert (state["signals"]["agree"], state["meeting"]["present"]) == (0, 2)
    assert room.refused("ana", "raise_hand") == "not_here"


def test_pass_and_yield_belong_to_the_first_ten_seconds(room):
    room.at(0)
    for name in ("ana", "ben", "cem"):
        room.done(name, "raise_hand")
    room.done("fay", "call_next")
    assert room.refused("ben", "pass_turn") == "not_your_role"
    room.at(10)
    room.done("ana", "yield_turn", to="cem")
    assert (room.state["floor"]["speaker"], room.state["floor"]["stack"]) == ("cem", ["ben"])
    room.at(21)
    assert room.refused("cem", "pass_turn") == "not_open"


def test_the_stack_taker_enters_hands_and_the_person_can_undo_it(room):
    room.done("fay", "give_role", role="stack_taker", who="ben")
    assert room.refused("ana", "raise_hand", entered_for=["cem"]) == "not_your_role"
    answer = room.done("ben", "raise_hand", entered_for=["cem"])

    assert Hand.objects.get().entered_by == room.key("ben")
    assert room.refused("ana", "undo", seq=answer.seq) == "not_your_role"
    room.done("cem", "undo", seq=answer.seq)
    assert room.state["floor"]["stack"] == []


def test_one_act_for_many_does_what_can_be_done_and_says_what_cannot(room):
    room.done("cem", "leave")
    answer = room.done("fay", "raise_hand", entered_for=["ana", "cem", "ben"])

    assert room.state["floor"]["stack"] == ["ana", "ben"]
    assert answer.but == ("Cem: Cem is not here.",)


def test_two_seats_of_one_person_become_one_hand(room):
    room.done("ana", "raise_hand")
    room.done("ben", "raise_hand")
    room.done("ben", "show_signal", signal="agree")
    room.done("fay", "merge", who="ben", into="ana")

    state = room.state
    assert (state["floor"]["stack"], state["meeting"]["present"]) == (["ana"], 3)
    room.done("ben", "lower_hand")
    assert room.state["floor"]["stack"] == []
    assert room.state["signals"]["agree"] == 1


names = st.sampled_from(["ana", "ben", "cem", "fay"])
kinds = st.sampled_from(["hand", "technical_point", "clarification", "direct_response"])


def step(who, /, *does: str, **args):
    """Return a strategy of acts: by whom, what, and with what."""
    given = st.fixed_dictionaries(args)
    return st.tuples(st.just(who) if isinstance(who, str) else who, st.sampled_from(does), given)


steps = st.lists(
    st.one_of(
        step(names, "raise_hand", "lower_hand", kind=kinds),
        step(names, "raise_hand", kind=st.just("hand")),
        step(names, "show_signal", signal=st.sampled_from(["agree", "disagree", "block"])),
        step(names, "lower_signal", signal=st.sampled_from(["agree", "disagree"])),
        step(names, "pass_turn"),
        step(names, "yield_turn", to=names),
        step("fay", "call_next", "end_turn"),
        step("fay", "pause_turn", "resume_turn", "extend_turn"),
        step("fay", "answer_point", who=names),
        step("fay", "undo_last"),
        step("fay", "take_break", "resume_meeting"),
        step("fay", "set_clock", on=st.booleans()),
        step("fay", "set_order", order=st.sampled_from(["plain", "first_time", "round"])),
        step("fay", "last_call", "close_stack", "reopen_stack"),
        step("fay", "move_hand", who=names, to=st.integers(1, 3), reason=st.sampled_from("ab")),
        step("fay", "count_room", of=st.just("signals"), counts=st.just({"agree": 2})),
        step("fay", "finish_item", "take_up_item", "reopen_item", item=st.sampled_from("23")),
        step(names.filter(lambda one: one != "fay"), "leave"),
        step(names, "check_in"),
    ),
    max_size=50,
)


@given(steps)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_journal_tells_the_same_story_as_the_rows(db, steps):
    """Whatever is tapped: replaying the journal gives the floor that the rows have."""
    room = make_room("Ana", "Ben", "Cem")
    room.done("fay", "check_in", heads=3)
    room.at(0)
    last = 0
    for second, (name, do, args) in enumerate(steps, start=1):
        room.at(3 * second)
        if do == "undo_last":
            room.act("fay", "undo", seq=max(1, last))
            continue
        answer = room.act(name, do, **args)
        last = answer.seq or last
        floor = room.state["floor"]
        if floor["left"] is not None:
            assert floor["left"] >= 0
        if floor["order"] != "round":
            assert len(floor["stack"]) == len(set(floor["stack"]))

    assert floor_told_by(room.meeting, clock="on") == floor_in_rows(room.meeting)


def test_who_has_left_gets_no_floor_back_by_an_undo(room):
    room.done("ana", "raise_hand")
    room.done("ben", "raise_hand")
    room.done("fay", "call_next")
    call = room.done("fay", "call_next")
    room.done("ana", "leave")
    room.done("fay", "undo", seq=call.seq)

    assert (room.state["floor"]["speaker"], room.state["floor"]["stack"]) == (None, ["ben"])
