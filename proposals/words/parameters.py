"""The parameters of a rule in words (DOMAIN.md 2.4)."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from proposals import rules
from proposals.words.amounts import share_words
from proposals.words.vocabulary import override_question, position_labels


def parameter_words(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return every parameter of a rule in words: what it is called, what it says.

    `said` are the parameters as an assembly keeps them; raises ValueError where they cannot be.
    """
    rule = rules.read_rule(said)
    labels = position_labels()
    told = [
        (_("Quorum"), quorum_words(said.get("quorum"))),
        (_("Answers in a test"), ", ".join(labels[one] for one in rule.positions)),
        (
            _("Answers needed"),
            _("At least %(share)s of those here must answer; else it decides nothing.")
            % {"share": share_words(rule.min_answered)},
        ),
        *(open_words(rule) if rule.open else block_words(rule)),
    ]
    if days := rules.whole(said.get("notice_days", 0), "notice_days"):
        notice = ngettext("%(n)s day, in writing", "%(n)s days, in writing", days)
        told.append((_("Notice of a proposal"), notice % {"n": days}))
    told.append((_("Looked at again"), review_words(rule)))
    if rule.phases:
        levels = ", ".join(
            _(LEVEL_NAMES[rules.Phase(phase)]) for phase in rule.phases if phase in LEVEL_NAMES
        )
        told.append((_("Levels of talk, none left out"), levels))
    if rule.rounds:
        rounds = ", ".join(_(ROUND_NAMES[one]) for one in rule.rounds if one in ROUND_NAMES)
        told.append((_("Rounds"), rounds))
    if rule.gender_groups and rule.gender_share is not None:
        told.append((_("Who must be here"), gender_words(rule)))
    if chairs := said.get("co_chairs"):
        told.append((_("Co-chairs, one each of"), ", ".join(map(str, chairs))))
    return told


def block_words(rule: rules.Rule) -> list[tuple[str, str]]:
    """Return what a rule says of blocks, standing aside, and a vote that may follow."""
    told = [
        (_("A block needs"), requires_words(rule)),
        (_("Blocks that do not stop it"), str(rule.max_blocks)),
        (_("Whether a block stands"), finding_words(rule.finding)),
        (_("Standing aside"), aside_words(rule)),
        (
            _("Active agreement"),
            _("At least %(share)s of the answers must agree, with or without reservations.")
            % {"share": share_words(rule.min_active_agreement)},
        ),
        (_("If consensus fails"), fallback_words(rule)),
    ]
    if rule.fallback is not None:
        told.append((_("Before a vote"), before_vote_words(rule)))
    return told


def open_words(rule: rules.Rule) -> list[tuple[str, str]]:
    """Return what a rule of open decisions says of agreement, its degree and what overrides."""
    told = [
        (_("Blocks"), _("None: who does not agree disagrees, and is counted.")),
        (
            _("Active agreement"),
            _("Agreement is full where nobody disagrees and somebody agrees."),
        ),
        (
            _("Degree of agreement"),
            _(
                "Who agrees and who stands aside, as a share of them and who disagrees. It is"
                " always recorded; who abstains is not counted."
            ),
        ),
    ]
    if (vote := rule.vote) is None:
        return [*told, (_("Without full agreement"), in_own_name_words())]
    n = rule.rounds_before_fallback
    rounds = ngettext(
        "%(n)s test has come to no full agreement.",
        "%(n)s tests have come to no full agreement.",
        n,
    )
    return [
        *told,
        (_("Before the override question"), rounds % {"n": n}),
        (override_question(), override_needs(vote)),
        (_("If it does not pass"), in_own_name_words()),
    ]


def in_own_name_words() -> str:
    """Return what may be done without full agreement."""
    return _("Those who agree may act in their own name, quoting the degree of agreement.")


def override_needs(vote: rules.Fallback) -> str:
    """Return what the override question needs to pass, in plain words."""
    if vote.denominator != "for+against":
        return vote_words(vote)
    told = _("At least %(share)s of those who say yes or no must say yes.")
    if vote.strict:
        told = _("More than %(share)s of those who say yes or no must say yes.")
    return told % {"share": share_words(vote.threshold)}


LEVEL_NAMES = {
    rules.Phase.CLARIFYING: gettext_noop("clarifying questions"),
    rules.Phase.DISCUSSION: gettext_noop("discussion"),
    rules.Phase.CONCERNS: gettext_noop("concerns"),
    rules.Phase.AMENDING: gettext_noop("amending"),
}
ROUND_NAMES = {
    "clarifying_round": gettext_noop("clarifying questions"),
    "reaction_round": gettext_noop("reactions"),
    "consent_round": gettext_noop("consent"),
    "integrate": gettext_noop("integrating objections"),
}


