"""How a room shares the floor, in exact fractions. Plain Python: no database, no socket.

"Spoken" is what the speaking orders count (ROOM.md 5, 11): turns of kind hand, neither passed nor
yielded. Only aggregates are public; what is about one person is for that person alone, and a
group is measured only where no sum can be led back to fewer than three people.
Source: DOMAIN.md 3.3.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

LEAST = 3  # people behind any number that is shown
STEP_BACK_RATIO = 3  # times the fair share
STEP_BACK_TURNS = 2
FEW = Fraction(3, 4)  # of all talking time


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one person has said: how often, and for how many seconds."""

    turns: int = 0
    seconds: int = 0


def spoken(turns: Iterable[tuple[str, int]]) -> dict[str, Spoken]:
    """Return what everybody has said; a turn is (who, seconds)."""
    count: Counter[str] = Counter()
    time: Counter[str] = Counter()
    for who, seconds in turns:
        count[who] += 1
        time[who] += seconds
    return {who: Spoken(turns, time[who]) for who, turns in count.items()}


def share(part: int, whole: int) -> Fraction:
    """Return a part of a whole; nothing of nothing is 0."""
    return Fraction(part, whole) if whole else Fraction(0)


def fair_share(seconds: Collection[int], present: int) -> Fraction:
    """Return the seconds that each of those present would have had, had all had the same."""
    return share(sum(seconds), present)


def ratio(seconds: int, fair: Fraction) -> Fraction:
    """Return how many times the fair share somebody has had."""
    return seconds / fair if fair else Fraction(0)


def top(seconds: Collection[int], people: int) -> Fraction:
    """Return the share of all talking time that the `people` who spoke longest have had."""
    return share(sum(sorted(seconds, reverse=True)[:people]), sum(seconds))


def unheard(people: Collection[str], said: Mapping[str, Spoken]) -> set[str]:
    """Return who has not spoken."""
    return {who for who in people if who not in said}


def gini(seconds: Collection[int]) -> Fraction:
    """Return how unequal the times are: 0 is all the same, near 1 is one person alone.

    `seconds` holds everybody present, those at 0 too.
    """
    n, total = len(seconds), sum(seconds)
    if not total:
        return Fraction(0)
    ranked = sum(rank * one for rank, one in enumerate(sorted(seconds), start=1))
    return Fraction(2 * ranked, n * total) - Fraction(n + 1, n)


def step_back(own: Spoken, total: int, present: int) -> bool:
    """Say whether somebody is asked, in private, to leave room to others."""
    fair = share(total, present)
    return own.turns >= STEP_BACK_TURNS and ratio(own.seconds, fair) >= STEP_BACK_RATIO


def nudges(
    people: Collection[str], said: Mapping[str, Spoken], *, present: int, half_over: bool
) -> dict[str, str]:
    """Return who is to be told something in private: "step_back" or "step_up".

    `half_over`: half of the item's time is gone; before it nobody is asked to step up, nor where
    nobody has spoken at all (a meal, a song).
    """
    total = sum(own.seconds for own in said.values())
    told = {who: "step_back" for who, own in said.items() if step_back(own, total, present)}
    if half_over and said:
        told |= dict.fromkeys(unheard(people, said), "step_up")
    return told


def offer_round(
    seconds: Collection[int],
    *,
    present: int,
    silent: int,
    half_over: bool,
    turn_seconds: int,
) -> bool:
    """Say whether few speak, so that a facilitator is offered a go-round.

    Few speak where the three who spoke longest hold more than three quarters of the time while
    at least half of those present, and three at the least, are not heard. Early on that is so in
    every meeting, so it is said only after half of the item's time, or once so much was said
    that everybody could have had a whole turn. DOMAIN.md leaves the thresholds open.
    """
    late = half_over or fair_share(seconds, present) >= turn_seconds
    return (
        late
        and any(seconds)
        and top(seconds, 3) > FEW
        and silent >= LEAST
        and 2 * silent >= present
    )


def shown_groups(groups: Mapping[str, frozenset[str]]) -> list[str]:
    """Return the groups that may be measured, largest first, by who describes themselves how.

    Sums of groups can be subtracted from each other and from the whole room. So a group is shown
    only if everybody is alike, as far as the shown groups tell, with two others at least: then
    whatever is computed from what is shown is about three people or more.
    """
    size = Counter(name for own in groups.values() for name in own)
    shown: frozenset[str] = frozenset()
    for name in sorted(size, key=lambda name: (-size[name], name)):
        alike = Counter(own & (shown | {name}) for own in groups.values())
        if min(alike.values()) >= LEAST:
            shown |= {name}
    return sorted(shown, key=lambda name: (-size[name], name))


def group_shares(
    groups: Mapping[str, frozenset[str]], said: Mapping[str, Spoken]
) -> list[tuple[str, Fraction, Fraction]]:
    """Return (group, share of those present, share of their time) of what may be shown."""
    total = sum(said[who].seconds for who in groups if who in said)
    found = []
    for name in shown_groups(groups):
        members = [who for who, own in groups.items() if name in own]
        time = sum(said[who].seconds for who in members if who in said)
        found.append((name, share(len(members), len(groups)), share(time, total)))
    return found


def heard_over_time(first_spoke: Iterable[int], length: int, steps: int = 10) -> list[int]:
    """Return how many had been heard when each of `steps` equal parts of the time was over.

    `first_spoke`: the second at which somebody spoke for the first time. The parts keep a single
    voice from standing at its minute.
    """
    new = [0] * (steps + 1)
    for second in first_spoke:
        # The end of a part belongs to it: ceiling division.
        new[min(steps, max(0, -(-second * steps // length) if length else steps))] += 1
    return list(accumulate(new))


def largest(seconds: Sequence[int]) -> tuple[Fraction, Fraction, Fraction]:
    """Return the shares of the one who spoke longest, of the three, and of all the others."""
    three = top(seconds, 3)
    return top(seconds, 1), three, 1 - three if sum(seconds) else Fraction(0)
