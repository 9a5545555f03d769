"""A seat on another device, a lost seat given back, a screen on the wall."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assemblies.door.journal import read
from assemblies.entrance.access import Place, place_or_404
from assemblies.entrance.links import link, qr_image
from assemblies.pages.joining import PAGES
from assemblies.services.founding import new_link
from assemblies.services.seats import give_back
from assemblies.sheets import Roll

SEAT_HOURS = 0.25
SCREEN_HOURS = 12


@require_http_methods(PAGES)
def seat(request: HttpRequest, key: str) -> HttpResponse:
    """Show my seat; on request make a link that moves it to a second device."""
    place = place_or_404(request, key)
    if place.participant is None or place.person is None:
        raise Http404(_("There is nothing here for you."))
    context: dict[str, object] = {"meeting": place.meeting, "participant": place.participant}
    if request.method == "POST":
        secret = new_link("seat", person=place.person, meeting=place.meeting, hours=SEAT_HOURS)
        context |= carried(link(request, "seat_link", secret))
    return render(request, "assemblies/pages/seat.html", context)


@require_http_methods(PAGES)
def give_seat(request: HttpRequest, key: str, participant: str) -> HttpResponse:
    """Give a lost seat back: greeter and facilitator make a link for somebody beside them."""
    place = place_with(request, key, "greeter", "facilitator")
    who = read(place.meeting).sheet(Roll).find(participant)
    if who is None:
        raise Http404(_("There is nothing here for you."))
    context: dict[str, object] = {"meeting": place.meeting, "participant": who}
    if request.method == "POST":
        person = give_back(place.meeting, by=place.actor, who=who.key)
        secret = new_link("seat", person=person, meeting=place.meeting, hours=SEAT_HOURS)
        context |= carried(link(request, "seat_link", secret))
    return render(request, "assemblies/pages/give_seat.html", context)


@require_http_methods(PAGES)
def screen(request: HttpRequest, key: str) -> HttpResponse:
    """Make a link for the screen on the wall."""
    place = place_with(request, key, "facilitator", "tech_host")
    context: dict[str, object] = {"meeting": place.meeting}
    if request.method == "POST":
        secret = new_link("screen", meeting=place.meeting, hours=SCREEN_HOURS)
        context |= carried(link(request, "screen_link", secret))
    return render(request, "assemblies/pages/screen.html", context)


def place_with(request: HttpRequest, key: str, *roles: str) -> Place:
    """Return the place of somebody who is here and holds one of these roles now; 404 otherwise."""
    place = place_or_404(request, key)
    here = place.participant is not None and place.participant.present
    if not here or not set(roles) & set(place.roles()):
        raise Http404(_("There is nothing here for you."))
    return place


def carried(address: str) -> dict[str, object]:
    """Return an address as a link and as a QR code."""
    return {"address": address, "qr": qr_image(address)}
