"""Councils are founded from below, joined and left: always by the unit's own decision."""

from typing import Any

from django.utils.translation import gettext as _

from assemblies.acts.arguments import Flag, OneOf, Text, Whole, named, text_within
from assemblies.acts.declaring import SITTING, act
from assemblies.door.book import record_body
from assemblies.door.house import house
from assemblies.door.kinds import card, rows
from assemblies.door.page import Page
from assemblies.models import Assembly, Journal, Membership, Participant
from assemblies.rules.errors import Refused
from assemblies.rules.keys import new_key
from federation import rules
from federation.models import (
    Affiliation,
    Application,
    Council,
    CouncilItem,
    Federation,
    Notice,
    Recall,
    RecallAnswer,
    Seat,
    SeatTerm,
)
from federation.services.base import (
    AnyCouncil,
    AnyUnits,
    Base,
    Basis,
    CouncilAbove,
    acting,
    doors_above,
    notify,
    tell_council,
    the_council,
)
from federation.services.sitting import end_terms_of
from federation.services.votes import weigh
from federation.sheets.chart import deciding_in
from federation.sheets.councils import LEAVING
from federation.sheets.seen import Seen
from federation.words import sentences
from federation.words.presets import FEDERATING
from proposals.models import Decision


def above() -> dict[str, list[str]]:
    """Return which councils each assembly belongs to, by key."""
    rows = Affiliation.objects.filter(left_at=None, unit__isnull=False)
    found: dict[str, list[str]] = {}
    for unit, council in rows.values_list("unit__key", "council__assembly__key"):
        found.setdefault(unit, []).append(council)
    return found


def members_of(assembly: Assembly) -> int:
    """Return how many members a base has: its roll, or who belongs to it."""
    if assembly.roll is not None:
        return assembly.roll
    return Membership.objects.filter(assembly=assembly, counts=True, left_at=None).count()


def found(
    base: Base,
    *,
    name: str,
    preset: str = "two_delegate_confederation",
    seats: int | None = None,
    key: str = "",
    level: str = "",
    admission: str = "",
    federation: Federation | None = None,
    federation_name: str = "",
) -> Council:
    """Found a council of which this base is the first unit; it forms when a second one joins.

    Raises Refused: `unknown` for a way of federating that there is not, `already_done` for a key
    that is taken.
    """
    way = FEDERATING.get(preset)
    if way is None:
        raise Refused("unknown", _("There is no such way of federating."))
    if key and Assembly.objects.filter(key=key).exists():
        raise Refused("already_done", _("There is an assembly of this key."))
    rule = dict(way.rule)
    if seats is not None:
        rule |= {"seats_per_unit": seats, "members_per_seat": None}
        if seats == 1:
            rule["parity"] = "none"
    if admission:
        rule["admission"] = admission
    read = rules.read_council_rule(rule)
    own = Council.objects.filter(assembly=base.assembly).first()
    deciding = {**house().ways[way.process].rule, **way.deciding}
    share = f"{read.quorum.numerator}/{read.quorum.denominator}"
    assembly = Assembly.objects.create(
        key=key or new_key(),
        journal=Journal.objects.create(),
        name=name,
        kind=Assembly.Kind.COUNCIL,
        preset=way.process,
        rule={**deciding, "quorum": {"share": share}, "by_unit": True},
        admission=Assembly.Admission.COUNTED_IN,
        roll=0,
        time_zone=base.assembly.time_zone,
        groups=base.assembly.groups,
        principles=base.assembly.principles,
        practice=base.assembly.practice,
    )
    council = Council.objects.create(
        assembly=assembly,
        federation=federation
        or (own.federation if own is not None else None)
        or Federation.objects.create(name=federation_name or name),
        preset=preset,
        rule=rule,
        level_name=level,
    )
    if base.by is not None:
        # Prepares its meetings, and counts for nobody in them.
        Membership.objects.create(assembly=assembly, person=base.by, organiser=True, counts=False)
    with record_body(assembly, by=base.by, now=base.now) as book:
        book.note(COUNCIL_FOUNDED, name=name, preset=preset, unit=base.assembly.key)
    base.note(COUNCIL_FOUNDED, name=name, preset=preset, council=assembly.key)
    affiliate(base, council, kind="member", territorial=True)
    return council


