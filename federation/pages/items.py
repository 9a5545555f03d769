"""An item of a council: how far it has come, what each unit said, what all of it rests on."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assemblies.pages.posters import READ
from assemblies.rules.errors import Refused
from assemblies.words.rendering import as_html
from federation.models import CouncilItem, Ratification
from federation.pages.access import council_or_404
from federation.pages.councils import UNITS_ON_A_PAGE, here
from federation.pages.forms.answering import MemberAnswerForm
from federation.reading.grounds import DecisionBelow, decisions_below, may_be_read, rests_on
from federation.reading.item_words import local_sentence, summary_of
from federation.reading.items import as_it_stands, items_of
from federation.reading.onlookers import Onlooker
from federation.reading.progress import progress_of
from federation.reading.rounds import rounds_of
from federation.reading.units import unit_states
from federation.rules import ItemPhase
from federation.services.referendum import answer_as_member, unit_through_which
from federation.sheets.chart import rule_of
from federation.words.vocabulary import Words, adopted_words, ratify_words

GROUNDS_ON_A_PAGE = 100


def item_or_404(request: HttpRequest, key: str, item: str) -> tuple[Onlooker, CouncilItem]:
    """Return an item of a council to whom the council concerns."""
    seen = council_or_404(request, key)
    rows = items_of(seen.council)
    found = None if "\x00" in item else rows.filter(key=item).first()
    if found is None:
        raise Http404(_("There is nothing here for you."))
    return seen, as_it_stands(found)


@require_http_methods([*READ, "POST"])
def item(request: HttpRequest, key: str, item: str) -> HttpResponse:
    """Show an item: its text, where it comes from, what the units said and answered.

    Where all members decide, each answers here.
    """
    seen, row = item_or_404(request, key, item)
    asked = asked_as_member(row, seen)
    form = MemberAnswerForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            answer_as_member(row, seen.person, form.cleaned_data["answer"], timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.why)
        else:
            return redirect("federation:item", key=key, item=item)
    chart, words, own = seen.chart, seen.words, seen.units()
    progress = progress_of([row], chart)[0]
    told = summary_of(progress, chart, rule_of(seen.council), words)
    # The reader's own units first, then the others in the order in which they joined.
    belonging = sorted(chart.belonging.get(seen.key, []), key=lambda one: one.unit not in own)
    page = Paginator(belonging, UNITS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        **here(seen),
        "item": row,
        "asked": asked,
        "form": form or (MemberAnswerForm() if asked is not None else None),
        "html": as_html(row.text),
        "told": told,
        "local": local_sentence(told.numbers),
        "adopted": adopted_words(row.decision) if row.decision is not None else "",
        "outcome": adopted_words(row.outcome) if row.outcome is not None else "",
        "rounds": rounds_of(row),
        "page": page,
        "units": unit_states(progress, chart, list(page), own),
        "reasons": reasons(row),
        "opt_outs": [
            {"name": chart.bodies[unit].name, "out": out} for unit, out in progress.opt_outs.items()
        ],
        "objection": objection(row, seen),
        "asked_back": asked_back(row, seen),
    }
    return render(request, "federation/pages/item.html", context)


def asked_as_member(row: CouncilItem, seen: Onlooker) -> dict[str, Any] | None:
    """Return what somebody answered, where all members are asked and they are one; else None."""
    open_now = (
        row.phase == ItemPhase.PROVISIONAL and seen.council.rule.get("ratification") == "members"
    )
    if not open_now or unit_through_which(row, seen.person) is None:
        return None
    given = row.member_answers.filter(person=seen.person, version=row.version).first()
    return {
        "answer": given.answer if given is not None else "",
        "answered": row.member_answers.filter(version=row.version).count(),
        "needs": ratify_words(rule_of(seen.council)),
    }


def reasons(row: CouncilItem) -> list[Ratification]:
    """Return the answers with which units returned or rejected a version, and why."""
    given = row.ratifications.filter(answer__in=["return", "reject"]).select_related("unit")
    return list(given.order_by("version", "at"))


def objection(row: CouncilItem, seen: Onlooker) -> dict[str, Any] | None:
    """Return who said that an item is their own affair, and what the others say to it."""
    unit = str(row.scope.get("unit", ""))
    if unit not in seen.chart.bodies:
        return None
    said = row.scope.get("said")
    answers = list(said.values()) if isinstance(said, dict) else []
    return {
        "name": seen.chart.bodies[unit].name,
        "reason": row.scope.get("reason", ""),
        "shared": answers.count("shared"),
        "ours": answers.count("ours"),
    }


def asked_back(row: CouncilItem, seen: Onlooker) -> list[str]:
    """Return the units whose delegates took an item back to ask."""
    return [seen.chart.bodies[one].name for one in row.referred if one in seen.chart.bodies]


@require_http_methods(READ)
def grounds(request: HttpRequest, key: str, item: str) -> HttpResponse:
    """Show every decision below that an item rests on, down to the bases."""
    seen, row = item_or_404(request, key, item)
    rows = decisions_below(rests_on(row, seen.chart), seen.chart, seen.words)
    page = Paginator(rows, GROUNDS_ON_A_PAGE).get_page(request.GET.get("page"))
    levels = [
        {
            "name": next(one.level_name for one in rows if one.level == level),
            "sentence": level_sentence([one for one in rows if one.level == level], seen.words),
            "rows": [one for one in page if one.level == level],
        }
        for level in sorted({one.level for one in rows}, reverse=True)
    ]
    context = {
        **here(seen),
        "item": row,
        "page": page,
        "levels": levels,
        "outcome": adopted_words(row.outcome) if row.outcome is not None else "",
    }
    return render(request, "federation/pages/grounds.html", context)


def level_sentence(rows: list[DecisionBelow], words: Words) -> str:
    """Return how many decisions of how many bodies of a level something rests on."""
    bodies = len({one.key for one in rows})
    said = words.many_units(bodies) if rows[0].level == 0 else words.many_councils(bodies)
    told = ngettext("%(n)s decision of %(bodies)s", "%(n)s decisions of %(bodies)s", len(rows))
    return told % {"n": len(rows), "bodies": said}


@require_http_methods(READ)
def decision(request: HttpRequest, key: str, body: str, number: int) -> HttpResponse:
    """Show a decision of another assembly that something above rests on, and nothing else of it."""
    seen = council_or_404(request, key)
    found = None
    if "\x00" not in body and number < 2**31:
        found = may_be_read(seen.chart, seen.key, body, number)
    if found is None:
        raise Http404(_("There is nothing here for you."))
    context = {
        **here(seen),
        "decision": found,
        "adopted": adopted_words(found),
        "html": as_html(found.text),
        "members": seen.chart.members(body),
        "level_name": seen.chart.level_name(body, seen.words),
    }
    return render(request, "federation/pages/decision.html", context)
