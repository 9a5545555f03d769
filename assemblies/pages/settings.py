"""Pages for what a member says of themselves, and for the settings of an assembly."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assemblies.entrance.access import assembly_or_404
from assemblies.models import Membership
from assemblies.pages.forms.settings import NOTHING_SAID, AboutMeForm, SettingsForm
from assemblies.pages.founding import about
from assemblies.pages.joining import PAGES
from assemblies.pages.people import myself
from assemblies.services.describing import describe
from assemblies.services.settings import change_settings, mark_trained


@require_POST
def about_me(request: HttpRequest, key: str) -> HttpResponse:
    """Keep what a member says of themselves, or take all of it back."""
    body, person = assembly_or_404(request, key), myself(request)
    mine = Membership.objects.select_related("assembly", "person").get(assembly=body, person=person)
    form = AboutMeForm(request.POST, membership=mine)
    if "forget" in request.POST:
        describe(mine, **NOTHING_SAID)
        messages.success(request, _("All of it is taken back."))
    elif form.is_valid():
        describe(mine, **form.answers())
        messages.success(request, _("That is kept."))
    else:
        return render(request, "assemblies/pages/assembly.html", about(body, person, form))
    return redirect(reverse("assemblies:assembly", args=[key]) + "#me")


@require_http_methods(PAGES)
def settings(request: HttpRequest, key: str) -> HttpResponse:
    """Change the settings of an assembly, as its organisers do."""
    body, person = assembly_or_404(request, key, organiser=True), myself(request)
    rows = Membership.objects.filter(assembly=body, left_at=None).select_related("person")
    members = sorted(rows, key=lambda row: (row.person.name.lower(), row.pk))
    form = SettingsForm(request.POST or None, assembly=body, members=members)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "assembly": body, "agreements": body.agreements.first()}
        return render(request, "assemblies/pages/settings.html", context)
    changed = change_settings(body, person, form.wanted())
    marked = mark_trained(body, person, form.cleaned_data["trained"])
    messages.success(request, _("That is kept.") if changed or marked else _("Nothing is new."))
    return redirect("assemblies:settings", key=key)
