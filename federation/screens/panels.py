"""What the screens show of councils: units and what they say, items, delegates, recalls."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.door.page import Page
from assemblies.live.printing import FACILITATOR, MEMBER, once, panel, print_parts
from assemblies.models import Assembly
from assemblies.rules import SPLIT, together
from assemblies.screens.panels import for_everyone_else, ms
from assemblies.sheets import Roll, votes_held
from federation.models import Affiliation, CouncilItem, Recall, SeatTerm
from federation.reading.state import may_be_decided, spoken, tally
from federation.rules import HELD_AFTER_RECALL
from federation.screens import own, tools
from federation.screens.next_steps import answered_words, recall_here, recall_moves, still_unsaid
from federation.services.scope import latest
from federation.services.supervising import in_words, some_of
from federation.sheets.chart import Seen, unit_of
from federation.sheets.councils import Councils, seat_in_meeting
from federation.words.vocabulary import notice_words, said_labels, term_end_words
from proposals.screens.asked import counted_by
from proposals.sheets.asking import Asking
from proposals.sheets.table import Proposals
from proposals.words.amounts import share_words

__all__ = ["own", "tools"]

SHOWN = 60
SEATS_SHOWN = 120
ITEMS_SHOWN = 12
INSIDE = frozenset({MEMBER, FACILITATOR})
# Up to how many units there is room for large tiles, for smaller ones.
SIZES = ((9, "few"), (20, "some"), (SHOWN, "many"))
# What stands on a tile beside the words, drawn.
SHAPES = {"for": "agree", "against": "disagree"}


def clock(page: Page, at: datetime) -> str:
    """Return a time as it stands on the clocks of the room, with the day where it is another.

    Another than that of the meeting: at one seq all screens say the same, whenever they look.
    """
    zone, meeting = ZoneInfo(page.meeting.assembly.time_zone), page.meeting
    there, began = at.astimezone(zone), (meeting.started_at or meeting.starts_at).astimezone(zone)
    return date_format(there, "H:i" if there.date() == began.date() else "j M Y, H:i")


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


# --- a council that meets -------------------------------------------------------------------------


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
    """Return what all are shown of a council: its units, and how far the item at hand is."""
    sheet = page.sheet(Councils)
    here, counting = here_for(page), {row.unit.key for row in seen.members() if row.unit}
    item = seen.item_of(page.sheet(Proposals).current(page))
    told = cache(partial(item_shown, page, seen))
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
        "item": told(item) if item is not None else None,
        "items": [told(row) for row in going(seen)],
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


def name_of(seen: Seen, key: str) -> str:
    """Return what a unit is called; its key where it has left."""
    row = seen.unit(key)
    return row.unit.name if row is not None and row.unit is not None else key


@dataclass(frozen=True, slots=True)
class Tile:
    """A unit as screens show it: who is here for it, and what it says, last or now."""

    key: str
    name: str
    kind: str
    here: tuple[str, ...]
    position: str
    shape: str
    label: str
    none: bool
    # How many its answer counts for, in words; "" where all count for one.
    votes: str
    # Until when closing waits for it, in ms.
    held: int | None
    asking: bool


def units_shown(page: Page, seen: Seen, here: dict[str, list[str]]) -> Iterator[Tile]:
    """Yield the units as tiles."""
    asking, said = page.sheet(Asking).asking(), said_last(page)
    waiting, none = held_here(page), none_said(page, seen)
    labels = {**said_labels(), SPLIT: _("Split: no position")}
    votes = votes_held(page.meeting)
    for key, row in islice(seen.by_key.items(), SHOWN):
        answer = said.get(key, "")
        yield Tile(
            key=key,
            name=row.unit.name if row.unit is not None else key,
            kind=str(row.get_kind_display()) if row.kind != "member" else "",
            here=tuple(here.get(key, ())),
            position=answer,
            shape=SHAPES.get(answer, answer),
            label=str(labels[answer]) if answer else "",
            none=key in none and not answer,
            votes=votes_words(votes.get(key)),
            held=ms(waiting.get(key)) if asking else None,
            asking=asking,
        )


def votes_words(n: int | None) -> str:
    """Return how many votes a unit has; "" where all have one."""
    return ngettext("%(n)s vote", "%(n)s votes", n) % {"n": n} if n is not None else ""


def said_last(page: Page) -> dict[str, str]:
    """Return what each unit says in the open question, or said in the last one on this text."""
    asking, proposal = page.sheet(Asking), page.sheet(Proposals).current(page)
    if proposal is None:
        return {}
    test, vote = asking.test_on(proposal), asking.vote_on(proposal)
    rows: list[tuple[str, str]] = []
    if vote is not None and vote is asking.votes[-1]:
        rows = asking.answers_given(page, "ballots")
    elif test is not None and test is asking.tests[-1]:
        rows = asking.answers_given(page, "positions")
    return together((unit_of(voice), answer) for voice, answer in rows)


def held_here(page: Page) -> dict[str, datetime]:
    """Return for which units closing waits after a recall, and until when."""
    heard = spoken(page)
    return {
        unit: at + HELD_AFTER_RECALL
        for unit, at in page.sheet(Councils).changed
        if unit not in heard
    }


def none_said(page: Page, seen: Seen) -> set[str]:
    """Return the units that said of what is at hand that they have no position."""
    item = seen.item_of(page.sheet(Proposals).current(page))
    about = item.key if item is not None else None
    return {unit for unit, of in page.sheet(Councils).none_on.items() if of == about}


def going(seen: Seen) -> list[CouncilItem]:
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


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a seat, by name, with their key where they have a place in this meeting."""

    name: str
    key: str
    here: bool


