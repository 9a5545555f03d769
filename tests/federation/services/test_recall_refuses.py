"""After a recall nothing of the delegate is accepted, by whichever door it comes."""

import json
import threading
import time
from datetime import timedelta

import pytest

from assemblies.acts.declaring import Act
from assemblies.acts.perform import perform
from assemblies.door.house import house
from assemblies.door.journal import read
from assemblies.models import Participant
from assemblies.reading.state import state
from assemblies.services.founding import take_seat
from assemblies.sheets import Roll
from federation.models import Recall, Seat, SeatTerm
from proposals.models import Ballot, Position
from stack.models import Hand, HandSignal
from tests.assembly_site.test_doors import arguments
from tests.federation.elsewhere import Elsewhere
from tests.federation.recalling import (
    again_and_again,
    asking,
    entries,
    holds,
    in_time,
    recalled_at,
    to_vote,
)
from tests.rooms import Room

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]

DEEDS = (
    ("take_position", {"position": "agree"}),
    ("take_position", {"position": "stand_aside"}),
    ("raise_hand", {}),
    ("show_signal", {"signal": "agree"}),
    ("write_note", {"text": "So it is."}),
    ("give_role", {"role": "timekeeper", "who": "b1"}),
)


def test_what_arrives_while_a_base_recalls_is_before_it_or_refused():
    several, room = asking()
    several.almost_recalled("A")

    several["A"].done("a1", "give_role", role="facilitator", who="a2")
    over, who = threading.Event(), room.key("a1")

    def recall() -> str:
        try:
            while entries(room, actor=who).count() <= 5:
                time.sleep(0.01)
            return several["A"].act("a2", "recall_delegate").code
        finally:
            over.set()

    shares = [DEEDS[place::4] for place in range(4)]
    found = in_time([recall, *[again_and_again(room, "a1", one, over) for one in shares]])

    assert found[0] == ""
    assert all(all(codes.values()) for codes in found[1:]), "after the recall each was refused"
    at = recalled_at(room)
    assert entries(room, actor=who, seq__lt=at).count() > 5
    assert not entries(room, actor=who, seq__gt=at).exists()
    seat = Participant.objects.get(meeting=room.meeting, key=who)
    assert (seat.kind, seat.voice, seat.present) == ("observer", "", True)
    assert not Position.objects.filter(participant=seat).exists()
    assert not Hand.objects.filter(participant=seat, state="waiting").exists()
    assert not HandSignal.objects.filter(participant=seat).exists()
    assert not read(room.meeting, now=room.clock).sheet(Roll).roles_of(seat)
    assert holds(several)


@pytest.mark.parametrize("question", ["test", "vote"])
def test_a_process_that_had_the_sheets_in_hand_refuses_too(question):
    several, room = asking()
    deeds = DEEDS[2:]
    if question == "vote":
        to_vote(several, room)
        deeds = (("cast_ballot", {"choice": "for"}), *deeds)
    else:
        deeds = (("take_position", {"position": "agree"}), *deeds)
    several.almost_recalled("A")
    with Elsewhere() as there:
        said = {"meeting": room.meeting.key, "now": several.clock}
        theirs = [{"do": do, "by": room.key("a1"), **keyed(room, args)} for do, args in deeds]
        before = there.ask(**said, acts=theirs)
        several["A"].done("a1", "recall_delegate")

        after = there.ask(**said, acts=theirs)

        told = there.ask(look=room.meeting.key, now=several.clock)
    assert told == json.loads(json.dumps(state(read(room.meeting, now=several.clock))))
    assert before == [""] * len(deeds)
    assert len(after) == len(deeds)
    assert all(after), dict(zip([do for do, _args in deeds], after, strict=True))
    assert not entries(room, actor=room.key("a1"), seq__gt=recalled_at(room)).exists()
    assert not Ballot.objects.filter(participant__key=room.key("a1")).exists()
    assert holds(several)


def keyed(room: Room, args: dict) -> dict:
    """Return arguments with the keys of people for their names."""
    return {name: room.key(one) if one in room.people else one for name, one in args.items()}


