"""Personal parts of a screen: my place and answers, my roles, the acts I can take back."""

from typing import Any

from django.utils.translation import gettext as _

from assemblies import rules
from assemblies.acts.declaring import SITTING
from assemblies.door.house import house
from assemblies.door.page import Page
from assemblies.door.undoing import undone_since
from assemblies.models import Entry, Participant
from assemblies.screens.shown import ms
from assemblies.screens.tools import acts_by_role
from assemblies.sheets import QuestionSheet, Roll, Service


def my_seat(page: Page, person: Participant) -> dict[str, Any]:
    """Return who somebody is here, and what they may do."""
    roll, sheet = page.sheet(Roll), page.sheet(QuestionSheet)
    counts = roll.counts(person)
    answer = sheet.answers.get(person.pk)
    return {
        "who": person.key,
        "name": person.name,
        "kind": person.kind,
        "present": person.present,
        "counts": counts,
        "may_raise": counts or page.meeting.guests_welcome,
        "roles": roll.roles_of(person),
        "answered": answer.answer if answer else None,
    }


def my_roles(page: Page, person: Participant) -> dict[str, Any]:
    """Return the acts that roles allow on a console, and the wishes for a break (facilitators)."""
    roll = page.sheet(Roll)
    held = roll.roles_of(person)
    wishes = page.sheet(Service).want_a_break if page.meeting.phase in SITTING else []
    by_role = acts_by_role() if held and person.present else {}
    return {
        "may": [name for name, roles in by_role.items() if roll.may(person, *roles)],
        "asked_for_break": person.key in wishes,
        "wishes": [break_wish(roll, key) for key in wishes] if "facilitator" in held else [],
    }


def break_wish(roll: Roll, key: str) -> str:
    """Return who asks for a break, for the facilitators alone."""
    who = roll.find(key)
    return _("%(name)s asks for a break. Only facilitators see this.") % {
        "name": who.name if who else "?"
    }


def my_undo(page: Page, person: Participant) -> dict[str, Any]:
    """Return what somebody can take back: their last act, and acts entered for them."""
    mine: dict[str, Any] = {"undo": None, "entered": []}
    for entry in takeable(page, person):
        until = ms(entry.at + rules.UNDO_WITHIN) if entry.at else None
        if entry.on_behalf_of == person.key:
            by = page.sheet(Roll).find(entry.actor)
            what = _("Entered for you by %(name)s") % {"name": by.name if by else "?"}
            mine["entered"].append({"seq": entry.seq, "what": what, "until": until})
        elif mine["undo"] is None and undoable(entry):
            what = str(house().cards[entry.kind].doer)
            mine["undo"] = {"seq": entry.seq, "what": what, "until": until}
    return mine


def takeable(page: Page, person: Participant) -> list[Entry]:
    """Return the newest entries that somebody may take back, newest first.

    The database is asked only for those who serve the room; a whole hall tapping is not looked up.
    """
    key = person.key
    if not page.sheet(Roll).roles_of(person):
        # Asked for everybody in a handful: as few steps for each entry as can be.
        mine = [entry for entry in page.entries if entry.on_behalf_of == key]
        return [entry for entry in reversed(mine) if entry.kind in house().reversible]
    fresh = [
        entry
        for entry in reversed(page.entries)
        if entry.kind in house().reversible and key in (entry.actor, entry.on_behalf_of)
    ]
    rows = Entry.objects.filter(
        journal=page.journal,
        actor=person.key,
        kind__in=list(house().reversible),
        at__gte=page.now - rules.UNDO_WITHIN,
    )
    seen = {entry.seq for entry in fresh}
    older = [entry for entry in rows.order_by("-seq")[:10] if entry.seq not in seen]
    found = [*fresh, *older]
    undone = undone_since(page, min((entry.seq for entry in found), default=0)) if found else set()
    return [entry for entry in found if entry.seq not in undone]


def undoable(entry: Entry) -> bool:
    """Say whether an undo button is worth showing: a hand is simply lowered again."""
    undo = house().reversible[entry.kind].undo
    return undo is not None and undo.by_actor and undo.offered
