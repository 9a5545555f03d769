"""What the screens show of the floor."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.door.house import house
from assemblies.door.page import Page
from assemblies.live.printing import FACILITATOR, PROJECTOR, panel
from assemblies.models import Participant
from assemblies.screens.panels import button, for_everyone_else, ms
from assemblies.sheets import Agenda, QuestionSheet, Roll
from stack import rules
from stack.models import Hand, HandKind, Turn
from stack.reading.sharing import few_speak, nudge_of, unheard_shown
from stack.rules.orders import DEFAULTS
from stack.services.clock import MORE_SECONDS
from stack.services.orders import REOPENINGS_AT_MOST
from stack.sheets.floor import Floor
from stack.sheets.signals import Signals
from stack.words.labels import about_labels, order_label, order_labels, reason_words, state_labels

LETTERS = {
    "hand": "H",
    "round": "H",
    "technical_point": "T",
    "clarification": "C",
    "direct_response": "R",
}
SHOWN_TO_MEMBERS, SHOWN_TO_FACILITATORS, KEYS_SHOWN = 12, 60, 200


def signal_words() -> dict[str, tuple[str, str, str]]:
    """Return label, letter and symbol of each signal (DOMAIN.md 6.2)."""
    return {
        "agree": (_("Agree"), "▲", "agree"),
        "disagree": (_("Disagree"), "▼", "disagree"),
        "unsure": (_("Unsure"), "~", "unsure"),
        "block": (_("I may block"), "X", "block"),
    }


def quiet_words() -> dict[str, tuple[str, str, str]]:
    """Return label, letter and symbol of each signal that the room does not see (DOMAIN.md 6.2)."""
    return {
        "wrap_up": (_("Please wrap up"), "W", "wrap_up"),
        "language": (_("Say it more simply"), "L", "language"),
    }


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
        "letter": LETTERS[hand.kind],
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
    """Who speaks, how long, who is next."""
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
    """Who waits, in the order in which they are served."""
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


@panel("signals", "stack/_signals.html", "signals", "roll", "meeting")
def signals_panel(page: Page, audience: str) -> dict[str, Any]:
    """What the room shows, in numbers; never who."""
    counts = page.sheet(Signals).counts()
    counting = max(1, page.sheet(Roll).counting(page.meeting))
    optional = page.meeting.assembly.optional_signals
    shown = [
        {
            "code": code,
            "label": label,
            "letter": letter,
            "shape": shape,
            "count": counts[code],
            "share": min(100, round(100 * counts[code] / counting)),
        }
        for code, (label, letter, shape) in signal_words().items()
        if code not in rules.OPTIONAL or code in optional or counts[code]
    ]
    heads = page.sheet(Signals).heads
    by = page.sheet(Roll).find(heads.by)
    counted = signals_sentence({**dict.fromkeys(rules.SIGNALS, 0), **heads.numbers})
    sitting = page.meeting.phase in ("in_session", "closing")
    serves = audience == FACILITATOR and sitting
    return {
        "counts": shown,
        "sentence": signals_sentence(counts),
        "counted": _("Counted by %(name)s: %(numbers)s")
        % {"name": by.name if by else "?", "numbers": counted}
        if any(heads.numbers.values())
        else "",
        "numbers": heads.numbers,
        "everyone_else": for_everyone_else(page, "show_signal", "signal", answers(page))
        if serves
        else None,
    }


def answers(page: Page) -> list[tuple[str, str]]:
    """Return the signals that say what somebody thinks, with their labels."""
    optional = page.meeting.assembly.optional_signals
    return [
        (code, label)
        for code, (label, _letter, _shape) in signal_words().items()
        if code in rules.EXCLUSIVE and (code not in rules.OPTIONAL or code in optional)
    ]


def signals_sentence(counts: dict[str, int]) -> str:
    """Return what the room shows, in words."""
    said = [
        _("%(n)s agree") % {"n": counts["agree"]} if counts["agree"] else "",
        _("%(n)s disagree") % {"n": counts["disagree"]} if counts["disagree"] else "",
        _("%(n)s unsure") % {"n": counts["unsure"]} if counts["unsure"] else "",
        _("%(n)s may block") % {"n": counts["block"]} if counts["block"] else "",
    ]
    shown = ", ".join(part for part in said if part)
    return f"{shown}." if shown else _("No signals shown.")


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


def my_hands(page: Page, person: Participant) -> dict[str, Any]:
    """What I show and what I wait for."""
    floor = page.sheet(Floor)
    turn = floor.turn
    speaking = turn is not None and turn.participant_id == person.pk
    running = turn is not None and turn.stopped_at is None
    return {
        "hands": [hand.kind for hand in floor.waiting if hand.participant_id == person.pk],
        "signals": page.sheet(Signals).shown_by(person),
        "speaking": speaking,
        "double_time": person.double_time,
        "speaks_until": ms(turn.clock.runs_out_at()) if turn and speaking and running else None,
    }


def asked_quietly(page: Page, person: Participant) -> dict[str, Any]:
    """What people ask of those who keep the talk going: in numbers, never who."""
    roles = set(page.sheet(Roll).roles_of(person))
    if not roles & {"facilitator", "interpreter"}:
        return {"asks": []}
    asked, counts = [], page.sheet(Signals).quiet_counts()
    if "facilitator" in roles and (n := counts["wrap_up"]) >= rules.WRAP_UP_SEEN_FROM:
        asked.append(ngettext("%(n)s asks to wrap up.", "%(n)s ask to wrap up.", n) % {"n": n})
    if n := counts["language"]:
        asks = ngettext(
            "%(n)s asks for simpler words or a translation.",
            "%(n)s ask for simpler words or a translation.",
            n,
        )
        asked.append(asks % {"n": n})
    return {"asks": asked}


def my_nudge(page: Page, person: Participant) -> dict[str, Any]:
    """What I alone am asked about my share of the floor, if anything."""
    kind, item = nudge_of(page, person), page.sheet(Agenda).open
    if kind is None or item is None:
        return {"nudge": None}
    words = {
        "step_back": _("You have spoken much here. Leave others room?"),
        "step_up": _("Not heard from you yet. Step up?"),
    }
    return {"nudge": {"kind": kind, "item": item.key, "sentence": words[kind]}}


def my_neutrality(page: Page, person: Participant) -> dict[str, Any]:
    """Remind who facilitates that arguing comes after handing over (DOMAIN.md 4)."""
    floor = page.sheet(Floor)
    argues = "facilitator" in page.sheet(Roll).roles_of(person) and any(
        floor.of(person, kind) for kind in ("hand", "direct_response")
    )
    told = _("You facilitate. Hand over first if you want to argue.")
    return {"neutral": told if argues else ""}


def pad(page: Page, person: Participant) -> list[dict[str, Any]]:
    """Return the signal pad of a phone: six signals, always in the same place."""
    floor, shown = page.sheet(Floor), page.sheet(Signals).shown_by(person)
    up = {hand.kind for hand in floor.waiting if hand.participant_id == person.pk}
    words = {**signal_words(), **quiet_words()}

    def hand(kind: str, label: str, shape: str) -> dict[str, Any]:
        return {
            "code": kind,
            "kind": "hand",
            "do": "lower_hand" if kind in up else "raise_hand",
            "label": label,
            "letter": LETTERS[kind],
            "shape": shape,
            "pressed": kind in up,
        }

    def signal(code: str) -> dict[str, Any]:
        label, letter, shape = words[code]
        return {
            "code": code,
            "kind": "signal",
            "do": "lower_signal" if code in shown else "show_signal",
            "label": label,
            "letter": letter,
            "shape": shape,
            "pressed": code in shown,
        }

    buttons = [
        hand("hand", _("Raise hand"), "hand"),
        signal("agree"),
        signal("disagree"),
        hand("technical_point", _("Technical point"), "technical_point"),
        hand("clarification", _("Clarification"), "clarification"),
        signal("block"),
    ]
    optional = page.meeting.assembly.optional_signals
    if "unsure" in optional:
        buttons.append(signal("unsure"))
    if "direct_response" in optional:
        buttons.append(hand("direct_response", _("Direct response"), "direct_response"))
    return [*buttons, *(signal(code) for code in rules.QUIET if code in optional)]


def orders(page: Page) -> dict[str, Any]:
    """The orders that a facilitator can announce, and the settings that hold now."""
    row = page.sheet(Floor).row
    offered = list(order_labels().items())
    return {"ordering": {**DEFAULTS, **row.settings, "order": row.order, "choices": offered}}


def may_be_given_a_turn(page: Page) -> dict[str, Any]:
    """Who has a hand up: to them a turn can be given."""
    hands = [hand for hand in page.sheet(Floor).stack(page) if hand.kind == "hand"]
    people = [page.sheet(Roll).by_id[hand.participant_id] for hand in hands[:SHOWN_TO_MEMBERS]]
    return {"waiting_people": [{"key": one.key, "name": one.name} for one in people]}


def count_forms(page: Page) -> dict[str, Any]:
    """What can be counted of people without names, each answer with the number counted last."""
    question = page.sheet(QuestionSheet).open
    given = question.counted if question is not None else {}
    shown = page.sheet(Signals).heads.numbers
    return {
        "count_signals": [
            {"code": code, "label": label, "count": shown.get(code, 0)}
            for code, label in answers(page)
        ],
        "count_question": [
            {"code": code, "label": label, "count": given.get(code, 0)}
            for code, label in (("yes", _("Yes")), ("no", _("No")))
        ],
    }
