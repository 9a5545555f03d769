"""The orders in which an assembly hears those who wait. Plain Python: no database, no socket.

An order is a view: it looks at who waits and who has spoken and says who comes next. It never
removes anybody, and the number of arrival stays what it was. Source: DOMAIN.md 3.2.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

OVERTAKES_AT_MOST = 5
OPEN_RUN_LIMIT = 1  # fzs; Humboldt University has 3
RESERVED, OPEN = "reserved", "open"
# What each order wants to know, and what holds where nobody said anything else.
SETTINGS = {
    "balanced": ("measure",),
    "step_up": ("groups", "step"),
    "zipper": ("reserved", "open_run_limit"),
    "representation": ("groups",),
}
MEASURES = ("turns", "seconds")
DEFAULTS: Mapping[str, Any] = {
    "measure": "turns",
    "groups": (),
    "step": 1,
    "reserved": (),
    "open_run_limit": OPEN_RUN_LIMIT,
    "max_wait_overtakes": OVERTAKES_AT_MOST,
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One who waits, as the orders see it.

    `n`: number of arrival on this item. `turns`, `seconds`: spoken on this item so far, the turn
    under way included. `groups`: self-described, never shown. `overtaken`: how many who arrived
    later were called before.
    """

    who: str
    n: int
    turns: int = 0
    seconds: int = 0
    groups: frozenset[str] = frozenset()
    overtaken: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    """What happened on this item so far: whose lists and groups have had which turns."""

    lists: tuple[str, ...] = ()  # of each turn really taken, reserved or open, oldest first
    turns: Mapping[str, int] = field(default_factory=dict)  # by group
    present: Mapping[str, int] = field(default_factory=dict)  # who counts now, by group
    all_turns: int = 0
    all_present: int = 0


Order = Callable[[Sequence[Waiting], Heard, Mapping[str, Any]], list[Waiting]]


def by_arrival(waiting: Sequence[Waiting]) -> list[Waiting]:
    """Return who waits in the order of arrival."""
    return sorted(waiting, key=lambda one: one.n)


def as_raised(
    waiting: Sequence[Waiting], heard: Heard, settings: Mapping[str, Any]
) -> list[Waiting]:
    """In the order of raising (000:64)."""
    return by_arrival(waiting)


def first_time(
    waiting: Sequence[Waiting], heard: Heard, settings: Mapping[str, Any]
) -> list[Waiting]:
    """Who has not spoken on this item comes first."""
    return sorted(waiting, key=lambda one: (one.turns > 0, one.n))


def balanced(
    waiting: Sequence[Waiting], heard: Heard, settings: Mapping[str, Any]
) -> list[Waiting]:
    """Who had the fewest turns (or seconds) comes first."""
    by_seconds = settings.get("measure") == "seconds"
    return sorted(waiting, key=lambda one: (one.seconds if by_seconds else one.turns, one.n))


def step_up(waiting: Sequence[Waiting], heard: Heard, settings: Mapping[str, Any]) -> list[Waiting]:
    """Each ground moves up by `step` places: not yet spoken; of a group the assembly prioritises.

    Nobody is overtaken by an entry more than step x grounds places behind.
    """
    step, groups = int(settings.get("step", 1)), frozenset(settings.get("groups", ()))

    def key(one: Waiting) -> tuple[int, int, int]:
        """Return by what somebody is sorted."""
        grounds = (one.turns == 0) + bool(one.groups & groups)
        return one.n - step * grounds, -grounds, one.n

    return sorted(waiting, key=key)


def zipper(waiting: Sequence[Waiting], heard: Heard, settings: Mapping[str, Any]) -> list[Waiting]:
    """Reserved list and open list take turns, the reserved one first; first-timers first in each.

    They alternate over the turns really taken, also where one was taken only because the other
    list was empty.
    """
    reserved = frozenset(settings.get("reserved", ()))
    lists = {
        RESERVED: first_time([one for one in waiting if one.groups & reserved], heard, {}),
        OPEN: first_time([one for one in waiting if not one.groups & reserved], heard, {}),
    }
    due = RESERVED if not heard.lists or heard.lists[-1] == OPEN else OPEN
    order: list[Waiting] = []
    while lists[RESERVED] or lists[OPEN]:
        taken = due if lists[due] else other(due)
        order.append(lists[taken].pop(0))
        due = other(taken)
    return order


def other(name: str) -> str:
    """Return the other list."""
    return OPEN if name == RESERVED else RESERVED


