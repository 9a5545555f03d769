"""What the minutes say of the floor: how many spoke, never who showed what."""

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.models import Entry
from assemblies.records.sentences import Names, facts, silent, summed
from stack.services import clock as timing
from stack.services import orders as ordering
from stack.services import turns as services
from stack.sheets import floor, signals
from stack.words import order_label

silent(
    services.HAND_RAISED,
    services.HAND_LOWERED,
    services.SIGNAL_SHOWN,
    services.SIGNAL_LOWERED,
    signals.SIGNALS_FADED,
    signals.COUNT_FADED,
    services.TURN_ENDED,
    timing.CLOCK_STOPPED,
    timing.CLOCK_STARTED,
    timing.CLOCK_SET,
    timing.TURN_EXTENDED,
    timing.DOUBLE_TIME_SET,
    services.POINT_TAKEN,
    floor.STACK_CLOSED,
    ordering.LAST_CALLED,
    ordering.ROOM_COUNTED,
)


@summed(services.TURN_CALLED, services.TURN_YIELDED, services.TURN_PASSED)
def spoke(entries: Sequence[Entry], names: Names) -> str | None:
    """Count the people who had the floor and did not pass it on."""
    turns: Counter[str] = Counter()
    for entry in entries:
        who = facts(entry).get("who", "")
        if entry.kind == services.TURN_CALLED:
            turns[who] += 1
            continue
        turns[who] -= 1
        if entry.kind == services.TURN_YIELDED:
            turns[facts(entry).get("to", "")] += 1
    n = sum(1 for taken in turns.values() if taken > 0)
    told = ngettext("%(n)s person spoke.", "%(n)s people spoke.", n)
    return told % {"n": n} if n else None


@summed(services.POINT_ANSWERED)
def points(entries: Sequence[Entry], names: Names) -> str:
    """Count the technical points."""
    n = len(entries)
    told = ngettext(
        "%(n)s technical point was dealt with.", "%(n)s technical points were dealt with.", n
    )
    return told % {"n": n}


@summed(ordering.ORDER_SET)
def reordered(entries: Sequence[Entry], names: Names) -> str:
    """Tell in which order people were heard, at the last."""
    last = facts(entries[-1])
    label = order_label(last.get("order", "plain"), last.get("settings", {}))
    return _("Order of the stack: %(order)s.") % {"order": label}


@summed(ordering.HAND_MOVED)
def moved(entries: Sequence[Entry], names: Names) -> str:
    """Tell how often the stack taker moved somebody, and why; never whom."""
    reasons = "; ".join(dict.fromkeys(str(facts(entry).get("reason", "")) for entry in entries))
    return _("The stack taker moved somebody: %(reasons)s.") % {"reasons": reasons}


@summed(ordering.STACK_REOPENED)
def reopened(entries: Sequence[Entry], names: Names) -> str:
    """Tell how often the stack was reopened."""
    n = len(entries)
    told = ngettext("The stack was reopened.", "The stack was reopened %(n)s times.", n)
    return told % {"n": n}
