"""Read the proposal at hand for the state of a meeting (ROOM.md 3)."""

from typing import Any

from assemblies.door.page import Page
from assemblies.models import Participant
from assemblies.sheets import Roll
from proposals import rules
from proposals.models import ConsensusTest, Decision, Proposal
from proposals.sheets.across import blocks_on
from proposals.sheets.asking import Asking
from proposals.sheets.rule import rule_of
from proposals.sheets.table import Proposals


def proposal_state(page: Page) -> dict[str, Any]:
    """Return the proposal of the open item, and the decisions of this meeting."""
    sheet = page.sheet(Proposals)
    proposal = sheet.current(page)
    return {
        "proposal": state_of_proposal(page, proposal) if proposal is not None else None,
        "decisions": [state_of_decision(page, row) for row in sheet.decisions],
    }


def state_of_proposal(page: Page, proposal: Proposal) -> dict[str, Any]:
    """Return the state of one proposal."""
    asking, sheet = page.sheet(Asking), page.sheet(Proposals)
    people = page.sheet(Roll).by_id
    test, vote, check = (
        asking.test_on(proposal),
        asking.vote_on(proposal),
        asking.check_on(proposal),
    )
    mood = asking.mood(check) if check is not None else dict.fromkeys(rules.LEVELS, 0)
    checking = check is not None and check.under_way
    votes = asking.votes_for(page, vote) if vote is not None else {}
    return {
        "id": proposal.key,
        "version": proposal.version,
        "phase": rules.Phase.TEMPERATURE_CHECK if checking else proposal.phase,
        "open_concerns": len(sheet.open_concerns(proposal)),
        "check": {"open": checking, **mood},
        "test": test_state(page, test) if test is not None else None,
        "blocks": [
            {"who": people[who].key, "heard": heard, "standing": standing}
            for who, heard, standing in blocks_now(page, proposal)
        ],
        "vote": {
            "open": vote is not None and vote.under_way,
            **{choice: votes.get(choice, 0) for choice in rules.CHOICES},
            "passed": vote.passed if vote is not None else None,
        },
    }


def hide_blockers(page: Page, person: Participant | None, found: dict[str, Any]) -> None:
    """Hide who blocks from those who do not count, unless they agreed to be named."""
    roll = page.sheet(Roll)
    if found["proposal"] is None or (person is not None and roll.counts(person)):
        return
    for block in found["proposal"]["blocks"]:
        blocker = roll.find(block["who"])
        block["who"] = block["who"] if blocker is not None and blocker.named else None


def blocks_now(page: Page, proposal: Proposal) -> list[tuple[Any, bool, bool]]:
    """Return the blocks of the open or last test: the person, was it heard, does it stand."""
    asking = page.sheet(Asking)
    test = asking.open_test
    if test is not None and test.proposal_id == proposal.pk:
        blocking = rule_of(page.meeting).blocking
        rows = asking.positions.values()
        return [(row.participant_id, False, True) for row in rows if row.position == blocking]
    return [
        (block.participant_id, block.heard_at is not None, block.stands)
        for block in blocks_on(page, proposal)
    ]


def test_state(page: Page, test: ConsensusTest) -> dict[str, Any]:
    """Return the state of a test, with a number for every position that the rule has."""
    asking = page.sheet(Asking)
    counts = asking.counts(page, test)
    rule = rule_of(page.meeting)
    found: dict[str, Any] = {
        "open": test.under_way,
        "version": test.version,
        "answered": sum(counts.values()),
        "writing": len(asking.writing(test)) if test.under_way else 0,
        "positions": {name: counts.get(name, 0) for name in rule.family},
        "outcome": test.outcome or None,
    }
    if rule.open:
        carried, of = rules.degree_numbers(counts)
        found["degree"] = rules.degree_said(counts)
        found["percent"] = rules.hundredths(carried, of) if of else None
    return found


def state_of_decision(page: Page, row: Decision) -> dict[str, Any]:
    """Return a decision of this meeting."""
    by_pk = {one.pk: one.key for one in page.sheet(Proposals).proposals.values()}
    found: dict[str, Any] = {
        "proposal": by_pk.get(row.proposal_id) if row.proposal_id else None,
        "version": row.version,
        "how": row.how,
    }
    if row.on_paper:
        found |= {"decision": row.key, "provisional": row.provisional}
    return found