def join(
    base: Base, council: Council, *, kind: str = "member", territorial: bool = True
) -> Affiliation | None:
    """Join a council by the base's own decision; or apply to one that admits by its own (None).

    Raises Refused: `already_done` for a unit, `circle` where a body would come to sit in itself.
    """
    if Affiliation.objects.filter(council=council, unit=base.assembly, left_at=None).exists():
        raise Refused("already_done", _("This assembly belongs to it."))
    if rules.would_be_a_circle(base.assembly.key, council.assembly.key, above()):
        raise Refused("circle", _("It would come to sit in itself: that council belongs to us."))
    if must_be_admitted(base.assembly, council):
        apply(base, council, kind=kind, territorial=territorial)
        return None
    base.note(COUNCIL_JOINED, council=council.assembly.key, name=council.assembly.name, as_=kind)
    return affiliate(base, council, kind=kind, territorial=territorial)


def must_be_admitted(unit: Assembly, council: Council) -> bool:
    """Say whether an assembly that wants to belong to a council waits for a decision of it."""
    told = Notice.objects.filter(unit=unit, council=council, kind="invited")
    # Who has left a council comes back like anybody.
    belonged = Affiliation.objects.filter(unit=unit, council=council)
    invited = told.exists() and not belonged.exists()
    return rules.waits_for_admission(
        rules.read_council_rule(council.rule),
        formed=council.formed_at is not None,
        invited=invited,
    )


def apply(base: Base, council: Council, *, kind: str, territorial: bool) -> Application:
    """Write that an assembly wants to belong to a council; until it is admitted nothing follows."""
    if Application.objects.filter(council=council, unit=base.assembly, closed_at=None).exists():
        raise Refused("already_done", _("We have applied: that council decides whom it admits."))
    row = Application.objects.create(
        council=council,
        unit=base.assembly,
        kind=kind,
        territorial=territorial,
        decision=base.decision,
        applied_at=base.now,
    )
    base.note(COUNCIL_APPLIED, council=council.assembly.key, name=council.assembly.name, as_=kind)
    said: dict[str, Any] = {"as_": kind, "name": base.assembly.name}
    tell_council(council, base, UNIT_APPLIED, live=UNIT_APPLIED, **said)
    joined = Affiliation.objects.filter(council=council, left_at=None, unit__isnull=False)
    units = [row.unit for row in joined.select_related("unit") if row.unit is not None]
    notify(council, units, "applied", base.now, by=base.assembly.name)
    return row


def affiliate(base: Base, council: Council, *, kind: str, territorial: bool) -> Affiliation:
    """Write down that a unit belongs to a council, with its seats, and tell the council."""
    row = enrol(base, council, kind=kind, territorial=territorial)
    recount_units(council, base)
    weigh(council, base.assembly, base.now)
    tell_council(council, base, UNIT_JOINED, as_=kind, name=base.assembly.name)
    return row


def enrol(base: Base, council: Council, *, kind: str, territorial: bool) -> Affiliation:
    """Write the belonging of a unit and its seats, and nothing else; it waits no more."""
    Application.objects.filter(council=council, unit=base.assembly, closed_at=None).update(
        closed_at=base.now
    )
    row = Affiliation.objects.create(
        council=council,
        unit=base.assembly,
        kind=kind,
        territorial=territorial,
        decision=base.decision,
        joined_at=base.now,
    )
    if kind in ("member", "partner"):
        seats = rules.seats_of(members_of(base.assembly), rules.read_council_rule(council.rule))
        for ordinal in range(1, seats + 1):
            # Who comes back finds the seats it had, with all that is written of them.
            Seat.objects.get_or_create(council=council, unit=base.assembly, ordinal=ordinal)
    return row


