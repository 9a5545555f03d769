"""Signals: what people show the room, such as "agree", until it fades."""

from django.utils.translation import gettext as _

from assemblies.acts.arguments import OneOf
from assemblies.acts.declaring import SITTING, act
from assemblies.door.kinds import Silent, Undo, card, rows
from assemblies.door.page import Page
from assemblies.models import Entry, Participant
from assemblies.rules.errors import Refused
from assemblies.sheets import Roll
from stack import rules
from stack.models import HandSignal
from stack.sheets.signals import Signals
from stack.words import sentences


def uses(page: Page, signal: str) -> None:
    """Refuse an optional signal that this assembly does not use (DOMAIN.md 6.2)."""
    if not rules.in_use(signal, page.meeting.assembly.optional_signals):
        raise Refused("not_open", _("This assembly does not use that signal."))


def shows_what_they_think(page: Page, person: Participant) -> bool:
    """Say whether somebody agrees, disagrees or is unsure just now."""
    return bool(rules.EXCLUSIVE.intersection(page.sheet(Signals).shown_by(person)))


@act(
    "show_signal",
    counts=True,
    phases=SITTING,
    entered="anyone",
    answered=shows_what_they_think,
    signal=OneOf(words=(*rules.SIGNALS, *rules.QUIET)),
)
def show_signal(page: Page, *, by: Participant, signal: str) -> None:
    """Show a signal to the room; what says the opposite is lowered."""
    signals = page.sheet(Signals)
    uses(page, signal)
    for other in rules.replaced_by(signal):
        signals.lower(page, by, other)
    signals.show(page, by, signal)
    page.note(SIGNAL_SHOWN, signal=signal)


@act("lower_signal", entered="anyone", signal=OneOf("", words=(*rules.SIGNALS, *rules.QUIET)))
def lower_signal(page: Page, *, by: Participant, signal: str) -> None:
    """Take a signal down, or all of them where none is named."""
    signals = page.sheet(Signals)
    for name in [signal] if signal else signals.shown_by(by):
        if signals.lower(page, by, name):
            page.note(SIGNAL_LOWERED, signal=name)


# --- taking back ---------------------------------------------------------------------------------


def unshow(page: Page, entry: Entry) -> None:
    """Lower a signal that was entered."""
    person = page.sheet(Roll).find(entry.on_behalf_of or entry.actor)
    if person is not None:
        page.sheet(Signals).lower(page, person, (entry.facts or {})["signal"])


def reshow(page: Page, entry: Entry) -> None:
    """Show again a signal that was lowered."""
    signals, name = page.sheet(Signals), (entry.facts or {})["signal"]
    person = page.sheet(Roll).find(entry.on_behalf_of or entry.actor)
    if person is None or not person.present:
        raise Refused("wrong_phase", _("That person has left."))
    if rules.replaced_by(name) & set(signals.shown_by(person)):
        raise Refused("wrong_phase", _("Another signal is shown."))
    signals.show(page, person, name)


# --- the cards of the entries written here ---

SIGNAL_SHOWN = card(
    "stack.signal_shown",
    "signals",
    minutes=Silent("Signals leave numbers, never names."),
    erasable=True,
    undo=Undo(unshow, offered=False),
    log=sentences.signals_shown,
    writes=(rows(HandSignal),),
)
SIGNAL_LOWERED = card(
    "stack.signal_lowered",
    "signals",
    minutes=Silent("Signals leave numbers, never names."),
    erasable=True,
    undo=Undo(reshow, offered=False),
    writes=(rows(HandSignal),),
)
