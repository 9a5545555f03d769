"""What phones and consoles need beside the panels: one's own answers, words to answer with."""

import json
from typing import Any

from django.utils.translation import gettext as _

from assemblies.door.page import Page
from assemblies.models import Participant
from assemblies.sheets import Roll
from proposals import rules
from proposals.models import PHASE_LABELS, Concern, Proposal
from proposals.screens.asked import answers_offered, asking_now
from proposals.sheets.across import blocks_on, is_proposer
from proposals.sheets.asking import Asking
from proposals.sheets.rule import rule_of
from proposals.sheets.table import Proposals
from proposals.words import vocabulary


def my_position(page: Page, person: Participant) -> dict[str, Any]:
    """Return somebody's own part: answer, question, block, and whether they propose."""
    asking, sheet = page.sheet(Asking), page.sheet(Proposals)
    proposal = sheet.current(page)
    test, vote, check = asking.open_test, asking.open_vote, asking.open_check
    mine: dict[str, Any] = {
        "asked": "test" if test else "vote" if vote else "check" if check else None,
        # Which one it is: an answer to one test does not count for another.
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
        # Set by other apps: answers that this person may not give, and whether to wait.
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
                "standing": block.stands,
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
        # A new version starts with no positions; people who had taken one see this sentence.
        told = _("A new version: your position on version %(n)s does not count for it.")
        mine["outdated"] = {"proposal": proposal.key, "sentence": told % {"n": last.version}}
    return mine


def asked_of_all(page: Page) -> dict[str, Any]:
    """Return what every screen needs to ask: positions, principles, kinds of concerns."""
    rule = rule_of(page.meeting)
    labels, meanings = vocabulary.position_labels(), vocabulary.position_meanings()
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
                {"key": row.key, "text": vocabulary.concern_words(row.text)}
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
        "choices": list(vocabulary.choice_labels(override=rule.open).items()),
        "levels": list(vocabulary.level_labels().items()),
        "principles": list(page.meeting.assembly.principles),
        "phase_choices": [(phase, PHASE_LABELS[phase]) for phase in rules.LEVELS_OF_TALK],
        "concern_kinds": Concern.Kind.choices,
        "class_choices": Proposal.Class.choices,
    }


# The key on a console that enters each answer; the keys for hands are others.
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
    """Return the answers that a console can enter for others, with the key of each."""
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
    """Return the last numbers of people counted without names, for each kind of question."""
    blocking, found = rule_of(page.meeting).blocking, {}
    for asks, row in open_rows(page).items():
        counted = row.counted if row is not None else {}
        found[f"count_{asks}"] = [
            {"code": code, "label": label, "count": counted.get(code, 0)}
            for code, label in answers_offered(page, asks)[2]
            if code != blocking
        ]
    return found
