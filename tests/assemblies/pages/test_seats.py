"""A seat on another device, a lost seat given back, a screen on the wall."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assemblies.models import Participant, Person, PersonalLink
from assemblies.services import founding
from assemblies.services.founding import new_link


@pytest.fixture
def fay(room) -> Client:
    return signed_in(room, "fay")


@pytest.fixture
def ana(room) -> Client:
    return signed_in(room, "ana")


def signed_in(room, name: str) -> Client:
    client = Client()
    client.force_login(room.people[name].person)
    return client


def link_on(page: str, kind: str = "s") -> str:
    found = re.search(rf'href="[^"]*(/{kind}/[\w-]+/)"', page)
    assert found, "the page shows a link"
    return found[1]


def test_a_seat_moves_to_a_second_device_and_stays_one_seat(room, ana):
    link = link_on(ana.post(f"/m/{room.meeting.key}/seat/").text)
    second = Client()

    answer = second.post(link)

    assert answer.headers["Location"] == f"/m/{room.meeting.key}/"
    assert second.get(f"/m/{room.meeting.key}/").status_code == 200
    assert Participant.objects.filter(meeting=room.meeting, name="Ana").count() == 1


def test_looking_at_my_seat_makes_no_link(room, ana):
    page = ana.get(f"/m/{room.meeting.key}/seat/")

    assert page.status_code == 200
    assert not PersonalLink.objects.exists()


def test_a_hundred_looks_at_a_link_use_nothing_up_and_one_use_does(room, ana):
    link = link_on(ana.post(f"/m/{room.meeting.key}/seat/").text)
    preview = Client()
    for _look in range(100):
        assert preview.get(link).status_code == 200
    assert "_auth_user_id" not in preview.session

    assert Client().post(link).status_code == 302
    assert Client().get(link).status_code == 404
    assert Client().post(link).status_code == 404


def test_used_expired_and_unknown_links_say_the_same(room):
    person = room.people["ana"].person
    used = new_link("seat", person=person, meeting=room.meeting)
    Client().post(f"/s/{used}/")
    old = new_link("seat", person=person, meeting=room.meeting, hours=-1)

    answers = {Client().post(f"/s/{secret}/").content for secret in (used, old, "never-there")}

    assert len(answers) == 1


def test_of_two_who_use_one_link_at_the_same_time_one_gets_it(room, monkeypatch):
    secret = new_link("seat", person=room.people["ana"].person, meeting=room.meeting)
    find, rival = founding.find_link, []

    def overtaken(asked):
        link = find(asked)
        if link is not None and not rival:
            rival.append(None)
            monkeypatch.setattr(founding, "find_link", find)
            rival.append(Client().post(f"/s/{secret}/").status_code)
        return link

    monkeypatch.setattr(founding, "find_link", overtaken)

    assert Client().post(f"/s/{secret}/").status_code == 404
    assert rival[1:] == [302]


def test_a_link_is_good_for_fifteen_minutes(room, ana, monkeypatch):
    link = link_on(ana.post(f"/m/{room.meeting.key}/seat/").text)
    PersonalLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert Client().get(link).status_code == 404


def test_only_a_digest_of_a_link_is_kept(room, ana):
    link = link_on(ana.post(f"/m/{room.meeting.key}/seat/").text)

    assert link.split("/")[2] not in str(PersonalLink.objects.values_list())


def test_the_greeter_gives_a_lost_seat_back_and_the_minutes_say_so(room, ana):
    room.done("fay", "give_role", role="greeter", who="ana")
    address = f"/m/{room.meeting.key}/seats/{room.key('ben')}/"

    link = link_on(ana.post(address).text)
    new_phone = Client()
    new_phone.post(link)

    assert "Ben" in new_phone.get(f"/m/{room.meeting.key}/seat/").text
    minutes = ana.get(f"/m/{room.meeting.key}/minutes/").text
    assert "Ana made a link to the seat of Ben." in minutes


def test_somebody_entered_by_name_gets_a_phone_later(room, fay):
    room.done("fay", "check_in", name="Hal")
    seat = Participant.objects.get(name="Hal")
    assert seat.person is None

    link = link_on(fay.post(f"/m/{room.meeting.key}/seats/{seat.key}/").text)
    phone = Client()
    phone.post(link)

    assert phone.get(f"/m/{room.meeting.key}/").status_code == 200
    seat.refresh_from_db()
    assert seat.person.name == "Hal"


def test_a_greeter_cannot_become_an_organiser_or_somebody_with_a_password(room, ana):
    room.done("fay", "give_role", role="greeter", who="ana")
    ben = room.people["ben"].person
    ben.set_password("kastanie-im-hof")
    ben.save()

    for name in ("fay", "ben"):
        answer = ana.post(f"/m/{room.meeting.key}/seats/{room.key(name)}/")
        assert answer.status_code == 409
    assert not PersonalLink.objects.exists()


def test_a_role_that_was_dropped_gives_no_seat_back_any_more(room, ana):
    address = f"/m/{room.meeting.key}/seats/{room.key('ben')}/"
    assert ana.get(address).status_code == 404

    room.done("fay", "give_role", role="greeter", who="ana")
    assert ana.get(address).status_code == 200

    room.done("ana", "drop_role", role="greeter")
    assert ana.get(address).status_code == 404
    assert ana.post(address).status_code == 404


def test_a_screen_on_the_wall_sees_the_hall_and_does_nothing(room, fay):
    link = link_on(fay.post(f"/m/{room.meeting.key}/screen/").text, "w")
    wall = Client()
    assert wall.get(link).status_code == 200
    assert wall.get(f"/m/{room.meeting.key}/wall/").status_code == 404

    answer = wall.post(link)

    assert answer.headers["Location"] == f"/m/{room.meeting.key}/wall/"
    assert wall.get(answer.headers["Location"]).status_code == 200
    act = wall.post(
        f"/m/{room.meeting.key}/act/", {"do": "raise_hand"}, headers={"Accept": "application/json"}
    )
    assert act.status_code == 409
    assert wall.get(f"/m/{room.meeting.key}/seat/").status_code == 404
    assert Client().post(link).status_code == 404


def test_a_member_without_a_role_makes_no_screen(room, ana):
    assert ana.post(f"/m/{room.meeting.key}/screen/").status_code == 404


def test_a_screen_that_somebody_joins_from_keeps_its_seat_for_ninety_days(room, fay):
    link = link_on(fay.post(f"/m/{room.meeting.key}/screen/").text, "w")
    browser = Client()
    browser.post(link)
    assert browser.session.get_expiry_age() < 60 * 60 * 25

    browser.post(f"/j/{room.meeting.secret}/", {"name": "Dana", "agreements": "1"})

    assert browser.session.get_expiry_age() == 60 * 60 * 24 * 90


def test_a_link_of_somebody_who_was_shut_out_lets_nobody_in(room):
    person = room.people["ana"].person
    secret = new_link("seat", person=person, meeting=room.meeting)
    Person.objects.filter(pk=person.pk).update(is_active=False)

    assert Client().post(f"/s/{secret}/").status_code == 404
