"""How a proposal lives and what a test, a block or a vote says. Plain Python, exact fractions.

Sources: DOMAIN.md 2.2 (life of a proposal), 2.3 (evaluation), 2.4 (parameters), 2.5 (open
decisions), 2.6 (blocks); ROOM.md 5, 24 to 36.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import Any

POSITIONS = ("agree", "reservations", "stand_aside", "block", "abstain")
CONSENT = ("consent", "object")
OPEN = ("agree", "stand_aside", "disagree", "abstain")
EVERY_POSITION = (*POSITIONS, *CONSENT, "disagree")
CHOICES = ("for", "against", "abstain")
LEVELS = ("up", "middle", "down")

TEST_AT_LEAST = timedelta(seconds=20)
WRITING_AT_MOST = timedelta(seconds=120)
CHECK_SECONDS = 30
HEARING_SECONDS = 120  # Occupy Houston's guide, DOMAIN.md 2.2

# --- the life of a proposal (2.2) -----------------------------------------------------------------

LEVELS_OF_TALK = ("clarifying", "discussion", "concerns", "amending")
LINE = ("presented", *LEVELS_OF_TALK, "call_for_consensus")
ENDS = frozenset({"adopted", "referred", "postponed", "withdrawn", "not_adopted", "superseded"})

# From each phase, where a proposal may go. The room may leave phases of the talk out and come back
# to them; a temperature check is no move, it leads back to where it was called. What is still to
# come has its place: resolution_period after block_review, adopted_provisional before adopted.
TALK = (*LEVELS_OF_TALK, "referred", "postponed", "withdrawn")
LIFE: Mapping[str, tuple[str, ...]] = {
    "draft": ("submitted", "withdrawn"),
    "submitted": ("presented", "referred", "postponed", "withdrawn"),
    "presented": TALK,
    "clarifying": TALK,
    "discussion": (*TALK, "call_for_consensus", "fallback_vote"),
    "concerns": (*TALK, "call_for_consensus", "fallback_vote"),
    "amending": (*TALK, "call_for_consensus", "presented", "fallback_vote"),
    "call_for_consensus": (*TALK, "adopted", "block_review"),
    "block_review": (*TALK, "call_for_consensus", "fallback_vote"),
    "fallback_vote": (
        *("adopted", "not_adopted", "referred", "postponed"),
        *("block_review", "discussion", "concerns", "amending"),
    ),
    "adopted": ("superseded",),
    "referred": ("submitted", "withdrawn"),
    "postponed": ("submitted", "withdrawn"),
    "not_adopted": ("submitted", "withdrawn"),
    "withdrawn": (),
    "superseded": (),
}
# What is on no agenda to come: not yet before anybody, or over for good. All else that a meeting
# left undecided can be put on another agenda, where it begins as submitted.
RESTS = frozenset({"draft", "adopted", "withdrawn", "superseded"})

# act -> from which phases it may be done; where it leads is said by the service that does it.
FROM: Mapping[str, frozenset[str]] = {
    "present_proposal": frozenset({"submitted", "amending"}),
    "set_phase": frozenset({*LINE, "block_review"}),
    "raise_concern": frozenset(
        {"discussion", "concerns", "amending", "call_for_consensus", "block_review"}
    ),
    "offer_amendment": frozenset(
        {"discussion", "concerns", "amending", "call_for_consensus", "block_review"}
    ),
    "open_check": frozenset({*LINE, "block_review"}),
    "open_test": frozenset({"discussion", "concerns", "amending", "block_review"}),
    "hear_block": frozenset({"block_review", "call_for_consensus"}),
    "withdraw_block": frozenset({*LINE, "block_review"}),
    "open_vote": frozenset({"block_review"}),
    # The vote of open decisions: nobody blocks there, so no hearing comes before it.
    "ask_to_override": frozenset({"discussion", "concerns", "amending"}),
    "adopt": frozenset({"submitted", *LINE, "block_review", "fallback_vote"}),
    "refer": frozenset({"submitted", *LINE, "block_review", "fallback_vote"}),
    "postpone": frozenset({"submitted", *LINE, "block_review", "fallback_vote"}),
    "withdraw_proposal": frozenset({"draft", "submitted", *LINE, "block_review"}),
}

# Where a closed test leads; None: back to where it came from (ROOM.md 5, 27).
AFTER: Mapping[str, str | None] = {
    "BLOCKED": "block_review",
    "TOO_FEW_ANSWERS": None,
    "TOO_MANY_STAND_ASIDES": "concerns",
    "INSUFFICIENT_AGREEMENT": "concerns",
    "CONSENSUS": "call_for_consensus",
    "NO_QUORUM": None,
}


def skipped(old: str, new: str, had: Iterable[str]) -> list[str]:
    """Return the phases between two that were never had (ROOM.md 5, 21)."""
    if old not in LINE or new not in LINE:
        return []
    return [phase for phase in LINE[LINE.index(old) + 1 : LINE.index(new)] if phase not in set(had)]


def round_in(phase: str) -> str:
    """Return the name under which a proposal remembers that a go-round was held in a phase."""
    return f"round_in_{phase}"


# --- the rule of a meeting (2.4) ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fallback:
    """A vote after consensus failed: its share, and what it is a share of."""

    threshold: Fraction
    strict: bool = False
    denominator: str = "for+against"


@dataclass(frozen=True, slots=True)
class Finding:
    """How the group finds whether a block stands: which answer, at which share of the judges."""

    kind: str
    share: Fraction
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """The parameters of a way of deciding, as they are frozen when doors open."""

    positions: tuple[str, ...] = ("agree", "reservations", "stand_aside", "block")
    block_requires: frozenset[str] = frozenset({"reason", "principle"})
    max_blocks: int = 0
    stand_aside_limit: Fraction | None = Fraction(1, 4)
    min_answered: Fraction = Fraction(1, 2)
    min_active_agreement: Fraction = Fraction(1, 2)
    fallback: Fallback | None = None
    rounds_before_fallback: int = 1
    cooling_off: str | int | None = None
    finding: Finding | None = None
    override: Fraction | None = None
    phases: tuple[str, ...] = ()
    rounds: tuple[str, ...] = ()
    gender_groups: tuple[str, ...] = ()
    gender_share: Fraction | None = None
    review_after: int | None = None
    reserved: Mapping[str, str] = field(default_factory=dict)

    @property
    def consent(self) -> bool:
        """Whether people consent or object, instead of agreeing or blocking."""
        return "consent" in self.positions

    @property
    def open(self) -> bool:
        """Whether people agree or disagree and the degree of agreement is recorded, unblocked."""
        return "disagree" in self.positions

    @property
    def family(self) -> tuple[str, ...]:
        """The family of positions that this rule takes its own from."""
        return CONSENT if self.consent else OPEN if self.open else POSITIONS

    @property
    def blocking(self) -> str:
        """The position that stops a proposal: a block, or an objection."""
        return "object" if self.consent else "block"

    @property
    def vote(self) -> Fallback | None:
        """What is put to a vote where a test failed: the override question has its own share."""
        if self.open and self.override is not None:
            return Fallback(self.override)
        return self.fallback


def share(value: Any, what: str) -> Fraction:
    """Return a share written "2/3" or as 0 or 1; raise ValueError with a sentence."""
    wrong = ValueError(f"{what}: {value!r} is not a share such as 2/3")
    if isinstance(value, Fraction):
        found = value
    elif isinstance(value, bool) or not isinstance(value, int | str) or "." in str(value):
        raise wrong
    else:
        try:
            found = Fraction(value)
        except (ValueError, ZeroDivisionError) as fault:
            raise wrong from fault
    if not 0 <= found <= 1:
        raise wrong
    return found


def is_none(value: Any) -> bool:
    """Say whether a parameter says that there is none."""
    return value is None or value in ("none", "", {}, [])


def read_rule(said: Mapping[str, Any]) -> Rule:
    """Return the rule that parameters describe; raise ValueError with a sentence for bad ones.

    What is left out has the default of DOMAIN.md 2.4. Parameters that other parts read (quorum,
    turn_seconds ...) are passed over.
    """
    usual = Rule()
    positions = tuple(said.get("positions") or usual.positions)
    if unknown := set(positions) - set(EVERY_POSITION):
        raise ValueError(f"positions: there is no position {min(unknown)!r}")
    if "disagree" in positions and (other := set(positions) - set(OPEN)):
        raise ValueError(f"positions: where people disagree, there is no position {min(other)!r}")
    override = said.get("override_question")
    requires = str(said.get("block_requires") or "reason+principle")
    blocks = said.get("max_blocks", 0)
    if isinstance(blocks, bool) or not isinstance(blocks, int) or blocks < 0:
        raise ValueError("max_blocks: a number of blocks, from 0")
    limit = said.get("stand_aside_limit", usual.stand_aside_limit)
    gender = said.get("quorum_gender")
    gender = None if is_none(gender) else dict(gender or {})
    return Rule(
        positions=positions,
        block_requires=frozenset(
            "principle" if part in ("aim", "principle") else "reason"
            for part in requires.split("+")
        ),
        max_blocks=blocks,
        stand_aside_limit=None if is_none(limit) else share(limit, "stand_aside_limit"),
        min_answered=share(said.get("min_answered", usual.min_answered), "min_answered"),
        min_active_agreement=share(
            said.get("min_active_agreement", usual.min_active_agreement), "min_active_agreement"
        ),
        fallback=read_fallback(said),
        rounds_before_fallback=whole(said.get("rounds_before_fallback", 1), "rounds"),
        cooling_off=read_cooling_off(said.get("cooling_off")),
        finding=read_finding(said.get("block_validity")),
        override=None if is_none(override) else share(override, "override_question"),
        phases=tuple(said.get("phases") or ()),
        rounds=tuple(said.get("rounds") or ()),
        gender_groups=tuple(gender["groups"]) if gender else (),
        gender_share=share(gender["min_share"], "quorum_gender") if gender else None,
        review_after=None if is_none(said.get("review_after")) else months(said["review_after"]),
        reserved=dict(said.get("reserved_matters") or {}),
    )


def whole(value: Any, what: str) -> int:
    """Return a whole number from 0; raise ValueError."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{what}: {value!r} is not a number from 0")
    return value


