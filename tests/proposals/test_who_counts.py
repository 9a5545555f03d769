"""What becomes of answers, blocks and findings when people leave, merge or stay as guests."""

import pytest

from assemblies.door.shelf import shelf
from proposals.models import Judgement, Position, Proposal
from tests.proposals import stories
from tests.rooms import make_room

pytestmark = pytest.mark.django_db
FALLS = {"block_validity": {"kind": "invalidate_if", "share": "3/4"}}


@pytest.fixture
def room():
    """Open a room of seven, where three quarters find a block invalid."""
    room = make_room("Ana", "Ben", "Cem", "Dan", "Eva", "Fil")
    stories.decide_by(room, FALLS)
    return room


def play(room, steps) -> None:
    """Do the steps of a story, in a meeting with a clock of its own."""
    room.at(0)
    for who, do, args in steps:
        room.done(who, do, **args)


BLOCKED = [
    *stories.TESTED,
    *[(who, "take_position", {"position": "agree"}) for who in ("fay", "ana", "dan", "eva", "fil")],
    ("cem", "take_position", {"position": "agree"}),
    ("ben", "take_position", {"position": "block", **stories.REASONS}),
    ("fay", "close_test", {}),
    ("fay", "hear_block", {"who": "ben"}),
]


def judged(room, *judges: str) -> list[bool]:
    """Have people find the block invalid, and return which blocks stand."""
    for who in judges:
        room.done(who, "judge_block", who=room.key("ben"), answer="invalid")
    return [block["standing"] for block in room.state["proposal"]["blocks"]]


def gone(room, who: str, how: str) -> None:
    """Have somebody count no longer: they leave, stay as a guest, or had two seats."""
    if how == "leave":
        room.done(who, "leave")
    elif how == "guest":
        room.done(who, "check_in", kind="guest")
    else:
        room.done("fay", "merge", who=room.key(who), into=room.key("cem"))


def outcome(room) -> tuple[str, str]:
    """Return the outcome of the test and the phase of the proposal at hand."""
    proposal = room.state["proposal"]
    return proposal["test"]["outcome"], proposal["phase"]


def test_nobody_waits_for_a_judge_who_went_home(room):
    play(room, BLOCKED)
    assert judged(room, "fay", "ana", "dan", "eva") == [True]  # four of six

    room.done("fil", "leave")  # four of five

    assert judged(room) == [False]
    assert outcome(room) == ("CONSENSUS", "call_for_consensus")


@pytest.mark.parametrize("how", ["guest", "merge"])
def test_nor_for_one_who_stays_as_a_guest_nor_for_a_second_seat(room, how):
    play(room, BLOCKED)
    assert judged(room, "fay", "ana", "dan", "eva") == [True]

    gone(room, "fil", how)

    assert judged(room) == [False]


def test_where_nobody_judged_nothing_is_found_whoever_leaves(room):
    stories.decide_by(room, {"block_validity": {"kind": "valid_if", "share": "1/4"}})
    play(room, BLOCKED)

    for who in ("ana", "cem", "dan", "eva", "fil", "fay"):
        room.done(who, "leave")

    assert judged(room) == [True]
    assert outcome(room) == ("BLOCKED", "block_review")


def test_a_finding_moves_to_the_other_seat(room):
    play(room, BLOCKED)
    judged(room, "fil")

    room.done("fay", "merge", who=room.key("fil"), into=room.key("cem"))

    assert Judgement.objects.get().participant.key == room.key("cem")


def test_a_test_that_came_to_consensus_after_all_is_no_failed_one(room):
    play(room, BLOCKED)
    assert Proposal.objects.get().failed_tests == 1

    judged(room, "fay", "ana", "dan", "eva", "fil")

    assert outcome(room)[0] == "CONSENSUS"
    assert Proposal.objects.get().failed_tests == 0


def test_two_seats_of_one_person_block_once(room):
    play(room, [*BLOCKED[:-3], ("cem", "take_position", {"position": "block", **stories.REASONS})])
    room.done("ben", "take_position", position="block", **stories.REASONS)
    room.done("fay", "close_test")
    room.done("fay", "merge", who=room.key("cem"), into=room.key("ben"))
    room.done("fay", "hear_block", who=room.key("ben"))

    assert room.state["proposal"]["blocks"] == [{"who": "ben", "heard": True, "standing": True}]
    room.done("fay", "set_phase", phase="amending")


def test_who_comes_back_has_no_two_minutes_more_to_write_a_block(room):
    play(room, stories.TESTED)
    room.done("ben", "prepare_block")
    room.at(50)
    room.done("ben", "leave")
    room.done("ben", "check_in")
    room.done("ben", "prepare_block")

    room.at(119)
    assert room.refused("fay", "close_test") == "block_being_written"
    room.at(120)
    room.done("fay", "close_test")


def test_who_stays_as_a_guest_takes_the_answer_along(room):
    play(room, [*stories.TESTED, ("ben", "take_position", {"position": "agree"})])

    room.done("ben", "check_in", kind="guest")

    assert room.state["proposal"]["test"]["answered"] == 0
    assert not Position.objects.exists()


@pytest.mark.parametrize("how", ["leave", "guest", "merge"])
def test_an_answer_let_go_of_elsewhere_is_no_answer_here(room, how):
    """Have another process write what happens to an answer, and look at the kept sheets."""
    play(room, [*stories.TESTED, ("ben", "take_position", {"position": "agree"})])
    room.done("cem", "take_position", position="agree")
    kept = shelf.take(room.meeting.pk)
    gone(room, "ben", how)
    shelf.clear()
    shelf.put(kept)

    room.at(20)
    room.done("fay", "close_test")
    assert room.state["proposal"]["test"]["answered"] == 1


def test_each_of_many_who_stand_aside_becomes_a_concern(room, monkeypatch):
    """More concerns than people may raise, and one that has taken the name of another."""
    monkeypatch.setattr("proposals.services.concerns.MOST_OPEN", 2)
    play(room, stories.DISCUSSED)
    taken = f"aside-1-{room.key('ana')}"
    room.done("ben", "raise_concern", concern=taken, text="Who waters it?")
    room.done("fay", "open_test")
    for who in ("ana", "ben", "cem", "dan"):
        room.done(who, "take_position", position="stand_aside")
    for who in ("eva", "fil", "fay"):
        room.done(who, "take_position", position="agree")

    room.done("fay", "close_test")

    assert outcome(room) == ("TOO_MANY_STAND_ASIDES", "concerns")
    assert room.state["proposal"]["open_concerns"] == 5
    assert room.refused("ben", "raise_concern", text="And more?") == "too_long"
