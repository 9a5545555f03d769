"""The test for consensus: opened on one version, answered, closed; the result is computed."""

import uuid
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from assemblies.acts.arguments import Flag, OneOf, Text, text_within
from assemblies.acts.declaring import SITTING, act
from assemblies.door.kinds import Silent, card, rows
from assemblies.door.page import Page
from assemblies.models import Participant
from assemblies.rules import together
from assemblies.rules.errors import Refused
from assemblies.sheets import Roll
from proposals import rules
from proposals.models import Block, ConsensusTest, Position, Proposal
from proposals.services.at_hand import (
    OnAgenda,
    apply_outcome,
    at_hand,
    check_all_heard,
    countable,
    enter_phase,
)
from proposals.services.concerns import add_concern
from proposals.sheets.across import blocks_standing, fair_share
from proposals.sheets.asking import Asking
from proposals.sheets.rule import rule_of
from proposals.sheets.table import Proposals
from proposals.words import sentences


@act("open_test", roles=["facilitator"], phases=SITTING, proposal=OnAgenda(None))
def open_test(page: Page, *, by: Participant, proposal: Proposal | None) -> None:
    """Ask everybody who counts for a position on this version."""
    row = may_test(page, proposal)
    asking = page.sheet(Asking)
    if asking.open_check is not None:
        asking.close_check(page, asking.open_check, page.now)
    test = ConsensusTest(
        id=uuid.uuid4(),
        meeting=page.meeting,
        proposal=row,
        version=row.version,
        came_from=row.phase,
        opened_at=page.now,
    )
    asking.tests.append(test)
    asking.positions = {}
    page.put(test)
    enter_phase(page, row, rules.Phase.CALL_FOR_CONSENSUS)
    page.note(TEST_OPENED, proposal=row.key, version=row.version, test=str(test.pk))


def may_test(page: Page, proposal: Proposal | None) -> Proposal:
    """Return the proposal that may be tested now, or refuse (ROOM.md 5, 24)."""
    row, rule = at_hand(page, proposal, "open_test"), rule_of(page.meeting)
    levels = rule.phases or (rules.Phase.DISCUSSION,)
    if not set(levels) <= set(row.had):
        raise Refused("wrong_phase", _("It has not been discussed yet."))
    if row.phase == rules.Phase.BLOCK_REVIEW:
        if len(blocks_standing(page, row)) > rule.max_blocks:
            raise Refused("wrong_phase", _("It is blocked. The blocks are heard and met first."))
        check_all_heard(page, row)
    check_enough_here(page)
    return row


def check_enough_here(page: Page) -> None:
    """Refuse where too few people are here, or too few of a group that the rule names."""
    roll = page.sheet(Roll)
    if not roll.quorum_met(page.meeting):
        raise Refused(
            "quorum_not_met",
            _("Quorum is %(quorum)s, %(here)s who count are here. Talk can go on.")
            % {"quorum": roll.quorum(page.meeting), "here": roll.counting(page.meeting)},
        )
    if not fair_share(page):
        raise Refused(
            "gender_share_not_met",
            _("A group that the rule names has too small a share of those here. Talk can go on."),
        )


def test_at_hand(page: Page, named: str = "") -> ConsensusTest:
    """Return the open test, or refuse and say when the last one closed.

    `named` is the test that was on the screen: what was meant for one is no answer to another.
    """
    asking = page.sheet(Asking)
    tests = [test for test in asking.tests if named in ("", str(test.pk))]
    if tests and tests[-1].under_way:
        return tests[-1]
    if tests and (closed_at := tests[-1].closed_at):
        raise Refused("no_test_open", closed_sentence(page, closed_at))
    raise Refused("no_test_open", _("No test is open."))


def closed_sentence(page: Page, at: datetime) -> str:
    """Return the sentence that says when a test closed, in local time."""
    there = page.meeting.assembly.local(at)
    return _("The test closed at %(time)s.") % {"time": there.strftime("%H:%M:%S")}


def has_answered(page: Page, person: Participant) -> bool:
    """Say whether somebody has taken a position in the open test."""
    asking = page.sheet(Asking)
    return asking.open_test is not None and person.pk in asking.positions


