"""People come, count, hold roles and leave."""

import uuid

from django.utils.translation import gettext as _

from assemblies import rules
from assemblies.acts import GATHERED, Flag, OneOf, Several, Text, Who, Whole, Words, act, said
from assemblies.errors import Refused
from assemblies.journal import Page
from assemblies.models import Entry, Participant, Role
from assemblies.registry import kind
from assemblies.reversal import any_of, reversible, same
from assemblies.sheets import Roll

CHECKED_IN = kind("assemblies.checked_in", "roll")
HEADS_COUNTED = kind("assemblies.heads_counted", "roll", "meeting")
COUNTED_IN = kind("assemblies.counted_in", "roll")
PHONE_SET = kind("assemblies.phone_set", "roll")
MERGED = kind("assemblies.seats_merged", "roll", "floor", "signals", "question")
LEFT = kind("assemblies.left", "roll", "floor", "signals", "question")
GUESTS_WELCOMED = kind("assemblies.guests_welcomed", "meeting")
ROLE_GIVEN = kind("assemblies.role_given", "roll")
ROLE_DROPPED = kind("assemblies.role_dropped", "roll")

KINDS = tuple(Participant.Kind.values)
ROLES = tuple(Role.Code.values)


@act(
    "check_in",
    absent=True,
    phases=GATHERED,
    entered="anyone",
    who=Several(None),
    name=Text(""),
    kind=OneOf("", words=KINDS),
    groups=Words(None),
    phone=Flag(None),
    heads=Whole(None, least=0, most=100_000),
)
def check_in(
    page: Page,
    *,
    by: Participant,
    who: list[Participant] | None,
    name: str,
    kind: str,
    groups: list[str] | None,
    phone: bool | None,
    heads: int | None,
) -> None:
    """Be here: oneself, or others by the greeter; somebody new by name, a crowd by heads."""
    roll = page.sheet(Roll)
    alone = not name and heads is None and (who is None or who == [by])
    if not alone or page.on_behalf_of is not None:
        greets(page)
    if heads is not None:
        page.note(HEADS_COUNTED, heads=heads, was=page.meeting.heads)
        page.meeting.heads = heads
        page.put(page.meeting)
        return
    if name:
        who = [newcomer(page, said(name, 80), kind, bool(phone))]
    greeter = page.actor is not None and page.actor.present and roll.may(page.actor, "greeter")
    for person in who or [by]:
        counts_in = kind in ("member", "delegate") and kind not in (person.kind, arrives_as(page))
        if counts_in and not greeter:
            raise Refused("not_your_role", _("The greeter counts people in."))
        arrive(page, person, kind=kind, groups=groups, phone=phone)


def greets(page: Page) -> None:
    """Refuse who may not check in others."""
    assert page.actor is not None  # noqa: S101 - an act has an actor
    if not page.actor.present:
        raise Refused("not_here", _("You are not checked in to this meeting."))
    if not page.sheet(Roll).may(page.actor, "greeter"):
        raise Refused("not_your_role", _("The greeter checks in others."))


def newcomer(page: Page, name: str, kind: str, phone: bool) -> Participant:
    """Put somebody on the roll who has no seat yet; without a phone unless said otherwise."""
    person = Participant(
        id=uuid.uuid4(),
        meeting=page.meeting,
        name=name,
        kind=kind or arrives_as(page),
        phone=phone,
        created_at=page.now,
    )
    page.sheet(Roll).add(page, person)
    return person


def arrives_as(page: Page) -> str:
    """Return what a newcomer is: a member where whoever comes counts, a guest elsewhere."""
    return "member" if page.meeting.assembly.admission == "open" else "guest"


def arrive(
    page: Page,
    person: Participant,
    *,
    kind: str = "",
    groups: list[str] | None = None,
    phone: bool | None = None,
) -> None:
    """Mark somebody as present; being here twice changes nothing."""
    new = (
        not person.present,
        bool(kind) and kind != person.kind,
        groups is not None and groups != person.groups,
        phone is not None and phone != person.phone,
    )
    if not any(new):
        return
    person.kind = kind or person.kind
    person.groups = person.groups if groups is None else groups
    person.phone = person.phone if phone is None else phone
    if not person.present:
        person.present, person.arrived_at = True, page.now
    page.put(person)
    page.sheet(Roll).changed()
    page.concern(person)
    page.note(CHECKED_IN, who=person.key, kind=person.kind, phone=person.phone)


@act("count_in", roles=["greeter"], who=Several(None))
def count_in(page: Page, *, by: Participant, who: list[Participant] | None) -> None:
    """Make guests members who count from now on."""
    who = who or [by]
    absent = [person for person in who if not person.present]
    if absent:
        raise Refused("not_here", _("%(name)s is not here.") % {"name": absent[0].name})
    for person in who:
        if person.kind in ("guest", "observer"):
            person.kind = "member"
            page.put(person)
            page.concern(person)
            page.note(COUNTED_IN, who=person.key)
    page.sheet(Roll).changed()


