"""The page about how the floor was shared, with plots and the same numbers as tables."""

from typing import Any

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assemblies.door.journal import read
from assemblies.door.page import Page
from assemblies.entrance.access import place_or_404
from assemblies.pages.posters import READ
from assemblies.records.drawings import drawn_once, name_of
from stack.reading.afterwards import TELLS_IN, Review, review
from stack.words.labels import minutes_label, percent


def review_to_show(page: Page) -> Review | None:
    """Return the numbers of a meeting, once it closes and if enough people spoke."""
    if page.meeting.phase not in TELLS_IN:
        return None
    found = review(page)
    return found if found.enough else None


@require_http_methods(READ)
def floor(request: HttpRequest, key: str) -> HttpResponse:
    """Show how the floor was shared."""
    place = place_or_404(request, key)
    page = read(place.meeting)
    found = review_to_show(page)
    context: dict[str, Any] = {
        "meeting": page.meeting,
        "assembly": page.meeting.assembly,
        "place": place,
        "closes": page.meeting.phase in TELLS_IN,
        "review": found,
    }
    if found is not None:
        context |= in_words(found)
    return render(request, "stack/pages/floor.html", context)


def in_words(found: Review) -> dict[str, Any]:
    """Return the shares of a review as people read them."""
    return {
        "one": percent(found.one),
        "three": percent(found.three),
        "others": percent(found.others),
        "minutes": minutes_label(found.minutes),
        "gini": f"{float(found.gini):.2f}",
        "groups": [
            {"name": one.name, "people": percent(one.people), "time": percent(one.time)}
            for one in found.groups
        ],
    }


# An SVG says its colours in itself; nothing else of the page's policy changes.
@csp_replace({"style-src": ["'unsafe-inline'"]})  # type: ignore[arg-type]
@require_http_methods(READ)
def plot(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """Draw one plot of the page; `?in=dark` for dark paper."""
    found = review_to_show(read(place_or_404(request, key).meeting))
    if found is None or (name == "groups" and not found.groups):
        raise Http404(_("There is nothing here for you."))
    dark = request.GET.get("in") == "dark"

    def draw() -> str:
        """Return the plot as SVG."""
        # Loaded with the first plot: it takes a second that no start of a server should.
        svg: str = import_string("stack.records.plots.draw")(name, found, dark=dark)
        return svg

    svg = drawn_once(name_of("plot", name, dark, found), draw)
    return HttpResponse(svg, content_type="image/svg+xml")
