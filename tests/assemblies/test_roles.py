"""Roles as DOMAIN.md 4 has them: who may what, a wish for a break, guests and observers."""

import pytest

from assemblies.door.journal import read
from assemblies.live.printing import print_panels
from assemblies.models import Entry, Person
from assemblies.screens.tools import acts_by_role
from assemblies.services.founding import take_seat
from tests.assemblies.consoles import lines, mine
from tests.rooms import make_room

pytestmark = pytest.mark.django_db

ROLES = (
    "facilitator", "stack_taker", "timekeeper", "note_taker", "greeter", "scribe",
    "vibes_watcher", "advocate", "access_holder", "interpreter", "tech_host",
)  # fmt: skip
STEERS = ("facilitator",)
# What each act needs (DOMAIN.md 4), and arguments with which it is accepted or refused for
# another reason than the role.
TABLE = {
    "take_break": STEERS,
    "end_meeting": STEERS,
    "welcome_guests": STEERS,
    "ask_room": STEERS,
    "set_order": STEERS,
    "answer_point": STEERS,
    "propose_by_rota": STEERS,
    "give_role": STEERS,
    "put_off_break": STEERS,
    "call_next": ("facilitator", "stack_taker"),
    "last_call": ("facilitator", "stack_taker"),
    "close_stack": ("facilitator", "stack_taker"),
    "reopen_stack": ("facilitator", "stack_taker"),
    "move_hand": ("stack_taker",),
    "end_turn": ("facilitator", "timekeeper"),
    "pause_turn": ("facilitator", "timekeeper"),
    "resume_turn": ("facilitator", "timekeeper"),
    "extend_item": ("facilitator", "timekeeper"),
    "finish_item": ("facilitator", "timekeeper"),
    "write_note": ("note_taker",),
    "count_in": ("greeter",),
    "set_phone": ("greeter",),
    "merge": ("greeter",),
    "request_break": ("vibes_watcher",),
}
ARGS = {
    "welcome_guests": {"on": True},
    "ask_room": {"question": "Shall we?"},
    "set_order": {"order": "plain"},
    "propose_by_rota": {"role": "advocate"},
    "give_role": {"role": "advocate", "who": "cem"},
    "move_hand": {"who": "ben", "to": 1, "reason": "not heard"},
    "write_note": {"text": "So it was."},
    "count_in": {"who": "cem"},
    "set_phone": {"who": "cem", "phone": False},
    "merge": {"who": "cem", "into": "ben"},
}


@pytest.mark.parametrize("role", ROLES)
def test_every_role_may_what_the_table_says_and_nothing_else(role):
    room = make_room("Ana", "Ben", "Cem", "Dee")
    # Every role is held, so that nothing falls to the facilitators.
    for other in ROLES[1:]:
        room.done("fay", "give_role", role=other, who="dee" if other != role else "ana")
    if role == "facilitator":
        room.done("fay", "give_role", role=role, who="ana")
    room.done("ben", "raise_hand")

    for act, roles in TABLE.items():
        answer = room.act("ana", act, **ARGS.get(act, {}))
        assert (answer.code == "not_your_role") is (role not in roles), f"{act}: {answer}"
        if act in ("take_break", "end_meeting") and answer.accepted:
            room.done("fay", "resume_meeting" if act == "take_break" else "reopen_meeting")


@pytest.mark.parametrize("role", ROLES[1:])
def test_a_role_nobody_holds_falls_to_the_facilitators_until_somebody_takes_it(room, role):
    acts = [act for act, roles in TABLE.items() if roles == (role,)]
    may = mine(room, "fay")["may"]
    assert set(acts) <= set(may)

    room.done("fay", "give_role", role=role, who="ana")

    assert not set(acts) & set(mine(room, "fay")["may"])
    assert set(acts) <= set(mine(room, "ana")["may"])


@pytest.mark.parametrize("role", ["stack_taker", "greeter"])
def test_who_keeps_the_stack_or_the_door_enters_things_for_others(room, role):
    room.done("fay", "give_role", role=role, who="ana")

    room.done("ana", "raise_hand", entered_for=["ben"])
    room.done(
        "fay", "give_role", role="greeter" if role == "stack_taker" else "stack_taker", who="cem"
    )

    assert room.refused("fay", "raise_hand", entered_for=["cem"]) == "not_your_role"
    assert "for" in mine(room, "ana")["may"]
    assert "for" not in mine(room, "fay")["may"]


def test_what_a_console_offers_by_a_role_is_what_the_acts_ask_for(room):
    assert set(TABLE) - {"give_role"} <= set(acts_by_role())
    assert mine(room, "ana")["may"] == []
    room.done("fay", "give_role", role="note_taker", who="ana")
    assert set(mine(room, "ana")["may"]) == {"write_note", "add_task", "record_on_paper"}
    room.done("ana", "drop_role", role="note_taker")
    assert mine(room, "ana")["may"] == []


