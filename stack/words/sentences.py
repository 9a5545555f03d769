"""Sentences about the floor for the minutes: how many spoke, never who showed a signal."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.door.kinds import Names, Summed, facts
from assemblies.models import Entry
from stack.words.labels import order_label


def spoke(entries: Sequence[Entry], names: Names) -> str | None:
    """Count the people who had the floor and did not pass it on."""
    turns: Counter[str] = Counter()
    for entry in entries:
        who = facts(entry).get("who", "")
        if entry.kind == "stack.turn_called":
            turns[who] += 1
            continue
        turns[who] -= 1
        if entry.kind == "stack.turn_yielded":
            turns[facts(entry).get("to", "")] += 1
    n = sum(1 for taken in turns.values() if taken > 0)
    told = ngettext("%(n)s person spoke.", "%(n)s people spoke.", n)
    return told % {"n": n} if n else None


SPOKE = Summed(spoke)


def points(entries: Sequence[Entry], names: Names) -> str:
    """Count the technical points."""
    n = len(entries)
    told = ngettext(
        "%(n)s technical point was dealt with.", "%(n)s technical points were dealt with.", n
    )
    return told % {"n": n}


POINTS = Summed(points)


def reordered(entries: Sequence[Entry], names: Names) -> str:
    """Tell in which order people were heard, at the last."""
    last = facts(entries[-1])
    label = order_label(last.get("order", "plain"), last.get("settings", {}))
    return _("Order of the stack: %(order)s.") % {"order": label}


REORDERED = Summed(reordered)


def moved(entries: Sequence[Entry], names: Names) -> str:
    """Tell how often the stack taker moved somebody, and why; never whom."""
    reasons = "; ".join(dict.fromkeys(str(facts(entry).get("reason", "")) for entry in entries))
    return _("The stack taker moved somebody: %(reasons)s.") % {"reasons": reasons}


MOVED = Summed(moved)


def reopened(entries: Sequence[Entry], names: Names) -> str:
    """Tell how often the stack was reopened."""
    n = len(entries)
    told = ngettext("The stack was reopened.", "The stack was reopened %(n)s times.", n)
    return told % {"n": n}


REOPENED = Summed(reopened)


# --- what the room reads while it can object ------------------------------------------------------


def a_turn_gets_more_time(facts: Mapping[str, Any], names: Names) -> str:
    """Return whose turn gets how many seconds."""
    return _("%(name)s gets %(seconds)s more seconds.") % {
        "name": names.known(facts.get("who")) or "?",
        "seconds": facts.get("seconds", 0),
    }


def the_stack_is_reopened(facts: Mapping[str, Any], names: Names) -> str:
    """Say that the stack is open again."""
    return _("The stack is reopened.")


# --- how an act log counts them -------------------------------------------------------------------


def hands_raised(n: int) -> str:
    """Return how many hands were raised."""
    return ngettext("%(n)s hand was raised.", "%(n)s hands were raised.", n) % {"n": n}


def hands_lowered(n: int) -> str:
    """Return how many hands were lowered."""
    return ngettext("%(n)s hand was lowered.", "%(n)s hands were lowered.", n) % {"n": n}


def signals_shown(n: int) -> str:
    """Return how many signals were shown."""
    return ngettext("%(n)s signal was shown.", "%(n)s signals were shown.", n) % {"n": n}


def turns_ended(n: int) -> str:
    """Return how many turns ended."""
    return ngettext("%(n)s turn ended.", "%(n)s turns ended.", n) % {"n": n}
