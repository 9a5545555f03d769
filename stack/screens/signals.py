"""Signals on screens: how many show each, the buttons of a phone, the forms of a count."""

from typing import Any

from django.utils.translation import gettext as _

from assemblies.door.page import Page
from assemblies.live.printing import FACILITATOR, panel
from assemblies.models import Participant
from assemblies.screens.tools import for_everyone_else
from assemblies.sheets import QuestionSheet, Roll
from stack import rules
from stack.sheets.floor import Floor
from stack.sheets.signals import Signals
from stack.words.signals import WORDS, counted_sentence


def used_here(page: Page, signal: str) -> bool:
    """Say whether the assembly of a meeting uses a signal."""
    return rules.in_use(signal, page.meeting.assembly.optional_signals)


@panel("signals", "stack/_signals.html", "signals", "roll", "meeting")
def signals_panel(page: Page, audience: str) -> dict[str, Any]:
    """Return how many show each signal; never who."""
    counts = page.sheet(Signals).counts()
    counting = max(1, page.sheet(Roll).counting(page.meeting))
    shown = [
        {
            "code": code,
            "label": str(WORDS[code].label),
            "count": n,
            "share": min(100, round(100 * n / counting)),
        }
        for code, n in counts.items()
        if n or used_here(page, code)
    ]
    heads = page.sheet(Signals).heads
    by = page.sheet(Roll).find(heads.by)
    counted = counted_sentence({**dict.fromkeys(rules.SIGNALS, 0), **heads.numbers})
    sitting = page.meeting.phase in ("in_session", "closing")
    serves = audience == FACILITATOR and sitting
    return {
        "counts": shown,
        "sentence": counted_sentence(counts),
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
    return [
        (code, str(WORDS[code].label))
        for code in rules.SIGNALS
        if code in rules.EXCLUSIVE and used_here(page, code)
    ]


def asked_quietly(page: Page, person: Participant) -> dict[str, Any]:
    """Return what people ask of those who keep the talk going: in numbers, never who."""
    roles = set(page.sheet(Roll).roles_of(person))
    shown = page.sheet(Signals).quiet_counts()
    asks = []
    for code, n in shown.items():
        signal, counted = rules.BY_CODE[code], WORDS[code].counted
        if counted and n >= signal.told_from and roles.intersection(signal.told_to):
            asks.append(counted(n))
    return {"asks": asks}


def pad(page: Page, person: Participant) -> list[dict[str, Any]]:
    """Return the buttons of a phone: those of every assembly first, always in the same place."""
    shown = page.sheet(Signals).shown_by(person)
    up = {hand.kind for hand in page.sheet(Floor).waiting if hand.participant_id == person.pk}
    used = [one for one in rules.KNOWN if used_here(page, one.code)]
    return [
        pad_button(one, pressed=one.code in (up if one.is_hand else shown))
        for one in sorted(used, key=lambda one: one.optional)
    ]


def pad_button(signal: rules.Signal, *, pressed: bool) -> dict[str, Any]:
    """Return one button of a phone: it shows a signal, or lowers it where it is shown."""
    code, words = signal.code, WORDS[signal.code]
    return {
        "code": code,
        "kind": "hand" if signal.is_hand else "signal",
        "label": str(words.label),
        "letter": words.letter,
        "key": words.key,
        "optional": signal.optional,
        "lowers": " ".join(sorted(rules.replaced_by(code))),
        "pressed": pressed,
    }


def count_forms(page: Page) -> dict[str, Any]:
    """Return the forms that count people without names, each answer with its last number."""
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
