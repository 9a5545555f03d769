"""What the forms beside the panels need: the choices, and the numbers counted last."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from assemblies.door.page import Page
from federation.models import Affiliation, CouncilItem, Mandate, Ratification
from federation.services.mandates import SAYABLE, TEXTS_AT_MOST
from federation.sheets.councils import Councils
from federation.words.presets import FEDERATING
from proposals.models import Decision, Proposal
from proposals.rules import OPEN
from proposals.words.vocabulary import position_labels

DECISIONS_SHOWN = 20
# A key of the keyboard for each answer; no hand, signal or test uses the same.
LETTERS = {"for": "1", "against": "2", "abstain": "3"}


def recall_labels() -> dict[str, str]:
    """Return what can be said to a recall."""
    return {"for": _("For"), "against": _("Against"), "abstain": _("Abstain")}


def sayable() -> list[tuple[str, str]]:
    """Return the positions that a mandate can ask for."""
    labels = {**position_labels(), "yes": _("Yes"), "no": _("No")}
    return [(code, labels[code]) for code in SAYABLE]


def recent_decisions(page: Page) -> list[dict[str, Any]]:
    """Return the decisions that an act of this assembly can rest on, the newest first."""
    made = Decision.objects.filter(assembly=page.meeting.assembly_id)
    rows = made.order_by("-decided_at", "-number")[:DECISIONS_SHOWN]
    return [
        {"key": row.key, "number": row.number, "title": row.title}
        for row in rows
        if not row.provisional
    ]


def councils_known(page: Page) -> dict[str, Any]:
    """What can be chosen in the forms about councils; a script keeps it up to date."""
    sheet = page.sheet(Councils)
    body = page.meeting.assembly_id
    ask: Callable[[], Any] = partial(recent_decisions, page)
    return {
        "councils_above": [
            {
                "key": seen.key,
                "name": seen.council.assembly.name,
                "delegates": [
                    {"who": str(term.person_id), "name": term.person.name}
                    for term in seen.delegates(body)
                ],
                "items": [{"key": row.key, "title": row.title} for row in seen.items.values()],
            }
            for seen in sheet.above
        ],
        "council_here": sheet.own is not None,
        "items_here": [{"key": row.key, "title": row.title} for row in sheet.own.items.values()]
        if sheet.own is not None
        else [],
        "applied_here": [{"key": row.unit.key, "name": row.unit.name} for row in sheet.own.applied]
        if sheet.own is not None
        else [],
        "recent_decisions": ask,
        "seat_numbers": range(1, seats_at_most(page) + 1),
        "other_texts": range(1, TEXTS_AT_MOST + 1),
        "mandate_kinds": Mandate.Kind.choices,
        "mandate_positions": sayable(),
        "council_item_kinds": CouncilItem.Kind.choices,
        "council_item_classes": Proposal.Class.choices,
        "joining_as": [
            (code, label) for code, label in Affiliation.Kind.choices if code != "at_large"
        ],
        "federating": [(way.code, way.label) for way in FEDERATING.values()],
        "huddle_answers": [(code, position_labels()[code]) for code in OPEN],
        "council_answers": Ratification.Answer.choices,
    }


def seats_at_most(page: Page) -> int:
    """Return how many seats this assembly has in a council above, at most."""
    body = page.meeting.assembly_id
    return max((len(seen.seats[body]) for seen in page.sheet(Councils).above), default=2)


def recall_for_others(page: Page) -> list[dict[str, Any]]:
    """Return the answers to a recall that a console enters for people without a phone."""
    return [
        {
            "asks": "recall",
            "answers": [
                {
                    "code": code,
                    "label": label,
                    "letter": LETTERS[code],
                    "json": json.dumps({"do": "answer_recall", "answer": code}),
                    "blocks": False,
                }
                for code, label in recall_labels().items()
            ],
        }
    ]


def counted_for_recall(page: Page) -> dict[str, Any]:
    """What a console needs to count people without names for a recall."""
    recall = page.sheet(Councils).recall
    counted = recall.counted if recall is not None else {}
    return {
        "count_recall": [
            {"code": code, "label": label, "count": counted.get(code, 0)}
            for code, label in recall_labels().items()
        ],
        "recall_labels": list(recall_labels().items()),
    }
