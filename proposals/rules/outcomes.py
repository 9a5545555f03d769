"""How a proposal lives and what a test, a block or a vote says. Plain Python, exact fractions.

Sources: DOMAIN.md 2.2 (life of a proposal), 2.3 (evaluation), 2.4 (parameters), 2.5 (open
decisions), 2.6 (blocks); ROOM.md 5, 24 to 36.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from proposals.rules.rule import OPEN, Fallback, Finding, Rule

# --- the evaluation of a test (2.3) ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tally:
    """The answers of a test. `block` counts the standing ones; `fallen` those found invalid."""

    present: int
    agree: int = 0
    reservations: int = 0
    stand_aside: int = 0
    block: int = 0
    abstain: int = 0
    fallen: int = 0
    disagree: int = 0

    @property
    def answers(self) -> int:
        """How many answered: a block found invalid still was an answer (ROOM.md 5, 32)."""
        return (
            self.agree
            + self.reservations
            + self.stand_aside
            + self.block
            + self.abstain
            + self.fallen
            + self.disagree
        )


def tally_of(counts: Mapping[str, int], present: int, *, fallen: int = 0) -> Tally:
    """Return the tally of counted positions; consent counts as agreement, objecting as block."""
    return Tally(
        present=present,
        agree=counts.get("agree", 0) + counts.get("consent", 0),
        reservations=counts.get("reservations", 0),
        stand_aside=counts.get("stand_aside", 0),
        block=counts.get("block", 0) + counts.get("object", 0) - fallen,
        abstain=counts.get("abstain", 0),
        fallen=fallen,
        disagree=counts.get("disagree", 0),
    )


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of a test, and the two numbers that were compared."""

    outcome: str
    found: Fraction = Fraction(0)
    limit: Fraction = Fraction(0)


def evaluate(
    rule: Rule,
    tally: Tally,
    *,
    quorum: int | None = None,
    fair: bool = True,
    there: int | None = None,
) -> Result:
    """Return what the answers of a closed test say, reasons in the order of DOMAIN.md 2.3.

    `quorum` is the number that must be present (None: no quorum), `fair` whether the gender share
    of the rule is met, `there` how many the quorum is about, where the tally is of votes of which
    some have several.
    """
    present, answered = tally.present, tally.answers
    there = present if there is None else there
    if (quorum is not None and there < quorum) or not fair:
        return Result("NO_QUORUM", Fraction(there), Fraction(quorum or 0))
    if tally.block > rule.max_blocks:
        return Result("BLOCKED", Fraction(tally.block), Fraction(rule.max_blocks))
    if answered < rule.min_answered * present:
        return Result("TOO_FEW_ANSWERS", Fraction(answered, present), rule.min_answered)
    if rule.open:
        return open_result(tally)
    limit = rule.stand_aside_limit
    if limit is not None and tally.stand_aside > limit * present:
        return Result("TOO_MANY_STAND_ASIDES", Fraction(tally.stand_aside, present), limit)
    active = tally.agree + tally.reservations
    of = active + tally.stand_aside + tally.block
    # Where nobody said anything but "I abstain", nobody agreed either.
    agreement = Fraction(active, of) if of else Fraction(0)
    if agreement < rule.min_active_agreement:
        return Result("INSUFFICIENT_AGREEMENT", agreement, rule.min_active_agreement)
    return Result("CONSENSUS", agreement, rule.min_active_agreement)


def open_result(tally: Tally) -> Result:
    """Return what a test of open decisions says: full agreement, or the degree of it (2.5)."""
    counts = {name: getattr(tally, name) for name in OPEN}
    outcome = "CONSENSUS" if full_agreement(counts) else "INSUFFICIENT_AGREEMENT"
    return Result(outcome, degree(counts) or Fraction(0), Fraction(1))