@act(
    "take_position",
    counts=True,
    phases=SITTING,
    entered="no_phone",
    answered=has_answered,
    position=OneOf(words=rules.EVERY_POSITION),
    reason=Text(""),
    principle=Text(""),
    test=Text(""),
)
def take_position(
    page: Page, *, by: Participant, position: str, reason: str, principle: str, test: str
) -> None:
    """Answer in the open test; the last answer before it closes counts."""
    asked, rule = test_at_hand(page, test), rule_of(page.meeting)
    if position not in rule.positions:
        raise Refused("position_not_offered", _("This way of deciding does not offer that."))
    if position == rule.blocking:
        reasons_given(rule, reason, principle)
    reason = text_within(reason, 4000, needed=False)
    principle = text_within(principle, 300, needed=False)
    asking = page.sheet(Asking)
    row = asking.positions.get(by.pk)
    new = (position, reason, principle)
    if row is not None and (row.position, row.reason, row.principle) == new:
        if stop_writing(page, asked, by):
            page.note(BLOCK_PREPARED, test=str(asked.pk), cancel=True)
        return
    if row is None:
        row = Position(id=uuid.uuid4(), test=asked, participant=by)
        asking.positions[by.pk] = row
    row.voice = by.voice
    row.position, row.reason, row.principle = new
    row.entered_by = page.actor.key if page.actor and page.on_behalf_of else ""
    page.put(row)
    stop_writing(page, asked, by)
    page.note(POSITION_TAKEN, test=str(asked.pk), position=position)


def reasons_given(rule: rules.Rule, reason: str, principle: str) -> None:
    """Refuse a block without the reason or the principle that the rule asks for."""
    if "reason" in rule.block_requires and not reason:
        raise Refused("reason_required", _("Say why. The room will want to meet it."))
    if "principle" in rule.block_requires and not principle:
        if rule.consent:
            raise Refused("reason_required", _("Say which aim of ours it harms."))
        raise Refused("reason_required", _("Say which principle it goes against."))


@act(
    "prepare_block",
    counts=True,
    phases=SITTING,
    entered="no_phone",
    cancel=Flag(False),
    test=Text(""),
)
def prepare_block(page: Page, *, by: Participant, cancel: bool, test: str) -> None:
    """Say "I am writing a block": closing waits, two minutes at most (ROOM.md 5, 27)."""
    asked, rule = test_at_hand(page, test), rule_of(page.meeting)
    if rule.blocking not in rule.positions:
        raise Refused("position_not_offered", _("This way of deciding knows no blocks."))
    if cancel:
        if stop_writing(page, asked, by):
            page.note(BLOCK_PREPARED, test=str(asked.pk), cancel=True)
        return
    row = asked.writing.get(by.key)
    since = datetime.fromisoformat(row["since"]) if row else page.now
    waits = page.now - since < rules.WRITING_AT_MOST
    if row is not None and row["now"] == waits:
        return
    # The two minutes run from the first time, whatever was cancelled since.
    asked.writing = {**asked.writing, by.key: {"since": since.isoformat(), "now": waits}}
    page.put(asked)
    page.note(BLOCK_PREPARED, test=str(asked.pk), cancel=False)


def stop_writing(page: Page, test: ConsensusTest, person: Participant) -> bool:
    """Note that somebody is no longer writing a block; say whether they were."""
    row = test.writing.get(person.key)
    if row is None or not row["now"]:
        return False
    test.writing = {**test.writing, person.key: {**row, "now": False}}
    page.put(test)
    return True


@act("close_test", roles=["facilitator"], phases=SITTING)
def close_test(page: Page, *, by: Participant) -> None:
    """Close the test. Nobody sets its result: it is computed from the answers, by the rule."""
    test, asking, roll = test_at_hand(page), page.sheet(Asking), page.sheet(Roll)
    present, there = roll.votes(page.meeting), roll.counting(page.meeting)
    counts, units = asking.counts(page, test), asking.units(page)
    if page.now - test.opened_at < rules.TEST_AT_LEAST and sum(counts.values()) < present:
        raise Refused("too_early", _("A test stays open for 20 seconds, or until all answered."))
    if asking.writing(test):
        raise Refused("block_being_written", _("Somebody is writing a block. Please wait."))
    row = page.sheet(Proposals).of(test)
    quorum, fair, rule = roll.quorum(page.meeting), fair_share(page), rule_of(page.meeting)
    tally = rules.tally_of(counts, present)
    result = rules.evaluate(rule, tally, quorum=quorum, fair=fair, there=there)
    test.closed_at, test.outcome = page.now, result.outcome
    if result.outcome == "NO_QUORUM":
        # The test is void: what was answered is not kept as positions.
        for position in asking.positions.values():
            page.drop(position)
        asking.positions, counts = {}, {}
    more: dict[str, Any] = {"degree": rules.degree_said(counts)} if rule.open else {}
    if units is not None:
        more["units"] = units
    test.counts = {
        **{"positions": counts, "present": present, "quorum": quorum, "fair": fair},
        **more,
    }
    page.put(test)
    page.concern(*(roll.by_id.get(pk) for pk in asking.positions))
    raise_blocks(page, test)
    row.failed_tests += result.outcome not in ("CONSENSUS", "NO_QUORUM")
    apply_outcome(page, row, test)
    if result.outcome == "BLOCKED":
        row.blocked = [
            *row.blocked,
            {"version": row.version, "meeting": page.meeting.key, "at": page.now.isoformat()},
        ]
    page.note(
        TEST_CLOSED,
        proposal=row.key,
        version=row.version,
        test=str(test.pk),
        outcome=result.outcome,
        positions=counts,
        present=present,
        quorum=quorum,
        fair=fair,
        **more,
        **on_record(page),
    )
    if result.outcome == "TOO_MANY_STAND_ASIDES":
        asides_become_concerns(page, row)


