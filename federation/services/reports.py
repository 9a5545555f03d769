"""After a meeting of the council its delegates tell their units what was said there (C16)."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from assemblies.acts.arguments import Text, text_within
from assemblies.acts.declaring import act
from assemblies.door.journal import together
from assemblies.door.kinds import card, rows
from assemblies.door.page import Page
from assemblies.door.shapes import follows
from assemblies.models import Assembly, Entry, Meeting, Participant, Person
from assemblies.rules.errors import Refused
from assemblies.services.phases import ENDED, REOPENED
from federation.models import Council, Notice, ReportBack, SeatTerm
from federation.services.base import Base, CouncilAbove, doors_above, notify, tell_council
from federation.sheets.councils import Councils, meetings_of
from federation.sheets.seen import Seen
from federation.words import sentences

LONGEST_REPORT = 40_000


@follows(ENDED)
def reports_due(page: Page, entry: Entry) -> None:
    """Have every unit that had a delegate here be owed a report."""
    own, meeting = page.sheet(Councils).own, page.meeting
    if own is None or meeting.started_at is None:
        return
    today = page.meeting.assembly.local(page.now).date()
    due_on = today + timedelta(days=own.rule.report_back_days)
    units = units_that_came(meeting, own.council)
    had = set(ReportBack.objects.filter(meeting=meeting).values_list("unit_id", flat=True))
    owed = [unit for unit in units if unit.pk not in had]
    ReportBack.objects.bulk_create(
        ReportBack(meeting=meeting, council=own.council, unit=unit, due_on=due_on) for unit in owed
    )
    notify(
        own.council, owed, "report_due", page.now, meeting=meeting.key, due_on=due_on.isoformat()
    )


def units_that_came(meeting: Meeting, council: Council) -> list[Assembly]:
    """Return the units that had a delegate in a meeting, also one who was recalled in it."""
    came = Participant.objects.filter(meeting=meeting, arrived_at__isnull=False)
    sat = SeatTerm.objects.filter(
        Q(ended_at=None) | Q(ended_at__gte=meeting.started_at),
        seat__council=council,
        standing="delegate",
        person__in=came.values("person"),
    )
    rows = Assembly.objects.filter(seats_above__terms__in=sat).distinct()
    return list(rows.order_by("created_at", "key"))


@follows(REOPENED)
def not_due_yet(page: Page, entry: Entry) -> None:
    """Let nobody owe a report while the meeting goes on after all."""
    if page.sheet(Councils).own is None:
        return
    ReportBack.objects.filter(meeting=page.meeting, filed_at=None).delete()
    Notice.objects.filter(kind="report_due", facts__meeting=page.meeting.key).delete()


@act(
    "report_back",
    after_end=True,
    beyond=doors_above,
    council=CouncilAbove(None),
    text=Text(""),
)
def report_back(page: Page, *, by: Participant, council: Seen | None, text: str) -> None:
    """Tell our assembly what a council said, as its delegate: the oldest report that is due."""
    unit = page.meeting.assembly
    due = ReportBack.objects.filter(unit=unit, filed_at=None).order_by("due_on", "id")
    if council is not None:
        due = due.filter(council=council.council)
    report = next((row for row in related(due) if sat_for(row, by.person)), None)
    if report is None:
        refuse_without(due.first(), by.person, unit)
    assert report is not None  # noqa: S101 - refused above
    text = text_within(text, LONGEST_REPORT)
    file(report, Base(unit, by.person, page.now, None, page), text)


def related(rows: QuerySet[ReportBack]) -> list[ReportBack]:
    """Return reports with what is said of them."""
    return list(rows.select_related("unit", "meeting", "council__assembly"))


def refuse_without(due: ReportBack | None, person: Person | None, unit: Assembly) -> None:
    """Refuse who has nothing to report: they never sat, or it is done."""
    sent = SeatTerm.objects.filter(seat__unit=unit, person=person, standing="delegate")
    if person is None or not sent.exists():
        raise Refused("not_your_role", _("Who sits or sat in the council for us reports back."))
    if due is not None:
        raise Refused("not_your_role", _("Who sat in that council for us reports back."))
    raise Refused("already_done", _("No report is due."))


def sat_for(report: ReportBack, person: Person | None) -> bool:
    """Say whether somebody sits, or sat, in a council for the unit that a report is for."""
    sent = SeatTerm.objects.filter(
        seat__unit=report.unit_id, seat__council=report.council_id, standing="delegate"
    )
    return person is not None and sent.filter(person=person).exists()


def file_report(report: ReportBack, person: Person, text: str, now: datetime) -> None:
    """File a report from a page, in the record of the unit.

    Raises Refused: `not_your_role`, `already_done`, `reason_required`, `too_long`.
    """
    row = related(ReportBack.objects.filter(pk=report.pk))[0]
    if not sat_for(row, person):
        raise Refused("not_your_role", _("Who sits or sat in the council for us reports back."))
    if row.filed_at is not None:
        raise Refused("already_done", _("That report is filed."))
    text = text_within(text.strip(), LONGEST_REPORT)
    sitting = meetings_of(row.council.assembly)
    doors = [row.unit.journal_id, row.council.assembly.journal_id]
    with together([*doors, *(meeting.journal_id for meeting in sitting)]):
        file(row, Base(row.unit, person, now, None), text)


def may_report(council: Council, unit: Any, person: Person) -> list[ReportBack]:
    """Return the reports to a unit that somebody owes, the oldest first."""
    due = ReportBack.objects.filter(council=council, unit=unit, filed_at=None)
    rows = related(due.order_by("due_on", "id"))
    return [row for row in rows if sat_for(row, person)]


def file(report: ReportBack, base: Base, text: str) -> None:
    """Write a report, into the unit's record and, that there is one, into the council's."""
    report.text, report.by, report.filed_at = text, base.by, base.now
    report.save(update_fields=["text", "by", "filed_at"])
    about: dict[str, Any] = {"meeting": report.meeting.key, "title": report.meeting.title}
    name = report.council.assembly.name
    base.note(REPORTED, council=report.council.assembly.key, name=name, text=text, **about)
    tell_council(report.council, base, REPORT_FILED, name=base.assembly.name, **about)
    notify(report.council, [report.unit], "report_filed", base.now, name=name, **about)


# --- the cards of the entries written here ---

REPORTED = card(
    "federation.reported_back",
    "council",
    minutes=sentences.reported,
    writes=(
        rows(ReportBack),
        rows(Notice),
    ),
)
REPORT_FILED = card("federation.report_filed", "council", minutes=sentences.report_filed)
