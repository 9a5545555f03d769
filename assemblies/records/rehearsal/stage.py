"""Setting the stage: the rows of practice meetings, before the first step and when one is founded.

With several assemblies everybody is a person, so that one person can be in more than one.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from assemblies import rules
from assemblies.acts.declaring import GATHERED
from assemblies.door.house import house
from assemblies.door.journal import record
from assemblies.door.page import Page
from assemblies.door.shapes import Scene
from assemblies.models import (
    AgendaItem,
    Assembly,
    Journal,
    Meeting,
    Membership,
    Participant,
    Person,
)
from assemblies.records.rehearsal.script import Described, Script
from assemblies.rules.errors import NotAScript, Refused
from assemblies.rules.keys import new_key
from assemblies.services.founding import belonging_of, forget_assembly, new_meeting
from assemblies.services.people import arrive
from assemblies.services.phases import DOORS_OPENED, frozen_rule
from assemblies.sheets import Agenda, Roll

TURN_SECONDS = 60


def every_signal() -> list[str]:
    """Return the optional signals, all of which a rehearsed assembly uses."""
    return [one.code for one in house().optional_signals]


@dataclass
class Stage:
    """What a script has put into the database, by its names; all of it can be struck again.

    `keys` are the keys of assemblies by name: of those described, and those reserved for
    assemblies that are founded in the course of the script.
    """

    script: Script
    scene: Scene
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def meetings(self) -> dict[str, Meeting]:
        """The practice meetings, by the names of their assemblies, in the order of their making."""
        return self.scene.meetings

    def meeting(self, name: str, now: datetime) -> Meeting | None:
        """Return the meeting of an assembly; a founded one meets when it is first asked for.

        None where no assembly of this name has been founded.
        """
        if name not in self.meetings:
            assembly = Assembly.objects.filter(key=self.keys[name]).first()
            if assembly is None:
                return None
            with transaction.atomic():
                self.scene.assemblies[name] = assembly
                self.meetings[name] = self.gather(assembly, now)
        return self.meetings[name]

    def gather(self, assembly: Assembly, now: datetime) -> Meeting:
        """Return a practice meeting of a founded assembly, with everybody there who belongs."""
        assembly.practice, assembly.optional_signals = True, every_signal()
        assembly.save(update_fields=["practice", "optional_signals"])
        meeting = meeting_of(assembly, self.script.title, now)
        with record(meeting, now=now) as page:
            open_doors(page)
            for hook in house().all("gathering"):
                self.admit(page, hook(meeting))
        return meeting

    def admit(self, page: Page, people: Iterable[Person]) -> None:
        """Check in people of the script who have no seat here, described as where they live."""
        names = {person.pk: name for name, person in self.scene.people.items()}
        for person in people:
            name = names[person.pk]
            if page.sheet(Roll).find(name) is None:
                said = {**self.script.everybody[name], "kind": kind_of(page.meeting, person)}
                come(page, page.meeting, person, {**said, "roles": [], "present": True})

    def take_seat(self, meeting: Meeting, name: str, now: datetime) -> None:
        """Let somebody in who has no seat yet, as whoever scans the code at the door."""
        person = self.scene.people.get(name)
        if person is None:
            return
        with record(meeting, now=now) as page:
            if page.meeting.phase in GATHERED:
                self.admit(page, [person])

    def keep(self) -> None:
        """Leave what is there to be looked at; retention deletes it with all practice."""
        Assembly.objects.filter(key__in=self.keys.values()).update(practice=True)

    def strike(self) -> None:
        """Delete everything that was made, the newest first, as it may rest on the others."""
        keys = list(self.keys.values()) or [one.key for one in self.scene.assemblies.values()]
        for key in reversed(keys):
            for assembly in Assembly.objects.filter(key=key):
                forget_assembly(assembly)


def set_the_stage(script: Script) -> Stage:
    """Make the practice meetings: everybody listed is checked in, doors are open."""
    scene = Scene(timezone.now().replace(microsecond=0))
    stage = Stage(script, scene)
    with transaction.atomic():
        if script.several:
            scene.people = people_of(script)
        for name, said in script.assemblies.items():
            scene.assemblies[name] = new_assembly(said, scene)
            scene.meetings[name] = meeting_of(scene.assemblies[name], script.title, scene.now)
        if script.several:
            stage.keys = {name: one.key for name, one in scene.assemblies.items()}
            stage.keys |= {name: new_key() for name in script.founded}
        further = {name: stage_parts(name, said, scene) for name, said in script.assemblies.items()}
        for name, said in script.assemblies.items():
            with record(scene.meetings[name], now=scene.now) as page:
                open_doors(page)
                items = fill(page, said, scene)
                stage.admit(page, further[name])
                stage_items(page, items, said)
    return stage


def people_of(script: Script) -> dict[str, Person]:
    """Make a person for each id; nobody can sign in as one of them."""
    people = {
        name: Person(name=name_of(said), password=make_password(None))
        for name, said in script.everybody.items()
    }
    Person.objects.bulk_create(people.values())
    return people


def name_of(said: Mapping[str, Any]) -> str:
    """Return the name of somebody whom a script describes."""
    return str(said.get("name", said["id"]))[:80]


def new_assembly(described: Described, scene: Scene) -> Assembly:
    """Write an assembly of a script, and who belongs to it where the script makes people."""
    said = described.assembly
    counting = sum(1 for who in described.people if who.get("kind", "member") in rules.COUNTING)
    rule = {**house().ways[said["preset"]].rule, **said["rule"]}
    reports = rule.get("reportback_seconds", rule.get("turn_seconds", TURN_SECONDS))
    assembly = Assembly.objects.create(
        journal=Journal.objects.create(),
        name=described.name[:120],
        preset=said["preset"],
        rule=rule,
        # In a script a turn is as long on every kind of item, unless its rule says otherwise.
        turn_seconds={"report_back": reports, "council_report": reports},
        admission=said["admission"],
        roll=said["members"] if said["members"] is not None else counting,
        optional_signals=every_signal(),
        practice=True,
    )
    Membership.objects.bulk_create(
        Membership(
            assembly=assembly,
            person=scene.people[who["id"]],
            groups=list(who.get("groups", [])),
            joined_at=scene.now,
        )
        for who in described.people
        if who["id"] in scene.people and who.get("kind", "member") == "member"
    )
    return assembly


def meeting_of(assembly: Assembly, title: str, now: datetime) -> Meeting:
    """Return a new practice meeting of an assembly, its doors still shut."""
    usual = frozen_rule(assembly).get("turn_seconds", TURN_SECONDS)
    return new_meeting(assembly, title=title[:120], starts_at=now, turn_seconds=usual)


def stage_parts(name: str, described: Described, scene: Scene) -> list[Person]:
    """Have other apps stage their parts of an assembly; return who comes to it besides."""
    further: list[Person] = []
    for part, said in described.parts.items():
        try:
            further += (
                house().merged("assembly_parts")[part].stage(scene, scene.assemblies[name], said)
            )
        except Refused as refusal:
            raise NotAScript(f"Assembly {name}: {part}: {refusal.why}") from refusal
    return further


def open_doors(page: Page) -> None:
    """Open the doors of a practice meeting, by the rule that its assembly has by now."""
    page.meeting.assembly = Assembly.objects.get(pk=page.meeting.assembly_id)
    page.meeting.phase, page.meeting.rule = "doors_open", frozen_rule(page.meeting.assembly)
    page.meeting.clock = "on"
    page.put(page.meeting)
    page.note(DOORS_OPENED, rule=page.meeting.rule, preset=page.meeting.assembly.preset)


def fill(page: Page, described: Described, scene: Scene) -> list[AgendaItem]:
    """Check in the people of a script, put its items on the agenda and return these."""
    items = []
    for place, said in enumerate(described.items, start=1):
        item = AgendaItem(
            id=uuid.uuid4(),
            meeting=page.meeting,
            key=said["id"],
            position=place,
            title=str(said.get("title", said["id"]))[:200],
            kind=said.get("kind", "discussion"),
            minutes=said.get("minutes", 10),
        )
        items.append(item)
        page.put(item)
    page.sheet(Agenda).items += items
    for who in described.people:
        come(page, page.meeting, scene.people.get(who["id"]), who)
    return items


def come(page: Page, meeting: Meeting, person: Person | None, said: Mapping[str, Any]) -> None:
    """Give somebody a seat as the script describes them; they are here unless it says otherwise.

    As what somebody comes the apps know better than the script.
    """
    roll = page.sheet(Roll)
    seat = Participant(
        id=uuid.uuid4(),
        meeting=meeting,
        person=person,
        key=said["id"],
        name=name_of(said),
        kind=said.get("kind", "member"),
        phone=bool(said.get("phone", True)),
        groups=list(said.get("groups", [])),
        created_at=page.now + timedelta(microseconds=len(roll.people)),
    )
    if (coming := house().arrival_of(meeting, person)) is not None:
        seat.kind, seat.voice = coming.kind, coming.voice
    roll.add(page, seat)
    if said.get("present", True):
        arrive(page, seat)
        for role in said.get("roles", []):
            roll.give(page, seat, role)


def kind_of(meeting: Meeting, person: Person) -> str:
    """Return the kind of a person who comes without being listed there (ROOM.md 5, 5)."""
    member = belonging_of(meeting, person)
    counts = meeting.assembly.admission == "open" or (member is not None and member.counts)
    return "member" if counts else "guest"


def stage_items(page: Page, items: list[AgendaItem], described: Described) -> None:
    """Have other apps add the proposals of the items, once everybody is here."""
    for item, said in zip(items, described.items, strict=True):
        for part, staged in house().merged("item_parts").items():
            if part in said:
                staged.stage(page, item, said[part])
