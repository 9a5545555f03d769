"""The minutes of S1 hold every number in it, the principle, the amendment, and nobody's vote."""

import json
from pathlib import Path

import pytest

from assemblies.models import Meeting
from assemblies.records.markdown import markdown
from assemblies.records.minutes import draw
from assemblies.records.rehearsal import read_script, rehearse
from tests.proposals.stories import STOPPED, TESTED, decide_by
from tests.rooms import make_room

pytestmark = pytest.mark.django_db
S1 = Path("docs/rehearsals/s1_one_block_one_friendly_amendment.json")


def told_of(meeting: Meeting) -> str:
    """Return the minutes of a meeting as one text."""
    minutes = draw(meeting)
    parts = [minutes.opening, *minutes.items, minutes.closing]
    return "\n".join([line.text for part in parts for line in part.lines] + parts[1].sums)


def test_the_minutes_of_s1_hold_every_number_of_it():
    report = rehearse(read_script(json.loads(S1.read_text())), keep=True)
    assert report.ok, report.failures
    meeting = Meeting.objects.get(key=report.meeting)

    told = told_of(meeting)

    for expected in (
        "29 up, 6 in the middle, 3 down",
        "36 agree, 2 with reservations, 1 stands aside, 1 blocks",
        "Blocked",
        "nobody faces retaliation alone",
        "Some would face the landlord alone.",
        "a member stands aside: I move out in April.",
        "6 positions were entered for people without a phone",
        "The amendment of dana was accepted: version 2",
        "37 agree, 2 with reservations, 1 stands aside.",
        "40 who count were here",
        "Decision D-1, by consensus, version 2: We refuse the increase of 1 May.",
        "Task: Collect signatures. Holder: m1. Due: 2027-04-01.",
    ):
        assert expected in told, expected
    assert "Blocked by dana" not in told
    assert "Blocked by a member" in told
    assert "60 %" in markdown(draw(meeting))


def test_who_agreed_to_it_stands_by_name():
    room = make_room("Ana", "Ben", "Cem")
    ben = room.people["ben"]
    type(ben).objects.filter(pk=ben.pk).update(named=True)
    for who, do, args in STOPPED:
        room.done(who, do, **args)

    assert "Blocked by Ben: we ask the children first" in told_of(room.meeting)


def test_a_vote_stands_with_its_numbers_and_what_was_needed():
    room = make_room("Ana", "Ben", "Cem")
    decide_by(room, {"fallback": {"threshold": "1/2", "strict": True}})
    for who, do, args in STOPPED:
        room.done(who, do, **args)
    room.done("fay", "hear_block", who="ben")
    room.done("fay", "open_vote")
    for who, choice in (("fay", "for"), ("ana", "for"), ("ben", "against"), ("cem", "abstain")):
        room.done(who, "cast_ballot", choice=choice)
    room.done("fay", "close_vote")

    told = told_of(room.meeting)

    assert "Vote: 2 for, 1 against, 1 abstain." in told
    assert "66.66 % of those counted; 2 were needed. Passed." in told


def test_standing_aside_without_a_reason_is_a_concern_without_words_in_the_journal():
    room = make_room("Ana", "Ben", "Cem")
    for who, do, args in TESTED:
        room.done(who, do, **args)
    for who in ("ana", "ben"):
        room.done(who, "take_position", position="stand_aside")
    for who in ("fay", "cem"):
        room.done(who, "take_position", position="agree")
    room.done("fay", "close_test")

    facts = [
        entry.facts
        for entry in room.meeting.journal.entries.filter(kind="proposals.concern_raised")
    ]
    assert [one["text"] for one in facts] == ["", ""], "the journal holds no translated text"
    assert told_of(room.meeting).count("Concern: Stands aside, without a reason in words.") == 2
