"""After a meeting of the council its delegates owe their unit a report (C16)."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from assemblies.models import Entry
from assemblies.rules.errors import Refused
from federation.models import Notice, ReportBack
from federation.services.reports import file_report
from tests.federation.several import confederate

pytestmark = pytest.mark.django_db


def after_a_meeting(letters="AB"):
    several = confederate(letters, seats=1)
    council = several.meet()
    council.done("a1", "end_meeting")
    return several, council


def test_every_unit_that_had_a_delegate_there_is_owed_a_report_in_seven_days():
    several = confederate("ABC", seats=1)
    several["C"].done("c1", "step_down")
    council = several.meet()

    council.done("a1", "end_meeting")

    owed = ReportBack.objects.order_by("unit__name")
    assert [row.unit.name[0] for row in owed] == ["A", "B"]
    zone = ZoneInfo(council.assembly.time_zone)
    day = several.clock.astimezone(zone).date() + timedelta(days=7)
    assert {row.due_on for row in owed} == {day}
    assert several.notices("A")[-1] == "report_due"
    assert "report_due" not in several.notices("C")


def test_a_meeting_that_goes_on_after_all_owes_nothing_yet():
    several, council = after_a_meeting()
    several["B"].done("b1", "report_back", text="We agreed on much.")

    several.later(minutes=9)
    council.done("a1", "reopen_meeting")

    assert [row.unit.name[0] for row in ReportBack.objects.all()] == ["B"]
    assert not Notice.objects.filter(kind="report_due").exists()
    council.done("a1", "end_meeting")
    assert ReportBack.objects.count() == 2
    assert several.notices("A")[-1] == "report_due"


def test_the_delegate_reports_in_person_also_after_the_meeting():
    several, council = after_a_meeting()
    room = several["B"]

    assert room.refused("b2", "report_back", text="I heard.") == "not_your_role"
    assert room.refused("b1", "report_back") == "reason_required"
    room.done("b1", "end_meeting")
    room.done("b1", "report_back", text="We agreed on much.")

    row = ReportBack.objects.get(unit=room.assembly)
    assert (row.text, row.by, row.filed_at) == (
        "We agreed on much.",
        several.person("b1"),
        several.clock,
    )
    entry = Entry.objects.get(kind="federation.reported_back")
    assert (entry.journal, entry.facts["text"]) == (room.meeting.journal, "We agreed on much.")
    filed = Entry.objects.get(kind="federation.report_filed")
    assert filed.journal == council.assembly.journal
    assert "text" not in filed.facts
    assert room.refused("b1", "report_back", text="Again.") == "already_done"


def test_the_oldest_report_is_filed_first_by_who_sits_or_sat():
    several, council = after_a_meeting()
    several.later(days=3)
    several.meet().done("a1", "end_meeting")
    several["B"].done("b1", "step_down")

    several["B"].done("b1", "report_back", text="Of the first.")

    filed = ReportBack.objects.exclude(filed_at=None).get()
    assert filed.meeting == council.meeting


def test_a_report_from_a_page_stands_in_the_record_of_the_unit():
    several, _council = after_a_meeting()
    row = ReportBack.objects.get(unit=several["B"].assembly)

    def refused(name, text):
        with pytest.raises(Refused) as no:
            file_report(row, several.person(name), text, several.clock)
        return no.value.code

    assert refused("b2", "I heard.") == "not_your_role"
    assert refused("b1", "  ") == "reason_required"
    file_report(row, several.person("b1"), "We agreed.", several.clock)

    row.refresh_from_db()
    assert row.text == "We agreed."
    entry = Entry.objects.get(kind="federation.reported_back")
    assert entry.journal == several["B"].assembly.journal
    assert refused("b1", "Again.") == "already_done"


def test_a_meeting_that_never_started_owes_nothing():
    several = confederate("AB", seats=1)
    council = several.gather()

    council.done("a1", "end_meeting")

    assert not ReportBack.objects.exists()
