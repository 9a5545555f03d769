"""The settings of an assembly: who may change them, what is written down, who goes on with them."""

import pytest

from assemblies.door.book import record_body
from assemblies.door.journal import read
from assemblies.door.verifying import finding_of
from assemblies.models import Assembly, Entry, Journal, Membership
from assemblies.services.founding import new_meeting
from assemblies.services.settings import SETTINGS_CHANGED

pytestmark = pytest.mark.django_db

SAID = {
    "signals": ["unsure", "wrap_up"],
    "groups": "women\n  men \nwomen\n",
    "principles": "Nobody faces retaliation alone.\n\nWe decide together.",
    "turn_report_back": "120",
    "turn_story": "",
}


def post(client, room, **more):
    client.force_login(room.people["fay"].person)
    return client.post(f"/a/{room.assembly.key}/settings/", {**SAID, **more})


def journal(room) -> list[Entry]:
    return list(Entry.objects.filter(journal=room.assembly.journal).order_by("seq"))


def test_each_change_is_an_entry_of_the_assembly_with_who_made_it(client, room):
    assert post(client, room).status_code == 302

    body = Assembly.objects.get(pk=room.assembly.pk)
    assert body.optional_signals == ["unsure", "wrap_up"]
    assert body.groups == ["women", "men"]
    assert body.principles == ["Nobody faces retaliation alone.", "We decide together."]
    assert body.turn_seconds == {"report_back": 120}
    changed = [one for one in journal(room) if one.kind == "assemblies.settings_changed"]
    assert [list(one.facts) for one in changed] == [
        ["optional_signals"],
        ["groups"],
        ["principles"],
        ["turn_seconds"],
    ]
    assert {one.actor for one in changed} == {str(room.people["fay"].person.pk)}
    assert finding_of(Journal.objects.get(pk=body.journal_id)).ok


def test_the_same_again_writes_nothing(client, room):
    post(client, room)
    before = len(journal(room))
    assert post(client, room).status_code == 302
    assert len(journal(room)) == before


def test_an_open_room_goes_on_with_the_new_settings_and_an_ended_one_does_not(client, room):
    planned = new_meeting(room.assembly, title="Next", starts_at=room.meeting.starts_at)
    over = new_meeting(room.assembly, title="Over", starts_at=room.meeting.starts_at)
    type(over).objects.filter(pk=over.pk).update(phase="ended")
    assert room.refused("ana", "show_signal", signal="wrap_up") == "not_open"

    post(client, room)

    room.done("ana", "show_signal", signal="wrap_up")
    followed = Entry.objects.filter(kind="assemblies.settings_followed")
    assert {one.journal_id for one in followed} == {room.meeting.journal_id, planned.journal_id}
    assert finding_of(Journal.objects.get(pk=room.meeting.journal_id)).ok
    assert read(room.meeting).meeting.assembly.groups == ["women", "men"]


def test_organisers_mark_who_is_trained(client, room):
    ana = Membership.objects.create(assembly=room.assembly, person=room.people["ana"].person)
    post(client, room, trained=[str(ana.pk)])
    ana.refresh_from_db()
    assert ana.trained
    facts = {"member": str(ana.person_id), "trained": True}
    assert [one.facts for one in journal(room) if one.kind == "assemblies.trained_marked"] == [
        facts
    ]

    post(client, room)

    ana.refresh_from_db()
    assert not ana.trained


@pytest.mark.parametrize("who", ["ana", "stranger"])
def test_the_settings_are_not_there_for_who_does_not_organise(client, room, who):
    if who == "ana":
        Membership.objects.create(assembly=room.assembly, person=room.people["ana"].person)
    client.force_login(room.people["ana"].person)
    where = f"/a/{room.assembly.key}/settings/"

    assert client.get(where).status_code == 404
    assert client.post(where, SAID).status_code == 404
    assert "Settings" not in client.get(f"/a/{room.assembly.key}/").content.decode()
    assert Assembly.objects.get(pk=room.assembly.pk).groups == []


def test_organisers_find_the_settings_with_what_is_set(client, room):
    post(client, room)
    assert "/settings/" in client.get(f"/a/{room.assembly.key}/").content.decode()
    page = client.get(f"/a/{room.assembly.key}/settings/").content.decode()
    assert "women\nmen" in page
    assert 'value="120"' in page
    assert "Nobody faces retaliation alone." in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"groups": "women, men"},
        {"groups": "x" * 41},
        {"groups": "\n".join(f"g{n}" for n in range(21))},
        {"principles": "x" * 201},
        {"turn_report_back": "5"},
        {"turn_report_back": "soon"},
        {"signals": ["applause"]},
        {"trained": ["0"]},
    ],
)
def test_what_does_not_fit_changes_nothing(client, room, wrong):
    before = len(journal(room))
    page = post(client, room, **wrong)
    assert page.status_code == 200
    assert "Something does not fit yet." in page.content.decode()
    assert len(journal(room)) == before


# --- the door of an assembly ----------------------------------------------------------------------


def test_the_door_writes_rows_and_entries_together_or_not_at_all(room):
    fay = room.people["fay"].person
    before = len(journal(room))
    with pytest.raises(ZeroDivisionError), record_body(room.assembly, by=fay) as book:
        book.change(SETTINGS_CHANGED, name="Another name")
        raise ZeroDivisionError
    assert len(journal(room)) == before
    assert Assembly.objects.get(pk=room.assembly.pk).name == "Garden Street Tenants"

    with record_body(room.assembly, by=fay) as book:
        assert book.change(SETTINGS_CHANGED, name="Garden Street Tenants") is None
        first = book.change(SETTINGS_CHANGED, name="Another name")
        second = book.note(SETTINGS_CHANGED, why="because")

    assert (first.seq, second.seq) == (before + 1, before + 2)
    assert Assembly.objects.get(pk=room.assembly.pk).name == "Another name"
    found = finding_of(Journal.objects.get(pk=room.assembly.journal_id))
    assert found.ok


def test_a_note_alone_does_not_trouble_the_meetings(room):
    with record_body(room.assembly, by=None) as book:
        assert book.note(SETTINGS_CHANGED).actor == ""
    assert not Entry.objects.filter(kind="assemblies.settings_followed").exists()
