"""Whatever is done in whatever order: no result without a test, no position twice, no trace."""

import random
import uuid

import pytest
from django.db import models
from hypothesis import given, settings
from hypothesis import strategies as st

from assemblies.acts.declaring import Act
from assemblies.acts.perform import perform
from assemblies.door.verifying import finding_of
from assemblies.models import Entry, Receipt
from proposals import rules
from proposals.models import Ballot, CheckAnswer, ConsensusTest, Decision, Position, Proposal
from proposals.sheets.asking import CHECK_ANSWERED
from tests.assemblies.test_races import all_at_once
from tests.proposals.stories import (
    AGREED,
    DISCUSSED,
    FORWARD,
    PRESENTED,
    REASONS,
    STOPPED,
    TESTED,
    decide_by,
    play,
)
from tests.proposals.walks import FIXTURES, PEOPLE, something
from tests.rooms import make_room

BY_DEGREE = {"positions": list(rules.OPEN), "rounds_before_fallback": 2}


@pytest.mark.django_db
@given(seed=st.integers(0, 2**32))
@settings(max_examples=20, **FIXTURES)
def test_no_path_reaches_adopted_without_a_test_on_that_version(seed):
    dice = random.Random(seed)
    room = make_room("Ana", "Ben", "Cem", "Dan")
    decide_by(
        room,
        dice.choice(
            [
                {},
                {"max_blocks": 1},
                {"fallback": {"threshold": "1/2"}},
                {"block_validity": {"kind": "invalidate_if", "share": "1/2"}},
                {"quorum": 4, "min_answered": "0"},
                {**BY_DEGREE, "override_question": "1/2"},
                {**BY_DEGREE, "quorum": 4, "fallback": {"threshold": "2/3"}},
            ]
        ),
    )
    room.at(0)
    room.done(*FORWARD[:2], **FORWARD[2])
    clock = 0.0
    for n in range(260):
        clock += dice.choice([0, 1, 5, 20])
        room.at(clock)
        who, do, args = something(dice, n)
        before = room.state["proposal"] if do == "adopt" else None
        answer = room.act(who, do, **args)
        assert answer.code != "failed", (who, do, args)
        if do != "adopt" or not answer.accepted:
            continue
        decision = Decision.objects.get(assembly=room.assembly)
        tested = ConsensusTest.objects.filter(
            meeting=room.meeting, version=decision.version, closed_at__isnull=False
        ).exclude(outcome="NO_QUORUM")
        assert tested.exists()
        assert before["version"] == decision.version
        if decision.how == "vote":
            assert before["vote"]["passed"] is True
        else:
            assert before["test"]["outcome"] == "CONSENSUS"
        if "degree" in before["test"]:
            failed = tested.exclude(version__gt=decision.version).exclude(outcome="CONSENSUS")
            assert decision.how != "vote" or failed.exists()
            assert decision.how == "vote" or not before["test"]["positions"]["disagree"]
        standing = [block for block in before["blocks"] if block["standing"]]
        assert all(block["heard"] for block in standing)
        break
    assert (
        Position.objects.values("test", "participant")
        .annotate(n=models.Count("id"))
        .filter(n__gt=1)
        .count()
        == 0
    )
    report = finding_of(room.meeting.journal)
    assert report.ok, report


@pytest.mark.django_db
def test_the_random_walks_do_reach_decisions():
    """The law above would hold of a program that decides nothing: some walks must get there."""
    reached = 0
    for seed in range(12):
        dice = random.Random(seed)
        room = make_room("Ana", "Ben", "Cem", "Dan")
        room.at(0)
        room.done(*FORWARD[:2], **FORWARD[2])
        clock = 0.0
        for n in range(260):
            clock += dice.choice([0, 1, 5, 20])
            room.at(clock)
            who, do, args = something(dice, n)
            if room.act(who, do, **args).accepted and do == "adopt":
                reached += 1
                break
    assert reached >= 2


