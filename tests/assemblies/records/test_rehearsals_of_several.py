"""Rehearsals with several assemblies, with days, and with assemblies founded on the way."""

import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from assemblies.acts.arguments import Text
from assemblies.acts.declaring import act
from assemblies.door.shapes import Arrival, AssemblyPart
from assemblies.models import Assembly, Journal, Meeting, Membership, Participant, Person
from assemblies.records.rehearsal import read_script, rehearse
from assemblies.records.rehearsal.names import with_keys, with_names
from assemblies.records.retention import forget_all
from assemblies.rules.errors import NotAScript, Refused
from tests.houses import furnish, refurnish

pytestmark = pytest.mark.django_db

START = {"in": "A", "by": "ana", "do": "start_meeting"}
FOUND = {"in": "A", "by": "ana", "do": "found_body", "body": "X"}
COUNTING = "meeting.counting"


def several(*steps, **more):
    """Return a script of A (ana, bo, cy) and B (bo, and cy as a guest)."""
    there = {
        "A": {"people": [{"id": "ana", "roles": ["facilitator"]}, "bo", "cy"]},
        "B": {
            "name": "The other one",
            "people": [{"id": "bo", "groups": ["women"]}, {"id": "cy", "kind": "guest"}],
        },
    }
    return {"assemblies": there, "steps": list(steps), **more}


def one(*steps):
    """Return a script of one assembly."""
    return {"people": [{"id": "ana", "roles": ["facilitator"]}], "steps": list(steps)}


def failures(said):
    """Play a script and return what does not hold."""
    return [failure["what"] for failure in rehearse(read_script(said)).failures]


def nothing_left():
    """Say whether a rehearsal left nothing behind."""
    left = (Assembly, Journal, Meeting, Membership, Participant, Person)
    return not any(model.objects.exists() for model in left)


@pytest.fixture
def founding(settings):
    """Let an assembly be founded by an act, everybody of the founding meeting belonging to it."""
    furnish(
        settings,
        assembly_arguments=frozenset({"body"}),
        gathering=(gather,),
        state=(councils,),
        acts=(act("found_body", body=Text())(found_body).doing,),
    )


def found_body(page, *, by, body):
    if Assembly.objects.filter(key=body).exists():
        raise Refused("already_done", "It is there.")
    Assembly.objects.create(key=body, journal=Journal.objects.create(), name="Council")


def gather(meeting):
    return Person.objects.filter(memberships__assembly__name="A")


def councils(page):
    return {"councils": sorted(Assembly.objects.values_list("key", flat=True))}


# --- reading -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (several({"by": "ana", "do": "start_meeting"}), "Step 1: in which assembly"),
        (several(START, {**START, "in": "C"}), "Step 2: there is no assembly 'C'"),
        (several({**START, "in": ["A"]}), "Step 1: there is no assembly"),
        (several({**START, "by": "zoe"}), "Step 1: nobody is called 'zoe'"),
        (several({"in": "X", "expect": {}}), "Step 1: there is no assembly 'X'"),
        (several(people=[]), "With “assemblies”, “people” stands in each"),
        (several(assembly={}), "With “assemblies”, “assembly” stands in each"),
        ({"assemblies": {}}, "a name for each"),
        ({"assemblies": ["A"]}, "a name for each"),
        ({"assemblies": {"": {}}}, "its name has from 1 to 40"),
        ({"assemblies": {"A": []}}, "Assembly A: it is an object"),
        ({"assemblies": {"A": {"colour": "red"}}}, "Assembly A: it has an unknown part: colour"),
        ({"assemblies": {"A": {"name": ""}}}, "Assembly A: “name” is a text"),
        ({"assemblies": {"A": {"preset": "monarchy"}}}, "Assembly A: There is no preset"),
        ({"assemblies": {"A": {"people": ["a", "a"]}}}, "Assembly A: Two people"),
        ({"assemblies": {"A": {"items": [{}]}}}, "Assembly A: Item 1 needs an id"),
        (
            several({**START, "as": "x"}, {"in": "B", "by": "bo", "do": "undo", "to": "x"}),
            "Step 2: no earlier step",
        ),
        (one({"day": -1, "expect": {}}), "Step 1: “day” is a whole number"),
        (one({"day": 1.5, "expect": {}}), "Step 1: “day” is a whole number"),
        (one({"day": 2, "expect": {}}, {"day": 1, "expect": {}}), "Step 2: the clock never runs"),
        (
            one({"day": 1, "at": 9, "expect": {}}, {"at": 8, "expect": {}}),
            "Step 2: the clock never runs back",
        ),
        (one({"at": 90_000, "expect": {}}, {"day": 1, "expect": {}}), "Step 2: the clock never"),
    ],
)
def test_what_is_no_script_of_several_says_where_and_changes_nothing(said, why):
    with pytest.raises(NotAScript, match=why):
        rehearse(read_script(said))

    assert nothing_left()


