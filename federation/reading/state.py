"""The `council` part of a meeting's state: the council that meets, those above, the recall."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from assemblies.door.page import Page
from assemblies.rules import tally as counted
from assemblies.rules import together
from assemblies.sheets import Roll, votes_held
from federation import rules
from federation.models import Affiliation, CouncilItem, Mandate, Recall, Seat, SeatTerm
from federation.sheets.councils import Councils, meetings_of, participant_of
from federation.sheets.seen import Seen, unit_of
from proposals.sheets.asking import Asking
from proposals.sheets.table import Proposals

ANSWERS = ("for", "against", "abstain")


def council_state(page: Page) -> dict[str, Any]:
    """The council that meets here, those above, and the recall that is being decided."""
    sheet = page.sheet(Councils)
    if sheet.own is None and not sheet.above:
        return {"council": None}
    found: dict[str, Any] = {
        "above": {seen.key: seen_from_below(page, seen) for seen in sheet.above},
        "recall": recall_state(page),
    }
    return {"council": {**(meeting_here(page, sheet.own) if sheet.own else {}), **found}}


def meeting_here(page: Page, own: Seen) -> dict[str, Any]:
    """Return the state of the council that meets: units, seats, items, what closing waits for."""
    sheet, positions = page.sheet(Councils), positions_now(page)
    here = {unit_of(one.voice) for one in page.sheet(Roll).here() if one.voice}
    proposal = page.sheet(Proposals).current(page)
    item = own.item_of(proposal)
    huddle, votes = sheet.huddle, votes_held(page.meeting)
    roll = page.sheet(Roll)
    return {
        "name": own.council.assembly.name,
        "formed": own.council.formed_at is not None,
        "units": {
            row.unit.key: {
                "kind": row.kind,
                "present": row.unit.key in here,
                "position": positions.get(row.unit.key),
                "seats": seats_state(page, own, row),
                **({"votes": votes[row.unit.key]} if row.unit.key in votes else {}),
                **mandate_state(own, row, item),
            }
            for row in own.units.values()
            if row.unit is not None
        },
        "votes": {
            "here": roll.votes(page.meeting),
            "all": sum(votes.values()),
            "answered": page.sheet(Asking).units(page),
        }
        if votes
        else None,
        "changed": [
            {"unit": unit, "at": at.isoformat(timespec="seconds")} for unit, at in sheet.changed
        ],
        "held": units_awaited(page) if page.sheet(Asking).asking() else [],
        "split": [
            row.unit.key
            for row in own.units.values()
            if row.unit is not None and positions.get(row.unit.key) == "split"
        ],
        "apart": apart(page),
        "item": item.key if item is not None else None,
        "items": {row.key: item_state(own, row) for row in own.items.values()},
        "applied": [row.unit.key for row in own.applied],
        "huddle": {
            "open": huddle is not None,
            "item": item_key(own, huddle.item_id) if huddle is not None else None,
        },
    }


def item_key(own: Seen, pk: UUID) -> str | None:
    """Return the key of an item."""
    return next((row.key for row in own.items.values() if row.pk == pk), None)


def positions_now(page: Page) -> dict[str, str]:
    """Return what each unit says in the open test or vote; nothing where none is open."""
    asking = page.sheet(Asking)
    if asking.open_test is not None:
        rows = asking.answers_given(page, "positions")
    elif asking.open_vote is not None:
        rows = asking.answers_given(page, "ballots")
    else:
        rows = []
    return together((unit_of(voice), answer) for voice, answer in rows)


def apart(page: Page) -> dict[str, int]:
    """Return the answers of persons and partners, who are counted apart, in numbers."""
    asking = page.sheet(Asking)
    found: dict[str, int] = {}
    answers = (
        [row.position for row in asking.positions.values() if not row.voice]
        if asking.open_test is not None
        else [row.choice for row in asking.ballots.values() if not row.voice]
        if asking.open_vote is not None
        else []
    )
    for answer in answers:
        found[answer] = found.get(answer, 0) + 1
    return found


def seats_state(page: Page, seen: Seen, row: Affiliation) -> list[dict[str, Any]]:
    """Return the seats of a unit: who holds them, until when, who would step in."""
    return [seat_state(page, seen, seat) for seat in seen.seats[row.unit_id or UUID(int=0)]]


def seat_state(page: Page, seen: Seen, seat: Seat) -> dict[str, Any]:
    """Return the state of one seat: seated, term_ended, vacant."""
    term = seen.terms.get((seat.pk, "delegate"))
    alternate = seen.terms.get((seat.pk, "alternate"))
    end = term.until if term is not None else None
    return {
        "seat": seat.ordinal,
        "state": state_of(seen, term, page.now, seen.last_ends.get(seat.pk)),
        "delegate": name_in(page, term),
        "alternate": name_in(page, alternate),
        "until": seen.council.assembly.local(end).date().isoformat() if end is not None else None,
        "meetings_left": seen.meetings_left(term) if term is not None else None,
    }


def state_of(seen: Seen, term: SeatTerm | None, now: datetime, last_end: str | None) -> str:
    """Return how a seat is held."""
    if term is not None:
        return "term_ended" if seen.over(term, now) else "seated"
    return "term_ended" if last_end == "term_ended" else "vacant"


def name_in(page: Page, term: SeatTerm | None) -> str | None:
    """Return the key of somebody in this meeting, or their name where they have no seat in it."""
    if term is None:
        return None
    who = participant_of(page, term.person_id)
    return who.key if who is not None else term.person.name


def mandate_state(seen: Seen, row: Affiliation, item: CouncilItem | None) -> dict[str, Any]:
    """Return what a unit told its delegates on the item at hand."""
    mandate = seen.mandate(row.unit_id, item) if item is not None and row.unit_id else None
    return {"mandate": mandate_fields(mandate) if mandate is not None else None}


def mandate_fields(mandate: Mandate) -> dict[str, Any]:
    """Return the fields of a mandate, as a script can expect them."""
    return {
        "kind": mandate.kind,
        "position": mandate.position or None,
        "given_here": dict(mandate.given_here) or None,
    }


def item_state(seen: Seen, item: CouncilItem) -> dict[str, Any]:
    """Return the state of an item: which units debated it, what they answered.

    Units stand in it in the order in which they joined.
    """
    answers, had = seen.answers[item.pk], seen.debates[item.pk]
    names = {row.unit_id: row.unit.key for row in seen.units.values() if row.unit is not None}
    given: dict[str, list[str]] = {}
    for unit, key in names.items():
        if unit in answers:
            given.setdefault(answers[unit].answer, []).append(key)
    return {
        "kind": item.kind,
        "phase": item.phase,
        "version": item.version,
        "debated": [
            key for unit, key in names.items() if unit in had and had[unit].debated_at is not None
        ],
        "not_debated": [row.unit.key for row in seen.not_debated(item) if row.unit is not None],
        "scope": bool(item.scope) and not item.scope.get("closed"),
        "referred": [key for key in names.values() if key in item.referred],
        "answers": given,
        "waiting_for": [
            row.unit.key
            for row in seen.members()
            if item.phase == "provisional" and row.unit is not None and row.unit_id not in answers
        ],
        "opted_out": [key for unit, key in names.items() if unit in seen.opted_out[item.pk]],
    }


def seen_from_below(page: Page, seen: Seen) -> dict[str, Any]:
    """Return what a unit's meeting knows of a council above."""
    unit = page.meeting.assembly
    row = seen.units.get(unit.pk)
    return {
        "name": seen.council.assembly.name,
        "formed": seen.council.formed_at is not None,
        "kind": row.kind if row is not None else None,
        "units": [one.unit.key for one in seen.units.values() if one.unit is not None],
        "seats": seats_state(page, seen, row) if row is not None else [],
        "items": {
            item.key: {
                **item_state(seen, item),
                **mandate_state(seen, row, item),
                "debated": row.unit_id in seen.debates[item.pk]
                and seen.debates[item.pk][row.unit_id].debated_at is not None,
            }
            for item in seen.items.values()
            if row is not None and row.unit_id is not None
        },
    }


