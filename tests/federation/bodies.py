"""Federations in one call, straight from the models: `grow([9, 3, 1])` has three levels.

At level 0 stand the bases; each council above has its share of the bodies right below it as units.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from assemblies.models import AgendaItem, Assembly, Journal, Meeting, Membership, Person
from federation.models import (
    Affiliation,
    Council,
    CouncilItem,
    Debate,
    Federation,
    Mandate,
    Ratification,
    Seat,
    SeatTerm,
    UnitPosition,
)
from proposals.models import Decision

PLACES = (
    *("Mill Lane", "Harbour", "Old Town", "Riverside", "Cherry Hill", "Station Quarter"),
    *("Market Square", "Brick Row", "Northgate", "Tannery", "Lock Street", "Meadows"),
    *("Quarry Bank", "Garden City", "East End", "Weavers’ Yard", "Poplar Grove", "Fishmarket"),
)
NAMES = (
    *("Rosa", "Ken", "Imani", "Ana", "Sam", "Dana", "Eli", "Bo", "Hal", "Mina", "Jo", "Lea"),
    *("Noor", "Ivo", "Tess", "Omar", "Pia", "Remy", "Sol", "Uma", "Vera", "Wim", "Yara", "Zoe"),
)
LEVELS = ("", "City", "Region", "Land", "Union", "Continent")


@dataclass
class Grown:
    """A federation, its bodies by level (0 are the bases), and who is in them."""

    federation: Federation
    levels: list[list[Assembly]]
    councils: dict[Any, Council] = field(default_factory=dict)
    people: dict[Any, list[Person]] = field(default_factory=dict)
    units: dict[Any, list[Assembly]] = field(default_factory=dict)
    numbers: dict[Any, int] = field(default_factory=dict)

    @property
    def top(self) -> Council:
        """The highest council."""
        return self.councils[self.levels[-1][0].pk]

    @property
    def base(self) -> Assembly:
        """The first base."""
        return self.levels[0][0]

    def member(self, body: Assembly, n: int = 0) -> Person:
        """Return somebody of a base."""
        return self.people[body.pk][n]

    def council_of(self, body: Assembly) -> Council:
        """Return the council right above a body."""
        pk = next(pk for pk, units in self.units.items() if body in units)
        return self.councils[pk]

    def decide(self, body: Assembly, title: str, **more: Any) -> Decision:
        """Have a body decide something: as a base by a test of its members."""
        number = self.numbers[body.pk] = self.numbers.get(body.pk, 0) + 1
        usual = {
            "text": f"{title}.",
            "version": 1,
            "how": "consensus",
            "numbers": {
                "present": 12,
                "quorum": 6,
                "positions": {"agree": 10, "reservations": 1, "stand_aside": 1},
            },
            "decided_at": timezone.now() - timedelta(days=40 - number),
        }
        return Decision.objects.create(
            assembly=body, number=number, title=title, **{**usual, **more}
        )


def grow(
    widths: Sequence[int] = (7, 1), *, members: int = 3, seats: int = 2, words: Any = None
) -> Grown:
    """Return a federation with so many bodies at each level, from the bases upward."""
    now = timezone.now()
    grown = Grown(Federation.objects.create(name="River Federation", words=words or {}), [])
    for level, width in enumerate(widths):
        grown.levels.append(bodies(level, width, now))
    found = [
        Council(
            assembly=body,
            federation=grown.federation,
            preset="two_delegate_confederation",
            level_name=LEVELS[level],
            formed_at=now - timedelta(days=100),
        )
        for level, row in enumerate(grown.levels)
        for body in row
        if level
    ]
    Council.objects.bulk_create(found)
    grown.councils = {one.assembly_id: one for one in found}
    populate(grown, members)
    for below, above in zip(grown.levels, grown.levels[1:], strict=False):
        for place, unit in enumerate(below):
            upper = above[place * len(above) // len(below)]
            grown.units.setdefault(upper.pk, []).append(unit)
    belong(grown, seats, now)
    return grown


def bodies(level: int, width: int, now: datetime) -> list[Assembly]:
    """Make the bodies of a level."""
    names = [named(level, n) for n in range(width)]
    journals = Journal.objects.bulk_create(Journal() for _name in names)
    return Assembly.objects.bulk_create(
        Assembly(
            journal=journal,
            name=name,
            kind="council" if level else "neighbourhood",
            preset="open_decisions_two_thirds" if level else "full_consensus",
            created_at=now - timedelta(days=200),
        )
        for journal, name in zip(journals, names, strict=True)
    )


def named(level: int, n: int) -> str:
    """Return the name of a body."""
    round_of, place = divmod(n, len(PLACES))
    name = PLACES[place] + (f" {round_of + 1}" if round_of else "")
    return f"{LEVELS[level]} council of {name}" if level else f"{name} assembly"


def populate(grown: Grown, members: int) -> None:
    """Give every base its members."""
    bases = grown.levels[0]
    everybody = Person.objects.bulk_create(
        Person(name=NAMES[n % len(NAMES)], password="!") for n in range(members * len(bases))
    )
    for place, base in enumerate(bases):
        grown.people[base.pk] = everybody[place * members : (place + 1) * members]
    Membership.objects.bulk_create(
        Membership(assembly=base, person=person)
        for base in bases
        for person in grown.people[base.pk]
    )
    for row in grown.levels[1:]:
        for body in row:
            grown.people[body.pk] = []


def belong(grown: Grown, seats: int, now: datetime) -> None:
    """Have every unit belong to its council, and send delegates from a base below."""
    affiliations, chairs, terms = [], [], []
    for pk, units in grown.units.items():
        council = grown.councils[pk]
        for place, unit in enumerate(units):
            joined_at = now - timedelta(days=100) + timedelta(minutes=place)
            affiliations.append(Affiliation(council=council, unit=unit, joined_at=joined_at))
            for ordinal in range(1, seats + 1):
                seat = Seat(council=council, unit=unit, ordinal=ordinal)
                who = sent_by(grown, unit, ordinal)
                chairs.append(seat)
                terms.append(
                    SeatTerm(
                        seat=seat,
                        person=who,
                        since=now - timedelta(days=30),
                        until=now + timedelta(days=60),
                    )
                )
                grown.people[pk].append(who)
    Affiliation.objects.bulk_create(affiliations)
    Seat.objects.bulk_create(chairs)
    SeatTerm.objects.bulk_create(terms)


def sent_by(grown: Grown, unit: Assembly, ordinal: int) -> Person:
    """Return whom a unit sends: somebody of its own, of a council one of its delegates."""
    people = grown.people[unit.pk]
    return people[(ordinal - 1) % len(people)]


def meet(body: Assembly, title: str, days_ago: float = 1, **more: Any) -> Meeting:
    """Have a body meet, for pages that name the meeting."""
    at = timezone.now() - timedelta(days=days_ago)
    usual = {
        "starts_at": at,
        "started_at": at,
        "ended_at": at + timedelta(hours=2),
        "phase": "ended",
    }
    made = Meeting.objects.create(
        assembly=body, journal=Journal.objects.create(), title=title, **{**usual, **more}
    )
    AgendaItem.objects.create(meeting=made, key="1", position=1, title="Rents", state="done")
    return made


def carried(
    grown: Grown,
    council: Council,
    origin: Assembly,
    title: str = "One rent for the whole river",
    *,
    decision: Decision | None = None,
    days_ago: int = 20,
    **more: Any,
) -> CouncilItem:
    """Have a unit carry a decision of its own up to its council."""
    decision = decision or grown.decide(origin, title)
    at = timezone.now() - timedelta(days=days_ago)
    usual = {
        "kind": "enact",
        "text": f"{title}. Nobody pays more than before.",
        "adopted": {"how": decision.how, "numbers": decision.numbers},
        "carried_at": at,
        "notice_until": at + timedelta(days=21),
    }
    return CouncilItem.objects.create(
        council=council,
        title=title,
        origin=origin,
        decision=decision,
        **{**usual, **more},
    )


def gone_round(
    grown: Grown,
    item: CouncilItem,
    meeting: Meeting | None = None,
    *,
    positions: Sequence[str] = ("agree",),
    answers: Sequence[str] = (),
    decisions: dict[Any, Decision] | None = None,
) -> CouncilItem:
    """Have the units debate an item, give mandates, speak in the council and answer.

    `positions` and `answers` are given unit by unit, the last position to all that are left; who
    has no answer is silent. `decisions` are a unit's own, where it has made one before.
    """
    at = item.carried_at + timedelta(days=5)
    debates, mandates, spoken, ratified = [], [], [], []
    for place, unit in enumerate(grown.units[item.council.assembly_id]):
        position = positions[min(place, len(positions) - 1)]
        decision = (decisions or {}).get(unit.pk) or grown.decide(
            unit, f"What we say on {item.title.lower()}"
        )
        debates.append(Debate(item=item, unit=unit, debated_at=at))
        mandate = Mandate(
            council=item.council,
            unit=unit,
            item=item,
            position=position,
            text="We said so together.",
            decision=decision,
            given_at=at,
        )
        mandates.append(mandate)
        spoken.append(position_by(grown, mandate, meeting, at + timedelta(days=1)))
        if place < len(answers):
            ratified.append(answer_by(grown, unit, item, answers[place], at + timedelta(days=9)))
    Debate.objects.bulk_create(debates)
    Mandate.objects.bulk_create(mandates)
    UnitPosition.objects.bulk_create(spoken)
    Ratification.objects.bulk_create(ratified)
    return item


def position_by(
    grown: Grown, mandate: Mandate, meeting: Meeting | None, at: datetime
) -> UnitPosition:
    """Return the position that a unit takes in the council by its mandate, not yet saved."""
    who = [one.name for one in grown.people[mandate.unit.pk][:2]]
    return UnitPosition(
        item=mandate.item,
        meeting=meeting,
        unit=mandate.unit,
        question="test",
        round=1,
        version=1,
        position=mandate.position,
        entered=[["", name, mandate.position] for name in who],
        mandate=mandate,
        at=at,
    )


def answer_by(
    grown: Grown, unit: Assembly, item: CouncilItem, answer: str, at: datetime
) -> Ratification:
    """Return the answer of a unit to the text of an item, not yet saved."""
    return Ratification(
        item=item,
        version=1,
        unit=unit,
        answer=answer,
        members=len(grown.people[unit.pk]),
        decision=grown.decide(unit, f"Our answer on {item.title.lower()}"),
        at=at,
    )


def agreed(grown: Grown, item: CouncilItem, phase: str = "in_force") -> Decision:
    """Have the council agree on an item, by a decision of its own in numbers of units."""
    units = len(grown.units[item.council.assembly_id])
    outcome = grown.decide(
        item.council.assembly,
        item.title,
        text=item.text,
        numbers={"present": units, "positions": {"agree": units}},
    )
    item.outcome, item.phase, item.agreed_at = outcome, phase, timezone.now()
    item.save()
    return outcome


def risen(grown: Grown, title: str = "One rent for the whole river") -> list[CouncilItem]:
    """Have a decision of the first base rise to the highest council; return its items upward.

    Every council on the way agrees, and what it decided is what its mandate above rests on.
    """
    items: list[CouncilItem] = []
    body, decision = grown.base, grown.decide(grown.base, title)
    decisions: dict[Any, Decision] = {}
    while any(body in units for units in grown.units.values()):
        council = grown.council_of(body)
        item = carried(grown, council, body, title, decision=decision)
        gone_round(grown, item, decisions=decisions, answers=["accept"] * 2)
        body, decision = council.assembly, agreed(grown, item)
        decisions = {body.pk: decision}
        items.append(item)
    return items
