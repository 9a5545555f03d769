"""Signing in and out, and the limits on guessing a password."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from assemblies.entrance import guessing
from assemblies.live import sessions
from assemblies.models import Person, PersonalLink
from assemblies.services.founding import new_link

PASSWORD = "courtyard-42"


@pytest.fixture
def rosa(db) -> Person:
    return Person.objects.create_user("rosa", PASSWORD, name="Rosa")


def sign_in(client: Client, handle: str = "rosa", password: str = PASSWORD):
    return client.post("/sign-in/", {"username": handle, "password": password})


def test_somebody_signs_in_with_a_sign_in_name_however_it_is_written(client, rosa):
    answer = sign_in(client, " Rosa ")

    assert answer.status_code == 302
    assert client.get("/account/").status_code == 200


def test_a_wrong_password_and_an_unknown_name_say_the_same(rosa):
    wrong, unknown = sign_in(Client(), password="no"), sign_in(Client(), "nobody", "no")

    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()


def test_passwords_of_one_account_cannot_be_guessed_from_many_browsers(rosa):
    for _try in range(guessing.TRIES_AT_MOST):
        assert sign_in(Client(), password="wrong").status_code == 200

    assert sign_in(Client(), password="wrong").status_code == 429
    assert sign_in(Client()).status_code == 429


def test_nobody_locks_out_a_browser_that_has_signed_in_before(client, rosa):
    sign_in(client)
    client.post("/sign-out/")

    for _try in range(guessing.TRIES_AT_MOST * 2):
        sign_in(Client(), password="wrong")

    assert sign_in(client).status_code == 302


def test_somebody_signed_in_cannot_wipe_the_count_of_another_account(client, rosa):
    Person.objects.create_user("eve", PASSWORD, name="Eve")
    sign_in(client, "eve")

    for _try in range(guessing.TRIES_AT_MOST):
        sign_in(client, "rosa", "wrong")
        sign_in(client, "eve")

    assert sign_in(client, "rosa", "wrong").status_code == 429


def test_three_hundred_people_sign_in_from_one_address(db):
    people = [Person(handle=f"m{n}", name=f"M{n}") for n in range(300)]
    for person in people:
        person.set_password(PASSWORD)
    Person.objects.bulk_create(people)

    answers = {sign_in(Client(), f"m{n}").status_code for n in range(300)}

    assert answers == {302}


def test_signing_out_ends_the_session_closes_its_sockets_and_clears_the_browser(
    client, rosa, monkeypatch
):
    gone: list[str] = []
    monkeypatch.setattr("assemblies.pages.home.hub.signed_out", gone.append)
    sign_in(client)
    session = client.session.session_key

    answer = client.post("/sign-out/")

    assert gone == [session]
    assert '"cookies"' in answer.headers["Clear-Site-Data"]
    assert not Session.objects.filter(session_key=session).exists()
    assert client.get("/sign-out/").status_code == 405


def test_signing_out_everywhere_ends_every_browser_of_this_person_only(rosa, monkeypatch):
    gone: list[str] = []
    monkeypatch.setattr(sessions.hub, "signed_out", gone.append)
    other = Person.objects.create_user("ben", PASSWORD, name="Ben")
    here, there, bens = Client(), Client(), Client()
    sign_in(here)
    sign_in(there)
    bens.force_login(other)
    new_link("seat", person=rosa)
    keys = {here.session.session_key, there.session.session_key}

    here.post("/account/everywhere/")

    assert set(gone) == keys
    assert there.get("/account/").status_code == 302
    assert bens.get("/account/").status_code == 200
    assert not PersonalLink.objects.filter(person=rosa).exists()


def test_a_new_password_keeps_this_browser_and_lets_go_of_all_others(rosa):
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)

    here.post(
        "/account/",
        {
            "name": "Rosa",
            "handle": "rosa",
            "language": "en",
            "password": "another-garden-7",
            "current": PASSWORD,
        },
    )

    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


def test_a_new_password_needs_the_present_one(client, rosa):
    sign_in(client)

    answer = client.post(
        "/account/",
        {"name": "Rosa", "handle": "rosa", "language": "en", "password": "another-garden-7"},
    )

    assert "That is not your present password." in answer.text
    rosa.refresh_from_db()
    assert rosa.check_password(PASSWORD)


def test_somebody_who_joined_by_code_chooses_how_to_come_back(client, room):
    ana = room.people["ana"].person
    client.force_login(ana)

    client.post(
        "/account/",
        {"name": "Ana", "handle": "Ana-M", "language": "en", "password": "kastanie-im-hof"},
    )

    assert sign_in(Client(), "ana-m", "kastanie-im-hof").status_code == 302


@pytest.mark.parametrize(
    ("handle", "password", "sentence"),
    [
        ("rosa", "kastanie-im-hof", "Somebody has this sign-in name already."),
        ("with gap", "kastanie-im-hof", "without gaps"),
        ("ana", "", "Choose a password"),
        ("", "kastanie-im-hof", "Choose a sign-in name"),
        ("ana", "12345678", "too common"),
    ],
)
def test_keys_that_do_not_fit_are_refused_in_a_sentence(
    client, rosa, room, handle, password, sentence
):
    client.force_login(room.people["ana"].person)

    answer = client.post(
        "/account/", {"name": "Ana", "handle": handle, "language": "en", "password": password}
    )

    assert sentence in answer.text


def test_home_of_a_stranger_offers_two_ways_in_and_nothing_else(client, room):
    page = client.get("/").text

    assert "Start an assembly" in page
    assert "Join with a code" in page
    assert room.assembly.name not in page
    assert room.meeting.title not in page


def test_home_shows_my_assemblies_and_what_is_on_now(client, room):
    client.force_login(room.people["fay"].person)

    page = client.get("/").text

    assert room.assembly.name in page
    assert "Go in" in page
    assert "You organise an assembly and can come back only in this browser." in page


def test_home_asks_few_questions_of_the_database(client, room, django_assert_max_num_queries):
    client.force_login(room.people["fay"].person)
    client.get("/")

    with django_assert_max_num_queries(12):
        client.get("/")
