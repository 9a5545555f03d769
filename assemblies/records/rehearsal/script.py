"""Reading a script: it is checked whole, with the place of the fault, before anything happens."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from assemblies import rules
from assemblies.acts.perform import EVERYONE_ELSE
from assemblies.door.house import house
from assemblies.models import AgendaItem, Participant, Role
from assemblies.rules.errors import NotAScript

SCRIPT_PARTS = frozenset(
    {"title", "assembly", "people", "items", "assemblies", "steps", "note", "notes"}
)
ASSEMBLY_WORDS = frozenset(
    {"name", "preset", "rule", "members", "admission", "people", "items", "note", "notes"}
)
STEP_WORDS = frozenset({"by", "do", "for", "at", "day", "expect", "refused", "as", "to", "in"})
RANGE = re.compile(r"^(?P<stem>.*?)(?P<first>\d+)\.\.(?P=stem)(?P<last>\d+)$")
MOST_PEOPLE = 20_000
DAY = 86_400
LAST_DAY = 10_000


@dataclass
class Step:
    """One step of a script: an act, an expectation, or both."""

    number: int
    where: str
    at: float
    by: list[str]
    do: str
    entered_for: list[str]
    args: dict[str, Any]
    refused: str | bool | None
    expect: Mapping[str, Any]
    called: str
    to: Any


@dataclass
class Described:
    """An assembly of a script: how it decides, who is in it, what is on its agenda."""

    name: str
    assembly: dict[str, Any]
    people: list[dict[str, Any]]
    items: list[dict[str, Any]]
    parts: dict[str, Any] = field(default_factory=dict)


@dataclass
class Script:
    """A script that has been read and can be played.

    A script of one assembly has it under the name "". `founded` are names of assemblies that come
    to be in the course of it.
    """

    title: str
    assemblies: dict[str, Described]
    steps: list[Step]
    notes: list[str]
    founded: list[str]

    @property
    def several(self) -> bool:
        """Whether its assemblies have names."""
        return "" not in self.assemblies

    @property
    def last_at(self) -> float:
        """The time of the last step, in seconds from the start."""
        return self.steps[-1].at if self.steps else 0.0

    @cached_property
    def everybody(self) -> dict[str, dict[str, Any]]:
        """All people by id, each as the first assembly that lists them describes them."""
        found: dict[str, dict[str, Any]] = {}
        for one in self.assemblies.values():
            for who in one.people:
                found.setdefault(who["id"], who)
        return found


def read_script(said: Any) -> Script:
    """Return a script that can be played; raise NotAScript with the place of the fault."""
    if not isinstance(said, dict):
        raise NotAScript("A script is a JSON object.")
    if unknown := set(said) - SCRIPT_PARTS:
        raise NotAScript(f"The script has an unknown part: {sorted(unknown)[0]}.")
    title = str(said.get("title", "Rehearsal"))
    if "assemblies" in said:
        assemblies = read_assemblies(said)
    else:
        people = read_everybody(said)
        items = list(read_items(listed(said, "items"), {person["id"] for person in people}))
        assemblies = {"": Described(title, read_assembly(said.get("assembly", {})), people, items)}
    names = {who["id"] for one in assemblies.values() for who in one.people}
    founded: list[str] = []
    steps = list(read_steps(listed(said, "steps"), names, list(assemblies), founded))
    return Script(title, assemblies, steps, [], founded)


def read_assemblies(said: Mapping[str, Any]) -> dict[str, Described]:
    """Return the assemblies of a script that has several, by their names in it."""
    if here := {"assembly", "people", "items"} & set(said):
        raise NotAScript(f"With “assemblies”, “{min(here)}” stands in each of them.")
    given = said["assemblies"]
    if not isinstance(given, dict) or not given:
        raise NotAScript("“assemblies” is an object: a name for each assembly.")
    people: dict[str, list[dict[str, Any]]] = {}
    for name, one in given.items():
        with within(f"Assembly {name}"):
            if not a_name(name):
                raise NotAScript("its name has from 1 to 40 characters.")
            if not isinstance(one, dict):
                raise NotAScript("it is an object.")
            if unknown := set(one) - ASSEMBLY_WORDS - set(house().merged("assembly_parts")):
                raise NotAScript(f"it has an unknown part: {min(unknown)}.")
            people[name] = read_everybody(one)
    everybody = {who["id"] for each in people.values() for who in each}
    read = {}
    for name, one in given.items():
        with within(f"Assembly {name}"):
            there = {part: one[part] for part in house().merged("assembly_parts") if part in one}
            # Who comes with a part is known when it is staged; whoever belongs here is listed here.
            names = everybody if there else {who["id"] for who in people[name]}
            called = one.get("name", name)
            if not isinstance(called, str) or not 0 < len(called) <= 120:
                raise NotAScript("“name” is a text of at most 120 characters.")
            read[name] = Described(
                called,
                read_assembly(one),
                people[name],
                list(read_items(listed(one, "items"), names)),
                {
                    part: read_part(part, value, everybody, set(given))
                    for part, value in there.items()
                },
            )
    return read


def read_part(part: str, value: Any, people: set[str], assemblies: set[str]) -> Any:
    """Return what another app reads in the description of an assembly."""
    try:
        return house().merged("assembly_parts")[part].read(value, people, assemblies)
    except ValueError as wrong:
        raise NotAScript(f"{part}: {wrong}.") from wrong


@contextmanager
def within(place: str) -> Iterator[None]:
    """Say the place of a fault before the fault."""
    try:
        yield
    except NotAScript as wrong:
        raise NotAScript(f"{place}: {wrong}") from wrong


def read_everybody(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the people of an assembly, each with an id of their own."""
    people = list(read_people(listed(said, "people")))
    if len({person["id"] for person in people}) != len(people):
        raise NotAScript("Two people have the same id.")
    return people


