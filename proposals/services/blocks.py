"""Blocks: heard, judged by some rules, withdrawn, or changed to standing aside."""

import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from assemblies.acts.arguments import OneOf, Text, Who, text_within
from assemblies.acts.declaring import SITTING, act
from assemblies.door.kinds import Silent, card, rows
from assemblies.door.page import Page
from assemblies.models import Participant
from assemblies.rules.errors import Refused
from assemblies.sheets import Roll
from proposals import rules
from proposals.models import Block, ConsensusTest, Judgement, Proposal
from proposals.services.at_hand import apply_outcome, at_hand
from proposals.services.tests import asides_become_concerns
from proposals.sheets.across import blocks_on, blocks_standing
from proposals.sheets.asking import Asking
from proposals.sheets.rule import rule_of
from proposals.sheets.table import Proposals
from proposals.words import sentences


def block_of(page: Page, proposal: Proposal, person: Participant) -> Block:
    """Return somebody's block on this version, or refuse."""
    for block in blocks_on(page, proposal):
        if block.participant_id == person.pk:
            return block
    raise Refused("not_the_blocker", _("%(name)s does not block this.") % {"name": person.name})


@act("hear_block", roles=["facilitator"], phases=SITTING, who=Who(None))
def hear_block(page: Page, *, by: Participant, who: Participant | None) -> None:
    """Hear a block: who blocks has the floor and a clock. Never skipped, whatever the rule."""
    person = who or by
    row = at_hand(page, None, "hear_block")
    block = block_of(page, row, person)
    if block.heard_at is not None:
        raise Refused("already_done", _("That block has been heard."))
    block.heard_at = page.now
    page.put(block)
    if person.present:
        # The block of somebody who has left is heard when its reason is read out.
        for sheet in page.every_sheet():
            sheet.floor_given(page, person, "hearing", rules.HEARING_SECONDS)
    page.concern(person)
    page.note(BLOCK_HEARD, proposal=row.key, who=person.key, block=str(block.pk))


def check_judge(page: Page, person: Participant, args: Mapping[str, Any]) -> None:
    """Refuse guests, and people who blocked in this test: they do not judge (DOMAIN.md 2.6)."""
    roll = page.sheet(Roll)
    if not roll.counts(person):
        raise Refused("does_not_count", _("Members and delegates may do that."))
    current = page.sheet(Proposals).current(page)
    blocks = blocks_on(page, current) if current is not None else []
    if any(block.participant_id == person.pk for block in blocks):
        raise Refused("does_not_count", _("Who blocks does not judge blocks."))


@act(
    "judge_block",
    counts=check_judge,
    phases=SITTING,
    entered="no_phone",
    who=Who(None),
    answer=OneOf(words=("valid", "invalid", "support")),
)
def judge_block(page: Page, *, by: Participant, who: Participant | None, answer: str) -> None:
    """Say whether a block rests on a principle; it falls once missing answers change nothing."""
    finding = rule_of(page.meeting).finding
    row = at_hand(page, None, "hear_block")
    if finding is None:
        raise Refused("not_open", _("By this way of deciding blocks are not judged."))
    block = block_of(page, row, who or by)
    if not block.stands:
        raise Refused("already_done", _("That block does not stand any more."))
    if block.heard_at is None:
        raise Refused("hearing_due", _("A block is heard before it is judged."))
    given = page.sheet(Proposals).judgements[block.pk]
    judgement = given.get(by.pk)
    if judgement is not None and judgement.answer == answer:
        return
    if judgement is None:
        judgement = Judgement(id=uuid.uuid4(), block=block, participant=by)
        given[by.pk] = judgement
    judgement.answer = answer
    page.put(judgement)
    found = findings(page, block)
    page.note(BLOCK_JUDGED, block=str(block.pk), answer=answer)
    if rules.falls(finding, judges=found["judges"], given=found["given"]):
        end_invalid_block(page, row, block, found)


def findings(page: Page, block: Block) -> dict[str, Any]:
    """Return how many may judge a block, and what those who did have said."""
    roll, sheet = page.sheet(Roll), page.sheet(Proposals)
    blocked = {row.participant_id for row in sheet.blocks[block.test_id]}
    here = [one for one in roll.here() if roll.counts(one) and one.pk not in blocked]
    given = sheet.judgements[block.pk]
    said_so = Counter(given[one.pk].answer for one in here if one.pk in given)
    return {"judges": len(here) + page.meeting.heads, "given": dict(said_so)}


