"""The topology for many assemblies without Docker: two web processes, a worker, both services."""

import asyncio
import subprocess
import sys
import time

import pytest

from bench.servers import HOST
from scripts.installing import ROOT
from tests.living import fetch, living
from tests.services import postgres_url, redis_url

pytestmark = [pytest.mark.asyncio, pytest.mark.services]


async def test_a_meeting_over_two_web_processes_and_a_worker():
    with living("uvicorn", "daphne", database_url=postgres_url(), redis_url=redis_url()) as house:
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "assembly_site", "worker", "--pool", "solo"],
            env=house.env | {"DATABASE_NO_POOL": "1"},
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            house.stage("Ana", "Ben", started=False)
            await the_meeting(house)
            assert house.ask("forget", meeting=house.meeting["meeting"]) is True
            await forgotten(house)
        finally:
            worker.terminate()
            worker.wait(30)
        assert not house.faults(), house.faults()[0][-3000:]


async def the_meeting(house) -> None:
    """Open, speak and end, everybody on another process than the facilitator."""
    async with (
        house.phone("fay", "console", server=0) as fay,
        house.phone("ana", server=1) as ana,
        house.phone("ben", "wall", server=1) as wall,
    ):
        for do in ("open_doors", "start_meeting"):
            assert "accepted" in await fay.act(do)
        await ana.act("check_in")
        await fay.act("take_up_item", item="2")
        await ana.sees("now", "Rent increase")
        assert "accepted" in await ana.act("raise_hand")
        await fay.sees("stack", "Ana")
        await fay.act("call_next")
        await wall.sees("floor", "Ana")
        await ana.act("show_signal", signal="agree")
        await fay.sees("signals", "1")
        await fay.act("write_note", text="We refuse the increase.")
        await fay.act("finish_item", item="2")
        await fay.act("end_meeting")
        await wall.sees("now", "Ended")
    for server in (0, 1):
        where = house.url(f"/m/{house.meeting['meeting']}/minutes/", server)
        page = await asyncio.to_thread(fetch, where, house.cookie("ana"))
        assert "We refuse the increase." in page.text
        assert HOST in where


async def forgotten(house) -> None:
    """Wait until the worker has erased the signals of the meeting, a day later."""
    deadline = time.monotonic() + 60
    while (told := house.tell())["kinds"].get("stack.signal_shown", 0):
        assert time.monotonic() < deadline, "the worker never came"
        await asyncio.sleep(0.5)
    assert told["chain"] is True
