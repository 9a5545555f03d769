"""What the screens show of a proposal: its text, what is asked, what may come next and why not."""

import json
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from assemblies.door.house import house
from assemblies.door.page import Page
from assemblies.live.printing import FACILITATOR, MEMBER, once, panel
from assemblies.models import Participant
from assemblies.screens.panels import for_everyone_else, ms
from assemblies.sheets import Roll
from assemblies.words.rendering import as_html
from proposals import rules
from proposals.models import (
    PHASE_LABELS,
    Amendment,
    Block,
    Concern,
    ConsensusTest,
    FallbackVote,
    Proposal,
    Task,
)
from proposals.reading.state import blocks_now
from proposals.rules import Phase
from proposals.rules.diff import changes
from proposals.screens.next_steps import (
    missing,
    moves,
    next_move,
    phases_to_go_to,
    ready_at,
    vote_needs,
)
from proposals.services.blocks import findings
from proposals.services.tests import closed_sentence
from proposals.sheets.table import Asking, Proposals, blocks_on, is_proposer, proposer, rule_of
from proposals.words import deciding as words

# Who sees the names of those who block or stand aside (ROOM.md 5, 37).
INSIDE = frozenset({MEMBER, FACILITATOR})
BLOCKS_SHOWN = 40
# How long a text is, in steps: a wall shows longer ones smaller, for nobody can scroll it.
LENGTHS = (("xs", 160), ("s", 320), ("m", 640), ("l", 900), ("xl", 1400))


def name_of(page: Page, key: str) -> str:
    """Return the name of somebody in this meeting."""
    person = page.sheet(Roll).find(key)
    return person.name if person is not None else _("somebody")


# --- the text and the talk about it ---------------------------------------------------------------


@panel("proposal", "proposals/_proposal.html", "proposal", "agenda", "roll", "meeting")
def proposal_panel(page: Page, audience: str) -> dict[str, Any]:
    """The exact text of the version at hand, what changed, concerns, amendments, the next moves."""
    sheet = page.sheet(Proposals)
    proposal = sheet.current(page)
    if proposal is None:
        return {"proposal": None, "waiting": waiting_proposals(page)}
    author = proposer(page, proposal)
    return {
        "proposal": {
            "key": proposal.key,
            "title": proposal.title,
            "by": author.name if author is not None else _("somebody"),
            "by_key": author.key if author is not None else "",
            "version": proposal.version,
            "phase": proposal.phase,
            "phase_label": proposal.get_phase_display(),
            "class_label": proposal.get_decision_class_display(),
            "decision_class": proposal.decision_class,
            "html": as_html(sheet.version(proposal).text),
            "changes": version_changes(page, proposal),
            "needs": proposal.needs,
            "affects": proposal.affects,
            "ended": proposal.phase in rules.ENDS,
            "why_ended": proposal.why_ended,
            "length": length_of(sheet.version(proposal).text),
        },
        **(ways_to_go(page, proposal) if audience == FACILITATOR else {}),
        "line": phase_line(page, proposal),
        "talked_about": proposal.phase in rules.FROM["raise_concern"],
        "concerns": [
            concern_shown(page, row, audience) for row in sheet.concerns[proposal.pk][-60:]
        ],
        "open_concerns": len(sheet.open_concerns(proposal)),
        "amendments": [
            amendment_shown(page, proposal, row)
            for row in sheet.amendments[proposal.pk][-20:]
            if row.state == "offered"
        ],
        "decision": next(
            (
                {
                    "number": row.number,
                    "how": words.how_told(row.how, row.numbers),
                    "numbers": words.numbers_sentence(row.numbers),
                }
                for row in reversed(sheet.decisions)
                if row.proposal_id == proposal.pk
            ),
            None,
        ),
        "way": way_words(page),
        "meeting_key": page.meeting.key,
    }


def ways_to_go(page: Page, proposal: Proposal) -> dict[str, Any]:
    """Return the phases that a facilitator can go to, and what to know of them."""
    found = phases_to_go_to(page, proposal)
    return {
        "go_to": found,
        "go_to_why": " ".join(dict.fromkeys(one["why"] for one in found if one["why"])),
        "go_to_skips": any(one["skips"] and not one["why"] for one in found),
    }


def length_of(text: str) -> str:
    """Return how long a text is, as a step."""
    return next((name for name, most in LENGTHS if len(text) <= most), "xxl")


def waiting_proposals(page: Page) -> list[dict[str, Any]]:
    """Return the proposals on this agenda that have not been presented."""
    return [
        {"key": row.key, "title": row.title}
        for row in page.sheet(Proposals).proposals.values()
        if row.phase == Phase.SUBMITTED
    ]


