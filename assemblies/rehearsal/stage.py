"""Setting the stage: the rows of a practice meeting, before the first step."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from assemblies import rules
from assemblies.founding import new_meeting
from assemblies.journal import record
from assemblies.models import AgendaItem, Assembly, Journal, Meeting, Participant
from assemblies.parts import ITEM_PARTS
from assemblies.registry import WAYS
from assemblies.rehearsal.script import Script
from assemblies.services.people import arrive
from assemblies.services.phases import DOORS_OPENED, frozen_rule
from assemblies.sheets import Agenda, Roll

EVERY_SIGNAL = ["unsure", "direct_response", "wrap_up", "language"]
TURN_SECONDS = 60


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
