"""For each act of this app: what happens before (by whom, what), then the act itself.

Two stages: "above" has the room's assembly belong to a council that meets at the same time, with
Cem as its delegate; "here" makes the room's assembly itself a council, Ana and Ben being sent.
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from assemblies.door.journal import record
from assemblies.door.shelf import looking, shelf
from assemblies.models import Assembly, Journal, Person
from assemblies.services.founding import found_assembly
from federation.models import (
    Affiliation,
    Application,
    Council,
    CouncilItem,
    Debate,
    Federation,
    Seat,
    SeatTerm,
)
from federation.sheets.councils import COUNCIL_CHANGED
from proposals.models import Decision, Proposal, ProposalVersion, digest_of_text
from tests.rooms import Room

Steps = list[tuple[Any, ...]]
ABOVE = ("council", "above", {})
HERE = ("council", "here", {})
D1 = {"decision": "d1"}
OPENED = [ABOVE, ("ben", "open_recall", {"seat": 1, "reason": "Said what we did not say."})]
HEARD = [*OPENED, ("fay", "hear_delegate", {})]

STORIES: dict[str, tuple[Steps, tuple[Any, ...]]] = {
    "found_council": (
        [ABOVE],
        ("fay", "found_council", {"name": "River council", "seats": 2, **D1}),
    ),
    "join_council": ([ABOVE], ("fay", "join_council", {"council": "other", **D1})),
    "withdraw_application": (
        [
            ABOVE,
            ("council", "other admits", {}),
            ("fay", "join_council", {"council": "other", **D1}),
        ],
        ("fay", "withdraw_application", {"council": "other", **D1}),
    ),
    "admit_unit": (
        [HERE, ("council", "units accept", {}), ("council", "one applies", {})],
        ("fay", "admit_unit", {"unit": "apply", "item": "i1"}),
    ),
    "leave_council": ([ABOVE], ("fay", "leave_council", {"council": "above", **D1})),
    "move_to_council": (
        [ABOVE],
        ("fay", "move_to_council", {"council": "above", "to_council": "other", **D1}),
    ),
    "choose_delegate": (
        [ABOVE],
        ("fay", "choose_delegate", {"council": "above", "who": "ana", **D1}),
    ),
    "draw_delegate": (
        [ABOVE],
        ("fay", "draw_delegate", {"council": "above", "among": "ana"}),
    ),
    "step_down": ([ABOVE], ("cem", "step_down", {"council": "above"})),
    "step_in": ([HERE, ("council", "seat falls vacant", {})], ("cem", "step_in", {})),
    "give_mandate": (
        [ABOVE],
        ("fay", "give_mandate", {"item": "i1", "position": "disagree", **D1}),
    ),
    "end_mandate": (
        [ABOVE, ("fay", "give_mandate", {"item": "i1", "position": "disagree", **D1})],
        ("fay", "end_mandate", {"item": "i1", **D1}),
    ),
    "open_recall": (
        [ABOVE],
        ("ben", "open_recall", {"council": "above", "seat": 1, "reason": "Said other things."}),
    ),
    "hear_delegate": (OPENED, ("fay", "hear_delegate", {})),
    "answer_recall": (HEARD, ("ana", "answer_recall", {"answer": "for"})),
    "change_council": (
        [HERE, ("council", "units accept", {})],
        ("fay", "change_council", {"item": "i1", "words": {"units": "block clubs"}}),
    ),
    "admit_person": (
        [HERE, ("council", "units accept", {})],
        ("fay", "admit_person", {"item": "i1", "who": "cem"}),
    ),
    "withdraw_from_council": (
        [
            HERE,
            ("council", "units accept", {}),
            ("fay", "admit_person", {"item": "i1", "who": "cem"}),
        ],
        ("cem", "withdraw_from_council", {}),
    ),
    "recall_delegate": (
        [*HEARD, ("ana", "answer_recall", {"answer": "for"}), ("wait", 4 * 86400, {})],
        ("fay", "recall_delegate", {}),
    ),
}


def set_up(room: Room, what: str) -> None:
    """Set a stage for a story."""
    if what == "above":
        belongs_above(room)
    elif what == "here":
        is_a_council(room)
    elif what == "other admits":
        Council.objects.filter(assembly__key="other").update(
            rule={"admission": "by_council"}, formed_at=timezone.now()
        )
    elif what == "one applies":
        council = Council.objects.get(assembly=room.assembly)
        council.rule = {**council.rule, "admission": "by_council"}
        council.save()
        unit = found_assembly(room.people["fay"].person, name="New street")
        unit.key = "apply"
        unit.save(update_fields=["key"])
        Application.objects.create(
            council=council,
            unit=unit,
            kind="member",
            applied_at=timezone.now(),
        )
        touch(room)
    elif what == "units accept":
        CouncilItem.objects.update(phase="in_force")
        touch(room)
    else:
        SeatTerm.objects.filter(standing="delegate", person=room.people["ben"].person).update(
            ended_at=timezone.now(), end="stepped_down"
        )
        touch(room)


def touch(room: Room) -> None:
    """Have the meeting look again."""
    with record(room.meeting, now=room.clock) as page:
        page.note(COUNCIL_CHANGED)
        page.meeting.assembly = Assembly.objects.get(pk=room.assembly.pk)
        page.sheets.clear()
    shelf.clear()
    looking.clear()


def new_council(name: str, federation: Federation, key: str, **rule: Any) -> Council:
    """Write a council that is there, with nobody in it."""
    body = Assembly.objects.create(
        key=key, journal=Journal.objects.create(), name=name, kind="council", roll=0
    )
    return Council.objects.create(
        assembly=body,
        federation=federation,
        preset="two_delegate_confederation",
        rule={"parity": "none", **rule},
        formed_at=timezone.now(),
    )


def belongs_above(room: Room) -> Council:
    """Have the room's assembly belong to a council, with a delegate, an item and a decision."""
    now = room.clock or timezone.now()
    federation = Federation.objects.create(name="River")
    council = new_council("City council", federation, "above")
    new_council("Land council", federation, "other")
    neighbour = found_assembly(Person.objects.create_user(name="Nora"), name="Mill Lane")
    decide(room.assembly, "d1", now)
    for unit in (room.assembly, neighbour):
        Affiliation.objects.create(council=council, unit=unit, joined_at=now)
        for place in (1, 2):
            Seat.objects.create(council=council, unit=unit, ordinal=place)
    seat = Seat.objects.get(council=council, unit=room.assembly, ordinal=1)
    sent(seat, room.people["cem"].person if "cem" in room.people else neighbour_of(room), now)
    carried(council, neighbour, now)
    touch(room)
    return council


