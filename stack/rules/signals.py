"""Every signal, and what is known of it. Plain Python: no database, no socket.

A new signal is one more line of `KNOWN` (CONTRIBUTING.md, "A new signal"). What follows from it
is derived below, and everything else asks here. Sources: DOMAIN.md 3.2, 6.2; ROOM.md 5, 19.
"""

from dataclasses import dataclass
from datetime import timedelta

FADES_AFTER = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Signal:
    """What is known of one signal.

    `code`: its stored name, at most 12 characters for one that is not a hand. `is_hand`: whether
    showing it asks for the floor. `optional`: whether an assembly has to turn it on. `is_opinion`:
    whether it says what somebody thinks: opinions exclude each other, and a count of people
    without names can give how many hold each. `told_to`: the roles that alone see it, in numbers;
    where it is empty the whole room does. `told_from`: how many must show it before they are told.
    """

    code: str
    is_hand: bool = False
    optional: bool = False
    is_opinion: bool = False
    told_to: tuple[str, ...] = ()
    told_from: int = 1


# In the order of the buttons on a phone.
KNOWN = (
    Signal("hand", is_hand=True),
    Signal("agree", is_opinion=True),
    Signal("disagree", is_opinion=True),
    Signal("technical_point", is_hand=True),
    Signal("clarification", is_hand=True),
    Signal("block"),
    Signal("unsure", is_opinion=True, optional=True),
    Signal("direct_response", is_hand=True, optional=True),
    # Three people: one who is impatient does not hurry anybody.
    Signal("wrap_up", optional=True, told_to=("facilitator",), told_from=3),
    Signal("language", optional=True, told_to=("facilitator", "interpreter")),
)

# --- what follows from it -------------------------------------------------------------------------

BY_CODE = {one.code: one for one in KNOWN}
SHOWN = tuple(one for one in KNOWN if not one.is_hand)
EXCLUSIVE = frozenset(one.code for one in SHOWN if one.is_opinion)
# Shown to the room, opinions first.
SIGNALS = tuple(
    one.code for one in sorted(SHOWN, key=lambda one: not one.is_opinion) if not one.told_to
)
# Shown to those who keep the talk going, not part of the state.
QUIET = tuple(one.code for one in SHOWN if one.told_to)
OPTIONAL = frozenset(one.code for one in KNOWN if one.optional)
# ROOM.md 3 lists these in every state; another one is there while somebody shows it.
IN_EVERY_STATE = ("agree", "disagree", "unsure", "block")


def replaced_by(signal: str) -> frozenset[str]:
    """Return the signals that showing this one lowers."""
    return EXCLUSIVE - {signal} if signal in EXCLUSIVE else frozenset()


def in_use(signal: str, turned_on: list[str]) -> bool:
    """Say whether an assembly uses a signal; `turned_on` is what it chose of the optional ones."""
    return signal not in OPTIONAL or signal in turned_on
