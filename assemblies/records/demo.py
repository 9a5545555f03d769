"""The demo: an assembly with a meeting in full swing, to look around in.

It is made through the same door as every meeting, once; each start shows its signals anew, since
they fade. Its people are invented.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from assemblies.acts.declaring import Act, Answer
from assemblies.acts.perform import perform
from assemblies.door.house import house
from assemblies.door.journal import record
from assemblies.models import (
    Assembly,
    Installation,
    Meeting,
    Membership,
    Participant,
    Person,
    PersonalLink,
)
from assemblies.rules import Line
from assemblies.services.founding import found_assembly, new_link, new_meeting, take_seat, zone_here
from assemblies.sheets import Roll

# Who does it, what, with which arguments.
Said = tuple[str, str, dict[str, Any]]

KEY = "garden-street"
PEOPLE = (
    "Rosa", "Ana", "Ben", "Cem", "Dana", "Eli", "Fay", "Gus", "Hal", "Imani", "Jun", "Ken", "Lea",
    "Mo", "Nia", "Omar", "Pia", "Quinn", "Rafa", "Sam", "Tess", "Uma", "Vera", "Wim",
)  # fmt: skip
WITHOUT_PHONE = ("Hal", "Wim")
ROLES = {
    "Rosa": "facilitator",
    "Imani": "stack_taker",
    "Ken": "timekeeper",
    "Nia": "note_taker",
    "Gus": "greeter",
}
AGENDA = (
    Line("Welcome and agreements", 5, "opening"),
    Line("Rent increase of 1 May", 20, "discussion"),
    Line("Report from the roof group", 10, "report_back"),
    Line("Who cares for the courtyard", 15, "proposal"),
    Line("Delegate to the district council", 15, "election"),
    Line("How was this meeting?", 5, "evaluation"),
)
AGREEMENTS = (
    "One person speaks at a time, and is heard to the end.\n"
    "We speak for ourselves, and leave room for those who have not spoken.\n"
    "We disagree with what was said, not with who said it."
)
OPENING: tuple[Said, ...] = (
    ("Rosa", "start_meeting", {}),
    ("Rosa", "take_up_item", {"item": "1"}),
    ("Nia", "write_note", {"text": "The agreements were read out; nothing was added."}),
    ("Rosa", "finish_item", {"item": "1"}),
    ("Rosa", "take_up_item", {"item": "2"}),
    ("Nia", "write_note", {"text": "The landlord asks for 7 % more from 1 May."}),
    (
        "Ana",
        "put_forward",
        {
            "proposal": "refuse",
            "title": "Refuse the increase of 1 May",
            "text": "We refuse the increase of 1 May together. Nobody signs alone.",
            "needs": "Seven in ten of us cannot pay it.",
        },
    ),
    ("Rosa", "present_proposal", {"proposal": "refuse"}),
    ("Rosa", "set_phase", {"phase": "clarifying"}),
    ("Rosa", "set_phase", {"phase": "discussion"}),
    ("Lea", "raise_concern", {"text": "What if somebody is evicted?", "kind": "practical"}),
)
SHOWN = {
    "agree": ["Ana", "Cem", "Eli", "Gus", "Imani", "Jun", "Ken", "Mo", "Nia", "Pia", "Rafa", "Uma"],
    "disagree": ["Lea", "Quinn", "Vera"],
    "unsure": ["Omar"],
}
HANDS = ("Dana", "Sam", "Tess")
SETUP_HOURS, DEMO_HOURS, DEMO_USES = 72, 12, 50


def ensure() -> dict[str, Any]:
    """Make the demo where it is missing, wake it up, and return the links to show."""
    meeting = demo_meeting()
    wake(meeting)
    return {"setup": setup_link(), "demo": links(meeting)}


def demo_meeting() -> Meeting:
    """Return the demo's meeting, a new one if the last has ended."""
    body = Assembly.objects.filter(key=KEY).first() or found_tenants()
    meeting = body.meetings.exclude(phase="ended").order_by("-starts_at").first()
    return meeting or hold(body)


def found_tenants() -> Assembly:
    """Found the assembly of the demo, with its twenty-four members."""
    rosa, *others = [Person.objects.create_user(name=name) for name in PEOPLE]
    body = found_assembly(
        rosa,
        name="Garden Street Tenants",
        kind="building",
        preset="full_consensus",
        admission="counted_in",
        roll=len(PEOPLE),
        quorum={"share": "1/2"},
        agreements=AGREEMENTS,
        optional_signals=["unsure", "direct_response"],
        time_zone=zone_here(),
    )
    Membership.objects.bulk_create(Membership(assembly=body, person=one) for one in others)
    Assembly.objects.filter(pk=body.pk).update(key=KEY)
    body.refresh_from_db()
    for more in house().all("demo"):
        more(body)
    return body