def months(value: Any) -> int:
    """Return a number of months: 6, or "6 months"; raise ValueError."""
    first = str(value).split(" ")[0]
    if not first.isdigit():
        raise ValueError(f"review_after: {value!r} is not a number of months")
    return int(first)


def read_fallback(said: Mapping[str, Any]) -> Fallback | None:
    """Return the vote that may follow, or None."""
    given = said.get("fallback")
    if is_none(given):
        return None
    given = dict(given) if isinstance(given, Mapping) else {"threshold": given}
    of = given.get("denominator", said.get("fallback_denominator") or "for+against")
    of = str(of).replace(" ", "")
    if of == "+stand_asides":
        of = "for+against+stand_asides"
    if of not in ("for+against", "for+against+stand_asides", "present", "members"):
        raise ValueError(f"fallback: {of!r} is nothing that votes are a share of")
    return Fallback(share(given.get("threshold"), "fallback"), bool(given.get("strict")), of)


def read_cooling_off(value: Any) -> str | int | None:
    """Return "next_meeting", a number of days, or None."""
    if is_none(value):
        return None
    if isinstance(value, Mapping):
        value = value.get("days")
    return value if value == "next_meeting" else whole(value, "cooling_off")


def read_finding(value: Any) -> Finding | None:
    """Return how the group judges blocks, or None."""
    if is_none(value):
        return None
    if not isinstance(value, Mapping):
        raise ValueError("block_validity: an object with kind and share")
    kind = value.get("kind")
    if kind not in ("invalidate_if", "valid_if", "supported_if"):
        raise ValueError(f"block_validity: there is no kind {kind!r}")
    return Finding(kind, share(value.get("share"), "block_validity"), bool(value.get("strict")))


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
    def answered(self) -> int:
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
    """What a test says: the outcome, and the two numbers that decided, as they compare."""

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
    present, answered = tally.present, tally.answered
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
    """Return how many carry a decision, and of how many: who abstains leaves the count."""
    carried = counts.get("agree", 0) + counts.get("stand_aside", 0)
    return carried, carried + counts.get("disagree", 0)


