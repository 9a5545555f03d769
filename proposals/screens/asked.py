"""The panel of what is asked: a check, a test or a vote, how it stands and what follows."""

from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from assemblies.door.page import Page
from assemblies.live.printing import FACILITATOR, once, panel
from assemblies.screens.shown import ms
from assemblies.screens.tools import for_everyone_else
from assemblies.sheets import Roll
from proposals import rules
from proposals.models import Block, ConsensusTest, FallbackVote, Proposal
from proposals.reading.state import blocks_now
from proposals.screens.moves import moves, ready_at
from proposals.screens.next_steps import missing
from proposals.screens.proposal import INSIDE, name_of
from proposals.screens.stages import next_move
from proposals.services.blocks import findings
from proposals.services.tests import closed_sentence
from proposals.sheets.across import blocks_on
from proposals.sheets.asking import Asking
from proposals.sheets.rule import rule_of
from proposals.sheets.table import Proposals
from proposals.words import amounts, outcomes, vocabulary
from proposals.words.parameters import vote_needs

BLOCKS_SHOWN = 40


@panel(
    "test",
    "proposals/_test.html",
    "test",
    "proposal",
    "roll",
    "meeting",
    "agenda",
    # A technical point holds back recording.
    also={FACILITATOR: ["floor"]},
)
def test_panel(page: Page, audience: str) -> dict[str, Any]:
    """The check, the test or the vote: what is asked, how it stands, what follows and why."""
    sheet, asking = page.sheet(Proposals), page.sheet(Asking)
    proposal = sheet.current(page)
    if proposal is None:
        return {"asked": False, "asks": "", "state": "", "moves": []}
    test, vote, check = (
        asking.test_on(proposal),
        asking.vote_on(proposal),
        asking.check_on(proposal),
    )
    if vote is not None and test is not None and tested_since(test, vote):
        vote = None
    steers = audience == FACILITATOR
    asking_of = asking_now(page)
    asks = asking_of["kind"] if asking_of else ""
    return {
        "asking": asking_of,
        "alert": alert_of(page, proposal, test, vote),
        "asked": bool(test or vote or check),
        "asks": asks,
        "state": asks or proposal.phase,
        "everyone_else": everyone_else_asked(page, asks) if steers else None,
        "consent": rule_of(page.meeting).consent,
        "by_degree": rule_of(page.meeting).open,
        "title": proposal.title,
        "version": proposal.version,
        "phase": proposal.phase,
        "check": check_shown(page) if check is not None else None,
        "test": once(page, "test", partial(test_shown, page, test)) if test is not None else None,
        "blocks": blocks_shown(page, proposal, audience),
        "judged": judged_shown(page, proposal, audience),
        "vote": vote_shown(page, vote) if vote is not None else None,
        "moves": moves(page, proposal) if steers else [],
        "next": next_move(page, proposal),
    }


def tested_since(test: ConsensusTest, vote: FallbackVote) -> bool:
    """Say whether a vote was void and the same text was tested again."""
    if vote.passed is not None or vote.closed_at is None:
        return False
    return test.opened_at >= vote.closed_at


def asking_now(page: Page) -> dict[str, Any] | None:
    """Return what every phone is asked now: its kind, which one it is, and the question."""
    asking, proposal = page.sheet(Asking), page.sheet(Proposals).current(page)
    if proposal is None:
        return None
    named = {"title": proposal.title, "n": proposal.version}
    if (test := asking.open_test) is not None:
        question = _("Test for consensus on version %(n)s: %(title)s") % named
        return {"kind": "test", "of": str(test.pk), "question": question}
    if (vote := asking.open_vote) is not None:
        question = _("Vote on version %(n)s: %(title)s") % named
        if rule_of(page.meeting).open:
            about = _("Version %(n)s: %(title)s") % named
            question = f"{vocabulary.override_question()} {about}"
        return {"kind": "vote", "of": str(vote.pk), "question": question}
    if (check := asking.open_check) is not None:
        question = _("How do you feel about it? %(title)s") % named
        until = ms(check.closes_at)
        return {"kind": "check", "of": str(check.pk), "question": question, "until": until}
    return None