def way_words(page: Page) -> dict[str, str]:
    """Return the rule by which this meeting decides, in plain words."""
    way = house().ways[page.meeting.assembly.preset]
    return {"label": str(way.label), "words": str(way.words), "origin": str(way.origin)}


def version_changes(page: Page, proposal: Proposal) -> list[dict[str, str]]:
    """Return what is new in the version at hand, word by word."""
    if proposal.version < 2:
        return []
    sheet = page.sheet(Proposals)
    known = {row.n for row in sheet.versions[proposal.pk]}
    if proposal.version - 1 not in known:
        return []
    old, new = sheet.version(proposal, proposal.version - 1), sheet.version(proposal)
    return [{"how": piece.how, "text": piece.text} for piece in changes(old.text, new.text)]


def phase_line(page: Page, proposal: Proposal) -> list[dict[str, Any]]:
    """Return the phases as a line of steps: which were had, which is now."""
    labels = {code: str(label) for code, label in PHASE_LABELS.items()}
    line, by_degree = list(rules.LINE), rule_of(page.meeting).open
    if by_degree:
        labels[Phase.FALLBACK_VOTE] = _("Override question")
    elif (
        proposal.phase in (Phase.BLOCK_REVIEW, Phase.FALLBACK_VOTE)
        or Phase.BLOCK_REVIEW in proposal.had
    ):
        line.append(Phase.BLOCK_REVIEW)
    if proposal.phase == Phase.FALLBACK_VOTE or Phase.FALLBACK_VOTE in proposal.had:
        line.append(Phase.FALLBACK_VOTE)
    if proposal.phase in rules.ENDS:
        line.append(Phase(proposal.phase))
    return [
        {
            "phase": phase,
            "label": labels[phase],
            "current": phase == proposal.phase,
            "had": phase in proposal.had,
        }
        for phase in line
    ]


def concern_shown(page: Page, row: Concern, audience: str) -> dict[str, Any]:
    """Return a concern as screens show it; who stood aside is named to those who count alone."""
    person = page.sheet(Roll).find(row.by)
    agreed = person is not None and person.named
    if row.from_stand_aside and audience not in INSIDE and not agreed:
        return {
            "text": words.concern_words(row.text),
            "kind": row.kind,
            "kind_label": row.get_kind_display(),
            "by": _("a member"),
            "open": row.resolved_at is None,
            "from_stand_aside": True,
        }
    return {
        "key": row.key,
        "text": words.concern_words(row.text),
        "kind": row.kind,
        "kind_label": row.get_kind_display(),
        "by": name_of(page, row.by),
        "by_key": row.by,
        "carried_for": row.carried_for,
        "open": row.resolved_at is None,
        "from_stand_aside": row.from_stand_aside,
    }


def amendment_shown(page: Page, proposal: Proposal, row: Amendment) -> dict[str, Any]:
    """Return an offered amendment with the words it would change."""
    now = page.sheet(Proposals).version(proposal).text
    meets = {
        one.key: words.concern_words(one.text)
        for one in page.sheet(Proposals).concerns[proposal.pk]
    }
    return {
        "key": row.key,
        "by": name_of(page, row.by),
        "by_key": row.by,
        "version": row.version,
        "stale": row.version != proposal.version,
        "changes": [{"how": one.how, "text": one.text} for one in changes(now, row.text)],
        "meets": [meets[key] for key in row.meets if key in meets],
    }


@panel("decisions", "proposals/_decisions.html", "proposal", "roll", "meeting")
def decisions_panel(page: Page, audience: str) -> dict[str, Any]:
    """What this meeting decided, on paper too, and who does what by when."""
    sheet = page.sheet(Proposals)
    return {
        "decisions": [
            {
                "key": row.key,
                "number": row.number,
                "title": row.title,
                "how": words.how_told(row.how, row.numbers),
                "on_paper": row.on_paper,
                "provisional": row.provisional,
                "recorded_by": row.recorded_by,
                "how_on_paper": row.how_on_paper,
                "confirmed": len(row.confirmed_by),
                "tasks": [task_shown(task) for task in sheet.tasks if task.decision_id == row.pk],
            }
            for row in sheet.decisions[-20:]
        ],
        "tasks": [task_shown(task) for task in sheet.tasks if task.decision_id is None],
    }


def task_shown(task: Task) -> dict[str, Any]:
    """Return a task as screens show it; without a holder it says so."""
    return {
        "what": task.what,
        "holder": task.holder or _("needs a holder"),
        "held": bool(task.holder),
        "due": task.due,
    }


# --- what is asked --------------------------------------------------------------------------------


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
            question = f"{words.override_question()} {about}"
        return {"kind": "vote", "of": str(vote.pk), "question": question}
    if (check := asking.open_check) is not None:
        question = _("How do you feel about it? %(title)s") % named
        until = ms(check.closes_at)
        return {"kind": "check", "of": str(check.pk), "question": question, "until": until}
    return None


