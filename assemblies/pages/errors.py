"""Error pages, in sentences."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a post whose token does not fit: mostly a page that was open for too long."""
    why = _("This page was open for too long. Load it again and repeat what you did.")
    if "application/json" in request.headers.get("Accept", "") + request.headers.get(
        "Content-Type", ""
    ):
        return JsonResponse({"refused": "forged", "why": why}, status=403)
    return render(request, "403_csrf.html", {"why": why}, status=403)
