"""What the apps add to a state, a personal message, a phone's pad: functions of the page."""

from collections.abc import Callable
from typing import Any

from assemblies.journal import Page
from assemblies.models import Participant

StatePart = Callable[[Page], dict[str, Any]]
MinePart = Callable[[Page, Participant], dict[str, Any]]
PadPart = Callable[[Page, Participant], list[dict[str, Any]]]
Proposing = Callable[[Page], dict[str, Any] | None]
Holding = Callable[[Page, str], str | None]

STATES: list[StatePart] = []
MINES: list[MinePart] = []
PADS: list[PadPart] = []
# Which act a console proposes as the most likely next one; the first that has one is shown.
PRIMARIES: list[Proposing] = []
# What must wait: asked with the kind of hand about to be called ("hand", "clarification", ...), a
# function returns the sentence why it waits, or None. Entries that change its answer touch "floor".
HOLDS: list[Holding] = []


def state_part(part: StatePart) -> StatePart:
    """Have a part of the state of a meeting (ROOM.md 3) computed by an app."""
    STATES.append(part)
    return part


def mine_part(part: MinePart) -> MinePart:
    """Have a part of somebody's personal message computed by an app."""
    MINES.append(part)
    return part


def pad_part(part: PadPart) -> PadPart:
    """Have buttons of a phone's pad supplied by an app."""
    PADS.append(part)
    return part


# What an app adds to the context of a surface: a function of the page.
CONTEXTS: list[StatePart] = []


def context_part(part: StatePart) -> StatePart:
    """Have a part of the context of phone, console and wall supplied by an app."""
    CONTEXTS.append(part)
    return part


def held(page: Page, kind: str) -> str | None:
    """Return why a kind of hand must wait, as the apps say, or None if it may be called."""
    return next((why for hold in HOLDS if (why := hold(page, kind))), None)