def alert_of(
    page: Page, proposal: Proposal, test: ConsensusTest | None, vote: FallbackVote | None
) -> dict[str, Any] | None:
    """Return what is said at once to ears: asked, or how it came out (DOMAIN.md 6.3)."""
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
        words.outcome_sentence(rule, test.outcome),
        words.degree_sentence(test.counts.get("degree")),
        shown["leads_to"],
    )
    return {"of": str(test.pk), "words": " ".join(part for part in parts if part)}


def answers_offered(page: Page, asks: str) -> tuple[str, str, list[tuple[str, str]]]:
    """Return the act that answers what is asked, its argument, and the answers with labels."""
    if asks == "test":
        labels = words.position_labels()
        positions = rule_of(page.meeting).positions
        return "take_position", "position", [(code, labels[code]) for code in positions]
    if asks == "vote":
        labels = words.choice_labels(override=rule_of(page.meeting).open)
        return "cast_ballot", "choice", list(labels.items())
    return "answer_check", "level", list(words.level_labels().items())


def everyone_else_asked(page: Page, asks: str) -> dict[str, Any] | None:
    """Return buttons that answer for everyone else without a phone: never to block."""
    if not asks:
        return None
    do, field, answers = answers_offered(page, asks)
    blocking = rule_of(page.meeting).blocking
    return for_everyone_else(page, do, field, [one for one in answers if one[0] != blocking])


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
            for code, label in words.level_labels().items()
        ],
        "sentence": words.mood_sentence(mood),
        "counted": counted_by(page, check.counted, check.counted_by),
        "numbers": check.counted,
    }