@pytest.mark.django_db
@given(
    positions=st.lists(
        st.sampled_from(["agree", "reservations", "stand_aside", "block"]), min_size=5, max_size=5
    ),
    orders=st.lists(st.permutations(range(5)), min_size=2, max_size=3),
)
@settings(max_examples=15, **FIXTURES)
def test_the_order_of_answers_changes_nothing(positions, orders):
    outcomes = set()
    for order in orders:
        room = make_room("Ana", "Ben", "Cem", "Dan")
        play(room, TESTED)
        for place in order:
            room.done(PEOPLE[place], "take_position", position=positions[place], **REASONS)
        room.done("fay", "close_test")
        test = room.state["proposal"]["test"]
        outcomes.add((test["outcome"], tuple(sorted(test["positions"].items()))))
    assert len(outcomes) == 1


# --- races ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("again", range(3))
@pytest.mark.django_db(transaction=True)
@pytest.mark.both
def test_two_who_close_one_test_at_once_get_one_result(again):
    room = make_room("Ana", "Ben", "Cem")
    room.done("fay", "give_role", role="facilitator", who="ana")
    play(room, AGREED)

    answers = all_at_once([lambda who=who: room.act(who, "close_test") for who in ("fay", "ana")])

    assert sorted(answer.code for answer in answers) == ["", "no_test_open"]
    assert Entry.objects.filter(kind="proposals.test_closed").count() == 1
    assert room.state["proposal"]["test"]["outcome"] == "CONSENSUS"


@pytest.mark.django_db(transaction=True)
@pytest.mark.both
def test_an_answer_at_the_moment_of_closing_counts_or_is_refused_never_both():
    for _again in range(12):
        room = make_room("Ana", "Ben", "Cem")
        play(room, AGREED)

        late, closed = all_at_once(
            [
                lambda room=room: room.act("ben", "take_position", position="stand_aside"),
                lambda room=room: room.act("fay", "close_test"),
            ]
        )

        assert closed.accepted
        positions = room.state["proposal"]["test"]["positions"]
        assert positions["stand_aside"] == (1 if late.accepted else 0)
        assert late.accepted or late.code == "no_test_open"
        assert sum(positions.values()) == 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.both
def test_two_devices_of_one_person_take_one_position():
    room = make_room("Ana", "Ben", "Cem")
    play(room, TESTED)

    def tap(position: str):
        """Take a position as Ben, from one of his devices."""
        act = Act("take_position", {"position": position}, room.key("ben"), str(uuid.uuid4()))
        return perform(room.meeting, [act])[0]

    answers = all_at_once(
        [lambda p=p: tap(p) for p in ("agree", "reservations", "stand_aside", "agree")]
    )

    assert all(answer.accepted for answer in answers)
    assert Position.objects.count() == 1
    assert room.state["proposal"]["test"]["answered"] == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.both
