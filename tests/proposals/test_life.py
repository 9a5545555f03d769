"""Whatever people do with a proposal, it moves along the table of its life."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proposals import rules
from proposals.models import Decision, Proposal
from proposals.rules import Phase
from tests.proposals import stories
from tests.proposals.walks import FIXTURES, PEOPLE, something
from tests.rooms import Room, make_room

RULES = (
    {},
    {"max_blocks": 1},
    {"fallback": {"threshold": "1/2"}},
    {"block_validity": {"kind": "invalidate_if", "share": "1/2"}},
    {"positions": list(rules.OPEN), "rounds_before_fallback": 2, "override_question": "1/2"},
)


def anything(dice: random.Random, n: int) -> tuple[str, str, dict]:
    """Return a random act: one that takes a proposal on, or off the table, or an objection."""
    ends = [
        ("fay", "refer", {"to": "the kitchen group"}),
        ("fay", "postpone", {}),
        ("ana", "withdraw_proposal", {}),
    ]
    moves = [
        ("fay", "present_proposal", {}),
        ("fay", "set_phase", {"phase": dice.choice(rules.LEVELS_OF_TALK).value}),
        ("fay", "set_phase", {"phase": dice.choice(list(Phase)).value}),
        ("fay", "bring_proposal", {"proposal": "p1"}),
    ]
    kind = dice.random()
    return dice.choice(ends if kind < 0.01 else moves if kind < 0.2 else [something(dice, n)])


def phase_of(room: Room) -> Phase:
    """Return the phase in which the proposal of a room is stored."""
    return Phase(Proposal.objects.get(assembly=room.assembly, key="p1").phase)


@pytest.mark.django_db
@given(seed=st.integers(0, 2**32))
@settings(max_examples=15, **FIXTURES)
def test_no_random_walk_of_acts_leaves_the_table(seed):
    dice = random.Random(seed)
    room = make_room("Ana", "Ben", "Cem", "Dan")
    stories.decide_by(room, dice.choice(RULES))
    room.at(0)
    room.done(*stories.FORWARD[:2], **stories.FORWARD[2])
    clock, here = 0.0, Phase.SUBMITTED
    for n in range(120):
        clock += dice.choice([0, 1, 5, 20])
        room.at(clock)
        who, do, args = anything(dice, n)
        answer = room.act(who, do, **args)
        assert answer.code != "failed", (who, do, args)
        there = phase_of(room)
        assert there == here or there in rules.LIFE[here], (do, here, there)
        here = there
        if do != "set_phase" or not answer.accepted or dice.random() < 0.5:
            continue
        # Somebody objects: what was skipped is taken back, and nothing else.
        last = room.meeting.journal.entries.order_by("-seq").first()
        room.act(dice.choice(PEOPLE), "object", seq=last.seq)
        there = phase_of(room)
        assert there == here or there in rules.TAKEN_BACK[here], ("object", here, there)
        here = there


@pytest.mark.django_db
def test_the_walks_above_do_go_through_the_life():
    """A law of walks that stand still would say nothing: most phases are reached."""
    reached = set()
    for seed in range(8):
        dice = random.Random(seed)
        room = make_room("Ana", "Ben", "Cem", "Dan")
        stories.decide_by(room, RULES[2])
        room.at(0)
        room.done(*stories.FORWARD[:2], **stories.FORWARD[2])
        for n in range(120):
            room.at(20.0 * n)
            who, do, args = anything(dice, n)
            room.act(who, do, **args)
            reached.add(phase_of(room))
    assert len(reached) >= 10, reached


def test_a_skip_that_the_room_takes_back_leads_to_where_it_came_from(room):
    for who, do, args in stories.PRESENTED:
        room.done(who, do, **args)
    room.done("fay", "set_phase", phase="concerns")
    skip = room.meeting.journal.entries.order_by("-seq").first()
    assert skip.kind == "proposals.phase_skipped"

    room.done("ben", "object", seq=skip.seq)

    row = Proposal.objects.get(key="p1")
    assert (row.phase, row.had) == (Phase.PRESENTED, ["presented"])


def test_a_decision_that_units_sent_back_can_still_be_replaced(room):
    """Its proposal goes on its own way: it was returned, it is not over."""
    for who, do, args in stories.AGREED:
        room.done(who, do, **args)
    room.done("fay", "close_test")
    room.done("fay", "adopt")
    Proposal.objects.filter(key="p1").update(phase=Phase.REFERRED)
    room.done("fay", "finish_item")
    room.done("ana", "put_forward", proposal="p2", title="A shed", text="We build a shed.")
    Proposal.objects.filter(key="p2").update(supersedes=Decision.objects.get())
    room.done("fay", "take_up_item", item="p2")
    room.done("fay", "present_proposal", proposal="p2")
    room.done("fay", "set_phase", phase="discussion")
    room.done("fay", "open_test")
    for who in ("fay", "ana", "ben", "cem"):
        room.done(who, "take_position", position="agree")
    room.done("fay", "close_test")
    room.done("fay", "adopt")

    assert Proposal.objects.get(key="p1").phase == "referred"
    assert Proposal.objects.get(key="p2").phase == "adopted"
