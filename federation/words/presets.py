"""The ways of federating that founders can choose, in plain words (DOMAIN.md 5.2, 5.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from federation.rules import DEGRESSIVE


@dataclass(frozen=True, slots=True)
class WayOfFederating:
    """A preset of a council: how the units decide together, and how delegates are held."""

    code: str
    label: Promise
    origin: Promise
    words: Promise
    # How positions of the units are tested: a way of deciding, and what is changed in it.
    process: str = "open_decisions_two_thirds"
    deciding: Mapping[str, Any] = field(default_factory=dict)
    rule: Mapping[str, Any] = field(default_factory=dict)


def federating(
    code: str, label: Promise, origin: Promise, words: Promise, **more: Any
) -> WayOfFederating:
    """Return one way of federating."""
    return WayOfFederating(code, label, origin, words, **more)


WAYS = (
    federating(
        "two_delegate_confederation",
        _("Two delegates each"),
        _("Democratic confederalism"),
        _(
            "Every assembly sends two delegates who carry what it decided. What they agree on goes"
            " back to all assemblies, and holds when two thirds of them and more than half of all"
            " members accept it."
        ),
    ),
    federating(
        "occupy_spokes",
        _("Spokes, new at each meeting"),
        _("New York City spokes council, 2011"),
        _(
            "One spoke for each group, another at each meeting. Nine in ten spokes can decide;"
            " logistics need no answer from the groups."
        ),
        deciding={"rounds_before_fallback": 1, "override_question": "9/10"},
        rule={
            "seats_per_unit": 1,
            "parity": "none",
            "term_meetings": 1,
            "admission": "by_council",
            "unit_rotation": False,
            "mandate_required": [],
            "notice_days": 0,
            "debate": False,
            "ratification": "none",
        },
    ),
    federating(
        "portland_confederation",
        _("Open decisions"),
        _("Portland Assembly"),
        _(
            "Three weeks' notice, two rounds of looking for agreement, then the question whether"
            " two thirds are willing to override the remaining objections. Who disagrees is not"
            " bound."
        ),
        rule={"mandate_required": [], "ratification": "none", "unit_rotation": False},
    ),
    federating(
        "zapatista_consultation",
        _("Consultation of all communities"),
        _("Zapatista communities, Chiapas"),
        _(
            "A text goes to every community until all of them agree. Delegates rotate every two"
            " weeks. No majority decides."
        ),
        deciding={"override_question": "none", "fallback": "none"},
        rule={
            "term_days": 14,
            "ratification": "all_units",
            "ratify_days": 90,
            "opt_out": False,
            "quorum": "1",
        },
    ),
    federating(
        "membership_referendum",
        _("All members decide"),
        _("Symbiosis"),
        _(
            "Delegates prepare; after a week of talk all members of all organisations vote for a"
            " week, and the majority of those who vote decides."
        ),
        rule={
            "mandate_required": [],
            "notice_days": 7,
            "ratification": "members",
            "ratify_days": 14,
            "ratify_members": "1/2",
        },
    ),
    federating(
        "delegate_congress",
        _("Delegates by size"),
        _("Democratic Socialists of America, 2023"),
        _("One delegate for every 75 members or greater fraction; each delegate has a position."),
        deciding={
            "rounds_before_fallback": 1,
            "override_question": "none",
            "fallback": {"threshold": "1/2", "strict": True},
        },
        rule={
            "members_per_seat": 75,
            "unit_votes": "per_seat",
            "parity": "none",
            "unit_rotation": False,
            "mandate_required": [],
            "mandate_enforced": False,
            "ratification": "none",
        },
    ),
    federating(
        "votes_by_bands",
        _("Votes by size, in steps"),
        _("National Confederation of Labour, Spain: an example to change"),
        _(
            "Every union has one position. Larger ones have more votes, and the more members the"
            " less each adds: neither do two of 25 outvote one of 1,000, nor one of 2,000 a"
            " hundred of 20."
        ),
        deciding={
            "rounds_before_fallback": 1,
            "override_question": "none",
            "fallback": {"threshold": "1/2", "strict": True},
        },
        rule={
            "unit_votes": "bands",
            "vote_bands": [list(one) for one in DEGRESSIVE],
            "parity": "none",
            "unit_rotation": False,
            "ratification": "none",
        },
    ),
    federating(
        "one_group_one_vote",
        _("One group, one vote"),
        _("Drafts of federating groups, Woodbine"),
        _("Every group has one position, whatever its size; two thirds decide."),
        deciding={"rounds_before_fallback": 1},
        rule={
            "seats_per_unit": 1,
            "parity": "none",
            "unit_rotation": False,
            "mandate_required": [],
            "ratification": "none",
        },
    ),
)
FEDERATING = {one.code: one for one in WAYS}
