"""How units decide together and who may carry their mandate. Plain Python, exact fractions.

Sources: DOMAIN.md 5.3 (model and parameters), 5.4 (how a decision travels), 5.5 (recall). How
agreed the positions of units are, is counted as everybody's: `proposals.rules`.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from proposals.rules import Fallback, passes

HELD_AFTER_RECALL = timedelta(minutes=5)
HEARD_BEFORE_RECALL = timedelta(minutes=15)


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


# --- mandates -------------------------------------------------------------------------------------

VOTES = {"agree": "for", "disagree": "against", "abstain": "abstain", "yes": "for", "no": "against"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a base told its delegates to say on an item."""

    kind: str
    position: str = ""
    version: int = 1
    limits: tuple[Mapping[str, str], ...] = ()
    # Digests of other texts that are within it, of which the words were not kept.
    amendments: tuple[str, ...] = ()
    # Other texts to which it says the same.
    texts: tuple[str, ...] = ()


def within_mandate(told: Told, answer: str, *, version: int, text: str, digest: str = "") -> bool:
    """Say whether a delegate may give this answer on this text (DOMAIN.md 5.3).

    An imperative mandate leaves one answer; a bounded one lets its answer be given while the text
    is the one it was given for, one it names, or one within its limits; an exploratory one leaves
    none, it speaks and reports.
    """
    if told.kind == "exploratory":
        return False
    if told.kind == "bounded" and not covers(told, version=version, text=text, digest=digest):
        return False
    wanted = told.position or "agree"
    if answer in ("for", "against") and wanted == "stand_aside":
        # Who stands aside has said nothing about overriding those who disagree.
        return True
    return answer in (wanted, VOTES.get(wanted, wanted))


def without_mandate(rule: CouncilRule, item_kind: str, answer: str) -> bool:
    """Say whether a delegate who was told nothing on an item may give this answer (DOMAIN.md 5.3).

    Where a mandate is needed there is none to give, or only that the unit abstains.
    """
    if item_kind not in rule.mandate_required:
        return True
    return rule.no_mandate_means == "abstain" and answer == "abstain"


def abstains_untold(rule: CouncilRule, item_kind: str) -> bool:
    """Say whether a unit that gave no mandate on an item has abstained while it is here."""
    return rule.no_mandate_means == "abstain" and item_kind in rule.mandate_required


def covers(told: Told, *, version: int, text: str, digest: str = "") -> bool:
    """Say whether a text is one that a bounded mandate was given for."""
    return reach(told, version=version, text=text, digest=digest) in COVERED


COVERED = frozenset({"given_for", "named", "within"})


def reach(told: Told, *, version: int, text: str, digest: str = "") -> str:
    """Return how a bounded mandate stands to a text.

    "given_for": it is the one at hand then; "named": one of its other texts; "within": it keeps
    to the limits and speaks of all that is limited. Else "beyond": it breaks a limit, or "unknown":
    nobody below has seen it.
    """
    if beyond_limits(text, told.limits):
        return "beyond"
    if version == told.version:
        return "given_for"
    if digest in told.amendments or any(same_words(text, one) for one in told.texts):
        return "named"
    # A changed text that does not speak of what was limited is one that nobody was told of.
    within = bool(told.limits) and all(
        numbers_before(text, number_and_words(bound)[1])
        for limit in told.limits
        for bound in limit.values()
    )
    return "within" if within else "unknown"


def same_words(one: str, other: str) -> bool:
    """Say whether two texts have the same words, however their lines are broken."""
    return one.split() == other.split()


def beyond_limits(text: str, limits: Iterable[Mapping[str, str]]) -> list[str]:
    """Return the limits that a text goes beyond, such as {"most": "5 % of dues"} at 6 % of dues.

    A limit is a number and the words that follow it; it holds for every such number in the text.
    """
    broken = []
    for limit in limits:
        for word, bound in limit.items():
            wanted, words = number_and_words(bound)
            found = [n for n in numbers_before(text, words) if n is not None]
            if wanted is None:
                continue
            if any(n > wanted if word == "most" else n < wanted for n in found):
                broken.append(bound)
    return broken


def number_and_words(bound: str) -> tuple[Decimal | None, str]:
    """Return the number a limit begins with, and its words."""
    first, _space, words = " ".join(bound.split()).partition(" ")
    number = as_number(first.rstrip("%"))
    return number, f"% {words}".strip() if first.endswith("%") else words


