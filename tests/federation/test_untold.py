"""A unit that needed to tell its delegates something and did not: asked first, or abstaining."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblies.door.journal import read
from assemblies.live.printing import PROJECTOR, print_panels
from federation.models import UnitPosition
from federation.reading.rounds import rounds_of
from federation.rules import KINDS, CouncilRule, abstains_untold, without_mandate
from tests.federation.screens.looking import mine
from tests.federation.several import Several, confederate

ANSWERS = ("agree", "stand_aside", "disagree", "abstain", "for", "against")


@pytest.mark.parametrize(
    ("means", "kind", "answer", "allowed"),
    [
        ("refer_back", "enact", "agree", False),
        ("refer_back", "enact", "abstain", False),
        ("refer_back", "elect", "agree", True),
        ("abstain", "enact", "agree", False),
        ("abstain", "enact", "for", False),
        ("abstain", "enact", "abstain", True),
        ("abstain", "elect", "against", True),
    ],
)
def test_what_a_delegate_may_say_who_was_told_nothing(means, kind, answer, allowed):
    rule = CouncilRule(no_mandate_means=means)
    assert without_mandate(rule, kind, answer) is allowed


@given(
    st.sampled_from(["refer_back", "abstain"]),
    st.frozensets(st.sampled_from(KINDS)),
    st.sampled_from(KINDS),
    st.sampled_from(ANSWERS),
)
def test_nobody_speaks_for_a_unit_that_was_to_say_and_did_not(means, required, kind, answer):
    rule = CouncilRule(no_mandate_means=means, mandate_required=required)
    allowed = without_mandate(rule, kind, answer)

    assert allowed or kind in required
    assert not (kind in required and allowed and answer != "abstain")
    assert abstains_untold(rule, kind) is (
        kind in required and without_mandate(rule, kind, "abstain")
    )


def meets(**rule) -> Several:
    """Have a council asked of which A alone has said what its delegates shall say."""
    usual = {"parity": "none", "notice_days": 0, "debate": False, "no_mandate_means": "abstain"}
    several = confederate("ABC", rule={**usual, **rule})
    several.carry("A")
    several.decide("A", "What we say")
    several.act("A", "give_mandate", item="q1", position="agree")
    several.ask()
    return several


@pytest.mark.django_db
def test_who_told_nothing_abstains_while_here_until_a_mandate_comes():
    several = meets()
    room, b = several["X"], several["B"].assembly.key
    room.done("a1", "take_position", position="agree")
    test = room.state["proposal"]["test"]
    assert (test["positions"]["agree"], test["positions"]["abstain"]) == (1, 2)
    assert test["answered"] == 3
    assert room.state["council"]["units"][b]["position"] == "abstain"
    assert room.refused("b1", "take_position", position="agree") == "no_mandate"
    own = mine(several, "X", "b1")
    assert own["mandate"]["words"] == "No mandate on this item: it abstains."
    assert "abstain" not in own["beyond"]
    assert "agree" in own["beyond"]

    room.done("c1", "leave")
    room.done("c2", "leave")
    assert room.state["proposal"]["test"]["positions"]["abstain"] == 1

    several.decide("B", "We say no")
    several.act("B", "give_mandate", item="q1", position="disagree")
    assert room.state["proposal"]["test"]["positions"]["abstain"] == 0
    room.done("b1", "take_position", position="disagree")
    assert room.state["proposal"]["test"]["positions"]["disagree"] == 1


@pytest.mark.django_db
def test_what_a_closed_test_counted_as_abstaining_stays_so_and_by_nobody():
    several = meets(ratification="none")
    room = several["X"]
    room.done("a1", "take_position", position="agree")
    room.done("b2", "take_position", position="abstain")
    several.later(seconds=30)
    room.done("a1", "close_test")
    room.done("a1", "adopt")

    rows = {row.unit.name[0]: row for row in UnitPosition.objects.select_related("unit")}
    assert {name: row.position for name, row in rows.items()} == {
        "A": "agree",
        "B": "abstain",
        "C": "abstain",
    }
    assert [len(rows[name].entered) for name in "ABC"] == [1, 1, 0]
    (told,) = rounds_of(several.item("q1"))
    assert "1 agrees, 2 abstain." in told.sentence
    shown = print_panels(read(room.meeting, now=room.clock), PROJECTOR)["council"]
    assert shown.count("said-abstain") == 2


@pytest.mark.django_db
def test_where_they_are_asked_first_nothing_is_counted_for_them():
    several = meets(no_mandate_means="refer_back")
    test = several["X"].state["proposal"]["test"]

    assert test["answered"] == 0
    assert several["X"].refused("b1", "take_position", position="abstain") == "no_mandate"
    several["X"].done("b1", "refer_back")
    assert "referred_back" in several.notices("B")


@pytest.mark.django_db
def test_the_question_whether_to_override_is_counted_the_same():
    several = meets()
    room = several["X"]
    several.decide("B", "We say no")
    several.act("B", "give_mandate", item="q1", position="disagree")
    for round_no in (1, 2):
        if round_no == 2:
            several.later(seconds=60)
            room.done("a1", "open_test")
        room.done("a1", "take_position", position="agree")
        room.done("b1", "take_position", position="disagree")
        several.later(seconds=30)
        room.done("a1", "close_test")
    room.done("a1", "open_vote")
    room.done("a1", "cast_ballot", choice="for")

    assert room.state["proposal"]["vote"]["abstain"] == 1
    assert room.state["proposal"]["vote"]["for"] == 1
