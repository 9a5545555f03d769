"""Poster, QR codes, calendar file, and whether phones can reach us."""

import re

import pytest
from django.test import Client
from icalendar import Calendar

from assemblies.entrance import links
from assemblies.models import Meeting
from assemblies.records import poster


@pytest.fixture
def fay(room) -> Client:
    client = Client()
    client.force_login(room.people["fay"].person)
    return client


@pytest.fixture
def meeting(room) -> Meeting:
    room.meeting.wifi_name, room.meeting.wifi_password = 'Court;"1"', "a:b\\c,d"
    room.meeting.place = "Courtyard"
    room.meeting.save()
    return room.meeting


def test_the_poster_shows_the_wifi_first_then_the_meeting_then_the_words(fay, meeting):
    page = fay.get(f"/m/{meeting.key}/poster/").text

    assert page.index("wifi.svg") < page.index("qr.svg") < page.index("/join/")
    assert f"{meeting.code[:3]} {meeting.code[3:]}" in page


def test_the_poster_of_a_meeting_without_wifi_shows_one_code(fay, room):
    page = fay.get(f"/m/{room.meeting.key}/poster/").text

    assert "wifi.svg" not in page
    assert fay.get(f"/m/{room.meeting.key}/wifi.svg").status_code == 404


def test_qr_codes_are_drawings_without_style_or_script(fay, meeting):
    for name in ("qr.svg", "wifi.svg"):
        answer = fay.get(f"/m/{meeting.key}/{name}")
        assert answer.headers["Content-Type"] == "image/svg+xml"
        assert answer.text.startswith("<svg")
        assert not re.search(r"<style|style=|<script|\son\w+=", answer.text)


def test_marks_that_mean_something_in_a_wifi_code_are_escaped(meeting):
    assert links.wifi_words(meeting) == ('WIFI:T:WPA;S:Court\\;\\"1\\";P:a\\:b\\\\c\\,d;;')


def test_a_wifi_without_a_password_says_so(meeting):
    meeting.wifi_password = ""

    assert links.wifi_words(meeting).startswith("WIFI:T:nopass;S:")


def test_the_poster_is_one_sheet_of_paper(fay, meeting):
    answer = fay.get(f"/m/{meeting.key}/poster.pdf")

    assert answer.headers["Content-Type"] == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b(?!s)", answer.content)) == 1


@pytest.mark.parametrize("faces", [poster.TYPEFACES, ()])
def test_any_title_fits_on_paper_with_and_without_a_typeface(meeting, monkeypatch, faces):
    monkeypatch.setattr(poster, "TYPEFACES", faces)
    meeting.title = "Österreich – Łódź 李雷 علي " + "very long " * 20

    pdf = poster.poster_pdf(
        meeting, join="http://x/j/y/", address="http://x/join/", code="ABC123", when="now"
    )

    assert pdf.startswith(b"%PDF-")


def test_the_calendar_file_says_when_where_and_what(fay, meeting):
    answer = fay.get(f"/m/{meeting.key}/meeting.ics")

    event = Calendar.from_ical(answer.content).walk("VEVENT")[0]
    assert event.decoded("dtstart").replace(microsecond=0) == meeting.starts_at.replace(
        microsecond=0
    )
    assert str(event["location"]) == "Courtyard"
    assert "2. Rent increase" in str(event["description"])
    assert meeting.secret not in answer.text


# --- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("localhost:8000", "http://192.168.1.5:8000"),
        ("127.0.0.1:8000", "http://192.168.1.5:8000"),
        ("[::1]:8000", "http://192.168.1.5:8000"),
        ("localhost", "http://192.168.1.5"),
        ("192.168.7.7:8000", "http://192.168.7.7:8000"),
    ],
)
def test_a_browser_on_this_computer_shows_phones_the_address_in_the_network(
    rf, monkeypatch, host, base
):
    monkeypatch.setattr(links, "lan_address", lambda: "192.168.1.5")

    assert links.base_url(rf.get("/", headers={"Host": host})) == base


def test_a_computer_in_no_network_shows_the_address_it_has(rf, monkeypatch):
    monkeypatch.setattr(links, "lan_address", lambda: "127.0.0.1")

    assert links.base_url(rf.get("/", headers={"Host": "localhost:8000"})) == (
        "http://localhost:8000"
    )


# --- can phones reach me? -------------------------------------------------------------------------


def test_another_device_that_comes_through_is_noticed(fay, room, monkeypatch):
    monkeypatch.setattr("assemblies.pages.posters.lan_address", lambda: "192.168.1.5")
    looking = fay.get(f"/m/{room.meeting.key}/reach/").headers["Location"]
    page = fay.get(looking)
    address = re.search(r"/reach/[\w-]+/", page.text)[0]
    assert "Not yet." in page.text
    assert page.headers["Refresh"] == "3"

    # The browser itself, and another browser of this computer, are no other device.
    fay.get(address)
    Client(REMOTE_ADDR="192.168.1.5").get(address)
    assert "Not yet." in fay.get(looking).text

    phone = Client(REMOTE_ADDR="192.168.1.77").get(address)

    assert "You came through" in phone.text
    page = fay.get(looking)
    assert "Another device came through" in page.text
    assert "Refresh" not in page.headers


def test_what_may_keep_phones_out_is_said(fay, room):
    page = fay.get(f"/m/{room.meeting.key}/reach/", follow=True).text

    for word in ("client isolation", "five to ten devices", "sleeps", "firewall"):
        assert word in page


def test_a_passer_by_at_the_greeting_learns_nothing(db):
    answers = {Client().get(f"/reach/{token}/").content for token in ("a", "b" * 200, "x-y_z")}

    assert len(answers) == 1
