"""Middleware of every request: own addresses only, closed permissions, refusals as sentences."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from assemblies.entrance.hosts import is_own_host
from assemblies.rules.errors import Refused

GetResponse = Callable[[HttpRequest], HttpResponse]
CLOSED = ", ".join(
    f"{name}=()"
    for name in ("camera", "geolocation", "microphone", "payment", "usb", "interest-cohort")
)


def own_address(get_response: GetResponse) -> GetResponse:
    """Refuse a Host that is not ours, so that a foreign name cannot be pointed at a laptop."""

    def middleware(request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        if not settings.OWN_HOSTS and not is_own_host(request.META.get("HTTP_HOST", "localhost")):
            return HttpResponse(
                _("This address does not belong here."), status=400, content_type="text/plain"
            )
        return get_response(request)

    return middleware


def closed_doors(get_response: GetResponse) -> GetResponse:
    """Close browser features that no page needs; keep pages out of caches and search engines."""

    def middleware(request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", CLOSED)
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def refusals(get_response: GetResponse) -> GetResponse:
    """Turn a refusal into a sentence on a page: 409, never an error."""

    def middleware(request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        return get_response(request)

    def process_exception(request: HttpRequest, wrong: Exception) -> HttpResponse | None:
        """Answer a refused act with a sentence."""
        if not isinstance(wrong, Refused):
            return None
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"refused": wrong.code, "why": wrong.why}, status=409)
        return render(request, "409.html", {"why": wrong.why}, status=409)

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware
