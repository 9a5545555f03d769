"""How assemblies, meetings and seats come to be, outside of a sitting."""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from assemblies.door.book import record_body
from assemblies.door.house import house
from assemblies.door.journal import record
from assemblies.door.kinds import Always, Silent, card, rows
from assemblies.models import (
    AgendaItem,
    Agreements,
    Assembly,
    Entry,
    Journal,
    Meeting,
    Membership,
    Participant,
    Person,
    PersonalLink,
    Role,
)
from assemblies.rules import Line
from assemblies.rules.keys import new_secret
from assemblies.services.describing import as_member
from assemblies.sheets import Agenda, Roll
from assemblies.words import sentences


def log(assembly: Assembly, what: str, actor: Person | None, /, **facts: Any) -> Entry:
    """Write an entry into an assembly's own journal."""
    with record_body(assembly, by=actor) as book:
        return book.note(what, **facts)


def found_assembly(
    organiser: Person,
    *,
    name: str,
    preset: str = "full_consensus",
    admission: str = "open",
    quorum: Any = "none",
    roll: int | None = None,
    kind: str = "neighbourhood",
    agreements: str = "",
    optional_signals: Sequence[str] = (),
    time_zone: str = "UTC",
) -> Assembly:
    """Start an assembly; who starts it is its first organiser and member."""
    with transaction.atomic():
        assembly = Assembly.objects.create(
            journal=Journal.objects.create(),
            name=name,
            kind=kind,
            preset=preset,
            rule={**house().ways[preset].rule, "quorum": quorum},
            admission=admission,
            roll=roll,
            optional_signals=list(optional_signals),
            time_zone=time_zone,
        )
        if agreements:
            Agreements.objects.create(assembly=assembly, text=agreements)
        Membership.objects.create(assembly=assembly, person=organiser, organiser=True)
        log(assembly, FOUNDED, organiser, name=name, preset=preset, quorum=quorum)
    return assembly


def new_meeting(
    assembly: Assembly,
    *,
    title: str,
    starts_at: datetime,
    lines: Sequence[Line] = (),
    organiser: Person | None = None,
    now: datetime | None = None,
    **more: Any,
) -> Meeting:
    """Prepare a meeting. Its organiser is present and facilitates until doors open."""
    with transaction.atomic():
        meeting = Meeting.objects.create(
            assembly=assembly,
            journal=Journal.objects.create(),
            title=title,
            starts_at=starts_at,
            **more,
        )
        with record(meeting, now=now) as page:
            agenda, roll = page.sheet(Agenda), page.sheet(Roll)
            for place, line in enumerate(lines, start=1):
                item = AgendaItem(
                    id=uuid.uuid4(),
                    meeting=meeting,
                    key=str(place),
                    position=place,
                    title=line.title,
                    kind=line.kind,
                    minutes=line.minutes,
                )
                agenda.items.append(item)
                page.put(item)
            if organiser is not None:
                seat = seat_of(meeting, organiser, organiser.name, "member")
                as_member(seat, belonging_of(meeting, organiser))
                if (coming := house().arrival_of(meeting, organiser)) is not None:
                    seat.kind, seat.voice = coming.kind, coming.voice
                seat.present, seat.arrived_at = True, page.now
                roll.add(page, seat)
                roll.give(page, seat, "facilitator")
            if lines or organiser:
                page.note(PREPARED, items=[line.title for line in lines])
    return meeting


def seat_of(
    meeting: Meeting, person: Person, name: str, kind: str, agreed_to: int | None = None
) -> Participant:
    """Return a new seat in a meeting."""
    return Participant(
        id=uuid.uuid4(),
        meeting=meeting,
        person=person,
        name=name,
        kind=kind,
        agreed_to=agreed_to,
        created_at=timezone.now(),
    )


def belonging_of(meeting: Meeting, person: Person) -> Membership | None:
    """Return how somebody belongs to the assembly of a meeting."""
    return Membership.objects.filter(assembly=meeting.assembly, person=person, left_at=None).first()