def degree(counts: Mapping[str, int]) -> Fraction | None:
    """Return the degree of agreement, or None where nobody is left in the count."""
    carried, of = degree_numbers(counts)
    return Fraction(carried, of) if of else None


def degree_said(counts: Mapping[str, int]) -> str | None:
    """Return the degree of agreement as it was counted, "6/9" and not "2/3"; None without one."""
    carried, of = degree_numbers(counts)
    return f"{carried}/{of}" if of else None


def full_agreement(counts: Mapping[str, int]) -> bool:
    """Say whether nobody disagrees and somebody agrees."""
    return not counts.get("disagree", 0) and bool(counts.get("agree", 0))


def hundredths(part: int, of: int) -> str:
    """Return a share in per cent with two decimals, the nearest: "71.43" for 5 of 7.

    What is less than the whole never reads as the whole.
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


def counted(
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
    of = counted(fallback, votes, asides=asides, present=present, members=members)
    return reaches(votes.get("for", 0), of, fallback.threshold, strict=fallback.strict)


def needed(fallback: Fallback, of: int) -> int:
    """Return how many must be for it, of those counted."""
    at_least = -(-fallback.threshold.numerator * of // fallback.threshold.denominator)
    if fallback.strict and at_least == fallback.threshold * of:
        return at_least + 1
    return at_least
