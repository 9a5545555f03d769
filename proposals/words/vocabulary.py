"""The words for positions, outcomes and ways of deciding; a concern or a task in one line."""

from typing import Any

from django.utils.translation import gettext as _


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
    """Return what each position means, in one line."""
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


def override_question() -> str:
    """Return what is asked where open decisions came to no full agreement."""
    return _("Are we willing to override the remaining objections?")


def concern_words(text: str) -> str:
    """Return the text of a concern; a fixed sentence for standing aside without a reason."""
    return text or _("Stands aside, without a reason in words.")


def task_words(task: Any) -> str:
    """Return a task in one line: what, who, until when, whether it is done."""
    said = _("Task: %(what)s. Holder: %(holder)s. Due: %(due)s.") % {
        "what": task.what,
        "holder": task.holder or _("needs a holder"),
        "due": task.due.isoformat() if task.due else _("no date"),
    }
    return f"{said} {_('Done.')}" if task.done_at else said