@pytest.mark.parametrize(
    ("steps", "times"),
    [
        ([{}, {"at": 5.5}, {}], [0, 5.5, 5.5]),
        ([{"at": 100_000}, {"at": 100_001}], [100_000, 100_001]),
        ([{"day": 2}, {"at": 5.1}, {}, {"day": 2}], [172_800, 172_805.1, 172_805.1, 172_805.1]),
        ([{"day": 1, "at": 7}, {"day": 3, "at": 1}, {"at": 2}], [86_407, 259_201, 259_202]),
    ],
)
def test_the_clock_counts_from_the_start_of_the_day(steps, times):
    script = read_script(one(*({"expect": {}, **step} for step in steps)))

    assert [step.at for step in script.steps] == times


def test_one_assembly_of_a_script_need_not_be_named_in_its_steps():
    said = {"assemblies": {"A": several()["assemblies"]["A"]}}

    assert not failures({**said, "steps": [{"by": "ana", "do": "start_meeting"}]})


# --- playing -------------------------------------------------------------------------------------


def test_assemblies_go_on_each_by_itself_and_nothing_is_left():
    report = rehearse(
        read_script(
            several(
                {"in": "A", "expect": {COUNTING: 3, "meeting.present": 3}},
                {"in": "B", "expect": {COUNTING: 1, "meeting.present": 2}},
                {**START, "expect": {"meeting.phase": "in_session"}},
                {"in": "B", "expect": {"meeting.phase": "doors_open"}},
                {"in": "B", "by": "bo", "do": "give_role", "role": "facilitator"},
                {"in": "A", "expect": {"roles.facilitator": ["ana"]}},
            )
        )
    )

    assert report.failures == []
    assert report.state["A"]["meeting"]["phase"] == "in_session"
    assert report.state["B"]["meeting"]["phase"] == "doors_open"
    assert nothing_left()


def test_the_same_id_is_the_same_person_who_belongs_where_they_are_a_member():
    report = rehearse(read_script(several()), keep=True)

    bo, cy = Person.objects.get(name="bo"), Person.objects.get(name="cy")
    assert list(report.meetings) == ["A", "B"]
    assert {seat.meeting.key for seat in bo.seats.all()} == set(report.meetings.values())
    assert {seat.key for seat in bo.seats.all()} == {"bo"}
    assert not bo.has_usable_password()
    assert {row.assembly.name: row.groups for row in bo.memberships.all()} == {
        "A": [],
        "The other one": ["women"],
    }
    assert [row.assembly.name for row in cy.memberships.all()] == ["A"]


def test_what_was_kept_goes_with_all_practice_and_takes_its_people_along():
    came = Person.objects.create_user(handle="Zoe")
    rehearse(read_script(several()), keep=True)
    Membership.objects.create(person=came, assembly=Assembly.objects.get(name="A"))
    Assembly.objects.update(
        created_at=Assembly.objects.earliest("created_at").created_at.replace(2020)
    )

    forget_all()

    assert list(Person.objects.all()) == [came]
    assert not Assembly.objects.exists()


def test_one_assembly_alone_makes_no_people():
    rehearse(read_script(one()), keep=True)

    assert not Person.objects.exists()


def test_days_pass_for_all():
    assert not failures(
        several(
            START,
            {"in": "A", "by": "ana", "do": "end_meeting"},
            {"in": "A", "at": 500, "by": "ana", "do": "reopen_meeting"},
            {"in": "A", "by": "ana", "do": "end_meeting"},
            {"in": "B", "by": "bo", "do": "give_role", "role": "facilitator"},
            {"in": "B", "by": "bo", "do": "start_meeting"},
            {"in": "B", "at": 510, "by": "bo", "do": "raise_hand", "as": "hand"},
            {"day": 1, "in": "A", "by": "ana", "do": "reopen_meeting", "refused": "closed"},
            {"in": "B", "by": "bo", "do": "undo", "to": "hand", "refused": "not_open"},
        )
    )


def test_who_is_not_listed_comes_in_at_the_door():
    assert not failures(
        several(
            {"in": "B", "by": "ana", "do": "raise_hand", "refused": "unknown"},
            {"in": "B", "by": "ana", "do": "check_in", "expect": {"meeting.present": 3}},
            {"in": "B", "by": "ana", "do": "check_in", "expect": {"meeting.present": 3}},
            {"in": "B", "expect": {COUNTING: 1}},
        )
    )


def test_it_can_be_watched_and_kept(tmp_path, capsys):
    file = tmp_path / "script.json"
    file.write_text(json.dumps(several(START)))

    call_command("rehearse", str(file), "--watch", "--keep")

    first, second = Meeting.objects.order_by("assembly__name")
    assert first.assembly.name == "A"
    out = capsys.readouterr().out.splitlines()
    assert out[:2] == [f"/m/{first.key}/wall/", "0 s  A ana: start_meeting"]
    assert out[2:4] == [f"A: kept as /m/{first.key}/", f"B: kept as /m/{second.key}/"]


