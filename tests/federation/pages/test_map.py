"""The drawing of the map as a browser gets it."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from federation.models import Affiliation
from tests.federation.bodies import grow

pytestmark = pytest.mark.django_db


def test_a_browser_that_has_the_map_gets_it_once():
    cache.clear()
    grown = grow([3, 1], members=1, seats=1)
    client = Client()
    client.force_login(grown.member(grown.base))
    where = f"/councils/{grown.top.assembly.key}/map.svg"

    first = client.get(where)
    again = client.get(where, headers={"if-none-match": first.headers["ETag"]})
    dark = client.get(where + "?in=dark", headers={"if-none-match": first.headers["ETag"]})
    Affiliation.objects.filter(unit=grown.base).update(left_at=timezone.now())
    client.force_login(grown.member(grown.levels[0][1]))
    later = client.get(where, headers={"if-none-match": first.headers["ETag"]})

    assert (first.status_code, first.headers["Content-Type"]) == (200, "image/svg+xml")
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert [one.status_code for one in (again, dark, later)] == [304, 200, 200]
    assert again.content == b""
    assert "default-src 'none'" in first.headers["Content-Security-Policy"]
