"""The moves that a console offers with a proposal: what is open, and why the rest is not.

Nothing here looks at a clock: two screens at one seq agree. What a time decides goes out as that
time, and the screens count down to it.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from assemblies.door.house import house
from assemblies.door.page import Page
from assemblies.rules.errors import Refused
from assemblies.screens.shown import ms
from assemblies.sheets import Roll
from proposals import rules
from proposals.models import PHASE_LABELS, ConsensusTest, Proposal
from proposals.rules import Phase
from proposals.services.blocks import unheard
from proposals.services.decisions import may_adopt
from proposals.services.life import may_set_phase
from proposals.services.tests import may_test
from proposals.services.votes import may_vote, rested_at, test_with_objections
from proposals.sheets.asking import Asking
from proposals.sheets.rule import rule_of
from proposals.words import amounts

LIVE = frozenset({*rules.LINE, Phase.BLOCK_REVIEW, Phase.FALLBACK_VOTE})


def why_not(check: Callable[[], Any]) -> str:
    """Return the reason why a check refuses, "" if it does not."""
    try:
        check()
    except Refused as refusal:
        return refusal.why
    return ""


def delayed(page: Page, one: dict[str, Any]) -> dict[str, Any]:
    """Return a move with another app's reason to wait, and until when."""
    found = house().delay_of(page, one["do"])
    if found is None or one["why"]:
        return one
    why, until = found
    if until is None:
        return {**one, "why": why}
    return {**one, "since": max(ms(until) or 0, one["since"] or 0), "hint": why}


def move(name: str, label: str, *, why: str = "", **more: Any) -> dict[str, Any]:
    """Return a move as a console shows it: a button, and why it cannot be pressed now.

    `more`: the act (`do` and its arguments); `since`, from when it may be done; `key`, its letter.
    """
    since, key = more.pop("since", None), more.pop("key", "")
    return {
        "id": f"move-{name}",
        "label": label,
        "do": more["do"],
        "json": json.dumps(more),
        "why": why,
        "since": since,
        "key": key,
    }


def moves(page: Page, proposal: Proposal) -> list[dict[str, Any]]:
    """Return the moves from where a proposal stands: those that are open, and why others not."""
    asking, found = page.sheet(Asking), []
    if (test := asking.open_test) is not None:
        found = [closing_of_test(page, test)]
    elif asking.open_vote is not None:
        found = [move("close-vote", close_vote_label(page), key="v", do="close_vote")]
    elif proposal.phase in LIVE:
        found = [
            *hearings(page, proposal),
            *recording(page, proposal),
            testing(page, proposal),
            *voting(page, proposal),
            checking(page),
        ]
    return [delayed(page, one) for one in found]


def closing_of_test(page: Page, test: ConsensusTest) -> dict[str, Any]:
    """Return the move that closes the open test, and what it waits for."""
    writing = page.sheet(Asking).writing(test)
    return move(
        "close-test",
        _("Close the test"),
        why=_("Somebody is writing a block. Please wait.") if writing else "",
        since=ready_at(page, test),
        key="v",
        do="close_test",
    )


def ready_at(page: Page, test: ConsensusTest) -> int | None:
    """Return from when an open test may be closed, in epoch ms; None once all have answered."""
    answered = sum(page.sheet(Asking).counts(page, test).values())
    if answered >= page.sheet(Roll).votes(page.meeting):
        return None
    return ms(test.opened_at + rules.TEST_AT_LEAST)


def hearings(page: Page, proposal: Proposal) -> list[dict[str, Any]]:
    """Return the moves that hear a block, one for each block not heard yet."""
    if proposal.phase not in rules.FROM["hear_block"]:
        return []
    people = page.sheet(Roll).by_id
    waiting = [people[block.participant_id] for block in unheard(page, proposal)]
    return [
        move(
            f"hear-{who.key}",
            hearing_label(page, who.name),
            key="" if place else "x",
            do="hear_block",
            who=who.key,
        )
        for place, who in enumerate(waiting)
    ]


