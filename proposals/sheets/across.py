"""Who put a proposal forward, which blocks stand, who is here: asked of several sheets."""

from assemblies.door.page import Page
from assemblies.models import Participant
from assemblies.rules import speaks_for
from assemblies.sheets import Roll
from proposals import rules
from proposals.models import Block, Proposal
from proposals.sheets.asking import Asking
from proposals.sheets.rule import rule_of
from proposals.sheets.table import Proposals


def proposer(page: Page, proposal: Proposal) -> Participant | None:
    """Return who put a proposal forward, or speaks here for the unit that did."""
    found, roll = author(page, proposal), page.sheet(Roll)
    if found is None and roll.by_unit:
        found = next((one for one in roll.here() if speaks_for(one.voice, proposal.by)), None)
    return found


def author(page: Page, proposal: Proposal) -> Participant | None:
    """Return who put a proposal forward, if they have a place in this meeting."""
    roll = page.sheet(Roll)
    found = roll.find(proposal.by)
    if found is None and proposal.person_id is not None:
        own = (one for one in roll.people.values() if one.person_id == proposal.person_id)
        found = next((roll.find(one.key) for one in own), None)
    return found


def is_proposer(page: Page, proposal: Proposal, person: Participant) -> bool:
    """Say whether somebody put a proposal forward, or speaks for the unit that did."""
    return speaks_for(person.voice, proposal.by) or author(page, proposal) is person


def fair_share(page: Page) -> bool:
    """Say whether the named groups have their share among those who count and declared one."""
    roll, rule = page.sheet(Roll), rule_of(page.meeting)
    return rules.gender_share_met(rule, [one.groups for one in roll.here() if roll.counts(one)])


def blocks_on(page: Page, proposal: Proposal) -> list[Block]:
    """Return the blocks of the last test on this version; a void test does not count."""
    test = page.sheet(Asking).test_on(proposal, void=False)
    return page.sheet(Proposals).blocks[test.pk] if test is not None else []


def blocks_standing(page: Page, proposal: Proposal) -> list[Block]:
    """Return the blocks that still have to be met."""
    return [block for block in blocks_on(page, proposal) if block.stands]
