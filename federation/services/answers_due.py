"""What becomes of a council item when the time for answers is over."""

from datetime import datetime
from typing import Any

from assemblies.door.book import record_body
from assemblies.door.journal import record
from assemblies.door.kinds import card, rows
from assemblies.door.page import Page
from federation import rules
from federation.models import CouncilItem, MemberAnswer, Notice
from federation.rules import ItemPhase
from federation.services.base import notify
from federation.services.ratifying import (
    IN_FORCE,
    day_of,
    members_and_answers,
    notify_all,
    phase_by_answers,
)
from federation.services.travel import (
    afresh,
    reference,
    rule_for,
    tell_others,
)
from federation.sheets.chart import deciding_units
from federation.sheets.councils import (
    COUNCIL_CHANGED,
    LAPSED,
    meetings_of,
)
from federation.words import sentences


def close_window(item: CouncilItem, now: datetime) -> tuple[str, dict[str, Any]]:
    """Move an item when the time for answers is over; return the kind and facts to note."""
    rule, told = rule_for(item), reference(item, version=item.version)
    if rule.ratification == "members":
        return MEMBERS_COUNTED, {**told, **count_members(item, now)}
    outcome = phase_by_answers(item, over=True)
    if outcome == ItemPhase.LAPSED:
        item.move_to(ItemPhase.LAPSED)
        item.save(update_fields=["phase"])
        notify_all(item, "lapsed", now)
        return LAPSED, told
    if outcome == ItemPhase.IN_FORCE:
        # Units have left, or the rule has changed, since the last answer.
        item.move_to(ItemPhase.IN_FORCE)
        item.save(update_fields=["phase"])
        notify_all(item, "item_in_force", now)
        return IN_FORCE, told
    # Nothing lapses where all have to agree: it waits for those who are silent (S14).
    members, answers = members_and_answers(item)
    silent = rules.waiting_for(members, answers)
    item.answer_until = None
    item.save(update_fields=["answer_until"])
    units = [unit for unit in deciding_units(item.council) if unit.key in silent]
    notify(item.council, units, "item_waiting", now, item=item, title=item.title)
    return WAITING, {**told, "waiting": len(silent)}


def count_members(item: CouncilItem, now: datetime) -> dict[str, Any]:
    """Count the answers of all members, each once, and delete who answered what."""
    rows = MemberAnswer.objects.filter(item=item, version=item.version)
    counts = tally_of(item)
    agreed = rules.agreed_by_members(
        counts["for"], counts["against"], rule_for(item).ratify_members
    )
    item.move_to(ItemPhase.IN_FORCE if agreed else ItemPhase.NOT_AGREED)
    item.adopted = {**item.adopted, "members": counts}
    item.save(update_fields=["phase", "adopted"])
    rows.delete()
    notify_all(item, "item_in_force" if agreed else "not_agreed", now)
    return {"result": item.phase, **{name: counts[name] for name in ("for", "against", "abstain")}}


def tally_of(item: CouncilItem) -> dict[str, Any]:
    """Return how many members answered what, in all and in each unit."""
    rows = MemberAnswer.objects.filter(item=item, version=item.version)
    counts: dict[str, Any] = {"for": 0, "against": 0, "abstain": 0, "by_unit": {}}
    for unit, answer in rows.values_list("unit__key", "answer"):
        here = counts["by_unit"].setdefault(unit, {"for": 0, "against": 0, "abstain": 0})
        counts[answer] += 1
        here[answer] += 1
    return counts


def window_over(page: Page, row: CouncilItem, due: datetime) -> None:
    """Settle the end of the time for answers in a meeting of the council, dated when it was due."""
    item, at = afresh(row), row.answer_until or due
    if item.phase == ItemPhase.PROVISIONAL and item.answer_until == row.answer_until:
        what, facts = close_window(item, page.now)
        page.note(what, at=at, **facts)
        tell_others(page, item=item.key)
        return
    # Another meeting of this council, or nobody's, has seen it before.
    page.note(COUNCIL_CHANGED, item=item.key)


def settle_windows(now: datetime) -> int:
    """Settle the items of which the time is over where no council met; return how many."""
    waiting = CouncilItem.objects.filter(phase=ItemPhase.PROVISIONAL, answer_until__lt=now)
    done = 0
    for item in waiting.select_related("council__assembly"):
        meetings = meetings_of(item.council.assembly)
        for meeting in meetings:
            with record(meeting, now=now):
                pass
        if not meetings:
            with record_body(item.council.assembly, by=None, now=now) as book:
                fresh = afresh(item)
                if fresh.phase == ItemPhase.PROVISIONAL and fresh.answer_until == item.answer_until:
                    what, facts = close_window(fresh, now)
                    book.note(what, due=day_of(item, item.answer_until), **facts)
        done += 1
    return done


# --- the cards of the entries written here ---

WAITING = card(
    "federation.item_waiting",
    "council",
    minutes=sentences.waiting,
    writes=(
        rows(CouncilItem, key="item"),
        rows(Notice),
    ),
)
MEMBERS_COUNTED = card(
    "federation.members_counted",
    "council",
    minutes=sentences.members_counted,
    writes=(
        rows(CouncilItem, key="item"),
        rows(MemberAnswer),
        rows(Notice),
    ),
)
