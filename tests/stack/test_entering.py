"""What is entered for people without a phone, and for people without a name."""

import pytest

from assemblies.acts.declaring import Act
from assemblies.acts.perform import EVERYONE_ELSE, perform
from assemblies.door.journal import read
from assemblies.live.printing import FACILITATOR, MEMBER, PROJECTOR, audience, print_panels
from assemblies.models import Entry
from tests.rooms import make_room

pytestmark = pytest.mark.django_db
EVERYONE = (EVERYONE_ELSE,)


@pytest.fixture
def hall():
    """Ana and Ben have phones; Cem and Dia have none; Gil is a guest without one."""
    room = make_room("Ana", "Ben", "Cem", "Dia", "Gil")
    for name in ("cem", "dia", "gil"):
        room.done("fay", "set_phone", who=name, phone=False)
    room.done("fay", "check_in", who="gil", kind="guest")
    room.at(0)
    return room


def for_everyone(room, do, by="fay", **args):
    """Enter something for everyone else without a phone."""
    return perform(room.meeting, [Act(do, args, room.key(by), "", EVERYONE)], now=room.clock)[0]


def show_of_hands(room):
    """Let hands settle a question."""
    room.done("fay", "ask_room", question="Go on?")
    room.done("ana", "object")
    room.done("fay", "show_of_hands")


def test_everyone_else_is_who_counts_has_no_phone_and_has_not_answered(hall):
    hall.done("fay", "show_signal", signal="disagree", entered_for=["cem"])
    assert for_everyone(hall, "show_signal", signal="agree").accepted
    assert hall.state["signals"] == {"agree": 1, "disagree": 1, "unsure": 0, "block": 0}

    entered = Entry.objects.filter(journal=hall.meeting.journal, kind="stack.signal_shown").last()
    assert (entered.actor, entered.on_behalf_of) == (hall.key("fay"), hall.key("dia"))
    again = for_everyone(hall, "show_signal", signal="agree")
    assert (again.code, again.why) == ("already_done", "Nobody without a phone is left to answer.")


def test_everyone_else_answers_the_show_of_hands(hall):
    closed = for_everyone(hall, "answer_question", answer="yes")
    assert closed.code == "not_open"
    show_of_hands(hall)
    hall.done("fay", "answer_question", answer="no", entered_for=["dia"])
    assert for_everyone(hall, "answer_question", answer="yes").accepted
    question = print_panels(read(hall.meeting, now=hall.clock), audience(MEMBER, "en"))["question"]
    assert "1 yes, 1 no" in question


@pytest.mark.parametrize(
    ("by", "do", "args", "code"),
    [
        ("ana", "show_signal", {"signal": "agree"}, "not_your_role"),
        ("fay", "show_signal", {"signal": "block"}, "position_not_offered"),
        ("fay", "raise_hand", {}, "unknown"),
        ("fay", "end_turn", {}, "not_your_role"),
    ],
)
def test_what_cannot_be_entered_for_everyone_else(hall, by, do, args, code):
    answer = for_everyone(hall, do, by, **args)
    assert (answer.code, bool(answer.why)) == (code, True)


def test_in_a_break_nothing_is_entered_for_everyone_else(hall):
    hall.done("fay", "take_break")
    assert for_everyone(hall, "show_signal", signal="agree").code == "not_open"


def test_counted_signals_fade_after_a_minute_like_shown_ones(hall):
    hall.done("fay", "check_in", heads=20)
    hall.done("fay", "count_room", of="signals", counts={"agree": 14})
    hall.at(30)
    hall.done("ana", "show_signal", signal="agree")
    hall.at(59)
    assert hall.state["signals"]["agree"] == 15
    hall.at(61)
    assert hall.state["signals"]["agree"] == 1
    faded = Entry.objects.get(journal=hall.meeting.journal, kind="stack.count_faded")
    assert (faded.facts, faded.actor) == ({"faded": {"agree": 14}}, "")
    assert (faded.at - hall._start).total_seconds() == 60
    hall.at(91)
    assert hall.state["signals"]["agree"] == 0


