"""A thousand malformed messages and posts: no 500, no traceback out, the meeting goes on (T10)."""

import asyncio
import json
import random

import pytest

from tests.assemblies.live.test_room import post
from tests.living import House, fetch, living

pytestmark = pytest.mark.asyncio
SEED = 20261122


@pytest.fixture(params=["daphne", "uvicorn"], scope="module")
def house(request):
    with living(request.param) as running:
        yield running
        assert not running.faults(), running.faults()[0][-3000:]


@pytest.fixture
def hall(house) -> House:
    house.stage("Ana", "Ben", "Cem")
    return house


def nonsense(chance: random.Random, keys: list[str]) -> str | bytes:
    """Return something that no page of ours sends."""
    acts = ["raise_hand", "show_signal", "call", "undo", "check_in", "merge", "give_role", "object"]
    junk = [
        None, True, -1, 0, 1.5, 10**30, "", "x", "\x00", "\ufffd", [], {}, [[]], ["a"] * 50,
        {"a": {"b": {}}}, "' OR 1=1 --", "<script>alert(1)</script>", "é" * 300, *keys,
    ]  # fmt: skip
    match chance.randrange(14):
        case 0:
            return "[" * chance.randrange(1, 4000)
        case 1:
            return '{"do":' * chance.randrange(1, 600)
        case 2:
            return "x" * chance.randrange(4000, 9000)
        case 3:
            return bytes(chance.randrange(256) for _ in range(chance.randrange(1, 300)))
        case 4:
            return json.dumps(chance.choice(junk))
        case 5:
            return json.dumps({"do": chance.choice(junk)})
        case 6:
            return '{"do": "raise_hand", "id": NaN}'
        case 7:
            return json.dumps({"hello": chance.choice(junk), "epoch": chance.choice(junk)})
        case 8:
            return json.dumps({"do": chance.choice(acts), "id": chance.choice(junk)})
        case 9:
            return json.dumps({"do": chance.choice(acts), "for": chance.choice(junk)})
        case 10:
            return '{"do": "raise_hand", "do": "no_such", "id": "a", "id": {}}'
        case _:
            names = [
                "who",
                "kind",
                "signal",
                "seq",
                "heads",
                "role",
                "into",
                "item",
                "text",
                "phone",
            ]
            args = {
                chance.choice(names): chance.choice(junk) for _ in range(chance.randrange(1, 5))
            }
            return json.dumps({"do": chance.choice(acts), **args})


async def test_a_thousand_malformed_messages_change_nothing_for_the_others(hall):
    chance = random.Random(SEED)
    keys = [hall.key(name) for name in ("fay", "ana", "ben")] + ["nobody01"]
    sent = 0
    async with hall.phone("ben") as ben:
        while sent < 1000:
            async with hall.phone("ana", hello=False) as ana:
                for _ in range(50):
                    sent += 1
                    if ana.closed is not None:
                        break
                    try:
                        await ana.say(nonsense(chance, keys)) if chance.random() < 0.9 else None
                        await ana.socket.send(nonsense(chance, keys))
                    except Exception:  # the server may close on what is too much
                        break
                    await asyncio.sleep(0.012)
                assert not any("Traceback" in text for text in ana.raw)
                for text in ana.raw:
                    said = json.loads(text)
                    assert {"accepted", "refused", "panels", "mine", "beat"} & set(said)
        assert "accepted" in await ben.act("show_signal", signal="agree")
        await ben.sees("signals", "1")
    assert hall.tell()["chain"] is True


async def test_a_thousand_malformed_posts_are_refused_in_sentences(hall):
    chance = random.Random(SEED + 1)
    keys = [hall.key("ana")]
    types = [
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "text/x",
    ]
    where = hall.url(f"/m/{hall.meeting['meeting']}/act/")

    def send(number: int) -> None:
        body = nonsense(chance, keys)
        kind = types[number % len(types)]
        page = fetch(where, hall.cookie("ana"), body, Content_Type=kind)
        assert page.status < 500, (page.status, body[:200])
        assert "Traceback" not in page.text
        if kind == "application/json":
            said = page.json()
            assert page.status in (200, 409), (page.status, body[:200])
            assert said.get("why") or said.get("seq") is not None

    for number in range(1000):
        await asyncio.to_thread(send, number)
    await asyncio.sleep(1)
    answer = await post(hall, "ben", {"do": "raise_hand"})
    assert answer.status == 200
    assert hall.tell()["chain"] is True


async def test_what_is_too_long_is_said_by_socket_and_taken_by_post(hall):
    async with hall.phone("fay", "console") as fay:
        note = {"do": "write_note", "text": "ä" * 1500}
        await fay.say(note)
        await fay.until(lambda: "" in fay.answers)
        assert fay.answers[""]["code"] == "too_long"
    assert (await post(hall, "fay", note)).status == 200
    huge = await post(hall, "fay", {"do": "write_note", "text": "x" * 70_000})
    assert (huge.status, huge.json()["refused"]) == (409, "too_long")