def recall_state(page: Page) -> dict[str, Any] | None:
    """Return the recall that is open here, or was decided last."""
    sheet = page.sheet(Councils)
    recall = sheet.recall or (sheet.recalls[-1] if sheet.recalls else None)
    if recall is None:
        return None
    seen = sheet.council(recall.term.seat.council.assembly.key)
    counts = tally(page, recall) if recall.under_way else recall.counts
    return {
        "open": recall.under_way,
        "who": name_in(page, recall.term),
        "heard": recall.heard_at is not None,
        "recalled": recall.recalled,
        "from": may_be_decided(recall, seen).isoformat(timespec="seconds")
        if seen is not None and recall.under_way
        else None,
        **{answer: counts.get(answer, 0) for answer in ("for", "against", "abstain")},
    }


# --- recalls ---


def may_be_decided(recall: Recall, seen: Seen) -> datetime:
    """Return from when a recall may be decided.

    Soon after it was opened where the council is meeting now, else after the time of notice.
    """
    live = any(
        meeting.phase in ("in_session", "break", "closing")
        for meeting in meetings_of(seen.council.assembly)
    )
    if live:
        return recall.opened_at + rules.HEARD_BEFORE_RECALL
    notice = timedelta(days=seen.rule.recall_notice_days)
    return recall.opened_at + max(notice, rules.HEARD_BEFORE_RECALL)


def tally(page: Page, recall: Recall) -> dict[str, int]:
    """Return the answers to a recall in numbers, people counted without names included."""
    roll = page.sheet(Roll)
    rows = page.sheet(Councils).answers.values()
    given = counted(
        ((roll.by_id[row.participant_id].voice, row.answer) for row in rows),
        by_unit=roll.by_unit,
        votes=votes_held(page.meeting),
    )
    return {answer: given.get(answer, 0) + int(recall.counted.get(answer, 0)) for answer in ANSWERS}


def spoken(page: Page) -> set[str]:
    """Return the units that answered the open question.

    Also those that said, since they changed delegates, that they have no position.
    """
    sheet, asking = page.sheet(Councils), page.sheet(Asking)
    rows = asking.positions if asking.open_test is not None else asking.ballots
    # Also where a recall came before the question: the unit must be able to answer it.
    return {unit_of(row.voice) for row in rows.values()} | {
        unit
        for unit, at in sheet.said_none
        if all(at >= when for other, when in sheet.changed if other == unit)
    }


def units_awaited(page: Page) -> list[str]:
    """Return the units that closing waits for: five minutes after a recall, or until they spoke."""
    return rules.closing_held(page.sheet(Councils).changed, spoken(page), page.now)