def hearing_label(page: Page, name: str) -> str:
    """Return the words of the button that hears somebody's block or objection."""
    if rule_of(page.meeting).consent:
        return _("Hear the objection of %(name)s") % {"name": name}
    return _("Hear the block of %(name)s") % {"name": name}


def recording(page: Page, proposal: Proposal) -> list[dict[str, Any]]:
    """Return the move that records a result, where a test or a vote was held."""
    if proposal.phase not in (Phase.CALL_FOR_CONSENSUS, Phase.BLOCK_REVIEW, Phase.FALLBACK_VOTE):
        return []
    why = why_not(lambda: may_adopt(page, proposal))
    return [move("adopt", _("Record the decision"), why=why, key="d", do="adopt")]


def testing(page: Page, proposal: Proposal) -> dict[str, Any]:
    """Return the move that opens the test."""
    why = why_not(lambda: may_test(page, proposal))
    return move("test", test_label(page, proposal), why=why, key="v", do="open_test")


def test_label(page: Page, proposal: Proposal) -> str:
    """Return the words of the button that opens a test."""
    if page.sheet(Asking).test_on(proposal, void=False) is not None:
        return _("Test version %(n)s again") % {"n": proposal.version}
    if rule_of(page.meeting).consent:
        return _("Start the consent round on version %(n)s") % {"n": proposal.version}
    return _("Test for consensus on version %(n)s") % {"n": proposal.version}


def close_vote_label(page: Page) -> str:
    """Return the words of the button that closes the open vote."""
    if rule_of(page.meeting).open:
        return _("Close the override question")
    return _("Close the vote")


def overriding(page: Page, proposal: Proposal) -> list[dict[str, Any]]:
    """Return the move that opens the override question on the objections of the last test."""
    test = test_with_objections(page, proposal)
    if test is None or proposal.phase not in rules.FROM["ask_to_override"]:
        return []
    why = why_not(lambda: may_vote(page, proposal))
    label = _("Ask whether to override the objections")
    asks = move("vote", label, why=why, key="o", do="open_vote")
    return [{**asks, "because": amounts.degree_sentence(test.counts.get("degree"))}]


def voting(page: Page, proposal: Proposal) -> list[dict[str, Any]]:
    """Return the move that puts a blocked proposal to the vote, or why nothing is."""
    if rule_of(page.meeting).open:
        return overriding(page, proposal)
    if proposal.phase != Phase.BLOCK_REVIEW:
        return []
    # Where the rule has days of rest, the screens count down to their end.
    since = rested_at(proposal, rule_of(page.meeting))
    why = why_not(lambda: may_vote(page, proposal, at=since))
    label = _("Put it to the vote")
    return [move("vote", label, why=why, since=ms(since), key="o", do="open_vote")]


def checking(page: Page) -> dict[str, Any]:
    """Return the move that opens a temperature check, or closes the open one."""
    if page.sheet(Asking).open_check is not None:
        return move("check", _("Close the check"), key="c", do="close_check")
    label = _("Temperature check, %(n)s seconds") % {"n": rules.CHECK_SECONDS}
    return move("check", label, key="c", do="open_check", seconds=rules.CHECK_SECONDS)


def phases_to_go_to(page: Page, proposal: Proposal) -> list[dict[str, Any]]:
    """Return a move for each phase of the talk, with what it would skip."""
    if proposal.phase in (Phase.SUBMITTED, Phase.REFERRED, Phase.POSTPONED):
        present = move(
            "present", _("Present it"), do="present_proposal", proposal=proposal.key, key=""
        )
        return [{**present, "skips": False, "current": False}]
    if proposal.phase not in rules.FROM["set_phase"]:
        return []
    return [
        {
            **move(
                f"to-{phase}",
                str(PHASE_LABELS[phase]),
                why=""
                if phase == proposal.phase
                else why_not(partial(may_set_phase, page, proposal, phase)),
                do="set_phase",
                phase=phase,
            ),
            "current": phase == proposal.phase,
            "skips": bool(rules.skipped(proposal.phase, phase, proposal.had)),
        }
        for phase in rules.LEVELS_OF_TALK
    ]