def numbers_before(text: str, words: str) -> list[Decimal | None]:
    """Return the numbers that stand before these words in a text."""
    plain = " ".join(text.replace("%", " % ").split()).casefold()
    wanted = " ".join(words.replace("%", " % ").split()).casefold()
    if not wanted:
        return []
    parts = plain.split(" " + wanted)
    return [as_number(part.rsplit(" ", 1)[-1]) for part in parts[:-1]]


def as_number(word: str) -> Decimal | None:
    """Return a number as people write it, or None."""
    word = word.strip("(),.;:")
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", word):
        word = re.sub(r"[.,]", "", word)  # thousands
    try:
        number = Decimal(word.replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


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


def each_once(bases: Mapping[str, Collection[str]], first: Collection[str]) -> dict[str, list[str]]:
    """Return for each unit the bases that are counted with it, every base with one unit alone.

    A base in two units is counted with one of `first` (those who accept) if it is in one: its
    members are among those who accept, and they are so once.
    """
    order = [*(unit for unit in bases if unit in first), *(u for u in bases if u not in first)]
    seen: set[str] = set()
    found: dict[str, list[str]] = {}
    for unit in order:
        found[unit] = [base for base in bases[unit] if base not in seen]
        seen.update(found[unit])
    return {unit: found[unit] for unit in bases}


def goes_to_bases(rule: CouncilRule, item_kind: str, class_of_item: str) -> bool:
    """Say whether the bases are asked about what a council agreed on, before it holds."""
    return (
        rule.ratification != "none"
        and item_kind in rule.ratify_kinds
        and not (rule.routine_exempt and class_of_item == "routine")
    )


ANSWERS = ("accept", "return", "reject", "not_affected")


def answered(
    way: str,
    members: Mapping[str, int],
    answers: Mapping[str, str],
    *,
    over: bool = False,
    units: Fraction = Fraction(2, 3),
    people: Fraction = Fraction(1, 2),
) -> str:
    """Return where a text stands by what the units said of it (DOMAIN.md 5.3, S13, S14).

    `way` is how a council has its texts ratified, `members` how many each deciding unit has,
    `over` whether the window for answers is. The result is a phase of the item: "provisional"
    (it waits), "in_force", "returned" or "lapsed". One return suspends it. With "all_units" one
    rejection brings it back too, a unit that is not affected does not stand in the way, and
    silence is waited for; with "double_majority" silence is no acceptance.
    """
    said = {unit: answer for unit, answer in answers.items() if unit in members}
    given = set(said.values())
    if "return" in given:
        return "returned"
    if way == "none":
        return "in_force"
    if way == "all_units":
        if "reject" in given:
            return "returned"
        if waiting_for(members, said):
            return "provisional"
        return "in_force" if "accept" in given else "lapsed"
    accepted = [unit for unit, answer in said.items() if answer == "accept"]
    if ratified(members, accepted, units=units, people=people):
        return "in_force"
    return "lapsed" if over else "provisional"


def waiting_for(members: Iterable[str], answers: Collection[str]) -> list[str]:
    """Return the units that have not answered, in their order."""
    return [unit for unit in members if unit not in answers]


def agreed_by_members(yes: int, no: int, share: Fraction) -> bool:
    """Say whether more than a share of the members who answered yes or no said yes."""
    return yes > share * (yes + no)


def is_shared(said: Mapping[str, str], units: Collection[str], share: Fraction) -> bool:
    """Say whether enough of all units call a matter shared; silence and "split" do not."""
    shared = sum(1 for unit in units if said.get(unit) == "shared")
    return bool(units) and shared >= units_needed(len(units), share)


def said_behind(answers: Iterable[tuple[str, int, int]]) -> tuple[str, int, int] | None:
    """Return what those behind a spoke say: the position, by how many, of how many asked.

    Each answer is a position, how many gave it and how many of them were asked. None unless more
    than half of all who were asked say the same.
    """
    by: Counter[str] = Counter()
    asked = 0
    for position, saying, of in answers:
        by[position] += saying
        asked += of
    if not by:
        return None
    position, most = by.most_common(1)[0]
    return (position, most, asked) if 2 * most > asked else None


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
