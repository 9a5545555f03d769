"""The map of a federation: a drawing of its levels, and a table that says the same."""

from typing import Any

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assemblies.pages.posters import READ
from assemblies.records.drawings import drawn_once, name_of
from federation.pages.access import council_or_404
from federation.pages.councils import here
from federation.reading.levels import Sketch, label_of, of_level, sketch
from federation.reading.onlookers import Onlooker
from federation.reading.seats import delegates_by_council

NAMES_AT_MOST = 60


@require_http_methods(READ)
def chart(request: HttpRequest, key: str) -> HttpResponse:
    """Show all levels of the federation that a council is in, from above to the base."""
    seen = council_or_404(request, key)
    levels = levels_of(seen)
    context = {
        **here(seen),
        "levels": levels,
        "alt": _("Levels from below upward: %(levels)s. The table says the same.")
        % {"levels": "; ".join(one["label"] for one in reversed(levels))},
    }
    return render(request, "federation/pages/map.html", context)


def levels_of(seen: Onlooker) -> list[dict[str, Any]]:
    """Return every level from above to the base, with its councils in numbers."""
    chart, words = seen.chart, seen.words
    sitting, may_open = delegates_by_council(chart), seen.may_open
    found = []
    for level in range(max(map(chart.level, chart.councils)), 0, -1):
        rows = [
            {
                "body": chart.bodies[key],
                "open": key in may_open,
                "here": key == seen.key,
                "forming": chart.councils[key].formed_at is None,
                "units": words.many_units(len(chart.units(key))),
                "names": names_of(seen, key),
                "others": len(chart.belonging.get(key, ())) - len(chart.units(key)),
                "at_large": len(chart.at_large.get(key, ())),
                "delegates": sitting.get(key, 0),
                "members": chart.members(key),
            }
            for key in of_level(chart, level)
        ]
        found.append({"label": label_of(chart, level, words), "rows": rows})
    bases = of_level(chart, 0)
    members = sum(map(chart.members, bases))
    return [*found, {"label": label_of(chart, 0, words), "rows": [], "members": members}]


def names_of(seen: Onlooker, key: str) -> list[str]:
    """Return the names of the units of a council, where they can be read at a glance."""
    units = seen.chart.units(key)
    if len(units) > NAMES_AT_MOST:
        return []
    return [seen.chart.bodies[one].name for one in units]


# An SVG has its colours as inline styles; the rest of the page's policy stays.
@csp_replace({"style-src": ["'unsafe-inline'"]})  # type: ignore[arg-type]
@require_http_methods(READ)
def image(request: HttpRequest, key: str) -> HttpResponseBase:
    """Draw the map; `?in=dark` for dark paper, `?on=wide` for a wide screen."""
    seen = council_or_404(request, key)
    dark, wide = request.GET.get("in") == "dark", request.GET.get("on") == "wide"
    drawn = sketch(seen.chart, seen.words, wide=wide)
    name = name_of("map", dark, wide, drawn)
    known = get_conditional_response(request, etag=quote_etag(name))
    if known is None:
        svg = drawn_once(name, lambda: draw(drawn, dark=dark, wide=wide))
        known = HttpResponse(svg, content_type="image/svg+xml")
    known.headers["ETag"] = quote_etag(name)
    known.headers["Cache-Control"] = "private, no-cache"
    return known


def draw(drawn: Sketch, *, dark: bool, wide: bool) -> str:
    """Return a map as SVG; the library that draws it is loaded now, if it is not yet."""
    svg: str = import_string("federation.records.plots.draw_map")(drawn, dark=dark, wide=wide)
    return svg
