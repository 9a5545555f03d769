"""The numbers of tests, votes and decisions in words."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proposals import rules
from proposals.words.vocabulary import choice_labels, position_labels


def percent(share: Fraction) -> str:
    """Return a share as people read it: 27.08 %, never rounded over a limit."""
    hundredths = share.numerator * 10_000 // share.denominator
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d} %" if rest else f"{whole} %"


def share_words(share: Fraction) -> str:
    """Return a share as it is agreed: 1/4."""
    return f"{share.numerator}/{share.denominator}"


def degree_words(said: str) -> str:
    """Return a degree of agreement as it is quoted: "6/7, 85.71 %"."""
    carried, of = map(int, said.split("/"))
    return f"{said}, {rules.hundredths(carried, of)} %"


def degree_sentence(said: str | None) -> str:
    """Return the degree of agreement as a sentence; "" without a degree."""
    return _("Degree of agreement: %(degree)s.") % {"degree": degree_words(said)} if said else ""


def positions_sentence(counts: Mapping[str, int]) -> str:
    """Return the answers of a test in words: "36 agree, 2 with reservations, 1 blocks."."""

    def many(name: str, one: str, more: str) -> str:
        """Return one part of the sentence, in the singular or plural; "" for nobody."""
        n = counts.get(name, 0)
        return (one if n == 1 else more) % {"n": n} if n else ""

    said = [
        many("agree", _("%(n)s agrees"), _("%(n)s agree")),
        many("consent", _("%(n)s consents"), _("%(n)s consent")),
        many("reservations", _("%(n)s with reservations"), _("%(n)s with reservations")),
        many("stand_aside", _("%(n)s stands aside"), _("%(n)s stand aside")),
        many("disagree", _("%(n)s disagrees"), _("%(n)s disagree")),
        many("abstain", _("%(n)s abstains"), _("%(n)s abstain")),
        many("block", _("%(n)s blocks"), _("%(n)s block")),
        many("object", _("%(n)s objects"), _("%(n)s object")),
    ]
    shown = ", ".join(part for part in said if part)
    return f"{shown}." if shown else _("Nobody has answered yet.")


def weighed_sentence(answered: int, present: int, units: Mapping[str, int]) -> str:
    """Return how many votes were given, and by how many units, where some have several votes."""
    told = ngettext(
        "%(n)s of %(all)s votes, %(units)s of %(here)s unit.",
        "%(n)s of %(all)s votes, %(units)s of %(here)s units.",
        units["here"],
    )
    return told % {
        "n": answered,
        "all": present,
        "units": units["answered"],
        "here": units["here"],
    }


def units_sentence(numbers: Mapping[str, Any], counts: Mapping[str, int]) -> str:
    """Return the votes and units of a closed test as a sentence; "" where each has one vote."""
    units = numbers.get("units")
    if not units or not counts:
        return ""
    return weighed_sentence(sum(counts.values()), int(numbers.get("present", 0)), units)


def quorum_base(numbers: Mapping[str, Any], present: int) -> int:
    """Return the number that the quorum of a test is compared with: units where they have votes."""
    return int(numbers.get("units", {}).get("here", present))


def here_sentence(n: int) -> str:
    """Return how many who count were here, as a sentence."""
    told = ngettext("%(n)s who counts was here.", "%(n)s who count were here.", n)
    return told % {"n": n}


def votes_sentence(votes: Mapping[str, int], *, override: bool = False) -> str:
    """Return the ballots of a vote in words."""
    if override:
        return _("%(for)s yes, %(against)s no, %(abstain)s abstain.") % {
            choice: votes.get(choice, 0) for choice in rules.CHOICES
        }
    return _("%(for)s for, %(against)s against, %(abstain)s abstain.") % {
        choice: votes.get(choice, 0) for choice in rules.CHOICES
    }


def mood_sentence(mood: Mapping[str, int]) -> str:
    """Return a temperature check in words."""
    return _("%(up)s up, %(middle)s in the middle, %(down)s down.") % {
        level: mood.get(level, 0) for level in rules.LEVELS
    }


def votes_cast(votes: Mapping[str, int]) -> dict[str, int]:
    """Return how many said yes to the override question, of how many who said yes or no."""
    n = votes.get("for", 0)
    return {"n": n, "of": n + votes.get("against", 0)}


def numbers_sentence(numbers: Mapping[str, Any]) -> str:
    """Return the numbers of a decision in words."""
    said = []
    if votes := numbers.get("votes"):
        said.append(votes_sentence(votes, override="override" in numbers))
    elif positions := numbers.get("positions"):
        said.append(positions_sentence(positions))
    said.append(degree_sentence(numbers.get("degree")))
    if on_paper := numbers.get("on_paper"):
        said.append(str(on_paper))
    labels = {**choice_labels(), **position_labels()}
    # On paper anything may have been counted: "For: 12".
    counted = [
        f"{labels.get(name, name)}: {n}"
        for name, n in numbers.items()
        if isinstance(n, int) and name not in ("present", "quorum")
    ]
    if counted:
        said.append(", ".join(counted) + ".")
    if weight := units_sentence(numbers, numbers.get("positions", {})):
        said.append(weight)
    elif n := numbers.get("present"):
        said.append(here_sentence(n))
    return " ".join(filter(None, said))
