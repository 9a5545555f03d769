"""A base recalls its delegate: the phones in the council know at once, whoever serves them."""

import asyncio
import json
import time
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from django.utils import timezone

from assemblies.acts.declaring import Act
from assemblies.live.hub import hub
from assemblies.models import Journal
from tests.federation.several import confederate
from tests.living import living
from tests.services import postgres_url, redis_url, requires

pytestmark = pytest.mark.asyncio

AT_ONCE = 2.0  # s, and another process has only the doorbell


@pytest.mark.parametrize(
    "servers",
    [
        pytest.param(("daphne",), id="the same process"),
        pytest.param(
            ("uvicorn", "daphne"),
            id="another process",
            marks=[*([requires("postgres", "redis")]), pytest.mark.services],
        ),
    ],
)
async def test_the_recalled_delegate_and_everybody_else_see_it_within_two_seconds(servers):
    urls = {"database_url": postgres_url(), "redis_url": redis_url()} if len(servers) > 1 else {}
    with living(*servers, **urls) as house:
        told = house.ask("recalling")
        async with AsyncExitStack() as here:
            house.meeting = told["council"]
            there = len(servers) - 1
            recalled = await here.enter_async_context(house.phone("a1", server=there))
            other = await here.enter_async_context(house.phone("c1", server=there))
            wall = await here.enter_async_context(house.phone("b2", "wall", server=there))
            await recalled.until(lambda: recalled.mine.get("unit"))
            before = len(recalled.raw)
            house.meeting = told["base"]
            base = await here.enter_async_context(house.phone("a1", "console", server=0))

            assert "accepted" in await base.act("recall_delegate")
            began = time.monotonic()  # from when the base is told that it is done
            await recalled.until(lambda: recalled.mine["unit"] is None, AT_ONCE)
            for phone in (recalled, other, wall):
                await phone.sees("council", "changed delegates at", AT_ONCE)
            took = time.monotonic() - began

            assert took < AT_ONCE, f"{took:.2f} s"
            assert recalled.mine["roles"] == []
            news = [json.loads(text) for text in recalled.raw[before:]]
            assert any("mine" in one for one in news)
            assert "council" in recalled.panels
            refused = await recalled.act("take_position", position="agree")
            assert refused["code"] == "does_not_count"
            assert "accepted" in await other.act("take_position", position="agree")
        assert not house.faults(), house.faults()[0][-3000:]


@pytest.mark.django_db(transaction=True)
async def test_what_an_act_writes_in_another_meeting_is_shown_there_without_a_look(monkeypatch):
    monkeypatch.setattr("assemblies.live.room.LOOK_EVERY", 3600.0)
    at = timezone.now() - timedelta(minutes=18)
    several = confederate("AB", preset="portland_confederation", now=at)
    council, base = several.meet(), several["A"]
    several.almost_recalled("A")
    hub.start()
    here, there = hub.room(base.meeting), hub.room(council.meeting)
    try:
        await shows_the_newest(here)
        await shows_the_newest(there)

        answer = await hub._performed(base.meeting, Act("recall_delegate", {}, base.key("a1")))

        assert answer.accepted
        await shows_the_newest(there)
        assert there.desk.seq > 0
        # Opening another recall tells the base itself, after its own room has looked.
        opening = Act("open_recall", {"seat": 2, "reason": "Another one."}, base.key("a3"))
        assert (await hub._performed(base.meeting, opening)).accepted
        await shows_the_newest(here)
    finally:
        for room in (here, there):
            room.task.cancel()


async def shows_the_newest(room) -> None:
    """Wait until what a room shows is what its journal says."""
    deadline = time.monotonic() + AT_ONCE
    while room.shown.seq < Journal.objects.get(pk=room.meeting.journal_id).seq:
        assert time.monotonic() < deadline, "nobody rang"
        await asyncio.sleep(0.02)
