"""The pages of how an assembly decides, and how it changes that."""

from html import escape

import pytest

from assemblies.door.house import house
from assemblies.door.journal import read
from assemblies.models import Assembly
from proposals.rules import read_rule
from proposals.sheets.rule import rule_of
from proposals.words.parameters import parameter_words
from tests.proposals.pages.visiting import (
    adopted,
    at,
    holds,
    journal,
    page_text,
    planned,
    sent,
    signed_in,
)
from tests.proposals.stories import HEARD, PAPER, play

pytestmark = pytest.mark.django_db


def rule_form(room, **more) -> dict:
    """Return the form as the page fills it in, with changes."""
    page = signed_in(room, "fay").get(at(room, "deciding/change/"), {"preset": more.pop("way", "")})
    form = page.context["form"]
    said = {name: form[name].value() for name in form.fields}
    said = {name: value for name, value in said.items() if value is not None and value is not False}
    return {**said, **more}


def changed(room, **more):
    """Send the form that changes the rule, and return the answer."""
    return sent(room, "fay", "deciding/change/", **rule_form(room, **more))


def rule_now(room) -> Assembly:
    """Return the assembly with its rule as it is stored now."""
    return Assembly.objects.get(pk=room.assembly.pk)


def ended(room) -> None:
    """End the meeting of the room."""
    room.done("fay", "end_meeting")


def test_every_way_of_deciding_is_explained_with_every_parameter(room, body):
    page = page_text(room, "ben", "deciding/")
    assert "Change single points" not in page
    assert len(house().ways) >= 10
    for way in house().ways.values():
        assert escape(str(way.label), quote=False) in page
        assert str(way.origin) in page
        assert escape(str(way.words), quote=False) in page
        assert len(way.parameters) >= 9
        for label, said in way.parameters:
            assert label and said, way.code
    commune = dict(house().ways["rojava_commune"].parameters)
    assert "2/5" in commune["Who must be here"]
    assert commune["Co-chairs, one each of"] == "women, men"
    start = signed_in(room, "ben").get("/start/").content.decode()
    assert start.count("Active agreement") == len(house().ways)


def test_only_organisers_change_the_rule(room, body):
    assert signed_in(room, "ben").get(at(room, "deciding/change/")).status_code == 404
    said = rule_form(room, max_blocks="2")
    assert sent(room, "ben", "deciding/change/", **said).status_code == 404
    assert rule_now(room).rule["max_blocks"] == 0


def test_the_same_again_is_no_change(room, body):
    before = rule_now(room).rule
    for way in ("", "full_consensus"):
        assert changed(room, way=way).status_code == 302
    assert rule_now(room).rule == before
    assert not [one for one in journal(room) if one.kind == "proposals.rule_changed"]


def test_a_way_is_picked_as_founded_and_the_record_says_so(room, body):
    answer = changed(room, way="modified_90_cooling")

    assert answer.status_code == 302
    after = rule_now(room)
    assert after.preset == "modified_90_cooling"
    assert after.rule == {**house().ways["modified_90_cooling"].rule, "quorum": "none"}
    entry = next(one for one in journal(room) if one.kind == "proposals.rule_changed")
    assert entry.facts["decision"] is None
    assert entry.facts["was"]["preset"] == "full_consensus"
    assert entry.facts["now"]["rule"]["cooling_off"] == "next_meeting"
    page = page_text(room, "ben", "deciding/")
    assert "From “Full consensus” to “Nine tenths at the next meeting”." in page
    assert "before the first meeting" in page
    assert holds(room)


def test_every_way_can_be_picked_and_reads_as_it_is_explained(room, body):
    for way in house().ways.values():
        changed(room, way=way.code)
        after = rule_now(room)
        assert after.preset == way.code
        usual = dict(parameter_words({**way.rule, "quorum": "none"}))
        assert dict(parameter_words(after.rule)) == usual, way.code


def test_the_share_that_overrides_is_changed_and_nothing_is_asked_of_blocks(room, body):
    changed(room, way="open_decisions_two_thirds")
    page = signed_in(room, "fay").get(at(room, "deciding/change/")).content.decode()
    for name in ("max_blocks", "stand_aside_limit", "validity", "threshold", "cooling_off"):
        assert f'name="{name}"' not in page
    changed(room, override="3/4", rounds_before_fallback="1")
    rule = rule_now(room).rule
    assert rule["override_question"] == "3/4"
    assert rule["positions"] == ["agree", "stand_aside", "disagree", "abstain"]
    told_so = page_text(room, "ben", "deciding/")
    assert "At least 3/4 of those who say yes or no must say yes." in told_so
    assert "1 test has come to no full agreement." in told_so

    changed(room, override="")
    assert read_rule(rule_now(room).rule).vote is None
    assert "Those who agree may act in their own name" in page_text(room, "ben", "deciding/")


