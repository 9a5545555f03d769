"""Coming in: by code, by QR code; guesses are slowed for the whole server."""

import pytest
from django.test import Client

from assemblies.entrance import guessing
from assemblies.models import Membership, Participant, Person
from tests.rooms import make_room

WRONG = "000000"


def join_with(client: Client, address: str, name: str = "Dana", **more):
    return client.post(address, {"name": name, "agreements": "1", **more})


def test_a_stranger_comes_in_by_qr_code_with_a_name_and_one_yes(client, room):
    address = f"/j/{room.meeting.secret}/"

    page = client.get(address)
    answer = join_with(client, address)

    assert "We listen. We speak for ourselves." in page.text
    assert "I agree - let me in" in page.text
    assert answer.headers["Location"] == f"/m/{room.meeting.key}/"
    seat = Participant.objects.get(meeting=room.meeting, name="Dana")
    assert (seat.present, seat.kind, seat.agreed_to) == (True, "member", 1)
    assert client.get(f"/m/{room.meeting.key}/").status_code == 200


def test_who_came_in_stays_signed_in_for_ninety_days_and_belongs_to_an_open_assembly(client, room):
    join_with(client, f"/j/{room.meeting.secret}/")

    assert client.session.get_expiry_age() == 60 * 60 * 24 * 90
    assert not Person.objects.get(name="Dana").has_usable_password()
    assert Membership.objects.filter(assembly=room.assembly, person__name="Dana").exists()
    assert room.assembly.name in client.get("/").text


def test_who_comes_to_a_closed_roll_is_a_guest_and_does_not_belong(client, db):
    room = make_room("Ana", admission="counted_in", roll=10)

    join_with(client, f"/j/{room.meeting.secret}/")

    assert Participant.objects.get(name="Dana").kind == "guest"
    assert not Membership.objects.filter(person__name="Dana").exists()
    assert client.get(f"/a/{room.assembly.key}/").status_code == 404


def test_a_code_is_understood_however_it_is_typed(client, room):
    room.meeting.code = "01V7KQ"
    room.meeting.save()

    answer = client.post("/join/", {"code": " oi u-7kq "})

    assert answer.headers["Location"] == "/j/01V7KQ/"
    assert client.get("/j/01V7KQ/").status_code == 200


def test_a_code_opens_nothing_before_the_doors_do_and_the_qr_code_does(client, db):
    room = make_room(started=False)

    assert client.get(f"/j/{room.meeting.code}/").status_code == 404
    assert client.get(f"/j/{room.meeting.secret}/").status_code == 200
    room.done("fay", "open_doors")
    assert client.get(f"/j/{room.meeting.code}/").status_code == 200


def test_nothing_opens_after_the_end_but_for_who_was_there(client, room):
    join_with(client, f"/j/{room.meeting.secret}/")
    room.done("fay", "end_meeting")

    assert Client().get(f"/j/{room.meeting.secret}/").status_code == 404
    assert Client().get(f"/j/{room.meeting.code}/").status_code == 404
    assert client.get(f"/j/{room.meeting.secret}/").status_code == 302


def test_a_wrong_code_a_code_of_the_past_and_an_unknown_link_say_the_same(client, room):
    room.done("fay", "end_meeting")

    past = client.get(f"/j/{room.meeting.code}/")
    wrong = client.get(f"/j/{WRONG}/")
    unknown = client.get("/j/abcdefghijklmnopqrstuv/")

    assert past.status_code == wrong.status_code == unknown.status_code == 404
    assert past.content == wrong.content == unknown.content
    assert "opens nothing now" in wrong.text


def test_a_wrong_and_a_past_code_take_the_same_questions_to_the_database(
    client, room, django_assert_num_queries
):
    client.get("/join/")
    room.done("fay", "end_meeting")

    for code in (WRONG, room.meeting.code):
        with django_assert_num_queries(1):
            client.get(f"/j/{code}/")


