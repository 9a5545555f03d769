"""The vote that may follow when consensus failed and every block was heard (ROOM.md 5, 34).

In open decisions it is the override question: are we willing to override the remaining objections?
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.acts.arguments import OneOf, Text
from assemblies.acts.declaring import SITTING, act
from assemblies.door.kinds import Silent, card, rows
from assemblies.door.page import Page
from assemblies.models import Participant
from assemblies.rules.errors import Refused
from assemblies.sheets import Roll
from proposals import rules
from proposals.models import Ballot, ConsensusTest, FallbackVote, Proposal
from proposals.rules import Phase
from proposals.services.at_hand import OnAgenda, at_hand, check_all_heard, countable, enter_phase
from proposals.services.tests import check_enough_here
from proposals.sheets.across import blocks_standing
from proposals.sheets.asking import Asking
from proposals.sheets.rule import rule_of
from proposals.sheets.table import Proposals
from proposals.words import sentences


@act("open_vote", roles=["facilitator"], phases=SITTING, proposal=OnAgenda(None))
def open_vote(page: Page, *, by: Participant, proposal: Proposal | None) -> None:
    """Put a blocked proposal to the vote that the rule allows, after the hearings.

    In open decisions: ask whether to override what objections remain, after the rounds.
    """
    row = may_vote(page, proposal)
    vote = FallbackVote(
        id=uuid.uuid4(),
        meeting=page.meeting,
        proposal=row,
        version=row.version,
        opened_at=page.now,
        counts={"came_from": row.phase},
    )
    asking = page.sheet(Asking)
    asking.votes.append(vote)
    asking.ballots = {}
    page.put(vote)
    enter_phase(page, row, Phase.FALLBACK_VOTE)
    page.note(
        VOTE_OPENED, proposal=row.key, version=row.version, vote=str(vote.pk), **asked_of(page, row)
    )


def asked_of(page: Page, proposal: Proposal) -> dict[str, Any]:
    """Return the share that an override question needs, and the degree of the last test."""
    rule, test = rule_of(page.meeting), page.sheet(Asking).test_on(proposal, void=False)
    if not rule.open or rule.vote is None or test is None:
        return {}
    threshold = rule.vote.threshold
    return {
        "override": f"{threshold.numerator}/{threshold.denominator}",
        "degree": test.counts.get("degree"),
    }


def may_vote(page: Page, proposal: Proposal | None, *, at: datetime | None = None) -> Proposal:
    """Return the proposal that may be put to the vote, or refuse (ROOM.md 5, 34).

    `at`: the time it is asked about, else now.
    """
    rule = rule_of(page.meeting)
    if rule.vote is None:
        raise Refused("no_fallback", _("By this way of deciding nothing is put to a vote."))
    if rule.open:
        return may_ask_to_override(page, proposal, rule)
    row = at_hand(page, proposal, "open_vote")
    if len(blocks_standing(page, row)) <= rule.max_blocks:
        raise Refused("wrong_phase", _("No block stops it any more. Test for consensus again."))
    if rounds_due(row, rule):
        raise Refused("wrong_phase", _("Another test comes before a vote."))
    check_all_heard(page, row)
    if must_rest(page, row, rule, at or page.now):
        raise Refused("cooling_off", _("A blocked proposal rests before it is put to a vote."))
    check_enough_here(page)
    return row


def may_ask_to_override(page: Page, proposal: Proposal | None, rule: rules.Rule) -> Proposal:
    """Return the proposal on which the override question may be put, or refuse (2.5)."""
    row = at_hand(page, proposal, "ask_to_override")
    if due := rounds_due(row, rule):
        told = ngettext(
            "%(n)s more round, with a test, comes before the override question.",
            "%(n)s more rounds, each with a test, come before the override question.",
            due,
        )
        raise Refused("wrong_phase", told % {"n": due})
    if test_with_objections(page, row) is None:
        raise Refused(
            "wrong_phase",
            _("No test on version %(n)s left objections that could be overridden.")
            % {"n": row.version},
        )
    check_enough_here(page)
    return row


def test_with_objections(page: Page, proposal: Proposal) -> ConsensusTest | None:
    """Return the last test on the present version if it came to no full agreement."""
    test = page.sheet(Asking).test_on(proposal, void=False)
    return test if test is not None and test.outcome == "INSUFFICIENT_AGREEMENT" else None


def rounds_due(proposal: Proposal, rule: rules.Rule) -> int:
    """Return how many tests have still to fail before a proposal may be put to the vote."""
    return max(0, rule.rounds_before_fallback - proposal.failed_tests)


def must_rest(page: Page, proposal: Proposal, rule: rules.Rule, at: datetime) -> bool:
    """Say whether a blocked proposal must still rest; an urgent one need not (5, 35)."""
    if rule.cooling_off is None or proposal.decision_class == "emergency":
        return False
    if rule.cooling_off == "next_meeting":
        return all(row["meeting"] == page.meeting.key for row in blocked_before(proposal))
    rested = rested_at(proposal, rule)
    return rested is None or at < rested


def blocked_before(proposal: Proposal) -> list[dict[str, Any]]:
    """Return when and where this version was blocked."""
    return [row for row in proposal.blocked if row["version"] == proposal.version]


def rested_at(proposal: Proposal, rule: rules.Rule) -> datetime | None:
    """Return when the days of rest of a proposal are over; None where the rule has no days."""
    if not isinstance(rule.cooling_off, int) or proposal.decision_class == "emergency":
        return None
    times = [datetime.fromisoformat(row["at"]) for row in blocked_before(proposal)]
    return min(times) + timedelta(days=rule.cooling_off) if times else None


def vote_at_hand(page: Page, named: str = "") -> FallbackVote:
    """Return the open vote, or refuse; `named` is the one that was on the screen."""
    vote = page.sheet(Asking).open_vote
    if vote is None or named not in ("", str(vote.pk)):
        raise Refused("not_open", _("No vote is open."))
    return vote


def has_voted(page: Page, person: Participant) -> bool:
    """Say whether somebody has cast a ballot in the open vote."""
    asking = page.sheet(Asking)
    return asking.open_vote is not None and person.pk in asking.ballots


@act(
    "cast_ballot",
    counts=True,
    phases=SITTING,
    entered="no_phone",
    answered=has_voted,
    choice=OneOf(words=rules.CHOICES),
    vote=Text(""),
)
def cast_ballot(page: Page, *, by: Participant, choice: str, vote: str) -> None:
    """Vote for or against, or abstain; the last ballot before it closes counts."""
    asked, asking = vote_at_hand(page, vote), page.sheet(Asking)
    row = asking.ballots.get(by.pk)
    if row is not None and row.choice == choice:
        return
    if row is None:
        row = Ballot(id=uuid.uuid4(), vote=asked, participant=by)
        asking.ballots[by.pk] = row
    row.choice, row.voice = choice, by.voice
    page.put(row)
    page.note(BALLOT_CAST, vote=str(asked.pk), choice=choice)


@act("close_vote", roles=["facilitator"], phases=SITTING)
def close_vote(page: Page, *, by: Participant) -> None:
    """Count the ballots. Without a quorum at closing the vote is void, as a test would be."""
    vote, asking, roll = vote_at_hand(page), page.sheet(Asking), page.sheet(Roll)
    row = page.sheet(Proposals).of(vote)
    fallback = rule_of(page.meeting).vote
    assert fallback is not None  # noqa: S101 - without one no vote is opened
    counts, present = asking.votes_for(page, vote), roll.votes(page.meeting)
    void = not roll.quorum_met(page.meeting)
    test = asking.test_on(row, void=False)
    asides = asking.counts(page, test).get("stand_aside", 0) if test is not None else 0
    members = roll.all_votes(page.meeting) or present
    passed = not void and rules.passes(
        fallback, counts, asides=asides, present=present, members=members
    )
    of = rules.votes_counted(fallback, counts, asides=asides, present=present, members=members)
    units = asking.units(page)
    weighed: dict[str, Any] = {"units": units} if units is not None else {}
    came_from = Phase(vote.counts.get("came_from", Phase.BLOCK_REVIEW))
    vote.closed_at, vote.passed = page.now, None if void else passed
    vote.counts = {} if void else counts
    page.put(vote)
    if void:
        enter_phase(page, row, came_from)
    elif not passed:
        enter_phase(page, row, Phase.NOT_ADOPTED)
    page.note(
        VOTE_CLOSED,
        proposal=row.key,
        version=row.version,
        vote=str(vote.pk),
        passed=vote.passed,
        present=present,
        counted=of,
        needed=rules.needed(fallback, of),
        **weighed,
        **asked_of(page, row),
        **{f"votes_{choice}": n for choice, n in vote.counts.items()},
    )


VOTE_COUNTED = countable(vote_at_hand, rules.CHOICES)


# --- the cards of the entries written here ---

VOTE_OPENED = card(
    "proposals.vote_opened",
    "test",
    "proposal",
    minutes=sentences.asked_to_override,
    writes=(
        rows(FallbackVote, pk="vote"),
        rows(Proposal, key="proposal"),
    ),
)
BALLOT_CAST = card(
    "proposals.ballot_cast",
    "test",
    minutes=Silent("Who voted what is never told, the result is."),
    erasable=True,
    log=sentences.ballots_given,
    writes=(rows(Ballot, vote_id="vote"),),
)
VOTE_CLOSED = card(
    "proposals.vote_closed",
    "test",
    "proposal",
    minutes=sentences.voted,
    writes=(
        rows(FallbackVote, pk="vote"),
        rows(Proposal, key="proposal"),
    ),
)
