"""Pages that bring people in: poster, QR codes, calendar file, a test that phones reach us."""

import re

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assemblies.entrance.access import place_or_404
from assemblies.entrance.hosts import lan_address
from assemblies.entrance.links import base_url, join_url, link, qr_image, qr_svg, wifi_words
from assemblies.models import Meeting
from assemblies.records.poster import calendar_file, poster_pdf
from assemblies.rules.keys import new_secret
from assemblies.services.belonging import organises

READ = ["GET", "HEAD"]
REACH_SECONDS = 900
LOOK_AGAIN = 3  # seconds


def when(meeting: Meeting) -> str:
    """Return when a meeting begins, in the zone of its assembly."""
    begins = meeting.assembly.local(meeting.starts_at)
    return f"{date_format(begins, 'l, j F Y')}, {date_format(begins, 'H:i')}"


@require_http_methods(READ)
def poster(request: HttpRequest, key: str) -> HttpResponse:
    """Show the poster, ready to be printed."""
    place = place_or_404(request, key)
    context = {
        "meeting": place.meeting,
        "assembly": place.meeting.assembly,
        "when": when(place.meeting),
        "address": link(request, "join"),
        "code": spaced(place.meeting.code),
        "organiser": place.person is not None and organises(place.meeting.assembly, place.person),
    }
    return render(request, "assemblies/pages/poster.html", context)


def spaced(code: str) -> str:
    """Return a code as it is read aloud: two groups of three."""
    return f"{code[:3]} {code[3:]}"


@require_http_methods(READ)
def poster_file(request: HttpRequest, key: str) -> HttpResponse:
    """Give the poster as a PDF."""
    meeting = place_or_404(request, key).meeting
    pdf = poster_pdf(
        meeting,
        join=join_url(request, meeting),
        address=link(request, "join"),
        code=meeting.code,
        when=when(meeting),
    )
    return attached(pdf, "application/pdf", f"poster-{meeting.key}.pdf")


@require_http_methods(READ)
def calendar(request: HttpRequest, key: str) -> HttpResponse:
    """Give the meeting as a calendar file."""
    meeting = place_or_404(request, key).meeting
    address = link(request, "phone", meeting.key)
    return attached(
        calendar_file(meeting, address=address), "text/calendar", f"meeting-{meeting.key}.ics"
    )


def attached(content: bytes | str, kind: str, name: str) -> HttpResponse:
    """Return a file to be saved, never to be shown as a page of ours."""
    safe = re.sub(r"[^A-Za-z0-9._-]", "-", name)
    return HttpResponse(
        content,
        content_type=f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
        headers={"Content-Disposition": f'attachment; filename="{safe}"'},
    )


@require_http_methods(READ)
def qr(request: HttpRequest, key: str) -> HttpResponse:
    """Draw the QR code by which people join."""
    meeting = place_or_404(request, key).meeting
    return HttpResponse(qr_svg(join_url(request, meeting)), content_type="image/svg+xml")


@require_http_methods(READ)
def wifi(request: HttpRequest, key: str) -> HttpResponse:
    """Draw the QR code of the Wi-Fi."""
    meeting = place_or_404(request, key).meeting
    if not meeting.wifi_name:
        raise Http404(_("There is nothing here for you."))
    return HttpResponse(qr_svg(wifi_words(meeting)), content_type="image/svg+xml")


# --- can phones reach me? -------------------------------------------------------------------------


@require_http_methods(READ)
def reach(request: HttpRequest, key: str) -> HttpResponse:
    """Say whether a device other than this one has come through; looks again by itself."""
    place = place_or_404(request, key)
    token = request.GET.get("look", "")
    state = cache.get(reach_key(token)) if token else None
    if state is None:
        token = new_secret()
        cache.set(reach_key(token), "waiting", REACH_SECONDS)
        request.session["reach"] = token
        return redirect(f"{reverse('assemblies:reach', args=[key])}?look={token}")
    address = link(request, "reached", token)
    context = {
        "meeting": place.meeting,
        "reached": state == "reached",
        "address": address,
        "qr": qr_image(address),
        "base": base_url(request),
        "lan": lan_address(),
        "alone": lan_address().startswith("127."),
        "by_name": bool(settings.OWN_HOSTS),
    }
    response = render(request, "assemblies/pages/reach.html", context)
    if state != "reached":
        response.headers["Refresh"] = str(LOOK_AGAIN)
    return response


@require_http_methods(READ)
def reached(request: HttpRequest, token: str) -> HttpResponse:
    """Greet a phone that came through, and remember that one did (not which)."""
    if cache.get(reach_key(token)) and is_another_device(request, token):
        cache.set(reach_key(token), "reached", REACH_SECONDS)
    return render(request, "assemblies/pages/reached.html")


def reach_key(token: str) -> str:
    """Return where the cache keeps whether somebody came through."""
    return f"reach.{token[:64]}" if re.fullmatch(r"[\w-]+", token, re.ASCII) else "reach.-"


def is_another_device(request: HttpRequest, token: str) -> bool:
    """Say whether a request comes neither from the browser that asks nor from this machine."""
    if request.session.get("reach") == token:
        return False
    if settings.TLS_PROXY:
        return True
    came_from = request.META.get("REMOTE_ADDR", "")
    return not (came_from.startswith("127.") or came_from in ("::1", lan_address()))