def votes_in_all(council: Council) -> int:
    """Return of how many a quorum is a share: the units that decide, or their seats."""
    deciding = deciding_in(council)
    if rules.read_council_rule(council.rule).unit_votes == "per_seat":
        return Seat.objects.filter(council=council, unit__in=deciding.values("unit")).count()
    return deciding.count()


def recount_units(council: Council, base: Base) -> None:
    """Have quorum and formation follow how many units there are."""
    votes, deciding = votes_in_all(council), deciding_in(council)
    with record_body(council.assembly, by=base.by, now=base.now) as book:
        if book.assembly.roll != votes:
            # No entry of its own: that a unit came or went is one.
            book.assembly.roll = votes
            book.assembly.save(update_fields=["roll"])
        council.assembly.roll = votes
        if council.formed_at is None and deciding.count() > 1:
            council.formed_at = base.now
            council.save(update_fields=["formed_at"])
            book.note(COUNCIL_FORMED, units=deciding.count())


def leave(base: Base, council: Council) -> None:
    """Leave a council: at once, by nobody's leave. Raises Refused: `unknown` where no unit."""
    row = Affiliation.objects.filter(council=council, unit=base.assembly, left_at=None).first()
    if row is None:
        raise Refused("unknown", _("This assembly belongs to no such council."))
    row.left_at, row.left_by = base.now, base.decision
    row.save(update_fields=["left_at", "left_by"])
    base.note(COUNCIL_LEFT, council=council.assembly.key, name=council.assembly.name)
    end_terms_of(base, council)
    recount_units(council, base)
    tell_council(council, base, UNIT_LEFT, live=UNIT_LEFT, name=base.assembly.name)


def left_empty() -> None:
    """Forget federations of which no council is left."""
    Federation.objects.filter(councils=None).delete()


# --- the acts -------------------------------------------------------------------------------------


@act(
    "found_council",
    roles=["facilitator"],
    phases=SITTING,
    beyond=doors_above,
    council=Text(""),
    name=Text(""),
    preset=OneOf("two_delegate_confederation", words=tuple(FEDERATING)),
    seats=Whole(None, least=1, most=50),
    level=Text(""),
    admission=OneOf("", words=rules.CHOICES["admission"]),
    invite=AnyUnits(None),
    decision=Basis(None),
)
def found_council(
    page: Page,
    *,
    by: Participant,
    council: str,
    name: str,
    preset: str,
    seats: int | None,
    level: str,
    admission: str,
    invite: list[Assembly] | None,
    decision: Decision | None,
) -> None:
    """Found a council by a decision of this assembly, and invite others to it."""
    name, key = text_within(name, 120), named(council, 16)
    level = text_within(level, 80, needed=False)
    base = acting(page, decision)
    made = found(
        base, name=name, preset=preset, seats=seats, key=key, level=level, admission=admission
    )
    if invite:
        notify(made, invite, "invited", page.now, name=name, by=base.assembly.name)


@act(
    "join_council",
    roles=["facilitator"],
    phases=SITTING,
    beyond=doors_above,
    council=AnyCouncil(),
    territorial=Flag(True),
    decision=Basis(None),
    more={"as": OneOf("member", words=("member", "partner", "observer"))},
)
def join_council(
    page: Page,
    *,
    by: Participant,
    council: Council,
    territorial: bool,
    decision: Decision | None,
    **more: str,
) -> None:
    """Join a council by a decision of this assembly; with the second one it is formed.

    Where a formed council admits by its own decision, this assembly has then applied.
    """
    join(acting(page, decision), council, kind=more["as"], territorial=territorial)


