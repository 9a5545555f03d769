"""How we share the floor: the page after a meeting, its plots, and what they never show."""

import re
import xml.etree.ElementTree as ET

import pytest
from django.core.cache import cache
from django.test import Client

from tests.rooms import Room, make_room
from tests.stack.reading.test_sharing import NAMES, TURNS, speak

PLOTS = ("time", "heard", "items", "groups")


@pytest.fixture
def evening(db) -> Room:
    """Ten people and the turns of DOMAIN.md S10; six are green, two of the others are blue."""
    room = make_room(*NAMES)
    room.at(0)
    room.done("fay", "finish_item")
    room.done("fay", "add_item", item="rent", title="Rent & $roof$ <b>", minutes=20)
    for name in ("finn", "aron", "cem", "ben", "gita", "hal"):
        room.done("fay", "check_in", who=name, groups=["green"])
    for name in ("ivo", "jo"):
        room.done("fay", "check_in", who=name, groups=["blue"])
    room.done("fay", "take_up_item", item="rent")
    speak(room, 0, *TURNS)
    return room


def look(room: Room, name: str = "ana", ending: str = "") -> tuple[int, str]:
    """Get the page, or a plot, as somebody."""
    client = Client()
    client.force_login(room.people[name].person)
    page = client.get(f"/m/{room.meeting.key}/floor/{ending}")
    return page.status_code, page.content.decode()


def cells(html: str, caption: str) -> list[list[str]]:
    """Return the rows of the table with a caption, as words."""
    table = html.partition(f"{caption}</caption>")[2].partition("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.S)
    return [
        [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)]
        for row in rows
    ]


def test_the_numbers_come_when_the_meeting_closes(evening):
    status, html = look(evening, "finn")
    assert (status, "once the meeting closes" in html) == (200, True)
    assert look(evening, "finn", "time.svg")[0] == 404

    evening.done("fay", "end_meeting")
    html = look(evening, "finn")[1]

    assert cells(html, "Shares of the talking time")[1:] == [
        ["who spoke longest", "50 %"],
        ["the three who spoke longest", "92.5 %"],
        ["everybody else", "7.5 %"],
        ["How unequal (Gini): 0 all the same, 1 one alone", "0.75"],
    ]
    heard = cells(html, "People heard as the meeting went on")[1:]
    assert heard == [
        ["0", "1"], ["2", "1"], ["4", "2"], ["6", "2"], ["8", "3"], ["10", "3"], ["12", "4"],
        ["14", "4"], ["16", "4"], ["18", "5"], ["20", "5"],
    ]  # fmt: skip
    assert "5 of 10 people had a turn to speak." in html
    assert "Together they spoke for 20 minutes." in html
    assert cells(html, "Minutes by item")[-1][1:] == ["20", "20"]


def test_a_group_is_shown_only_where_nobody_else_could_be_told_from_it(evening):
    evening.done("fay", "end_meeting")
    html = look(evening, "finn")[1]

    assert cells(html, "Groups: share of the people and of the time")[1:] == [
        ["green", "60 %", "97.5 %"]
    ]
    assert "blue" not in html
    assert "blue" not in look(evening, "finn", "groups.svg")[1]


def test_without_groups_there_is_no_plot_of_them(evening):
    for person in evening.people.values():
        evening.done("fay", "check_in", who=person.key, groups=[])
    evening.done("fay", "end_meeting")

    assert "By what people say of themselves" not in look(evening, "finn")[1]
    assert look(evening, "finn", "groups.svg")[0] == 404


def test_fewer_than_three_who_spoke_have_no_numbers(room):
    room.at(0)
    speak(room, 0, ("ana", 60), ("ben", 60))
    room.done("fay", "end_meeting")

    status, html = look(room)

    assert status == 200
    assert "Fewer than three people spoke" in html
    assert "<img" not in html and "<table" not in html
    assert {look(room, "ana", f"{plot}.svg")[0] for plot in PLOTS} == {404}


@pytest.mark.parametrize("plot", PLOTS)
def test_a_plot_names_nobody_and_the_same_numbers_make_the_same_bytes(evening, plot):
    evening.done("fay", "end_meeting")
    client = Client()
    client.force_login(evening.people["finn"].person)
    address = f"/m/{evening.meeting.key}/floor/{plot}.svg"

    light, again, dark = client.get(address), client.get(address), client.get(address + "?in=dark")

    assert light.headers["Content-Type"] == "image/svg+xml"
    assert "script-src 'self'" in light.headers["Content-Security-Policy"]
    root = ET.fromstring(light.content)  # noqa: S314 - our own bytes
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert light.content == again.content != dark.content
    assert b"#0b5d4b" in light.content
    assert b"#6fd3b8" in dark.content
    words = light.content.decode().lower()
    assert not any(f">{name}<" in words or f" {name} " in words for name in evening.people)


def test_a_title_is_drawn_as_text_whatever_marks_it_has(evening):
    evening.done("fay", "end_meeting")

    assert "Rent &amp; $roof$ &lt;b&gt;" in look(evening, "finn", "items.svg")[1]


def test_two_drawings_of_the_same_numbers_are_the_same(evening):
    evening.done("fay", "end_meeting")
    first = [look(evening, "finn", f"{plot}.svg")[1] for plot in PLOTS]
    cache.clear()

    assert [look(evening, "finn", f"{plot}.svg")[1] for plot in PLOTS] == first


def test_the_page_is_linked_from_the_minutes_and_the_room(client, evening):
    client.force_login(evening.people["finn"].person)
    link = f'href="/m/{evening.meeting.key}/floor/"'

    assert link in client.get(f"/m/{evening.meeting.key}/").content.decode()
    assert link in client.get(f"/m/{evening.meeting.key}/minutes/").content.decode()
