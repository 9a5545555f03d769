"""The items of a council: which are not over, which are, and their phase by the clock."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from federation.models import Council, CouncilItem
from federation.rules import OVER, ItemPhase, read_council_rule

SHOWN = 10


def items_of(council: Council) -> QuerySet[CouncilItem]:
    """Return the items of a council, with everything that lists of them show."""
    return CouncilItem.objects.filter(council=council).select_related(
        "origin", "decision", "outcome", "council__assembly"
    )


def going_round(council: Council) -> list[CouncilItem]:
    """Return the items that are not over, the oldest first."""
    rows = items_of(council).exclude(phase__in=OVER).order_by("carried_at", "id")
    return [as_it_stands(row) for row in rows]


def over_last(council: Council) -> list[CouncilItem]:
    """Return the items that were over last, the newest first."""
    rows = items_of(council).filter(phase__in=OVER)
    return list(rows.order_by("-agreed_at", "-carried_at", "-id")[:SHOWN])


def phase_now(item: CouncilItem, now: datetime) -> ItemPhase:
    """Return the phase of an item by the clock, also where nobody has met since to write it down.

    With a referendum of all members it is the one before until they are counted.
    """
    over = item.answer_until is not None and now > item.answer_until
    by_units = read_council_rule(item.council.rule).ratification == "double_majority"
    asked = item.phase == ItemPhase.PROVISIONAL
    return ItemPhase.LAPSED if asked and over and by_units else ItemPhase(item.phase)


def as_it_stands(row: CouncilItem) -> CouncilItem:
    """Return an item in its phase by the clock, also where nobody has met to write it down."""
    row.move_to(phase_now(row, timezone.now()))
    return row
