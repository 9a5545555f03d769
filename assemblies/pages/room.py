"""The room as pages: phone, console, wall; one act by post; the state; the proof."""

import json
import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assemblies.acts.declaring import Act, Answer
from assemblies.door.house import house
from assemblies.door.journal import glance, read
from assemblies.door.page import Page
from assemblies.entrance.access import Place, place_or_404
from assemblies.entrance.links import base_url
from assemblies.live.desk import mine_of
from assemblies.live.hub import hub
from assemblies.live.printing import (
    FACILITATOR,
    MEMBER,
    OBSERVER,
    PROJECTOR,
    audience,
    print_panels,
)
from assemblies.models import Entry, Installation, Role
from assemblies.reading.state import state_for
from assemblies.rules.errors import Refused
from assemblies.sheets import Roll

BODY_AT_MOST = 64 * 1024
OWN_FIELDS = {"csrfmiddlewaretoken", "next", "act"}
LEAVES_AT_MOST = 5000


@require_GET
def phone(request: HttpRequest, key: str) -> HttpResponse:
    """Show the room as a phone sees it; it works with no script and no socket."""
    place = place_or_404(request, key)
    if place.participant is None:
        if place.screen:
            return redirect("assemblies:wall", key=key)
        return redirect("assemblies:come_in", secret=place.meeting.secret)
    return show(request, place, "phone")


@require_GET
def console(request: HttpRequest, key: str) -> HttpResponse:
    """Show the room to those who serve it; everybody else gets the phone."""
    place = place_or_404(request, key)
    if not place.roles() or place.participant is None or not place.participant.present:
        return redirect("assemblies:phone", key=key)
    return show(request, place, "console")


@require_GET
def wall(request: HttpRequest, key: str) -> HttpResponse:
    """Show the room as everybody in the hall may see it."""
    place = place_or_404(request, key)
    return show(request, place, "wall")


def audience_of(page: Page, place: Place, surface: str) -> str:
    """Return which prints a place sees on a surface."""
    person = page.sheet(Roll).find(place.actor) if place.actor else None
    if surface == "wall" or person is None:
        kind = PROJECTOR
    elif surface == "console" and person.present and page.sheet(Roll).roles_of(person):
        kind = FACILITATOR
    else:
        kind = MEMBER if page.sheet(Roll).counts(person) else OBSERVER
    return audience(kind, translation.get_language() or settings.LANGUAGE_CODE)


def show(request: HttpRequest, place: Place, surface: str) -> HttpResponse:
    """Print a surface: the same panels as in the socket's frames, with the personal parts."""
    with glance(place.meeting) as page:
        return render(request, f"assemblies/{surface}.html", shown(request, place, surface, page))


def printed(page: Page, audience: str) -> dict[str, str]:
    """Return the panels of an audience, printed once for all who look at this seq."""
    if audience not in page.prints:
        page.prints[audience] = print_panels(page, audience)
    return page.prints[audience]


def shown(request: HttpRequest, place: Place, surface: str, page: Page) -> dict[str, Any]:
    """Return the context of a surface: the panels, and the personal parts around them."""
    seen = audience_of(page, place, surface)
    person = page.sheet(Roll).find(place.actor) if place.actor else None
    agreements = place.meeting.assembly.agreements.first()
    here = sorted(page.sheet(Roll).here(), key=lambda one: (one.name.lower(), one.key))
    return {
        "meeting": page.meeting,
        "assembly": {
            "name": place.meeting.assembly.name,
            "key": place.meeting.assembly.key,
            "agreements": agreements.text if agreements else "",
        },
        "panels": {name: mark_safe(html) for name, html in printed(page, seen).items()},  # noqa: S308 - printed by our own templates, escaped there
        "me": mine_of(page, place.actor) if person and surface != "wall" else None,
        "act_id": str(uuid.uuid4()),
        "seq": page.journal.seq,
        "epoch": str(Installation.here().epoch),
        "head": page.journal.head,
        "audience": seen.partition(".")[0],
        "surface": surface,
        "socket_path": f"/ws/m/{page.meeting.key}/?as={surface}",
        "server_now": int(timezone.now().timestamp() * 1000),
        "signals_pad": [
            button
            for part in house().all("pad")
            for button in (part(page, person) if person else [])
        ],
        "present_people": [
            {"key": one.key, "name": one.name, "phone": one.phone} for one in here[:500]
        ],
        "role_choices": Role.Code.choices,
        "address": base_url(request).partition("://")[2],
        "plain_http": plain_http(request) if surface == "console" else "",
        **{name: value for part in house().all("context") for name, value in part(page).items()},
    }


def plain_http(request: HttpRequest) -> str:
    """Return one line about what plain HTTP means, or nothing behind TLS."""
    if request.is_secure():
        return ""
    return _(
        "Plain HTTP: fine on your own network; on somebody else's Wi-Fi others can read along."
    )


@require_POST
def act(request: HttpRequest, key: str) -> HttpResponse:
    """Do one act that came as a form or as JSON (ROOM.md 2)."""
    place = place_or_404(request, key)
    answer = performed(request, place)
    if wants_json(request):
        return JsonResponse(answer_as_json(answer), status=200 if answer.accepted else 409)
    for sentence in answer.but:
        messages.warning(request, sentence)
    if not answer.accepted:
        messages.error(request, answer.why)
    if getattr(request, "htmx", False):
        return panels_answer(request, place, answer)
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = reverse("assemblies:phone", args=[key])
    return redirect(back)


