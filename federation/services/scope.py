"""A unit says "this is ours": the matter leaves the council unless enough of all units share it."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from assemblies.acts.arguments import OneOf, Text, text_within
from assemblies.acts.declaring import SITTING, act
from assemblies.door.book import record_body
from assemblies.door.kinds import Silent, card, rows
from assemblies.door.page import Page
from assemblies.models import Assembly, Participant
from assemblies.rules import together
from assemblies.rules.errors import Refused
from assemblies.sheets import Roll
from federation import rules
from federation.models import CouncilItem, Notice
from federation.services.base import Basis, Going, acting, tell_council
from federation.services.ratifying import notify_all
from federation.services.travel import (
    afresh,
    change_proposal,
    council_here,
    doors_around,
    item_here,
    reference,
    rule_for,
    speaks_for,
    still_going,
    tell_others,
)
from federation.sheets.chart import deciding_units
from federation.sheets.councils import Councils, forget
from federation.sheets.seen import unit_of
from federation.words import sentences
from proposals.models import Decision, Proposal
from proposals.rules import Phase
from proposals.sheets.asking import Asking

TIME_TO_ANSWER = timedelta(minutes=2)


@act(
    "object_to_scope",
    beyond=doors_around,
    phases=SITTING,
    item=Going(None),
    reason=Text(""),
    decision=Basis(None),
)
def object_to_scope(
    page: Page,
    *,
    by: Participant,
    item: CouncilItem | None,
    reason: str,
    decision: Decision | None,
) -> None:
    """Say that a matter is our own: as a delegate in the council, or by a decision of our base.

    While it is open nothing is tested on it.
    """
    own = page.sheet(Councils).own
    in_council = own is not None and (item is None or item.council_id == own.council.pk)
    if in_council:
        item, unit = item_here(page, item), speaks_for(page, by)
        if page.sheet(Asking).asking():
            raise Refused("test_open", _("A test or a vote is open. Close it first."))
    else:
        if not page.sheet(Roll).may(by, "facilitator"):
            raise Refused("not_your_role", _("Who facilitates writes down what we decided."))
        item, unit = afresh(item), page.meeting.assembly
    may_object(item, unit)
    reason = text_within(reason, 4000)
    scope = {
        "unit": unit.key,
        "reason": reason,
        "at": page.now.isoformat(),
        "version": item.version,
        "said": {unit.key: "ours"},
    }
    told = reference(item, unit=unit.key, name=unit.name, reason=reason)
    if in_council:
        item.scope = scope
        item.save(update_fields=["scope"])
        page.note(SCOPE_OBJECTED, **told)
        tell_others(page, item=item.key)
        forget(page)
    else:
        base = acting(page, decision)
        item.scope = scope
        item.save(update_fields=["scope"])
        base.note(SCOPE_OBJECTED, **told)
        told.pop("unit")
        tell_council(item.council, base, SCOPE_OBJECTED, SCOPE_OBJECTED, **told)
    notify_all(item, "scope_objected", page.now, by=unit.name, reason=reason)


def may_object(item: CouncilItem, unit: Assembly) -> None:
    """Refuse an objection of who is no unit, to what is over, or that was answered already."""
    still_going(item)
    if unit not in deciding_units(item.council):
        raise Refused("does_not_count", _("Member units say what is their own."))
    if item.scope and not item.scope.get("closed"):
        raise Refused("already_done", _("A unit has said so. That is settled first."))
    if item.scope.get("closed") and item.scope.get("version") == item.version:
        raise Refused(
            "already_done",
            _("The units said on %(date)s that this version is a shared matter.")
            % {"date": str(item.scope["closed"])[:10]},
        )


@act(
    "answer_scope",
    phases=SITTING,
    entered="no_phone",
    item=Going(None),
    answer=OneOf("", words=("shared", "ours")),
)
def answer_scope(page: Page, *, by: Participant, item: CouncilItem | None, answer: str) -> None:
    """Say for one's unit whether a matter is shared; delegates who differ say nothing."""
    if not answer:
        raise Refused("unknown", _("Say whether it is shared or ours, each unit's own."))
    item, unit = objected_to(page, item), speaks_for(page, by)
    entered = {**item.scope.get("entered", {}), by.key: [by.voice, answer]}
    found = together((unit_of(voice), said) for voice, said in entered.values())
    first = {item.scope["unit"]: "ours"}
    item.scope = {**item.scope, "entered": entered, "said": {**first, **found}}
    item.save(update_fields=["scope"])
    page.note(SCOPE_ANSWERED, **reference(item, unit=unit.key, answer=answer))
    forget(page)