@act("set_phone", roles=["greeter"], who=Who(None), phone=Flag())
def set_phone(page: Page, *, by: Participant, who: Participant | None, phone: bool) -> None:
    """Say whether somebody has a working phone; a flat battery must not cost a voice."""
    who = who or by
    if who.phone != phone:
        who.phone = phone
        page.put(who)
        page.concern(who)
        page.note(PHONE_SET, who=who.key, phone=phone)


@act("merge", roles=["greeter"], who=Who(), into=Who())
def merge(page: Page, *, by: Participant, who: Participant, into: Participant) -> None:
    """Make two seats of one person one: what the first had, the second has."""
    if who is into:
        raise Refused("already_done", _("That is one seat already."))
    if not into.present:
        raise Refused("not_here", _("%(name)s is not here.") % {"name": into.name})
    for sheet in page.every_sheet():
        sheet.person_merged(page, who, into)
    who.present, who.merged_into = False, into
    into.phone = into.phone or who.phone
    into.groups = into.groups or who.groups
    if who.kind in rules.COUNTING and into.kind not in rules.COUNTING:
        # Who counted does not lose it by coming in a second time as a guest.
        into.kind = who.kind
    page.put(who)
    page.put(into)
    page.sheet(Roll).changed()
    page.concern(who, into)
    page.note(MERGED, who=who.key, into=into.key)


@act("leave", absent=True, entered="anyone", who=Who(None))
def leave(page: Page, *, by: Participant, who: Participant | None) -> None:
    """Go: hand, signals, turn, roles and open answers go along."""
    person = who or by
    if person is not page.actor:
        greets(page)
    if not person.present:
        raise Refused("not_here", _("%(name)s is not here.") % {"name": person.name})
    for sheet in page.every_sheet():
        sheet.person_left(page, person)
    person.present = False
    page.put(person)
    page.sheet(Roll).changed()
    page.concern(person)
    page.note(LEFT, who=person.key)


@act("welcome_guests", roles=["facilitator"], on=Flag(True))
def welcome_guests(page: Page, *, by: Participant, on: bool) -> None:
    """Let guests raise hands, or not any more."""
    if page.meeting.guests_welcome != on:
        page.meeting.guests_welcome = on
        page.put(page.meeting)
        page.note(GUESTS_WELCOMED, on=on)


@act("give_role", role=OneOf(words=ROLES), who=Who(None))
def give_role(page: Page, *, by: Participant, role: str, who: Participant | None) -> None:
    """Give a role to somebody who is here; anybody may object for 15 s.

    A room whose last facilitator left is not dead: then any member may say who facilitates.
    """
    roll, person = page.sheet(Roll), who or by
    headless = role == "facilitator" and not roll.holders("facilitator") and roll.counts(by)
    if "facilitator" not in roll.roles_of(by) and not headless:
        raise Refused("not_your_role", _("The facilitator gives roles, or the room."))
    if not person.present:
        raise Refused("not_here", _("%(name)s is not here.") % {"name": person.name})
    if role in roll.roles_of(person):
        return
    roll.give(page, person, role)
    page.concern(person)
    page.note(ROLE_GIVEN, who=person.key, role=role)


@act("drop_role", role=OneOf(words=ROLES), who=Who(None))
def drop_role(page: Page, *, by: Participant, role: str, who: Participant | None) -> None:
    """Give up a role, or end somebody's; the last facilitator cannot."""
    roll, person = page.sheet(Roll), who or by
    if person is not by and "facilitator" not in roll.roles_of(by):
        raise Refused("not_your_role", _("The facilitator ends roles, or the room."))
    if role not in roll.roles_of(person):
        raise Refused("already_done", _("%(name)s does not hold it.") % {"name": person.name})
    if role == "facilitator" and len(roll.holders(role)) == 1:
        raise Refused("wrong_phase", _("Somebody else must facilitate first."))
    roll.take(page, person, role)
    page.concern(person)
    page.note(ROLE_DROPPED, who=person.key, role=role)


def ungive(page: Page, entry: Entry) -> None:
    """Take a given role back."""
    roll, facts = page.sheet(Roll), entry.facts or {}
    person = roll.find(facts["who"])
    if person is None or facts["role"] not in roll.roles_of(person):
        raise Refused("wrong_phase", _("That role has changed hands since."))
    roll.take(page, person, facts["role"])


def undrop(page: Page, entry: Entry) -> None:
    """Give a dropped role back."""
    roll, facts = page.sheet(Roll), entry.facts or {}
    person = roll.find(facts["who"])
    if person is None or not person.present:
        raise Refused("not_here", _("That person has left."))
    roll.give(page, person, facts["role"])


def uncount(page: Page, entry: Entry) -> None:
    """Take back a count of people without names."""
    page.meeting.heads = (entry.facts or {}).get("was", 0)
    page.put(page.meeting)


reversible(HEADS_COUNTED, uncount, any_of(HEADS_COUNTED))
reversible(ROLE_GIVEN, ungive, same("role", ROLE_DROPPED), by_room=True)
reversible(ROLE_DROPPED, undrop, same("role", ROLE_GIVEN, ROLE_DROPPED))
