"""Where the proposal at hand stands and what comes next, in sentences for everybody."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.door.page import Page
from proposals import rules
from proposals.models import ConsensusTest, Proposal
from proposals.rules import Phase
from proposals.screens.moves import overriding
from proposals.services.blocks import unheard
from proposals.sheets.across import blocks_standing
from proposals.sheets.asking import Asking
from proposals.sheets.rule import rule_of
from proposals.sheets.table import Proposals
from proposals.words import amounts


def stage_of(page: Page) -> tuple[str, str] | None:
    """Return the phase of the proposal at hand and what happens next with it."""
    proposal, asking = page.sheet(Proposals).current(page), page.sheet(Asking)
    if proposal is None or proposal.phase in rules.ENDS:
        return None
    if asking.open_check is not None:
        stage = _("Temperature check")
    elif asking.open_test is not None:
        stage = _("Test for consensus")
        if rule_of(page.meeting).consent:
            stage = _("Consent round")
    elif asking.open_vote is not None and rule_of(page.meeting).open:
        stage = _("Override question")
    else:
        stage = proposal.get_phase_display()
    return stage, next_move(page, proposal)


def next_move(page: Page, proposal: Proposal) -> str:
    """Return what happens next with the proposal, as a sentence for everybody."""
    asking, rule = page.sheet(Asking), rule_of(page.meeting)
    if asking.open_check is not None:
        return _("The temperature check closes by itself. It decides nothing.")
    if asking.open_test is not None:
        return _("Next: the test is closed and its result computed by the rule.")
    if asking.open_vote is not None:
        if rule.open:
            return _("Next: the question is closed and the answers are counted.")
        return _("Next: the vote is closed and counted.")
    if proposal.phase == Phase.BLOCK_REVIEW:
        return next_with_blocks(page, proposal, rule)
    if proposal.phase == Phase.CALL_FOR_CONSENSUS:
        if unheard(page, proposal):
            return hearing_sentence(rule, len(blocks_standing(page, proposal)))
        return _("Next: the decision is recorded.")
    if proposal.phase == Phase.FALLBACK_VOTE:
        return _("Next: the decision is recorded.")
    if rule.open and (asks := overriding(page, proposal)):
        return f"{asks[0]['because']} {next_with_objections(asks[0]['why'], rule)}".strip()
    if proposal.phase == Phase.AMENDING:
        tested = any(one.version < proposal.version for one in tests_of(page, proposal))
        if tested:
            return _("Next: version %(n)s is tested.") % {"n": proposal.version}
    return {
        Phase.SUBMITTED: _("Next: the proposal is presented."),
        Phase.PRESENTED: _("Next: clarifying questions."),
        Phase.CLARIFYING: _("Next: discussion."),
        Phase.DISCUSSION: _("Next: concerns, or a test for consensus."),
        Phase.CONCERNS: _("Next: amendments that meet the concerns."),
        Phase.AMENDING: _("Next: a test for consensus on this version."),
    }.get(Phase(proposal.phase), "")


def next_with_objections(why: str, rule: rules.Rule) -> str:
    """Return what may follow a test without full agreement.

    `why`: the reason why the override question cannot be asked yet.
    """
    if rule.vote is None:
        return _("Next: changes that meet the objections.")
    if why:
        return f"{why} {_('Next: changes that meet the objections.')}"
    share = amounts.share_words(rule.vote.threshold)
    return _("Next: more changes, or the override question (%(share)s).") % {"share": share}


def tests_of(page: Page, proposal: Proposal) -> list[ConsensusTest]:
    """Return the tests on any version of a proposal in this meeting."""
    return [one for one in page.sheet(Asking).tests if one.proposal_id == proposal.pk]


def hearing_sentence(rule: rules.Rule, n: int) -> str:
    """Return how many blocks stand, and that they are heard next."""
    if rule.consent:
        told = ngettext(
            "%(n)s objection stands. Next: hear the objection.",
            "%(n)s objections stand. Next: hear the objections.",
            n,
        )
    else:
        told = ngettext(
            "Blocked by %(n)s. Next: hear the block.",
            "Blocked by %(n)s. Next: hear the blocks.",
            n,
        )
    return told % {"n": n}


def next_with_blocks(page: Page, proposal: Proposal, rule: rules.Rule) -> str:
    """Return what may follow while blocks are being heard."""
    n = len(blocks_standing(page, proposal))
    if unheard(page, proposal):
        return hearing_sentence(rule, n)
    if n <= rule.max_blocks:
        return _("No block stops it any more. Next: the same version is tested again.")
    if rule.consent:
        told = ngettext(
            "%(n)s objection stands. The proposal may be amended, withdrawn, referred or postponed",
            "%(n)s objections stand. The proposal may be amended, withdrawn, referred or postponed",
            n,
        ) % {"n": n}
    else:
        told = ngettext(
            "%(n)s block stands. The proposal may be amended, withdrawn, referred or postponed",
            "%(n)s blocks stand. The proposal may be amended, withdrawn, referred or postponed",
            n,
        ) % {"n": n}
    if rule.fallback is None:
        return f"{told}."
    share = amounts.share_words(rule.fallback.threshold)
    return f"{told} " + _("or put to the vote (%(share)s).") % {"share": share}
