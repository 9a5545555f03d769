"""The items of a council as screens show them."""

from typing import Any

from assemblies.door.page import Page
from assemblies.screens.shown import ms
from federation.models import CouncilItem
from federation.screens.clocks import clock
from federation.screens.next_steps import still_unsaid
from federation.services.scope import latest
from federation.services.supervising import some_of
from federation.sheets.seen import Seen
from proposals.sheets.table import Proposals

ITEMS_SHOWN = 12


def last_items(seen: Seen) -> list[CouncilItem]:
    """Return the items before a council, and what was over lately, the newest last."""
    return list(seen.items.values())[-ITEMS_SHOWN:]


def item_shown(page: Page, seen: Seen, item: CouncilItem) -> dict[str, Any]:
    """Return an item as screens show it: where it comes from, who has still to talk about it."""
    bodies, answers, out = seen.bodies, seen.answers[item.pk], seen.opted_out[item.pk]
    scope = item.scope if item.scope and not item.scope.get("closed") else {}
    here = item.proposal is not None and item.proposal.key in page.sheet(Proposals).proposals
    open_here = item.phase in ("going_round", "open")
    waiting = [row.unit.name for row in seen.not_debated(item) if row.unit] if open_here else []
    names = {one.key: one.name for one in bodies.values()} if scope or item.referred else {}
    return {
        "key": item.key,
        "title": item.title,
        "version": item.version,
        "kind_label": item.get_kind_display(),
        "phase": item.phase,
        "phase_label": item.get_phase_display(),
        "origin": bodies[item.origin_id].name if item.origin_id in bodies else "",
        "not_debated": some_of(waiting),
        "notice_until": clock(page, item.notice_until),
        "scope": names.get(scope.get("unit", ""), "") if scope else "",
        "scope_shared": sum(1 for one in scope.get("said", {}).values() if one == "shared"),
        "scope_ours": sum(1 for one in scope.get("said", {}).values() if one == "ours"),
        "scope_of": len(seen.members()),
        "scope_since": ms(latest(page, item)) if scope and still_unsaid(page, seen, item) else None,
        "referred": [
            names[unit]
            for unit, back in item.referred.items()
            if unit in names and back.get("version") == item.version
        ],
        "told": sum(1 for _unit, about in seen.mandates if about == item.pk),
        "can_be_brought": item.proposal is not None and open_here and not here,
        "asked": item.phase == "provisional",
        "answers": [
            {"name": one.name, "label": answers[pk].get_answer_display()}
            for pk, one in bodies.items()
            if pk in answers
        ],
        "silent": sum(1 for row in seen.members() if row.unit_id not in answers),
        "answer_until": clock(page, item.answer_until) if item.answer_until else "",
        "opted_out": [one.name for pk, one in bodies.items() if pk in out],
    }