def performed(request: HttpRequest, place: Place) -> Answer:
    """Read the act of a request and have it done; a malformed one is refused."""
    name = ""
    try:
        said = body_of(request)
        if isinstance(said, dict) and isinstance(said.get("id"), str):
            name = said["id"]
        if place.participant is None:
            raise Refused("not_here", _("You have no seat in this meeting."))
        too_fast = hub.fast(place.meeting, place.actor)
        one = Act.read(said, actor=place.actor, too_fast=too_fast)
    except Refused as refusal:
        return Answer(name, code=refusal.code, why=refusal.why)
    return hub.perform(place.meeting, one)


def body_of(request: HttpRequest) -> Any:
    """Return the act of a request: a JSON body, a button's JSON, or the fields of a form."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_AT_MOST:
        raise Refused("too_long", _("An act has at most 64 kB."))
    if request.content_type == "application/json":
        return decoded(request.body)
    fields = request.POST
    said: dict[str, Any] = {}
    for name in fields:
        values = [value for value in fields.getlist(name) if value != ""]
        if name in OWN_FIELDS or not values:
            continue
        # "counts.agree" is the field of a form for "agree" in "counts".
        outer, dot, inner = name.partition(".")
        value = values if len(values) > 1 else values[0]
        if not dot:
            said[name] = value
        elif isinstance(inside := said.setdefault(outer, {}), dict):
            inside[inner] = value
    if "act" in fields:
        button = decoded(fields["act"])
        return {**said, **button} if isinstance(button, dict) else button
    return said


def decoded(text: str | bytes) -> Any:
    """Return the value of a JSON text, or refuse it."""
    try:
        return json.loads(text, parse_constant=lambda name: 1 / 0)
    except (ValueError, RecursionError, ZeroDivisionError) as wrong:
        raise Refused("unknown", _("That message cannot be read.")) from wrong


def wants_json(request: HttpRequest) -> bool:
    """Say whether the answer should be JSON."""
    return request.content_type == "application/json" or "application/json" in request.headers.get(
        "Accept", ""
    )


def answer_as_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as a post gets it (ROOM.md 2)."""
    if answer.accepted:
        return answer.as_json()
    return {"refused": answer.code, "why": answer.why, "id": answer.id or None}


def panels_answer(request: HttpRequest, place: Place, answer: Answer) -> HttpResponse:
    """Answer an htmx post with the panels, each to be swapped by its id."""
    page = read(place.meeting)
    surface = request.headers.get("X-Surface", "phone")
    prints = print_panels(page, audience_of(page, place, surface))
    html = "".join(
        panel.replace("<section ", '<section hx-swap-oob="true" ', 1) for panel in prints.values()
    )
    return HttpResponse(html, status=200 if answer.accepted else 409)


@require_GET
def state_json(request: HttpRequest, key: str) -> JsonResponse:
    """Return the state of ROOM.md 3, as this place may see it."""
    place = place_or_404(request, key)
    with glance(place.meeting) as page:
        person = page.sheet(Roll).find(place.actor) if place.participant else None
        return JsonResponse(state_for(page, person))


@require_GET
def panels_json(request: HttpRequest, key: str) -> HttpResponse:
    """Return the frame that a socket would send, for browsers that get no socket through."""
    place = place_or_404(request, key)
    with glance(place.meeting) as page:
        return frame_of(request, place, page)


def frame_of(request: HttpRequest, place: Place, page: Page) -> HttpResponse:
    """Return all panels of a place as a frame, or that nothing has changed."""
    surface = request.GET.get("as", "phone")
    seen = audience_of(page, place, surface)
    mine = mine_of(page, place.actor) if place.actor else None
    etag = f'"{page.journal.seq}.{seen}.{hash(json.dumps(mine, sort_keys=True)) & 0xFFFFFFFF:x}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    frame = {
        "seq": page.journal.seq,
        "at": int(page.now.timestamp() * 1000),
        "panels": printed(page, seen),
        "mine": mine,
        "beat": {
            "epoch": str(Installation.here().epoch),
            "seq": page.journal.seq,
            "head": page.journal.head,
        },
    }
    return JsonResponse(frame, headers={"ETag": etag})


@require_GET
def proof(request: HttpRequest, key: str) -> JsonResponse:
    """Return the digests with which a phone checks that its head is still in the chain."""
    place = place_or_404(request, key)
    try:
        since = int(request.GET.get("from", "0"))
    except ValueError:
        since = -1
    journal = place.meeting.journal
    if not 0 <= since <= journal.seq:
        return JsonResponse(
            {"from": since, "head": None, "seq": journal.seq, "now": journal.head, "leaves": []}
        )
    rows = Entry.objects.filter(journal=journal, seq__gte=max(since, 1), seq__lte=journal.seq)
    links = list(rows.order_by("seq").values_list("seq", "leaf", "head")[: LEAVES_AT_MOST + 1])
    head = "0" * 64 if since == 0 else next((h for seq, _leaf, h in links if seq == since), None)
    leaves = [leaf for seq, leaf, _head in links if seq > since]
    upto = links[-1] if links else (0, "", "0" * 64)
    return JsonResponse(
        {"from": since, "head": head, "seq": upto[0], "now": upto[2], "leaves": leaves}
    )


def known_acts() -> list[str]:
    """Return the names of all acts, for the tests that walk them."""
    return sorted(house().acts)
