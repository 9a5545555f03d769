"""The rule of a council: its parameters and how they are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

# Up to how many members a unit has how many votes; the last line is for all that are larger. An
# example to change: the degressive bands that the CNT of Spain is known for.
Bands = tuple[tuple[int | None, int], ...]
DEGRESSIVE: Bands = (
    *((50, 1), (100, 2), (300, 3), (600, 4)),
    *((1000, 5), (1500, 6), (2500, 7), (None, 8)),
)


@dataclass(frozen=True, slots=True)
class CouncilRule:
    """The parameters of a council, with the defaults of DOMAIN.md 5.3."""

    seats_per_unit: int = 2
    members_per_seat: int | None = None  # seats by size instead, as `apportioned` has it
    parity: str = "not_all_alike"  # or "none", "one_of_each"
    # Whom a council may send upward: its own delegates, or any member of a base below. A base sends
    # any of its members.
    pool: str = "coordination_group"  # or "any_member"
    distinct_units: bool = True  # of those whom a council sends upward
    # Or "per_seat"; or votes of the one position of a unit by its size: "apportioned", "bands".
    unit_votes: str = "one_per_unit"
    members_per_vote: int = 75
    vote_rounding: str = "greater_fraction"  # or "down", "up", "half_up"
    votes_least: int = 1
    votes_most: int | None = None
    vote_bands: Bands = DEGRESSIVE
    partners_vote: bool = False
    term_days: int = 90
    term_meetings: int | None = None  # so many meetings of the council instead of days
    max_consecutive_terms: int = 1
    cooldown_terms: int = 1
    unit_rotation: bool = True
    mandate_required: frozenset[str] = frozenset({"enact", "propose_to_base"})
    mandate_enforced: bool = True
    # Where one is needed and missing the unit is asked; or it has abstained.
    no_mandate_means: str = "refer_back"  # or "abstain"
    recall_share: Fraction = Fraction(1, 2)
    recall_notice_days: int = 3
    # Who knows the key of a formed council can have their assembly join it; or the council decides.
    admission: str = "by_key"  # or "by_council"
    quorum: Fraction = Fraction(2, 3)
    notice_days: int = 21
    debate: bool = True
    ratification: str = "double_majority"  # or "none", "all_units", "members"
    ratify_kinds: frozenset[str] = frozenset({"enact", "propose_to_base"})
    ratify_units: Fraction = Fraction(2, 3)
    ratify_members: Fraction = Fraction(1, 2)
    ratify_days: int = 21
    # Whether what is carried up as routine holds without asking the bases. It is the carrying unit
    # that calls it so, and a council decides whether to believe it.
    routine_exempt: bool = False
    opt_out: bool = True
    shared_share: Fraction = Fraction(2, 3)
    report_back_days: int = 7


CHOICES: Mapping[str, tuple[str, ...]] = {
    "admission": ("by_key", "by_council"),
    "parity": ("none", "not_all_alike", "one_of_each"),
    "pool": ("any_member", "coordination_group"),
    "unit_votes": ("one_per_unit", "per_seat", "apportioned", "bands"),
    "vote_rounding": ("greater_fraction", "down", "up", "half_up"),
    "no_mandate_means": ("refer_back", "abstain"),
    "ratification": ("none", "all_units", "double_majority", "members"),
}
KINDS = ("enact", "coordinate", "propose_to_base", "elect", "support")
TESTED = frozenset({"enact", "propose_to_base", "elect"})


def read_council_rule(said: Mapping[str, Any]) -> CouncilRule:
    """Return the rule that parameters describe; raise ValueError with a sentence for bad ones.

    Shares are written "2/3"; what is left out has the default of DOMAIN.md 5.3.
    """
    usual = CouncilRule()
    found: dict[str, Any] = {}
    for name, value in said.items():
        if not hasattr(usual, name):
            raise ValueError(f"there is no parameter {str(name)[:40]!r} of a council")
        found[name] = read_parameter(name, value, getattr(usual, name))
    rule = CouncilRule(**found)
    if rule.votes_most is not None and rule.votes_most < rule.votes_least:
        raise ValueError("votes_most: not less than votes_least")
    return rule


def read_parameter(name: str, value: Any, usual: Any) -> Any:
    """Return one parameter as its default is; raise ValueError with a sentence."""
    if name in CHOICES:
        if value not in CHOICES[name]:
            raise ValueError(f"{name}: one of {', '.join(CHOICES[name])}")
        return value
    if isinstance(usual, bool):
        if not isinstance(value, bool):
            raise ValueError(f"{name}: true or false")
        return value
    if isinstance(usual, frozenset):
        if not isinstance(value, list) or not set(map(str, value)) <= set(KINDS):
            raise ValueError(f"{name}: a list of {', '.join(KINDS)}")
        return frozenset(map(str, value))
    if isinstance(usual, Fraction):
        try:
            share = Fraction(value) if isinstance(value, str | int) else None
        except (ValueError, ZeroDivisionError):
            share = None
        if share is None or isinstance(value, bool) or "." in str(value) or not 0 <= share <= 1:
            raise ValueError(f"{name}: {value!r} is not a share such as 2/3")
        return share
    if name == "vote_bands":
        return read_bands(value)
    if name in ("members_per_seat", "votes_most", "term_meetings") and value is None:
        return None
    least = 0 if name.endswith(("_days", "_terms")) else 1
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= 10_000:
        raise ValueError(f"{name}: a number from {least}")
    return value


def read_bands(value: Any) -> Bands:
    """Return bands of members with their votes; raise ValueError where larger units have fewer."""
    fits = isinstance(value, list | tuple) and 0 < len(value) <= 50
    rows = list(value) if fits else []
    pairs = [tuple(row) for row in rows if isinstance(row, list | tuple) and len(row) == 2]
    whole = [n for pair in pairs for n in pair if n is not None]
    plain = all(isinstance(n, int) and not isinstance(n, bool) and n > 0 for n in whole)
    ends, votes = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    if (
        len(pairs) != len(rows)
        or not plain
        or not ends
        or ends[-1] is not None
        or None in (*ends[:-1], *votes)
        or ends[:-1] != sorted(set(ends[:-1]))
        or votes != sorted(votes)
    ):
        raise ValueError(
            "vote_bands: [[50, 1], [100, 2], [null, 3]] is up to 50 members one vote, up to 100"
            " two, more three; larger units never have fewer"
        )
    return tuple(pairs)


def votes_for_size(members: int, rule: CouncilRule) -> int:
    """Return how many votes the one position of a unit of so many members has."""
    if rule.unit_votes == "bands":
        return next(n for end, n in rule.vote_bands if end is None or members <= end)
    if rule.unit_votes == "apportioned":
        return apportioned(
            members,
            rule.members_per_vote,
            least=rule.votes_least,
            most=rule.votes_most,
            rounding=rule.vote_rounding,
        )
    return 1


def by_size(rule: CouncilRule) -> bool:
    """Say whether larger units have more votes, each with one position."""
    return rule.unit_votes in ("apportioned", "bands")


def waits_for_admission(rule: CouncilRule, *, formed: bool, invited: bool) -> bool:
    """Say whether an assembly that decides to belong to a council is first to be admitted by it.

    Founders never are: who joins before it is formed, and whom the founder invited.
    """
    return rule.admission == "by_council" and formed and not invited


def seats_of(members: int, rule: CouncilRule) -> int:
    """Return how many seats a unit of so many members has."""
    if rule.members_per_seat is None:
        return rule.seats_per_unit
    return apportioned(members, rule.members_per_seat)


def apportioned(
    members: int,
    ratio: int,
    *,
    least: int = 1,
    most: int | None = None,
    rounding: str = "greater_fraction",
) -> int:
    """Return the seats or votes of a unit by its size, one for each `ratio` of its members.

    Of what is left over: with "greater_fraction" more than half is one more and a half alone none
    (270 members at 75 are 3.6, so 4: DSA 2023), with "half_up" half is, with "up" any, with "down"
    none.
    """
    found = {
        "greater_fraction": -(-(2 * members - ratio) // (2 * ratio)),
        "half_up": (2 * members + ratio) // (2 * ratio),
        "up": -(-members // ratio),
        "down": members // ratio,
    }[rounding]
    found = max(least, found)
    return found if most is None else min(found, most)
