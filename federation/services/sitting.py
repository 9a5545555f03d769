"""A term in a seat begins or ends: in the rows, and in the meetings under way."""

import uuid
from datetime import datetime, timedelta
from typing import TypedDict

from assemblies.door.journal import record
from assemblies.door.page import Page
from assemblies.door.shapes import Arrival, follows
from assemblies.models import Assembly, Meeting, Membership, Participant, Person
from assemblies.rules.keys import new_key
from assemblies.services.people import recount
from assemblies.services.phases import DOORS_OPENED, ENDED
from assemblies.sheets import Roll
from federation.models import Affiliation, Council, Recall, RecallAnswer, Seat, SeatTerm
from federation.rules import CouncilRule, read_council_rule
from federation.services.base import Base, notify
from federation.sheets.councils import (
    DELEGATES_CHANGED,
    TERM_ENDED,
    Councils,
    forget,
    meetings_of,
    participant_of,
)
from federation.sheets.seen import Seen, voice_of
from proposals.models import Decision


def sit(
    seat: Seat,
    person: Person,
    *,
    council: Council,
    now: datetime,
    until: datetime | None,
    meetings: int | None = None,
    standing: str = "delegate",
    decision: Decision | None = None,
    comes_from: Assembly | None = None,
    lot: dict[str, object] | None = None,
    key: str = "",
) -> SeatTerm:
    """Give somebody a seat, or the place of its alternate, and let them in where it meets."""
    term = SeatTerm.objects.create(
        seat=seat,
        person=person,
        standing=standing,
        comes_from=comes_from,
        since=now,
        until=until,
        meetings=meetings,
        decision=decision,
        lot=lot or {},
    )
    if standing == "delegate":
        belong(council, person)
    for meeting in meetings_of(council.assembly):
        with record(meeting, now=now) as page:
            forget(page)
            own = page.sheet(Councils).own
            if own is not None and standing == "delegate" and page.meeting.phase != "planned":
                admit(page, term, own.voice(term), key=key)
                recount(page)
            elif own is not None and page.meeting.phase != "planned":
                expect(page, term, key=key)
            page.note(DELEGATES_CHANGED, unit=seat.unit.key, seat=seat.ordinal, as_=standing)
            forget(page)
    return term


def belong(council: Council, person: Person) -> None:
    """Have a delegate belong to the council; those who meet prepare their meetings themselves."""
    Membership.objects.update_or_create(
        assembly=council.assembly,
        person=person,
        defaults={"left_at": None, "counts": True, "organiser": True},
    )


def admit(page: Page, term: SeatTerm, voice: str, *, key: str = "") -> Participant:
    """Have a delegate on the roll of a meeting: who is here counts from now on for their unit."""
    who = expect(page, term, key=key)
    who.kind, who.voice = "delegate", voice
    page.put(who)
    page.concern(who)
    return who


def expect(page: Page, term: SeatTerm, *, key: str = "") -> Participant:
    """Have who was chosen on the roll of a meeting, for the greeter to find by name."""
    roll = page.sheet(Roll)
    who = participant_of(page, term.person_id)
    if who is None:
        who = Participant(
            id=uuid.uuid4(),
            meeting=page.meeting,
            person=term.person,
            key=key if key and key not in roll.people else new_key(),
            name=term.person.name,
            # Where there is no phone the stack taker and the greeter enter things.
            phone=term.person.last_login is not None or page.meeting.assembly.practice,
            kind="observer",
            created_at=page.now,
        )
        roll.add(page, who)
    return who


def rise(
    term: SeatTerm, *, council: Council, now: datetime, end: str, tell: str = DELEGATES_CHANGED
) -> None:
    """End somebody's time in a seat: their rights in the council end at this instant, everywhere.

    Hand, turn, roles and open answers go; they keep a place as observer (DOMAIN.md 5.5).
    """
    close_term(term, council=council, now=now, end=end)
    for meeting in meetings_of(council.assembly):
        with record(meeting, now=now) as page:
            dismiss(page, term, end=end, tell=tell)


def close_term(term: SeatTerm, *, council: Council, now: datetime, end: str) -> None:
    """Write that somebody's time in a seat is over."""
    term.ended_at, term.end = now, end
    term.save(update_fields=["ended_at", "end"])
    # There is nothing left to recall; what was said of it is forgotten.
    moot = Recall.objects.filter(term=term, closed_at=None)
    RecallAnswer.objects.filter(recall__in=moot).delete()
    moot.update(closed_at=now)
    if term.standing == "delegate":
        # Who founded it goes on preparing its meetings, and counts for nobody.
        Membership.objects.filter(
            assembly=council.assembly, person=term.person_id, counts=True
        ).update(left_at=now)


