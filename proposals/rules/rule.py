"""The rule by which an assembly decides, and how its parameters are read."""

from collections.abc import Mapping
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
