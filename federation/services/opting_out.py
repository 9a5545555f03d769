"""A unit does not carry out what is in force for the others (002:19)."""

from django.utils.translation import gettext as _

from assemblies.acts.arguments import Text, text_within
from assemblies.acts.declaring import SITTING, act
from assemblies.door.kinds import card, rows
from assemblies.door.page import Page
from assemblies.models import Participant
from assemblies.rules.errors import Refused
from federation.models import CouncilItem, Notice, OptOut
from federation.rules import ItemPhase
from federation.services.base import Basis, Going, acting, council_of, tell_council
from federation.services.ratifying import notify_all
from federation.services.travel import (
    afresh,
    doors_around,
    phase_words,
    reference,
)
from federation.words import sentences
from proposals.models import Decision


@act(
    "opt_out",
    roles=["facilitator"],
    phases=SITTING,
    beyond=doors_around,
    item=Going(None),
    reason=Text(""),
    decision=Basis(None),
)
def opt_out(
    page: Page, *, by: Participant, item: CouncilItem | None, reason: str, decision: Decision | None
) -> None:
    """Say that our assembly does not carry out what is in force for the others (002:19)."""
    item = afresh(item)
    seen, unit = council_of(page, item), page.meeting.assembly
    if not seen.rule.opt_out:
        raise Refused(
            "no_opt_out", _("This council's rule knows no opting out (opt_out): all had to agree.")
        )
    if item.phase != ItemPhase.IN_FORCE:
        raise Refused(
            "wrong_phase", _("“%(title)s” is not in force: %(phase)s.") % phase_words(item)
        )
    if OptOut.objects.filter(item=item, unit=unit).exists():
        raise Refused("already_done", _("Our assembly has opted out."))
    reason = text_within(reason, 4000)
    base = acting(page, decision)
    OptOut.objects.create(item=item, unit=unit, reason=reason, decision=base.decision, at=page.now)
    told = reference(item, reason=reason)
    base.note(OPTED_OUT, name=seen.council.assembly.name, council=seen.key, **told)
    tell_council(item.council, base, UNIT_OPTED_OUT, UNIT_OPTED_OUT, name=unit.name, **told)
    notify_all(item, "unit_opted_out", page.now, by=unit.name)


# --- the cards of the entries written here ---

OPTED_OUT = card(
    "federation.opted_out",
    "council",
    minutes=sentences.opted_out,
    writes=(
        rows(OptOut),
        rows(Notice),
    ),
)
UNIT_OPTED_OUT = card("federation.unit_opted_out", "council", minutes=sentences.unit_opted_out)
