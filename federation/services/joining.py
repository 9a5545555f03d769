"""A unit joins a council, or applies to it: always by its own decision."""

from typing import Any

from django.utils.translation import gettext as _

from assemblies.acts.arguments import Flag, OneOf
from assemblies.acts.declaring import SITTING, act
from assemblies.door.book import record_body
from assemblies.door.kinds import card, rows
from assemblies.door.page import Page
from assemblies.models import Assembly, Membership, Participant
from assemblies.rules.errors import Refused
from federation import rules
from federation.models import Affiliation, Application, Council, Federation, Notice, Seat
from federation.services.base import (
    AnyCouncil,
    Base,
    Basis,
    acting,
    doors_above,
    notify,
    tell_council,
)
from federation.services.votes import weigh
from federation.sheets.chart import deciding_in
from federation.words import sentences
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


def join(
    base: Base, council: Council, *, kind: str = "member", territorial: bool = True
) -> Affiliation | None:
    """Join a council by the base's decision; where that council admits, apply (None).

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
    """Write that a unit belongs, and its seats, and nothing else; its application is closed."""
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
    """Return how many votes there are in all: one a unit that decides, or one a seat."""
    deciding = deciding_in(council)
    if rules.read_council_rule(council.rule).unit_votes == "per_seat":
        return Seat.objects.filter(council=council, unit__in=deciding.values("unit")).count()
    return deciding.count()


def recount_units(council: Council, base: Base) -> None:
    """Set the roll by the units there are now; form the council when two decide."""
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
    """Withdraw an application to a council, before it has decided."""
    base = acting(page, decision)
    waiting = Application.objects.filter(council=council, unit=base.assembly, closed_at=None)
    if not waiting.exists():
        raise Refused("unknown", _("We have not applied to this council."))
    waiting.update(closed_at=base.now)
    name = council.assembly.name
    base.note(APPLICATION_WITHDRAWN, council=council.assembly.key, name=name)
    tell_council(council, base, APPLICATION_WITHDRAWN, name=base.assembly.name)


# --- the cards of the entries written here ---

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
UNIT_JOINED = card("federation.unit_joined", "council", minutes=sentences.unit_joined)
