"""Home, signing in and out, one's account."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.core.signing import BadSignature
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assemblies.acts.declaring import GATHERED
from assemblies.door.house import house
from assemblies.entrance import guessing
from assemblies.live.hub import hub
from assemblies.live.sessions import end_sessions
from assemblies.models import Assembly, Installation, Meeting, Membership, Person
from assemblies.pages.forms.people import AccountForm, CodeForm, SignInForm
from assemblies.pages.people import myself

DEVICE = "device"
DEVICE_KEPT = 60 * 60 * 24 * 180


@require_http_methods(["GET", "HEAD"])
def home(request: HttpRequest) -> HttpResponse:
    """Show my assemblies, the next meetings and what waits for me."""
    if not request.user.is_authenticated:
        return render(request, "assemblies/pages/welcome.html", welcome())
    mine = Assembly.objects.filter(
        memberships__person=request.user, memberships__left_at=None
    ).order_by("name")
    meetings = (
        Meeting.objects.filter(Q(assembly__in=mine) | Q(participants__person=request.user))
        .select_related("assembly")
        .distinct()
    )
    now = list(meetings.filter(phase__in=GATHERED).order_by("starts_at"))
    soon = timezone.now() - timedelta(hours=12)
    coming = list(meetings.filter(phase="planned", starts_at__gt=soon).order_by("starts_at")[:10])
    past = list(meetings.filter(phase="ended").order_by("-ended_at")[:5])
    sections = house().sections_of("home", None, request.user)
    if not (mine or now or coming or past or sections):
        return render(request, "assemblies/pages/welcome.html", welcome())
    context = {
        "assemblies": mine,
        "now": now,
        "coming": coming,
        "past": past,
        "waiting": what_waits(request.user, mine, coming + now),
        "sections": sections,
        "form": CodeForm(),
    }
    return render(request, "assemblies/pages/home.html", context)


def welcome() -> dict[str, Any]:
    """Return the home page of somebody who belongs to no assembly: two ways in, nothing else."""
    return {"form": CodeForm(), "new": Installation.here().set_up_at is None}


def what_waits(person: Any, mine: Any, meetings: list[Meeting]) -> list[dict[str, str]]:
    """Return the tasks that wait for somebody, each as a sentence and the address of its page."""
    waiting = []
    organised = Membership.objects.filter(
        person=person, left_at=None, organiser=True, assembly__in=mine
    ).select_related("assembly")
    met = {meeting.assembly_id for meeting in meetings}
    for row in organised:
        if row.assembly_id not in met:
            sentence = _("%(name)s has no next meeting.") % {"name": row.assembly.name}
            waiting.append(
                {
                    "sentence": sentence,
                    "do": _("Prepare a meeting"),
                    "page": f"/a/{row.assembly.key}/meetings/new/",
                }
            )
    if organised and not person.has_usable_password():
        sentence = _("You organise an assembly and can come back only in this browser.")
        waiting.append(
            {"sentence": sentence, "do": _("Choose a sign-in name"), "page": "/account/"}
        )
    return waiting + [line for lines in house().all("waiting") for line in lines(person)]


# --- signing in and out ---------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Sign somebody in by handle and password; guesses are limited by account and device."""
    handle = request.POST.get("username", "").strip().lower()
    counter = guessing.account(handle, known_device(request, handle))
    if request.method == "POST" and not guessing.may_try_password(counter):
        sentence = _(
            "Too many wrong passwords for this sign-in name. Wait five minutes, or use a browser"
            " that has signed in before."
        )
        return render(request, "429.html", {"sentence": sentence}, status=429)
    page = LoginView.as_view(
        template_name="assemblies/pages/sign_in.html", authentication_form=SignInForm
    )
    response = page(request)
    person = request.user
    if response.status_code == 302 and isinstance(person, Person) and person.handle == handle:
        guessing.forget(counter)
        remember_device(request, response, handle)
        speak(response, person.language)
    return response


def known_device(request: HttpRequest, handle: str) -> str:
    """Return the name of a device that has signed in to this account before, or ""."""
    try:
        kept = request.get_signed_cookie(DEVICE, "", salt=DEVICE, max_age=DEVICE_KEPT)
    except BadSignature:
        return ""
    return str(kept) if str(kept).startswith(guessing.digest(handle)) else ""


def remember_device(request: HttpRequest, response: HttpResponseBase, handle: str) -> None:
    """Have a device count its wrong passwords by itself from now on."""
    if not known_device(request, handle):
        name = f"{guessing.digest(handle)}.{timezone.now().timestamp():.6f}"
        response.set_signed_cookie(
            DEVICE,
            name,
            salt=DEVICE,
            max_age=DEVICE_KEPT,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )


def speak(response: HttpResponseBase, language: str) -> None:
    """Have the following pages printed in a language."""
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=31_536_000, samesite="Lax"
        )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out here: the session ends, its sockets close, the browser forgets."""
    session = request.session.session_key
    logout(request)
    if session:
        hub.signed_out(session)
    return forgetful(redirect("assemblies:home"))


def forgetful(response: HttpResponse) -> HttpResponse:
    """Have the browser drop what it kept of us (browsers do so behind TLS only)."""
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


# --- one's account --------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Choose a name, a sign-in name, a password, a language."""
    person = myself(request)
    form = AccountForm(request.POST or None, person=person)
    if request.method != "POST" or not form.is_valid():
        return render(request, "assemblies/pages/account.html", {"form": form, "person": person})
    said = form.cleaned_data
    person.name, person.language = said["name"], said["language"]
    person.handle = said["handle"] or None
    if said["password"]:
        person.set_password(said["password"])
    person.save()
    if said["password"]:
        stay(request, person)
    with translation.override(person.language):
        messages.success(request, _("That is kept."))
    response = redirect("assemblies:account")
    speak(response, person.language)
    return response


def stay(request: HttpRequest, person: Person) -> None:
    """Keep this browser signed in after a new password, and let go of all others."""
    update_session_auth_hash(request, person)
    end_sessions(person, but=request.session.session_key)


@login_required
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of a person, in every browser, and close their sockets."""
    person = myself(request)
    session = request.session.session_key
    logout(request)
    end_sessions(person)
    if session:
        hub.signed_out(session)
    return forgetful(redirect("assemblies:home"))
