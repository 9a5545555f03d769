"""Our delegates: who they are, what we told them, what they said, what they owe us."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assemblies.pages.posters import READ
from assemblies.rules.errors import Refused
from federation.models import SeatTerm
from federation.pages.access import council_or_404
from federation.pages.councils import here
from federation.pages.forms.answering import ReportForm
from federation.reading.delegates import (
    mandates_of,
    notices_of,
    reports_of,
    statements_by_meeting,
)
from federation.reading.item_words import summary_of
from federation.reading.items import going_round
from federation.reading.onlookers import Onlooker
from federation.reading.progress import progress_of
from federation.reading.seats import seats_by_unit
from federation.reading.units import unit_states
from federation.services.reports import file_report, may_report
from federation.sheets.chart import Body, rule_of
from federation.words.vocabulary import notice_words


def unit_or_404(request: HttpRequest, key: str, unit: str) -> tuple[Onlooker, Body]:
    """Return a unit of a council to its own: who belongs to it or below it, or sits for it."""
    seen = council_or_404(request, key)
    if unit in {one.unit for one in seen.chart.belonging.get(seen.key, ())}:
        body = seen.chart.bodies[unit]
        sits = SeatTerm.objects.filter(
            person=seen.person, ended_at=None, seat__council=seen.council, seat__unit=body.pk
        )
        if unit in seen.units() or sits.exists():
            return seen, body
    raise Http404(_("There is nothing here for you."))


@require_http_methods([*READ, "POST"])
def from_unit(request: HttpRequest, key: str, unit: str) -> HttpResponse:
    """Show a base what its delegates to a council did, and what waits for it there.

    Who sat for it files here what they owe it.
    """
    seen, body = unit_or_404(request, key, unit)
    owed = may_report(seen.council, body.pk, seen.person)
    form = ReportForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        named = form.cleaned_data["report"]
        row = next((one for one in owed if one.pk == named), None)
        if row is None:
            form.add_error(None, _("That report is filed, or is not yours to file."))
        else:
            try:
                file_report(row, seen.person, form.cleaned_data["text"], timezone.now())
            except Refused as refusal:
                form.add_error("text", refusal.why)
            else:
                return redirect("federation:from_unit", key=key, unit=unit)
    council, chart, words = seen.council, seen.chart, seen.words
    rule = rule_of(council)
    belonging = [one for one in chart.belonging[seen.key] if one.unit == unit]
    going = progress_of(going_round(council), chart)
    context = {
        **here(seen),
        "unit": body,
        "owed": owed[0] if owed else None,
        "form": form
        if form is not None
        else ReportForm(initial={"report": owed[0].pk})
        if owed
        else None,
        "places": seats_by_unit(council, [body.pk]).get(body.pk, []),
        "sittings": statements_by_meeting(council, body.pk),
        "mandates": mandates_of(council, body.pk),
        "reports": reports_of(council, body.pk),
        "notices": [
            {"notice": one, "words": notice_words(one)} for one in notices_of(council, body.pk)
        ],
        "going": [
            {
                "told": summary_of(one, chart, rule, words),
                "unit": unit_states(one, chart, belonging, [unit])[0],
            }
            for one in going
        ],
    }
    return render(request, "federation/pages/from_unit.html", context)
