"""Undo: who did it takes it back within 30 s, if nothing rests on it."""

from django.utils.translation import gettext as _

from assemblies import rules
from assemblies.acts.arguments import Whole
from assemblies.acts.declaring import act
from assemblies.door.house import house
from assemblies.door.page import Page
from assemblies.door.undoing import (
    ACT_UNDONE,
    find_entry,
    is_rested_on,
    undone_since,
)
from assemblies.models import Participant
from assemblies.rules.errors import Refused


@act("undo", seq=Whole(least=1, most=10**12))
def undo(page: Page, *, by: Participant, seq: int) -> None:
    """Take back one's own act, or what somebody entered for one."""
    entry = find_entry(page, seq)
    if entry is None or entry.at is None:
        raise Refused("unknown", _("There is no act with that number."))
    if by.key not in (entry.actor, entry.on_behalf_of):
        raise Refused("not_your_role", _("Who did it can undo it."))
    kept = house().reversible.get(entry.kind)
    undo_it = kept.undo if kept is not None else None
    if undo_it is None or not undo_it.by_actor:
        raise Refused("wrong_phase", _("That cannot be undone."))
    if seq in undone_since(page, seq):
        raise Refused("already_done", _("That was undone already."))
    if is_rested_on(page, entry):
        raise Refused("wrong_phase", _("Something rests on it already."))
    if not rules.within(entry.at, page.now, rules.UNDO_WITHIN):
        raise Refused("not_open", _("An act can be undone for 30 seconds."))
    undo_it.take_back(page, entry)
    page.note(ACT_UNDONE, seq=seq, kind=entry.kind)