def neighbour_of(room: Room) -> Person:
    """Return somebody who is not in the room."""
    return Person.objects.create_user(name="Dana")


def decide(assembly: Assembly, key: str, now: Any) -> Decision:
    """Write a decision of an assembly."""
    return Decision.objects.create(
        assembly=assembly,
        key=key,
        number=1,
        title="We go together",
        text="We go together with the others.",
        how="consensus",
        decided_at=now,
    )


def sent(seat: Seat, person: Person, now: Any, standing: str = "delegate") -> SeatTerm:
    """Seat somebody."""
    return SeatTerm.objects.create(
        seat=seat, person=person, standing=standing, since=now, until=now + timedelta(days=90)
    )


def carried(council: Council, origin: Assembly, now: Any) -> CouncilItem:
    """Write an item that a unit carried up and all have talked about."""
    text = "Every assembly pays 2 % of dues."
    proposal = Proposal.objects.create(
        assembly=council.assembly, key="i1", by=origin.key, title="A fund", phase="submitted"
    )
    ProposalVersion.objects.create(
        proposal=proposal, n=1, text=text, digest=digest_of_text(text), at=now
    )
    return CouncilItem.objects.create(
        council=council,
        key="i1",
        kind="enact",
        title="A fund",
        text=text,
        proposal=proposal,
        origin=origin,
        carried_at=now,
        notice_until=now + timedelta(days=21),
    )


def is_a_council(room: Room) -> Council:
    """Make the room's assembly a council of two units, which Ana and Ben speak for."""
    now = room.clock or timezone.now()
    body = room.assembly
    body.kind, body.roll, body.admission = "council", 2, "counted_in"
    body.preset = "open_decisions_two_thirds"
    body.rule = {**body.rule, "quorum": "none", "by_unit": True}
    body.save()
    council = Council.objects.create(
        assembly=body,
        federation=Federation.objects.create(name="River"),
        preset="portland_confederation",
        rule={"mandate_required": []},
        formed_at=now,
    )
    for place, name in enumerate(("ana", "ben")):
        unit = found_assembly(
            Person.objects.create_user(name="Nora"), name=("Mill Lane", "Old Town")[place]
        )
        Affiliation.objects.create(council=council, unit=unit, joined_at=now)
        seat = Seat.objects.create(council=council, unit=unit, ordinal=1)
        sent(seat, room.people[name].person, now)
        if name == "ben":
            sent(seat, room.people["cem"].person, now, "alternate")
        with record(room.meeting, now=room.clock) as page:
            who = room.people[name]
            who.refresh_from_db()
            who.kind, who.voice = "delegate", unit.key
            page.put(who)
            page.note(COUNCIL_CHANGED)
        item = CouncilItem.objects.filter(council=council).first() or carried(council, unit, now)
        Debate.objects.create(item=item, unit=unit, debated_at=now)
    with record(room.meeting, now=room.clock) as page:
        others = room.people["cem"]
        others.refresh_from_db()
        others.kind = "observer"
        page.put(others)
        page.meeting.rule = {**body.rule}
        page.put(page.meeting)
        page.note(COUNCIL_CHANGED)
    touch(room)
    return council