def objected_to(page: Page, item: CouncilItem | None) -> CouncilItem:
    """Return an item to whose scope a unit objects, the only one if none is named."""
    if item is None:
        open_ = [row for row in council_here(page).items.values() if is_open(row)]
        item = open_[0] if len(open_) == 1 else None
    item = item_here(page, item)
    if not is_open(item):
        raise Refused("not_open", _("No unit says that this is its own matter."))
    return item


def is_open(item: CouncilItem) -> bool:
    """Say whether it is open whose matter an item is."""
    return bool(item.scope) and not item.scope.get("closed")


@act("close_scope", roles=["facilitator"], phases=SITTING, beyond=doors_around, item=Going(None))
def close_scope(page: Page, *, by: Participant, item: CouncilItem | None) -> None:
    """Count whose matter it is: enough of all units call it shared, or it leaves the council."""
    item = objected_to(page, item)
    if page.sheet(Asking).asking():
        raise Refused("test_open", _("A test or a vote is open. Close it first."))
    units = [unit.key for unit in deciding_units(item.council)]
    waiting = still_to_say(page, item, units)
    if waiting:
        raise Refused(
            "too_early",
            _("%(n)s of the units here have not said so yet; at the latest it closes at %(at)s.")
            % {
                "n": len(waiting),
                "at": page.meeting.assembly.local(latest(page, item)).strftime("%H:%M:%S"),
            },
        )
    share = rule_for(item).shared_share
    answers = item.scope["said"]
    shared = rules.is_shared(answers, units, share)
    numbers: dict[str, Any] = {
        "shared": sum(1 for unit in units if answers.get(unit) == "shared"),
        "of": len(units),
        "needed": rules.units_needed(len(units), share),
    }
    item.scope = {**item.scope, "closed": page.now.isoformat(), **numbers}
    if not shared:
        item.phase, item.answer_until = "removed", None
    item.save(update_fields=["scope", "phase", "answer_until"])
    told = reference(item, result="shared" if shared else "removed", **numbers)
    page.note(SCOPE_CLOSED, **told)
    if not shared:
        change_proposal(
            item, page.now, page, phase=Phase.WITHDRAWN, why_ended=str(item.scope["reason"])[:300]
        )
    with record_body(item.council.assembly, by=by.person, now=page.now) as book:
        book.note(SCOPE_CLOSED, **told)
    tell_others(page, item=item.key)
    notify_all(item, "scope_closed", page.now, result=told["result"], **numbers)
    forget(page)


def still_to_say(page: Page, item: CouncilItem, units: list[str]) -> list[str]:
    """Return the units that are here and for which it is not too late to say something."""
    if page.now >= latest(page, item):
        return []
    here = {unit_of(who.voice) for who in page.sheet(Roll).here() if who.voice}
    return [unit for unit in units if unit in here and unit not in item.scope["said"]]


def latest(page: Page, item: CouncilItem) -> datetime:
    """Return from when it may be counted although somebody here has not said anything."""
    since = datetime.fromisoformat(item.scope["at"])
    started = page.meeting.started_at or since
    return max(since, started) + TIME_TO_ANSWER


# --- the cards of the entries written here ---

SCOPE_OBJECTED = card(
    "federation.scope_objected",
    "council",
    "proposal",
    "question",
    minutes=sentences.scope_objected,
    writes=(
        rows(CouncilItem, key="item"),
        rows(Notice),
    ),
)
SCOPE_ANSWERED = card(
    "federation.scope_answered",
    "council",
    "question",
    minutes=Silent("How each assembly answered is told with the result."),
    writes=(rows(CouncilItem, key="item"),),
)
SCOPE_CLOSED = card(
    "federation.scope_closed",
    "council",
    "proposal",
    "question",
    minutes=sentences.scope_closed,
    writes=(
        rows(CouncilItem, key="item"),
        rows(Proposal),
        rows(Notice),
    ),
)
