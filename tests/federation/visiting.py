"""Reading the pages of a council as somebody: what is shown, or that there is nothing."""

from typing import Any

from django.http import Http404
from django.test import Client, RequestFactory

from assemblies.models import Person
from federation.pages.access import council_or_404
from federation.reading.onlookers import Onlooker
from tests.federation.bodies import Grown


def signed_in(person: Person | None) -> Client:
    """Return a browser in which somebody is signed in, or nobody."""
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def at(grown: Grown, path: str = "") -> str:
    """Return the address of a page of the highest council."""
    return f"/councils/{grown.top.assembly.key}/{path}"


def shown(grown: Grown, path: str = "", person: Person | None = None, **asked) -> str:
    """Return a page of the highest council, as somebody of the first base or another reads it."""
    answer = signed_in(person or grown.member(grown.base)).get(at(grown, path), asked)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def every_path(grown: Grown, item: str = "rent") -> list[str]:
    """Return the paths of every page of the highest council."""
    return [
        *("", "map/", "map.svg", "log/", "record/", f"items/{item}/", f"items/{item}/rests-on/"),
        f"from/{grown.base.key}/",
        f"decisions/{grown.base.key}/1/",
    ]


def onlooker(person: Any, key: str) -> Onlooker:
    """Return somebody as who may open the pages of a council; raise Http404 where they may not."""
    request = RequestFactory().get("/")
    request.user = person
    return council_or_404(request, key)


def turned_away(person: Any, key: str) -> bool:
    """Say whether somebody may not open the pages of a council."""
    try:
        onlooker(person, key)
    except Http404:
        return True
    return False
