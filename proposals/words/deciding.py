"""What tests, votes and decisions are called, and what their numbers say, in words."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from proposals import rules


def position_labels() -> dict[str, str]:
    """Return what the positions are called on buttons (DOMAIN.md 6.1)."""
    return {
        "agree": _("Agree"),
        "reservations": _("Reservations"),
        "stand_aside": _("Stand aside"),
        "block": _("Block"),
        "disagree": _("Disagree"),
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
        "disagree": _("My concern is not met. I do not agree."),
        "abstain": _("I take no part in this."),
        "consent": _("Good enough for now, safe enough to try."),
        "object": _("It would harm our aim. I say how."),
    }


def choice_labels(*, override: bool = False) -> dict[str, str]:
    """Return what the choices of a vote are called; the override question is answered yes or no."""
    if override:
        return {"for": _("Yes"), "against": _("No"), "abstain": _("Abstain")}
    return {"for": _("For"), "against": _("Against"), "abstain": _("Abstain")}


def level_labels() -> dict[str, str]:
    """Return what the answers to a temperature check are called."""
    return {"up": _("Up"), "middle": _("Middle"), "down": _("Down")}


def outcome_labels(*, by_degree: bool = False) -> dict[str, str]:
    """Return what the outcomes of a test are called; `by_degree` in open decisions."""
    if by_degree:
        full = {"CONSENSUS": _("Full agreement"), "INSUFFICIENT_AGREEMENT": _("No full agreement")}
        return {**outcome_labels(), **full}
    return {
        "NO_QUORUM": _("No quorum"),
        "BLOCKED": _("Blocked"),
        "TOO_FEW_ANSWERS": _("Too few answers"),
        "TOO_MANY_STAND_ASIDES": _("Too many stand aside"),
        "INSUFFICIENT_AGREEMENT": _("Not enough agreement"),
        "CONSENSUS": _("Consensus"),
    }


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


def judging_words(kind: str) -> tuple[str, list[tuple[str, str]]]:
    """Return what the judges of a block are asked, and their answers (DOMAIN.md 2.6)."""
    if kind == "supported_if":
        question, yes, no = _("Do you support it?"), _("I support it"), _("I do not")
        return question, [("support", yes), ("invalid", no)]
    question = _("Does it rest on a principle of ours?")
    return question, [("valid", _("It does")), ("invalid", _("It does not"))]


def how_told(how: str, numbers: Mapping[str, Any]) -> str:
    """Return how something was decided, with what open decisions know of it."""
    if how == "vote" and "override" in numbers:
        return _("agreed, by override: %(n)s of %(of)s") % votes_cast(numbers.get("votes", {}))
    if how == "consensus" and "degree" in numbers:
        return _("in full agreement")
    return how_label(how)


def votes_cast(votes: Mapping[str, int]) -> dict[str, int]:
    """Return how many said yes to the override question, of how many who said yes or no."""
    n = votes.get("for", 0)
    return {"n": n, "of": n + votes.get("against", 0)}


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


def concern_words(text: str) -> str:
    """Return what a concern says; who stood aside without a reason raised one without words."""
    return text or _("Stands aside, without a reason in words.")


def percent(share: Fraction) -> str:
    """Return a share as people read it: 27.08 %, never rounded over a limit."""
    hundredths = share.numerator * 10_000 // share.denominator
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d} %" if rest else f"{whole} %"


def degree_words(said: str) -> str:
    """Return a degree of agreement as it is quoted: "6/7, 85.71 %"."""
    carried, of = map(int, said.split("/"))
    return f"{said}, {rules.hundredths(carried, of)} %"


def degree_sentence(said: str | None) -> str:
    """Return the degree of agreement of a test; nothing where nobody is left in it."""
    return _("Degree of agreement: %(degree)s.") % {"degree": degree_words(said)} if said else ""


def in_their_own_name(said: str | None) -> str:
    """Return what may be done where no override passed, and with which degree (2.5)."""
    if not said:
        return _("Nobody agreed or disagreed.")
    told = _("Those who agree may act in their own name, quoting it.")
    return f"{degree_sentence(said)} {told}"


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


def weighed(numbers: Mapping[str, Any], counts: Mapping[str, int]) -> str:
    """Return the same of what is kept of a test; "" where each who answered had one vote."""
    units = numbers.get("units")
    if not units or not counts:
        return ""
    return weighed_sentence(sum(counts.values()), int(numbers.get("present", 0)), units)


def there(numbers: Mapping[str, Any], present: int) -> int:
    """Return how many the quorum of a test was about: units where they have votes."""
    return int(numbers.get("units", {}).get("here", present))


def here_sentence(n: int) -> str:
    """Return how many who count were here."""
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
    """Return what follows from the outcome of a test."""
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


def override_question() -> str:
    """Return what is asked where open decisions came to no full agreement."""
    return _("Are we willing to override the remaining objections?")


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
    if weight := weighed(numbers, numbers.get("positions", {})):
        said.append(weight)
    elif n := numbers.get("present"):
        said.append(here_sentence(n))
    return " ".join(filter(None, said))


# --- the parameters of a rule (DOMAIN.md 2.4) -----------------------------------------------------


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
    """Return what may be done without an agreement of all."""
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
    """Return what who blocks has to say."""
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
    """Return what the votes for something may be a share of."""
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


def task_words(task: Any) -> str:
    """Return a task in one line: what, who, until when, whether it is done."""
    said = _("Task: %(what)s. Holder: %(holder)s. Due: %(due)s.") % {
        "what": task.what,
        "holder": task.holder or _("needs a holder"),
        "due": task.due.isoformat() if task.due else _("no date"),
    }
    return f"{said} {_('Done.')}" if task.done_at else said