def end_invalid_block(page: Page, proposal: Proposal, block: Block, found: dict[str, Any]) -> None:
    """End a block that was found invalid, and compute the outcome anew with those left."""
    block.state, block.found = "invalid", found
    page.put(block)
    test = page.sheet(Asking).test_on(proposal, void=False)
    assert test is not None  # noqa: S101 - a block belongs to a test
    rule, counts = rule_of(page.meeting), page.sheet(Asking).counts(page, test)
    left = sum(1 for row in page.sheet(Proposals).blocks[test.pk] if row.stands)
    tally = rules.tally_of(counts, int(test.counts["present"]), fallen=counts[rule.blocking] - left)
    was, test.outcome = test.outcome, rules.evaluate(rule, tally).outcome
    # A test that reaches consensus after all does not count as failed.
    proposal.failed_tests -= (was, test.outcome) == ("BLOCKED", "CONSENSUS")
    page.put(test)
    who = page.sheet(Roll).by_id[block.participant_id]
    page.concern(who)
    page.note(
        BLOCK_FELL,
        proposal=proposal.key,
        who=who.key,
        block=str(block.pk),
        outcome=test.outcome,
        **found,
    )
    if test.outcome != "BLOCKED":
        apply_outcome(page, proposal, test)
        if test.outcome == "TOO_MANY_STAND_ASIDES":
            asides_become_concerns(page, proposal)


def look_again(page: Page) -> None:
    """End a block that fails now that some of its judges have left."""
    finding, row = rule_of(page.meeting).finding, page.sheet(Proposals).current(page)
    if finding is None or row is None or page.sheet(Asking).asking():
        return
    for block in blocks_standing(page, row):
        if block.heard_at is None or row.phase not in rules.FROM["hear_block"]:
            continue
        found = findings(page, block)
        # Where nobody has judged, no block falls.
        if found["given"] and rules.falls(finding, **found):
            end_invalid_block(page, row, block, found)


def own_block(page: Page, by: Participant) -> tuple[Proposal, Block]:
    """Return the standing block of somebody on the proposal at hand, or refuse."""
    row = at_hand(page, None, "withdraw_block")
    block = block_of(page, row, by)
    if not block.stands:
        raise Refused("already_done", _("That block does not stand any more."))
    return row, block


@act("withdraw_block", counts=True, phases=SITTING, entered="no_phone", reason=Text(""))
def withdraw_block(page: Page, *, by: Participant, reason: str) -> None:
    """Let one's block go; the same version must be tested again (ROOM.md 5, 30)."""
    row, block = own_block(page, by)
    end_block(page, block, "withdrawn", text_within(reason, 2000, needed=False))
    page.note(BLOCK_WITHDRAWN, proposal=row.key, who=by.key, block=str(block.pk))


@act("stand_aside_instead", counts=True, phases=SITTING, entered="no_phone", reason=Text(""))
def stand_aside_instead(page: Page, *, by: Participant, reason: str) -> None:
    """Stand aside where one had blocked; the same version must be tested again."""
    row, block = own_block(page, by)
    end_block(page, block, "stood_aside", text_within(reason, 2000, needed=False))
    page.note(STOOD_ASIDE, proposal=row.key, who=by.key, block=str(block.pk))


def end_block(page: Page, block: Block, state: str, reason: str) -> None:
    """End a block, as its author decided."""
    block.state, block.ended_because = state, reason
    page.put(block)


def unheard(page: Page, proposal: Proposal) -> list[Block]:
    """Return the standing blocks that wait to be heard."""
    return [block for block in blocks_standing(page, proposal) if block.heard_at is None]


# --- the cards of the entries written here ---

BLOCK_HEARD = card(
    "proposals.block_heard",
    "proposal",
    "floor",
    minutes=sentences.heard,
    writes=(rows(Block, pk="block"),),
)
BLOCK_JUDGED = card(
    "proposals.block_judged",
    "proposal",
    minutes=Silent("Who judged what is never told, the finding is."),
    erasable=True,
    writes=(rows(Judgement, block_id="block"),),
)
BLOCK_FELL = card(
    "proposals.block_found_invalid",
    "proposal",
    "test",
    minutes=sentences.fell,
    writes=(
        rows(Block, pk="block"),
        rows(Proposal),
        rows(ConsensusTest),
    ),
)
BLOCK_WITHDRAWN = card(
    "proposals.block_withdrawn",
    "proposal",
    "test",
    minutes=sentences.withdrawn,
    writes=(rows(Block, pk="block"),),
)
STOOD_ASIDE = card(
    "proposals.stood_aside_instead",
    "proposal",
    "test",
    minutes=sentences.stood_aside,
    writes=(rows(Block, pk="block"),),
)
