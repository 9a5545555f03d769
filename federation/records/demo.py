"""The council of the demo: two neighbours more, delegates, a mandate, and a meeting yesterday."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from assemblies.models import Assembly, Meeting, Membership, Person
from assemblies.records.demo import Said, play
from assemblies.rules import Line
from assemblies.services.founding import found_assembly, new_meeting, take_seat
from federation.models import Council, Seat
from federation.rules import read_council_rule
from federation.services import carrying, founding, joining, mandates
from federation.services.base import Base
from federation.services.sitting import lasts, sit
from federation.sheets.seen import Seen
from proposals.models import Decision
from proposals.records.scripts import decided_before

NEIGHBOURS = {
    "Mill Lane Tenants": ("Nora", "Otto", "Pilar", "Quentin", "Ruta"),
    "Harbour Houses": ("Silvia", "Tom", "Urs", "Vida", "Walid"),
}
FUND = "Every house pays 2 % of its dues into a fund. Who is sued for staying is paid from it."
SENT = (("Ana", "Cem"), ("Nora", "Otto"), ("Silvia", "Tom"))
YESTERDAY: tuple[Said, ...] = (
    ("Rosa", "give_role", {"role": "facilitator", "who": "Nora"}),
    ("Nora", "start_meeting", {}),
    ("Nora", "bring_proposal", {"proposal": "fund"}),
    ("Nora", "take_up_item", {"item": "fund"}),
    ("Nora", "present_proposal", {"proposal": "fund"}),
    ("Nora", "set_phase", {"phase": "discussion"}),
    ("Nora", "open_test", {}),
    *((name, "take_position", {"position": "agree"}) for name in ("Ana", "Cem", "Nora", "Otto")),
    ("Silvia", "take_position", {"position": "stand_aside"}),
    ("Tom", "take_position", {"position": "stand_aside"}),
    ("Nora", "close_test", {}),
    ("Nora", "adopt", {}),
    ("Nora", "end_meeting", {}),
)


def with_a_council(body: Assembly) -> None:
    """Have the demo's assembly belong to a council that met yesterday and asks all houses now."""
    began = timezone.now() - timedelta(days=1)
    houses = [body, *(neighbour(name, people) for name, people in NEIGHBOURS.items())]
    first = base(body, "Go together with the houses around", began - timedelta(days=40))
    council = founding.create_council(
        first, name="Council of the houses", preset="two_delegate_confederation", key="houses"
    )
    for house in houses[1:]:
        joining.join(base(house, "Join the council of the houses", first.now), council)
    for house, names in zip(houses, SENT, strict=True):
        send(house, council, names)
    asked = base(houses[1], "A fund against evictions", began - timedelta(days=25), FUND)
    seen = Seen(council, unit=None, meeting=Meeting(assembly=council.assembly))
    item = carrying.carry(
        asked,
        council,
        seen.rule,
        key="fund",
        title="A fund against evictions",
        text=FUND,
        kind="enact",
        class_of_item="ordinary",
    )
    for house, position in zip(houses, ("agree", "agree", "stand_aside"), strict=True):
        told = base(house, "Mandate: the fund", began - timedelta(days=5), FUND)
        mandates.instruct(
            told, seen, item, kind="imperative", position=position, text="If it stays at 2 %."
        )
        mandates.count_as_debated(told, item)
    sat(council, began)


def neighbour(name: str, people: tuple[str, ...]) -> Assembly:
    """Found a house next door."""
    first, *others = [Person.objects.create_user(name=one) for one in people]
    house = found_assembly(first, name=name, kind="building", roll=len(people) * 4)
    Membership.objects.bulk_create(Membership(assembly=house, person=one) for one in others)
    return house


def base(house: Assembly, title: str, now: Any, text: str = "") -> Base:
    """Return a house that acts by a decision it made."""
    roll = house.roll or 0
    here = roll * 2 // 3
    made: Decision = decided_before(
        house,
        title=title,
        text=text or f"{title}.",
        at=now,
        numbers={
            "present": here,
            "quorum": roll // 2,
            "positions": {"agree": here - 2, "reservations": 1, "stand_aside": 1},
        },
    )
    person = Membership.objects.filter(assembly=house, organiser=True).first()
    return Base(house, person.person if person is not None else None, now, made)


def send(house: Assembly, council: Council, names: tuple[str, ...]) -> None:
    """Send two delegates."""
    made = base(house, f"Send {' and '.join(names)}", timezone.now() - timedelta(days=30))
    for ordinal, name in enumerate(names, start=1):
        member = Membership.objects.get(assembly=house, person__name=name)
        seat = Seat.objects.get(council=council, unit=house, ordinal=ordinal)
        sit(
            seat,
            member.person,
            council=council,
            now=made.now,
            **lasts(read_council_rule(council.rule), made.now),
            decision=made.decision,
        )


def sat(council: Council, began: Any) -> Meeting:
    """Hold a meeting of the council up to its end."""
    meeting = new_meeting(
        council.assembly,
        title="Monthly meeting",
        place="Mill Lane 3, wash house",
        starts_at=began,
        now=began,
        lines=[Line("What we bring", 10, "opening")],
        organiser=Person.objects.filter(name="Rosa", memberships__assembly=council.assembly).get(),
    )
    play(meeting, [("Rosa", "open_doors", {})], now=began)
    for names in SENT:
        for name in names:
            person = Person.objects.get(name=name, memberships__assembly=council.assembly)
            take_seat(meeting, person, name, None, now=began)
    for seconds, said in enumerate(YESTERDAY):
        play(meeting, [said], now=began + timedelta(seconds=40 * (seconds + 1)))
    return meeting
