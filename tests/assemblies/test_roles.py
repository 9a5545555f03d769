"""Roles as DOMAIN.md 4 has them: who may what, handing over, a wish for a break, the rota."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assemblies.door.journal import read
from assemblies.live.desk import mine_of
from assemblies.live.printing import print_panels
from assemblies.models import Entry, Meeting, Membership, Person
from assemblies.records.minutes import draw
from assemblies.rules.rota import lot
from assemblies.screens.panels import acts_by_role
from assemblies.services.founding import new_meeting, take_seat
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


def mine(room, name: str) -> dict:
    found = mine_of(read(room.meeting, now=room.clock), room.key(name))
    assert found is not None
    return found


def console(room) -> dict[str, str]:
    return print_panels(read(room.meeting, now=room.clock), "facilitator.en")


def test_what_a_console_offers_by_a_role_is_what_the_acts_ask_for(room):
    assert set(TABLE) - {"give_role"} <= set(acts_by_role())
    assert mine(room, "ana")["may"] == []
    room.done("fay", "give_role", role="note_taker", who="ana")
    assert set(mine(room, "ana")["may"]) == {"write_note", "add_task", "record_on_paper"}
    room.done("ana", "drop_role", role="note_taker")
    assert mine(room, "ana")["may"] == []


# --- handing over ---------------------------------------------------------------------------------


def test_handing_over_is_one_step(room):
    room.done("fay", "hand_over", role="facilitator", who="ana")

    assert room.state["roles"] == {"facilitator": ["ana"]}
    assert room.refused("fay", "take_break") == "not_your_role"
    assert "Fay handed a role over to Ana: Facilitator." in lines(room)
    assert dict(draw(room.meeting).roles)["Facilitator"] == ["Ana"]


def lines(room) -> list[str]:
    drawn = draw(room.meeting)
    parts = [drawn.opening, *drawn.items, drawn.closing]
    return [line.text for part in parts for line in part.lines]


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


# --- the rota -------------------------------------------------------------------------------------


def met(room, days_ago: int, **roles: str) -> Meeting:
    """A meeting of long ago in which people held roles."""
    when = timezone.now() - timedelta(days=days_ago)
    meeting = new_meeting(
        room.assembly, title="Before", starts_at=when, organiser=room.people["fay"].person
    )
    past = type(room)(room.assembly, meeting, {"fay": meeting.participants.get()})
    past.done("fay", "open_doors")
    for name, seat in list(room.people.items()):
        past.people[name] = take_seat(meeting, seat.person, seat.name, 1)
    past.done("fay", "start_meeting")
    for name, role in roles.items():
        past.done("fay", "give_role", role=role, who=name)
        past.done("fay", "drop_role", role=role, who=name)
    past.done("fay", "end_meeting")
    Meeting.objects.filter(pk=meeting.pk).update(started_at=when, ended_at=when)
    return meeting


def in_rota(room, *names: str, **more) -> None:
    for name in names:
        Membership.objects.update_or_create(
            assembly=room.assembly,
            person=room.people[name].person,
            defaults={"in_rota": True, **more},
        )


def proposed(room) -> dict:
    return Entry.objects.filter(kind="assemblies.rota_proposed").order_by("-seq")[0].facts


@pytest.fixture
def tenants():
    """Six people of DOMAIN.md 7.17; who served before did so in meetings that ended."""
    room = make_room("Ada", "Bo", "Cy", "Di", "Eli", "Gil")
    met(room, 300, cy="timekeeper")
    for days in range(100, 93, -1):
        met(room, days)
    for days, names in ((60, ("ada", "gil")), (50, ("ada", "gil", "di")), (40, ("ada",))):
        met(room, days, **dict.fromkeys(names, "note_taker"))
    in_rota(room, "ada", "bo", "cy", "di", "eli", "gil")
    return room


def test_the_rota_of_the_domain_live(tenants):
    room = tenants
    for name, word in {"bo": "men", "eli": "men", "cy": "women"}.items():
        room.done(name, "check_in", groups=[word])
    # Cy served before the last ten meetings: no times, and yet after those who never did.
    room.done("fay", "propose_by_rota", role="stack_taker", n=2, parity=["men", "women"])

    said = proposed(room)
    names = {one.key: name for name, one in room.people.items()}
    order = [(names[one["who"]], one["times"]) for one in said["order"]]
    assert {name for name, _times in order[:2]} == {"bo", "eli"}
    assert order[2:] == [("cy", 0), ("di", 1), ("gil", 2), ("ada", 3)]
    first = min(("bo", "eli"), key=lambda name: lot(room.meeting.key, room.key(name)))
    assert [names[key] for key in said["who"]] == [first, "cy"]
    assert said["seed"] == room.meeting.key
    # Keys are made by chance, and some would hold the word.
    assert "men" not in str([one | {"who": names[one["who"]]} for one in said["order"]])
    sentence = next(line for line in lines(room) if line.startswith("The rota proposed"))
    assert room.meeting.key in sentence
    assert "Cy (served in 0 of the last ten meetings)" in sentence


def test_only_the_last_ten_meetings_count(tenants):
    for days in range(30, 20, -1):
        met(tenants, days)
    tenants.done("fay", "propose_by_rota", role="stack_taker", n=6)
    assert {one["times"] for one in proposed(tenants)["order"]} == {0}
    # Who served longest ago comes before who served a short while ago.
    names = {one.key: name for name, one in tenants.people.items()}
    order = [names[one["who"]] for one in proposed(tenants)["order"]]
    assert (order[2], order[-1]) == ("cy", "ada")
    days = [one["last"] for one in proposed(tenants)["order"]]
    assert days[:2] == [None, None]
    assert days[2:] == sorted(days[2:])


def test_the_same_meeting_proposes_the_same_people(tenants):
    tenants.done("fay", "propose_by_rota", role="stack_taker", n=3)
    once = proposed(tenants)["who"]
    tenants.done("fay", "propose_by_rota", role="stack_taker", n=3)
    assert proposed(tenants)["who"] == once


def test_who_is_away_serves_already_or_did_not_opt_in_is_not_proposed(room):
    in_rota(room, "ana", "ben", "cem")
    in_rota(room, "fay")
    Membership.objects.filter(person=room.people["cem"].person).update(in_rota=False)
    room.done("ben", "leave")
    room.done("fay", "propose_by_rota", role="stack_taker", n=5)
    assert proposed(room)["who"] == [room.key("ana")]

    room.done("fay", "give_role", role="timekeeper", who="ana")
    assert room.refused("fay", "propose_by_rota", role="stack_taker") == "nobody_waiting"


def test_only_the_trained_where_that_is_asked(room):
    in_rota(room, "ana")
    in_rota(room, "ben", trained=True)
    room.done("fay", "propose_by_rota", role="facilitator", n=2, trained=True)
    assert proposed(room)["who"] == [room.key("ben")]


def test_the_console_offers_to_give_the_role_and_after_an_objection_the_next_name(tenants):
    room = tenants
    assert 'id="rota"' in console(room)["rota"] and " hidden" in console(room)["rota"]
    room.at(0)
    room.done("fay", "propose_by_rota", role="stack_taker")
    names = {one.key: name for name, one in room.people.items()}
    first = names[proposed(room)["who"][0]]
    assert f"act-rota-give-{room.key(first)}" in console(room)["rota"]
    assert "rota" not in print_panels(read(room.meeting, now=room.clock), "member.en")

    seq = room.done("fay", "give_role", role="stack_taker", who=first).seq
    assert " hidden" in console(room)["rota"]
    room.done("di", "object", seq=seq)

    shown = console(room)["rota"]
    assert f"act-rota-give-{room.key(first)}" not in shown
    assert f"act-rota-next-{room.key(first)}" in shown
    room.done("fay", "propose_by_rota", role="stack_taker")
    assert names[proposed(room)["who"][0]] not in (first, "fay")


@pytest.mark.parametrize(("against", "stays"), [(("ana", "ben"), False), ((), True)])
def test_a_show_of_hands_decides_whether_the_first_name_may_be_asked_again(room, against, stays):
    in_rota(room, "ana", "ben")
    room.at(0)
    room.done("fay", "propose_by_rota", role="facilitator")
    first = proposed(room)["who"]
    seq = room.done("fay", "give_role", role="facilitator", who=first[0]).seq
    room.done("cem", "object", seq=seq)
    room.done("fay", "show_of_hands", seconds=5)
    room.done("fay", "answer_question", answer="yes")
    for name in against:
        room.done(name, "answer_question", answer="no")
    room.at(6)

    room.done("fay", "propose_by_rota", role="facilitator")

    assert (proposed(room)["who"] == first) is stays


def test_who_says_no_makes_room_for_the_next_name(tenants):
    room = tenants
    room.done("fay", "propose_by_rota", role="stack_taker")
    said = proposed(room)["who"]
    room.done("fay", "propose_by_rota", role="stack_taker", but=said)
    assert proposed(room)["but"] == said
    assert proposed(room)["who"] != said


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
