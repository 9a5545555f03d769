"""A council in session as `bench.room` wants it: units with two delegates each, and who looks on.

Needs Django set up. Rows are written as they are, for a thousand people choosing delegates by acts
would take minutes; from the opening of the doors on everything is done by acts.
"""

import random
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from assemblies.door.house import house
from assemblies.door.shelf import looking, shelf
from assemblies.models import Assembly, Journal, Participant, Person
from assemblies.services.founding import found_assembly, new_meeting
from federation.models import (
    Affiliation,
    Council,
    CouncilItem,
    Debate,
    Federation,
    Mandate,
    Seat,
    SeatTerm,
)
from federation.rules import HEARD_BEFORE_RECALL
from federation.words.presets import FEDERATING
from proposals.models import Decision, Proposal, ProposalVersion, digest_of_text
from proposals.rules import TEST_AT_LEAST

BATCH = 500
PRESET = "portland_confederation"
DELEGATES = 2
MANDATED = 0.9
SAYABLE = ("agree",) * 8 + ("stand_aside", "disagree")
TEXT = "Each assembly pays 2 % of its dues into a common strike fund."


def found_council(units: int, now: datetime) -> tuple[Council, list[Assembly]]:
    """Return a council with its units, all of which have talked about what is before it."""
    way = FEDERATING[PRESET]
    body = Assembly.objects.create(
        journal=Journal.objects.create(),
        name="Bench council",
        kind=Assembly.Kind.COUNCIL,
        preset=way.process,
        rule={
            **house().ways[way.process].rule,
            **way.deciding,
            "quorum": {"share": "2/3"},
            "by_unit": True,
        },
        admission=Assembly.Admission.COUNTED_IN,
        roll=units,
    )  # fmt: skip
    council = Council.objects.create(
        assembly=body,
        federation=Federation.objects.create(name="Bench"),
        preset=PRESET,
        rule={**way.rule, "mandate_required": []},
        formed_at=now,
    )
    journals = Journal.objects.bulk_create([Journal() for _unit in range(units)], BATCH)
    bodies = Assembly.objects.bulk_create(
        [
            Assembly(journal=journal, name=f"Assembly of street {n:03}")
            for n, journal in enumerate(journals)
        ],
        BATCH,
    )
    Affiliation.objects.bulk_create(
        [Affiliation(council=council, unit=one, joined_at=now) for one in bodies], BATCH
    )
    return council, bodies


def send_delegates(
    council: Council, units: list[Assembly], people: list[Person], now: datetime
) -> None:
    """Seat two people of each unit."""
    seats = Seat.objects.bulk_create(
        [
            Seat(council=council, unit=unit, ordinal=n + 1)
            for unit in units
            for n in range(DELEGATES)
        ],
        BATCH,
    )
    until = now + timedelta(days=90)
    SeatTerm.objects.bulk_create(
        [
            SeatTerm(seat=seat, person=person, since=now, until=until)
            for seat, person in zip(seats, people, strict=True)
        ],
        BATCH,
    )


def carry(council: Council, units: list[Assembly], now: datetime) -> list[str]:
    """Put an item before the council; return what each unit has its delegates say, "" if nothing.

    Whose delegates are told nothing answer as they like, and may differ.
    """
    decision = Decision.objects.create(
        assembly=units[0], number=1, title="A strike fund", text=TEXT, how="vote", decided_at=now
    )
    proposal = Proposal.objects.create(
        assembly=council.assembly, key="q1", by=units[0].key, title="A fund", phase="submitted"
    )
    ProposalVersion.objects.create(
        proposal=proposal, n=1, text=TEXT, digest=digest_of_text(TEXT), at=now
    )
    item = CouncilItem.objects.create(
        council=council,
        key="q1",
        kind="enact",
        title="A fund",
        text=TEXT,
        proposal=proposal,
        origin=units[0],
        decision=decision,
        carried_at=now,
        notice_until=now + timedelta(days=21),
    )
    chance = random.Random(len(units))
    said = [
        chance.choice(SAYABLE) if n == 0 or chance.random() < MANDATED else ""
        for n in range(len(units))
    ]
    Debate.objects.bulk_create(
        [Debate(item=item, unit=unit, debated_at=now) for unit in units], BATCH
    )
    Mandate.objects.bulk_create(
        [
            Mandate(council=council, unit=unit, item=item, position=word, given_at=now)
            for unit, word in zip(units, said, strict=True)
            if word
        ],
        BATCH,
    )
    return said


