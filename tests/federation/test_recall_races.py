"""A base acts on a council while the council acts: one order of things, or nothing of it.

Real threads, a real second process, SQLite and PostgreSQL.
"""

import json
import threading
import time
import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import OperationalError, connection

from assemblies.acts.declaring import Act
from assemblies.acts.perform import perform
from assemblies.door.house import house
from assemblies.door.journal import read
from assemblies.door.verifying import finding_of
from assemblies.models import Entry, Journal, Participant
from assemblies.reading.state import state
from assemblies.services.founding import take_seat
from assemblies.sheets import Roll
from federation.models import Recall, Seat, SeatTerm, UnitPosition
from proposals.models import Ballot, Decision, Position
from stack.models import Hand, HandSignal
from tests.assemblies.test_races import all_at_once
from tests.assembly_site.test_doors import arguments
from tests.federation.elsewhere import Elsewhere
from tests.federation.several import Several, confederate
from tests.rooms import Room

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]

FREE = {"mandate_required": [], "debate": False, "recall_notice_days": 0}
PATIENCE = 60  # s after which a lock is taken for one that never comes


def asking(letters: str = "ABC", test: bool = True, **rule) -> tuple[Several, Room]:
    """Return bases in session, and their council with a test open."""
    several = confederate(letters, preset="portland_confederation", rule={**FREE, **rule})
    several.carry("A")
    return several, several.ask(test=test)


def act(do: str, room: Room, who: str, /, **args) -> Act:
    return Act(do, args, room.key(who), str(uuid.uuid4()))


def entries(room: Room, **wanted):
    return Entry.objects.filter(journal=room.meeting.journal_id, **wanted).order_by("seq")


def recalled_at(room: Room) -> int:
    """Return the number of the entry by which a council learned of a recall."""
    told = list(entries(room, kind="federation.delegates_changed"))
    return next(one.seq for one in told if one.facts["recalled"])


def in_time(works) -> list:
    """Do several things at once; fail where they wait for each other for ever."""
    found: list = []
    runner = threading.Thread(target=lambda: found.extend(all_at_once(works)), daemon=True)
    runner.start()
    runner.join(PATIENCE)
    assert not runner.is_alive(), "they wait for each other"
    return found


def again_and_again(room: Room, who: str, deeds, over: threading.Event):
    """Return something to do at once: these acts in turn until it is over, and once more."""

    def work() -> dict[str, str]:
        while True:
            last = over.is_set()
            codes = {
                do: perform(room.meeting, [act(do, room, who, **args)], now=room.clock)[0].code
                for do, args in deeds
            }
            if last:
                return codes
            # SQLite's lock goes to whoever asks first, not to who has waited longest.
            time.sleep(0.002)

    return work


# --- (1) after a recall nothing of the delegate is accepted ---------------------------------------

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


def holds(several: Several) -> bool:
    """Say whether every journal is what was written: of bases, of the council, of its meeting."""
    rooms = [*several.rooms.values(), *([several.here] if several.here else [])]
    for room in rooms:
        call_command("verify", room.meeting.key, stdout=StringIO())
    return all(finding_of(one).ok for one in Journal.objects.all())


def to_vote(several: Several, room: Room) -> None:
    """Have two rounds go by, so that the council is asked whether it overrides."""
    for version in (1, 2):
        if version == 2:
            room.done("b1", "offer_amendment", amendment="m1", text="Another text.")
            room.done("a2", "accept_amendment", amendment="m1")
            room.done("a1", "open_test")
        for who, position in (("a2", "agree"), ("b1", "agree"), ("c1", "disagree")):
            room.done(who, "take_position", position=position)
        several.later(seconds=30)
        room.done("a1", "close_test")
    room.done("a1", "open_vote")


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


# --- (2) several at once, in whatever order of locks ----------------------------------------------


