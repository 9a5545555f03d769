"""Rehearsals: a script played through the acts of the live room on a virtual clock (ROOM.md 4).

The script is read and checked whole before anything happens; then a practice meeting is made,
played and deleted. It is how facilitators practise and how the rules are checked.
"""

import re
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from assemblies import rules
from assemblies.acts import EVERYONE_ELSE, Act, Answer, perform
from assemblies.errors import NotAScript, Refused
from assemblies.founding import forget_assembly, new_meeting
from assemblies.journal import read, record
from assemblies.models import AgendaItem, Assembly, Journal, Meeting, Participant, Role
from assemblies.parts import ITEM_PARTS, RULE_READERS
from assemblies.registry import WAYS
from assemblies.selectors import state
from assemblies.services.people import arrive
from assemblies.services.phases import DOORS_OPENED, frozen_rule
from assemblies.sheets import Agenda, Roll

STEP_WORDS = frozenset({"by", "do", "for", "at", "expect", "refused", "as", "to", "in"})
MATCHERS = ("at_least", "contains", "missing")
RANGE = re.compile(r"^(?P<stem>.*?)(?P<first>\d+)\.\.(?P=stem)(?P<last>\d+)$")
EVERY_SIGNAL = ["unsure", "direct_response", "wrap_up", "language"]
MOST_PEOPLE = 20_000
TURN_SECONDS = 60
Say = Callable[[str], None]


@dataclass
class Report:
    """How a rehearsal went."""

    title: str
    steps: int = 0
    acts: int = 0
    failures: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)
    meeting: str = ""

    @property
    def ok(self) -> bool:
        """Whether everything that was expected held."""
        return not self.failures

    def failed(self, step: int, what: str, **more: Any) -> None:
        """Note an expectation that does not hold."""
        self.failures.append({"step": step, "what": what, **more})

    def as_json(self) -> dict[str, Any]:
        """Return the report for --json."""
        return {
            "title": self.title,
            "ok": self.ok,
            "steps": self.steps,
            "acts": self.acts,
            "failures": self.failures,
            "notes": self.notes,
            "state": self.state,
            **({"meeting": self.meeting} if self.meeting else {}),
        }


@dataclass
class Step:
    """One step of a script: an act, an expectation, or both."""

    number: int
    at: float
    by: list[str]
    do: str
    entered_for: list[str]
    args: dict[str, Any]
    refused: str | bool | None
    expect: Mapping[str, Any]
    called: str
    to: Any


# --- reading a script ----------------------------------------------------------------------------


@dataclass
class Script:
    """A script that has been read and can be played."""

    title: str
    assembly: dict[str, Any]
    people: list[dict[str, Any]]
    items: list[dict[str, Any]]
    steps: list[Step]
    notes: list[str]


def read_script(said: Any) -> Script:
    """Return a script that can be played; raise NotAScript with the place of the fault."""
    if not isinstance(said, dict):
        raise NotAScript("A script is a JSON object.")
    if "assemblies" in said:
        raise NotAScript("Scripts with several assemblies are not played yet.")
    unknown = set(said) - {"title", "assembly", "people", "items", "steps", "note", "notes"}
    if unknown:
        raise NotAScript(f"The script has an unknown part: {sorted(unknown)[0]}.")
    notes: list[str] = []
    people = list(read_people(listed(said, "people")))
    names = [person["id"] for person in people]
    if len(set(names)) != len(names):
        raise NotAScript("Two people have the same id.")
    items = list(read_items(listed(said, "items"), set(names)))
    return Script(
        title=str(said.get("title", "Rehearsal")),
        assembly=read_assembly(said.get("assembly", {})),
        people=people,
        items=items,
        steps=list(read_steps(listed(said, "steps"), set(names))),
        notes=notes,
    )


def listed(said: Mapping[str, Any], part: str) -> list[Any]:
    """Return a part that must be a list."""
    found = said.get(part, [])
    if not isinstance(found, list):
        raise NotAScript(f"“{part}” is a list.")
    return found


