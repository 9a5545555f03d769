"""The pages that say how an assembly decides, and the form that changes it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assemblies.door.house import house
from assemblies.entrance.access import assembly_or_404
from assemblies.models import Assembly, Entry, Person
from assemblies.pages.joining import PAGES
from assemblies.pages.people import myself
from assemblies.pages.posters import READ
from assemblies.services.belonging import organises
from assemblies.services.phases import frozen_rule
from proposals.pages.forms.deciding import RuleForm
from proposals.services.deciding import RULE_CHANGED, change_rule
from proposals.words.parameters import parameter_words


@require_http_methods(READ)
def deciding(request: HttpRequest, key: str) -> HttpResponse:
    """Show how an assembly decides, how it came to that, and the other ways there are."""
    body, person = assembly_or_404(request, key), myself(request)
    rule = frozen_rule(body)
    context = {
        "assembly": body,
        "way": house().ways[body.preset],
        "parameters": parameter_words(rule),
        "own": differs(body, rule),
        "ways": [way for way in house().ways.values() if way.code != body.preset],
        "organiser": organises(body, person),
        "changes": changes_of(body),
        "live": body.meetings.exclude(phase__in=["planned", "ended"]).order_by("starts_at"),
    }
    return render(request, "proposals/pages/deciding.html", context)


def differs(body: Assembly, rule: dict[str, Any]) -> bool:
    """Say whether an assembly has parameters other than those of its way of deciding."""
    usual = {**house().ways[body.preset].rule, "quorum": rule.get("quorum")}
    return parameter_words(rule) != parameter_words(usual)


def changes_of(body: Assembly) -> list[dict[str, Any]]:
    """Return the changes of the rule: when, by whom, by which decision, and what changed."""
    entries = Entry.objects.filter(journal=body.journal_id, kind=RULE_CHANGED).order_by("-seq")
    told: list[dict[str, Any]] = []
    for entry in entries[:50]:
        facts = entry.facts or {}
        was, now = facts.get("was", {}), facts.get("now", {})
        before = dict(parameter_words(was.get("rule", {})))
        told.append(
            {
                "at": entry.at,
                "by": entry.actor,
                "decision": facts.get("decision"),
                "was": way_label(was.get("preset", "")),
                "now": way_label(now.get("preset", "")),
                "new": [
                    {"label": label, "was": before.get(label, ""), "now": said}
                    for label, said in parameter_words(now.get("rule", {}))
                    if before.get(label) != said
                ],
            }
        )
    names = {
        str(pk): name
        for pk, name in Person.objects.filter(
            pk__in={one["by"] for one in told if one["by"]}
        ).values_list("pk", "name")
    }
    for one in told:
        one["by"] = names.get(one["by"], _("somebody"))
    return told


def way_label(code: str) -> str:
    """Return what a way of deciding is called."""
    return str(house().ways[code].label) if code in house().ways else code


@require_http_methods(PAGES)
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Change how an assembly decides, as its organisers do when it has decided so."""
    body, person = assembly_or_404(request, key, organiser=True), myself(request)
    asked = request.POST.get("preset") or request.GET.get("preset") or body.preset
    preset = asked if asked in house().ways else body.preset
    base = frozen_rule(body)
    if preset != body.preset:
        base = {**house().ways[preset].rule, "quorum": base.get("quorum", "none")}
    form = RuleForm(request.POST or None, assembly=body, preset=preset, base=base)
    if request.method != "POST" or not form.is_valid():
        context = {
            "form": form,
            "assembly": body,
            "way": house().ways[preset],
            "same": preset == body.preset,
        }
        return render(request, "proposals/pages/change_rule.html", context)
    said = form.cleaned_data
    new = change_rule(body, person, preset=preset, rule=said["rule"], decision=said["carries"])
    messages.success(request, _("That is kept.") if new else _("Nothing is new."))
    return redirect("proposals:deciding", key=key)