def test_bases_that_recall_at_once_while_the_council_acts_do_not_wait_for_each_other():
    several, room = asking("ABCDEF")
    for pair in ("AB", "CD", "EF"):
        for letter in pair:
            several.almost_recalled(letter)
        over = threading.Event()

        def recall(letter: str, over=over):
            try:
                return several.act(letter, "recall_delegate")
            finally:
                over.set()

        others = [("take_position", {"position": "agree"}), ("show_signal", {"signal": "agree"})]
        in_time(
            [
                *[lambda one=one: recall(one) for one in pair],
                again_and_again(room, f"{pair[0].lower()}2", others, over),
                again_and_again(room, f"{pair[1].lower()}2", others[::-1], over),
            ]
        )
        told = [one.facts["unit"] for one in entries(room, kind="federation.delegates_changed")]
        assert {several[one].assembly.key for one in pair} <= set(told)
    assert SeatTerm.objects.filter(end="recalled").count() == 6
    assert holds(several)


def test_a_base_that_acts_on_the_council_and_the_council_do_not_wait_for_each_other():
    several, room = asking()
    for letter in "ABC":
        several.decide(letter)
    item = {"item": "q1", "decision": 2}
    rounds = 12

    def mandates(letter: str):
        def work() -> list[str]:
            base = several[letter]
            return [
                perform(
                    base.meeting,
                    [act("give_mandate", base, f"{letter.lower()}1", position=position, **item)],
                    now=several.clock,
                )[0].code
                for position in ("agree", "stand_aside") * (rounds // 2)
            ]

        return work

    def alternates() -> list[str]:
        base = several["C"]
        send = {"who": base.key("c3"), "seat": 1, "as": "alternate", "decision": 2}
        acts = [act("choose_delegate", base, "c1", **send) for _round in range(rounds)]
        return [perform(base.meeting, [one], now=several.clock)[0].code for one in acts]

    def positions() -> list[str]:
        acts = [
            act("take_position", room, who, position=one)
            for one in ("agree", "stand_aside") * (rounds // 2)
            for who in ("a1", "b1", "c1")
        ]
        return [perform(room.meeting, [one], now=several.clock)[0].code for one in acts]

    # A mandate is written in the council's own journal first, an alternate in its meeting first.
    found = in_time([*map(mandates, "AB"), alternates, positions, positions])

    assert found[:3] == [[""] * rounds] * 3
    assert set(found[3] + found[4]) <= {"", "outside_mandate"}
    assert holds(several)


# --- (3) all of it, or nothing of it --------------------------------------------------------------


def everything() -> dict[str, list]:
    """Return all rows there are, by table."""
    models = [one for one in apps.get_models() if one._meta.app_label in OURS]
    return {one._meta.label: list(one.objects.order_by("pk").values()) for one in models}


OURS = ("assemblies", "stack", "proposals", "federation")


def failing(at: int, left: list[int]):
    """Return a wrapper that has the database refuse one of the next writings."""
    left[0] = at

    def execute(do, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            left[0] -= 1
            if left[0] == 0:
                raise OperationalError("the disk is full")
        return do(sql, params, many, context)

    return connection.execute_wrapper(execute)


def test_a_fault_at_any_of_its_writings_leaves_nothing_of_a_recall():
    several, room = asking()
    room.done("a1", "take_position", position="agree")
    several.almost_recalled("A")
    assert room.state["proposal"]["test"]["positions"]["agree"] == 1
    before, recall = everything(), act("recall_delegate", several["A"], "a1")
    left, faults = [0], 0
    while True:
        with failing(faults + 1, left):
            answer = perform(several["A"].meeting, [recall], now=several.clock)[0]
        if left[0] > 0:
            break
        faults += 1
        assert answer.code == "not_saved"
        assert everything() == before, f"after the fault at writing {faults}"
        assert room.state["proposal"]["test"]["positions"]["agree"] == 1

    assert answer.accepted
    assert faults > 12
    assert room.state["proposal"]["test"]["positions"]["agree"] == 0
    assert holds(several)


@pytest.mark.parametrize("writing", [1, 6, 12])
def test_a_process_killed_in_the_middle_of_a_recall_leaves_nothing_of_it(writing):
    several, room = asking()
    room.done("a1", "take_position", position="agree")
    several.almost_recalled("A")
    before = everything()
    recall = {"do": "recall_delegate", "by": several["A"].key("a1"), "id": "once"}
    said = {"meeting": several["A"].meeting.key, "now": several.clock, "acts": [recall]}

    with Elsewhere() as there:
        assert there.ask(**said, die=writing) is None

    assert everything() == before
    assert holds(several)
    with Elsewhere() as again:
        assert again.ask(**said) == [""]
    assert (
        room.state["council"]["units"][several["A"].assembly.key]["seats"][0]["state"] == "vacant"
    )
    assert holds(several)


# --- (4) at the last second -----------------------------------------------------------------------


@pytest.mark.parametrize("question", ["test", "vote"])
def test_closing_waits_for_five_minutes_to_the_second(question):
    several, room = asking()
    if question == "vote":
        to_vote(several, room)
    room.done("a1", "give_role", role="facilitator", who="b1")
    word, answer = (
        ("take_position", {"position": "agree"})
        if question == "test"
        else ("cast_ballot", {"choice": "for"})
    )
    for who in ("a1", "b1", "c1"):
        room.done(who, word, **answer)
    several.almost_recalled("A")
    at = several.clock
    several.act("A", "recall_delegate")

    for later in (timedelta(0), timedelta(seconds=1), timedelta(minutes=5, microseconds=-1)):
        several.set(at + later)
        assert room.refused("b1", f"close_{question}") == "recall_pending"
    several.set(at + timedelta(minutes=5))
    room.done("b1", f"close_{question}")

    said = room.state["proposal"][question]
    assert (said["positions"]["agree"] if question == "test" else said["for"]) == 2


def test_a_test_that_closed_in_the_second_of_the_recall_stands():
    several, room = asking()
    for who in ("a1", "b1", "c1"):
        room.done(who, "take_position", position="agree")
    several.almost_recalled("A")
    room.done("a1", "close_test")
    several.act("A", "recall_delegate")

    assert room.state["proposal"]["test"]["positions"]["agree"] == 3
    said = UnitPosition.objects.get(unit=several["A"].assembly)
    assert (said.position, [one[1] for one in said.entered]) == ("agree", ["a1"])


@pytest.mark.parametrize("_again", range(4))
def test_closing_and_recalling_at_once_have_an_order(_again):
    several, room = asking()
    room.done("a1", "give_role", role="facilitator", who="b1")
    for who in ("a1", "b1", "c1"):
        room.done(who, "take_position", position="agree")
    several.almost_recalled("A")

    _recalled, closing = in_time(
        [
            lambda: several.act("A", "recall_delegate"),
            lambda: room.act("b1", "close_test"),
        ]
    )

    agreed = room.state["proposal"]["test"]["positions"]["agree"]
    first = entries(room, kind="proposals.test_closed").first()
    if closing.accepted:
        assert first.seq < recalled_at(room)
        assert agreed == 3
    else:
        assert closing.code == "recall_pending"
        assert (first, agreed) == (None, 2)


# --- (5) sent again -------------------------------------------------------------------------------


def test_a_recall_sent_again_is_done_once():
    several, room = asking()
    several.almost_recalled("A")
    base = several["A"]
    recall = act("recall_delegate", base, "a1")

    found = in_time([lambda: perform(base.meeting, [recall], now=several.clock)[0]] * 4)
    with Elsewhere() as there:
        same = {"do": "recall_delegate", "by": recall.actor, "id": recall.id}
        said = {"meeting": base.meeting.key, "now": several.clock}
        assert there.ask(**said, acts=[same]) == [""]
        assert there.ask(**said, acts=[{**same, "id": "another"}]) == ["not_open"]

    assert {(answer.code, answer.seq) for answer in found} == {("", found[0].seq)}
    assert Decision.objects.filter(title__startswith="Recall of").count() == 1
    assert len([one for one in entries(room) if one.kind == "federation.delegates_changed"]) == 1


def test_an_answer_sent_again_after_the_recall_is_told_what_became_of_it_and_counts_no_more():
    several, room = asking()
    answer = act("take_position", room, "a1", position="agree")
    first = perform(room.meeting, [answer], now=room.clock)[0]
    several.almost_recalled("A")
    several.act("A", "recall_delegate")

    again = perform(room.meeting, [answer], now=room.clock)[0]

    assert (again.code, again.seq) == ("", first.seq)
    assert room.state["proposal"]["test"]["positions"]["agree"] == 0
    new = perform(room.meeting, [act("take_position", room, "a1", position="agree")])[0]
    assert new.code == "does_not_count"
