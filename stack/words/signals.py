"""The words and letters of each signal (DOMAIN.md 6.2)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from assemblies.door.shapes import OptionalSignal
from stack.rules.signals import KNOWN


@dataclass(frozen=True, slots=True)
class SignalWords:
    """The words and marks of one signal.

    `label`: on its button. `letter`: in the corner of the button. `key`: what is pressed on a
    keyboard for it. `counted`: the sentence for n people who show it; hands need none. `choice`:
    what turning it on is called in the settings of an assembly; `first_choice`: the same on the
    page that starts one, where it has other words there.
    """

    label: Promise
    letter: str
    key: str
    counted: Callable[[int], str] | None = None
    choice: Promise | str = ""
    first_choice: Promise | str = ""


def agree(n: int) -> str:
    """Return how many agree."""
    return _("%(n)s agree") % {"n": n}


def disagree(n: int) -> str:
    """Return how many disagree."""
    return _("%(n)s disagree") % {"n": n}


def unsure(n: int) -> str:
    """Return how many are unsure."""
    return _("%(n)s unsure") % {"n": n}


def block(n: int) -> str:
    """Return how many may block."""
    return _("%(n)s may block") % {"n": n}


def wrap_up(n: int) -> str:
    """Return how many ask to come to the point."""
    return ngettext("%(n)s asks to wrap up.", "%(n)s ask to wrap up.", n) % {"n": n}


def language(n: int) -> str:
    """Return how many ask for simpler words or a translation."""
    return ngettext(
        "%(n)s asks for simpler words or a translation.",
        "%(n)s ask for simpler words or a translation.",
        n,
    ) % {"n": n}


# The drawing of a button is the symbol of the same name in static/img/icons.svg.
WORDS: Mapping[str, SignalWords] = {
    "hand": SignalWords(_lazy("Raise hand"), "H", "h"),
    "agree": SignalWords(_lazy("Agree"), "▲", "a", agree),
    "disagree": SignalWords(_lazy("Disagree"), "▼", "d", disagree),
    "technical_point": SignalWords(_lazy("Technical point"), "T", "t"),
    "clarification": SignalWords(_lazy("Clarification"), "C", "c"),
    "block": SignalWords(_lazy("I may block"), "X", "x", block),
    "unsure": SignalWords(_lazy("Unsure"), "~", "u", unsure, _lazy("Unsure: level hands")),
    "direct_response": SignalWords(
        _lazy("Direct response"),
        "R",
        "r",
        choice=_lazy("Direct response: once per item, out of turn"),
    ),
    "wrap_up": SignalWords(
        _lazy("Please wrap up"),
        "W",
        "w",
        wrap_up,
        _lazy("Wrap up: please come to the point"),
        _lazy("Please wrap up: the facilitator alone is told, once three ask"),
    ),
    "language": SignalWords(
        _lazy("Say it more simply"),
        "L",
        "l",
        language,
        _lazy("Language: simpler words or a translation, please"),
        _lazy("Say it more simply, or translate"),
    ),
}


def optional_signals() -> tuple[OptionalSignal, ...]:
    """Return the signals that an assembly can turn on, with what they are called there."""
    words = [(one.code, WORDS[one.code]) for one in KNOWN if one.optional]
    return tuple(
        OptionalSignal(code, word.choice, word.first_choice or word.choice) for code, word in words
    )


def counted_sentence(counts: Mapping[str, int]) -> str:
    """Return what the room shows, in words; `counts` says how many show each signal."""
    shown = [
        words.counted(n)
        for code, n in counts.items()
        if n and (words := WORDS.get(code)) and words.counted
    ]
    return f"{', '.join(shown)}." if shown else _("No signals shown.")
