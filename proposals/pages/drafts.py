"""Proposals outside of a meeting: the list, writing, one proposal with its history, its steps."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assemblies.entrance.access import assembly_or_404
from assemblies.models import Assembly, Meeting, Person
from assemblies.pages.joining import PAGES
from assemblies.pages.people import myself
from assemblies.pages.posters import READ
from assemblies.services.belonging import organises
from assemblies.words.rendering import as_html
from proposals import rules
from proposals.models import Proposal
from proposals.pages.forms.drafts import DraftForm
from proposals.reading import register
from proposals.rules import Phase
from proposals.services import drafts


def proposal_or_404(request: HttpRequest, key: str, proposal: str) -> tuple[Proposal, Person]:
    """Return a proposal that somebody may see, and who they are; 404 for everybody else."""
    body = assembly_or_404(request, key)
    person = myself(request)
    row = register.seen_by(person, body).filter(key=proposal).first()
    if row is None:
        raise Http404(_("There is nothing here for you."))
    row.assembly = body
    return row, person


def own_draft_or_404(request: HttpRequest, key: str, proposal: str) -> tuple[Proposal, Person]:
    """Return a draft to its author; 404 for everybody else, and once it is submitted."""
    row, person = proposal_or_404(request, key, proposal)
    if row.phase != Phase.DRAFT:
        raise Http404(_("There is nothing here for you."))
    return row, person


@require_http_methods(READ)
def proposals(request: HttpRequest, key: str) -> HttpResponse:
    """Show the proposals of an assembly, grouped by where they stand."""
    body, person = assembly_or_404(request, key), myself(request)
    rows = register.seen_by(person, body).order_by("-created_at")[: register.LISTED]
    context = {"assembly": body, "groups": register.by_state(rows)}
    return render(request, "proposals/pages/proposals.html", context)


@require_http_methods(PAGES)
def new_draft(request: HttpRequest, key: str) -> HttpResponse:
    """Begin a draft."""
    body, person = assembly_or_404(request, key), myself(request)
    form = DraftForm(request.POST or None, assembly=body)
    if request.method != "POST" or not form.is_valid():
        return render(request, "proposals/pages/draft.html", {"form": form, "assembly": body})
    return answer_saved_draft(
        request, drafts.write_draft(body, person, form.fields_written()), person
    )


@require_http_methods(PAGES)
def change_draft(request: HttpRequest, key: str, proposal: str) -> HttpResponse:
    """Change a draft, as its author."""
    row, person = own_draft_or_404(request, key, proposal)
    form = DraftForm(request.POST or None, assembly=row.assembly, draft=row)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "assembly": row.assembly, "proposal": row}
        return render(request, "proposals/pages/draft.html", context)
    drafts.change_draft(row, form.fields_written())
    return answer_saved_draft(request, row, person)


def answer_saved_draft(request: HttpRequest, row: Proposal, person: Person) -> HttpResponse:
    """Answer a draft that was saved: submit it if that was asked, and go to its page."""
    if "submit" in request.POST:
        drafts.submit(row, person)
        messages.success(request, _("It is submitted. Its text is version 1 from now on."))
    else:
        messages.success(request, _("That is kept. Only you see it."))
    return to_page(row)


def to_page(row: Proposal) -> HttpResponse:
    """Redirect to the page of a proposal."""
    return redirect("proposals:proposal", key=row.assembly.key, proposal=row.key)


@require_POST
def submit(request: HttpRequest, key: str, proposal: str) -> HttpResponse:
    """Put a draft before the assembly."""
    row, person = own_draft_or_404(request, key, proposal)
    drafts.submit(row, person)
    messages.success(request, _("It is submitted. Its text is version 1 from now on."))
    return to_page(row)


@require_POST
def withdraw(request: HttpRequest, key: str, proposal: str) -> HttpResponse:
    """Take one's own proposal back; a draft is thrown away."""
    row, person = proposal_or_404(request, key, proposal)
    if row.phase == Phase.DRAFT:
        drafts.throw_away(row)
        messages.success(request, _("The draft is gone."))
        return redirect("proposals:proposals", key=key)
    drafts.withdraw(row, person)
    messages.success(request, _("It is withdrawn."))
    return to_page(row)


@require_POST
def put_on_agenda(request: HttpRequest, key: str, proposal: str) -> HttpResponse:
    """Put a waiting proposal on the agenda of a planned meeting."""
    row, person = proposal_or_404(request, key, proposal)
    asked = str(request.POST.get("meeting", ""))
    meeting = get_object_or_404(Meeting, assembly=row.assembly, key=asked.replace("\x00", ""))
    drafts.put_on_agenda(row, meeting, person)
    messages.success(request, _("It is on the agenda of “%(title)s”.") % {"title": meeting.title})
    if request.POST.get("back") == "meeting":
        return redirect("assemblies:change_meeting", key=meeting.key)
    return to_page(row)


@require_http_methods(READ)
def proposal(request: HttpRequest, key: str, proposal: str) -> HttpResponse:
    """Show a proposal: fields, versions and changes, concerns, tests, votes, the decision."""
    row, person = proposal_or_404(request, key, proposal)
    return render(request, "proposals/pages/proposal.html", shown(row, person, request.GET))


def shown(row: Proposal, person: Person, asked: Any) -> dict[str, Any]:
    """Return what the page of a proposal shows; `asked` names the versions to compare."""
    body: Assembly = row.assembly
    versions = list(row.versions.order_by("n"))
    mine, organiser = row.person_id == person.pk, organises(body, person)
    tests = list(
        row.tests.exclude(closed_at=None)
        .select_related("meeting__assembly")
        .prefetch_related("blocks__participant")
        .order_by("opened_at")
    )
    votes = row.votes.exclude(closed_at=None).select_related("meeting__assembly")
    now = next((one for one in versions if one.n == row.version), None)
    on = row.item.meeting if row.item is not None and row.phase not in rules.ENDS else None
    may_bring = (mine or organiser) and drafts.may_be_brought(row)
    return {
        "assembly": body,
        "proposal": row,
        "author": row.person.name if row.person is not None else "",
        "fields": register.fields_of(row),
        "html": as_html(now.text if now is not None else row.draft),
        "versions": versions,
        "compared": register.compared(versions, asked.get("from"), asked.get("to")),
        "concerns": list(row.concerns.order_by("raised_at", "id")),
        "amendments": list(row.amendments.order_by("offered_at", "id")),
        "tests": [register.test_told(one) for one in tests],
        "votes": [register.vote_told(one, tests) for one in votes],
        "decisions": [
            register.decision_told(one) for one in register.decisions_of(body).filter(proposal=row)
        ],
        "mine": mine,
        "meeting": on,
        "may_bring": may_bring,
        "planned": drafts.planned_meetings(body) if may_bring else [],
        "may_withdraw": mine
        and row.phase not in rules.RESTS - {Phase.DRAFT}
        and (on is None or on.phase in ("planned", "ended")),
    }
