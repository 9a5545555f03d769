"""What a base decided comes before the council, and onto the agenda of every unit."""

from datetime import timedelta

import pytest

from assemblies.door.journal import read
from assemblies.models import Entry
from assemblies.sheets import Roll
from federation.models import Debate, Support
from federation.services.carrying import inbox
from federation.sheets.councils import Councils
from proposals.models import Proposal
from tests.federation.several import confederate

pytestmark = pytest.mark.django_db


def seen(several, letter):
    sheet = read(several[letter].meeting, now=several.clock).sheet(Councils)
    return sheet.own or sheet.above[0]


def kinds(several, letter):
    rows = Entry.objects.filter(journal=several[letter].meeting.journal)
    return [kind for kind in rows.values_list("kind", flat=True) if kind.startswith("federation")]


def test_a_decision_carried_up_appears_with_its_text_and_numbers():
    several = confederate("ABC", members=(40, 30, 20))
    several.meet()

    item = several.carry("A", "q1", text="Nobody pays more.")

    assert item.text == "Nobody pays more."
    assert item.adopted == {"how": "on_paper", "numbers": {"for": 12}, "number": 2, "roll": 40}
    assert item.notice_until == several.clock + timedelta(days=21)
    assert item.phase == "going_round"
    proposal = Proposal.objects.get(assembly=several["X"].assembly)
    assert (proposal.key, proposal.phase, proposal.item) == ("q1", "submitted", None)
    assert [row.text for row in proposal.versions.all()] == ["Nobody pays more."]
    assert [row.item.key for row in inbox(seen(several, "X"))] == ["q1"]
    for letter in "ABC":
        assert several.notices(letter) == ["item_carried"]
        assert [row.item.key for row in inbox(seen(several, letter))] == ["q1"]
    assert "federation.item_carried" in kinds(several, "X")
    assert "federation.carried_up" in kinds(several, "A")


def test_the_council_brings_it_and_a_delegate_of_its_unit_answers_for_it():
    several = confederate("AB")
    several.carry("B")
    council = several.meet()

    council.done("a1", "bring_proposal", proposal="q1")

    row = read(council.meeting, now=several.clock).sheet(Councils).own.items["q1"]
    assert row.phase == "open"
    proposal = Proposal.objects.get(key="q1")
    assert proposal.by == several["B"].assembly.key
    assert read(council.meeting).sheet(Roll).find(council.key("b2")).voice == proposal.by
    refusal = council.refused("b1", "withdraw_proposal", proposal="q1")
    assert refusal == "not_the_proposer"


@pytest.mark.parametrize("kind", ["coordinate", "support"])
def test_what_is_discussed_or_asked_for_has_no_test(kind):
    several = confederate("AB")

    assert several.carry("A", kind=kind).proposal is None
    assert not Proposal.objects.filter(key="q1").exists()


def test_the_decision_of_another_base_supports_what_is_there():
    several = confederate("ABC")
    several.carry("A")
    decision = several.decide("B", "The same")

    several.act("B", "carry_up", item="q1", decision=decision)

    row = Support.objects.get(item__key="q1")
    assert (row.unit, row.decision.key) == (several["B"].assembly, decision)
    assert several.notices("A")[-1] == "item_supported"
    assert several.refused("B", "carry_up", item="q1") == "already_done"
    assert several.refused("A", "carry_up", item="q1") == "already_done"


def test_what_is_not_carried_up_says_why_and_leaves_nothing():
    several = confederate("ABC")
    room = several["C"]

    assert several.refused("C", "carry_up", item="q1") == "unknown"
    assert room.refused("c2", "carry_up", item="q1", kind="enact") == "not_your_role"
    room.done("c1", "record_on_paper", decision="bare", title="Bare", text="Not confirmed.")
    assert several.refused("C", "carry_up", kind="enact", decision="bare") == "no_decision"
    assert several.refused("C", "carry_up", kind="enact", decision="none") == "no_decision"
    several.act("C", "leave_council", decision="c-d1")
    several.act("C", "join_council", council="x", decision="c-d1", **{"as": "observer"})
    assert several.refused("C", "carry_up", kind="enact", decision="c-d1") == "does_not_count"
    assert not Proposal.objects.filter(assembly=several.council.assembly).exists()


def test_a_unit_has_debated_an_item_when_the_point_of_its_agenda_is_done():
    several = confederate("ABC")
    several.carry("A")
    room = several["B"]
    several.meet()

    room.done("b1", "bring_council_item", item="q1")
    assert room.refused("b1", "bring_council_item", item="q1") == "already_done"
    line = Debate.objects.get().agenda_key
    room.done("b1", "take_up_item", item=line)
    assert [row.on_agenda for row in inbox(seen(several, "B"), room.assembly)] == [True]
    assert names(seen(several, "X").not_debated(several.item("q1"))) == ["A", "B", "C"]
    room.done("b1", "finish_item", item=line)

    assert Debate.objects.get().debated_at == several.clock
    assert [row.debated for row in inbox(seen(several, "B"), room.assembly)] == [True]
    assert names(seen(several, "X").not_debated(several.item("q1"))) == ["A", "C"]
    several.later(seconds=20)
    room.done("b1", "reopen_item", item=line)
    assert Debate.objects.get().debated_at is None
    assert names(seen(several, "X").not_debated(several.item("q1"))) == ["A", "B", "C"]
    done = room.done("b1", "finish_item", item=line)
    assert Debate.objects.get().debated_at is not None
    finished = Entry.objects.filter(
        journal=room.meeting.journal, kind="assemblies.item_finished"
    ).latest("seq")
    assert done.seq >= finished.seq
    room.done("b1", "undo", seq=finished.seq)
    assert Debate.objects.get().debated_at is None


def names(rows):
    return sorted(row.unit.name[0] for row in rows)


def test_a_postponed_point_is_no_debate():
    several = confederate("AB")
    several.carry("A")
    room = several["B"]
    room.done("b1", "bring_council_item", item="q1")
    room.done("b1", "take_up_item", item="q1")

    room.done("b1", "finish_item", item="q1", outcome="postponed")

    assert Debate.objects.get().debated_at is None


def test_what_was_debated_without_being_brought_is_marked_with_a_reason():
    several = confederate("AB")
    several.carry("A")
    room = several["B"]

    assert room.refused("b1", "mark_debated", item="q1") == "reason_required"
    assert room.refused("b2", "mark_debated", item="q1", text="At supper.") == "not_your_role"
    assert room.refused("b1", "mark_debated", text="At supper.") == "unknown"
    room.done("b1", "mark_debated", item="q1", text="We talked it over at supper.")

    assert Debate.objects.get().unit == room.assembly
    assert room.refused("b1", "mark_debated", item="q1", text="Again.") == "already_done"
    a = several.decide("A", "We talked")
    several.act("A", "mark_debated", item="q1", decision=a)
    assert Debate.objects.count() == 2