def alert_of(
    page: Page, proposal: Proposal, test: ConsensusTest | None, vote: FallbackVote | None
) -> dict[str, Any] | None:
    """Return what screen readers announce: the question, or its result (DOMAIN.md 6.3)."""
    asked = asking_now(page)
    if asked is not None and asked["kind"] != "check":
        return {"of": asked["of"], "words": f"{asked['question']}."}
    if vote is not None:
        counted = vote_shown(page, vote)
        closed = _("Question closed.") if rule_of(page.meeting).open else _("Vote closed.")
        told = f"{closed} {counted['sentence']} {counted['because']}"
        return {"of": str(vote.pk), "words": told}
    if test is None or not test.outcome:
        return None
    shown, rule = test_shown(page, test), rule_of(page.meeting)
    parts = (
        _("Test closed."),
        shown["sentence"],
        outcomes.outcome_sentence(rule, test.outcome),
        amounts.degree_sentence(test.counts.get("degree")),
        shown["leads_to"],
    )
    return {"of": str(test.pk), "words": " ".join(part for part in parts if part)}


def everyone_else_asked(page: Page, asks: str) -> dict[str, Any] | None:
    """Return buttons that answer for everyone else without a phone: never to block."""
    if not asks:
        return None
    do, field, answers = answers_offered(page, asks)
    blocking = rule_of(page.meeting).blocking
    return for_everyone_else(page, do, field, [one for one in answers if one[0] != blocking])


def answers_offered(page: Page, asks: str) -> tuple[str, str, list[tuple[str, str]]]:
    """Return the act that answers what is asked, its argument, and the answers with labels."""
    if asks == "test":
        labels = vocabulary.position_labels()
        positions = rule_of(page.meeting).positions
        return "take_position", "position", [(code, labels[code]) for code in positions]
    if asks == "vote":
        labels = vocabulary.choice_labels(override=rule_of(page.meeting).open)
        return "cast_ballot", "choice", list(labels.items())
    return "answer_check", "level", list(vocabulary.level_labels().items())


def check_shown(page: Page) -> dict[str, Any] | None:
    """Return the last temperature check on the proposal at hand."""
    asking = page.sheet(Asking)
    proposal = page.sheet(Proposals).current(page)
    check = asking.check_on(proposal) if proposal is not None else None
    if check is None:
        return None
    mood = asking.mood(check)
    total = max(1, sum(mood.values()))
    return {
        "open": check.under_way,
        "closes_at": ms(check.closes_at) if check.under_way else None,
        "levels": [
            {
                "code": code,
                "label": label,
                "n": mood[code],
                "share": round(100 * mood[code] / total),
            }
            for code, label in vocabulary.level_labels().items()
        ],
        "sentence": amounts.mood_sentence(mood),
        "counted": counted_by(page, check.counted, check.counted_by),
        "numbers": check.counted,
    }


def counted_by(page: Page, counted: dict[str, int], by: str) -> str:
    """Return the sentence that says who counted people without names."""
    n = sum(counted.values())
    if not n:
        return ""
    return _("%(n)s of them without names, counted by %(name)s") % {
        "n": n,
        "name": name_of(page, by),
    }


def test_shown(page: Page, test: ConsensusTest) -> dict[str, Any]:
    """Return a test as screens show it: numbers only."""
    asking, roll, rule = page.sheet(Asking), page.sheet(Roll), rule_of(page.meeting)
    counts = asking.counts(page, test)
    present = int(test.counts.get("present", 0)) or roll.votes(page.meeting)
    quorum = test.counts["quorum"] if "quorum" in test.counts else roll.quorum(page.meeting)
    answered = sum(counts.values())
    labels = vocabulary.position_labels()
    silent = max(0, present - answered)
    return {
        "id": str(test.pk),
        "open": test.under_way,
        "closed": closed_sentence(page, test.closed_at) if test.closed_at else "",
        "version": test.version,
        "answered": answered,
        "present": present,
        "silent": silent,
        "silent_sentence": missing(page, answered),
        "writing": len(asking.writing(test)) if test.under_way else 0,
        "ready_at": ready_at(page, test) if test.under_way else None,
        "opened_at": ms(test.opened_at),
        "positions": [
            {
                "code": code,
                "label": labels[code],
                "n": counts.get(code, 0),
                "share": round(100 * counts.get(code, 0) / max(1, present)),
            }
            for code in rule.positions
        ],
        "sentence": " ".join(
            filter(
                None,
                [amounts.positions_sentence(counts), amounts.units_sentence(test.counts, counts)],
            )
        ),
        "counted": counted_by(page, test.counted, test.counted_by),
        "numbers": test.counted,
        "outcome": test.outcome,
        "outcome_label": vocabulary.outcome_labels(by_degree=rule.open).get(test.outcome, ""),
        "because": outcomes.because(
            rule,
            test.outcome,
            counts,
            present=amounts.quorum_base(test.counts, present),
            quorum=quorum,
        )
        if test.outcome
        else "",
        "stands": test.stands,
        "leads_to": outcomes.leads_to(rule, test.outcome, blocks=counts.get(rule.blocking, 0)),
    }


