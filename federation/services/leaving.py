"""A unit leaves a council by its own decision, or goes to another one."""

from django.utils.translation import gettext as _

from assemblies.acts.declaring import SITTING, act
from assemblies.door.kinds import card, rows
from assemblies.door.page import Page
from assemblies.models import Membership, Participant
from assemblies.rules.errors import Refused
from federation import rules
from federation.models import (
    Affiliation,
    Council,
    CouncilItem,
    Notice,
    Recall,
    RecallAnswer,
    SeatTerm,
)
from federation.services.base import (
    AnyCouncil,
    Base,
    Basis,
    CouncilAbove,
    acting,
    doors_above,
    tell_council,
    the_council,
)
from federation.services.joining import above, join, must_be_admitted, recount_units
from federation.services.sitting import end_terms_of
from federation.sheets.councils import LEAVING
from federation.sheets.seen import Seen
from federation.words import sentences
from proposals.models import Decision


def leave(base: Base, council: Council) -> None:
    """Leave a council at once, without asking it. Raises Refused: `unknown` where no unit."""
    row = Affiliation.objects.filter(council=council, unit=base.assembly, left_at=None).first()
    if row is None:
        raise Refused("unknown", _("This assembly belongs to no such council."))
    row.left_at, row.left_by = base.now, base.decision
    row.save(update_fields=["left_at", "left_by"])
    base.note(COUNCIL_LEFT, council=council.assembly.key, name=council.assembly.name)
    end_terms_of(base, council)
    recount_units(council, base)
    tell_council(council, base, UNIT_LEFT, live=UNIT_LEFT, name=base.assembly.name)


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
UNIT_LEFT = card("federation.unit_left", *LEAVING, minutes=sentences.unit_left)
