"""Every door: who has no place is told the same as about a meeting that does not exist."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern

from assemblies.models import Person
from assemblies.pages.page_urls import urlpatterns
from tests.rooms import but_its_address

# Open to everybody by design, with nothing of any meeting on them.
OPEN = {"home", "sign_in", "join", "reached", "set_language"}
# These ask to sign in first, and say nothing else.
ASK = {"account", "sign_out_everywhere", "start", "sign_out"}


def address(pattern: URLPattern, **known: str) -> str:
    """Return the address of a pattern with what is known put in."""
    return "/" + re.sub(r"<str:(\w+)>", lambda found: known[found[1]], str(pattern.pattern))


CLOSED = [one for one in urlpatterns if one.name not in OPEN | ASK]


def walk(client: Client, pattern: URLPattern, **known: str) -> list[tuple[int, bytes]]:
    at = address(pattern, **known)
    return [(answer.status_code, body_of(answer)) for answer in (client.get(at), client.post(at))]


def body_of(answer) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", but_its_address(answer))


@pytest.mark.parametrize("pattern", CLOSED, ids=lambda one: one.name)
@pytest.mark.parametrize("somebody", [False, True], ids=["passer-by", "stranger"])
def test_a_stranger_cannot_tell_whether_something_exists(room, pattern, somebody):
    client = Client()
    if somebody:
        client.force_login(Person.objects.create_user(name="stranger"))
    key = room.assembly.key if str(pattern.pattern).startswith("a/") else room.meeting.key
    there = walk(client, pattern, key=key, participant=room.key("ana"), secret="unknown")
    nowhere = walk(client, pattern, key="nowhere", participant="nobody", secret="not-there")

    assert {status for status, _body in there} <= {404, 405}
    assert there == nowhere


@pytest.mark.parametrize("name", sorted(ASK))
def test_what_needs_somebody_asks_a_passer_by_to_sign_in(client, db, name):
    pattern = next(one for one in urlpatterns if one.name == name)

    answers = {client.get(address(pattern)).status_code, client.post(address(pattern)).status_code}

    assert answers <= {302, 405}


@pytest.mark.parametrize("pattern", urlpatterns, ids=lambda one: one.name)
def test_no_page_holds_what_the_policy_forbids(room, pattern):
    """No inline script or style, nothing from elsewhere, no place for a cache to keep it."""
    fay = Client()
    fay.force_login(room.people["fay"].person)
    key = room.assembly.key if str(pattern.pattern).startswith("a/") else room.meeting.key
    at = address(
        pattern,
        key=key,
        participant=room.key("ana"),
        secret=room.meeting.secret,
        token="token",
    )

    answer = fay.get(at, follow=True)

    assert answer.status_code in (200, 404, 405)
    assert answer.headers["Cache-Control"]
    if "html" in answer.headers.get("Content-Type", ""):
        assert not re.search(r"<style|\sstyle=|<script(?![^>]*\bsrc=)(?![^>]*json)", answer.text)
        assert not re.search(r"\son[a-z]+=", answer.text)
        assert not re.search(r'(src|href|action)="(https?:)?//(?!testserver|\d)', answer.text)
