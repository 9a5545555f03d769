"""Coming in: by the code on the wall, by the QR code, by a personal link."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assemblies.acts.declaring import GATHERED
from assemblies.entrance import guessing
from assemblies.entrance.access import SCREENS, seat_in
from assemblies.models import Meeting, Person, PersonalLink
from assemblies.pages.forms.people import CODE_LENGTH, CodeForm, JoinForm
from assemblies.pages.people import somebody
from assemblies.rules.keys import as_typed
from assemblies.services.belonging import belong
from assemblies.services.founding import find_link, take_seat, use_link

PAGES = ["GET", "HEAD", "POST"]
SCREENS_KEPT = 20
SCREEN_SECONDS = 60 * 60 * 24


@require_http_methods(PAGES)
def join(request: HttpRequest) -> HttpResponse:
    """Ask for the code on the wall."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("assemblies:come_in", secret=form.cleaned_data["code"])
    return render(request, "assemblies/pages/join.html", {"form": form})


@require_http_methods(PAGES)
def come_in(request: HttpRequest, secret: str) -> HttpResponse:
    """Show what somebody is about to join; on a yes give them a seat."""
    typed = len(as_typed(secret)) == CODE_LENGTH
    if typed and not guessing.may_type_code(source_of(request)):
        return too_many_codes(request)
    meeting = by_code(secret) if typed else by_secret(request, secret)
    if meeting is None:
        return no_meeting(request)
    if typed:
        guessing.code_was_right()
    person = somebody(request)
    seat = seat_in(meeting.key, person.pk) if person else None
    if seat is not None and (seat.present or meeting.phase == "ended"):
        return redirect("assemblies:phone", key=meeting.key)
    form = JoinForm(request.POST or None, meeting=meeting, person=person)
    if request.method == "POST" and form.is_valid():
        return let_in(request, meeting, person, form)
    context = {"form": form, "meeting": meeting, "agreements": form.adopted, "seat": seat}
    return render(request, "assemblies/pages/come_in.html", context)


def source_of(request: HttpRequest) -> str:
    """Return the address a request comes from, as our own proxy has it where there is one."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.TLS_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def let_in(
    request: HttpRequest, meeting: Meeting, person: Person | None, form: JoinForm
) -> HttpResponse:
    """Give somebody a seat and keep them signed in; nobody is asked for a password."""
    name = form.cleaned_data["name"]
    if person is None:
        person = Person.objects.create_user(name=name)
    seat = take_seat(meeting, person, name, form.version)
    if seat.kind == "member" and meeting.assembly.admission == "open":
        belong(meeting.assembly, person)
    if request.user.pk != person.pk:
        login(request, person)
    request.session.set_expiry(None)
    return redirect("assemblies:phone", key=meeting.key)


def by_code(code: str) -> Meeting | None:
    """Return the meeting of a typed code, which is good only while doors are open."""
    return (
        Meeting.objects.filter(code=as_typed(code), phase__in=GATHERED)
        .select_related("assembly")
        .first()
    )


def by_secret(request: HttpRequest, secret: str) -> Meeting | None:
    """Return the meeting of a QR code, which is good until the end, and after it for who was in."""
    meeting = Meeting.objects.filter(secret=secret).select_related("assembly").first()
    if meeting is None or meeting.phase != "ended":
        return meeting
    person = somebody(request)
    return meeting if person is not None and seat_in(meeting.key, person.pk) else None


def no_meeting(request: HttpRequest) -> HttpResponse:
    """Say that a code opens nothing; the same words for wrong, old and not yet."""
    sentence = _(
        "This code opens nothing now. Check it against the wall; it works while the doors are open."
    )
    return render(request, "404.html", {"sentence": sentence}, status=404)


def too_many_codes(request: HttpRequest) -> HttpResponse:
    """Say that typed codes rest for a moment; QR codes and links go on working."""
    sentence = _(
        "Too many wrong codes were typed, so typed codes rest for a minute. Scan the QR code"
        " instead, or ask the greeter; both work all the time."
    )
    response = render(request, "429.html", {"sentence": sentence}, status=429)
    response.headers["Retry-After"] = str(guessing.CODES_WITHIN)
    return response


# --- personal links: looking (GET) uses nothing up, taking (POST) does ----------------------------


def taken(secret: str, purpose: str) -> PersonalLink | None:
    """Use a link of a purpose; of two that try at the same time one gets it."""
    link = find_link(secret)
    if link is None or link.purpose != purpose:
        return None
    return use_link(secret)


def link_gone(request: HttpRequest) -> HttpResponse:
    """Say that a link does not work; the same words whether it was used, old or never there."""
    sentence = _("This link does not work any more. It was used, or its time is over.")
    return render(request, "404.html", {"sentence": sentence}, status=404)


def usable(link: PersonalLink | None, purpose: str) -> bool:
    """Say whether a link is there, of this purpose, and for somebody who may come in."""
    if link is None or link.purpose != purpose:
        return False
    return link.person is None or link.person.is_active


@require_http_methods(PAGES)
def seat_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Let this browser have somebody's seat: their second device, or a seat given back."""
    link = find_link(secret)
    if link is None or not usable(link, "seat") or link.person is None:
        return link_gone(request)
    if request.method != "POST":
        return render(request, "assemblies/pages/seat_link.html", about(link))
    link = taken(secret, "seat")
    if link is None or link.person is None:
        return link_gone(request)
    login(request, link.person)
    request.session.set_expiry(None)
    if link.meeting is None:
        return redirect("assemblies:home")
    page = "console" if request.POST.get("as") == "console" else "phone"
    return redirect(f"assemblies:{page}", key=link.meeting.key)


def about(link: PersonalLink) -> dict[str, Any]:
    """Return whose seat a link gives, and whether a console belongs to it."""
    seat = seat_in(link.meeting.key, link.person.pk) if link.meeting and link.person else None
    return {
        "person": link.person,
        "meeting": link.meeting,
        "name": seat.name if seat else str(link.person),
        "roles": [role.get_role_display() for role in seat.roles.all()] if seat else [],
    }


@require_http_methods(PAGES)
def screen_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Let this browser be a screen on the wall: it sees what the hall sees and does nothing."""
    link = find_link(secret)
    if link is None or not usable(link, "screen") or link.meeting is None:
        return link_gone(request)
    if request.method != "POST":
        return render(request, "assemblies/pages/screen_link.html", {"meeting": link.meeting})
    link = taken(secret, "screen")
    if link is None or link.meeting is None:
        return link_gone(request)
    screens = [key for key in request.session.get(SCREENS, []) if key != link.meeting.key]
    request.session[SCREENS] = [*screens, link.meeting.key][-SCREENS_KEPT:]
    if not request.user.is_authenticated:
        request.session.set_expiry(SCREEN_SECONDS)
    return redirect("assemblies:wall", key=link.meeting.key)