def read_assembly(said: Any) -> dict[str, Any]:
    """Return the assembly's preset, rule and size."""
    if not isinstance(said, dict):
        raise NotAScript("“assembly” is an object.")
    preset = said.get("preset", "full_consensus")
    if not isinstance(preset, str) or preset not in WAYS:
        raise NotAScript(f"There is no preset {preset!r}.")
    rule = said.get("rule", {})
    if not isinstance(rule, dict):
        raise NotAScript("“rule” is an object.")
    quorum = rule.get("quorum")
    if isinstance(quorum, dict):
        try:
            rules.read_share(quorum.get("share", ""))
        except ValueError as wrong:
            raise NotAScript(f"The quorum: {wrong}.") from wrong
    elif quorum is not None and quorum != "none" and not whole(quorum):
        raise NotAScript('A quorum is {"share": "1/3"}, a number, or "none".')
    for part in ("turn_seconds", "reportback_seconds"):
        if part in rule and not (whole(rule[part]) and 0 < rule[part] <= 3600):
            raise NotAScript(f"“{part}” is a number of seconds, from 1 to 3600.")
    for reader in RULE_READERS:
        try:
            reader({**WAYS[preset].rule, **rule})
        except (ValueError, TypeError, KeyError) as wrong:
            raise NotAScript(f"The rule: {wrong}.") from wrong
    members = said.get("members")
    if members is not None and not (whole(members) and members <= 1_000_000):
        raise NotAScript("“members” is a number up to a million.")
    admission = said.get("admission", "counted_in")
    if admission not in ("open", "counted_in"):
        raise NotAScript("“admission” is open or counted_in.")
    return {"preset": preset, "rule": rule, "members": members, "admission": admission}


