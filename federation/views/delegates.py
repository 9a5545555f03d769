"""Our delegates: who they are, what we told them, what they said, what they owe us."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assemblies.views.posters import READ
from federation import register
from federation.models import SeatTerm
from federation.overview import Body, Onlooker, council_or_404, progress_of
from federation.views.councils import here
from federation.vocabulary import notice_words


def unit_or_404(request: HttpRequest, key: str, unit: str) -> tuple[Onlooker, Body]:
    """Return a unit of a council to its own: who belongs to it or below it, or sits for it."""
    seen = council_or_404(request, key)
    if unit in {one.unit for one in seen.chart.belonging.get(seen.key, ())}:
        body = seen.chart.bodies[unit]
        sits = SeatTerm.objects.filter(
            person=seen.person, ended_at=None, seat__council=seen.council, seat__unit=body.pk
        )
        if unit in seen.units() or sits.exists():
            return seen, body
    raise Http404(_("There is nothing here for you."))


@require_http_methods(READ)
def from_unit(request: HttpRequest, key: str, unit: str) -> HttpResponse:
    """Show a base what its delegates to a council did, and what waits for it there."""
    seen, body = unit_or_404(request, key, unit)
    council, chart, words = seen.council, seen.chart, seen.words
    rule = register.rule_of(council)
    belonging = [one for one in chart.belonging[seen.key] if one.unit == unit]
    going = progress_of(register.going(council), chart)
    context = {
        **here(seen),
        "unit": body,
        "places": register.places_of(council, [body.pk]).get(body.pk, []),
        "sittings": register.heard_from(council, body.pk),
        "mandates": register.mandates_of(council, body.pk),
        "reports": register.reports_of(council, body.pk),
        "notices": [
            {"notice": one, "words": notice_words(one)}
            for one in register.notices_of(council, body.pk)
        ],
        "going": [
            {
                "told": register.told_of(one, chart, rule, words),
                "unit": register.states_of(one, chart, belonging, [unit])[0],
            }
            for one in going
        ],
    }
    return render(request, "federation/pages/from_unit.html", context)