# --- a break is asked for -------------------------------------------------------------------------


def test_a_wish_for_a_break_reaches_the_facilitators_alone(room, client):
    room.done("fay", "give_role", role="vibes_watcher", who="ana")
    room.done("fay", "give_role", role="greeter", who="ben")
    room.done("fay", "give_role", role="facilitator", who="cem")
    before = {kind: print_panels(read(room.meeting), f"{kind}.en") for kind in AUDIENCES}
    said = len(lines(room))

    room.done("ana", "request_break")
    room.done("ana", "request_break")

    for name in ("fay", "cem"):
        assert mine(room, name)["wishes"] == ["Ana asks for a break. Only facilitators see this."]
    assert mine(room, "ana")["asked_for_break"]
    for name in ("ana", "ben"):
        assert mine(room, name)["wishes"] == []
    assert {kind: print_panels(read(room.meeting), f"{kind}.en") for kind in AUDIENCES} == before
    assert len(lines(room)) == said
    client.force_login(room.people["ben"].person)
    record = client.get(f"/m/{room.meeting.key}/record.json").json()
    assert "break_requested" not in str(record)
    assert Entry.objects.filter(kind="assemblies.break_requested").count() == 1


AUDIENCES = ("member", "facilitator", "observer", "projector")


@pytest.mark.parametrize("answer", ["take_break", "put_off_break"])
def test_a_break_or_a_not_now_answers_the_wish(room, answer):
    room.done("fay", "give_role", role="vibes_watcher", who="ana")
    room.done("ana", "request_break")
    room.done("fay", answer)

    assert mine(room, "fay")["wishes"] == []
    assert not mine(room, "ana")["asked_for_break"]
    if answer == "take_break":
        room.done("fay", "resume_meeting")
    assert room.refused("fay", "put_off_break") == "already_done"
    room.done("ana", "request_break")
    assert len(mine(room, "fay")["wishes"]) == 1


def test_a_member_without_the_role_does_not_ask_for_a_break(room):
    assert room.refused("ana", "request_break") == "not_your_role"


# --- guests and observers (ROOM.md 5, 5) ----------------------------------------------------------


@pytest.mark.parametrize("kind", ["guest", "observer"])
def test_guests_and_observers_ask_but_do_not_decide(room, kind):
    room.done("fay", "check_in", who="ana", kind=kind)
    for point in ("technical_point", "clarification"):
        room.done("ana", "raise_hand", kind=point)
    for act, args in {
        "raise_hand": {},
        "show_signal": {"signal": "agree"},
        "ask_facilitator": {"who": "ben"},
        "object": {},
    }.items():
        assert room.refused("ana", act, **args) == "does_not_count", act
    assert room.refused("ana", "raise_hand", kind="direct_response") == "does_not_count"

    room.done("fay", "welcome_guests", on=True)

    room.done("ana", "raise_hand")
    assert room.refused("ana", "show_signal", signal="agree") == "does_not_count"
    assert room.refused("ana", "raise_hand", kind="direct_response") == "does_not_count"
    room.done("fay", "welcome_guests", on=False)
    room.done("ana", "lower_hand")
    assert room.refused("ana", "raise_hand") == "does_not_count"


def test_an_answer_of_a_guest_does_not_count_and_a_delegate_is_as_a_member(room):
    room.done("fay", "check_in", who="ana", kind="guest")
    room.done("fay", "check_in", who="ben", kind="delegate")
    room.done("fay", "ask_room", question="Shall we?")
    assert room.refused("ana", "object") == "does_not_count"
    room.done("ben", "object")
    room.done("fay", "show_of_hands")
    assert room.refused("ana", "answer_question", answer="yes") == "does_not_count"
    room.done("ben", "answer_question", answer="yes")
    room.done("ben", "show_signal", signal="agree")
    assert room.state["meeting"]["counting"] == 3


def test_where_the_roll_is_closed_who_joins_is_a_guest_until_counted_in():
    room = make_room("Ana", admission="counted_in", roll=10)
    assert room.state["meeting"]["counting"] == 1
    assert room.refused("ana", "check_in", kind="member") == "not_your_role"
    room.done("fay", "count_in", who="ana")
    assert room.state["meeting"]["counting"] == 2
    stranger = Person.objects.create_user(name="New")
    assert take_seat(room.meeting, stranger, "New", 1).kind == "guest"


def test_somebody_makes_themselves_an_observer_and_the_greeter_counts_them_in_again(room):
    room.done("ana", "check_in", kind="observer")
    assert room.state["meeting"] | {"counting": 3, "present": 4} == room.state["meeting"]
    room.done("fay", "count_in", who="ana")
    assert room.state["meeting"]["counting"] == 4