def take_seat(
    meeting: Meeting,
    person: Person,
    name: str,
    agreed_to: int | None,
    *,
    now: datetime | None = None,
) -> Participant:
    """Join a meeting: a new seat, or the one this person has. Idempotent."""
    with record(meeting, now=now) as page:
        roll = page.sheet(Roll)
        seat = next((one for one in roll.people.values() if one.person_id == person.pk), None)
        new = seat is None
        if seat is None:
            member = belonging_of(meeting, person)
            counts = meeting.assembly.admission == "open" or (member is not None and member.counts)
            seat = seat_of(meeting, person, name, "member" if counts else "guest", agreed_to)
            as_member(seat, member)
            if (coming := house().arrival_of(meeting, person)) is not None:
                seat.kind, seat.voice = coming.kind, coming.voice
            roll.add(page, seat)
        doors = page.meeting.phase not in ("planned", "ended")
        comes = doors and not seat.present and seat.merged_into_id is None
        if comes:
            seat.present, seat.arrived_at = True, page.now
            page.put(seat)
            roll.changed()
        if new or comes:
            page.note(
                JOINED, who=seat.key, kind=seat.kind, agreements=agreed_to, present=seat.present
            )
    return seat


def forget_assembly(assembly: Assembly) -> None:
    """Delete an assembly with everything in it (practice meetings, rehearsals).

    People go along who are in no other one and never came themselves: they were made for it.
    """
    with transaction.atomic():
        journals = [assembly.journal_id, *assembly.meetings.values_list("journal_id", flat=True)]
        made = list(made_for(assembly).values_list("pk", flat=True))
        assembly.delete()
        Journal.objects.filter(pk__in=journals).delete()
        Person.objects.filter(pk__in=made).delete()
        for clear in house().all("forgotten"):
            clear()


def made_for(assembly: Assembly) -> QuerySet[Person]:
    """Return who is in this assembly alone, has no sign-in name and never came themselves."""
    belongs = Membership.objects.filter(person=OuterRef("pk"))
    sits = Participant.objects.filter(person=OuterRef("pk"))
    return Person.objects.filter(
        Exists(belongs.filter(assembly=assembly)) | Exists(sits.filter(meeting__assembly=assembly)),
        ~Exists(belongs.exclude(assembly=assembly)),
        ~Exists(sits.exclude(meeting__assembly=assembly)),
        handle=None,
        last_login=None,
    )


# --- personal links ------------------------------------------------------------------------------


def digest_of(secret: str) -> str:
    """Return the digest under which a secret is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_link(
    purpose: str,
    *,
    person: Person | None = None,
    meeting: Meeting | None = None,
    hours: float = 72,
    uses: int = 1,
) -> str:
    """Return the secret of a new personal link; only its digest is kept."""
    secret = new_secret()
    PersonalLink.objects.create(
        digest=digest_of(secret),
        purpose=purpose,
        person=person,
        meeting=meeting,
        uses_left=uses,
        expires_at=timezone.now() + timedelta(hours=hours),
    )
    return secret


def find_link(secret: str) -> PersonalLink | None:
    """Return a link that can still be used."""
    return (
        PersonalLink.objects.filter(
            digest=digest_of(secret), uses_left__gt=0, expires_at__gt=timezone.now()
        )
        .select_related("person", "meeting")
        .first()
    )


def use_link(secret: str) -> PersonalLink | None:
    """Use a link once; of two that try at the same time one gets it."""
    with transaction.atomic():
        link = find_link(secret)
        if link is None:
            return None
        left = PersonalLink.objects.filter(pk=link.pk, uses_left=link.uses_left)
        return link if left.update(uses_left=link.uses_left - 1) else None


def zone_here() -> str:
    """Return the time zone of this machine, where it says so."""
    if settings.TIME_ZONE != "UTC":
        return str(settings.TIME_ZONE)
    _path, _dot, name = str(Path("/etc/localtime").resolve()).rpartition("zoneinfo/")
    return "UTC" if name == "Etc/UTC" or name not in available_timezones() else name


# --- the cards of the entries written here ---

PREPARED = card(
    "assemblies.meeting_prepared",
    "meeting",
    "agenda",
    "roll",
    minutes=Silent("The minutes begin with the meeting's title and times."),
    log=sentences.a_meeting_was_prepared,
    writes=(
        rows(Participant),
        rows(Role),
        rows(AgendaItem),
    ),
)
JOINED = card(
    "assemblies.seat_taken",
    "roll",
    minutes=Silent("Nobody is in the room by taking a place; coming in is told in numbers."),
    log=sentences.seats_taken,
    writes=(rows(Participant, key="who"),),
)
FOUNDED = card(
    "assemblies.assembly_founded", minutes=Always(gettext_lazy("The assembly was founded."))
)
