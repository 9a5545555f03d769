"""People come, count, hold roles and leave."""

import uuid

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies import rules
from assemblies.acts.arguments import Flag, OneOf, Several, Text, Who, Whole, Words, text_within
from assemblies.acts.declaring import GATHERED, act
from assemblies.door.house import house
from assemblies.door.kinds import Silent, Undo, any_of, card, rows
from assemblies.door.page import Page
from assemblies.models import Entry, Meeting, Participant, QuestionAnswer, Role
from assemblies.rules.errors import Refused
from assemblies.sheets import Roll
from assemblies.words import sentences

# Somebody said something about themselves: what it was stands in no journal.

KINDS = tuple(Participant.Kind.values)


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
        set_heads(page, heads)
        return
    if name:
        who = [newcomer(page, text_within(name, 80), kind, bool(phone))]
    if groups is not None:
        groups = rules.tidied(groups, page.meeting.assembly.groups)
    greeter = page.actor is not None and page.actor.present and roll.may(page.actor, "greeter")
    for person in who or [by]:
        counts_in = kind in ("member", "delegate") and kind not in (person.kind, arrives_as(page))
        if counts_in and not greeter:
            raise Refused("not_your_role", _("The greeter counts people in."))
        arrive(page, person, kind=kind, groups=groups, phone=phone)


def set_heads(page: Page, heads: int) -> None:
    """Set how many people are here without names; answers counted for more of them are let go."""
    page.meeting.heads = heads
    page.put(page.meeting)
    for sheet in page.every_sheet():
        sheet.heads_counted(page)
    recount(page)


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
    if groups is not None and groups != person.groups:
        person.groups = groups
        page.put(person)
        page.note(DESCRIBED)
    new = (
        not person.present,
        bool(kind) and kind != person.kind,
        phone is not None and phone != person.phone,
    )
    if not any(new):
        return
    counted = person.present and page.sheet(Roll).counts(person)
    person.kind = kind or person.kind
    person.phone = person.phone if phone is None else phone
    if not person.present:
        person.present, person.arrived_at = True, page.now
    page.put(person)
    page.concern(person)
    page.note(CHECKED_IN, who=person.key, kind=person.kind, phone=person.phone)
    if counted and not page.sheet(Roll).counts(person):
        for sheet in page.every_sheet():
            sheet.person_uncounted(page, person)
        page.note(COUNTED_OUT, who=person.key)
    recount(page)


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
    into.double_time = into.double_time or who.double_time
    if who.kind in rules.COUNTING and into.kind not in rules.COUNTING:
        # Who counted does not lose it by coming in a second time as a guest.
        into.kind, into.voice = who.kind, who.voice
    page.put(who)
    page.put(into)
    page.concern(who, into)
    page.note(MERGED, who=who.key, into=into.key)
    recount(page)


def recount(page: Page) -> None:
    """Count the roll anew, and have the apps look again at what rests on who counts."""
    page.sheet(Roll).changed()
    for look in house().all("recounts"):
        look(page)


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
    page.concern(person)
    page.note(LEFT, who=person.key)
    recount(page)


@act("welcome_guests", roles=["facilitator"], on=Flag(True))
def welcome_guests(page: Page, *, by: Participant, on: bool) -> None:
    """Let guests raise hands, or not any more."""
    if page.meeting.guests_welcome != on:
        page.meeting.guests_welcome = on
        page.put(page.meeting)
        page.note(GUESTS_WELCOMED, on=on)


def uncount(page: Page, entry: Entry) -> None:
    """Take back a count of people without names."""
    set_heads(page, (entry.facts or {}).get("was", 0))


# --- the cards of the entries written here ---

CHECKED_IN = card(
    "assemblies.checked_in",
    "roll",
    minutes=Silent("How many were there is told, not who came when."),
    log=sentences.people_came_in,
    writes=(rows(Participant, key="who"),),
)
HEADS_COUNTED = card(
    "assemblies.heads_counted",
    "roll",
    "meeting",
    "question",
    minutes=sentences.heads_counted,
    undo=Undo(uncount, any_of("assemblies.heads_counted")),
    doer=gettext_lazy("You counted heads"),
    writes=(rows(Meeting),),
)
COUNTED_IN = card(
    "assemblies.counted_in",
    "roll",
    minutes=sentences.COUNTED_IN,
    writes=(rows(Participant, key="who"),),
)
PHONE_SET = card(
    "assemblies.phone_set",
    "roll",
    minutes=Silent("It only changes how somebody's answers are entered."),
    writes=(rows(Participant, key="who"),),
)
COUNTED_OUT = card(
    "assemblies.counted_out",
    "question",
    minutes=Silent("How many were there is told, not who went when."),
)
MERGED = card(
    "assemblies.seats_merged",
    "roll",
    "question",
    minutes=Silent("Two places of one person become one; nothing was decided."),
    writes=(
        rows(Participant, key="who"),
        rows(Role),
    ),
)
LEFT = card(
    "assemblies.left",
    "roll",
    "question",
    minutes=Silent("How many were there is told, not who went when."),
    log=sentences.people_left,
    writes=(
        rows(Participant, key="who"),
        rows(Role),
        rows(QuestionAnswer),
    ),
)
GUESTS_WELCOMED = card(
    "assemblies.guests_welcomed",
    "meeting",
    minutes=sentences.guests_welcomed,
    writes=(rows(Meeting),),
)
DESCRIBED = card(
    "assemblies.described",
    "roll",
    "meeting",
    minutes=Silent("What people say of themselves is never told."),
    erasable=True,
    writes=(
        rows(Participant),
        rows(Meeting),
    ),
)
