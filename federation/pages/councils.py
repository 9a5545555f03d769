"""A council as everybody below it may see it: who sits there, what goes round, how it works."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assemblies.door.house import house
from assemblies.models import Assembly
from assemblies.pages.posters import READ
from federation.pages.access import council_or_404
from federation.reading.item_words import summary_of
from federation.reading.items import going_round, over_last
from federation.reading.onlookers import Onlooker
from federation.reading.progress import progress_of
from federation.reading.seats import Seating, seating, seats_by_unit
from federation.reading.units import kind_label, unit_states
from federation.sheets.chart import Body, applications_to, rule_of
from federation.words.presets import FEDERATING
from federation.words.vocabulary import Words, rule_words

UNITS_ON_A_PAGE = 30
# Up to so many units are listed one by one beside each item; more only in sums.
FEW_UNITS = 12


@require_http_methods(READ)
def council(request: HttpRequest, key: str) -> HttpResponse:
    """Show a council: what goes round, units and delegates, how it works."""
    seen = council_or_404(request, key)
    return render(request, "federation/pages/council.html", about(seen, request.GET.get("page")))


def about(seen: Onlooker, asked: Any) -> dict[str, Any]:
    """Return what the page of a council shows; `asked` is the page of its units."""
    council, chart, words = seen.council, seen.chart, seen.words
    rule, own, may_open = rule_of(council), seen.units(), seen.may_open
    going, settled = going_round(council), over_last(council)
    told = [summary_of(one, chart, rule, words) for one in progress_of([*going, *settled], chart)]
    belonging = chart.belonging.get(seen.key, [])
    few = len(belonging) <= FEW_UNITS
    page = Paginator(belonging, UNITS_ON_A_PAGE).get_page(asked)
    pks = {chart.bodies[one.unit].pk: one for one in page}
    seats = seats_by_unit(council, pks)
    return {
        **here(seen),
        "rule": rule_words(rule, words),
        "way": FEDERATING.get(council.preset),
        "process": house().ways.get(council.assembly.preset),
        "going": [
            {
                "told": one,
                "units": unit_states(one.progress, chart, belonging, own) if few else [],
            }
            for one in told[: len(going)]
        ],
        "settled": told[len(going) :],
        "page": page,
        "units_sentence": words.many_units(len(chart.units(seen.key))),
        "units_title": words.many_units(len(belonging)),
        "by_council": rule.admission == "by_council",
        "applied": applications_to(council, rule),
        "seats_sentence": seats_sentence(seating(council), words),
        "units": [
            {
                "belonging": one,
                "kind_label": kind_label(one.kind),
                "body": chart.bodies[one.unit],
                "body_kind": body_kind(chart.bodies[one.unit]),
                "council": one.unit in chart.councils,
                "open": one.unit in may_open,
                "ours": one.unit in own,
                "members": chart.members(one.unit),
                "places": seats.get(pk, []),
            }
            for pk, one in pks.items()
        ],
        "members": chart.members(seen.key),
        "at_large": len(chart.at_large.get(seen.key, ())),
    }


def seats_sentence(seats: Seating, words: Words) -> str:
    """Return how the seats stand, in words."""
    said = [
        ngettext("%(n)s seat", "%(n)s seats", seats.seats) % {"n": seats.seats},
        _("%(delegates)s seated") % {"delegates": words.many_delegates(seats.seated)},
    ]
    if n := seats.ended:
        said.append(ngettext("%(n)s term has ended", "%(n)s terms have ended", n) % {"n": n})
    if n := seats.vacant:
        said.append(ngettext("%(n)s is vacant", "%(n)s are vacant", n) % {"n": n})
    return ", ".join(said) + "."


def body_kind(body: Body) -> str:
    """Return what kind of assembly a unit is."""
    kinds = {str(code): str(label) for code, label in Assembly.Kind.choices}
    return kinds.get(body.kind, body.kind)


def here(seen: Onlooker) -> dict[str, Any]:
    """Return what every page of a council shows: where it belongs, in its own words."""
    return {
        "seen": seen,
        "council": seen.council,
        "assembly": seen.council.assembly,
        "federation": seen.council.federation,
        "level": seen.chart.level_name(seen.key, seen.words),
        "words": seen.words,
        "ours": [seen.chart.bodies[one] for one in seen.units()],
    }
