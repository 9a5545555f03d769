"""The seats of a council: who holds each, until when, and how many are empty."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from federation.models import Council, Seat, SeatTerm
from federation.sheets.chart import Chart, joined
from federation.sheets.seen import end_of, meetings_left, met_of


@dataclass(slots=True)
class SeatStatus:
    """A seat and who holds it: seated, with a term that has ended, or vacant."""

    ordinal: int
    delegate: SeatTerm | None = None
    alternate: SeatTerm | None = None
    ended: bool = False
    # When the delegate's term ends or ended. None while it goes on for meetings: `left` of them.
    end: datetime | None = None
    left: int | None = None
    vacant_since: datetime | None = None


def seats_by_unit(council: Council, units: Iterable[Any]) -> dict[Any, list[SeatStatus]]:
    """Return the seats of some units of a council by the id of the unit, in three queries."""
    now, found = timezone.now(), defaultdict(list)
    by_seat: dict[Any, SeatStatus] = {}
    for seat in Seat.objects.filter(council=council, unit__in=units).order_by("ordinal"):
        by_seat[seat.pk] = SeatStatus(seat.ordinal)
        found[seat.unit_id].append(by_seat[seat.pk])
    holding = SeatTerm.objects.filter(seat__in=by_seat, ended_at=None)
    met = met_where_counted(council, holding)
    for term in holding.select_related("person", "comes_from"):
        seat_now = by_seat[term.seat_id]
        if term.standing == "alternate":
            seat_now.alternate = term
        else:
            seat_now.delegate, seat_now.end = term, end_of(term, met)
            seat_now.ended = seat_now.end is not None and seat_now.end <= now
            seat_now.left = meetings_left(term, met) if term.meetings is not None else None
    empty = [pk for pk, one in by_seat.items() if one.delegate is None]
    if empty:
        over = SeatTerm.objects.filter(seat__in=empty, standing="delegate")
        for pk, at in over.order_by("ended_at").values_list("seat", "ended_at"):
            by_seat[pk].vacant_since = at
    return found


def met_where_counted(
    council: Council, terms: QuerySet[SeatTerm]
) -> list[tuple[datetime, datetime]]:
    """Return when the council's past meetings were, or nothing where no term counts by meetings."""
    return met_of(council) if terms.filter(meetings__isnull=False).exists() else []


@dataclass(frozen=True, slots=True)
class Seating:
    """How many seats there are, how many are held, and how many terms have ended."""

    seats: int
    seated: int
    ended: int

    @property
    def vacant(self) -> int:
        """Return how many are empty."""
        return self.seats - self.seated - self.ended


def seating(council: Council) -> Seating:
    """Return how many seats of a council are held, ended or empty."""
    units = joined(council=council, unit__isnull=False).order_by()
    seats = Seat.objects.filter(council=council, unit__in=units.values("unit"))
    holding = SeatTerm.objects.filter(seat__in=seats, ended_at=None, standing="delegate")
    over = holding.filter(until__lte=timezone.now()).count()
    met = met_where_counted(council, holding)
    over += sum(1 for term in holding.filter(until=None) if end_of(term, met) is not None)
    return Seating(seats.count(), holding.count() - over, over)


def delegates_by_council(chart: Chart) -> dict[str, int]:
    """Return how many delegates sit in each council, in one query."""
    by_pk = {one.pk: key for key, one in chart.councils.items()}
    rows = SeatTerm.objects.filter(
        ended_at=None, standing="delegate", seat__council__federation__in=chart.federations
    ).values_list("seat__council")
    return {by_pk[pk]: n for pk, n in rows.annotate(n=Count("pk")) if pk in by_pk}
