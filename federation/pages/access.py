"""Who may open the pages of a council: members of it and of everything below it."""

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from assemblies.models import Membership
from assemblies.pages.people import myself
from federation.models import Council
from federation.reading.onlookers import Onlooker, concerns
from federation.sheets.chart import chart_of


def council_or_404(request: HttpRequest, key: str) -> Onlooker:
    """Return a council to whom it concerns: who belongs to it, or to anything below it.

    Besides the members of every unit at any depth these are the people at large, and who holds a
    seat. Everybody else gets the 404 of what is not there.
    """
    if request.user.is_authenticated and "\x00" not in key:
        person = myself(request)
        rows = Council.objects.select_related("assembly", "federation")
        council = rows.filter(assembly__key=key).first()
        own = frozenset(
            Membership.objects.filter(person=person, left_at=None).values_list(
                "assembly__key", flat=True
            )
        )
        if council is not None:
            chart = chart_of(council)
            reach = {key} | chart.below(key)
            if own & reach or concerns(person, reach & chart.councils.keys(), chart):
                return Onlooker(council, chart, person, own)
    raise Http404(_("There is nothing here for you."))
