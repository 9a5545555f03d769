"""What a console offers, what everybody is told, and what a wall says of people."""

from datetime import timedelta

import pytest

from assemblies.door.journal import read
from assemblies.live.printing import CLASSES, FACILITATOR, MEMBER, PROJECTOR, print_panels
from assemblies.screens.now import primary, stage_and_next
from proposals.rules.diff import changes, compared
from tests.proposals import stories
from tests.proposals.stories import play
from tests.rooms import Room, make_room

STAGES = {
    "forward": [stories.FORWARD],
    "presented": stories.PRESENTED,
    "discussed": stories.DISCUSSED,
    "tested": stories.TESTED,
    "agreed": stories.AGREED,
    "stopped": stories.STOPPED,
    "heard": stories.HEARD,
}


def big(room: Room) -> tuple[str, str]:
    """Return what the one big button of a console says and does."""
    found = primary(read(room.meeting, now=room.clock))
    assert found is not None
    return found["label"], found["act"]["do"]


def press(room: Room) -> str:
    """Press the big button, which must be accepted, and return what it said."""
    found = primary(read(room.meeting, now=room.clock))
    assert found is not None
    args = dict(found["act"])
    room.done("fay", args.pop("do"), **args)
    return str(found["label"])


def shown(room: Room, audience: str) -> str:
    """Return all panels of an audience."""
    return " ".join(print_panels(read(room.meeting, now=room.clock), f"{audience}.en").values())


def test_a_routine_proposal_takes_one_button_and_one_answer_from_each(room):
    room.at(0)
    routine = {"proposal": "p1", "title": "A bench", "text": "We build it.", "class": "routine"}
    room.done("ana", "put_forward", **routine)
    said = [press(room) for _step in range(3)]
    for who in ("fay", "ana", "ben", "cem"):
        room.done(who, "take_position", position="agree")
    said += [press(room) for _step in range(3)]

    assert said == [
        "Present “A bench”",
        "Go on: Discussion",
        "Test for consensus on version 1",
        "Close the test",
        "Record the decision",
        "Finish “Rent increase”",
    ]
    assert room.state["decisions"][0]["how"] == "consensus"


def test_by_consent_the_rounds_are_proposed_in_words(db):
    room = make_room("Ana", "Ben", preset="consent_sociocratic")
    play(room, [stories.FORWARD])
    said = [press(room) for _step in range(3)]
    while big(room)[1] == "call":
        press(room)
        room.done("fay", "end_turn")
    said.append(press(room))
    said.append(big(room)[0])

    assert said == [
        "Present “A bench”",
        "Go on: Clarifying questions",
        "Start the clarifying round",
        "Go on: Discussion",
        "Start the reaction round",
    ]


def test_who_waits_is_called_first_but_an_answered_test_is_closed_before(room):
    play(room, stories.DISCUSSED)
    room.done("cem", "raise_hand")
    assert big(room) == ("Call Cem", "call")
    room.done("fay", "open_test")
    assert big(room) == ("Call Cem", "call")
    for who in ("fay", "ana", "ben", "cem"):
        room.done(who, "take_position", position="agree")
    assert big(room) == ("Close the test", "close_test")
    room.done("ben", "prepare_block")
    assert big(room) == ("Call Cem", "call")
    room.done("ben", "prepare_block", cancel=True)
    room.done("fay", "close_test")
    assert big(room) == ("Record the decision", "adopt")
    room.done("ana", "raise_hand", kind="technical_point")
    assert big(room)[1] == "call"


def test_a_block_is_heard_before_hands_are_called(room):
    play(room, stories.STOPPED)
    room.done("cem", "raise_hand")
    assert big(room) == ("Hear the block of Ben", "hear_block")
    press(room)
    room.done("fay", "call", who="cem")
    room.done("fay", "end_turn")
    assert big(room) == ("Go on: Amending", "set_phase")


@pytest.mark.parametrize("name", STAGES)
def test_panels_of_one_seq_are_the_same_bytes_at_any_time(room, name):
    room.at(0)
    stories.decide_by(room, {"fallback": {"threshold": "1/2"}, "cooling_off": {"days": 3}})
    play(room, STAGES[name])
    at_once = [print_panels(read(room.meeting, now=room.clock), f"{kind}.en") for kind in CLASSES]
    room.clock += timedelta(days=5)
    later = [print_panels(read(room.meeting, now=room.clock), f"{kind}.en") for kind in CLASSES]
    decided = ("now", "test", "proposal", "decisions")

    for before, after in zip(at_once, later, strict=True):
        assert {key: before[key] for key in decided} == {key: after[key] for key in decided}


