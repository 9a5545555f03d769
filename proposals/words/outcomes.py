"""How a test or a vote came out, why, and what follows, in words."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proposals import rules
from proposals.words.amounts import degree_sentence, percent, share_words, votes_cast
from proposals.words.vocabulary import how_label, outcome_labels


def outcome_sentence(rule: rules.Rule, outcome: str) -> str:
    """Return what the outcome of a test means, to be read out (DOMAIN.md 6.3)."""
    if outcome == "BLOCKED" and rule.consent:
        return _("An objection stands.")
    if rule.open and outcome in ("CONSENSUS", "INSUFFICIENT_AGREEMENT"):
        return f"{outcome_labels(by_degree=True)[outcome]}."
    return {
        "NO_QUORUM": _("The test is void: too few were here."),
        "BLOCKED": _("The proposal is blocked."),
        "TOO_FEW_ANSWERS": _("Too few answered, so nothing is decided."),
        "TOO_MANY_STAND_ASIDES": _("Too many stand aside."),
        "INSUFFICIENT_AGREEMENT": _("Not enough agree."),
        "CONSENSUS": _("There is consensus."),
    }.get(outcome, "")


def how_told(how: str, numbers: Mapping[str, Any]) -> str:
    """Return how something was decided; in open decisions, with the numbers."""
    if how == "vote" and "override" in numbers:
        return _("agreed, by override: %(n)s of %(of)s") % votes_cast(numbers.get("votes", {}))
    if how == "consensus" and "degree" in numbers:
        return _("in full agreement")
    return how_label(how)


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
            "answered": tally.answers,
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
    if rule.open:
        return degree_sentence(rules.degree_said(counts)) or _("Nobody agreed or disagreed.")
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


def leads_to(rule: rules.Rule, outcome: str, *, blocks: int) -> str:
    """Return what follows the outcome of a test, as a sentence."""
    if outcome == "BLOCKED":
        if rule.consent:
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


def in_their_own_name(said: str | None) -> str:
    """Return what may be done where no override passed, with the degree (DOMAIN.md 2.5)."""
    if not said:
        return _("Nobody agreed or disagreed.")
    told = _("Those who agree may act in their own name, quoting it.")
    return f"{degree_sentence(said)} {told}"


def override_because(
    vote: rules.Fallback,
    votes: Mapping[str, int],
    *,
    counted: int,
    passed: bool | None,
    degree: str | None,
) -> str:
    """Return why the override question passed or not, and what may be done where it did not."""
    if passed is None:
        return _("Too few were here. The question is void.")
    numbers = {
        "n": votes.get("for", 0),
        "of": counted,
        "needed": rules.needed(vote, counted),
        "share": share_words(vote.threshold),
    }
    if passed:
        return _("Agreed, by override: %(n)s of %(of)s.") % numbers
    told = _("Not overridden: %(n)s of %(of)s said yes; %(needed)s must, which is %(share)s.")
    return f"{told % numbers} {in_their_own_name(degree)}"


def vote_told(
    rule: rules.Rule,
    votes: Mapping[str, int],
    *,
    counted: int,
    passed: bool | None,
    degree: str | None,
) -> str:
    """Return why a closed vote or override question passed or not, with what follows."""
    if rule.vote is None:
        return ""
    if rule.open:
        return override_because(rule.vote, votes, counted=counted, passed=passed, degree=degree)
    return vote_because(rule.vote, votes, counted=counted, passed=passed)


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
