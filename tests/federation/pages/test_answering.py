"""What a delegate owes is filed on a page; where all members decide, each answers once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assemblies.models import Entry, Meeting
from federation.models import Affiliation, MemberAnswer, ReportBack
from tests.federation.bodies import grow

pytestmark = pytest.mark.django_db


@pytest.fixture
def grown():
    return grow([3, 1])


def sat(grown) -> ReportBack:
    """Return a report that the first base's delegates owe."""
    from assemblies.services.founding import new_meeting  # noqa: PLC0415

    council = grown.top
    meeting = new_meeting(council.assembly, title="March", starts_at=timezone.now())
    Meeting.objects.filter(pk=meeting.pk).update(phase="ended")
    return ReportBack.objects.create(
        meeting=meeting,
        council=council,
        unit=grown.base,
        due_on=timezone.now().date() + timedelta(days=7),
    )


def delegate_of(grown):
    """Return who sits for the first base."""
    return grown.top.seats.get(unit=grown.base, ordinal=1).terms.get(standing="delegate").person


def address(grown) -> str:
    return f"/councils/{grown.top.assembly.key}/from/{grown.base.key}/"


def test_a_delegate_files_what_they_owe_once(client, grown):
    report = sat(grown)
    client.force_login(delegate_of(grown))
    assert "Report back</button>" in client.get(address(grown)).content.decode()

    said = {"report": str(report.pk), "text": "They asked for three weeks."}
    assert client.post(address(grown), said).status_code == 302

    report.refresh_from_db()
    assert (report.text, report.by) == (said["text"], delegate_of(grown))
    told = Entry.objects.filter(journal=grown.base.journal, kind="federation.reported_back")
    assert told.count() == 1
    page = client.get(address(grown)).content.decode()
    assert "They asked for three weeks." in page
    assert "Report back</button>" not in page
    again = client.post(address(grown), said)
    assert again.status_code == 200
    assert "is filed, or is not yours" in again.content.decode()
    assert told.count() == 1


@pytest.mark.parametrize(
    "said", [{}, {"text": ""}, {"report": "x", "text": "We met."}, {"text": "x" * 40_001}]
)
def test_a_report_that_cannot_be_filed_loses_nothing(client, grown, said):
    report = sat(grown)
    client.force_login(delegate_of(grown))

    page = client.post(address(grown), {"report": str(report.pk), **said})

    assert page.status_code == 200
    assert not ReportBack.objects.exclude(filed_at=None).exists()
    if text := said.get("text"):
        assert text[:50] in page.content.decode()


def test_who_never_sat_reports_nothing(client, grown):
    report = sat(grown)
    someone = next(one for one in grown.people[grown.base.pk] if one.pk != delegate_of(grown).pk)
    sits = {row.person_id for seat in grown.top.seats.all() for row in seat.terms.all()}
    client.force_login(someone)

    page = client.post(address(grown), {"report": str(report.pk), "text": "I was not there."})

    if someone.pk not in sits:
        assert "is not yours to file" in page.content.decode()
        assert not ReportBack.objects.exclude(filed_at=None).exists()


@pytest.fixture
def asked(grown):
    from tests.federation.bodies import carried  # noqa: PLC0415

    item = carried(grown, grown.top, grown.base)
    grown.top.rule = {"ratification": "members", "ratify_days": 14}
    grown.top.save()
    item.phase, item.answer_until = "provisional", timezone.now() + timedelta(days=14)
    item.save()
    return item


def test_every_member_answers_once_and_may_change_it(client, grown, asked):
    address = f"/councils/{grown.top.assembly.key}/items/{asked.key}/"
    client.force_login(grown.member(grown.base))

    for answer in ("for", "against"):
        assert client.post(address, {"answer": answer}).status_code == 302

    row = MemberAnswer.objects.get()
    assert (row.answer, row.person) == ("against", grown.member(grown.base))
    page = client.get(address).content.decode()
    assert 'aria-pressed="true"' in page
    assert "1 has answered so far." in page
    assert "of all members who answer are for it." in page
    wrong = client.post(address, {"answer": "perhaps"})
    assert wrong.status_code == 200
    assert MemberAnswer.objects.get().answer == "against"


def test_a_member_is_asked_at_home_until_they_have_answered_and_no_assembly_is(
    client, grown, asked
):
    client.force_login(grown.member(grown.base))
    assert "You are asked, as all members are" in client.get("/").content.decode()

    address = f"/councils/{grown.top.assembly.key}/items/{asked.key}/"
    client.post(address, {"answer": "for"})

    home = client.get("/").content.decode()
    assert "You are asked" not in home
    assert "has not answered" not in home


def test_an_assembly_that_looks_on_is_not_waited_for(client, grown, asked):
    grown.top.rule = {}
    grown.top.save()
    client.force_login(grown.member(grown.base))
    assert "has not answered" in client.get("/").content.decode()

    Affiliation.objects.filter(unit=grown.base).update(kind="observer")
    assert "has not answered" not in client.get("/").content.decode()


def test_where_assemblies_answer_no_member_is_asked(client, grown, asked):
    grown.top.rule = {}
    grown.top.save()
    address = f"/councils/{grown.top.assembly.key}/items/{asked.key}/"
    client.force_login(grown.member(grown.base))

    assert "All members decide" not in client.get(address).content.decode()
    page = client.post(address, {"answer": "for"})
    assert "The assemblies answer this" in page.content.decode()
    assert not MemberAnswer.objects.exists()
