"""Orders, closing, moves and counts through the door, told as stories."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assemblies.door.journal import read
from assemblies.door.shelf import shelf
from assemblies.live.printing import CLASSES, FACILITATOR, MEMBER, PROJECTOR, audience, print_panels
from stack.models import Hand
from stack.rules.orders import ORDERS
from stack.sheets.floor import Floor
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


def test_who_talked_least_comes_first_where_seconds_are_counted(room):
    room.at(0)
    for name, until in (("ana", 50), ("ben", 70), ("cem", 100)):
        room.done(name, "raise_hand")
        room.done("fay", "call_next")
        room.at(until)
        room.done(name, "end_turn")
    for name in ("ana", "ben", "cem"):
        room.done(name, "raise_hand")
    room.done("fay", "set_order", order="balanced")
    assert room.state["floor"]["stack"] == ["ana", "ben", "cem"]

    room.done("fay", "set_order", order="balanced", measure="seconds")

    assert room.state["floor"]["stack"] == ["ben", "cem", "ana"]
    shown = print_panels(read(room.meeting, now=room.clock), audience(MEMBER, "en"))["stack"]
    assert "Order set by Fay: Least talking time first" in shown
    assert "20 seconds so far" in shown


def test_an_assembly_may_guard_those_who_wait_sooner(room):
    room.done("ana", "raise_hand")
    room.done("fay", "call_next")
    room.done("fay", "set_order", order="first_time", max_wait_overtakes=1)
    for name in ("ana", "ben", "cem"):
        room.done(name, "raise_hand")
    room.done("fay", "call_next")

    assert room.state["floor"]["speaker"] == "ben"
    assert room.state["floor"]["stack"] == ["ana", "cem"]


def test_an_order_keeps_only_the_settings_that_it_looks_at(room):
    said = {
        "measure": "seconds",
        "groups": ["women", "under 25, without papers", "women"],
        "step": 2,
        "reserved": "women",
        "open_run_limit": "3",
    }
    kept = {}
    for order in ("plain", "balanced", "step_up", "zipper", "representation"):
        room.done("fay", "set_order", order=order, **said)
        kept[order] = read(room.meeting).sheet(Floor).row.settings

    groups = ["women", "under 25", "without papers"]
    assert kept == {
        "plain": {},
        "balanced": {"measure": "seconds"},
        "step_up": {"groups": groups, "step": 2},
        "zipper": {"reserved": ["women"], "open_run_limit": 3},
        "representation": {"groups": groups},
    }


def test_the_second_of_two_moves_is_undone_with_its_reason(room):
    room.done("fay", "give_role", who="ben", role="stack_taker")
    for name in ("ana", "cem"):
        room.done(name, "raise_hand")
    room.done("ben", "move_hand", who="cem", to=1, reason="leaves soon")
    second = room.done("ben", "move_hand", who="cem", to=2, reason="wants to wait")
    room.done("ben", "undo", seq=second.seq)

    assert room.state["floor"]["stack"] == ["cem", "ana"]
    assert room.state["floor"]["moved"] == [{"who": "cem", "reason": "leaves soon"}]


def test_who_takes_back_a_pass_in_a_round_is_not_asked_once_more(room):
    room.done("fay", "set_order", order="round", seats=[room.key("ana"), room.key("ben")])
    room.done("fay", "call_next")
    passed = room.done("ana", "pass_turn")
    assert room.state["floor"]["stack"] == ["ben", "fay", "cem", "ana"]

    room.done("ana", "undo", seq=passed.seq)

    assert room.state["floor"]["speaker"] == "ana"
    assert room.state["floor"]["stack"] == ["ben", "fay", "cem"]


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
    assert room.refused("fay", "count_room", of="test", counts={"agree": 1}) == "no_test_open"

    room.done("fay", "ask_room", question="Go on?")
    room.done("ana", "object")
    room.done("fay", "show_of_hands")
    room.done("ana", "answer_question", answer="no")
    room.done("fay", "count_room", of="question", counts={"yes": 12, "no": 2})
    room.at(31)
    assert room.state["question"]["result"] == "yes"


def stack_panel(room, kind: str = MEMBER) -> str:
    """Print the stack for an audience."""
    return print_panels(read(room.meeting, now=room.clock), audience(kind, "en"))["stack"]


def reasons_shown(room, kind: str = MEMBER) -> list[str]:
    """Return the reasons as the panel shows them, in speaking order."""
    return re.findall(r'class="why[^>]*>([^<]*)<', stack_panel(room, kind))


def test_all_see_why_somebody_stands_where_they_stand(room):
    room.done("ana", "raise_hand")
    room.done("fay", "call_next")
    room.done("ana", "raise_hand")
    room.done("ben", "raise_hand")
    assert reasons_shown(room) == ["raised as number 1", "raised as number 2"]

    room.done("fay", "set_order", order="first_time")
    assert reasons_shown(room, FACILITATOR) == [
        "not yet heard on this item · raised as number 2",
        "1 turn so far · raised as number 1",
    ]
    room.done("fay", "move_hand", who="ana", to=1, reason="speaks for the strikers")
    shown = stack_panel(room)
    assert "moved by Fay: speaks for the strikers" in shown
    assert reasons_shown(room)[0] == "raised as number 1"
    assert 'class="why' not in stack_panel(room, PROJECTOR)


def test_no_screen_names_a_group_beside_anybody(room):
    room.done("fay", "check_in", who=[room.key("ana")], groups=["sans papiers"])
    for name in ("ben", "ana", "cem"):
        room.done(name, "raise_hand")
    for order in ("step_up", "zipper", "representation"):
        named = {"reserved": ["sans papiers"]} if order == "zipper" else {}
        room.done("fay", "set_order", order=order, groups=["sans papiers"], **named)

        assert len(set(reasons_shown(room))) in (1, 3), "all alike, or only by arrival"
        assert "papiers" not in "".join(stack_panel(room, kind) for kind in CLASSES)


def test_all_are_told_who_set_the_order_and_who_moved_whom(room):
    assert "Order set" not in stack_panel(room)
    room.done("ana", "raise_hand")
    room.done("fay", "set_order", order="first_time")
    said = "Order set by Fay: Not yet heard first"
    assert f'data-say="{said}"' in stack_panel(room)
    assert said in stack_panel(room, PROJECTOR)

    room.done("fay", "move_hand", who="ana", to=1, reason="not heard")
    assert 'data-tell="Ana: moved by Fay: not heard"' in stack_panel(room)
    room.done("fay", "set_order", order="round")
    room.done("fay", "finish_item")
    assert "Order set" not in stack_panel(room), "a round ends with its item"


def test_during_a_round_hands_wait_and_can_be_moved(room):
    room.done("ben", "raise_hand")
    room.done("cem", "raise_hand")
    room.done("fay", "set_order", order="round")
    room.done("fay", "move_hand", who="cem", to=1, reason="has to leave")

    assert room.state["floor"]["stack"] == ["fay", "ana", "ben", "cem", "cem", "ben"]
    assert reasons_shown(room)[0] == "number 1 of the round"
    assert reasons_shown(room)[-1] == "after the round · raised as number 1"


@pytest.mark.parametrize("kind", CLASSES)
def test_no_two_rows_have_one_name_though_somebody_waits_twice(room, kind):
    for name in ("ana", "ben"):
        room.done(name, "raise_hand")
    room.done("fay", "set_order", order="round")

    shown = print_panels(read(room.meeting), audience(kind, "en"))["stack"]
    ids = re.findall(r' id="([^"]+)"', shown)
    assert len(ids) == len(set(ids))


def test_a_last_call_counts_down_on_every_screen_and_each_closing_is_announced(room):
    room.at(0)
    room.done("fay", "last_call", seconds=30)
    closes = int((room.clock.timestamp() + 30) * 1000)
    for kind in CLASSES:
        shown = stack_panel(room, kind)
        assert f'data-ends="{closes}"' in shown
        assert 'data-alert="Last call: raise your hand now."' in shown
    first = announced(room)
    room.at(31)
    closed = announced(room)
    room.done("fay", "reopen_stack")
    room.done("fay", "close_stack")

    assert len({first, closed, announced(room)}) == 3
    assert "Points and clarifications" in room.act("ana", "raise_hand").why


def announced(room) -> str:
    """Return what tells one announcement of closing from another."""
    return re.findall(r'class="closing" id="([^"]+)"', stack_panel(room))[0]


NAMES = st.sampled_from(["ana", "ben", "cem"])
ACTS = st.one_of(
    st.tuples(
        st.sampled_from(["ana", "ben", "cem"]), st.sampled_from(["raise_hand", "lower_hand"])
    ),
    st.tuples(st.just("fay"), st.sampled_from(["last_call", "close_stack", "reopen_stack"])),
    st.tuples(st.just("fay"), st.sampled_from(["undo", "extend_turn", "set_clock"])),
    st.tuples(st.just("fay"), st.sampled_from(sorted(ORDERS))),
    st.tuples(st.just("move"), NAMES),
)


@given(st.lists(ACTS, max_size=25))
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_who_speaks_goes_on_whatever_is_done_to_the_stack(db, acts):
    """Orders, moves and closings change who comes, never who speaks; and they lose nobody."""
    room = make_room("Ana", "Ben", "Cem")
    room.at(0)
    room.done("cem", "raise_hand")
    last = start = room.done("fay", "call_next").seq
    for second, (who, what) in enumerate(acts, start=1):
        room.at(second)
        waiting = hands_up()
        if who == "move":
            answer = room.act("fay", "move_hand", who=what, to=1 + second % 3, reason="so")
        elif what in ORDERS:
            named = {"groups": ["w"], "reserved": ["w"]}
            answer = room.act("fay", "set_order", order=what, **named)
        elif what == "undo":
            # The call itself may be taken back, of course.
            answer = room.act("fay", "undo", seq=last) if last > start else None
        else:
            answer = room.act(who, what)
        last = answer.seq if answer and answer.accepted else last

        assert room.state["floor"]["speaker"] == "cem"
        if who == "move" or what in ORDERS:
            assert hands_up() == waiting


def hands_up() -> set[str]:
    """Return the ordinary hands that wait, as rows."""
    return {str(hand.pk) for hand in Hand.objects.filter(kind="hand", state="waiting")}
