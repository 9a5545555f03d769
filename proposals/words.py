"""What tests, votes and decisions are called, and what their numbers say, in words."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proposals import rules


def position_labels() -> dict[str, str]:
    """Return what the positions are called on buttons (DOMAIN.md 6.1)."""
    return {
        "agree": _("Agree"),
        "reservations": _("Reservations"),
        "stand_aside": _("Stand aside"),
        "block": _("Block"),
        "abstain": _("Abstain"),
        "consent": _("Consent"),
        "object": _("Object"),
    }


def position_meanings() -> dict[str, str]:
    """Return in one line what taking a position means."""
    return {
        "agree": _("I support it."),
        "reservations": _("I support it, with doubts written down."),
        "stand_aside": _("I cannot support it and will not stop it."),
        "block": _("It goes against our principles and must not pass."),
        "abstain": _("I take no part in this."),
        "consent": _("Good enough for now, safe enough to try."),
        "object": _("It would harm our aim. I say how."),
    }


def choice_labels() -> dict[str, str]:
    """Return what the choices of a vote are called."""
    return {"for": _("For"), "against": _("Against"), "abstain": _("Abstain")}


def level_labels() -> dict[str, str]:
    """Return what the answers to a temperature check are called."""
    return {"up": _("Up"), "middle": _("Middle"), "down": _("Down")}


def outcome_labels() -> dict[str, str]:
    """Return what the outcomes of a test are called."""
    return {
        "NO_QUORUM": _("No quorum"),
        "BLOCKED": _("Blocked"),
        "TOO_FEW_ANSWERS": _("Too few answers"),
        "TOO_MANY_STAND_ASIDES": _("Too many stand aside"),
        "INSUFFICIENT_AGREEMENT": _("Not enough agreement"),
        "CONSENSUS": _("Consensus"),
    }


def outcome_sentence(outcome: str, *, consent: bool) -> str:
    """Return what the outcome of a test means, to be read out (DOMAIN.md 6.3)."""
    if outcome == "BLOCKED" and consent:
        return _("An objection stands.")
    return {
        "NO_QUORUM": _("The test is void: too few were here."),
        "BLOCKED": _("The proposal is blocked."),
        "TOO_FEW_ANSWERS": _("Too few answered, so nothing is decided."),
        "TOO_MANY_STAND_ASIDES": _("Too many stand aside."),
        "INSUFFICIENT_AGREEMENT": _("Not enough agree."),
        "CONSENSUS": _("There is consensus."),
    }.get(outcome, "")


def judging_words(kind: str) -> tuple[str, list[tuple[str, str]]]:
    """Return what the judges of a block are asked, and their answers (DOMAIN.md 2.6)."""
    if kind == "supported_if":
        question, yes, no = _("Do you support it?"), _("I support it"), _("I do not")
        return question, [("support", yes), ("invalid", no)]
    question = _("Does it rest on a principle of ours?")
    return question, [("valid", _("It does")), ("invalid", _("It does not"))]


def how_label(how: str) -> str:
    """Return how something was decided."""
    if how.startswith("consensus_minus_"):
        return _("by consensus minus %(n)s") % {"n": how.removeprefix("consensus_minus_")}
    named = {
        "consensus": _("by consensus"),
        "consent": _("by consent"),
        "vote": _("by vote"),
        "on_paper": _("on paper"),
    }
    return str(named.get(how, how))


def percent(share: Fraction) -> str:
    """Return a share as people read it: 27.08 %, never rounded over a limit."""
    hundredths = share.numerator * 10_000 // share.denominator
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d} %" if rest else f"{whole} %"


def share_words(share: Fraction) -> str:
    """Return a share as it is agreed: 1/4."""
    return f"{share.numerator}/{share.denominator}"


def positions_sentence(counts: Mapping[str, int]) -> str:
    """Return the answers of a test in words: "36 agree, 2 with reservations, 1 blocks."."""

    def many(name: str, one: str, more: str) -> str:
        n = counts.get(name, 0)
        return (one if n == 1 else more) % {"n": n} if n else ""

    said = [
        many("agree", _("%(n)s agrees"), _("%(n)s agree")),
        many("consent", _("%(n)s consents"), _("%(n)s consent")),
        many("reservations", _("%(n)s with reservations"), _("%(n)s with reservations")),
        many("stand_aside", _("%(n)s stands aside"), _("%(n)s stand aside")),
        many("abstain", _("%(n)s abstains"), _("%(n)s abstain")),
        many("block", _("%(n)s blocks"), _("%(n)s block")),
        many("object", _("%(n)s objects"), _("%(n)s object")),
    ]
    shown = ", ".join(part for part in said if part)
    return f"{shown}." if shown else _("Nobody has answered yet.")


def votes_sentence(votes: Mapping[str, int]) -> str:
    """Return the ballots of a vote in words."""
    return _("%(for)s for, %(against)s against, %(abstain)s abstain.") % {
        choice: votes.get(choice, 0) for choice in rules.CHOICES
    }


def mood_sentence(mood: Mapping[str, int]) -> str:
    """Return a temperature check in words."""
    return _("%(up)s up, %(middle)s in the middle, %(down)s down.") % {
        level: mood.get(level, 0) for level in rules.LEVELS
    }


def because(
    rule: rules.Rule, outcome: str, counts: Mapping[str, int], *, present: int, quorum: int | None
) -> str:
    """Return why a test came out as it did, with the numbers that decided."""
    tally = rules.tally_of(counts, present)
    if outcome == "NO_QUORUM":
        if quorum is not None and present < quorum:
            return _("%(here)s who count were here, quorum is %(quorum)s. The test is void.") % {
                "here": present,
                "quorum": quorum,
            }
        return _("A group that the rule names had too small a share. The test is void.")
    if outcome == "BLOCKED":
        n = tally.block
        if rule.consent:
            told = ngettext("%(n)s objection stands.", "%(n)s objections stand.", n)
        else:
            told = ngettext("Blocked by %(n)s.", "Blocked by %(n)s.", n)
        return told % {"n": n}
    if outcome == "TOO_FEW_ANSWERS":
        return _(
            "%(answered)s of %(present)s answered, at least %(share)s must. It decides nothing."
        ) % {
            "answered": tally.answered,
            "present": present,
            "share": share_words(rule.min_answered),
        }
    if outcome == "TOO_MANY_STAND_ASIDES":
        return _("%(n)s of %(present)s stand aside (%(percent)s), more than %(limit)s.") % {
            "n": tally.stand_aside,
            "present": present,
            "percent": percent(Fraction(tally.stand_aside, present)),
            "limit": share_words(rule.stand_aside_limit or Fraction(1)),
        }
    active = tally.agree + tally.reservations
    of = active + tally.stand_aside + tally.block
    numbers = {
        "n": active,
        "of": of,
        "percent": percent(Fraction(active, of)) if of else "0 %",
        "share": share_words(rule.min_active_agreement),
    }
    if outcome == "INSUFFICIENT_AGREEMENT":
        return _("%(n)s of %(of)s agree (%(percent)s), at least %(share)s must.") % numbers
    return _("%(n)s of %(of)s agree (%(percent)s).") % numbers


def leads_to(outcome: str, *, blocks: int, consent: bool) -> str:
    """Return what follows from the outcome of a test."""
    if outcome == "BLOCKED":
        if consent:
            return _("Next: hearing the objection.")
        told = ngettext("Next: hearing the block.", "Next: hearing the blocks.", blocks)
        return told
    return {
        "NO_QUORUM": _("Next: talk goes on; nothing was decided."),
        "TOO_FEW_ANSWERS": _("Next: talk goes on, or the question is put again."),
        "TOO_MANY_STAND_ASIDES": _("Next: the reasons for standing aside are concerns to answer."),
        "INSUFFICIENT_AGREEMENT": _("Next: back to the concerns."),
        "CONSENSUS": _("Next: the decision is recorded."),
    }.get(outcome, "")


def vote_because(
    fallback: rules.Fallback, votes: Mapping[str, int], *, counted: int, passed: bool | None
) -> str:
    """Return why a vote passed or not, with the numbers that decided."""
    if passed is None:
        return _("Too few were here. The vote is void.")
    n = votes.get("for", 0)
    numbers = {
        "n": n,
        "of": counted,
        "percent": percent(Fraction(n, counted)) if counted else "0 %",
        "share": share_words(fallback.threshold),
        "needed": rules.needed(fallback, counted),
    }
    if passed:
        return _("%(n)s of %(of)s are for it (%(percent)s): adopted.") % numbers
    if fallback.strict:
        return _("%(n)s of %(of)s are for it (%(percent)s); more than %(share)s must be.") % numbers
    return (
        _("%(n)s of %(of)s are for it (%(percent)s); %(needed)s must be, which is %(share)s.")
        % numbers
    )


def numbers_sentence(numbers: Mapping[str, Any]) -> str:
    """Return the numbers of a decision in words."""
    said = []
    if votes := numbers.get("votes"):
        said.append(votes_sentence(votes))
    elif positions := numbers.get("positions"):
        said.append(positions_sentence(positions))
    if on_paper := numbers.get("on_paper"):
        said.append(str(on_paper))
    if n := numbers.get("present"):
        here = ngettext("%(n)s who counts was here.", "%(n)s who count were here.", n)
        said.append(here % {"n": n})
    return " ".join(said)
