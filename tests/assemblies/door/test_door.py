"""The door: together or not at all, each refused alone, never twice, nothing lost."""

import uuid

import pytest

from assemblies.acts import declaring
from assemblies.acts.declaring import Act
from assemblies.acts.perform import perform
from assemblies.door.journal import read, record
from assemblies.door.sealing import body_of
from assemblies.door.shelf import shelf
from assemblies.models import Entry, Journal, Receipt
from assemblies.rules import chain
from stack.models import Hand
from tests.houses import furnish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]


def test_an_act_is_refused_alone_and_the_others_of_the_handful_stand(room):
    who = [room.key(name) for name in ("ana", "ben", "cem")]
    handful = [
        Act("raise_hand", {}, who[0]),
        Act("call_next", {}, who[1]),
        Act("raise_hand", {}, who[2]),
    ]

    answers = perform(room.meeting, handful)

    assert [answer.code for answer in answers] == ["", "not_your_role", ""]
    assert room.state["floor"]["stack"] == ["ana", "cem"]


def test_the_same_id_acts_once_and_gets_the_same_answer(room):
    name = str(uuid.uuid4())

    first = room.act("ana", "raise_hand", id=name)
    room.done("ana", "lower_hand")
    again = room.act("ana", "raise_hand", id=name)

    assert (again.seq, again.code) == (first.seq, first.code)
    assert room.state["floor"]["stack"] == []


def test_the_same_id_twice_in_one_handful_acts_once(room):
    act = Act("show_signal", {"signal": "agree"}, room.key("ana"), "one")

    answers = perform(room.meeting, [act, act, act])

    assert len({(answer.seq, answer.code) for answer in answers}) == 1
    assert Entry.objects.filter(kind="stack.signal_shown").count() == 1


def test_a_refusal_is_remembered_even_when_things_have_moved_on(room):
    first = room.act("ana", "answer_question", answer="yes", id="late")
    room.done("fay", "ask_room", question="Shall we go on?")
    room.done("ben", "object")
    room.done("fay", "show_of_hands")

    assert first.code == "not_open"
    assert room.act("ana", "answer_question", answer="yes", id="late").code == "not_open"
    assert room.act("ana", "answer_question", answer="yes", id="new").accepted


def test_an_id_is_remembered_for_its_actor(room):
    room.done("ana", "raise_hand", id="same")
    room.done("ben", "raise_hand", id="same")

    assert room.state["floor"]["stack"] == ["ana", "ben"]


def test_numbers_have_no_gaps_and_the_chain_holds(room):
    for name in ("ana", "ben", "cem"):
        room.done(name, "raise_hand")
        room.done(name, "show_signal", signal="agree")
    room.done("fay", "call_next")

    entries = list(Entry.objects.filter(journal=room.meeting.journal).order_by("seq"))
    journal = Journal.objects.get(pk=room.meeting.journal_id)

    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    running = chain.START
    for entry in entries:
        assert entry.leaf == chain.leaf_of(bytes(entry.salt), body_of(entry))
        running = chain.head_after(running, entry.leaf)
        assert entry.head == running
    assert (journal.seq, journal.head) == (entries[-1].seq, running)


def test_what_crashes_changes_nothing_and_takes_no_other_act_along(room, settings):
    def crash(page, *, by):
        page.put(Hand(meeting=page.meeting, participant=by, kind="hand", n=99))
        raise RuntimeError("a fault")

    furnish(settings, acts=(declaring.Doing("crash", crash),))
    handful = [
        Act("raise_hand", {}, room.key("ana"), "a"),
        Act("crash", {}, room.key("ben"), "b"),
        Act("raise_hand", {}, room.key("cem"), "c"),
    ]

    answers = perform(room.meeting, handful)

    assert [answer.code for answer in answers] == ["", "failed", ""]
    assert room.state["floor"]["stack"] == ["ana", "cem"]
    assert not Hand.objects.filter(n=99).exists()
    assert Receipt.objects.filter(act="b").count() == 0


def test_a_fault_in_showing_does_not_make_an_act_look_undone(room):
    def broken(page):
        raise RuntimeError("the printer is on fire")

    act = Act("raise_hand", {}, room.key("ana"), "once")
    answers = perform(room.meeting, [act], after=broken)

    assert answers[0].accepted
    assert room.state["floor"]["stack"] == ["ana"]
    assert Entry.objects.filter(kind="stack.hand_raised").count() == 1


def test_what_a_page_raises_inside_leaves_no_trace(room):
    before = read(room.meeting).journal.seq

    with pytest.raises(RuntimeError), record(room.meeting) as page:
        page.note("assemblies.note_written", text="never")
        raise RuntimeError

    assert read(room.meeting).journal.seq == before


def test_kept_sheets_never_outlive_what_another_process_wrote(room):
    """Write around the shelf as another process would, and look."""
    room.done("ana", "raise_hand")
    kept = shelf.take(room.meeting.pk)
    room.done("ben", "raise_hand")
    shelf.clear()
    shelf.put(kept)

    room.done("fay", "call_next")
    assert room.state["floor"]["speaker"] == "ana"
    assert room.state["floor"]["stack"] == ["ben"]


def test_too_fast_is_said_and_not_remembered(room):
    act = Act("raise_hand", {}, room.key("ana"), "quick", too_fast=True)

    assert perform(room.meeting, [act])[0].code == "too_fast"
    assert room.act("ana", "raise_hand", id="quick").accepted


def test_a_repeat_is_never_too_fast(room):
    room.done("ana", "raise_hand", id="quick")

    act = Act("raise_hand", {}, room.key("ana"), "quick", too_fast=True)

    assert perform(room.meeting, [act])[0].accepted


def test_what_another_process_took_back_leaves_no_old_sheet_in_this_one(room):
    handed = room.done("fay", "hand_over", role="facilitator", who="ana")
    kept = shelf.take(room.meeting.pk)  # from here on another process is at work
    room.done("ben", "object", seq=handed.seq)
    shelf.clear()
    shelf.put(kept)

    room.done("fay", "take_break")
    assert room.refused("ana", "resume_meeting") == "not_your_role"


@pytest.mark.parametrize("name", ["a/b", "/", ".", "..", "../../x"])
def test_a_name_that_cannot_stand_in_an_address_is_refused(room, name):
    said = {"title": "A bench", "text": "We build it."}

    assert room.refused("ana", "put_forward", proposal=name, **said) == "unknown"
    assert room.refused("fay", "found_council", council=name, name="Council") == "unknown"
    room.done("ana", "put_forward", proposal="a.b-c d", **said)
