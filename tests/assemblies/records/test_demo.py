"""The demo, the epoch after a restore, the pages for looking in."""

import io
import json

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.test import Client

from assemblies.door.journal import read
from assemblies.door.verifying import finding_of
from assemblies.models import Assembly, Installation, Meeting, Person
from assemblies.reading.state import state
from assemblies.records.demo import KEY
from federation.models import Council


def ensure() -> dict:
    out = io.StringIO()
    call_command("demo", "--ensure", "--json", stdout=out)
    return json.loads(out.getvalue())


def the_meeting() -> Meeting:
    return Meeting.objects.get(assembly__key=KEY)


def test_the_demo_has_a_council_that_met_and_asks_all_houses_now(db):
    ensure()

    council = Council.objects.get()
    item = council.items.get()
    assert council.formed_at is not None
    assert (item.phase, item.outcome.numbers["degree"]) == ("provisional", "3/3")
    assert item.positions.count() == council.affiliations.count() == 3
    sat = Meeting.objects.get(assembly=council.assembly)
    assert sat.phase == "ended"
    assert finding_of(sat.journal).ok
    assert finding_of(council.assembly.journal).ok


def test_the_demo_is_a_meeting_in_full_swing(db):
    ensure()

    meeting = the_meeting()
    so = state(read(meeting))
    assert so["meeting"]["phase"] == "in_session"
    assert so["meeting"]["present"] == 24
    assert so["meeting"]["item"] == "2"
    assert so["floor"]["speaker"]
    assert len(so["floor"]["stack"]) == 3
    assert len(so["floor"]["lane"]) == 1
    assert so["signals"]["agree"] == 12
    assert len(so["roles"]) == 5
    assert len(so["agenda"]) == 6
    assert finding_of(meeting.journal).ok


def test_the_links_of_the_demo_let_people_in_more_than_once(db):
    links = ensure()["demo"]

    for _visitor in range(3):
        facilitator, phone, wall = Client(), Client(), Client()
        console = facilitator.post(links["facilitator"], {"as": "console"}).headers["Location"]
        assert facilitator.get(console).status_code == 200
        assert phone.get(phone.post(links["phone"]).headers["Location"]).status_code == 200
        assert wall.get(wall.post(links["wall"]).headers["Location"]).status_code == 200


def test_starting_again_keeps_what_is_there_and_shows_signals_anew(db):
    ensure()
    people, seq = Person.objects.count(), the_meeting().journal.seq
    the_meeting().signals.all().delete()

    ensure()

    assert (Person.objects.count(), Assembly.objects.count()) == (people, 4)
    meeting = the_meeting()
    assert meeting.journal.seq > seq
    assert meeting.signals.count() == 16


def test_a_demo_meeting_that_visitors_ended_is_followed_by_another(db):
    ensure()
    facilitator = Client()
    facilitator.post(ensure()["demo"]["facilitator"])
    first = the_meeting()
    for do in ({"do": "call_next"}, {"do": "end_meeting"}):
        facilitator.post(f"/m/{first.key}/act/", do)
    first.refresh_from_db()
    assert first.phase == "ended"

    ensure()

    assert Meeting.objects.filter(assembly__key=KEY).count() == 2
    others = Meeting.objects.filter(assembly__key=KEY).exclude(pk=first.pk)
    assert others.get().phase == "in_session"


def test_only_the_newest_set_up_link_works_and_none_once_it_was_used(client, db):
    first, second = ensure()["setup"], ensure()["setup"]

    assert client.get(first).status_code == 404
    client.post(second, {"name": "Rosa"})
    assert ensure()["setup"] is None


def test_a_restored_backup_begins_a_new_epoch(db):
    before = str(Installation.here().epoch)

    call_command("restored", stdout=io.StringIO())

    assert str(Installation.here().epoch) != before


# --- the admin pages ------------------------------------------------------------------------------


@pytest.fixture
def operator(db) -> Client:
    client = Client()
    client.force_login(Person.objects.create_superuser("root", "x", name="Root"))
    return client


OURS = [
    model._meta
    for model in admin.site._registry
    if model._meta.app_label in ("assemblies", "stack")
]


@pytest.mark.parametrize("meta", OURS, ids=str)
def test_the_operator_looks_and_changes_nothing(operator, room, meta):
    room.done("ana", "raise_hand")
    room.done("fay", "call_next")
    here = f"/admin/{meta.app_label}/{meta.model_name}/"
    row = meta.model.objects.first()

    assert operator.get(here).status_code == 200
    page = operator.get(f"{here}{row.pk}/change/")
    assert page.status_code == 200
    assert room.meeting.secret not in page.text
    assert 'name="_save"' not in page.text
    assert operator.get(f"{here}add/").status_code == 403
    assert operator.post(f"{here}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert operator.post(f"{here}{row.pk}/change/", {}).status_code == 403


def test_meetings_entries_and_assemblies_can_be_looked_at():
    assert {meta.model_name for meta in OURS} >= {"assembly", "meeting", "entry"}
