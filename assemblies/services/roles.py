"""Who serves the room: roles given, dropped, handed over, proposed by rota; a break wished for."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies import rules
from assemblies.acts.arguments import Flag, OneOf, Several, Who, Whole, Words
from assemblies.acts.declaring import SITTING, act
from assemblies.door.kinds import Undo, card, rows, same
from assemblies.door.page import Page
from assemblies.door.undoing import ACT_UNDONE
from assemblies.models import Entry, Meeting, Membership, Participant, Role
from assemblies.rules import rota
from assemblies.rules.errors import Refused
from assemblies.sheets import (
    BREAK_PUT_OFF,
    BREAK_REQUESTED,
    HANDS_CLOSED,
    ROTA_PROPOSED,
    QuestionSheet,
    Roll,
    Service,
)
from assemblies.words import sentences

ROLES = tuple(Role.Code.values)
MANY = 20


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
    if role == "co_chair":
        shares_the_office(page, person)
    roll.give(page, person, role)
    page.concern(person)
    page.note(ROLE_GIVEN, who=person.key, role=role)


def shares_the_office(page: Page, person: Participant) -> None:
    """Refuse a co-chair with whom the office would not be shared as the rule has it (000:46)."""
    holders = page.sheet(Roll).holders("co_chair")
    named = page.meeting.rule.get("co_chairs") or ()
    if not rules.may_share([one.groups for one in (*holders, person)], named):
        raise Refused(
            "parity_not_met",
            _("Co-chairs share the office as the rule has it: %(groups)s.")
            % {"groups": ", ".join(named) or _("two people")},
        )


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


@act("hand_over", role=OneOf(words=ROLES), who=Who())
def hand_over(page: Page, *, by: Participant, role: str, who: Participant) -> None:
    """Give one's own role to somebody else, in one step; anybody may object for 15 s.

    One entry, so that one objection takes back all of it: who had the role has it again.
    """
    roll = page.sheet(Roll)
    if role not in roll.roles_of(by):
        raise Refused("not_your_role", _("You hand over a role that you hold."))
    if not who.present:
        raise Refused("not_here", _("%(name)s is not here.") % {"name": who.name})
    if who is by:
        raise Refused("already_done", _("You hold it."))
    had = role in roll.roles_of(who)
    roll.give(page, who, role)
    roll.take(page, by, role)
    page.note(ROLE_HANDED_OVER, who=who.key, role=role, former=by.key, had=had)


def take_over_back(page: Page, entry: Entry) -> None:
    """Have who handed a role over hold it again."""
    roll, facts = page.sheet(Roll), entry.facts or {}
    who, former, role = roll.find(facts["who"]), roll.find(facts["former"]), facts["role"]
    if who is None or role not in roll.roles_of(who):
        raise Refused("wrong_phase", _("That role has changed hands since."))
    if former is not None and former.present:
        roll.give(page, former, role)
    elif role == "facilitator" and roll.holders(role) == [who]:
        # Nobody would be left to give it to; the room may still ask for somebody else.
        raise Refused("wrong_phase", _("Who facilitated before has left. Ask for somebody else."))
    if not facts["had"]:
        roll.take(page, who, role)


# --- a break is asked for -------------------------------------------------------------------------


@act("request_break", roles=["vibes_watcher"], phases=SITTING)
def request_break(page: Page, *, by: Participant) -> None:
    """Ask the facilitators for a break, quietly: nobody else sees it. Twice is once."""
    service = page.sheet(Service)
    if by.key not in service.want_a_break:
        service.take(page.note(BREAK_REQUESTED))
        page.concern(*page.sheet(Roll).holders("facilitator"))


@act("put_off_break", roles=["facilitator"])
def put_off_break(page: Page, *, by: Participant) -> None:
    """Answer the wish for a break with: not now."""
    service, roll = page.sheet(Service), page.sheet(Roll)
    if not service.want_a_break:
        raise Refused("already_done", _("Nobody asks for a break."))
    page.concern(*roll.holders("facilitator"), *map(roll.find, service.want_a_break))
    service.take(page.note(BREAK_PUT_OFF))


# --- the rota -------------------------------------------------------------------------------------


@act(
    "propose_by_rota",
    roles=["facilitator"],
    role=OneOf(words=ROLES),
    n=Whole(1, least=1, most=MANY),
    trained=Flag(False),
    parity=Words(None),
    but=Several(None),
)
def propose_by_rota(
    page: Page,
    *,
    by: Participant,
    role: str,
    n: int,
    trained: bool,
    parity: list[str] | None,
    but: list[Participant] | None,
) -> None:
    """Have the rota propose who serves; nobody serves by it until the role is given.

    `but`: who said no. Whom the room objected to in this role is not proposed again either.
    """
    away = {one.key for one in but or []} | objected_to(page, role)
    known = [one for one in candidates(page) if one.key not in away]
    seed = page.meeting.key
    found = rota.choose(known, n, seed, trained=trained, parity=parity or [])
    if not found:
        raise Refused("nobody_waiting", _("Nobody in the rota is here and free."))
    order = rota.in_order(rota.eligible(known, trained=trained), seed)
    entry = page.note(
        ROTA_PROPOSED,
        role=role,
        n=n,
        seed=seed,
        trained=trained,
        parity=parity or [],
        but=sorted(away),
        order=[
            {"who": one.key, "times": one.times, "last": str(one.last) if one.last else None}
            for one in order
        ],
        who=[one.key for one in found],
    )
    page.sheet(Service).take(entry)


def objected_to(page: Page, role: str) -> set[str]:
    """Return whom the room did not want in a role in this meeting."""
    return {
        str(about["facts"]["who"])
        for question in page.sheet(QuestionSheet).questions
        if (about := question.about).get("kind") in (ROLE_GIVEN, ROLE_HANDED_OVER)
        and about["facts"]["role"] == role
        and question.result != "yes"
    }


def candidates(page: Page) -> list[rota.Candidate]:
    """Return everybody here who counts and is on the list of the rota, with their service."""
    roll, assembly = page.sheet(Roll), page.meeting.assembly
    here = {one.person_id: one for one in roll.here() if one.person_id and roll.counts(one)}
    listed = Membership.objects.filter(assembly=assembly, left_at=None, in_rota=True)
    trained = dict(listed.filter(person__in=here).values_list("person", "trained"))
    ended = Meeting.objects.filter(assembly=assembly, phase="ended").exclude(pk=page.meeting.pk)
    past = list(ended.order_by("-ended_at"))
    served = who_served(past, trained)
    found = []
    for person, is_trained in trained.items():
        days = [
            assembly.local(one.started_at or one.starts_at).date()
            for one in past
            if (one.pk, person) in served
        ]
        times = sum((one.pk, person) in served for one in past[: rota.LOOKS_BACK])
        found.append(
            rota.Candidate(
                key=here[person].key,
                times=times,
                last=max(days, default=None),
                trained=is_trained,
                serving=bool(roll.roles_of(here[person])),
                groups=frozenset(here[person].groups),
            )
        )
    return found


def who_served(meetings: list[Meeting], people: Iterable[Any]) -> set[tuple[Any, Any]]:
    """Return (meeting, person) for whoever of these held a role there at any time.

    A role that was taken back at once, by the room or by who gave it, was not held.
    """
    seats = Participant.objects.filter(meeting__in=meetings, person__in=people)
    person_of = {(one.meeting_id, one.key): one.person_id for one in seats}
    rows = Role.objects.filter(participant__in=seats).values_list("meeting", "participant__person")
    kinds = (ROLE_GIVEN, ROLE_DROPPED, ROLE_HANDED_OVER, HANDS_CLOSED, ACT_UNDONE)
    meeting_of = {one.journal_id: one.pk for one in meetings}
    entries = list(Entry.objects.filter(journal__in=meeting_of, kind__in=kinds))
    undone = {
        (one.journal_id, (one.facts or {}).get("seq")) for one in entries if one.kind == ACT_UNDONE
    }
    served = set(rows)
    for entry in entries:
        if (entry.journal_id, entry.seq) in undone:
            continue
        meeting = meeting_of[entry.journal_id]
        for part in ("who", "former", "facilitator"):
            key = (entry.facts or {}).get(part)
            if person := person_of.get((meeting, str(key))):
                served.add((meeting, person))
    return served


# --- the cards of the entries written here ---

ROLE_GIVEN = card(
    "assemblies.role_given",
    "roll",
    minutes=sentences.role_given,
    undo=Undo(
        ungive, same("role", "assemblies.role_dropped", "assemblies.role_handed_over"), by_room=True
    ),
    doer=gettext_lazy("You gave a role"),
    room=sentences.a_role_is_taken,
    writes=(rows(Role, role="role"),),
)
ROLE_DROPPED = card(
    "assemblies.role_dropped",
    "roll",
    minutes=sentences.role_dropped,
    undo=Undo(
        undrop, same("role", ROLE_GIVEN, "assemblies.role_dropped", "assemblies.role_handed_over")
    ),
    doer=gettext_lazy("You ended a role"),
    writes=(rows(Role, role="role"),),
)
ROLE_HANDED_OVER = card(
    "assemblies.role_handed_over",
    "roll",
    minutes=sentences.role_handed_over,
    undo=Undo(
        take_over_back, same("role", ROLE_DROPPED, "assemblies.role_handed_over"), by_room=True
    ),
    doer=gettext_lazy("You handed over a role"),
    room=sentences.a_role_is_handed_over,
    writes=(rows(Role, role="role"),),
)
