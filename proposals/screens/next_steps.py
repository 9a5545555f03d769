"""The one act that a console proposes next with a proposal: its big button.

Nothing here looks at a clock: two screens at one seq agree.
"""

from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.acts.declaring import SITTING
from assemblies.door.page import Page
from assemblies.screens.shown import button
from assemblies.sheets import Roll
from proposals import rules
from proposals.models import PHASE_LABELS, Proposal
from proposals.rules import Phase
from proposals.screens.moves import (
    close_vote_label,
    closing_of_test,
    hearing_label,
    overriding,
    testing,
    voting,
    why_not,
)
from proposals.services.blocks import unheard
from proposals.services.decisions import may_adopt
from proposals.services.life import may_set_phase
from proposals.sheets.asking import Asking
from proposals.sheets.rule import rule_of
from proposals.sheets.table import Proposals
from proposals.words import amounts


def at_once(page: Page) -> dict[str, Any] | None:
    """Propose what comes before the stack: an answered test, a block to hear, a result to record.

    A technical point still comes first.
    """
    if page.meeting.phase not in SITTING:
        return None
    asking, proposal = page.sheet(Asking), page.sheet(Proposals).current(page)
    if asking.open_test is not None or asking.open_vote is not None:
        return closing(page) if all_answered(page) else None
    if proposal is None or any(sheet.waiting_point() for sheet in page.every_sheet()):
        return None
    if proposal.phase in rules.FROM["hear_block"] and (waiting := unheard(page, proposal)):
        who = page.sheet(Roll).by_id[waiting[0].participant_id]
        return button(hearing_label(page, who.name), do="hear_block", who=who.key)
    stands = proposal.phase in (Phase.CALL_FOR_CONSENSUS, Phase.FALLBACK_VOTE)
    if stands and not why_not(lambda: may_adopt(page, proposal)):
        return button(_("Record the decision"), do="adopt")
    return None


def all_answered(page: Page) -> bool:
    """Say whether everybody who counts has answered the open test or vote, and none is writing."""
    asking = page.sheet(Asking)
    present = page.sheet(Roll).votes(page.meeting)
    if (test := asking.open_test) is not None:
        return sum(asking.counts(page, test).values()) >= present and not asking.writing(test)
    vote = asking.open_vote
    return vote is not None and sum(asking.votes_for(page, vote).values()) >= present


def closing(page: Page) -> dict[str, Any] | None:
    """Return the button that closes what is open; its reason says who is missing."""
    asking = page.sheet(Asking)
    if (test := asking.open_test) is not None:
        shut = closing_of_test(page, test)
        return {
            **button(shut["label"], do="close_test"),
            "why": shut["why"] or missing(page, sum(asking.counts(page, test).values())),
            "closed": bool(shut["why"]),
            "since": None if shut["why"] else shut["since"],
        }
    if (vote := asking.open_vote) is not None:
        why = missing(page, sum(asking.votes_for(page, vote).values()))
        return {**button(close_vote_label(page), do="close_vote"), "why": why}
    if asking.open_check is not None:
        return {
            **button(_("Close the check"), do="close_check"),
            "why": _("It closes by itself, too."),
        }
    return None


def missing(page: Page, answered: int) -> str:
    """Return how many who count have not answered, as a sentence."""
    n = max(0, page.sheet(Roll).votes(page.meeting) - answered)
    if not n:
        return _("Everybody has answered.")
    roll = page.sheet(Roll)
    if units := page.sheet(Asking).units(page):
        return amounts.weighed_sentence(answered, roll.votes(page.meeting), units)
    return ngettext("%(n)s has not answered.", "%(n)s have not answered.", n) % {"n": n}


def propose(page: Page) -> dict[str, Any] | None:
    """Propose the likely next step of the proposal at hand: present, discuss, test, record."""
    if page.meeting.phase not in SITTING:
        return None
    if (shut := closing(page)) is not None:
        return shut
    proposal = page.sheet(Proposals).current(page)
    if proposal is None:
        return None
    if proposal.phase == Phase.BLOCK_REVIEW:
        return after_hearings(page, proposal)
    if rule_of(page.meeting).open and (asks := overriding(page, proposal)):
        return after_objections(page, proposal, asks[0])
    return walk(page, proposal)