def listed(said: Mapping[str, Any], part: str) -> list[Any]:
    """Return a part that must be a list."""
    found = said.get(part, [])
    if not isinstance(found, list):
        raise NotAScript(f"“{part}” is a list.")
    return found


def read_assembly(said: Any) -> dict[str, Any]:
    """Return the preset, rule, size and admission of an assembly."""
    if not isinstance(said, dict):
        raise NotAScript("“assembly” is an object.")
    preset = said.get("preset", "full_consensus")
    if not isinstance(preset, str) or preset not in house().ways:
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
    for reader in house().all("rule_readers"):
        try:
            reader({**house().ways[preset].rule, **rule})
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
        for part, reader in house().merged("item_parts").items():
            if part in item:
                try:
                    item = {**item, part: reader.read(item[part], names)}
                except ValueError as wrong:
                    raise NotAScript(f"Item {number}, {part}: {wrong}.") from wrong
        yield item


def read_steps(
    said: list[Any], names: set[str], assemblies: list[str], founded: list[str]
) -> Iterator[Step]:
    """Yield the steps; the clock never runs back, and a name stands for an earlier step.

    `founded` grows by the names of assemblies to come, as steps mention them.
    """
    clock, day = 0.0, 0
    called: set[tuple[str, str]] = set()
    for number, step in enumerate(said, start=1):
        if not isinstance(step, dict) or not ("do" in step or "expect" in step):
            raise NotAScript(f"Step {number} needs “do” or “expect”.")
        clock, day = read_clock(step, number, clock, day)
        where = read_where(step, number, assemblies, founded)
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
        if names_a_step and not (isinstance(to, str) and (where, to) in called):
            raise NotAScript(f"Step {number}: no earlier step is called {to!r}.")
        args = {key: value for key, value in step.items() if key not in STEP_WORDS}
        if takes_as(step.get("do")):
            args |= {"as": step["as"]} if "as" in step else {}
        elif isinstance(step.get("as"), str):
            called.add((where, step["as"]))
        elif "as" in step:
            raise NotAScript(f"Step {number}: “as” is a name.")
        if "" not in assemblies:
            known = {*assemblies, *founded}
            founded += [name for name in assemblies_in(args) if name not in known]
        yield Step(
            number=number,
            where=where,
            at=clock,
            by=spelled_out(step.get("by", []), names, number),
            do=step.get("do", ""),
            entered_for=[EVERYONE_ELSE]
            if step.get("for") == EVERYONE_ELSE
            else spelled_out(step.get("for", []), names, number),
            args=args,
            refused=refused,
            expect=expect,
            called="" if "as" in args else step.get("as", ""),
            to=to,
        )


def takes_as(do: Any) -> bool:
    """Say whether an act has an argument `as` of its own: there it names no step."""
    return isinstance(do, str) and do in house().acts and "as" in house().acts[do].readers


def read_clock(step: Mapping[str, Any], number: int, clock: float, day: int) -> tuple[float, int]:
    """Return the time of a step, in seconds from the start, and its day, from 0."""
    today = step.get("day", day)
    if not whole(today) or today > LAST_DAY:
        raise NotAScript(f"Step {number}: “day” is a whole number, from 0 to {LAST_DAY}.")
    if today == day and "at" not in step:
        return clock, day
    at = step.get("at", 0)
    if isinstance(at, bool) or not isinstance(at, int | float) or not 0 <= at < 1e9:
        raise NotAScript(f"Step {number}: “at” is a number of seconds.")
    if today * DAY + at < clock:
        raise NotAScript(f"Step {number}: the clock never runs back.")
    return float(today * DAY + at), today


def read_where(
    step: Mapping[str, Any], number: int, assemblies: list[str], founded: list[str]
) -> str:
    """Return the name of the assembly in which a step happens."""
    if len(assemblies) == 1 and ("in" not in step or assemblies == [""]):
        return assemblies[0]
    if "in" not in step:
        raise NotAScript(f"Step {number}: in which assembly? “in” is missing.")
    where = step["in"]
    if where not in assemblies and where not in founded:
        raise NotAScript(f"Step {number}: there is no assembly {where!r}.")
    return str(where)


def assemblies_in(args: Mapping[str, Any]) -> list[str]:
    """Return the names of assemblies in arguments: a text, the elements of a list, the keys."""
    found: list[str] = []
    for argument in sorted(set(house().all("assembly_arguments")) & set(args)):
        value = args[argument]
        words = value if isinstance(value, list | dict) else [value]
        found += [word for word in words if a_name(word)]
    return list(dict.fromkeys(found))


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
