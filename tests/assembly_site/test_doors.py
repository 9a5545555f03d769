"""Every door: all URLs and all acts, as a stranger, a member and a facilitator of elsewhere."""

import json

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from assemblies.acts.declaring import Act
from assemblies.acts.perform import perform
from assemblies.door.house import house
from assemblies.door.journal import read
from assemblies.models import Entry, Person
from assemblies.services.founding import take_seat
from tests.federation.stories import STORIES as OF_COUNCILS
from tests.federation.stories import belongs_above
from tests.federation.stories_items import STORIES as OF_ITEMS
from tests.proposals.stories import CONCERN, DISCUSSED, OFFERED
from tests.rooms import but_its_address, make_room

pytestmark = pytest.mark.django_db

# What anybody may look at: the way in, which tells nothing about any meeting.
PUBLIC = {"", "join/", "sign-in/", "start/", "sign-out/", "account/"}


def our_paths(patterns, before: str = "") -> list[str]:
    """Return the route of every page of ours, admin left to its own tests."""
    found = []
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if not route.startswith("admin/"):
                found += our_paths(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            found.append(route)
    return found


def filled(route: str, room) -> str:
    """Return a route with the keys of a real meeting in it."""
    path = route.replace("<str:key>", room.meeting.key).replace(
        f"a/{room.meeting.key}", f"a/{room.assembly.key}"
    )
    for part in ("seat", "participant", "who", "person"):
        path = path.replace(f"<str:{part}>", room.key("fay"))
    path = path.replace("<str:proposal>", "p1").replace("<int:number>", "1")
    path = path.replace("<uuid:task>", "00000000-0000-4000-8000-000000000000")
    for part in ("item", "body", "unit", "meeting"):
        path = path.replace(f"<str:{part}>", "abc")
    return "/" + path.replace("<str:secret>", "no-such-secret").replace("<str:token>", "nothing")


ROUTES = our_paths(get_resolver().url_patterns)
OF_MEETINGS = [route for route in ROUTES if route.startswith(("m/", "a/"))]


def test_there_are_doors_to_walk():
    assert len(OF_MEETINGS) > 10
    assert all("<" not in filled(route, FakeRoom()) for route in ROUTES)


class FakeRoom:
    """Enough of a room to fill routes."""

    class Thing:
        key = "abc"

    meeting = assembly = Thing

    def key(self, name: str) -> str:
        return "abc"


@pytest.mark.parametrize("route", OF_MEETINGS)
@pytest.mark.parametrize("who", ["passer-by", "stranger", "facilitator of elsewhere"])
def test_a_page_of_a_meeting_is_not_there_for_those_outside(client, room, route, who):
    if who == "stranger":
        client.force_login(Person.objects.create_user(name="Stranger"))
    elif who == "facilitator of elsewhere":
        client.force_login(make_room().people["fay"].person)
    room.done("ana", "put_forward", proposal="p1", title="A bench", text="We build it.")
    path = filled(route, room)
    nowhere = path.replace(room.meeting.key, "zzzzzzzz").replace(room.assembly.key, "zzzzzzzz")

    here = [client.get(path), client.post(path)]
    there = [client.get(nowhere), client.post(nowhere)]

    assert {page.status_code for page in here} <= {404, 405}, path
    assert [page.status_code for page in here] == [page.status_code for page in there]
    assert [but_its_address(page) for page in here] == [but_its_address(page) for page in there]
    assert not Entry.objects.filter(journal=room.meeting.journal, kind__contains="act").exists()


@pytest.mark.parametrize("route", sorted(set(ROUTES) - set(OF_MEETINGS)))
def test_other_pages_answer_a_passer_by_without_a_fault(client, room, route):
    path = filled(route, room)

    for page in (client.get(path), client.post(path, {})):
        assert page.status_code in (200, 302, 403, 404, 405, 409, 429), path
        assert room.meeting.title not in page.content.decode(errors="replace")


@pytest.mark.parametrize("do", sorted(house().acts))
@pytest.mark.parametrize("who", ["stranger", "facilitator of elsewhere", "gone"])
def test_nobody_outside_does_any_act(client, room, do, who):
    if who == "gone":
        room.done("ana", "leave")
        person = room.people["ana"].person
    elif who == "stranger":
        person = Person.objects.create_user(name="Stranger")
    else:
        person = make_room().people["fay"].person
    client.force_login(person)
    before = read(room.meeting).journal.seq

    said = {"do": do} if do == "check_in" else {"do": do, **arguments(do, room)}
    page = client.post(
        f"/m/{room.meeting.key}/act/", json.dumps(said), content_type="application/json"
    )

    comes_back = who == "gone" and do == "check_in"
    assert page.status_code == (200 if comes_back else 409 if who == "gone" else 404)
    if not comes_back:
        assert read(room.meeting).journal.seq == before


def put_on_the_table(room) -> None:
    """Have a proposal discussed, with a concern and an amendment, so that acts can name them."""
    for who, do, args in (*DISCUSSED, CONCERN, OFFERED):
        room.done(who, do, **args)
    belongs_above(room)


def arguments(do: str, room) -> dict:
    """Return arguments with which a facilitator's act would be done."""
    given = {
        "who": room.key("ben"), "into": room.key("cem"), "role": "timekeeper", "item": "3",
        "seq": 1, "signal": "agree", "question": "Shall we?", "text": "So it was.",
        "order": "first_time", "reason": "Not heard.", "of": "signals", "counts": {"agree": 0},
        "level": "up", "position": "agree", "choice": "for", "phase": "discussion", "what": "Wood",
        "proposal": "p1", "concern": "c1", "amendment": "a1",
        "title": "More", "to": 3, "phone": False, "answer": "yes",
    }  # fmt: skip
    given |= {
        "yield_turn": {"to": room.key("ben")},
        "refer": {"to": "the garden group"},
        "judge_block": {"answer": "valid"},
        "answer_recall": {"answer": "for"},
        "ratify": {"answer": "accept"},
        "answer_scope": {"answer": "shared"},
        "answer_huddle": {"saying": 7, "of": 9},
    }.get(do, {})
    if do in OF_COUNCILS | OF_ITEMS:
        given |= {"council": "above", "to_council": "other", "item": "i1", "decision": "d1"}
        given |= {"name": "River council", "seat": 1, "among": [room.key("ben")], "unit": "apply"}
    kinds = house().acts[do].readers
    return {name: value for name, value in given.items() if name in kinds and name != "minutes"}


FOR_ROLES = sorted(
    name for name, doing in house().acts.items() if doing.roles and doing.unless is None
)


@pytest.mark.parametrize("do", FOR_ROLES)
def test_a_member_without_the_role_is_refused_and_nothing_changes(room, do):
    put_on_the_table(room)
    before = read(room.meeting).journal.seq

    answer = perform(room.meeting, [Act(do, arguments(do, room), room.key("ana"))])[0]

    assert answer.code == "not_your_role"
    assert read(room.meeting).journal.seq == before


@pytest.mark.parametrize("do", sorted(house().acts))
def test_every_act_ends_with_the_meeting_but_those_that_may_follow_it(room, do):
    put_on_the_table(room)
    room.done("fay", "end_meeting")

    answer = perform(room.meeting, [Act(do, arguments(do, room), room.key("fay"))])[0]

    assert (answer.code == "closed") is not house().acts[do].after_end


def test_a_post_without_a_token_is_refused_in_a_sentence(room):

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(room.people["ana"].person)

    page = strict.post(f"/m/{room.meeting.key}/act/", {"do": "raise_hand"})

    assert page.status_code == 403
    assert b"grown old" in page.content
    assert room.state["floor"]["stack"] == []


def test_what_every_page_says_to_browsers(client, room):
    client.force_login(room.people["ana"].person)
    page = client.get(f"/m/{room.meeting.key}/")
    policy = page.headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Cache-Control"] == "no-store"
    body = page.content.decode()
    assert " style=" not in body
    assert " onclick" not in body


def test_a_foreign_name_pointed_at_a_laptop_is_refused(client, room):
    client.force_login(room.people["ana"].person)

    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/", headers={"host": "192.168.1.20:8000"}).status_code == 200
    assert client.get("/", headers={"host": "8.8.8.8"}).status_code == 400


def test_text_of_people_is_shown_as_text(client, room):
    nasty = "<img src=x onerror=alert(1)>\"'</section>"
    person = Person.objects.create_user(name=nasty[:60])
    room.people["nasty"] = take_seat(room.meeting, person, nasty[:60], 1)
    room.done("nasty", "raise_hand", kind="clarification", note=nasty)
    room.done("fay", "write_note", text=nasty)
    room.done("fay", "add_item", title=nasty)
    room.done("fay", "ask_room", question=nasty)

    client.force_login(room.people["fay"].person)
    for ending in ("", "console/", "wall/", "minutes/", "panels.json"):
        body = client.get(f"/m/{room.meeting.key}/{ending}").content.decode()
        assert "<img src=x" not in body, ending
        assert "</section>\"'" not in body