def test_every_act_there_is_finds_nothing_left_for_who_was_recalled():
    several, room = asking(test=False)
    for role in ("greeter", "stack_taker", "note_taker", "timekeeper"):
        room.done("a1", "give_role", role=role, who="a1")
    room.done("a1", "give_role", role="facilitator", who="b1")
    room.done("a1", "raise_concern", concern="c1", text="It is too dear.")
    room.done("a1", "offer_amendment", amendment="m1", text="Another text.")
    room.done("a1", "open_test")
    room.done("a1", "take_position", position="agree")
    room.done("a1", "raise_hand")
    several.almost_recalled("A")
    several["A"].done("a1", "recall_delegate")
    at = recalled_at(room)
    room.people |= {"ben": room.people["b1"], "cem": room.people["c1"]}

    wrote = {}
    for do in sorted(house().acts.keys() - {"leave", "check_in"}):
        usual = {**arguments(do, room), "proposal": "q1", "amendment": "m1", "item": "q1"}
        usual |= {"concern": "c1"}
        kinds = house().acts[do].readers
        for who in ("b1", "a1"):
            args = usual | {"who": room.key(who)}
            args = {name: value for name, value in args.items() if name in kinds}
            answer = perform(room.meeting, [Act(do, args, room.key("a1"))], now=room.clock)[0]
            if entries(room, actor=room.key("a1"), seq__gt=at).exists():
                wrote[do] = answer.code
                break
    assert not wrote


def test_who_was_recalled_does_not_come_back_by_another_door():
    several, room = asking()
    room.done("a1", "give_role", role="greeter", who="b1")
    room.done("a1", "give_role", role="facilitator", who="b1")
    several.almost_recalled("A")
    several["A"].done("a1", "recall_delegate")
    person = several.person("a1")

    assert take_seat(room.meeting, person, "a1", None).kind == "observer"
    for do, args in (
        ("check_in", {"who": "a1", "kind": "delegate"}),
        ("count_in", {"who": "a1"}),
        ("merge", {"who": "b2", "into": "a1"}),
        ("merge", {"who": "a1", "into": "b2"}),
        ("merge", {"who": "a2", "into": "a1"}),
        ("step_in", {}),
    ):
        room.refused("b1", do, **args)
    seat = read(room.meeting).sheet(Roll).find(room.key("a1"))
    assert (seat.kind, seat.voice) == ("observer", "")


def test_an_alternate_who_stepped_in_is_seen_by_the_base_that_would_send_another():
    several, room = asking(term_days=90)
    several.act("A", "choose_delegate", who="a3", seat=1, **{"as": "alternate"})
    several["A"].done("a1", "step_down")
    assert several["A"].state["council"]["above"]["x"]["seats"][0]["state"] == "vacant"
    room.people["a3"] = take_seat(room.meeting, several.person("a3"), "a3", None)
    with Elsewhere() as there:
        # Another process has the council's room, and this one keeps the sheets of the base.
        step = {"do": "step_in", "by": room.key("a3")}
        assert there.ask(meeting=room.meeting.key, now=several.clock, acts=[step]) == [""]

    assert several.refused("A", "choose_delegate", who="a1", seat=1) == "seat_taken"
    assert several["A"].state["council"]["above"]["x"]["seats"][0]["delegate"] == "a3"


def test_what_nobody_told_a_base_is_read_before_it_acts_on_it():
    several, _room = asking()
    several["A"].done("a1", "step_down")
    assert several["A"].state["council"]["above"]["x"]["seats"][0]["state"] == "vacant"
    seat = Seat.objects.get(unit=several["A"].assembly, ordinal=1)
    until = several.clock + timedelta(days=9)
    several["A"].done("a1", "raise_hand")  # has every sheet in hand
    # As if a process had been killed before it could tell.
    SeatTerm.objects.create(
        seat=seat, person=several.person("a3"), since=several.clock, until=until
    )

    assert several.refused("A", "choose_delegate", who="a1", seat=1) == "seat_taken"
    several["A"].done("a2", "open_recall", seat=1, reason="Said other things.")


def test_a_recall_of_somebody_whose_time_is_over_is_over_too():
    several, room = asking(term_days=1)
    several.almost_recalled("A")
    ended = SeatTerm.objects.get(seat__unit=several["A"].assembly, seat__ordinal=1)
    several.set(ended.until)
    read(room.meeting, now=several.clock)  # the council's meeting writes it down

    assert several.refused("A", "recall_delegate") == "not_open"

    ended.refresh_from_db()
    assert (ended.end, ended.ended_at) == ("term_ended", ended.until)
    assert Recall.objects.get().closed_at == ended.until
    assert not Recall.objects.get().answers.exists()
    assert "term_ended" in several.notices("A")
    several.act("A", "choose_delegate", who="a3", seat=1)
    several["A"].done("a1", "open_recall", seat=1, reason="Another one.")
