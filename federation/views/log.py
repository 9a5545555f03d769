"""The act log of a council."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from assemblies.views.posters import READ
from federation.log import entries_of, lines_of
from federation.overview import council_or_404
from federation.views.councils import here

LINES_ON_A_PAGE = 100


@require_http_methods(READ)
def log(request: HttpRequest, key: str) -> HttpResponse:
    """Show everything a council did, in order; the page that opens is the last one."""
    seen = council_or_404(request, key)
    pages = Paginator(entries_of(seen.council), LINES_ON_A_PAGE)
    page = pages.get_page(request.GET.get("page", pages.num_pages))
    context = {**here(seen), "page": page, "lines": lines_of(seen.council, page)}
    return render(request, "federation/pages/log.html", context)