def blocks_shown(page: Page, proposal: Proposal, audience: str) -> list[dict[str, Any]]:
    """Return the blocks; by name to those who count, as "a member" to everybody else."""
    people = page.sheet(Roll).by_id
    rows = {row.participant_id: row for row in blocks_on(page, proposal)}
    positions = page.sheet(Asking).positions
    shown = []
    for who, heard, stands in blocks_now(page, proposal)[:BLOCKS_SHOWN]:
        person = people[who]
        row: Block | Any = rows.get(who) if not page.sheet(Asking).open_test else positions.get(who)
        open_to = audience in INSIDE or person.named
        shown.append(
            {
                "who": person.key if open_to else "",
                "name": person.name if open_to else _("a member"),
                "heard": heard,
                "standing": stands,
                "reason": row.reason if row is not None and open_to else "",
                "principle": row.principle if row is not None and open_to else "",
                "state_label": row.get_state_display() if isinstance(row, Block) else "",
            }
        )
    return shown


def judged_shown(page: Page, proposal: Proposal, audience: str) -> list[dict[str, Any]]:
    """Return how each heard block is judged so far, in numbers."""
    rule = rule_of(page.meeting)
    if rule.finding is None:
        return []
    people = page.sheet(Roll).by_id
    shown = []
    for block in blocks_on(page, proposal):
        if block.heard_at is None:
            continue
        found = block.found or findings(page, block)
        person = people[block.participant_id]
        question, answers = vocabulary.judging_words(rule.finding.kind)
        shown.append(
            {
                "who": person.key if audience in INSIDE or person.named else "",
                "name": person.name if audience in INSIDE or person.named else _("a member"),
                "question": question,
                "answers": answers,
                "answered": sum(found["given"].values()),
                "standing": block.stands,
                "judges": found["judges"],
                "valid": found["given"].get("valid", 0),
                "invalid": found["given"].get("invalid", 0),
                "support": found["given"].get("support", 0),
                "kind": rule.finding.kind,
                "share": amounts.share_words(rule.finding.share),
            }
        )
    return shown


def vote_shown(page: Page, vote: FallbackVote) -> dict[str, Any]:
    """Return a vote as screens show it."""
    asking, rule = page.sheet(Asking), rule_of(page.meeting)
    counts = asking.votes_for(page, vote)
    fallback = rule.vote
    proposal = page.sheet(Proposals).current(page)
    test = asking.test_on(proposal, void=False) if proposal is not None else None
    roll = page.sheet(Roll)
    present = roll.votes(page.meeting)
    of = (
        rules.votes_counted(
            fallback,
            counts,
            asides=asking.counts(page, test).get("stand_aside", 0) if test is not None else 0,
            present=present,
            members=roll.all_votes(page.meeting) or present,
        )
        if fallback is not None
        else 0
    )
    return {
        "open": vote.under_way,
        "passed": vote.passed,
        "choices": [
            {
                "code": code,
                "label": label,
                "n": counts.get(code, 0),
                "share": round(100 * counts.get(code, 0) / max(1, present)),
            }
            for code, label in vocabulary.choice_labels(override=rule.open).items()
        ],
        "sentence": amounts.votes_sentence(counts, override=rule.open),
        "answered": sum(counts.values()),
        "present": present,
        "silent_sentence": missing(page, sum(counts.values())),
        "counted": counted_by(page, vote.counted, vote.counted_by),
        "numbers": vote.counted,
        "needs": vote_needs(rule),
        "threshold": amounts.share_words(fallback.threshold) if fallback is not None else "",
        "strict": fallback is not None and fallback.strict,
        "because": ""
        if vote.under_way
        else outcomes.vote_told(
            rule,
            counts,
            counted=of,
            passed=vote.passed,
            degree=test.counts.get("degree") if test is not None else None,
        ),
    }
