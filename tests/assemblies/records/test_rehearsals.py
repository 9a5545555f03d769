"""Rehearsals: the shipped scripts hold, wrong scripts say where, nothing stays behind."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from assemblies.models import Assembly, Entry, Journal, Meeting, Person
from assemblies.records.rehearsal import at_path, holds, read_script, rehearse
from assemblies.rules.errors import NotAScript
from federation.models import Federation

SCRIPTS = sorted(Path("docs/rehearsals").glob("*.json"))
EXAMPLES = re.findall(r"```json\n(.*?)```", Path("docs/rehearsals.md").read_text(), re.DOTALL)
pytestmark = pytest.mark.django_db

EVERYTHING = (Assembly, Meeting, Entry, Journal, Person, Federation)
STEP = {"by": "a", "do": "start_meeting"}


def script(*steps, **more):
    people = [{"id": "a", "roles": ["facilitator"]}, {"many": 3, "id": "m"}]
    return {"people": people, "items": [{"id": "1"}], "steps": list(steps), **more}


@pytest.mark.both
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_shipped_rehearsal_holds_and_leaves_nothing_behind(path, capsys):
    call_command("rehearse", str(path))

    assert "all hold" in capsys.readouterr().out
    assert not any(model.objects.exists() for model in EVERYTHING)


@pytest.mark.parametrize("text", EXAMPLES)
def test_the_examples_of_the_manual_hold(text):
    assert rehearse(read_script(json.loads(text))).failures == []


def test_three_rehearsals_are_shipped():
    assert len(SCRIPTS) >= 3


def test_an_expectation_that_does_not_hold_is_printed_with_its_step(tmp_path, capsys):
    file = tmp_path / "wrong.json"
    file.write_text(json.dumps(script(STEP, {"expect": {"meeting.phase": "break"}})))

    with pytest.raises(SystemExit) as stopped:
        call_command("rehearse", str(file))

    assert stopped.value.code == 1
    out = capsys.readouterr().out
    assert "Step 2: meeting.phase: expected 'break', found 'in_session'" in out


def test_the_report_can_be_had_as_json(tmp_path, capsys):
    file = tmp_path / "right.json"
    file.write_text(json.dumps(script(STEP)))

    call_command("rehearse", str(file), "--json")

    report = json.loads(capsys.readouterr().out)
    assert (report["ok"], report["failures"], report["steps"]) == (True, [], 1)


def test_a_kept_rehearsal_can_be_looked_at():
    report = rehearse(read_script(script(STEP)), keep=True)

    assert Meeting.objects.get(key=report.meeting).phase == "in_session"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ([], "JSON object"),
        (script({"by": "a"}), "Step 1 needs"),
        (script(STEP, {"by": "zoe", "do": "leave"}), "Step 2: nobody is called 'zoe'"),
        (script({"at": 5, **STEP}, {"at": 4, **STEP}), "Step 2: the clock never runs back"),
        (script({"by": "m1..m9", "do": "leave"}), "Step 1: nobody is called 'm4'"),
        (script({"by": "a", "do": "undo", "to": "x"}), "Step 1: no earlier step"),
        (script({"do": "leave"}), "Step 1: who does it"),
        (script(assembly={"preset": "monarchy"}), "no preset"),
        (script(assembly={"rule": {"quorum": 0.5}}), "A quorum is"),
        (script(assembly={"rule": {"quorum": {"share": "0.5"}}}), "is not a share"),
        (script(colour="red"), "unknown part"),
        (script({"by": "m3..m1", "do": "leave"}), "Step 1: 'm3..m1' is not a range"),
        (script({"by": "m1..m999999999", "do": "leave"}), "Step 1: .* is not a range"),
        (script({"by": [], "do": "leave"}), "Step 1: who does it"),
        (script({"by": "a", "do": "undo", "as": "x", "to": "x"}), "Step 1: no earlier step"),
        (script(assembly={"rule": {"quorum": {"share": 0.5}}}), "is not a share"),
        (script(assembly={"members": 10**30}), "up to a million"),
        (script() | {"people": [{"id": "a", "roles": None}]}, "Person 1: “roles” is a list"),
        (script() | {"people": [{"id": "x" * 41}]}, "Person 1 needs an id"),
    ],
)
def test_what_is_not_a_script_says_where_and_changes_nothing(said, why):
    with pytest.raises(NotAScript, match=why):
        read_script(said)

    assert not Assembly.objects.exists()


def test_what_is_not_json_is_said_in_a_sentence(tmp_path):
    file = tmp_path / "broken.json"
    file.write_text("{")

    with pytest.raises(CommandError, match="is not JSON"):
        call_command("rehearse", str(file))


@pytest.mark.parametrize(
    ("expected", "path", "held"),
    [
        (3, "a.b", True),
        (True, "a.one", False),
        ({"at_least": 3}, "a.b", True),
        ({"at_least": 4}, "a.b", False),
        ({"contains": "x"}, "list", True),
        ({"contains": {"who": "e"}}, "list", True),
        ({"missing": True}, "a.c", True),
        ({"missing": True}, "a.b", False),
        (None, "a.none", True),
        (None, "a.c", False),
        ({"b": 3, "none": None, "one": 1}, "a", True),
        ({"b": 3}, "a", False),
        ("x", "list.0", True),
        ("x", "list.9", False),
    ],
)
def test_matchers(expected, path, held):
    found = {"a": {"b": 3, "none": None, "one": 1}, "list": ["x", {"who": "e"}]}

    assert holds(expected, *at_path(found, path)) is held