def whole(value: Any) -> bool:
    """Say whether a value is a whole number of things."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def a_name(value: Any) -> bool:
    """Say whether a value can name a person or an item."""
    return isinstance(value, str) and 0 < len(value) <= 40


def read_people(said: list[Any]) -> Iterator[dict[str, Any]]:
    """Yield people one by one, `many` spelled out."""
    known = {"id", "many", "kind", "groups", "phone", "roles", "present", "name"}
    for number, person in enumerate(said, start=1):
        if isinstance(person, str):
            person = {"id": person}
        if not isinstance(person, dict) or not a_name(person.get("id")):
            raise NotAScript(f"Person {number} needs an id, of at most 40 characters.")
        if unknown := set(person) - known:
            raise NotAScript(f"Person {number} has an unknown part: {sorted(unknown)[0]}.")
        if person.get("kind", "member") not in Participant.Kind.values:
            raise NotAScript(f"Person {number} is of no kind there is.")
        for part in ("roles", "groups"):
            words = person.get(part, [])
            if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
                raise NotAScript(f"Person {number}: “{part}” is a list of words.")
        for part in ("phone", "present"):
            if not isinstance(person.get(part, True), bool):
                raise NotAScript(f"Person {number}: “{part}” is true or false.")
        for role in person.get("roles", []):
            if role not in Role.Code.values:
                raise NotAScript(f"Person {number}: there is no role {role!r}.")
        many = person.get("many")
        if many is None:
            yield person
            continue
        if not whole(many) or many > MOST_PEOPLE:
            raise NotAScript(f"Person {number}: “many” is a number up to 20,000.")
        for place in range(1, many + 1):
            yield {**person, "id": f"{person['id']}{place}"}


def read_items(said: list[Any], names: set[str]) -> Iterator[dict[str, Any]]:
    """Yield the items of the agenda."""
    seen = set()
    for number, item in enumerate(said, start=1):
        if not isinstance(item, dict) or not a_name(item.get("id")):
            raise NotAScript(f"Item {number} needs an id, of at most 40 characters.")
        if item["id"] in seen:
            raise NotAScript(f"Two items have the id {item['id']!r}.")
        seen.add(item["id"])
        if item.get("kind", "discussion") not in AgendaItem.Kind.values:
            raise NotAScript(f"Item {number} is of no kind there is.")
        minutes = item.get("minutes", 10)
        if not whole(minutes) or minutes > 6000:
            raise NotAScript(f"Item {number}: “minutes” is a number up to 6000.")
        for part, reader in ITEM_PARTS.items():
            if part in item:
                try:
                    item = {**item, part: reader.read(item[part], names)}
                except ValueError as wrong:
                    raise NotAScript(f"Item {number}, {part}: {wrong}.") from wrong
        yield item


def read_steps(said: list[Any], names: set[str]) -> Iterator[Step]:
    """Yield the steps; the clock never runs back, and a name stands for an earlier step."""
    clock = 0.0
    called: set[str] = set()
    for number, step in enumerate(said, start=1):
        if not isinstance(step, dict) or not ("do" in step or "expect" in step):
            raise NotAScript(f"Step {number} needs “do” or “expect”.")
        at = step.get("at", clock)
        if isinstance(at, bool) or not isinstance(at, int | float) or not 0 <= at < 1e9:
            raise NotAScript(f"Step {number}: “at” is a number of seconds.")
        if at < clock:
            raise NotAScript(f"Step {number}: the clock never runs back.")
        clock = float(at)
        expect = step.get("expect", {})
        if not isinstance(expect, dict):
            raise NotAScript(f"Step {number}: “expect” is an object of paths and values.")
        refused = step.get("refused")
        if refused is not None and not isinstance(refused, str) and refused is not True:
            raise NotAScript(f"Step {number}: “refused” is a code or true.")
        if "do" in step and not isinstance(step["do"], str):
            raise NotAScript(f"Step {number}: “do” names an act.")
        if "do" in step and step.get("by", []) in ([], ""):
            raise NotAScript(f"Step {number}: who does it? “by” is missing.")
        to = step.get("to")
        names_a_step = step.get("do") in ("object", "undo") and "to" in step
        if names_a_step and not (isinstance(to, str) and to in called):
            raise NotAScript(f"Step {number}: no earlier step is called {to!r}.")
        if isinstance(step.get("as"), str):
            called.add(step["as"])
        elif "as" in step:
            raise NotAScript(f"Step {number}: “as” is a name.")
        yield Step(
            number=number,
            at=clock,
            by=spelled_out(step.get("by", []), names, number),
            do=step.get("do", ""),
            entered_for=[EVERYONE_ELSE]
            if step.get("for") == EVERYONE_ELSE
            else spelled_out(step.get("for", []), names, number),
            args={key: value for key, value in step.items() if key not in STEP_WORDS},
            refused=refused,
            expect=expect,
            called=step.get("as", ""),
            to=to,
        )


def spelled_out(said: Any, names: set[str], number: int) -> list[str]:
    """Return the people that a name, a list or ranges ("m1..m31") stand for, in order."""
    found: list[str] = []
    for name in [said] if isinstance(said, str) else said if isinstance(said, list) else [None]:
        if not isinstance(name, str):
            raise NotAScript(f"Step {number}: people are named by their ids.")
        if name not in names and (match := RANGE.match(name)):
            first, last = int(match["first"]), int(match["last"])
            if not 0 <= last - first < MOST_PEOPLE:
                raise NotAScript(f"Step {number}: {name!r} is not a range of people.")
            found += [f"{match['stem']}{place}" for place in range(first, last + 1)]
        else:
            found.append(name)
    for name in found:
        if name not in names:
            raise NotAScript(f"Step {number}: nobody is called {name!r}.")
    return found


# --- playing it ----------------------------------------------------------------------------------


def rehearse(script: Script, *, keep: bool = False, watch: Say | None = None) -> Report:
    """Play a script and report; with `watch`, in real time so that it can be watched."""
    report = Report(script.title, notes=list(script.notes))
    meeting = set_the_stage(script)
    try:
        start = timezone.now() if watch else meeting.starts_at
        if watch:
            watch(f"/m/{meeting.key}/wall/")
        play(script, meeting, start, report, watch)
        report.state = state(read(meeting, now=start + timedelta(seconds=last_at(script))))
        if keep:
            report.meeting = meeting.key
    finally:
        if not keep:
            forget_assembly(meeting.assembly)
    return report


def last_at(script: Script) -> float:
    """Return the time of the last step."""
    return script.steps[-1].at if script.steps else 0.0


def set_the_stage(script: Script) -> Meeting:
    """Make the practice meeting: everybody listed is checked in, doors are open."""
    with transaction.atomic():
        return stage(script)


def stage(script: Script) -> Meeting:
    """Write the rows of a practice meeting."""
    said = script.assembly
    counting = sum(1 for who in script.people if who.get("kind", "member") in rules.COUNTING)
    rule = {**WAYS[said["preset"]].rule, **said["rule"]}
    usual = rule.get("turn_seconds", TURN_SECONDS)
    reports = rule.get("reportback_seconds", usual)
    assembly = Assembly.objects.create(
        journal=Journal.objects.create(),
        name=script.title[:120],
        preset=said["preset"],
        rule=rule,
        # In a script a turn is as long on every kind of item, unless its rule says otherwise.
        turn_seconds={"report_back": reports, "council_report": reports},
        admission=said["admission"],
        roll=said["members"] if said["members"] is not None else counting,
        optional_signals=EVERY_SIGNAL,
        practice=True,
    )
    now = timezone.now().replace(microsecond=0)
    meeting = new_meeting(assembly, title=script.title[:120], starts_at=now, turn_seconds=usual)
    with record(meeting, now=now) as page:
        page.meeting.phase, page.meeting.rule = "doors_open", frozen_rule(assembly)
        page.meeting.clock = "on"
        page.put(page.meeting)
        page.note(DOORS_OPENED, rule=page.meeting.rule, preset=assembly.preset)
        roll, agenda = page.sheet(Roll), page.sheet(Agenda)
        for place, said_item in enumerate(script.items, start=1):
            item = AgendaItem(
                id=uuid.uuid4(),
                meeting=meeting,
                key=said_item["id"],
                position=place,
                title=str(said_item.get("title", said_item["id"]))[:200],
                kind=said_item.get("kind", "discussion"),
                minutes=said_item.get("minutes", 10),
            )
            agenda.items.append(item)
            page.put(item)
        for place, said_person in enumerate(script.people):
            person = Participant(
                id=uuid.uuid4(),
                meeting=meeting,
                key=said_person["id"],
                name=str(said_person.get("name", said_person["id"]))[:80],
                kind=said_person.get("kind", "member"),
                phone=bool(said_person.get("phone", True)),
                groups=list(said_person.get("groups", [])),
                created_at=now + timedelta(microseconds=place),
            )
            roll.add(page, person)
            if said_person.get("present", True):
                arrive(page, person)
                for role in said_person.get("roles", []):
                    roll.give(page, person, role)
        for item, said_item in zip(agenda.items, script.items, strict=True):
            for part, staged in ITEM_PARTS.items():
                if part in said_item:
                    staged.stage(page, item, said_item[part])
    return meeting


def play(
    script: Script, meeting: Meeting, start: datetime, report: Report, watch: Say | None
) -> None:
    """Do the steps one after the other; every act is committed by itself, as in the live room."""
    named: dict[str, int | None] = {}
    for step in script.steps:
        now = start + timedelta(seconds=step.at)
        if watch and (pause := (now - timezone.now()).total_seconds()) > 0:
            time.sleep(pause)
        report.steps += 1
        last: int | None = None
        for who in step.by if step.do else []:
            for beneficiary in step.entered_for or [""]:
                if watch:
                    watch(f"{step.at:g} s  {who}: {step.do} {beneficiary}".rstrip())
                answer = done(meeting, step, who, beneficiary, named, now)
                report.acts += 1
                judge(report, step, who, answer)
                last = answer.seq if answer.accepted else last
        if step.called:
            named[step.called] = last
        if step.expect:
            compare(report, step, state(read(meeting, now=now)))


def done(
    meeting: Meeting,
    step: Step,
    who: str,
    beneficiary: str,
    named: Mapping[str, int | None],
    now: datetime,
) -> Answer:
    """Do the act of a step for one actor and return its answer."""
    args = dict(step.args)
    if step.to is not None:
        if step.do in ("object", "undo"):
            seq = named.get(step.to)
            if seq is None:
                return Answer(code="unknown", why="The named act was refused.")
            args["seq"] = seq
        else:
            args["to"] = step.to
    said = {**args, "do": step.do, "for": [beneficiary] if beneficiary else []}
    try:
        act = Act.read(said, actor=who)
    except Refused as refusal:
        return Answer(code=refusal.code, why=refusal.why)
    return perform(meeting, [act], now=now)[0]


def judge(report: Report, step: Step, who: str, answer: Answer) -> None:
    """Compare an answer with what the step says about it."""
    got = answer.code or "accepted"
    if step.refused is None and answer.accepted and not answer.but:
        return
    if step.refused is True and not answer.accepted:
        return
    if step.refused == answer.code and answer.code:
        return
    expected = "accepted" if step.refused is None else step.refused
    report.failed(
        step.number,
        f"{who} {step.do}: expected {expected}, got {got}",
        expected=expected,
        found=got,
        why=answer.why,
    )


def compare(report: Report, step: Step, found: Mapping[str, Any]) -> None:
    """Compare a state with the expectations of a step."""
    for path, expected in step.expect.items():
        there, value = at_path(found, path)
        if not holds(expected, there, value):
            report.failed(
                step.number,
                f"{path}: expected {expected!r}, found {value if there else 'nothing'!r}",
                path=path,
                expected=expected,
                found=value if there else None,
            )


def at_path(found: Any, path: str) -> tuple[bool, Any]:
    """Return whether a path exists and what stands there; a number is a place in a list."""
    for part in path.split("."):
        if isinstance(found, Mapping) and part in found:
            found = found[part]
        elif isinstance(found, list) and part.isdigit() and int(part) < len(found):
            found = found[int(part)]
        else:
            return False, None
    return True, found


def holds(expected: Any, there: bool, value: Any) -> bool:
    """Say whether a value is as expected: equal, or as one of the three matchers has it."""
    if isinstance(expected, dict) and len(expected) == 1:
        (word, wanted), *_rest = expected.items()
        if word == "missing" and isinstance(wanted, bool):
            return there is not wanted
        if word == "at_least":
            return there and number(value) and number(wanted) and value >= wanted
        if word == "contains":
            return there and contains(value, wanted)
    return there and same(value, expected)


def number(value: Any) -> bool:
    """Say whether a value can be compared by size."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def contains(value: Any, wanted: Any) -> bool:
    """Say whether a list, a text or an object contains something."""
    if isinstance(value, str):
        return isinstance(wanted, str) and wanted in value
    if isinstance(value, Mapping):
        return wanted in value
    return isinstance(value, list) and any(same(one, wanted) for one in value)


def same(one: Any, other: Any) -> bool:
    """Say whether two JSON values are equal; true is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return set(one) == set(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)