def dismiss(page: Page, term: SeatTerm, *, end: str, tell: str) -> None:
    """Have a meeting go on without somebody as delegate."""
    who = participant_of(page, term.person_id) if term.standing == "delegate" else None
    if who is not None and who.kind == "delegate":
        for sheet in page.every_sheet():
            sheet.person_left(page, who)
        who.kind, who.voice = "observer", ""
        page.put(who)
        page.concern(who)
        recount(page)
    page.note(
        tell,
        unit=term.seat.unit.key,
        seat=term.seat.ordinal,
        who=who.key if who is not None else None,
        recalled=end == "recalled",
    )
    forget(page)


def end_terms_of(base: Base, council: Council) -> None:
    """End all terms of a unit that leaves."""
    going = SeatTerm.objects.filter(seat__council=council, seat__unit=base.assembly, ended_at=None)
    for term in going.select_related("seat__unit", "person"):
        rise(term, council=council, now=base.now, end="unit_left")


class Length(TypedDict):
    """How long a term is: until a day, or for so many meetings."""

    until: datetime | None
    meetings: int | None


def lasts(rule: CouncilRule, since: datetime) -> Length:
    """Return how long somebody is sent for by the rule of a council."""
    if rule.term_meetings is not None:
        return {"until": None, "meetings": rule.term_meetings}
    return {"until": since + timedelta(days=rule.term_days), "meetings": None}


def term_over(page: Page, term: SeatTerm, at: datetime) -> None:
    """Settle the end of a term, dated when it was due."""
    own = page.sheet(Councils).own
    assert own is not None  # noqa: S101 - it was due on its sheet
    now, page.now = page.now, at
    close_term(term, council=own.council, now=at, end="term_ended")
    dismiss(page, term, end="term_ended", tell=TERM_ENDED)
    page.now = now
    notify(own.council, [term.seat.unit], "term_ended", now, name=term.person.name)


# --- how delegates come to a meeting ---


def as_delegate(meeting: Meeting, person: Person) -> Arrival | None:
    """Say as what somebody comes to the meeting of a council: by whom they were sent."""
    if meeting.assembly.kind != Assembly.Kind.COUNCIL:
        return None
    council = Council.objects.filter(assembly=meeting.assembly).first()
    if council is None:
        return None
    sitting = SeatTerm.objects.filter(
        seat__council=council, person=person, standing="delegate", ended_at=None
    )
    joined = Affiliation.objects.filter(council=council, left_at=None)
    if (term := sitting.select_related("seat").first()) is not None:
        unit = joined.filter(unit=term.seat.unit_id).select_related("unit").first()
        rule = read_council_rule(council.rule)
        return Arrival("delegate", voice_of(rule, unit, term.seat.ordinal))
    return Arrival("member" if joined.filter(person=person).exists() else "observer")


def without_the_past(page: Page, own: Seen) -> Seen:
    """End the terms whose meetings have been held, as of the end of the last of them.

    It is done when the next one opens its doors, so that a meeting can be reopened as it was.
    """
    over = [term for term in own.terms.values() if term.meetings and own.over(term, page.now)]
    for term in over:
        close_term(term, council=own.council, now=own.end_of(term) or page.now, end="term_ended")
        dismiss(page, term, end="term_ended", tell=TERM_ENDED)
        notify(own.council, [term.seat.unit], "term_ended", page.now, name=term.person.name)
    return (page.sheet(Councils).own or own) if over else own


@follows(ENDED)
def meetings_counted(page: Page, entry: object) -> None:
    """Look again at how many meetings of their terms delegates have had."""
    forget(page)


@follows(DOORS_OPENED)
def delegates_on_the_roll(page: Page, entry: object) -> None:
    """Have delegates and alternates on the roll when doors open, to be checked in by name."""
    own = page.sheet(Councils).own
    if own is None:
        return
    own = without_the_past(page, own)
    terms = [term for term in own.terms.values() if term.standing == "delegate"]
    sitting = {admit(page, term, own.voice(term)).key for term in terms}
    for who in list(page.sheet(Roll).people.values()):
        if who.kind == "delegate" and who.key not in sitting:
            # Sent when this meeting was prepared, and no more.
            who.kind, who.voice = "observer", ""
            page.put(who)
            page.concern(who)
    for term in own.terms.values():
        if term.standing == "alternate":
            expect(page, term)
    recount(page)
