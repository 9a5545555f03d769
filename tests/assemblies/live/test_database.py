"""T2 and T16: PostgreSQL is killed, or somebody holds on to the row of a meeting."""

import asyncio
import json
import time

import psycopg
import pytest

from tests.living import House, fetch
from tests.services import own_postgres, redis_url  # noqa: F401 - a fixture

pytestmark = [pytest.mark.asyncio, pytest.mark.services]


@pytest.fixture
def house(own_postgres):  # noqa: F811
    with House(("uvicorn",), database_url=own_postgres.url, redis_url=redis_url()) as running:
        running.postgres = own_postgres
        yield running


async def tap(house: House, name: str, act_id: str, within: float) -> int:
    """Send one act by post until it is accepted, as the page's script does; return its seq."""
    where = house.url(f"/m/{house.meeting['meeting']}/act/")
    body = json.dumps({"do": "show_signal", "signal": "agree", "id": act_id})
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            page = await asyncio.to_thread(fetch, where, house.cookie(name), body)
        except OSError:
            page = None
        if page is not None and page.status == 200:
            return int(page.json()["seq"])
        await asyncio.sleep(0.3)
    raise AssertionError(f"{act_id} was never accepted; the last answer: {page}")


async def test_postgresql_is_killed_and_nothing_accepted_is_lost(house):
    house.stage("Ana", "Ben")
    seqs = [await tap(house, "ana", f"before {number}", 10) for number in range(3)]
    for number in range(2):
        house.postgres.kill()
        waiting = asyncio.create_task(tap(house, "ana", f"during {number}", 60))
        await asyncio.sleep(1)
        house.postgres.start()
        seqs.append(await waiting)
        seqs.append(await tap(house, "ben", f"after {number}", 30))

    told = house.tell()
    assert seqs == sorted(set(seqs))
    assert told["kinds"]["stack.signal_shown"] == len(seqs)
    assert told["chain"] is True


async def test_a_held_row_stops_one_meeting_and_no_other(house):
    house.stage("Ana")
    held = dict(house.meeting)
    house.stage("Ben")
    async with house.phone("ben") as ben:
        with psycopg.connect(house.env["DATABASE_URL"]) as holding:
            holding.execute(
                "SELECT 1 FROM assemblies_journal j"
                " JOIN assemblies_meeting m ON m.journal_id = j.id"
                " WHERE m.key = %s FOR UPDATE OF j",
                [held["meeting"]],
            )
            where = house.url(f"/m/{held['meeting']}/act/")
            body = json.dumps({"do": "raise_hand", "id": "held"})
            blocked = asyncio.create_task(
                asyncio.to_thread(fetch, where, held["people"]["ana"]["cookie"], body)
            )
            await asyncio.sleep(0.3)
            for _act in range(5):
                assert "accepted" in await ben.act("show_signal", signal="agree")
            assert not blocked.done(), "the other meeting was quick while this one waited"
            page = await blocked
            assert (page.status, page.json()["refused"]) == (409, "not_saved")
            holding.rollback()
        again = await asyncio.to_thread(fetch, where, held["people"]["ana"]["cookie"], body)
        assert again.status == 200
