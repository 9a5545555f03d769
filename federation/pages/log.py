"""The act log of a council, and the check of its records."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from assemblies.door.verifying import finding_of
from assemblies.models import Meeting
from assemblies.pages.posters import READ
from federation.pages.access import council_or_404
from federation.pages.councils import here
from federation.records.log import entries_of, lines_of

LINES_ON_A_PAGE = 100


@require_http_methods(READ)
def log(request: HttpRequest, key: str) -> HttpResponse:
    """Show everything a council did, in order; the page that opens is the last one."""
    seen = council_or_404(request, key)
    pages = Paginator(entries_of(seen.council), LINES_ON_A_PAGE)
    page = pages.get_page(request.GET.get("page", pages.num_pages))
    context = {**here(seen), "page": page, "lines": lines_of(seen.council, page)}
    return render(request, "federation/pages/log.html", context)


@require_http_methods(READ)
def record(request: HttpRequest, key: str, meeting: str = "") -> HttpResponse:
    """Walk a chain of a council, its own or a meeting's, and say in words whether it holds."""
    seen = council_or_404(request, key)
    met = Meeting.objects.filter(assembly=seen.council.assembly_id).select_related("journal")
    one = get_object_or_404(met, key=meeting.replace("\x00", "-")) if meeting else None
    others = [None, *met.order_by("-starts_at")]
    context = {
        **here(seen),
        "meeting": one,
        "finding": finding_of(one.journal if one is not None else seen.council.assembly.journal),
        "others": [other for other in others if other != one],
    }
    return render(request, "federation/pages/record.html", context)
