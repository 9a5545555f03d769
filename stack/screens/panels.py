"""Panels of the floor: who speaks, who waits; and the next step of the big button."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.door.house import house
from assemblies.door.page import Page
from assemblies.live.printing import FACILITATOR, PROJECTOR, panel
from assemblies.screens.shown import button, ms
from assemblies.sheets import Agenda, Roll
from stack import rules
from stack.models import Hand, HandKind, Turn
from stack.reading.sharing import few_speak, unheard_shown
from stack.rules.orders import DEFAULTS
from stack.services.clock import MORE_SECONDS
from stack.services.orders import REOPENINGS_AT_MOST
from stack.sheets.floor import Floor
from stack.words.labels import about_labels, order_label, order_labels, reason_words, state_labels
from stack.words.signals import WORDS

SHOWN_TO_MEMBERS, SHOWN_TO_FACILITATORS, KEYS_SHOWN = 12, 60, 200


def labels() -> dict[str, str]:
    """Return what the kinds of hands are called."""
    named = {code: str(label) for code, label in HandKind.choices}
    return {**named, "hearing": _("Hearing")}


def served(page: Page, hand: Hand) -> dict[str, Any]:
    """Return a waiting hand as screens show it."""
    people, roll = page.sheet(Roll).by_id, page.sheet(Roll)
    who = people[hand.participant_id]
    by = roll.find(hand.entered_by) if hand.entered_by else None
    return {
        "key": who.key,
        "name": who.name,
        "moved": moved_sentence(page, hand),
        "guest": who.kind not in ("member", "delegate"),
        "kind": hand.kind,
        # In a round somebody may have two rows: the turn offered to them, and their own hand.
        "row": f"{hand.kind}-{who.key}",
        "kind_label": labels()[hand.kind],
        "letter": WORDS[rules.turn_kind(hand.kind)].letter,
        "taken": hand.state == "taken",
        "note": ": ".join(filter(None, [about_labels().get(hand.about, ""), hand.note])),
        "entered": _("entered by %(name)s") % {"name": by.name} if by else "",
    }


def moved_sentence(page: Page, hand: Hand) -> str:
    """Return who moved a hand and why, for all to see."""
    if not hand.moved_to:
        return ""
    by = page.sheet(Roll).find(hand.moved_by)
    return _("moved by %(name)s: %(reason)s") % {
        "name": by.name if by else "?",
        "reason": hand.moved_because,
    }


def speaker(page: Page, turn: Turn) -> dict[str, Any]:
    """Return who speaks, with a clock that ticks by itself.

    Without a clock there is only the talking time: `since` while it runs, `spoken` while it stands.
    """
    who = page.sheet(Roll).by_id[turn.participant_id]
    stopped = turn.stopped_at is not None
    spoken = turn.clock.elapsed(turn.stopped_at or page.now)
    return {
        "key": who.key,
        "name": who.name,
        "kind": turn.kind,
        "kind_label": labels()[turn.kind],
        "seconds": turn.seconds,
        "paused": stopped,
        "ends_at": None if stopped else ms(turn.clock.runs_out_at()),
        "left": turn.clock.left(turn.stopped_at) if turn.stopped_at else None,
        "since": None if stopped else ms(turn.clock.counts_from()),
        "spoken": int(spoken.total_seconds()) if stopped else None,
    }


@panel("floor", "stack/_floor.html", "floor", "roll", "meeting")
def floor_panel(page: Page, audience: str) -> dict[str, Any]:
    """Return who speaks, for how long, and who is next."""
    floor = page.sheet(Floor)
    turn, serving = floor.turn, floor.serving(page)
    served_now = [hand for hand in floor.served_now(page) if hand.state != "taken"]
    return {
        "speaker": speaker(page, turn) if turn is not None else None,
        "then": [served(page, hand) for hand in served_now[:3]],
        "waiting": len(serving),
        "next": served(page, served_now[0]) if served_now else None,
        "point_taken": floor.taken_point() is not None,
        "phase": page.meeting.phase,
        "more_seconds": MORE_SECONDS,
        "keeps_time": floor.keeps_time(page),
    }


@panel("stack", "stack/_stack.html", "floor", "roll", "meeting", "agenda")
def stack_panel(page: Page, audience: str) -> dict[str, Any]:
    """Return who waits, in the order in which they are served."""
    floor, people = page.sheet(Floor), page.sheet(Roll).by_id
    stack = floor.stack(page)
    most = SHOWN_TO_FACILITATORS if audience == FACILITATOR else SHOWN_TO_MEMBERS
    most = 3 if audience == PROJECTOR else most
    ranks = {hand.pk: rank for rank, hand in enumerate(floor.movable(stack), 1)}
    why = floor.reasons(page, stack[:most])
    return {
        "lane": [served(page, hand) for hand in floor.lane[:most]],
        "hands": [
            {
                **served(page, hand),
                "place": place,
                "at": ranks.get(hand.pk),
                "why": " · ".join(filter(None, map(reason_words, because))),
                "as_raised": [one.code for one in because] == ["raised"],
            }
            for place, (hand, because) in enumerate(zip(stack, why, strict=False), 1)
        ],
        "more": max(0, len(stack) - most),
        "waiting": len(stack),
        "order": " ".join(people[hand.participant_id].key for hand in stack[:KEYS_SHOWN]),
        "order_label": order_label(floor.row.order, floor.row.settings),
        "ordered": order_sentence(page),
        "held": house().reason_to_wait(page, stack[0].kind) if stack else None,
        "state": floor.row.state,
        "state_label": state_labels()[floor.row.state],
        "closes_at": ms(floor.row.closes_at),
        "closing": closing_name(page),
        "reopenings_left": REOPENINGS_AT_MOST - floor.row.reopened,
        "ask": floor.must_ask(page),
        "can_move": len(ranks) > 1,
        "in_session": page.meeting.phase in ("in_session", "closing"),
        "sentence": stack_sentence(len(stack), len(floor.lane)),
        "unheard": unheard_shown(page) if audience != PROJECTOR else None,
        "offer_round": audience == FACILITATOR and few_speak(page),
    }


def order_sentence(page: Page) -> str:
    """Return who set the order, and which, for all to see; nothing where nobody did."""
    row = page.sheet(Floor).row
    by = page.sheet(Roll).find(row.ordered_by)
    if by is None:
        return ""
    label = order_label(row.order, row.settings)
    return _("Order set by %(name)s: %(order)s") % {"name": by.name, "order": label}


def closing_name(page: Page) -> str:
    """Return a name for this closing of the stack, so that each is announced once."""
    row, item = page.sheet(Floor).row, page.sheet(Agenda).open
    return f"{row.state}-{item.key if item else ''}-{row.reopened}-{ms(row.closes_at) or ''}"


def stack_sentence(stack: int, lane: int) -> str:
    """Return how many wait, in words."""
    if not stack and not lane:
        return _("No hands up.")
    hands = ngettext("%(n)s hand up", "%(n)s hands up", stack) % {"n": stack}
    if not lane:
        return f"{hands}."
    before = ngettext("%(n)s before the stack", "%(n)s before the stack", lane) % {"n": lane}
    return f"{hands}, {before}."


def call_first(page: Page) -> dict[str, Any] | None:
    """Propose to serve who is first, or to answer the point that was taken."""
    if page.meeting.phase not in ("in_session", "closing"):
        return None
    floor, roll = page.sheet(Floor), page.sheet(Roll)
    if taken := floor.taken_point():
        who = roll.by_id[taken.participant_id]
        label = _("Point of %(name)s is dealt with") % {"name": who.name}
        return button(label, do="answer_point", who=who.key)
    first = next(iter(floor.served_now(page)), None)
    if first is None:
        return None
    who = roll.by_id[first.participant_id]
    if first.kind == "technical_point":
        return button(_("Hear the point of %(name)s") % {"name": who.name}, do="call", who=who.key)
    return button(_("Call %(name)s") % {"name": who.name}, do="call", who=who.key)


def orders(page: Page) -> dict[str, Any]:
    """Return the orders that a facilitator can announce, and the settings that hold now."""
    row = page.sheet(Floor).row
    offered = list(order_labels().items())
    return {"ordering": {**DEFAULTS, **row.settings, "order": row.order, "choices": offered}}


def may_be_given_a_turn(page: Page) -> dict[str, Any]:
    """Return who has a hand up, so that a turn can be given to them."""
    hands = [hand for hand in page.sheet(Floor).stack(page) if hand.kind == "hand"]
    people = [page.sheet(Roll).by_id[hand.participant_id] for hand in hands[:SHOWN_TO_MEMBERS]]
    return {"waiting_people": [{"key": one.key, "name": one.name} for one in people]}
