"""A council is founded and joined on pages by who organises an assembly that has decided so."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assemblies.entrance.access import assembly_or_404
from assemblies.pages.joining import PAGES
from assemblies.pages.people import myself
from assemblies.rules.errors import Refused
from federation.pages.forms.founding import CouncilForm, JoinForm
from federation.services.outside import found_outside, join_outside


@require_http_methods(PAGES)
def new_council(request: HttpRequest, key: str) -> HttpResponse:
    """Found a council: who belongs to it, how many delegates each sends."""
    body, person = assembly_or_404(request, key, organiser=True), myself(request)
    form = CouncilForm(request.POST or None, assembly=body, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            made = found_outside(body, person, form.carries(), **form.founding_args())
        except Refused as wrong:
            form.add_error(None, wrong.why)
        else:
            messages.success(request, _("%(name)s is there.") % {"name": made.assembly.name})
            return redirect("federation:council", key=made.assembly.key)
    context = {"form": form, "assembly": body}
    return render(request, "federation/pages/new_council.html", context)


@require_http_methods(PAGES)
def join_council(request: HttpRequest, key: str) -> HttpResponse:
    """Join a council by a decision of the assembly."""
    body, person = assembly_or_404(request, key, organiser=True), myself(request)
    asked = {"council": str(request.GET.get("council", ""))[:40].replace("\x00", "")}
    form = JoinForm(request.POST or None, assembly=body, initial=asked)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        council = said["council"]
        try:
            joined = join_outside(
                body,
                person,
                form.carries(),
                council,
                kind=said["kind"],
                territorial=said["territorial"],
            )
        except Refused as wrong:
            form.add_error(None, wrong.why)
        else:
            name = {"name": council.assembly.name}
            if not joined:
                messages.success(request, _("We have applied to %(name)s, which decides.") % name)
                return redirect("assemblies:assembly", key=body.key)
            messages.success(request, _("We belong to %(name)s now.") % name)
            return redirect("federation:council", key=council.assembly.key)
    context = {"form": form, "assembly": body}
    return render(request, "federation/pages/join_council.html", context)
