"""What may come next with a proposal, what may not and why, and which act is the likely one.

Nothing here looks at a clock: two screens at one seq agree. What a time decides goes out as that
time, and the screens count down to it.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.acts.declaring import SITTING
from assemblies.door.house import house
from assemblies.door.page import Page
from assemblies.rules.errors import Refused
from assemblies.screens.panels import button, ms
from assemblies.sheets import Roll
from proposals import rules
from proposals.models import PHASE_LABELS, ConsensusTest, Proposal
from proposals.rules import Phase
from proposals.services.blocks import unheard
from proposals.services.decisions import may_adopt
from proposals.services.life import may_set_phase
from proposals.services.tests import may_test
from proposals.services.votes import may_vote, objected, rested_at
from proposals.sheets.table import Asking, Proposals, rule_of, standing
from proposals.words import deciding as words

LIVE = frozenset({*rules.LINE, Phase.BLOCK_REVIEW, Phase.FALLBACK_VOTE})


def why_not(check: Callable[[], Any]) -> str:
    """Return why something may not be done now; nothing if it may."""
    try:
        check()
    except Refused as refusal:
        return refusal.why
    return ""


def delayed(page: Page, one: dict[str, Any]) -> dict[str, Any]:
    """Return a move with why it waits, as another app says, and until when."""
    found = house().delay_of(page, one["do"])
    if found is None or one["why"]:
        return one
    why, until = found
    if until is None:
        return {**one, "why": why}
    return {**one, "since": max(ms(until) or 0, one["since"] or 0), "hint": why}


# --- what a console offers ------------------------------------------------------------------------


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
    """Return for each block that waits to be heard the move that hears it."""
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
    """Return the move that asks whether to override what objections the last test left."""
    test = objected(page, proposal)
    if test is None or proposal.phase not in rules.FROM["ask_to_override"]:
        return []
    why = why_not(lambda: may_vote(page, proposal))
    label = _("Ask whether to override the objections")
    asks = move("vote", label, why=why, key="o", do="open_vote")
    return [{**asks, "because": words.degree_sentence(test.counts.get("degree"))}]


def voting(page: Page, proposal: Proposal) -> list[dict[str, Any]]:
    """Return the move that puts a blocked proposal to the vote, or why nothing is."""
    if rule_of(page.meeting).open:
        return overriding(page, proposal)
    if proposal.phase != Phase.BLOCK_REVIEW:
        return []
    # By days a proposal rests until a time, which the screens count down to.
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


# --- what happens next, for everybody -------------------------------------------------------------


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
            return hearing_sentence(rule, len(standing(page, proposal)))
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
    """Return what may follow a test that came to no full agreement; `why` not the override yet."""
    if rule.vote is None:
        return _("Next: changes that meet the objections.")
    if why:
        return f"{why} {_('Next: changes that meet the objections.')}"
    share = words.share_words(rule.vote.threshold)
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
    n = len(standing(page, proposal))
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
    share = words.share_words(rule.fallback.threshold)
    return f"{told} " + _("or put to the vote (%(share)s).") % {"share": share}


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


# --- the one big button ---------------------------------------------------------------------------


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
    """Return the button that closes what is asked, with who is still missing as its reason."""
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
        return words.weighed_sentence(answered, roll.votes(page.meeting), units)
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
    """Say whether a phase of the talk comes after another phase of the line."""
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


def vote_needs(rule: rules.Rule) -> str:
    """Return what a vote needs to pass, in plain words."""
    fallback = rule.vote
    if fallback is None:
        return ""
    if rule.open:
        return words.override_needs(fallback)
    of = {
        "for+against": _("of those who vote for or against"),
        "for+against+stand_asides": _("of those who vote for or against or stood aside"),
        "present": _("of those who are here"),
        "members": _("of all members"),
    }[fallback.denominator]
    told = _("More than %(share)s %(of)s must be for it.") if fallback.strict else ""
    told = told or _("At least %(share)s %(of)s must be for it.")
    return told % {"share": words.share_words(fallback.threshold), "of": of}
