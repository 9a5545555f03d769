"""The clock of a turn through the door: whether there is one, how long, who may stop it."""

import pytest
from django.utils.module_loading import autodiscover_modules
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assemblies.door.house import house
from assemblies.door.journal import read
from assemblies.door.shelf import shelf
from assemblies.live.desk import mine_of
from assemblies.live.printing import (
    CLASSES,
    FACILITATOR,
    MEMBER,
    OBSERVER,
    PROJECTOR,
    audience,
    print_panels,
)
from assemblies.models import Assembly, Entry
from assemblies.records.retention import erase_bodies
from stack.models import Turn
from tests.rooms import make_room

pytestmark = pytest.mark.django_db


def called(room, name: str = "ana") -> dict:
    """Give somebody the floor and return it."""
    room.done(name, "raise_hand")
    room.done("fay", "call", who=name)
    return room.state["floor"]


def test_below_thirteen_people_turns_have_no_clock_unless_somebody_asks():
    room = make_room(*[f"P{number}" for number in range(11)], clock="auto")

    floor = called(room, "p0")
    assert (floor["speaker"], floor["left"], floor["paused"]) == ("p0", None, False)
    room.done("fay", "check_in", name="Zoe")
    assert room.state["floor"]["left"] is None, "it is decided when a turn begins"
    assert called(room, "p1")["left"] in (59, 60)


def test_heads_counted_without_names_are_people_too():
    room = make_room("Ana", clock="auto")
    room.done("fay", "check_in", heads=11)

    assert called(room)["left"] in (59, 60)


def test_who_is_asked_for_a_clock_gives_the_turn_under_way_one_from_now_on():
    room = make_room("Ana", "Ben", clock="auto")
    room.at(0)
    called(room)
    room.at(100)
    room.done("fay", "set_clock")
    assert room.state["floor"]["left"] == 60
    room.at(110)
    room.done("fay", "set_clock", on=True)
    room.done("fay", "set_clock", on=False)
    assert room.state["floor"]["left"] == 50, "a turn that has a clock keeps it"
    assert called(room, "ben")["left"] is None
    assert room.refused("fay", "extend_turn") == "not_open"
    assert room.refused("ben", "set_clock") == "not_your_role"
    assert Entry.objects.filter(kind="stack.clock_set").count() == 2


def test_a_report_has_two_minutes_and_the_assembly_may_say_otherwise():
    room = make_room("Ana", "Ben")
    room.at(0)
    room.done("fay", "add_item", item="report", title="From the canteen", kind="report_back")
    room.done("fay", "finish_item")
    room.done("fay", "take_up_item", item="report")
    assert called(room)["left"] == 120
    room.done("ben", "raise_hand", kind="direct_response")
    room.done("fay", "call_next")
    assert room.state["floor"]["left"] == 30


def test_an_assembly_says_how_long_turns_last_on_items_of_a_kind():
    room = make_room("Ana")
    Assembly.objects.update(turn_seconds={"discussion": 90})
    shelf.clear()
    room.at(0)

    assert called(room)["left"] == 90


def test_twice_the_time_is_quiet_begins_with_the_next_turn_and_is_forgotten(room):
    room.at(0)
    called(room)
    assert room.refused("ana", "set_double_time", who="ana") == "not_your_role"
    room.done("fay", "set_double_time", who="ana")
    assert room.state["floor"]["left"] == 60
    assert called(room)["left"] == 120
    room.done("ana", "raise_hand", kind="direct_response")
    room.done("fay", "call_next")
    assert room.state["floor"]["left"] == 60

    page = read(room.meeting, now=room.clock)
    assert mine_of(page, room.key("ana"))["double_time"] is True
    for prints in (print_panels(page, audience(kind, "en")) for kind in CLASSES):
        assert not any("twice" in html or "double" in html for html in prints.values())
    told = Entry.objects.get(kind="stack.double_time_set")
    assert (told.facts, told.on_behalf_of) == ({}, "")
    assert "stack.double_time_set" not in house().told_kinds
    room.done("fay", "end_meeting")
    autodiscover_modules("records.retention")
    erase_bodies(room.meeting)
    assert not room.meeting.participants.filter(double_time=True).exists()
    assert set(Turn.objects.values_list("seconds", flat=True)) == {None}


def test_two_seats_of_somebody_with_twice_the_time_leave_one_that_has_it(room):
    room.at(0)
    room.done("fay", "set_double_time", who="ana")
    room.done("fay", "merge", who="ana", into="ben")

    assert called(room, "ben")["left"] == 120