def gather_council(seats: int, new_people: Any, signed_in: Any, do: Any) -> dict[str, Any]:
    """Return a council in session whose test is open, as `bench.inside.gather` returns a meeting.

    The first seat facilitates and speaks for nobody, three tenths as many units as there are seats
    have two delegates each, the others look on. With it comes the meeting of the first unit, which
    may recall its first delegate, and the seat of who facilitates there.
    """
    now = timezone.now()
    people = Person.objects.bulk_create(new_people(seats), batch_size=BATCH)
    units = max(1, seats * 3 // 10)
    council, bodies = found_council(units, now)
    # Seat 1 is the screen on the wall.
    delegates = people[2 : 2 + DELEGATES * units]
    send_delegates(council, bodies, delegates, now)
    said = carry(council, bodies, now)
    told = {
        person.pk: (bodies[n // DELEGATES].key, said[n // DELEGATES])
        for n, person in enumerate(delegates)
    }
    fay = people[0]
    meeting = new_meeting(council.assembly, title="Council", starts_at=now, organiser=fay)
    looking_on = [
        Participant(
            meeting=meeting, person=one, name=one.name, kind="observer", present=True,
            arrived_at=now, created_at=now,
        )
        for one in people[1:] if one.pk not in told
    ]  # fmt: skip
    Participant.objects.bulk_create(looking_on, BATCH)
    keys = dict(Participant.objects.filter(meeting=meeting).values_list("person_id", "key"))
    before = now - TEST_AT_LEAST
    for act in ({"do": "open_doors"}, {"do": "start_meeting"}):
        do(meeting, keys[fay.pk], act, now=before)
    # Opening the doors has put the delegates on the roll.
    Participant.objects.filter(meeting=meeting).update(present=True, arrived_at=before)
    forget_sheets()
    for act in (
        {"do": "bring_proposal", "proposal": "q1"},
        {"do": "take_up_item", "item": "q1"},
        {"do": "present_proposal"},
        {"do": "set_phase", "phase": "discussion"},
        {"do": "open_test"},
    ):
        do(meeting, keys[fay.pk], act, now=before)
    keys = dict(Participant.objects.filter(meeting=meeting).values_list("person_id", "key"))
    return {
        "meeting": meeting.key,
        "seats": list(zip((keys[one.pk] for one in people), signed_in(people), strict=True)),
        "names": [one.name for one in people],
        "voices": [told.get(one.pk, ("", ""))[0] for one in people],
        "says": [told.get(one.pk, ("", ""))[1] for one in people],
        "base": almost_recalled(bodies[0], new_people, signed_in, do, now),
    }


def almost_recalled(
    unit: Assembly, new_people: Any, signed_in: Any, do: Any, now: datetime
) -> dict[str, Any]:
    """Have a unit meet and be for a recall; return its meeting and who may count the answers."""
    people = Person.objects.bulk_create(new_people(3))
    rows = found_assembly(people[0], name="As a base is").rule
    Assembly.objects.filter(pk=unit.pk).update(rule=rows, admission="open")
    unit.refresh_from_db()
    meeting = new_meeting(unit, title="Street", starts_at=now, organiser=people[0])
    Participant.objects.bulk_create(
        Participant(
            meeting=meeting, person=one, name=one.name, kind="member", present=True,
            arrived_at=now, created_at=now,
        )
        for one in people[1:]
    )  # fmt: skip
    forget_sheets()
    keys = dict(Participant.objects.filter(meeting=meeting).values_list("person_id", "key"))
    first, *others = (keys[one.pk] for one in people)
    before = now - HEARD_BEFORE_RECALL - timedelta(seconds=1)
    opening = {"do": "open_recall", "seat": 1, "reason": "Said what we did not say."}
    for who, act in (
        (first, {"do": "open_doors"}),
        (first, {"do": "start_meeting"}),
        (others[0], opening),
        (first, {"do": "hear_delegate"}),
        *((one, {"do": "answer_recall", "answer": "for"}) for one in others),
    ):
        do(meeting, who, act, now=before)
    return {"meeting": meeting.key, "seat": [first, signed_in(people[:1])[0]]}


def forget_sheets() -> None:
    """Let the next who opens a door read what was written beside it."""
    shelf.clear()
    looking.clear()
