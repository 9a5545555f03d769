"""What a mandate allows, and the one position of a unit. Plain Python, exact fractions.

Sources: DOMAIN.md 5.3 (model and parameters), 5.4 (how a decision travels), 5.5 (recall). How
agreed the positions of units are, is counted as everybody's: `proposals.rules`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from federation.rules.council_rule import CouncilRule
from proposals.rules import Fallback, passes

# --- mandates -------------------------------------------------------------------------------------

VOTES = {"agree": "for", "disagree": "against", "abstain": "abstain", "yes": "for", "no": "against"}


@dataclass(frozen=True, slots=True)
class Instructions:
    """What a base told its delegates to say on an item."""

    kind: str
    position: str = ""
    version: int = 1
    limits: tuple[Mapping[str, str], ...] = ()
    # Digests of other texts that are within it, of which the words were not kept.
    amendments: tuple[str, ...] = ()
    # Other texts to which it says the same.
    texts: tuple[str, ...] = ()


def within_mandate(
    told: Instructions, answer: str, *, version: int, text: str, digest: str = ""
) -> bool:
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
    """Say whether a delegate without a mandate on an item may give this answer (DOMAIN.md 5.3).

    Where a mandate is needed there is none to give, or only that the unit abstains.
    """
    if item_kind not in rule.mandate_required:
        return True
    return rule.no_mandate_means == "abstain" and answer == "abstain"


def abstains_untold(rule: CouncilRule, item_kind: str) -> bool:
    """Say whether a unit that gave no mandate on an item has abstained while it is here."""
    return rule.no_mandate_means == "abstain" and item_kind in rule.mandate_required


def covers(told: Instructions, *, version: int, text: str, digest: str = "") -> bool:
    """Say whether a text is one that a bounded mandate was given for."""
    return reach(told, version=version, text=text, digest=digest) in COVERED


COVERED = frozenset({"given_for", "named", "within"})


def reach(told: Instructions, *, version: int, text: str, digest: str = "") -> str:
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
