"""How units decide together and who may carry their mandate. Plain Python, exact fractions.

Sources: DOMAIN.md 5.3 (model and parameters), 5.4 (how a decision travels), 5.5 (recall). How
agreed the positions of units are, is counted as everybody's: `proposals.rules`.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from proposals.rules import Fallback, passes

HELD_AFTER_RECALL = timedelta(minutes=5)
HEARD_BEFORE_RECALL = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class CouncilRule:
    """The parameters of a council, with the defaults of DOMAIN.md 5.3."""

    seats_per_unit: int = 2
    parity: str = "not_all_alike"  # or "none", "one_of_each"
    distinct_units: bool = False
    term_days: int = 90
    max_consecutive_terms: int = 1
    cooldown_terms: int = 1
    unit_rotation: bool = True
    mandate_enforced: bool = True
    quorum: Fraction = Fraction(2, 3)
    rounds_before_override: int = 2
    override: Fraction = Fraction(2, 3)
    notice_days: int = 21
    ratify_units: Fraction = Fraction(2, 3)
    ratify_members: Fraction = Fraction(1, 2)
    ratify_days: int = 21
    report_back_days: int = 7


# --- positions of units ---------------------------------------------------------------------------


def unit_position(answers: Iterable[str]) -> str | None:
    """Return the one position of a unit, as its delegates entered it.

    Two delegates carry one position; where they differ the unit is "split", which counts as no
    position. None where nobody has answered.
    """
    said = set(answers)
    if len(said) > 1:
        return "split"
    return next(iter(said), None)


def units_needed(units: int, share: Fraction) -> int:
    """Return how many of the units must be there: ceil(share x units)."""
    return -(-share.numerator * units // share.denominator)


def overrides(yes: int, no: int, share: Fraction) -> bool:
    """Say whether the units are willing to override the remaining objections."""
    return passes(Fallback(share), {"for": yes, "against": no})


def closing_held(
    recalls: Iterable[tuple[str, datetime]], spoken: Collection[str], now: datetime
) -> list[str]:
    """Return the units for which closing waits: recalled within five minutes and not heard since.

    `spoken` are the units that have entered a position since their recall, or said they have none.
    """
    return [unit for unit, at in recalls if unit not in spoken and now - at < HELD_AFTER_RECALL]


# --- ratification ---------------------------------------------------------------------------------


def ratified(
    members: Mapping[str, int],
    accepted: Collection[str],
    *,
    units: Fraction = Fraction(2, 3),
    people: Fraction = Fraction(1, 2),
) -> bool:
    """Say whether enough units accept and they hold more than a share of the members.

    No answer is no acceptance (DOMAIN.md 5.3, S13).
    """
    holding = sum(n for unit, n in members.items() if unit in accepted)
    return (
        bool(members)
        and len(set(accepted) & set(members)) >= units * len(members)
        and holding > people * sum(members.values())
    )


def apportioned(members: int, ratio: int, *, least: int = 1, most: int | None = None) -> int:
    """Return the seats of a unit by its size: one for each `ratio` or greater fraction of it.

    270 members at 75 are 3.6, so 4; a half alone rounds down ("or greater fraction", DSA 2023).
    """
    seats = max(least, -(-(2 * members - ratio) // (2 * ratio)))
    return seats if most is None else min(seats, most)


# --- who may be chosen ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Term:
    """Somebody's time in a seat: whom, for which unit, from when until when."""

    who: str
    unit: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class NotYet:
    """Why somebody may not be chosen, by which rule, and from when they might."""

    rule: str
    since: date | None = None
    waiting: tuple[str, ...] = ()


def may_be_chosen(
    who: str, unit: str, on: date, terms: Sequence[Term], units: Sequence[str], rule: CouncilRule
) -> NotYet | None:
    """Return why somebody may not be sent on a day, or None.

    `terms` are all terms in this council so far, `units` those that send delegates to it. Who had
    `max_consecutive_terms` waits for `cooldown_terms`; with `unit_rotation` the unit whose delegate
    served last waits until all others have had a turn since.
    """
    return cooling(who, on, terms, rule) or rotating(unit, on, terms, units, rule)


def cooling(who: str, on: date, terms: Sequence[Term], rule: CouncilRule) -> NotYet | None:
    """Return from when somebody who served may serve again, or None if they may."""
    own = sorted((term for term in terms if term.who == who), key=lambda term: term.since)
    run, length = 0, timedelta(days=rule.term_days)
    before: Term | None = None
    for term in own:
        # Terms that follow each other within less than a term are consecutive.
        run = run + 1 if before is not None and term.since - before.until < length else 1
        before = term
    if before is None or run < rule.max_consecutive_terms:
        return None
    free = before.until + rule.cooldown_terms * length
    return NotYet("cooldown", free) if on < free else None


def rotating(
    unit: str, on: date, terms: Sequence[Term], units: Sequence[str], rule: CouncilRule
) -> NotYet | None:
    """Return which units have a turn before this one sends somebody again, or None."""
    over = sorted((term for term in terms if term.until <= on), key=lambda term: term.since)
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