def test_wrong_codes_are_slowed_for_the_whole_server_while_qr_codes_go_on(room):
    answers = [Client().get(f"/j/{number:06d}/").status_code for number in range(100)]

    looked_at = guessing.CODES_AT_MOST + guessing.SOURCE_AT_MOST
    assert answers.count(404) == looked_at
    assert answers.count(429) == 100 - looked_at
    elsewhere = Client(REMOTE_ADDR="192.168.1.7").get(f"/j/{room.meeting.code}/")
    assert elsewhere.status_code == 200
    refused = Client().get(f"/j/{room.meeting.code}/")
    assert (refused.status_code, "Scan the QR code" in refused.text) == (429, True)
    assert join_with(Client(), f"/j/{room.meeting.secret}/").status_code == 302
    assert guessing.codes_are_being_guessed()
    assert guessing.wrong_codes_lately() >= guessing.CODES_AT_MOST


def test_right_codes_cost_nothing(room):
    for _number in range(guessing.CODES_AT_MOST + 5):
        assert Client().get(f"/j/{room.meeting.code}/").status_code == 200

    assert guessing.wrong_codes_lately() == 0
    assert not guessing.codes_are_being_guessed()


def test_guesses_are_counted_here_when_the_cache_is_away(room, monkeypatch):
    def away(*args, **more):
        raise ConnectionError("the cache is away")

    for name in ("add", "incr", "decr", "get", "set"):
        monkeypatch.setattr(f"assemblies.entrance.guessing.cache.{name}", away)
    guessing.HERE.clear()

    answers = [Client().get(f"/j/{number:06d}/").status_code for number in range(40)]

    assert answers.count(429) == 10 - guessing.SOURCE_AT_MOST
    guessing.HERE.clear()


def test_looking_at_a_join_page_a_hundred_times_changes_nothing(client, room):
    before = room.meeting.journal.seq, Person.objects.count()

    for _look in range(100):
        client.get(f"/j/{room.meeting.secret}/")

    room.meeting.journal.refresh_from_db()
    assert (room.meeting.journal.seq, Person.objects.count()) == before


@pytest.mark.parametrize("name", ["", "   ", "a\x07b", "x" * 81, "\u202eana", "\u200d"])
def test_a_name_that_cannot_be_shown_is_refused_in_a_sentence(client, room, name):
    answer = join_with(client, f"/j/{room.meeting.secret}/", name)

    assert answer.status_code == 200
    assert "errorlist" in answer.text
    assert Participant.objects.filter(meeting=room.meeting).count() == 4


@pytest.mark.parametrize("name", ["Ana María", "李雷", "Ł", "علي\u200cرضا", "🌻", "x" * 80])
def test_any_name_people_use_is_taken(client, room, name):
    assert join_with(client, f"/j/{room.meeting.secret}/", name).status_code == 302
    assert Participant.objects.filter(meeting=room.meeting, name=name).exists()


def test_the_second_of_two_with_one_name_is_told_once(client, room):
    address = f"/j/{room.meeting.secret}/"

    told = join_with(client, address, "ana")
    taken = join_with(client, address, "ana", again="ana")

    assert "There is already a ana here" in told.text
    assert 'name="again" value="ana"' in told.text
    assert taken.status_code == 302
    assert Participant.objects.filter(meeting=room.meeting, name__iexact="ana").count() == 2


def test_a_yes_to_an_older_text_of_the_agreements_is_asked_again(client, room):
    room.assembly.agreements.create(version=2, text="We listen twice.")

    answer = join_with(client, f"/j/{room.meeting.secret}/")

    assert "The agreements have changed" in answer.text
    assert 'name="agreements" value="2"' in answer.text
    assert not Participant.objects.filter(name="Dana").exists()


def test_a_name_with_markup_is_printed_as_it_was_typed(client, room):
    join_with(client, f"/j/{room.meeting.secret}/", "<b onclick=x>Eve</b>")

    text = client.get(f"/m/{room.meeting.key}/seat/").text

    assert "<b onclick" not in text
    assert "&lt;b onclick=x&gt;Eve" in text


def test_coming_in_twice_is_coming_in_once(client, room):
    address = f"/j/{room.meeting.secret}/"

    join_with(client, address)
    again = join_with(client, address)

    assert again.status_code == 302
    assert Participant.objects.filter(name="Dana").count() == 1


def test_a_member_who_left_comes_back_to_the_same_seat(client, room):
    ana = room.people["ana"].person
    room.done("ana", "leave")
    client.force_login(ana)

    join_with(client, f"/j/{room.meeting.secret}/", "Ana")

    assert Participant.objects.get(person=ana).present