def on_record(page: Page) -> dict[str, Any]:
    """Return what minutes keep of a closed test: blocks and stand-asides with their reasons.

    Both are public acts (DOMAIN.md 2.6, 7); all other answers are numbers.
    """
    people, rule = page.sheet(Roll).by_id, rule_of(page.meeting)
    blocks, asides, entered = [], [], 0
    for row in page.sheet(Asking).positions.values():
        entered += bool(row.entered_by)
        told = {"who": people[row.participant_id].key, "reason": row.reason}
        if row.position == rule.blocking:
            blocks.append({**told, "principle": row.principle})
        elif row.position == "stand_aside":
            asides.append(told)
    return {"blocks": blocks, "asides": asides, "entered": entered}


def raise_blocks(page: Page, test: ConsensusTest) -> None:
    """Write the blocks of a closed test; they stand until they are met."""
    rows, asking = page.sheet(Proposals).blocks[test.pk], page.sheet(Asking)
    blocking, taken = rule_of(page.meeting).blocking, asking.positions.values()
    stopped = together((row.voice, row.position) for row in taken) if asking.by_unit else {}
    for position in taken:
        if asking.by_unit and stopped.pop(position.voice, None) != blocking:
            # A unit blocks once, whoever of its delegates said so, and never against another.
            continue
        if position.position == blocking:
            block = Block(
                id=uuid.uuid4(),
                test=test,
                participant_id=position.participant_id,
                reason=position.reason,
                principle=position.principle,
            )
            rows.append(block)
            page.put(block)


def asides_become_concerns(page: Page, proposal: Proposal) -> None:
    """List the reason of everybody who stood aside as an open concern (S3)."""
    people = page.sheet(Roll).by_id
    for position in list(page.sheet(Asking).positions.values()):
        if position.position == "stand_aside":
            person = people[position.participant_id]
            add_concern(
                page,
                proposal,
                by=person.key,
                key=f"aside-{proposal.failed_tests}-{person.key}"[:40],
                text=position.reason,
                kind="practical",
                from_stand_aside=True,
            )


def check_offered(page: Page, counts: dict[str, int]) -> None:
    """Refuse positions that this way of deciding does not offer."""
    if not counts.keys() <= set(rule_of(page.meeting).positions):
        raise Refused("position_not_offered", _("This way of deciding does not offer that."))


TEST_COUNTED = countable(test_at_hand, rules.EVERY_POSITION, check_offered)


# --- the cards of the entries written here ---

TEST_OPENED = card(
    "proposals.test_opened",
    "test",
    "proposal",
    minutes=sentences.test_opened,
    writes=(
        rows(ConsensusTest, pk="test"),
        rows(Proposal, key="proposal"),
    ),
)
POSITION_TAKEN = card(
    "proposals.position_taken",
    "test",
    minutes=Silent("Who answered what is never told, the result is."),
    erasable=True,
    log=sentences.positions_given,
    writes=(
        rows(Position, test_id="test"),
        rows(ConsensusTest),
    ),
)
BLOCK_PREPARED = card(
    "proposals.block_prepared",
    "test",
    minutes=Silent("Half a block is nothing yet; the block is told once it stands."),
    erasable=True,
    writes=(rows(ConsensusTest, pk="test"),),
)
TEST_CLOSED = card(
    "proposals.test_closed",
    "test",
    "proposal",
    minutes=sentences.test_closed,
    writes=(
        rows(ConsensusTest, pk="test"),
        rows(Proposal, key="proposal"),
        rows(Block, test_id="test"),
        rows(Position, test_id="test"),
    ),
)