def counted_by(page: Page, counted: dict[str, int], by: str) -> str:
    """Return who counted people without names, for all to see."""
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
    labels = words.position_labels()
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
            filter(None, [words.positions_sentence(counts), words.weighed(test.counts, counts)])
        ),
        "counted": counted_by(page, test.counted, test.counted_by),
        "numbers": test.counted,
        "outcome": test.outcome,
        "outcome_label": words.outcome_labels(by_degree=rule.open).get(test.outcome, ""),
        "because": words.because(
            rule, test.outcome, counts, present=words.there(test.counts, present), quorum=quorum
        )
        if test.outcome
        else "",
        "stands": test.stands,
        "leads_to": words.leads_to(rule, test.outcome, blocks=counts.get(rule.blocking, 0)),
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
        question, answers = words.judging_words(rule.finding.kind)
        shown.append(
            {
                "who": person.key if audience in INSIDE or person.named else "",
                "name": person.name if audience in INSIDE or person.named else _("a member"),
                "question": question,
                "answers": answers,
                "answered": sum(found["given"].values()),
                "standing": block.standing,
                "judges": found["judges"],
                "valid": found["given"].get("valid", 0),
                "invalid": found["given"].get("invalid", 0),
                "support": found["given"].get("support", 0),
                "kind": rule.finding.kind,
                "share": words.share_words(rule.finding.share),
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
        rules.counted(
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
            for code, label in words.choice_labels(override=rule.open).items()
        ],
        "sentence": words.votes_sentence(counts, override=rule.open),
        "answered": sum(counts.values()),
        "present": present,
        "silent_sentence": missing(page, sum(counts.values())),
        "counted": counted_by(page, vote.counted, vote.counted_by),
        "numbers": vote.counted,
        "needs": vote_needs(rule),
        "threshold": words.share_words(fallback.threshold) if fallback is not None else "",
        "strict": fallback is not None and fallback.strict,
        "because": ""
        if vote.under_way
        else words.vote_told(
            rule,
            counts,
            counted=of,
            passed=vote.passed,
            degree=test.counts.get("degree") if test is not None else None,
        ),
    }


# --- what is somebody's own -----------------------------------------------------------------------


def my_position(page: Page, person: Participant) -> dict[str, Any]:
    """What I answered, whether I am asked, what of mine waits: my block, my proposal."""
    asking, sheet = page.sheet(Asking), page.sheet(Proposals)
    proposal = sheet.current(page)
    test, vote, check = asking.open_test, asking.open_vote, asking.open_check
    mine: dict[str, Any] = {
        "asked": "test" if test else "vote" if vote else "check" if check else None,
        # Which one it is: an answer to the last test is none to the next.
        "of": str(asked.pk) if (asked := test or vote or check) else None,
        "test": str(test.pk) if test else None,
        "position": None,
        "ballot": None,
        "level": None,
        "writing": False,
        "block": None,
        "judged": {},
        "proposes": proposal is not None and is_proposer(page, proposal, person),
        "outdated": None,
        # What another app says of answers: which are beyond what I may say, and whether they wait.
        "beyond": [],
        "beyond_words": "",
        "beyond_why": "",
        "closed": False,
    }
    taken = asking.positions.get(person.pk)
    if test is not None and taken is not None:
        mine["position"] = {
            "position": taken.position,
            "reason": taken.reason,
            "principle": taken.principle,
        }
    if test is not None:
        mine["writing"] = person.key in asking.writing(test)
    if vote is not None and (ballot := asking.ballots.get(person.pk)):
        mine["ballot"] = ballot.choice
    if check is not None and (answer := asking.answers.get(asking.pseudonym(check, person))):
        mine["level"] = answer.level
    if proposal is None:
        return mine
    for block in blocks_on(page, proposal):
        if block.participant_id == person.pk:
            mine["block"] = {
                "test": str(block.test_id),
                "standing": block.standing,
                "heard": block.heard_at is not None,
            }
        elif (judgement := sheet.judgements[block.pk].get(person.pk)) is not None:
            key = page.sheet(Roll).by_id[block.participant_id].key
            mine["judged"][key] = judgement.answer
    last = asking.tests[-1] if asking.tests else None
    if (
        taken is not None
        and last is not None
        and last.proposal_id == proposal.pk
        and last.version < proposal.version
    ):
        # A new version starts with no positions: who had taken one is told.
        told = _("A new version: your position on version %(n)s does not count for it.")
        mine["outdated"] = {"proposal": proposal.key, "sentence": told % {"n": last.version}}
    return mine


def asked_of_all(page: Page) -> dict[str, Any]:
    """What the surfaces need around the panels: the positions offered, the principles to name."""
    rule = rule_of(page.meeting)
    labels, meanings = words.position_labels(), words.position_meanings()
    sheet = page.sheet(Proposals)
    proposal = sheet.current(page)
    return {
        "asking": asking_now(page),
        "on_table": {
            "key": proposal.key,
            "version": proposal.version,
            "text": sheet.version(proposal).text,
            "talked_about": proposal.phase in rules.FROM["raise_concern"],
            "concerns": [
                {"key": row.key, "text": words.concern_words(row.text)}
                for row in sheet.open_concerns(proposal)[-60:]
            ],
        }
        if proposal is not None
        else None,
        "rule": {
            "consent": rule.consent,
            "blocking": rule.blocking,
            "requires": sorted(rule.block_requires),
            "finding": rule.finding.kind if rule.finding is not None else "",
            "positions": [
                {"code": code, "label": labels[code], "meaning": meanings[code]}
                for code in rule.positions
            ],
        },
        "choices": list(words.choice_labels(override=rule.open).items()),
        "levels": list(words.level_labels().items()),
        "principles": list(page.meeting.assembly.principles),
        "phase_choices": [(phase, PHASE_LABELS[phase]) for phase in rules.LEVELS_OF_TALK],
        "concern_kinds": Concern.Kind.choices,
        "class_choices": Proposal.Class.choices,
    }


# The one key that enters each answer on a console; those of hands stay as they are.
LETTERS = {
    "agree": "a",
    "reservations": "r",
    "stand_aside": "s",
    "block": "x",
    "disagree": "d",
    "abstain": "n",
    "consent": "y",
    "object": "x",
    "for": "f",
    "against": "a",
    "up": "u",
    "middle": "m",
    "down": "d",
}


def open_rows(page: Page) -> dict[str, Any]:
    """Return what is open of each kind of question: test, vote, check."""
    asking = page.sheet(Asking)
    return {"test": asking.open_test, "vote": asking.open_vote, "check": asking.open_check}


def answers_for_others(page: Page) -> list[dict[str, Any]]:
    """Return what a console enters for others: of each question the answers, one key for each."""
    blocking, found = rule_of(page.meeting).blocking, []
    for asks in open_rows(page):
        do, field, answers = answers_offered(page, asks)
        found.append(
            {
                "asks": asks,
                "answers": [
                    {
                        "code": code,
                        "label": label,
                        "letter": LETTERS[code],
                        "json": json.dumps({"do": do, field: code}),
                        "blocks": code == blocking,
                    }
                    for code, label in answers
                ],
            }
        )
    return found


def numbers_counted_last(page: Page) -> dict[str, Any]:
    """What a console needs to count people without names: the numbers that stand."""
    blocking, found = rule_of(page.meeting).blocking, {}
    for asks, row in open_rows(page).items():
        counted = row.counted if row is not None else {}
        found[f"count_{asks}"] = [
            {"code": code, "label": label, "count": counted.get(code, 0)}
            for code, label in answers_offered(page, asks)[2]
            if code != blocking
        ]
    return found
