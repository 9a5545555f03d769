"""A council that decides on admission admits an assembly by a decision of its units."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from assemblies.acts.arguments import Text
from assemblies.acts.declaring import SITTING, act
from assemblies.door.book import SETTINGS_FOLLOWED, record_body
from assemblies.door.kinds import card, rows
from assemblies.door.page import Page
from assemblies.models import Assembly, Meeting, Participant
from assemblies.rules.errors import Refused
from federation import rules
from federation.models import Affiliation, Application, CouncilItem, Notice, Seat
from federation.services.base import Base, Going, notify
from federation.services.changing import accepted, council_here
from federation.services.joining import COUNCIL_JOINED, UNIT_JOINED, above, enrol, votes_in_all
from federation.services.travel import tell_others
from federation.services.votes import votes_now, weigh_here
from federation.sheets.councils import forget
from federation.words import sentences


def doors_of_applicants(meeting: Meeting, args: Mapping[str, Any]) -> list[Any]:
    """Return the journals of the council and of the assembly that it would admit."""
    unit = Assembly.objects.filter(key=str(args.get("unit"))[:16])
    return [meeting.assembly.journal_id, *unit.values_list("journal", flat=True)]


@act(
    "admit_unit",
    roles=["facilitator"],
    phases=SITTING,
    beyond=doors_of_applicants,
    unit=Text(),
    item=Going(),
)
def admit_unit(page: Page, *, by: Participant, unit: str, item: CouncilItem) -> None:
    """Have an assembly that applied belong to the council, by what its units agreed on."""
    own = council_here(page)
    waiting = Application.objects.filter(council=own.council, closed_at=None, unit__key=unit)
    asking = waiting.select_related("unit", "decision").first()
    if asking is None:
        raise Refused("unknown", _("No such assembly has applied to this council."))
    item, council, joins = accepted(own, item), own.council, asking.unit
    if rules.would_be_a_circle(joins.key, page.meeting.assembly.key, above()):
        raise Refused("circle", _("It would come to sit in itself: we belong to that council."))
    asking.closed_at, asking.item = page.now, item
    asking.save(update_fields=["closed_at", "item"])
    base = Base(joins, by.person, page.now, asking.decision)
    enrol(base, council, kind=asking.kind, territorial=asking.territorial)
    # The quorum follows how many there are, here at once; that a unit came is the entry.
    roll = votes_in_all(council)
    Assembly.objects.filter(pk=page.meeting.assembly_id).update(roll=roll)
    page.meeting.assembly.roll = roll
    page.note(
        UNIT_ADMITTED,
        unit=joins.key,
        name=joins.name,
        as_=asking.kind,
        item=item.key,
        title=item.title,
    )
    weigh_here(page, joins, votes_now(council).get(joins.key))
    told: dict[str, Any] = {"as_": asking.kind}
    with record_body(page.meeting.assembly, by=by.person, now=page.now) as book:
        book.note(UNIT_JOINED, unit=joins.key, name=joins.name, **told)
    name = page.meeting.assembly.name
    base.note(COUNCIL_JOINED, council=page.meeting.assembly.key, name=name, **told)
    tell_others(page, SETTINGS_FOLLOWED)
    notify(council, [joins], "admitted", page.now, name=name)
    forget(page)


# --- the cards of the entries written here ---

UNIT_ADMITTED = card(
    "federation.unit_admitted",
    "meeting",
    "roll",
    "test",
    "council",
    minutes=sentences.unit_admitted,
    writes=(
        rows(Application),
        rows(Affiliation),
        rows(Seat),
        rows(Assembly),
        rows(Notice),
    ),
)
