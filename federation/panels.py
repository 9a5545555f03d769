"""What the screens show of units, delegates, mandates and recalls; and what is a delegate's own."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from assemblies.journal import Page
from assemblies.live.panels import panel
from assemblies.models import Participant
from assemblies.panels import ms
from assemblies.parts import mine_part
from assemblies.sheets import Roll
from federation.models import Affiliation, CouncilItem
from federation.selectors import positions_now
from federation.services.recalls import may_be_decided, tally
from federation.services.supervising import held, in_words
from federation.table import Councils, Seen, seat_in_meeting, unit_of
from proposals import words
from proposals.table import Asking, Proposals

SHOWN = 60


def clock(page: Page, at: datetime) -> str:
    """Return a time as it stands on the clocks of the room, with the day where it is another."""
    zone = ZoneInfo(page.meeting.assembly.time_zone)
    there = at.astimezone(zone)
    same = there.date() == page.now.astimezone(zone).date()
    return there.strftime("%H:%M" if same else "%Y-%m-%d %H:%M")


def where_units_decide(page: Page) -> frozenset[str]:
    """Return what the panel reads where units decide: what they say, who is here, on what."""
    if page.sheet(Councils).own is None:
        return frozenset()
    return frozenset({"test", "roll", "proposal", "agenda"})


@panel("council", "federation/_council.html", "council", more=where_units_decide)
def council_panel(page: Page, audience: str) -> dict[str, Any]:
    """The units that meet, with what each says; or the councils above, with our delegates."""
    sheet = page.sheet(Councils)
    return {
        "meeting_key": page.meeting.key,
        "own": own_shown(page, sheet.own) if sheet.own is not None else None,
        "above": [above_shown(page, seen) for seen in sheet.above],
        "recall": recall_shown(page),
        "owed": [
            {"name": row.council.assembly.name, "title": row.meeting.title, "due_on": row.due_on}
            for row in sheet.owed
        ],
    }


def own_shown(page: Page, own: Seen) -> dict[str, Any]:
    """Return the council that meets here: its units, and how far the item at hand is."""
    sheet, said = page.sheet(Councils), positions_now(page)
    here: dict[str, list[str]] = {}
    for one in page.sheet(Roll).here():
        if one.voice:
            here.setdefault(unit_of(one.voice), []).append(one.name)
    item = own.item_of(page.sheet(Proposals).current(page))
    asking = page.sheet(Asking)
    waiting = held(page) if asking.asking() else []
    labels = {**words.position_labels(), **words.choice_labels(override=True)}
    units = [
        {
            "key": row.unit.key,
            "name": row.unit.name,
            "kind": row.kind,
            "kind_label": row.get_kind_display(),
            "here": here.get(row.unit.key, []),
            "position": said.get(row.unit.key, ""),
            "position_label": _("split: no position")
            if said.get(row.unit.key) == "split"
            else labels.get(said.get(row.unit.key, ""), ""),
            "held": row.unit.key in waiting,
            "none": sheet.none_on.get(row.unit.key, "") == (item.key if item else None),
        }
        for row in own.units.values()
        if row.unit is not None
    ]
    names = {one["key"]: one["name"] for one in units}
    counting = {row.unit_id for row in own.members()}
    return {
        "name": own.council.assembly.name,
        "units_word": own.council.federation.words.get("units") or _("units"),
        "units": units[:SHOWN],
        "more": max(0, len(units) - SHOWN),
        "present": sum(1 for one in units if one["here"]),
        "count": len(counting),
        "asking": asking.asking(),
        "changed": [
            {"name": names.get(unit, unit), "at": clock(page, at)}
            for unit, at in sheet.changed[-5:]
        ],
        "item": item_shown(own, item) if item is not None else None,
        "others": [
            item_shown(own, row) for row in list(own.items.values())[-12:] if row is not item
        ],
        "huddle": {
            "closes_at": ms(sheet.huddle.closes_at),
            "until": clock(page, sheet.huddle.closes_at),
            "answers": len(sheet.huddle_answers),
        }
        if sheet.huddle is not None
        else None,
    }


def item_shown(seen: Seen, item: CouncilItem) -> dict[str, Any]:
    """Return an item as screens show it: where it comes from, who has still to talk about it."""
    origin = seen.units.get(item.origin_id)
    return {
        "key": item.key,
        "title": item.title,
        "kind_label": item.get_kind_display(),
        "phase_label": item.get_phase_display(),
        "origin": origin.unit.name if origin is not None and origin.unit is not None else "",
        "not_debated": [row.unit.name for row in seen.not_debated(item) if row.unit is not None],
        "scope": bool(item.scope) and not item.scope.get("closed"),
        "scope_said": len(item.scope.get("said", ())),
        "told": len([one for one in seen.mandates.values() if one.item_id == item.pk]),
        "referred": [
            row.unit.name
            for row in seen.units.values()
            if row.unit is not None and row.unit.key in item.referred
        ],
        "version": item.version,
        "asked": item.phase == "provisional",
        "answers": [
            {
                "name": row.unit.name,
                "label": seen.answers[item.pk][row.unit.pk].get_answer_display(),
            }
            for row in seen.units.values()
            if row.unit is not None and row.unit.pk in seen.answers[item.pk]
        ],
        "silent": sum(1 for row in seen.members() if row.unit_id not in seen.answers[item.pk]),
        "opted_out": [
            row.unit.name
            for row in seen.units.values()
            if row.unit is not None and row.unit.pk in seen.opted_out[item.pk]
        ],
    }


def above_shown(page: Page, seen: Seen) -> dict[str, Any]:
    """Return a council above: who speaks for us there, what goes round, what we told them."""
    row = seen.units.get(page.meeting.assembly_id)
    unit = page.meeting.assembly_id
    return {
        "key": seen.key,
        "name": seen.council.assembly.name,
        "formed": seen.council.formed_at is not None,
        "delegates": [
            {"name": term.person.name, "until": term.until.date()} for term in seen.delegates(unit)
        ],
        "vacant": len(seen.seats[unit]) - len(seen.delegates(unit)),
        "items": [
            {
                **item_shown(seen, item),
                "mandate": mandate_words(seen, row, item),
                "debated": row is not None and row not in seen.not_debated(item),
            }
            for item in list(seen.items.values())[-12:]
        ],
    }


def mandate_words(seen: Seen, row: Affiliation | None, item: CouncilItem) -> str:
    """Return what a unit told its delegates on an item, in words."""
    mandate = seen.mandate(row.unit_id, item) if row is not None and row.unit_id else None
    return in_words(mandate) if mandate is not None else ""


def recall_shown(page: Page) -> dict[str, Any] | None:
    """Return the recall that is being decided here, in numbers."""
    sheet = page.sheet(Councils)
    recall = sheet.recall
    if recall is None:
        return None
    seen = sheet.council(recall.term.seat.council.assembly.key)
    counts = tally(page, recall)
    return {
        "name": recall.term.person.name,
        "council": recall.term.seat.council.assembly.name,
        "reason": recall.reason,
        "heard": recall.heard_at is not None,
        "from": clock(page, may_be_decided(recall, seen)) if seen is not None else "",
        "for": counts["for"],
        "against": counts["against"],
        "abstain": counts["abstain"],
    }


@mine_part
def my_unit(page: Page, person: Participant) -> dict[str, Any]:
    """For whom I speak here, what they told me on the item at hand, what I answered to a recall."""
    sheet = page.sheet(Councils)
    found: dict[str, Any] = {"unit": None, "mandate": None, "recall": None, "recalled": None}
    if sheet.recall is not None and sheet.above:
        given = sheet.answers.get(person.pk)
        found["recall"] = {
            "answer": given.answer if given is not None else None,
            "mine": seat_in_meeting(page, sheet.recall.term.person_id) is person,
        }
    own = sheet.own
    unit = own.unit(unit_of(person.voice)) if own is not None and person.voice else None
    if own is None or unit is None or unit.unit is None:
        return found
    item = own.item_of(page.sheet(Proposals).current(page))
    found["unit"] = {"key": unit.unit.key, "name": unit.unit.name}
    if item is not None:
        mandate = own.mandate(unit.unit.pk, item)
        found["mandate"] = {
            "words": in_words(mandate) if mandate is not None else _("No mandate on this item."),
            "text": mandate.text if mandate is not None else "",
            "given_here": dict(mandate.given_here) if mandate is not None else {},
        }
    return found
