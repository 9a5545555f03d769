"""Spokes ask those behind them; what more than half of them say is the mandate of the unit."""

from datetime import timedelta

import pytest

from assemblies.door.journal import read
from assemblies.models import Entry, Membership
from federation.models import Huddle, HuddleAnswer, Mandate
from tests.federation.several import confederate

pytestmark = pytest.mark.django_db


def huddling(*also, letters="AB", seconds=300, **more):
    several = confederate(letters, preset="occupy_spokes", seats=1, people=5, **more)
    several.carry("A")
    council = several.meet(*also)
    council.done("a1", "open_huddle", item="q1", seconds=seconds)
    return several, council


def told_here(several):
    return {
        row.unit.name[0]: (row.position, row.given_here)
        for row in Mandate.objects.filter(ended_at=None).select_related("unit")
    }


def test_a_spoke_counts_those_without_a_phone_and_the_last_count_holds():
    several, council = huddling()

    council.done("a1", "answer_huddle", position="disagree", saying=2, of=9)
    council.done("a1", "answer_huddle", position="agree", saying=7, of=9)
    council.done("b1", "answer_huddle", position="agree", saying=4, of=9)
    council.done("a1", "close_huddle")

    assert told_here(several) == {"A": ("agree", {"by": 7, "of": 9})}
    entry = Entry.objects.get(kind="federation.huddle_closed")
    assert [(one["name"][0], one["position"], one["by"]) for one in entry.facts["units"]] == [
        ("A", "agree", 7),
        ("B", "", 0),
    ]
    assert "mandate_given_here" in several.notices("A")
    assert "mandate_given_here" not in several.notices("B")
    assert council.refused("a1", "close_huddle") == "not_open"


def test_those_behind_a_spoke_answer_by_phone_and_leave_no_trace():
    several, council = huddling("a2", "a3", "a4", "b2")

    for name, position in (("a2", "agree"), ("a3", "agree"), ("a4", "disagree"), ("b2", "abstain")):
        council.done(name, "answer_huddle", position=position)
    council.done("a4", "answer_huddle", position="stand_aside")
    council.done("a1", "close_huddle")

    assert told_here(several) == {
        "A": ("agree", {"by": 2, "of": 3}),
        "B": ("abstain", {"by": 1, "of": 1}),
    }
    assert not HuddleAnswer.objects.exists()
    for entry in Entry.objects.filter(journal=council.meeting.journal):
        if entry.kind == "federation.huddle_answered":
            assert set(entry.facts) == {"unit"}
        if entry.kind == "federation.huddle_closed":
            assert all(council.key(name) not in str(entry.facts) for name in ("a2", "a4", "b2"))


def test_what_is_said_here_takes_the_place_of_the_mandate_before():
    several, council = huddling()
    former = Mandate.objects.create(
        council=several.council,
        unit=several["A"].assembly,
        item=several.item("q1"),
        position="disagree",
        given_at=several.clock,
    )

    council.done("a1", "answer_huddle", position="agree", saying=3, of=4)
    council.done("a1", "close_huddle")

    former.refresh_from_db()
    assert former.ended_at == several.clock
    assert told_here(several) == {"A": ("agree", {"by": 3, "of": 4})}


def test_a_huddle_closes_by_the_clock_with_the_answers_of_its_last_second():
    several, council = huddling(seconds=60)
    until = Huddle.objects.get().closes_at
    several.set(until)
    council.done("a1", "answer_huddle", position="agree", saying=3, of=4)
    several.set(until + timedelta(seconds=5))

    assert council.refused("b1", "answer_huddle", position="agree") == "not_open"

    entry = Entry.objects.get(kind="federation.huddle_closed")
    assert entry.at == until == Huddle.objects.get().closed_at
    assert told_here(several) == {"A": ("agree", {"by": 3, "of": 4})}


def test_a_huddle_ends_with_its_meeting():
    several, council = huddling()
    council.done("a1", "answer_huddle", position="agree", saying=3, of=4)

    council.done("a1", "end_meeting")

    assert told_here(several) == {"A": ("agree", {"by": 3, "of": 4})}
    several.later(days=1)
    read(council.meeting, now=several.clock)
    assert Entry.objects.filter(kind="federation.huddle_closed").count() == 1


def test_who_may_answer_a_huddle():
    several, council = huddling("a2")
    stranger = {"position": "agree"}

    assert council.refused("a2", "open_huddle", item="q1") == "not_your_role"
    assert council.refused("a1", "open_huddle", item="q1") == "already_done"
    assert council.refused("a1", "open_huddle", item="q1", seconds=5) == "unknown"
    assert council.refused("a2", "answer_huddle", saying=3, of=4, **stranger) == "not_your_role"
    assert council.refused("a1", "answer_huddle", saying=5, of=4, **stranger) == "unknown"
    assert council.refused("a1", "answer_huddle") == "unknown"
    person = several.person("a2")
    Membership.objects.filter(person=person).update(left_at=several.clock)
    assert council.refused("a2", "answer_huddle", **stranger) == "does_not_count"


def test_who_belongs_to_several_units_says_for_which():
    several, council = huddling("a2")
    other = several["B"].assembly
    Membership.objects.create(assembly=other, person=several.person("a2"))

    assert council.refused("a2", "answer_huddle", position="agree") == "unknown"
    council.done("a2", "answer_huddle", position="agree", unit=other.key)
    council.done("a1", "close_huddle")

    assert told_here(several) == {"B": ("agree", {"by": 1, "of": 1})}
