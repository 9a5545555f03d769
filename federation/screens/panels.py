"""The panel of councils: the one that meets here, and those above with our delegates."""

from functools import cache, partial
from typing import Any

from django.utils.translation import gettext as _

from assemblies.door.page import Page
from assemblies.live.printing import FACILITATOR, MEMBER, once, panel, print_parts
from assemblies.models import Assembly
from assemblies.screens.shown import ms
from assemblies.sheets import Roll
from federation.models import Affiliation, CouncilItem, SeatTerm
from federation.screens.clocks import clock
from federation.screens.items import item_shown, last_items
from federation.screens.seats import SEATS_SHOWN, seats_shown
from federation.screens.tiles import SHOWN, name_of, units_shown
from federation.services.supervising import in_words
from federation.sheets.councils import Councils
from federation.sheets.seen import Seen, unit_of
from federation.words.vocabulary import notice_words, term_end_words
from proposals.sheets.table import Proposals

INSIDE = frozenset({MEMBER, FACILITATOR})

# Up to so many units tiles have this size.
SIZES = ((9, "few"), (20, "some"), (SHOWN, "many"))


def where_units_decide(page: Page) -> frozenset[str]:
    """Return the sheets that the panel also reads where a council meets."""
    if page.sheet(Councils).own is None:
        return frozenset()
    return frozenset({"test", "roll", "proposal", "agenda"})


@panel("council", "federation/_council.html", "council", more=where_units_decide)
def council_panel(page: Page, audience: str) -> dict[str, Any]:
    """The units that meet, with what each says; or the councils above, with our delegates."""
    sheet = page.sheet(Councils)
    return {
        "own": own_shown(page, sheet.own, audience) if sheet.own is not None else None,
        "above": [above_shown(page, seen) for seen in sheet.above],
        "applied_to": [
            {"key": row.assembly.key, "name": row.assembly.name} for row in sheet.applied_to
        ],
        "notices": [
            {
                "at": clock(page, row.at),
                "council": row.council.assembly.name,
                "words": notice_words(row),
                "title": row.item.title if row.item is not None else "",
            }
            for row in sheet.notices
        ]
        if audience in INSIDE
        else [],
        "owed": [
            {"name": row.council.assembly.name, "title": row.meeting.title, "due_on": row.due_on}
            for row in sheet.owed
        ],
    }


def own_shown(page: Page, seen: Seen, audience: str) -> dict[str, Any]:
    """Return the council that meets here, as one kind of screen shows it."""
    shown = once(page, "council", lambda: for_everybody(page, seen))
    if audience != FACILITATOR:
        return shown
    return {
        **shown,
        "seats": print_parts("federation/_seat.html", seats_shown(page, seen)),
        "seats_more": max(0, len(seen.seated) - SEATS_SHOWN),
    }


def for_everybody(page: Page, seen: Seen) -> dict[str, Any]:
    """Return what everybody sees of a council: its units, and how far the item at hand is."""
    sheet = page.sheet(Councils)
    here, counting = here_for(page), {row.unit.key for row in seen.members() if row.unit}
    item = seen.item_of(page.sheet(Proposals).current(page))
    shown = cache(partial(item_shown, page, seen))
    return {
        "units_word": seen.council.federation.words.get("units") or _("units"),
        "units": print_parts("federation/_tile.html", units_shown(page, seen, here)),
        "more": max(0, len(seen.by_key) - SHOWN),
        "size": next((size for most, size in SIZES if len(seen.by_key) <= most), SIZES[-1][1]),
        "present": len(counting & here.keys()),
        "count": len(counting),
        "changed": [
            {"name": name_of(seen, unit), "at": clock(page, at)} for unit, at in sheet.changed[-5:]
        ],
        "item": shown(item) if item is not None else None,
        "items": [shown(row) for row in last_items(seen)],
        "huddle": huddle_shown(page, seen),
        "applied": [
            {"key": row.unit.key, "name": row.unit.name, "kind_label": row.get_kind_display()}
            for row in seen.applied
        ],
    }


def here_for(page: Page) -> dict[str, list[str]]:
    """Return who is here for each unit, by name."""
    here: dict[str, list[str]] = {}
    for one in page.sheet(Roll).here():
        if one.voice:
            here.setdefault(unit_of(one.voice), []).append(one.name)
    return here


def huddle_shown(page: Page, seen: Seen) -> dict[str, Any] | None:
    """Return the huddle that is open: until when, and how many have said something."""
    sheet = page.sheet(Councils)
    if sheet.huddle is None:
        return None
    return {
        "of": str(sheet.huddle.pk),
        "closes_at": ms(sheet.huddle.closes_at),
        "title": next(
            (row.title for row in seen.items.values() if row.pk == sheet.huddle.item_id), ""
        ),
        "answers": sum(row.of for row in sheet.huddle_answers),
    }


def above_shown(page: Page, seen: Seen) -> dict[str, Any]:
    """Return a council above: who speaks for us there, what goes round, what we told them."""
    body = page.meeting.assembly
    row, delegates = seen.units.get(body.pk), seen.delegates(body.pk)
    return {
        "key": seen.key,
        "name": seen.council.assembly.name,
        "formed": seen.council.formed_at is not None,
        "kind_label": row.get_kind_display() if row is not None and row.kind != "member" else "",
        "delegates": [delegate_shown(seen, term) for term in delegates],
        "alternates": [delegate_shown(seen, term) for term in seen.alternates(body.pk)],
        "vacant": len(seen.seats[body.pk]) - len(delegates),
        "items": [
            {
                **item_shown(page, seen, item),
                "mandate": mandate_words(seen, row, item),
                **ours(seen, body, item),
            }
            for item in last_items(seen)
        ],
    }


def delegate_shown(seen: Seen, term: SeatTerm) -> dict[str, Any]:
    """Return a delegate of ours: which seat, and until when."""
    return {
        "who": str(term.person_id),
        "name": term.person.name,
        "seat": term.seat.ordinal,
        "until": term_end_words(term, seen.council.assembly, seen.meetings_left(term)),
    }


def ours(seen: Seen, body: Assembly, item: CouncilItem) -> dict[str, Any]:
    """Return what our assembly did about an item: on our agenda, debated, answered."""
    debate, answer = seen.debates[item.pk].get(body.pk), seen.answers[item.pk].get(body.pk)
    had = debate is not None and debate.debated_at is not None
    return {
        "debated": had,
        "on_agenda": debate is not None and bool(debate.agenda_key) and not had,
        "to_debate": debate is None and item.phase in ("going_round", "open"),
        "answer": answer.get_answer_display() if answer is not None else "",
        "to_answer": item.phase == "provisional" and answer is None,
    }


def mandate_words(seen: Seen, row: Affiliation | None, item: CouncilItem) -> str:
    """Return what a unit told its delegates on an item, in words."""
    mandate = seen.mandate(row.unit_id, item) if row is not None and row.unit_id else None
    return in_words(mandate) if mandate is not None else ""