def must_ask(waiting: Sequence[Waiting], heard: Heard, settings: Mapping[str, Any]) -> bool:
    """Say whether the room is to be asked if the reserved list has anybody (zipper)."""
    reserved = frozenset(settings.get("reserved", ()))
    if any(one.groups & reserved for one in waiting):
        return False
    run = 0
    for name in reversed(heard.lists):
        if name == RESERVED:
            break
        run += 1
    return run >= int(settings.get("open_run_limit", OPEN_RUN_LIMIT))


def representation(
    waiting: Sequence[Waiting], heard: Heard, settings: Mapping[str, Any]
) -> list[Waiting]:
    """The group whose share of turns lags most behind its share of those present comes first.

    Recomputed before each pick, as if those picked had spoken; ties by arrival.
    """
    groups = [str(name) for name in settings.get("groups", ())]
    turns = {name: heard.turns.get(name, 0) for name in groups}
    total, present = heard.all_turns, max(1, heard.all_present)
    queues: dict[tuple[str, ...], list[Waiting]] = {}
    for one in reversed(by_arrival(waiting)):
        queues.setdefault(tuple(name for name in groups if name in one.groups), []).append(one)
    order: list[Waiting] = []

    def lag(names: tuple[str, ...]) -> int:
        """Return how far the turns of these groups lag behind their presence."""
        # share of those present less share of turns, over the common denominator.
        spoken = max(1, total)
        return max(
            (heard.present.get(name, 0) * spoken - turns[name] * present for name in names),
            default=-2 * spoken * present,
        )

    while queues:
        names = min(queues, key=lambda names: (-lag(names), queues[names][-1].n))
        order.append(queues[names].pop())
        if not queues[names]:
            del queues[names]
        total += 1
        for name in names:
            turns[name] += 1
    return order


ORDERS: dict[str, Order] = {
    "plain": as_raised,
    "first_time": first_time,
    "balanced": balanced,
    "step_up": step_up,
    "zipper": zipper,
    "representation": representation,
    "manual": as_raised,
    # A go-round stands before the hands, which wait as they were raised.
    "round": as_raised,
}


def speaking_order(
    code: str,
    waiting: Sequence[Waiting],
    heard: Heard,
    settings: Mapping[str, Any],
    moved: Mapping[str, int],
) -> list[Waiting]:
    """Return who waits in speaking order: the order, then moves by hand, then the guard.

    `moved` holds the place (from 1) that the stack taker gave somebody. Who has been overtaken
    too often stands fixed at the head, whatever the order.
    """
    at_most = int(settings.get("max_wait_overtakes", OVERTAKES_AT_MOST))
    fixed = by_arrival([one for one in waiting if one.overtaken >= at_most])
    free = [one for one in waiting if one.overtaken < at_most]
    order = ORDERS[code]([one for one in free if one.who not in moved], heard, settings)
    for one in sorted(
        (one for one in free if one.who in moved), key=lambda one: (moved[one.who], one.n)
    ):
        order.insert(min(len(order), max(0, moved[one.who] - 1)), one)
    return [*fixed, *order]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody stands where they stand: a code (stack.words has the words) and a number."""

    code: str
    number: int = 0


def reasons(
    code: str, one: Waiting, place: int, settings: Mapping[str, Any], *, moved: bool = False
) -> tuple[Reason, ...]:
    """Return why somebody stands where they stand, the weightiest reason first.

    `place`: where they would stand by arrival alone. Groups are never looked at, so no reason
    beside a name tells to which group somebody belongs: in `step_up` only the ground "not yet
    heard" is given, which everybody could see; where lists or groups decide (`zipper`,
    `representation`) all have the same reason, the order itself. What can be read off an
    announced order cannot be hidden, but it is not spelled out.
    """
    raised = Reason("raised", place)
    if one.overtaken >= int(settings.get("max_wait_overtakes", OVERTAKES_AT_MOST)):
        return Reason("overtaken", one.overtaken), raised
    if moved:
        return Reason("moved"), raised
    because = ordered_because(code, one, settings)
    return (because, raised) if because else (raised,)


def ordered_because(code: str, one: Waiting, settings: Mapping[str, Any]) -> Reason | None:
    """Return what an order itself says of somebody; None where only the arrival counts."""
    match code:
        case "first_time":
            return Reason("heard", one.turns) if one.turns else Reason("not_heard")
        case "balanced" if settings.get("measure") == "seconds":
            return Reason("seconds", one.seconds)
        case "balanced":
            return Reason("turns", one.turns)
        case "step_up":
            step = int(settings.get("step", 1))
            return Reason("heard", one.turns) if one.turns else Reason("up", step)
        case "zipper":
            return Reason("alternate")
        case "representation":
            return Reason("represented")
    return None