def quorum_words(quorum: Any) -> str:
    """Return how many must be here."""
    if quorum in (None, "none", ""):
        return _("None: whoever is here decides.")
    if isinstance(quorum, Mapping):
        return _("%(share)s of the roll must be here.") % {"share": quorum.get("share")}
    told = ngettext("%(n)s person must be here.", "%(n)s people must be here.", int(quorum))
    return told % {"n": quorum}


def requires_words(rule: rules.Rule) -> str:
    """Return what a person who blocks has to say."""
    if rule.consent:
        return _("a reason, and the aim that it would harm")
    if "principle" in rule.block_requires:
        return _("a reason, and the principle it rests on")
    return _("a reason")


def finding_words(finding: rules.Finding | None) -> str:
    """Return who says whether a block stands."""
    if finding is None:
        return _("Who blocks says so; the group does not judge blocks.")
    share = share_words(finding.share)
    if finding.kind == "invalidate_if":
        told = _("It falls if %(share)s of the others find it invalid.")
        if finding.strict:
            told = _("It falls if more than %(share)s of the others find it invalid.")
    elif finding.kind == "valid_if":
        told = _("It stands if %(share)s of the others find that it rests on a principle.")
        if finding.strict:
            told = _(
                "It stands if more than %(share)s of the others find that it rests on a principle."
            )
    else:
        told = _("It stands if %(share)s of the others support it.")
        if finding.strict:
            told = _("It stands if more than %(share)s of the others support it.")
    return told % {"share": share}


def aside_words(rule: rules.Rule) -> str:
    """Return how many may stand aside."""
    if rule.stand_aside_limit is None:
        return _("However many stand aside, it can pass.")
    return _("If more than %(share)s of those here stand aside, it goes back to the concerns.") % {
        "share": share_words(rule.stand_aside_limit)
    }


def of_words() -> dict[str, str]:
    """Return the words for what a share of votes is taken of."""
    return {
        "for+against": _("those who vote for or against"),
        "for+against+stand_asides": _("those who vote for or against, and who stood aside"),
        "present": _("those here"),
        "members": _("the roll"),
    }


def fallback_words(rule: rules.Rule) -> str:
    """Return what follows where consensus fails."""
    if rule.fallback is None:
        return _("No vote: it is amended, referred, postponed or withdrawn.")
    return vote_words(rule.fallback)


def vote_words(fallback: rules.Fallback) -> str:
    """Return what a vote needs to pass."""
    told = _("A vote: at least %(share)s of %(of)s must be for it.")
    if fallback.strict:
        told = _("A vote: more than %(share)s of %(of)s must be for it.")
    return told % {
        "share": share_words(fallback.threshold),
        "of": of_words()[fallback.denominator],
    }


def before_vote_words(rule: rules.Rule) -> str:
    """Return what comes before a vote."""
    n = rule.rounds_before_fallback
    told = ngettext(
        "%(n)s test has failed and every block was heard.",
        "%(n)s tests have failed and every block was heard.",
        n,
    ) % {"n": n}
    if rule.cooling_off == "next_meeting":
        return told + " " + _("It rests until the next meeting, unless it is an emergency.")
    if isinstance(rule.cooling_off, int) and rule.cooling_off:
        rests = ngettext(
            "It rests for %(n)s day, unless it is an emergency.",
            "It rests for %(n)s days, unless it is an emergency.",
            rule.cooling_off,
        )
        return told + " " + rests % {"n": rule.cooling_off}
    return told


def review_words(rule: rules.Rule) -> str:
    """Return when decisions are looked at again."""
    n = rule.review_after
    if not n:
        return _("When a proposal says so.")
    told = ngettext(
        "After %(n)s month, unless the proposal says when.",
        "After %(n)s months, unless the proposal says when.",
        n,
    )
    return told % {"n": n}


def gender_words(rule: rules.Rule) -> str:
    """Return which groups must have their share of those present."""
    return _("At least %(share)s each of those who described themselves as: %(groups)s.") % {
        "share": share_words(rule.gender_share or Fraction(0)),
        "groups": ", ".join(rule.gender_groups),
    }


def vote_needs(rule: rules.Rule) -> str:
    """Return what a vote needs to pass, in plain words."""
    fallback = rule.vote
    if fallback is None:
        return ""
    if rule.open:
        return override_needs(fallback)
    of = {
        "for+against": _("of those who vote for or against"),
        "for+against+stand_asides": _("of those who vote for or against or stood aside"),
        "present": _("of those who are here"),
        "members": _("of all members"),
    }[fallback.denominator]
    told = _("More than %(share)s %(of)s must be for it.") if fallback.strict else ""
    told = told or _("At least %(share)s %(of)s must be for it.")
    return told % {"share": share_words(fallback.threshold), "of": of}