def test_single_points_are_changed_and_read_as_exact_shares(room, body):
    changed(
        room,
        quorum="5",
        max_blocks="1",
        stand_aside_limit="1 / 5",
        min_answered="3/5",
        validity="invalidate_if",
        validity_share="3/4",
        threshold="9/10",
        strict="on",
        denominator="for+against+stand_asides",
        rounds_before_fallback="2",
        cooling_off="days",
        cooling_off_days="3",
        review_after="6",
    )
    rule = rule_now(room).rule
    assert rule["quorum"] == 5
    assert rule["stand_aside_limit"] == "1/5"
    assert rule["block_validity"] == {"kind": "invalidate_if", "share": "3/4", "strict": False}
    assert rule["fallback"]["threshold"] == "9/10"
    assert rule["cooling_off"] == 3
    assert rule["positions"] == house().ways["full_consensus"].rule["positions"]
    page = page_text(room, "ben", "deciding/")
    for sentence in (
        "5 people must be here.",
        "If more than 1/5 of those here stand aside",
        "It falls if 3/4 of the others find it invalid.",
        "more than 9/10 of those who vote for or against, and who stood aside",
        "2 tests have failed and every block was heard. It rests for 3 days",
        "After 6 months",
        "Some of it is set otherwise here",
    ):
        assert sentence in page

    changed(room, threshold="", review_after="", cooling_off="none", validity="none")
    rule = rule_now(room).rule
    assert (rule["fallback"], rule["review_after"], rule["cooling_off"]) == ("none",) * 3
    assert "No vote" in page_text(room, "ben", "deciding/")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"max_blocks": "-1"}, "greater than or equal to 0"),
        ({"max_blocks": "1.5"}, "whole number"),
        ({"stand_aside_limit": "0.25"}, "Write a share from 0 to 1"),
        ({"stand_aside_limit": "3/2"}, "Write a share from 0 to 1"),
        ({"min_answered": "1/0"}, "Write a share from 0 to 1"),
        ({"min_answered": ""}, "This field is required."),
        ({"threshold": "most"}, "Write a share from 0 to 1"),
        ({"denominator": "neighbours"}, "Select a valid choice."),
        ({"validity": "valid_if"}, "This is needed with what is chosen above."),
        ({"cooling_off": "days"}, "This is needed with what is chosen above."),
        ({"quorum": "a lot"}, "Write a number of people, or a share"),
        ({"quorum": "1/3"}, "A share needs a closed roll."),
        ({"decision": "7"}, "Select a valid choice."),
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_a_sentence(room, body, wrong, sentence):
    page = changed(room, **wrong)

    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert rule_now(room).rule == room.assembly.rule


def test_an_assembly_that_has_met_changes_its_rule_by_a_decision(room, body):
    adopted(room)
    play(room, [PAPER])
    assert "As founded" in signed_in(room, "fay").get(at(room, "deciding/change/")).content.decode()
    ended(room)

    refused = changed(room, max_blocks="1")
    assert "changes how it decides by a decision" in refused.content.decode()
    provisional = changed(room, max_blocks="1", decision="2")
    assert "Select a valid choice." in provisional.content.decode()
    assert rule_now(room).rule["max_blocks"] == 0

    assert changed(room, max_blocks="1", decision="1").status_code == 302

    assert rule_now(room).rule["max_blocks"] == 1
    entry = next(one for one in journal(room) if one.kind == "proposals.rule_changed")
    assert entry.facts["decision"] == 1
    page = page_text(room, "ben", "deciding/")
    assert "by decision D-1" in page
    assert "Blocks that do not stop it:" in page


def test_a_meeting_under_way_keeps_the_rule_it_began_with(room, body):
    play(room, HEARD)
    before = rule_of(read(room.meeting).meeting)
    changed(room, max_blocks="3", threshold="1/2")
    coming = planned(room)

    assert rule_now(room).rule["max_blocks"] == 3
    assert rule_of(read(room.meeting).meeting) == before
    assert before.max_blocks == 0
    assert room.refused("fay", "open_vote") == "no_fallback"
    assert "Monday meeting is under way" in page_text(room, "ben", "deciding/")
    assert coming.rule == {}


def test_a_share_of_a_closed_roll_may_be_the_quorum(room, body):
    Assembly.objects.filter(pk=body.pk).update(admission="counted_in", roll=30)
    changed(room, quorum="2/6")
    assert rule_now(room).rule["quorum"] == {"share": "1/3"}
    too_many = changed(room, quorum="31")
    assert "31 is more than the 30 on the roll." in too_many.content.decode()
