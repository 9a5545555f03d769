"""Step up, step back, live: who is asked what in private, and what the room may know."""

import json

import pytest

from assemblies.door.journal import read
from assemblies.live.desk import mine_of
from assemblies.live.printing import FACILITATOR, MEMBER, PROJECTOR, audience, print_panels
from assemblies.models import Entry
from stack.reading.sharing import few_speak, shared
from stack.rules import measures
from tests.assemblies.live.test_frames import Job, listening
from tests.rooms import make_room

pytestmark = pytest.mark.django_db

NAMES = ("Finn", "Aron", "Cem", "Ben", "Dan", "Gita", "Hal", "Ivo", "Jo")
TURNS = [
    ("finn", 200), ("aron", 210), ("cem", 90), ("finn", 200), ("ben", 60), ("aron", 210),
    ("dan", 30), ("finn", 200),
]  # fmt: skip
FIVE = {"fay", "gita", "hal", "ivo", "jo"}


def speak(room, at: int, *turns: tuple[str, int]) -> int:
    """Let people speak one after the other, and return when the last has finished."""
    for who, seconds in turns:
        room.at(at)
        room.done(who, "raise_hand")
        room.done("fay", "call", who=who)
        at += seconds
        room.at(at)
        room.done("fay", "end_turn")
    return at


def nudges(room) -> dict[str, str]:
    """Return what each is asked in private."""
    page = read(room.meeting, now=room.clock)
    mine = {name: mine_of(page, one.key) for name, one in room.people.items()}
    return {name: own["nudge"]["kind"] for name, own in mine.items() if own["nudge"]}


def stack_of(room, kind: str) -> str:
    """Return the stack as an audience sees it."""
    page = read(room.meeting, now=room.clock)
    return print_panels(page, audience(kind, "en"))["stack"]


@pytest.fixture
def few():
    """Ten present, twenty minutes, and the turns of DOMAIN.md S10."""
    room = make_room(*NAMES)
    room.at(0)
    room.done("fay", "finish_item")
    room.done("fay", "add_item", item="rent", title="Rent", minutes=20)
    room.done("fay", "take_up_item", item="rent")
    assert speak(room, 0, *TURNS) == 1200
    return room


def test_the_numbers_of_a_room_where_few_speak(few):
    here = shared(read(few.meeting, now=few.clock))
    seconds = sorted((own.seconds for own in here.said.values()), reverse=True)
    everybody = [*seconds, *[0] * here.silent]
    fair = measures.fair_share(everybody, here.present)

    assert (here.present, here.silent, fair) == (10, 5, 120)
    assert [float(measures.ratio(one, fair)) for one in seconds] == [5, 3.5, 0.75, 0.5, 0.25]
    assert [float(one) for one in measures.largest(everybody)[:2]] == [0.5, 0.925]
    assert float(measures.gini(everybody)) == 0.75
    assert few.state["sharing"]["unheard"] == 5


def test_each_is_asked_in_private_and_the_facilitator_is_offered_a_go_round(few):
    back = {"finn": "step_back", "aron": "step_back"}

    assert nudges(few) == back | dict.fromkeys(FIVE, "step_up")
    assert "5 people have not been heard on this item." in stack_of(few, MEMBER)
    assert "Few have spoken" in stack_of(few, FACILITATOR)
    assert "Few have spoken" not in stack_of(few, MEMBER)
    assert "not been heard" not in stack_of(few, PROJECTOR)

    few.done("fay", "set_order", order="round")

    assert "Few have spoken" not in stack_of(few, FACILITATOR)
    assert nudges(few) == back  # a turn in the round waits for the five


def test_what_falls_due_at_half_time_is_written_once_and_reaches_the_phones():
    room = make_room(*NAMES)
    room.at(0)
    room.done("fay", "finish_item")
    room.done("fay", "add_item", item="rent", title="Rent", minutes=20)
    room.done("fay", "take_up_item", item="rent")
    speak(room, 0, ("finn", 60))
    desk, seats = listening(room)
    assert nudges(room) == {}
    room.at(599)
    assert nudges(room) == {}
    entries = Entry.objects.filter(journal=room.meeting.journal, kind="assemblies.item_half_over")
    assert not entries.exists()

    room.at(600)
    assert nudges(room) == dict.fromkeys(set(room.people) - {"finn"}, "step_up")
    assert [(entry.facts, entry.at) for entry in entries.all()] == [({"item": "rent"}, room.clock)]
    out = desk.work(Job([], [], show=True))
    told = {id(seat): json.loads(text)["mine"] for seat, text in out.mine}
    assert told[id(seats["gita"])]["nudge"]["kind"] == "step_up"
    assert told[id(seats["gita"])]["nudge"]["item"] == "rent"

    room.at(700)
    room.done("fay", "extend_item", minutes=60)
    assert nudges(room)["gita"] == "step_up"
    assert entries.count() == 1


def test_a_postponed_item_has_its_time_anew():
    room = make_room(*NAMES)
    room.at(0)
    room.done("fay", "finish_item", outcome="postponed")
    room.done("fay", "take_up_item", item="2")
    speak(room, 0, ("finn", 700))
    assert nudges(room)
    room.done("fay", "finish_item", outcome="postponed")
    room.at(800)
    room.done("fay", "take_up_item", item="2")
    speak(room, 810, ("finn", 30))

    assert "step_up" not in nudges(room).values()
    room.at(1400)
    assert nudges(room)["gita"] == "step_up"


def test_who_waits_who_speaks_and_who_may_not_is_not_asked(few):
    few.done("gita", "raise_hand")
    few.done("fay", "check_in", who="hal", kind="guest")
    few.done("ivo", "leave")
    # Of eight who may speak, 420 of 1,200 seconds are less than three fair shares.
    assert set(nudges(few)) == {"finn", "fay", "jo"}

    few.done("fay", "close_stack")
    assert set(nudges(few)) == {"finn"}
    few.done("fay", "reopen_stack")

    few.done("finn", "raise_hand")
    few.done("fay", "call", who="finn")
    assert set(nudges(few)) == {"fay", "jo"}
    few.done("fay", "finish_item")
    assert nudges(few) == {}
    assert few.state["sharing"]["unheard"] is None


def test_one_or_two_are_not_pointed_at():
    room = make_room("Ana", "Ben")
    room.at(0)
    speak(room, 0, ("ana", 700))

    assert room.state["sharing"]["unheard"] is None
    assert "not been heard" not in stack_of(room, MEMBER)
    assert not few_speak(read(room.meeting, now=room.clock))
    speak(room, 700, ("ben", 10), ("fay", 10))
    assert room.state["sharing"]["unheard"] == 0


def test_a_phone_is_told_when_a_turn_changes_what_it_is_asked(few):
    desk, seats = listening(few)
    speak(few, 1300, ("jo", 600), ("cem", 600))

    told = {id(seat) for seat, _text in desk.work(Job([], [], show=True)).mine}

    assert "aron" not in nudges(few)
    assert id(seats["aron"]) in told


def test_a_nudge_stands_on_the_page_without_scripts_and_nowhere_else(client, few):
    sentence = b"Not heard from you yet."
    client.force_login(few.people["gita"].person)
    page = client.get(f"/m/{few.meeting.key}/")
    assert sentence in page.content

    client.force_login(few.people["cem"].person)
    assert sentence not in client.get(f"/m/{few.meeting.key}/").content