@dataclass(frozen=True, slots=True)
class SeatShown:
    """A seat as the greeter sees it: who holds it, and who would step in."""

    id: str
    unit: str
    ordinal: int
    votes: str
    delegate: Holder | None
    alternate: Holder | None


def seats_shown(page: Page, seen: Seen) -> Iterator[SeatShown]:
    """Yield for the greeter the seats: who holds each, who would step in, and who is here.

    Where not all can be shown, those come first about which there is something to do.
    """
    seats, votes = seen.seated, votes_held(page.meeting)
    if len(seats) > SEATS_SHOWN:
        seats = sorted(seats, key=lambda one: delegate_here(page, one[1]))
    for seat, delegate, alternate in seats[:SEATS_SHOWN]:
        unit = seen.bodies[seat.unit_id]
        yield SeatShown(
            id=f"{unit.key}-{seat.ordinal}",
            unit=unit.name,
            ordinal=seat.ordinal,
            votes=votes_words(votes.get(unit.key)),
            delegate=holder_shown(page, delegate),
            alternate=holder_shown(page, alternate),
        )


def delegate_here(page: Page, term: SeatTerm | None) -> bool:
    """Say whether there is nothing to do about a seat: its delegate is here."""
    who = seat_in_meeting(page, term.person_id) if term is not None else None
    return who is not None and who.present


def holder_shown(page: Page, term: SeatTerm | None) -> Holder | None:
    """Return who holds a seat."""
    if term is None:
        return None
    who = seat_in_meeting(page, term.person_id)
    return Holder(
        name=term.person.name,
        key=who.key if who is not None else "",
        here=who is not None and who.present,
    )


# --- what is above us -----------------------------------------------------------------------------


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
            for item in going(seen)
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
    """Return how far an item is with us: on our agenda, debated, answered."""
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


# --- a recall -------------------------------------------------------------------------------------


@panel("recall", "federation/_recall.html", "council", "roll", "meeting")
def recall_panel(page: Page, audience: str) -> dict[str, Any]:
    """The recall that is being decided here: what is asked, who is heard, how it stands."""
    found, steers = recall_here(page), audience == FACILITATOR
    if found is None:
        return {"recall": None, "closed": last_recall(page)}
    recall, seen = found
    counts, here = tally(page, recall), page.sheet(Roll).votes(page.meeting)
    who = seat_in_meeting(page, recall.term.person_id)
    since = may_be_decided(recall, seen)
    answers = tools.recall_labels()
    return {
        "recall": {
            "of": str(recall.pk),
            "who": who.key if who is not None else "",
            "name": recall.term.person.name,
            "council": seen.council.assembly.name,
            "reason": recall.reason if audience in INSIDE else "",
            "heard": recall.heard_at is not None,
            "from": clock(page, since),
            "since": ms(since),
            "answers": [
                {
                    "code": code,
                    "label": label,
                    "n": counts[code],
                    "share": round(100 * counts[code] / max(1, here)),
                }
                for code, label in answers.items()
            ],
            "sentence": answered_words(page, recall),
            "needs": _("More than %(share)s of those who say for or against recall.")
            % {"share": share_words(seen.rule.recall_share)},
            "counted": counted_by(page, recall.counted, recall.counted_by),
            "numbers": recall.counted,
        },
        "moves": recall_moves(page, recall, seen) if steers else [],
        "everyone_else": for_everyone_else(page, "answer_recall", "answer", list(answers.items()))
        if steers
        else None,
    }


def last_recall(page: Page) -> str:
    """Return how the last recall of this meeting came out, as a sentence."""
    done: list[Recall] = [row for row in page.sheet(Councils).recalls if row.closed_at is not None]
    if not done or page.meeting.phase == "ended":
        return ""
    last = done[-1]
    words = (
        _("%(name)s was recalled at %(at)s: %(yes)s for, %(no)s against.")
        if last.recalled
        else _("%(name)s was not recalled: %(yes)s for, %(no)s against.")
    )
    return words % {
        "name": last.term.person.name,
        "at": clock(page, last.closed_at) if last.closed_at else "",
        "yes": last.counts.get("for", 0),
        "no": last.counts.get("against", 0),
    }
