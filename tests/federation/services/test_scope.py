"""A unit says "this is ours"; a delegate without an answer takes the question home."""

import pytest

from assemblies.models import Entry
from federation.models import Notice
from federation.sheets.councils import NO_POSITION_SAID
from proposals.models import Proposal
from tests.federation.several import confederate

pytestmark = pytest.mark.django_db


def nine(seats=1):
    several = confederate("ABCDEFGHI", seats=seats)
    several.carry("A")
    return several, several.meet()


def objected(several, council):
    council.done("b1", "object_to_scope", item="q1", reason="Our street is ours.")
    return several.item("q1").scope


@pytest.mark.parametrize(("shared", "result"), [(6, "shared"), (5, "removed")])
def test_two_thirds_of_all_units_keep_a_matter_in_the_council(shared, result):
    several, council = nine()
    assert objected(several, council)["said"] == {several["B"].assembly.key: "ours"}
    others = [f"{letter}1" for letter in "acdefghi"]

    for n, name in enumerate(others):
        council.done(name, "answer_scope", answer="shared" if n < shared else "ours")
    council.done("a1", "close_scope")

    item = several.item("q1")
    assert (item.scope["shared"], item.scope["of"], item.scope["needed"]) == (shared, 9, 6)
    assert item.phase == ("going_round" if result == "shared" else "removed")
    assert Proposal.objects.get(key="q1").phase == (
        "submitted" if result == "shared" else "withdrawn"
    )
    told = Entry.objects.filter(kind="federation.scope_closed")
    assert {entry.facts["result"] for entry in told} == {result}
    assert told.count() == 2
    code = "already_done" if result == "shared" else "closed"
    assert council.refused("c1", "object_to_scope", item="q1", reason="No.") == code


def test_the_proposal_of_a_removed_matter_leaves_the_table():
    several, council = nine()
    council.done("a1", "bring_proposal", proposal="q1")
    council.done("a1", "take_up_item", item="q1")
    council.done("a1", "present_proposal")
    council.done("b1", "object_to_scope", reason="Our street is ours.")
    several.later(minutes=2)

    council.done("a1", "close_scope")

    assert several.item("q1").phase == "removed"
    assert Proposal.objects.get(key="q1").phase == "withdrawn"
    assert council.state["proposal"]["phase"] == "withdrawn"


def test_it_is_not_counted_before_the_units_here_have_had_a_say():
    several, council = nine()
    objected(several, council)

    assert council.refused("c1", "close_scope") == "not_your_role"
    assert council.refused("a1", "close_scope") == "too_early"
    several.later(minutes=1, seconds=59)
    assert council.refused("a1", "close_scope") == "too_early"
    several.later(seconds=1)
    council.done("a1", "close_scope")
    assert several.item("q1").phase == "removed"


def test_delegates_who_differ_say_nothing_for_their_unit():
    several = confederate("ABC", seats=2)
    several.carry("A")
    council = several.meet()
    objected(several, council)
    key = several["C"].assembly.key

    council.done("c1", "answer_scope", answer="shared")
    assert several.item("q1").scope["said"][key] == "shared"
    council.done("c2", "answer_scope", answer="ours")
    assert several.item("q1").scope["said"][key] == "split"
    council.done("c2", "answer_scope", answer="shared")
    council.done("a1", "answer_scope", answer="shared")
    council.done("a1", "close_scope")

    assert several.item("q1").scope["shared"] == 2
    assert several.item("q1").phase == "going_round"


def test_a_base_objects_by_a_decision_of_its_own():
    several, council = nine()
    room = several["D"]

    assert room.refused("d2", "object_to_scope", item="q1", reason="Ours.") == "not_your_role"
    decision = several.decide("D", "This is ours")
    assert several.refused("D", "object_to_scope", item="q1", decision=decision) == (
        "reason_required"
    )
    several.act("D", "object_to_scope", item="q1", reason="Ours.", decision=decision)

    assert several.item("q1").scope["unit"] == room.assembly.key
    assert council.refused("b1", "object_to_scope", item="q1", reason="Ours.") == "already_done"
    entry = Entry.objects.get(journal=council.meeting.journal, kind="federation.scope_objected")
    assert entry.facts["name"] == "D assembly"
    assert several.notices("A")[-1] == "scope_objected"


def test_who_is_no_delegate_says_nothing_about_scope():
    several = confederate("AB", seats=1)
    several.carry("A")
    council = several.meet("b3")

    assert council.refused("a1", "answer_scope", item="q1", answer="ours") == "not_open"
    assert council.refused("a1", "answer_scope", answer="ours") == "wrong_phase"
    assert council.refused("b3", "object_to_scope", item="q1", reason="No.") == "does_not_count"
    objected(several, council)
    assert council.refused("b3", "answer_scope", answer="ours") == "does_not_count"
    assert council.refused("b1", "answer_scope") == "unknown"


# --- back to those who sent them ------------------------------------------------------------------


def test_a_delegate_takes_an_item_back_and_the_base_knows():
    several = confederate("AB", seats=1)
    several.carry("A")
    council = several.meet("b3")

    council.done("b1", "refer_back", item="q1")

    key = several["B"].assembly.key
    assert several.item("q1").referred[key]["version"] == 1
    notice = Notice.objects.get(kind="referred_back")
    assert (notice.unit, notice.item.key) == (several["B"].assembly, "q1")
    entry = Entry.objects.get(kind=NO_POSITION_SAID)
    assert (entry.facts["unit"], entry.facts["item"]) == (key, "q1")
    assert council.refused("b1", "refer_back", item="q1") == "already_done"
    assert council.refused("b3", "refer_back", item="q1") == "does_not_count"
    assert council.refused("a1", "refer_back") == "wrong_phase"
    assert several["A"].refused("a1", "refer_back", item="q1") == "unknown"


def test_a_unit_without_a_position_says_so_at_once():
    several = confederate("AB", seats=1)
    council = several.meet("b3")

    council.done("b1", "say_none")

    entry = Entry.objects.get(kind=NO_POSITION_SAID)
    assert entry.facts["unit"] == several["B"].assembly.key
    assert council.refused("b3", "say_none") == "does_not_count"
    assert several["A"].refused("a1", "say_none") == "unknown"
