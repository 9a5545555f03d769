"""The register of decisions, one decision, its tasks; as pages and as files."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assemblies.entrance.access import assembly_or_404
from assemblies.models import Assembly, Membership, Person
from assemblies.pages.people import myself
from assemblies.pages.posters import READ, attached
from assemblies.services.belonging import organises
from assemblies.words.rendering import as_html
from proposals.models import Task
from proposals.reading import register
from proposals.records.exports import as_json, as_markdown
from proposals.services import holding

ON_A_PAGE = 50


@require_http_methods(READ)
def decisions(request: HttpRequest, key: str) -> HttpResponse:
    """Show the decisions of an assembly, the newest first; with `q`, those that have its words."""
    body = assembly_or_404(request, key)
    asked = request.GET.get("q", "").replace("\x00", "")[:200]
    rows = register.holding_words(register.decisions_of(body), asked)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "assembly": body,
        "asked": asked,
        "page": page,
        "decisions": [register.decision_told(row) for row in page],
    }
    return render(request, "proposals/pages/decisions.html", context)


@require_http_methods(READ)
def decision(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Show one decision with its text and its tasks."""
    body, person = assembly_or_404(request, key), myself(request)
    row = get_object_or_404(register.decisions_of(body), number=number)
    told = register.decision_told(row)
    context = {
        "assembly": body,
        "decision": told,
        "html": as_html(row.text),
        **what_tasks_need(body, person),
    }
    return render(request, "proposals/pages/decision.html", context)


@require_http_methods(READ)
def tasks(request: HttpRequest, key: str) -> HttpResponse:
    """Show the open tasks, and the last ones that were done."""
    body, person = assembly_or_404(request, key), myself(request)
    done = Task.objects.filter(assembly=body).exclude(done_at=None).select_related("decision")
    context = {
        "assembly": body,
        "tasks": register.open_tasks(body)[: register.LISTED],
        "done": done.order_by("-done_at")[:20],
        **what_tasks_need(body, person),
    }
    return render(request, "proposals/pages/tasks.html", context)


def what_tasks_need(body: Assembly, person: Person) -> dict[str, Any]:
    """Return who may do what with tasks: whom an organiser may name, and the member who looks."""
    organiser = organises(body, person)
    rows = Membership.objects.filter(assembly=body, left_at=None).select_related("person")
    members = [row.person for row in rows] if organiser else []
    return {
        "me": person.pk,
        "organiser": organiser,
        "members": sorted(members, key=lambda one: one.name.lower()),
    }


@require_POST
def task(request: HttpRequest, key: str, task: UUID) -> HttpResponse:
    """Take a task up, name who holds it, or say that it is done."""
    body, person = assembly_or_404(request, key), myself(request)
    rows = Task.objects.select_related("assembly", "meeting", "decision")
    row = get_object_or_404(rows, assembly=body, pk=task)
    do = request.POST.get("do")
    if do == "take":
        holding.take_task(row, person)
    elif do == "give":
        holding.give_task(row, person, member_or_404(body, str(request.POST.get("holder", ""))))
    elif do == "done":
        holding.finish_task(row, person)
    else:
        raise Http404(_("There is nothing here for you."))
    messages.success(request, _("That is kept."))
    if row.decision is not None and request.POST.get("back") == "decision":
        return redirect("proposals:decision", key=key, number=row.decision.number)
    return redirect("proposals:tasks", key=key)


def member_or_404(body: Assembly, asked: str) -> Person:
    """Return a member by id, as the select of the page has it."""
    rows = Membership.objects.filter(assembly=body, left_at=None).select_related("person")
    for row in rows:
        if str(row.person_id) == asked:
            return row.person
    raise Http404(_("There is nothing here for you."))


@require_http_methods(READ)
def json_file(request: HttpRequest, key: str) -> HttpResponse:
    """Give the decisions as JSON."""
    body = assembly_or_404(request, key)
    response = JsonResponse(as_json(body), json_dumps_params={"ensure_ascii": False, "indent": 1})
    name = f"decisions-{body.key}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(READ)
def markdown_file(request: HttpRequest, key: str) -> HttpResponse:
    """Give the decisions as Markdown."""
    body = assembly_or_404(request, key)
    return attached(as_markdown(body), "text/markdown", f"decisions-{body.key}.md")