def test_a_turn_gets_more_time_and_one_objection_takes_it_back(room):
    room.at(0)
    called(room)
    room.at(50)
    more = room.done("fay", "extend_turn", seconds=30)
    assert room.state["floor"]["left"] == 40
    room.at(60)
    room.done("ben", "object", seq=more.seq)
    assert room.state["floor"]["left"] == 0
    assert room.state["question"]["open"] is True
    question = print_panels(read(room.meeting, now=room.clock), audience(MEMBER, "en"))["question"]
    assert "Ana gets 30 more seconds." in question

    room.done("fay", "show_of_hands", seconds=30)
    room.done("ana", "answer_question", answer="yes")
    room.at(91)
    again = room.done("fay", "extend_turn", seconds=30)
    assert room.state["floor"]["left"] == 30, "counted from now, for the time was over"
    assert room.refused("cem", "object", seq=again.seq) == "not_open"


def test_what_rests_on_more_time_keeps_it(room):
    room.at(0)
    assert room.refused("fay", "extend_turn") == "not_open"
    called(room)
    assert room.refused("ana", "extend_turn") == "not_your_role"
    room.done("fay", "give_role", role="timekeeper", who="ben")
    more = room.done("ben", "extend_turn", seconds=30)
    room.done("ben", "undo", seq=more.seq)
    assert room.state["floor"]["left"] == 60
    more = room.done("ben", "extend_turn", seconds=30)
    called(room, "cem")
    assert room.refused("ana", "object", seq=more.seq) == "wrong_phase"


def test_without_a_clock_the_screens_show_the_name_and_the_console_the_time_so_far():
    room = make_room("Ana", clock="auto")
    room.at(0)
    called(room)
    room.at(30)
    room.done("fay", "pause_turn")

    page = read(room.meeting, now=room.clock)
    floors = {kind: print_panels(page, audience(kind, "en"))["floor"] for kind in CLASSES}
    assert all("Ana" in floor for floor in floors.values())
    assert 'data-spoken="30"' in floors[FACILITATOR]
    assert not any('class="clock' in floors[kind] for kind in (MEMBER, OBSERVER, PROJECTOR))
    assert 'class="dot warn"' not in floors[FACILITATOR]
    room.done("fay", "set_clock")
    floors = {
        kind: print_panels(read(room.meeting, now=room.clock), audience(kind, "en"))["floor"]
        for kind in CLASSES
    }
    assert all('data-left="60"' in floor for floor in floors.values())


# What belongs together, and what comes between.
MOVES = [
    ["pause_turn", "resume_turn"], ["end_turn", "undo"], ["call_next", "undo"],
    ["take_break", "resume_meeting"], ["finish_item", "reopen_item"], ["finish_item", "undo"],
    ["raise_point", "call_next", "answer_point"], ["raise_point", "call_next", "undo"],
    ["extend_turn"], ["call_next"], ["undo"], ["pause_turn"], ["take_break"], ["resume_meeting"],
    ["ana leave"], ["ana check_in"], ["ana raise_hand"], ["ben raise_hand"],
]  # fmt: skip
moves = st.lists(st.tuples(st.integers(0, 20), st.sampled_from(MOVES)), max_size=12)
FIXTURES = {"suppress_health_check": [HealthCheck.function_scoped_fixture]}


@given(moves)
@settings(max_examples=60, deadline=None, **FIXTURES)
def test_a_clock_never_gains_time_and_a_turn_never_gets_any_unannounced(db, moves):
    """The talking time of a turn never falls, whatever is stopped, started, undone or restored.

    While a turn is under way its time left never grows, unless it was given more: so no pair of
    stop and go on, break, finished item or undo can be used to speak longer. It is counted in
    milliseconds; only taking back the call itself takes a turn out of the count.
    """
    room = make_room("Ana", "Ben", "Cem")
    second, spoken, left = 0, {}, {}
    room.at(0)
    room.done("ben", "raise_hand")
    called(room)
    last = 0
    for passed, do in [(passed, do) for passed, move in moves for do in move]:
        second += passed
        room.at(second)
        who, do = do.split() if " " in do else ("cem" if do == "raise_point" else "fay", do)
        args = {
            "undo": {"seq": max(1, last)},
            "reopen_item": {"item": "2"},
            "raise_point": {"kind": "technical_point"},
            "answer_point": {"who": "cem"},
        }.get(do, {})
        answer = room.act(who, "raise_hand" if do == "raise_point" else do, **args)
        last = answer.seq or last
        for turn in Turn.objects.filter(meeting=room.meeting):
            so_far = turn.clock.elapsed(room.clock).total_seconds()
            assert so_far >= spoken.get(turn.pk, 0) - 0.001
            spoken[turn.pk] = so_far
            seconds, least = left.get(turn.pk, (turn.seconds, turn.seconds))
            now_left = turn.clock.left(room.clock)
            if turn.seconds == seconds:
                assert now_left <= least
            left[turn.pk] = turn.seconds, now_left