def test_a_vote_that_waits_for_days_says_from_when(room):
    room.at(0)
    stories.decide_by(room, {"fallback": {"threshold": "1/2"}, "cooling_off": {"days": 3}})
    play(room, stories.HEARD)
    since = int((room.clock + timedelta(days=3)).timestamp() * 1000)
    vote = shown(room, FACILITATOR).partition('id="move-vote"')[2].partition(">")[0]

    assert f'data-from="{since}"' in vote
    assert room.refused("fay", "open_vote") == "cooling_off"


def test_what_is_refused_is_shown_with_the_reason(room):
    play(room, stories.STOPPED)
    html = shown(room, FACILITATOR)
    test = html.partition('id="move-test"')[2].partition("</li>")[0]

    assert 'aria-disabled="true"' in test
    assert "It is blocked. The blocks are heard and met first." in test
    assert "By this way of deciding nothing is put to a vote." in html
    assert 'id="move-hear-' in html


def test_a_wall_says_that_it_is_blocked_and_by_nobody(room):
    play(room, stories.STOPPED)
    wall, inside = shown(room, PROJECTOR), shown(room, MEMBER)

    assert "Blocked by 1. Next: hear the block." in wall
    assert "Full consensus" in wall
    assert "One block stops a proposal until it is met." in wall
    for told in ("Ben", "The children play there.", "we ask the children first"):
        assert told not in wall
        assert told in inside


def test_a_wall_names_nobody_who_stood_aside_and_nobody_is_known_by_key(db):
    room = make_room("Ana", "Ben", "Cem")
    play(room, stories.TESTED)
    for who in ("fay", "ana"):
        room.done(who, "take_position", position="agree")
    for who in ("ben", "cem"):
        room.done(who, "take_position", position="stand_aside", reason="I know too little.")
    room.done("fay", "close_test")
    wall = shown(room, PROJECTOR)

    assert "I know too little." in wall
    assert "Ben" not in wall
    assert room.key("ben") not in wall
    assert "Ben" in shown(room, MEMBER)


def test_everybody_is_told_where_the_proposal_stands_and_what_comes_next(room):
    play(room, stories.DISCUSSED)
    page = read(room.meeting)
    assert stage_and_next(page, None, None) == (
        "Discussion",
        "Next: concerns, or a test for consensus.",
    )
    for audience in CLASSES:
        now = print_panels(page, f"{audience}.en")["now"]
        assert "Next: concerns, or a test for consensus." in now
    room.done("fay", "open_test")
    assert stage_and_next(read(room.meeting), None, None)[0] == "Test for consensus"


def test_a_position_reprints_the_test_alone_and_asks_the_database_nothing(
    room, django_assert_num_queries
):
    play(room, stories.TESTED)
    page = read(room.meeting)
    print_panels(page, "projector.en")
    with django_assert_num_queries(0):
        seen = {
            kind: set(print_panels(page, f"{kind}.en", frozenset({"test"}))) for kind in CLASSES
        }

    assert seen[MEMBER] == seen[PROJECTOR] == {"test"}
    # The big button of a console closes the test once all have answered.
    assert seen[FACILITATOR] == {"test", "now"}


def test_words_that_were_compared_once_are_not_compared_again():
    compared.cache_clear()
    for _again in range(2):
        found = changes("We build a bench.", "We build a long bench.")
        assert [piece.text for piece in found if piece.how == "in"] == ["long "]

    assert (compared.cache_info().misses, compared.cache_info().hits) == (1, 1)


def test_a_task_without_a_holder_is_marked_until_there_is_one(room):
    room.done("fay", "add_task", what="Buy wood")
    assert '<span class="task unheld">' in shown(room, MEMBER)


def test_answers_without_names_and_for_everyone_else_are_offered_but_never_a_block(room):
    room.done("fay", "check_in", name="Wim", phone=False)
    room.done("fay", "check_in", heads=3)
    play(room, stories.TESTED)
    room.done("fay", "count_room", of="test", counts={"agree": 2})
    html = shown(room, FACILITATOR)

    assert "2 of them without names, counted by Fay" in html
    assert "act-else-take_position-agree" in html
    assert "act-else-take_position-block" not in html