@act(
    "withdraw_application",
    roles=["facilitator"],
    phases=SITTING,
    beyond=doors_above,
    council=AnyCouncil(),
    decision=Basis(None),
)
def withdraw_application(
    page: Page, *, by: Participant, council: Council, decision: Decision | None
) -> None:
    """Want to belong to a council no more, before it has decided."""
    base = acting(page, decision)
    waiting = Application.objects.filter(council=council, unit=base.assembly, closed_at=None)
    if not waiting.exists():
        raise Refused("unknown", _("We have not applied to this council."))
    waiting.update(closed_at=base.now)
    name = council.assembly.name
    base.note(APPLICATION_WITHDRAWN, council=council.assembly.key, name=name)
    tell_council(council, base, APPLICATION_WITHDRAWN, name=base.assembly.name)


@act(
    "leave_council",
    roles=["facilitator"],
    phases=SITTING,
    beyond=doors_above,
    council=CouncilAbove(None),
    decision=Basis(None),
)
def leave_council(
    page: Page, *, by: Participant, council: Seen | None, decision: Decision | None
) -> None:
    """Leave a council by a decision of this assembly, at once."""
    seen = the_council(page, council)
    leave(acting(page, decision), seen.council)


@act(
    "move_to_council",
    roles=["facilitator"],
    phases=SITTING,
    beyond=doors_above,
    council=CouncilAbove(None),
    to_council=AnyCouncil(),
    decision=Basis(None),
)
def move_to_council(
    page: Page,
    *,
    by: Participant,
    council: Seen | None,
    to_council: Council,
    decision: Decision | None,
) -> None:
    """Go from one council to another: history stays, seats are counted anew (002:16)."""
    seen, base = the_council(page, council), acting(page, decision)
    if rules.would_be_a_circle(base.assembly.key, to_council.assembly.key, above()):
        raise Refused("circle", _("It would come to sit in itself: that council belongs to us."))
    if to_council.pk == seen.council.pk:
        raise Refused("already_done", _("This assembly belongs to it."))
    if Affiliation.objects.filter(council=to_council, unit=base.assembly, left_at=None).exists():
        raise Refused("already_done", _("This assembly belongs to it."))
    if must_be_admitted(base.assembly, to_council):
        raise Refused(
            "not_admitted",
            _("That council decides whom it admits: apply there first, and leave this one then."),
        )
    leave(base, seen.council)
    join(base, to_council)


# --- the cards of the entries written here ---

COUNCIL_FOUNDED = card(
    "federation.council_founded",
    "council",
    minutes=sentences.council_founded,
    writes=(
        rows(Assembly, key="council"),
        rows(Federation),
        rows(Council),
        rows(Affiliation),
        rows(Seat),
        rows(Membership),
        rows(Application),
        rows(Notice),
    ),
)
COUNCIL_JOINED = card(
    "federation.council_joined",
    "council",
    minutes=sentences.council_joined,
    writes=(
        rows(Affiliation),
        rows(Seat),
        rows(Application),
    ),
)
COUNCIL_FORMED = card(
    "federation.council_formed",
    "council",
    minutes=sentences.council_formed,
    writes=(
        rows(Assembly, key="council"),
        rows(Federation),
        rows(Council),
        rows(Affiliation),
        rows(Seat),
        rows(Membership),
        rows(Application),
        rows(Notice),
    ),
)
COUNCIL_APPLIED = card(
    "federation.council_applied",
    "council",
    minutes=sentences.council_applied,
    writes=(
        rows(Application),
        rows(Notice),
    ),
)
UNIT_APPLIED = card("federation.unit_applied", "council", minutes=sentences.unit_applied)
APPLICATION_WITHDRAWN = card(
    "federation.application_withdrawn",
    "council",
    minutes=sentences.application_withdrawn,
    writes=(rows(Application),),
)
COUNCIL_LEFT = card(
    "federation.council_left",
    "council",
    minutes=sentences.council_left,
    writes=(
        rows(Affiliation),
        rows(SeatTerm),
        rows(Recall),
        rows(RecallAnswer),
        rows(Membership),
        rows(CouncilItem),
        rows(Notice),
    ),
)
UNIT_JOINED = card("federation.unit_joined", "council", minutes=sentences.unit_joined)
UNIT_LEFT = card("federation.unit_left", *LEAVING, minutes=sentences.unit_left)