def test_two_meetings_of_an_assembly_number_their_decisions_apart():
    room = make_room("Ana", "Ben", "Cem")
    play(room, AGREED)
    room.done("fay", "close_test")
    room.done("fay", "adopt")
    room.done("fay", "record_on_paper", title="Keys", text="Ana has them.")

    assert list(Decision.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


# --- no trace -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_temperature_check_leaves_numbers_and_nothing_of_anybody():
    room = make_room("Ana", "Ben", "Cem")
    play(room, PRESENTED)
    room.done("fay", "open_check", seconds=30)
    room.done("ana", "answer_check", level="up", id="tap-1")
    room.done("ana", "answer_check", level="down", id="tap-2")
    room.done("ben", "answer_check", level="up", id="tap-3")
    assert CheckAnswer.objects.count() == 2
    people = {str(one.pk) for one in room.people.values()} | {
        one.key for one in room.people.values()
    }
    open_now = CheckAnswer.objects.values_list("pseudonym", flat=True)
    assert not people & set(open_now)

    room.done("fay", "close_check")

    assert room.state["proposal"]["check"] == {"open": False, "up": 1, "middle": 0, "down": 1}
    assert CheckAnswer.objects.count() == 0
    for entry in Entry.objects.filter(kind__in=[CHECK_ANSWERED, "proposals.check_closed"]):
        told = str(entry.facts)
        assert entry.kind != CHECK_ANSWERED or entry.actor == entry.on_behalf_of == ""
        assert not any(key in told for key in people)
    answered = Entry.objects.filter(kind=CHECK_ANSWERED).values("seq")
    assert not Receipt.objects.filter(seq__in=answered).exists()
    assert room.meeting.checks.get().secret == ""


@pytest.mark.django_db
def test_who_leaves_takes_along_the_answer_and_comes_back_without_it():
    room = make_room("Ana", "Ben", "Cem")
    play(room, TESTED)
    room.done("ben", "take_position", position="agree")
    room.done("ben", "prepare_block")

    room.done("ben", "leave")

    assert room.state["proposal"]["test"]["answered"] == 0
    assert room.state["proposal"]["test"]["writing"] == 0
    room.done("ben", "check_in")
    assert room.state["proposal"]["test"]["answered"] == 0


@pytest.mark.django_db
def test_merged_seats_have_one_position():
    room = make_room("Ana", "Ben", "Cem")
    play(room, TESTED)
    room.done("ben", "take_position", position="stand_aside")
    room.done("cem", "take_position", position="agree")

    room.done("fay", "merge", who="ben", into="cem")

    assert room.state["proposal"]["test"]["positions"]["agree"] == 1
    assert room.state["proposal"]["test"]["answered"] == 1


@pytest.mark.django_db
def test_who_does_not_count_sees_that_somebody_blocks_not_who(client):
    room = make_room("Ana", "Ben", "Cem")
    play(room, STOPPED)
    room.done("fay", "check_in", who="cem", kind="observer")

    for name, sees in (("ana", room.key("ben")), ("cem", None)):
        client.force_login(room.people[name].person)
        state = client.get(f"/m/{room.meeting.key}/state.json").json()
        assert [block["who"] for block in state["proposal"]["blocks"]] == [sees]
        assert state["proposal"]["blocks"][0]["standing"] is True


@pytest.mark.django_db
def test_a_later_count_of_fewer_heads_lets_go_of_answers_for_more():
    room = make_room("Ana", "Ben", "Cem")
    room.done("fay", "check_in", heads=20)
    play(room, TESTED)
    room.done("fay", "count_room", of="test", counts={"agree": 18, "stand_aside": 2})
    assert room.state["proposal"]["test"]["answered"] == 20

    room.done("fay", "check_in", heads=5)

    assert room.state["proposal"]["test"]["answered"] == 0
    assert room.refused("fay", "count_room", of="test", counts={"agree": 6}) == "does_not_count"
    assert room.refused("fay", "count_room", of="test", counts={"block": 1}) == (
        "position_not_offered"
    )
    assert room.refused("fay", "count_room", of="vote", counts={"for": 1}) == "not_open"


@pytest.mark.django_db
def test_every_vote_is_one_ballot_however_often_it_is_cast():
    room = make_room("Ana", "Ben", "Cem")
    decide_by(room, {"fallback": {"threshold": "1/2"}})
    play(room, STOPPED)
    room.done("fay", "hear_block", who="ben")
    room.done("fay", "open_vote")
    for choice in ("for", "against", "against", "abstain"):
        room.done("ana", "cast_ballot", choice=choice)

    assert Ballot.objects.count() == 1
    assert room.state["proposal"]["vote"]["abstain"] == 1


@pytest.mark.django_db
def test_the_discussion_of_a_proposal_starts_where_it_was_put_forward():
    room = make_room("Ana", "Ben", "Cem")
    play(room, DISCUSSED)
    room.done("ben", "put_forward", proposal="p2", title="A shed", text="We build a shed.")

    assert room.state["agenda"][-1] == {"item": "p2", "state": "waiting"}
    assert room.refused("fay", "present_proposal", proposal="p2") == "wrong_phase"
    assert Proposal.objects.count() == 2


@pytest.mark.django_db
def test_who_answers_as_before_is_no_longer_writing_a_block():
    room = make_room("Ana", "Ben", "Cem")
    play(room, TESTED)
    room.done("ben", "take_position", position="agree")
    room.done("ben", "prepare_block")
    assert room.state["proposal"]["test"]["writing"] == 1

    room.done("ben", "take_position", position="agree")

    assert room.state["proposal"]["test"]["writing"] == 0