def test_the_report_says_the_state_of_each(tmp_path, capsys):
    file = tmp_path / "script.json"
    file.write_text(json.dumps(several(START)))

    call_command("rehearse", str(file), "--json", "--keep")

    report = json.loads(capsys.readouterr().out)
    assert set(report["state"]) == set(report["meetings"]) == {"A", "B"}


# --- what acts found, what other apps stage ------------------------------------------------------


def test_names_and_keys_change_places(founding):
    keys = {"A": "k1", "X": "k2"}
    args = {"body": {"A": ["X", "a1"]}, "who": "A"}

    assert with_keys(args, keys) == {"body": {"k1": ["k2", "a1"]}, "who": "A"}
    assert with_names({"k1": [{"of": "k2"}], "n": 3}, keys) == {"A": [{"of": "X"}], "n": 3}


def test_an_assembly_that_is_founded_meets_with_those_who_belong_to_it(founding):
    report = rehearse(
        read_script(
            several(
                {**START, "expect": {"councils": {"contains": "A"}}},
                FOUND,
                {"in": "A", "expect": {"councils": {"contains": "X"}}},
                {"in": "X", "expect": {COUNTING: 3, "meeting.phase": "doors_open"}},
                {"in": "X", "by": "bo", "do": "give_role", "role": "facilitator"},
                {"in": "X", "by": "bo", "do": "start_meeting"},
                {**FOUND, "refused": "already_done"},
            )
        )
    )

    assert report.failures == []
    assert report.state["X"]["roles"] == {"facilitator": ["bo"]}
    assert sorted(report.state["A"]["councils"]) == ["A", "B", "X"]
    assert nothing_left()


def test_what_was_founded_and_never_met_is_deleted_too(founding):
    assert not failures(several(FOUND))
    assert nothing_left()


def test_what_was_not_founded_does_not_hold(founding):
    said = several(
        {**FOUND, "body": "A", "refused": "already_done"},
        {**FOUND, "colour": "red", "refused": "unknown"},
        {"in": "X", "by": "bo", "do": "start_meeting"},
    )

    assert failures(said) == ["The assembly X has not been founded."]
    assert nothing_left()


@pytest.fixture
def guild(settings):
    """Let another app read and stage a part "guild", which brings people along."""
    scenes = []

    def read(said, people, assemblies):
        if not set(said["of"]) <= assemblies or not set(said["guests"]) <= people:
            raise ValueError("it is made of what the script has")
        return said

    def stage(scene, assembly, said):
        if not said["guests"]:
            raise Refused("unknown", "Nobody comes.")
        scenes.append((scene, assembly))
        Assembly.objects.filter(pk=assembly.pk).update(rule={**assembly.rule, "quorum": 2})
        return [scene.people[name] for name in said["guests"]]

    furnish(settings, assembly_parts={"guild": AssemblyPart(read, stage)})
    return scenes


def with_guild(of, guests, *steps):
    said = several(*steps)
    said["assemblies"]["B"]["guild"] = {"of": of, "guests": guests}
    return said


def test_another_app_stages_its_part_before_the_doors_open(guild):
    assert not failures(
        with_guild(
            ["A"],
            ["ana", "bo"],
            {"in": "B", "expect": {"meeting.present": 3, COUNTING: 1, "meeting.quorum": 2}},
            {"in": "B", "by": "ana", "do": "raise_hand", "kind": "hand", "refused": True},
        )
    )

    [(scene, assembly)] = guild
    assert scene.assemblies["B"] is assembly
    assert (list(scene.people), list(scene.meetings)) == (["ana", "bo", "cy"], ["A", "B"])
    assert scene.now == scene.meetings["A"].starts_at


def test_who_comes_for_an_assembly_comes_as_the_apps_say(guild, settings):
    def delegate(meeting, person):
        there = meeting.assembly.name == "The other one" and person.name == "ana"
        return Arrival("delegate", "A") if there else None

    refurnish(settings, arrivals=())
    furnish(settings, arrivals=(delegate,))
    report = rehearse(read_script(with_guild(["A"], ["ana"])), keep=True)

    seats = Participant.objects.filter(meeting__key=report.meetings["B"])
    found = {seat.key: (seat.kind, seat.voice) for seat in seats}
    assert found == {"bo": ("member", ""), "cy": ("guest", ""), "ana": ("delegate", "A")}


@pytest.mark.parametrize(
    ("of", "guests", "why"),
    [
        (["C"], ["ana"], "Assembly B: guild: it is made of what the script has"),
        (["A"], [], "Assembly B: guild: Nobody comes"),
    ],
)
def test_what_another_app_cannot_stage_is_no_script(guild, tmp_path, of, guests, why):
    file = tmp_path / "script.json"
    file.write_text(json.dumps(with_guild(of, guests)))

    with pytest.raises(CommandError, match=f"cannot be played. {why}"):
        call_command("rehearse", str(file))

    assert nothing_left()
