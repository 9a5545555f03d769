"""Starting an assembly, looking at it, preparing its meetings."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assemblies.door.house import house
from assemblies.entrance.access import assembly_or_404, place_or_404
from assemblies.models import Assembly, Installation, Membership, Person
from assemblies.pages.forms.founding import MeetingForm, StartForm
from assemblies.pages.forms.people import KeysForm
from assemblies.pages.forms.settings import AboutMeForm
from assemblies.pages.joining import PAGES, link_gone
from assemblies.pages.people import myself
from assemblies.services.belonging import organises
from assemblies.services.founding import find_link, found_assembly, new_meeting, use_link
from assemblies.services.preparing import prepare

READ = ["GET", "HEAD"]


@require_http_methods(PAGES)
def setup(request: HttpRequest, secret: str) -> HttpResponse:
    """Make the first organiser, once; everybody else comes in by code or by being invited."""
    link = find_link(secret)
    if link is None or link.purpose != "setup" or Installation.here().set_up_at is not None:
        return link_gone(request)
    form = KeysForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "assemblies/pages/setup.html", {"form": form})
    person = first_organiser(secret, form.cleaned_data)
    if person is None:
        return link_gone(request)
    login(request, person)
    return redirect("assemblies:start")


def first_organiser(secret: str, said: dict[str, Any]) -> Person | None:
    """Use the set-up link; of two that try at the same time one becomes the first organiser."""
    with transaction.atomic():
        if use_link(secret) is None:
            return None
        here = Installation.objects.filter(set_up_at=None)
        if not here.update(set_up_at=timezone.now()):
            return None
        return Person.objects.create_user(
            said["handle"] or None, said["password"] or None, name=said["name"]
        )


@login_required
@require_http_methods(PAGES)
def start(request: HttpRequest) -> HttpResponse:
    """Start an assembly (docs/decisions/0005-who-starts-who-belongs.md)."""
    person = myself(request)
    form = StartForm(request.POST or None, initial={"organiser": person.name})
    if request.method != "POST" or not form.is_valid():
        return render(request, "assemblies/pages/start.html", {"form": form})
    said = form.cleaned_data
    if person.name != said["organiser"]:
        person.name = said["organiser"]
        person.save(update_fields=["name"])
    assembly = found_assembly(
        person,
        name=said["name"],
        kind=said["kind"],
        preset=said["preset"],
        admission=said["admission"],
        roll=said["roll"],
        quorum=said["rule"],
        agreements=said["agreements"],
        optional_signals=form.signals(),
        time_zone=said["time_zone"],
    )
    messages.success(
        request, _("%(name)s is there. Prepare its first meeting.") % {"name": assembly}
    )
    return redirect("assemblies:assembly", key=assembly.key)


@require_http_methods(READ)
def assembly(request: HttpRequest, key: str) -> HttpResponse:
    """Show an assembly to who belongs: who we are, how we decide, when we meet."""
    body = assembly_or_404(request, key)
    return render(request, "assemblies/pages/assembly.html", about(body, myself(request)))


def about(body: Assembly, person: Person, form: AboutMeForm | None = None) -> dict[str, Any]:
    """Return what the page of an assembly shows to somebody who belongs."""
    members = Membership.objects.filter(assembly=body, left_at=None).select_related("person")
    people = sorted(members, key=lambda row: row.person.name.lower())
    mine = next(row for row in people if row.person_id == person.pk)
    meetings = list(body.meetings.order_by("-starts_at")[:50])
    return {
        "assembly": body,
        "agreements": body.agreements.first(),
        "way": house().ways.get(body.preset),
        "how": how_we_decide(body),
        "coming": [one for one in reversed(meetings) if one.phase != "ended"],
        "past": [one for one in meetings if one.phase == "ended"],
        "members": [row.person.name for row in people],
        "organisers": [row.person.name for row in people if row.organiser],
        "organiser": mine.organiser,
        "about_me": form or AboutMeForm(membership=mine),
        "trained": mine.trained,
        "sections": house().sections_of("assembly", body, person),
    }


def how_we_decide(body: Assembly) -> list[str]:
    """Return quorum, admission and signals in sentences."""
    quorum = body.rule.get("quorum")
    said = [str(body.get_admission_display()) + "."]
    if body.roll:
        said.append(_("There are %(roll)s members on the roll.") % {"roll": body.roll})
    if isinstance(quorum, dict):
        said.append(
            _("Quorum: %(share)s of the roll must be here to decide.") % {"share": quorum["share"]}
        )
    elif quorum in (None, "none", ""):
        said.append(_("There is no quorum: whoever is here decides."))
    else:
        sentence = ngettext(
            "Quorum: %(n)s person must be here to decide.",
            "Quorum: %(n)s people must be here to decide.",
            int(quorum),
        )
        said.append(sentence % {"n": quorum})
    return said


@require_http_methods(PAGES)
def meeting(request: HttpRequest, key: str) -> HttpResponse:
    """Prepare a new meeting: the organiser sees how the agenda was understood, then keeps it."""
    body = assembly_or_404(request, key, organiser=True)
    form = MeetingForm(request.POST or None, zone=body.time_zone)
    page = {"form": form, "assembly": body, "zone": body.time_zone}
    if request.method != "POST" or not form.is_valid() or "look" in request.POST:
        return render(request, "assemblies/pages/meeting.html", page)
    said = form.cleaned_data
    made = new_meeting(
        body,
        title=said["title"],
        starts_at=said["starts_at"],
        lines=said["agenda"],
        organiser=myself(request),
        place=said["place"],
        wifi_name=said["wifi_name"],
        wifi_password=said["wifi_password"],
    )
    messages.success(request, _("The meeting is prepared. Print its poster or send its address."))
    return redirect("assemblies:poster", key=made.key)


@require_http_methods(PAGES)
def change_meeting(request: HttpRequest, key: str) -> HttpResponse:
    """Change a meeting before it begins: particulars, agenda, Wi-Fi."""
    place = place_or_404(request, key)
    body, person = place.meeting.assembly, place.person
    if person is None or not organises(body, person):
        raise Http404(_("There is nothing here for you."))
    form = MeetingForm(request.POST or None, zone=body.time_zone, meeting=place.meeting)
    page = {
        "form": form,
        "assembly": body,
        "meeting": place.meeting,
        "zone": body.time_zone,
        "sections": house().sections_of("meeting", place.meeting, person),
    }
    if request.method != "POST" or not form.is_valid() or "look" in request.POST:
        return render(request, "assemblies/pages/meeting.html", page)
    said = form.cleaned_data
    prepare(
        place.meeting,
        by=str(person.pk),
        wifi=(said["wifi_name"], said["wifi_password"]),
        title=said.get("title", ""),
        place=said.get("place"),
        starts_at=said.get("starts_at"),
        lines=said.get("agenda"),
    )
    messages.success(request, _("That is kept."))
    return redirect("assemblies:assembly", key=body.key)