def degree_numbers(counts: Mapping[str, int]) -> tuple[int, int]:
    """Return how many carry a decision, and of how many; who abstains is not counted."""
    carried = counts.get("agree", 0) + counts.get("stand_aside", 0)
    return carried, carried + counts.get("disagree", 0)


def degree(counts: Mapping[str, int]) -> Fraction | None:
    """Return the degree of agreement, or None where nobody is left in the count."""
    carried, of = degree_numbers(counts)
    return Fraction(carried, of) if of else None


def degree_said(counts: Mapping[str, int]) -> str | None:
    """Return the degree of agreement as counted, "6/9" and not "2/3"; None without one."""
    carried, of = degree_numbers(counts)
    return f"{carried}/{of}" if of else None


def full_agreement(counts: Mapping[str, int]) -> bool:
    """Say whether nobody disagrees and somebody agrees."""
    return not counts.get("disagree", 0) and bool(counts.get("agree", 0))


def hundredths(part: int, of: int) -> str:
    """Return a share in per cent with two decimals, rounded: "71.43" for 5 of 7.

    Less than the whole is never rounded up to 100.
    """
    found = (20_000 * part + of) // (2 * of)
    if part < of:
        found = min(found, 9_999)
    return f"{found // 100}.{found % 100:02d}"


def gender_share_met(rule: Rule, groups: Sequence[Iterable[str]]) -> bool:
    """Say whether each named group has its share among those who declared one (2.4).

    `groups` holds what each person who counts said of themselves. If nobody declared a named
    group it is not met (ROOM.md 5, 29).
    """
    if not rule.gender_groups or rule.gender_share is None:
        return True
    declared = [own for own in map(set, groups) if own & set(rule.gender_groups)]
    return bool(declared) and all(
        sum(name in own for own in declared) >= rule.gender_share * len(declared)
        for name in rule.gender_groups
    )


# --- blocks (2.6) ---------------------------------------------------------------------------------


def falls(finding: Finding, *, judges: int, given: Mapping[str, int]) -> bool:
    """Say whether a block falls: missing answers can no longer change the finding.

    `given` counts valid, invalid and support; `judges` are all who may judge, answered or not.
    """
    if finding.kind == "invalidate_if":
        return reaches(given.get("invalid", 0), judges, finding.share, strict=finding.strict)
    needed = "support" if finding.kind == "supported_if" else "valid"
    missing = judges - sum(given.values())
    best = given.get(needed, 0) + max(0, missing)
    return not reaches(best, judges, finding.share, strict=finding.strict)


def reaches(part: int, whole: int, share: Fraction, *, strict: bool) -> bool:
    """Say whether part/whole is at least a share (strict: more than it); of nothing, never."""
    if whole <= 0:
        return False
    return part > share * whole if strict else part >= share * whole


# --- the vote after the hearings (2.4) ------------------------------------------------------------


def votes_counted(
    fallback: Fallback, votes: Mapping[str, int], *, asides: int, present: int, members: int
) -> int:
    """Return of how many votes the threshold is a share."""
    cast = votes.get("for", 0) + votes.get("against", 0)
    return {
        "for+against": cast,
        "for+against+stand_asides": cast + asides,
        "present": present,
        "members": members,
    }[fallback.denominator]


def passes(
    fallback: Fallback,
    votes: Mapping[str, int],
    *,
    asides: int = 0,
    present: int = 0,
    members: int = 0,
) -> bool:
    """Say whether a vote passes; "at least 9/10" means 10 x for >= 9 x counted."""
    of = votes_counted(fallback, votes, asides=asides, present=present, members=members)
    return reaches(votes.get("for", 0), of, fallback.threshold, strict=fallback.strict)


def needed(fallback: Fallback, of: int) -> int:
    """Return how many must be for it, of those counted."""
    at_least = -(-fallback.threshold.numerator * of // fallback.threshold.denominator)
    if fallback.strict and at_least == fallback.threshold * of:
        return at_least + 1
    return at_least
