"""Setting up, starting an assembly, preparing a meeting."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from assemblies.door.journal import read
from assemblies.models import Assembly, Installation, Meeting, Person, PersonalLink
from assemblies.services import founding
from assemblies.services.founding import new_link
from assemblies.sheets import Agenda
from tests.rooms import make_room

START = {
    "name": "Oak Court",
    "kind": "building",
    "preset": "consensus_minus_one",
    "admission": "open",
    "quorum": "none",
    "agreements": "We listen.",
    "time_zone": "Europe/Berlin",
    "organiser": "Rosa",
}
MEETING = {
    "title": "First meeting",
    "day": "2030-07-02",
    "hour": "19:00",
    "place": "Courtyard",
    "agenda": "1. Welcome (5 min)\nProposal: Roof (20 min)\n\n- Bins",
    "wifi_name": "",
    "wifi_password": "",
}


@pytest.fixture
def rosa(client, db) -> Person:
    person = Person.objects.create_user(name="Rosa")
    client.force_login(person)
    return person


# --- the first organiser --------------------------------------------------------------------------


def test_the_set_up_link_makes_the_first_organiser_once(client, db):
    address = f"/setup/{new_link('setup')}/"
    for _look in range(100):
        assert client.get(address).status_code == 200

    answer = client.post(address, {"name": "Rosa"})

    assert answer.headers["Location"] == "/start/"
    assert client.get("/start/").status_code == 200
    assert Installation.here().set_up_at is not None
    assert Client().post(address, {"name": "Eve"}).status_code == 404
    assert not Person.objects.filter(name="Eve").exists()


def test_a_form_that_does_not_fit_leaves_the_set_up_link_unused(client, db):
    address = f"/setup/{new_link('setup')}/"

    client.post(address, {"name": "", "handle": "rosa"})

    assert PersonalLink.objects.get().uses_left == 1
    assert Installation.here().set_up_at is None


def test_a_second_set_up_link_is_worth_nothing_once_somebody_set_this_up(client, db):
    first, second = (f"/setup/{new_link('setup')}/" for _n in range(2))
    client.post(first, {"name": "Rosa"})

    assert Client().get(second).status_code == 404
    assert Client().post(second, {"name": "Eve"}).status_code == 404


def test_a_link_for_a_seat_sets_nothing_up_and_is_not_used_by_trying(client, room):
    secret = new_link("seat", person=room.people["ana"].person, meeting=room.meeting)

    assert client.post(f"/setup/{secret}/", {"name": "Eve"}).status_code == 404
    assert PersonalLink.objects.get().uses_left == 1


def test_of_two_who_use_one_set_up_link_at_the_same_time_one_gets_it(client, db, monkeypatch):
    secret = new_link("setup")
    find = founding.find_link
    rival = []

    def overtaken(asked):
        link = find(asked)
        if link is not None and not rival:
            rival.append(None)
            monkeypatch.setattr(founding, "find_link", find)
            rival.append(Client().post(f"/setup/{secret}/", {"name": "Rival"}).status_code)
        return link

    # Between looking and using, somebody else uses it.
    monkeypatch.setattr(founding, "find_link", overtaken)

    assert client.post(f"/setup/{secret}/", {"name": "Rosa"}).status_code == 404
    assert rival[1:] == [302]
    assert list(Person.objects.values_list("name", flat=True)) == ["Rival"]


# --- an assembly ----------------------------------------------------------------------------------


def test_a_stranger_is_asked_to_sign_in_before_starting_an_assembly(client, db):
    assert client.get("/start/").headers["Location"] == "/sign-in/?next=/start/"
    assert client.post("/start/", START).status_code == 302
    assert not Assembly.objects.exists()


def test_a_council_is_not_started_but_founded_by_assemblies(client, rosa):
    answer = client.post("/start/", START | {"kind": "council"})

    assert answer.status_code == 200
    assert not Assembly.objects.exists()
    page = client.get("/start/").text
    assert 'value="council"' not in page
    assert "A council of several assemblies is founded later" in page


def test_somebody_starts_an_assembly_and_organises_it(client, rosa):
    answer = client.post("/start/", START | {"unsure": "on"})

    assembly = Assembly.objects.get()
    assert answer.headers["Location"] == f"/a/{assembly.key}/"
    assert (assembly.preset, assembly.optional_signals) == ("consensus_minus_one", ["unsure"])
    assert (assembly.rule["quorum"], assembly.time_zone) == ("none", "Europe/Berlin")
    page = client.get(f"/a/{assembly.key}/").text
    assert "We listen." in page
    assert "Consensus minus one" in page
    assert "There is no quorum" in page
    assert "Prepare a meeting" in page


def test_every_way_of_deciding_is_shown_with_its_origin_and_in_words(client, rosa):
    page = client.get("/start/").text

    assert page.count('type="radio" name="preset"') == 11
    assert "Seeds for Change" in page
    assert "One block stops a proposal until it is met." in page


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"quorum": "number", "quorum_number": "12"}, 12),
        (
            {
                "admission": "counted_in",
                "roll": "64",
                "quorum": "share",
                "quorum_share": " 2 / 4 ",
            },
            {"share": "1/2"},
        ),
    ],
)
def test_a_quorum_is_a_number_or_a_share_of_a_closed_roll(client, rosa, said, rule):
    client.post("/start/", START | said)

    assert Assembly.objects.get().rule["quorum"] == rule


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"quorum": "number"}, "How many must be here?"),
        ({"quorum": "number", "quorum_number": "9", "roll": "5"}, "9 is more than the 5"),
        ({"quorum": "share", "quorum_share": "0.5"}, "Write a share such as 1/3 or 1/2."),
        ({"quorum": "share", "quorum_share": "3/2"}, "Write a share such as 1/3 or 1/2."),
        ({"quorum": "share", "quorum_share": "1/2"}, "A share needs a closed roll"),
        (
            {"quorum": "share", "quorum_share": "1/2", "admission": "counted_in"},
            "A share of how many?",
        ),
        ({"name": ""}, "This field is required."),
        ({"preset": "dictatorship"}, "Select a valid choice"),
        ({"time_zone": "Moon/Crater"}, "Select a valid choice"),
    ],
)
def test_what_does_not_fit_together_is_said_in_a_sentence(client, rosa, said, sentence):
    answer = client.post("/start/", START | said)

    assert sentence in answer.text
    assert not Assembly.objects.exists()


def test_only_members_see_an_assembly(client, room):
    client.force_login(Person.objects.create_user(name="stranger"))

    assert client.get(f"/a/{room.assembly.key}/").status_code == 404
    assert client.get("/a/nowhere/").status_code == 404


# --- a meeting ------------------------------------------------------------------------------------


@pytest.fixture
def assembly(client, rosa) -> Assembly:
    client.post("/start/", START)
    return Assembly.objects.get()


def test_an_organiser_prepares_a_meeting_in_the_time_of_the_assembly(client, assembly):
    answer = client.post(f"/a/{assembly.key}/meetings/new/", MEETING)

    meeting = Meeting.objects.get()
    assert answer.headers["Location"] == f"/m/{meeting.key}/poster/"
    assert meeting.starts_at == datetime(2030, 7, 2, 17, 0, tzinfo=UTC)
    assert [(item.title, item.minutes, item.kind) for item in meeting.items.all()] == [
        ("Welcome", 5, "opening"),
        ("Roof", 20, "proposal"),
        ("Bins", 10, "discussion"),
    ]
    assert read(meeting).meeting.phase == "planned"


def test_an_organiser_looks_first_at_how_the_agenda_was_understood(client, assembly):
    page = client.post(f"/a/{assembly.key}/meetings/new/", MEETING | {"look": "1"}).text

    assert "Roof</bdi>" in page
    assert "20 minutes" in page
    assert not Meeting.objects.exists()


def test_who_does_not_organise_prepares_nothing(client, room):
    client.force_login(room.people["ana"].person)

    for address in (f"/a/{room.assembly.key}/meetings/new/", f"/m/{room.meeting.key}/prepare/"):
        assert client.get(address).status_code == 404
        assert client.post(address, MEETING).status_code == 404


def test_a_changed_agenda_keeps_what_stayed_and_is_written_down(client, assembly):
    client.post(f"/a/{assembly.key}/meetings/new/", MEETING)
    meeting = Meeting.objects.get()
    roof = meeting.items.get(title="Roof").pk
    agenda = "Roof (25 min)\nRent"

    answer = client.post(f"/m/{meeting.key}/prepare/", MEETING | {"agenda": agenda})

    assert answer.status_code == 302
    items = list(meeting.items.order_by("position"))
    assert [(item.title, item.minutes) for item in items] == [("Roof", 25), ("Rent", 10)]
    assert items[0].pk == roof
    kinds = list(meeting.journal.entries.values_list("kind", flat=True))
    assert kinds[-1] == "assemblies.agenda_prepared"
    assert [item.title for item in read(meeting).sheet(Agenda).items] == ["Roof", "Rent"]


def test_an_agenda_that_is_shown_and_kept_again_changes_nothing(client, assembly):
    client.post(f"/a/{assembly.key}/meetings/new/", MEETING)
    meeting = Meeting.objects.get()
    shown = client.get(f"/m/{meeting.key}/prepare/").context["form"].initial
    before = list(meeting.items.values_list("title", "minutes", "kind"))

    client.post(f"/m/{meeting.key}/prepare/", {**shown, "day": "2030-07-02", "hour": "19:00"})

    assert list(meeting.items.values_list("title", "minutes", "kind")) == before


def test_once_the_doors_are_open_only_the_wifi_is_changed_here(client, db):
    room = make_room()
    client.force_login(room.people["fay"].person)
    wifi = {"wifi_name": "Court", "wifi_password": "secret"}

    page = client.get(f"/m/{room.meeting.key}/prepare/").text
    client.post(f"/m/{room.meeting.key}/prepare/", MEETING | wifi)

    assert 'name="agenda"' not in page
    meeting = Meeting.objects.get()
    assert (meeting.title, meeting.wifi_name) == ("Monday meeting", "Court")
    last = meeting.journal.entries.last()
    assert (last.kind, "secret" in str(last.facts)) == ("assemblies.particulars_set", False)


def test_a_wifi_password_needs_the_name_of_its_wifi(client, assembly):
    answer = client.post(f"/a/{assembly.key}/meetings/new/", MEETING | {"wifi_password": "secret"})

    assert "Whose password is that?" in answer.text
