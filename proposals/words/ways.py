"""The ways of deciding that a founder can choose, in plain words (DOMAIN.md 2.5)."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assemblies.door.shapes import WayOfDeciding
from proposals.rules import LEVELS_OF_TALK
from proposals.words.parameters import parameter_words

FULL: dict[str, Any] = {
    "quorum": {"share": "1/3"},
    "positions": ["agree", "reservations", "stand_aside", "block"],
    "block_requires": "reason+principle",
    "max_blocks": 0,
    "stand_aside_limit": "1/4",
    "min_answered": "1/2",
    "min_active_agreement": "1/2",
    "fallback": "none",
}
NINE_TENTHS: dict[str, Any] = {
    **FULL,
    "quorum": "none",
    "positions": ["agree", "stand_aside", "block"],
    "fallback": {"threshold": "9/10", "denominator": "for+against"},
    "rounds_before_fallback": 1,
    "turn_seconds": 60,
}


def way(
    code: str, label: Promise, origin: Promise, words: Promise, rule: Mapping[str, Any]
) -> WayOfDeciding:
    """Return one way of deciding, with the parameters that it starts from."""
    return WayOfDeciding(code, label, origin, words, dict(rule), parameter_words)


WAYS = (
    way(
        "full_consensus",
        _("Full consensus"),
        _("Seeds for Change"),
        _(
            "We look for what all can carry. One block stops a proposal until it is met. Nobody"
            " votes."
        ),
        FULL,
    ),
    way(
        "formal_consensus",
        _("Formal consensus"),
        _("Butler and Rothstein"),
        _(
            "Consensus in levels of talk, none left out; a block stands if more than half of the"
            " others find that it rests on a principle."
        ),
        {
            **FULL,
            "phases": list(LEVELS_OF_TALK),
            "block_validity": {"kind": "valid_if", "share": "1/2", "strict": True},
            "on_time_out": "postponed",
            "require_evaluation_item": True,
        },
    ),
    way(
        "ows_modified_90",
        _("Modified consensus, nine tenths"),
        _("New York City General Assembly, 2011"),
        _("Consensus first. If blocks stand after they were heard, nine in ten can decide."),
        NINE_TENTHS,
    ),
    way(
        "modified_90_cooling",
        _("Nine tenths at the next meeting"),
        _("Occupy Minneapolis, 2012"),
        _(
            "As nine tenths, but a blocked proposal rests until the next meeting unless it is"
            " urgent."
        ),
        {**NINE_TENTHS, "cooling_off": "next_meeting"},
    ),
    way(
        "consensus_minus_one",
        _("Consensus minus one"),
        _("Woodbine spokescouncil"),
        _("Consensus, but one person alone cannot stop it. Two can."),
        {**FULL, "max_blocks": 1},
    ),
    way(
        "consensus_minus_two",
        _("Consensus minus two"),
        _("Woodbine spokescouncil"),
        _("Consensus, but two people cannot stop it. Three can."),
        {**FULL, "max_blocks": 2},
    ),
    way(
        "evaluated_block",
        _("Evaluated block"),
        _("Occupy Eugene, 2011"),
        _(
            "One block does not stop a proposal. Two do, unless three in four of the others find a"
            " block invalid; where they stand, nine in ten can decide."
        ),
        {
            **FULL,
            "max_blocks": 1,
            "block_validity": {"kind": "invalidate_if", "share": "3/4"},
            "fallback": {"threshold": "9/10"},
        },
    ),
    way(
        "principled_quarter",
        _("Principled by a quarter"),
        _("Tierra Nueva cohousing"),
        _("A block stands if a quarter of the others find that it rests on a principle."),
        {**FULL, "block_validity": {"kind": "valid_if", "share": "1/4"}},
    ),
    way(
        "rojava_commune",
        _("Commune with co-chairs"),
        _("Communes of North and East Syria"),
        _("Consensus first, then a majority; offices are shared by a woman and a man."),
        {
            **FULL,
            "quorum_gender": {"groups": ["women", "men"], "min_share": "2/5"},
            "fallback": {"threshold": "1/2", "strict": True},
            "co_chairs": ["women", "men"],
        },
    ),
    way(
        "open_decisions_two_thirds",
        _("Open decisions, two thirds"),
        _("Portland Assembly"),
        _(
            "We look for full agreement, and record how far we agree. After two rounds, two thirds"
            " can override the objections that remain; else those who agree act in their own name."
        ),
        {
            "quorum": {"share": "1/3"},
            "positions": ["agree", "stand_aside", "disagree", "abstain"],
            "stand_aside_limit": "none",
            "min_answered": "1/2",
            "rounds_before_fallback": 2,
            "override_question": "2/3",
            "fallback": {"threshold": "2/3"},
            "notice_days": 21,
        },
    ),
    way(
        "consent_sociocratic",
        _("Consent"),
        _("Sociocracy For All"),
        _("Nobody has a reasoned objection: good enough for now, safe enough to try."),
        {
            **FULL,
            "positions": ["consent", "object"],
            "block_requires": "reason+aim",
            "rounds": ["clarifying_round", "reaction_round", "consent_round", "integrate"],
            "review_after": "6 months",
        },
    ),
)
