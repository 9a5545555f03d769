"""Who may be chosen, for how long, and when a recall is counted."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from federation.rules.council_rule import CouncilRule

HELD_AFTER_RECALL = timedelta(minutes=5)
HEARD_BEFORE_RECALL = timedelta(minutes=15)


def closing_held(
    recalls: Iterable[tuple[str, datetime]], spoken: Collection[str], now: datetime
) -> list[str]:
    """Return the units for which closing waits: recalled within five minutes and not heard since.

    `spoken` are the units that have entered a position since their recall, or said they have none.
    """
    return [unit for unit, at in recalls if unit not in spoken and now - at < HELD_AFTER_RECALL]


# --- who may be chosen ----------------------------------------------------------------------------


# A moment as terms are counted: a day, or how many meetings of the council were over.
When = date | int


@dataclass(frozen=True, slots=True)
class Term:
    """Somebody's time in a seat: whom, for which unit, from when until when."""

    who: str
    unit: str
    since: When
    until: When


@dataclass(frozen=True, slots=True)
class NotYet:
    """Why somebody may not be chosen, by which rule, and from when they might.

    `since` is a day, or after how many more meetings.
    """

    rule: str
    since: When | None = None
    waiting: tuple[str, ...] = ()


def may_be_chosen(
    who: str, unit: str, on: When, terms: Sequence[Term], units: Sequence[str], rule: CouncilRule
) -> NotYet | None:
    """Return why somebody may not be sent at a moment, or None.

    `terms` are all terms in this council so far, `units` those that send delegates to it. Who had
    `max_consecutive_terms` waits for `cooldown_terms`; with `unit_rotation` the unit whose delegate
    served last waits until all others have had a turn since. All is in days, or all in meetings.
    """
    return cooling(who, on, terms, rule) or rotating(unit, on, terms, units, rule)


def cooling(who: str, on: Any, terms: Sequence[Term], rule: CouncilRule) -> NotYet | None:
    """Return from when somebody who served may serve again, or None if they may."""
    own: list[Any] = sorted((one for one in terms if one.who == who), key=lambda one: one.since)
    # A term in days, or in meetings, as the moments are.
    length: Any = rule.term_meetings or timedelta(days=rule.term_days)
    run = 0
    before: Any = None
    for term in own:
        # Terms that follow each other within less than a term are consecutive.
        run = run + 1 if before is not None and term.since - before.until < length else 1
        before = term
    if before is None or run < rule.max_consecutive_terms:
        return None
    free = before.until + rule.cooldown_terms * length
    if on >= free:
        return None
    return NotYet("cooldown", free - on if isinstance(free, int) else free)


def rotating(
    unit: str, on: Any, terms: Sequence[Term], units: Sequence[str], rule: CouncilRule
) -> NotYet | None:
    """Return which units have a turn before this one sends somebody again, or None."""
    over: list[Any] = sorted((one for one in terms if one.until <= on), key=lambda one: one.since)
    if not rule.unit_rotation or all(term.unit != unit for term in over):
        return None
    last = max(term.since for term in over if term.unit == unit)
    since = {term.unit for term in terms if term.since > last}
    together = {term.unit for term in over if term.since == last}
    waiting = tuple(name for name in units if name not in since | together)
    return NotYet("unit_rotation", None, waiting) if waiting else None


def parity_kept(groups: Sequence[str], parity: str) -> bool:
    """Say whether those chosen together keep the parity of a council.

    `groups` holds what each said of themselves, "" where nothing: it is never guessed, and who
    said nothing stands in nobody's way.
    """
    said = [one for one in groups if one]
    if parity == "none" or len(groups) < 2 or len(said) < len(groups):
        return True
    if parity == "one_of_each":
        return sorted(Counter(said).values()) == [1] * len(said)
    return len(set(said)) > 1


def distinct(units: Sequence[str]) -> bool:
    """Say whether everybody chosen comes from another unit (002:17)."""
    return len(set(units)) == len(units)


# --- levels ---------------------------------------------------------------------------------------


def reaches(start: str, goal: str, above: Mapping[str, Collection[str]]) -> bool:
    """Say whether one body sits in another, directly or through councils between."""
    seen, left = {start}, [start]
    while left:
        here = left.pop()
        if here == goal:
            return True
        for upper in above.get(here, ()):
            if upper not in seen:
                seen.add(upper)
                left.append(upper)
    return False


def would_be_a_circle(unit: str, council: str, above: Mapping[str, Collection[str]]) -> bool:
    """Say whether a body would come to sit in itself if this unit joined this council."""
    return unit == council or reaches(council, unit, above)


def base_of(council: str, units: Mapping[str, Collection[str]]) -> list[str]:
    """Return the base assemblies below a council, each once, in the order of the units."""
    found: dict[str, None] = {}
    seen: set[str] = set()

    def look(body: str) -> None:
        """Note a body that has none below it, or look at those below."""
        if body in seen:
            return
        seen.add(body)
        below = units.get(body, ())
        if not below:
            found[body] = None
        for unit in below:
            look(unit)

    look(council)
    return list(found)
