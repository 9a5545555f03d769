"""The ways of deciding that a founder can choose, in plain words (DOMAIN.md 2.5)."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assemblies.registry import WAYS, WayOfDeciding

A_THIRD: dict[str, Any] = {"quorum": {"share": "1/3"}}
NO_QUORUM: dict[str, Any] = {"quorum": "none"}


def way(
    code: str, label: Promise, origin: Promise, words: Promise, rule: Mapping[str, Any] = A_THIRD
) -> None:
    """Declare one way of deciding, with the parameters that it starts from."""
    WAYS[code] = WayOfDeciding(code, label, origin, words, dict(rule))


way(
    "full_consensus",
    _("Full consensus"),
    _("Seeds for Change"),
    _("We look for what all can carry. One block stops a proposal until it is met."),
)
way(
    "formal_consensus",
    _("Formal consensus"),
    _("Butler and Rothstein"),
    _("Consensus in three levels of talk; the group says whether a block rests on a principle."),
)
way(
    "ows_modified_90",
    _("Modified consensus, nine tenths"),
    _("New York City General Assembly, 2011"),
    _("Consensus first. If blocks stand after they were heard, nine in ten can decide."),
    NO_QUORUM,
)
way(
    "modified_90_cooling",
    _("Nine tenths at the next meeting"),
    _("Occupy Minneapolis, 2012"),
    _("As nine tenths, but a blocked proposal rests until the next meeting unless it is urgent."),
    NO_QUORUM,
)
way(
    "consensus_minus_one",
    _("Consensus minus one"),
    _("Woodbine spokescouncil"),
    _("Consensus, but one person alone cannot stop it. Two can."),
)
way(
    "consensus_minus_two",
    _("Consensus minus two"),
    _("Woodbine spokescouncil"),
    _("Consensus, but two people cannot stop it. Three can."),
)
way(
    "evaluated_block",
    _("Evaluated block"),
    _("Occupy Eugene, 2011"),
    _("One block does not stop a proposal; three in four can find a block invalid."),
)
way(
    "principled_quarter",
    _("Principled by a quarter"),
    _("Tierra Nueva cohousing"),
    _("A block stands if a quarter of the others find that it rests on a principle."),
)
way(
    "rojava_commune",
    _("Commune with co-chairs"),
    _("Communes of North and East Syria"),
    _("Consensus first, then a majority; offices are shared by a woman and a man."),
)
way(
    "consent_sociocratic",
    _("Consent"),
    _("Sociocracy For All"),
    _("Nobody has a reasoned objection: good enough for now, safe enough to try."),
)