def after_objections(page: Page, proposal: Proposal, asks: dict[str, Any]) -> dict[str, Any] | None:
    """Return what follows a test that came to no full agreement: the override question, changes."""
    if not asks["why"]:
        return {**button(asks["label"], do=asks["do"]), "why": asks["because"]}
    if not why_not(lambda: may_set_phase(page, proposal, Phase.AMENDING)):
        return {**go_on(page, Phase.AMENDING, proposal), "why": asks["why"]}
    return walk(page, proposal)


def after_hearings(page: Page, proposal: Proposal) -> dict[str, Any] | None:
    """Return what follows once the blocks were heard: the test again, a vote, or amending."""
    for way in (testing(page, proposal), *voting(page, proposal)):
        if not way["why"] and way["since"] is None:
            return button(way["label"], do=way["do"])
    if not why_not(lambda: may_set_phase(page, proposal, Phase.AMENDING)):
        return go_on(page, Phase.AMENDING, proposal)
    return None


def walk(page: Page, proposal: Proposal) -> dict[str, Any] | None:
    """Return the step that a proposal takes next; a routine one goes from reading to the test."""
    if proposal.phase == Phase.SUBMITTED:
        return button(
            _("Present “%(title)s”") % {"title": proposal.title},
            do="present_proposal",
            proposal=proposal.key,
        )
    rule = rule_of(page.meeting)
    if (around := next_round(rule, proposal)) is not None:
        return button(around, do="set_order", order="round")
    for phase in line_of(page, proposal, rule):
        back = phase not in rule.phases and not comes_after(phase, proposal.phase)
        if phase in proposal.had or back:
            continue
        if not why_not(partial(may_set_phase, page, proposal, phase)):
            return go_on(page, phase, proposal)
    if proposal.phase in rules.FROM["open_test"]:
        opens = testing(page, proposal)
        return {
            **button(opens["label"], do="open_test"),
            "why": opens["why"],
            "closed": bool(opens["why"]),
        }
    return None


def comes_after(phase: str, other: str) -> bool:
    """Say whether one phase comes after another in the line of phases."""
    return other in rules.LINE and rules.LINE.index(phase) > rules.LINE.index(other)


def line_of(page: Page, proposal: Proposal, rule: rules.Rule) -> tuple[str, ...]:
    """Return the phases that a proposal goes through before its test."""
    if rule.phases:
        return rule.phases
    if proposal.decision_class == "routine":
        return (Phase.DISCUSSION,)
    to_meet = page.sheet(Proposals).open_concerns(proposal)
    return (
        Phase.CLARIFYING,
        Phase.DISCUSSION,
        *((Phase.CONCERNS, Phase.AMENDING) if to_meet else ()),
    )


def go_on(page: Page, phase: str, proposal: Proposal) -> dict[str, Any]:
    """Return the button that goes on to a phase, saying so where it skips one."""
    label = _("Go on: %(phase)s") % {"phase": PHASE_LABELS[Phase(phase)]}
    found = button(label, do="set_phase", phase=phase)
    if rules.skipped(proposal.phase, phase, proposal.had):
        found["why"] = _("It leaves out a phase: anybody may object for 15 seconds.")
    return found


def next_round(rule: rules.Rule, proposal: Proposal) -> str | None:
    """Return the words for the go-round that a way with rounds wants in this phase, if any."""
    if proposal.decision_class == "routine" or rules.round_in(proposal.phase) in proposal.had:
        return None
    rounds = {
        Phase.CLARIFYING: ("clarifying_round", _("Start the clarifying round")),
        Phase.DISCUSSION: ("reaction_round", _("Start the reaction round")),
    }
    name, label = rounds.get(Phase(proposal.phase), ("", ""))
    return label if name in rule.rounds else None