def hold(body: Assembly) -> Meeting:
    """Hold a meeting up to the middle of its second item."""
    people = {
        row.person.name: row.person
        for row in Membership.objects.filter(assembly=body, left_at=None).select_related("person")
    }
    meeting = new_meeting(
        body,
        title="Monday meeting",
        place="Garden Street 12, courtyard room (step-free)",
        starts_at=timezone.now(),
        lines=AGENDA,
        organiser=people["Rosa"],
    )
    play(meeting, [("Rosa", "open_doors", {})])
    for name in PEOPLE[1:]:
        take_seat(meeting, people[name], name, 1)
    phones: list[Said] = [
        ("Rosa", "set_phone", {"who": name, "phone": False}) for name in WITHOUT_PHONE
    ]
    roles: list[Said] = [
        ("Rosa", "give_role", {"who": name, "role": role}) for name, role in ROLES.items()
    ]
    play(meeting, [*phones, *roles, *OPENING])
    return meeting


def wake(meeting: Meeting) -> None:
    """Have somebody speak, others wait, and many show what they think, as if just now."""
    meeting.refresh_from_db()
    if meeting.phase not in ("in_session", "closing"):
        return
    hands: list[Said] = [(name, "raise_hand", {}) for name in ("Ben", *HANDS)]
    signals: list[Said] = [
        (name, "show_signal", {"signal": signal})
        for signal, names in SHOWN.items()
        for name in names
    ]
    question = {"kind": "clarification", "note": "Is that with heating?"}
    called: list[Said] = [("Rosa", "call", {"who": "Ben"}), ("Fay", "raise_hand", question)]
    play(meeting, [*more_time(meeting), *hands, *called, *signals])


def more_time(meeting: Meeting) -> list[Said]:
    """Give the open item minutes again if they have run out since the demo was last looked at."""
    item = meeting.items.filter(state="open").first()
    if item is None or item.opened_at is None:
        return []
    left = item.minutes - (timezone.now() - item.opened_at).total_seconds() / 60
    if left > 5:
        return []
    minutes = min(600, 20 - int(left))
    return [("Rosa", "extend_item", {"item": item.key, "minutes": minutes})]


def play(meeting: Meeting, acts: Sequence[Said], *, now: datetime | None = None) -> list[Answer]:
    """Do a handful of acts, people by name; what visitors have changed may refuse some."""
    keys: dict[Any, str] = {}
    for name, key in meeting.participants.order_by("-created_at").values_list("name", "key"):
        keys[name] = key
    handful = [
        Act(
            what,
            {arg: keys.get(value, "") if arg == "who" else value for arg, value in args.items()},
            keys.get(name, ""),
        )
        for name, what, args in acts
    ]
    return perform(meeting, handful, now=now)


def key_of(meeting: Meeting, name: str) -> str:
    """Return the key of somebody of the demo; people who joined it since come after them."""
    seats = Participant.objects.filter(meeting=meeting, name=name).order_by("created_at")
    return seats.values_list("key", flat=True).first() or ""


# --- links ----------------------------------------------------------------------------------------


def setup_link() -> str | None:
    """Return a fresh set-up link, which voids older ones; None once somebody has set this up."""
    if Installation.here().set_up_at is not None:
        return None
    PersonalLink.objects.filter(purpose="setup").delete()
    return f"/setup/{new_link('setup', hours=SETUP_HOURS)}/"


def links(meeting: Meeting) -> dict[str, str]:
    """Return ready links into the demo, good for a while and for several browsers."""
    seats = {
        key: seat_link(meeting, name) for key, name in (("facilitator", "Rosa"), ("phone", "Ana"))
    }
    wall = new_link("screen", meeting=meeting, hours=DEMO_HOURS, uses=DEMO_USES)
    return {**seats, "wall": f"/w/{wall}/"}


def seat_link(meeting: Meeting, name: str) -> str:
    """Return a link to the seat of somebody of the demo."""
    with record(meeting) as page:
        seat = page.sheet(Roll).find(key_of(meeting, name))
    person = seat.person if seat else None
    secret = new_link("seat", person=person, meeting=meeting, hours=DEMO_HOURS, uses=DEMO_USES)
    return f"/s/{secret}/"