def test_undoing_a_count_brings_back_the_one_before_unless_it_would_have_faded(hall):
    hall.done("fay", "check_in", heads=20)
    hall.done("fay", "count_room", of="signals", counts={"agree": 14})
    hall.at(20)
    second = hall.done("fay", "count_room", of="signals", counts={"agree": 9})
    hall.done("fay", "undo", seq=second.seq)
    assert hall.state["signals"]["agree"] == 14
    hall.at(40)
    third = hall.done("fay", "count_room", of="signals", counts={"agree": 5})
    hall.at(62)
    hall.done("fay", "undo", seq=third.seq)
    assert hall.state["signals"]["agree"] == 0


def test_a_count_replaced_since_is_not_undone(hall):
    hall.done("fay", "check_in", heads=20)
    first = hall.done("fay", "count_room", of="signals", counts={"agree": 14})
    hall.at(1)
    hall.done("fay", "count_room", of="signals", counts={"agree": 9})
    assert hall.refused("fay", "undo", seq=first.seq) == "wrong_phase"


def test_a_count_of_hands_can_be_undone_while_they_are_up(hall):
    hall.done("fay", "check_in", heads=20)
    show_of_hands(hall)
    hall.done("fay", "count_room", of="question", counts={"yes": 3, "no": 8})
    second = hall.done("fay", "count_room", of="question", counts={"yes": 12})
    hall.done("fay", "undo", seq=second.seq)
    late = hall.done("fay", "count_room", of="question", counts={"yes": 3, "no": 7})
    hall.at(31)
    assert hall.state["question"]["result"] == "no"
    hall.at(29)
    assert hall.refused("fay", "undo", seq=late.seq) == "wrong_phase"


def test_a_count_does_not_keep_an_item_from_being_reopened(hall):
    hall.done("fay", "check_in", heads=20)
    finished = hall.done("fay", "finish_item", item="2")
    hall.done("fay", "count_room", of="signals", counts={"agree": 14})
    hall.done("fay", "undo", seq=finished.seq)
    assert hall.state["meeting"]["item"] == "2"


def test_the_panels_say_who_counted(hall):
    hall.done("fay", "check_in", heads=20)
    hall.done("fay", "count_room", of="signals", counts={"agree": 14, "disagree": 3})
    show_of_hands(hall)
    hall.done("fay", "count_room", of="question", counts={"yes": 12, "no": 2})
    for kind in (MEMBER, PROJECTOR):
        prints = print_panels(read(hall.meeting, now=hall.clock), audience(kind, "en"))
        assert "Counted by Fay: 14 agree, 3 disagree." in prints["signals"]
        assert "Counted by Fay: 12 yes, 2 no." in prints["question"]


def test_only_those_who_serve_the_room_are_offered_to_enter_for_everyone_else(hall):
    show_of_hands(hall)
    page = read(hall.meeting, now=hall.clock)
    served, member = (print_panels(page, audience(kind, "en")) for kind in (FACILITATOR, MEMBER))
    for panel in ("signals", "question"):
        assert EVERYONE_ELSE in served[panel]
        assert "Everyone else without a phone (2)" in served[panel]
        assert EVERYONE_ELSE not in member[panel]
    for_everyone(hall, "answer_question", answer="yes")
    page = read(hall.meeting, now=hall.clock)
    assert EVERYONE_ELSE not in print_panels(page, audience(FACILITATOR, "en"))["question"]


def test_all_signals_of_somebody_are_lowered_where_none_is_named(hall):
    hall.done("fay", "show_signal", signal="agree", entered_for=["cem"])
    hall.done("fay", "show_signal", signal="block", entered_for=["cem"])
    hall.done("fay", "lower_signal", entered_for=["cem"])
    assert set(hall.state["signals"].values()) == {0}
