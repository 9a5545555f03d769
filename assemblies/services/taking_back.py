"""Undo: who did it takes it back within 30 s, if nothing rests on it."""

from django.utils.translation import gettext as _

from assemblies import rules
from assemblies.acts.arguments import Whole
from assemblies.acts.declaring import act
from assemblies.door.page import Page
from assemblies.door.undoing import (
    ACT_UNDONE,
    REVERSALS,
    any_of,
    either,
    find_entry,
    rested_on,
    reversible,
    same,
    touching,
    undone_since,
)
from assemblies.models import Participant
from assemblies.rules.errors import Refused
from assemblies.services import agenda, people


@act("undo", seq=Whole(least=1, most=10**12))
def undo(page: Page, *, by: Participant, seq: int) -> None:
    """Take back one's own act, or what somebody entered for one."""
    entry = find_entry(page, seq)
    if entry is None or entry.at is None:
        raise Refused("unknown", _("There is no act with that number."))
    if by.key not in (entry.actor, entry.on_behalf_of):
        raise Refused("not_your_role", _("Who did it can undo it."))
    reversal = REVERSALS.get(entry.kind)
    if reversal is None or not reversal.by_actor:
        raise Refused("wrong_phase", _("That cannot be undone."))
    if seq in undone_since(page, seq):
        raise Refused("already_done", _("That was undone already."))
    if rested_on(page, entry):
        raise Refused("wrong_phase", _("Something rests on it already."))
    if not rules.within(entry.at, page.now, rules.UNDO_WITHIN):
        raise Refused("not_open", _("An act can be undone for 30 seconds."))
    reversal.undo(page, entry)
    page.note(ACT_UNDONE, seq=seq, kind=entry.kind)


# Whatever is done on the floor rests on the item that is open (or was just finished); that
# somebody goes home does not.
ON_THE_ITEM = touching("floor", unless=(people.LEFT, people.MERGED))
reversible(agenda.FINISHED, agenda.unfinish, ON_THE_ITEM)
reversible(agenda.TAKEN_UP, agenda.untake, ON_THE_ITEM)
reversible(agenda.EXTENDED, agenda.unextend, same("item", agenda.FINISHED), by_room=True)
reversible(agenda.MOVED, agenda.unmove, any_of(agenda.MOVED, agenda.TAKEN_UP, agenda.ADDED))
reversible(
    agenda.ADDED,
    agenda.unadd,
    either(
        any_of(agenda.MOVED),
        same("item", agenda.NOTED, agenda.EXTENDED, agenda.TAKEN_UP),
    ),
)
reversible(agenda.NOTED, agenda.unnote)
