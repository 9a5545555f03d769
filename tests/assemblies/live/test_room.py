"""The room over real sockets, on each server and on both databases."""

import asyncio
import json

import pytest
import websockets

from tests.living import House, Page, fetch, living
from tests.services import postgres_url, redis_url

HOUSES = ("sqlite-daphne", "sqlite-uvicorn", "postgres-redis")


@pytest.fixture(params=HOUSES, scope="module")
def house(request):
    """Run a house of each kind, with its meeting."""
    match request.param:
        case "sqlite-daphne":
            kinds, where = ("daphne",), {}
        case "sqlite-uvicorn":
            kinds, where = ("uvicorn",), {}
        case _:
            kinds = ("daphne", "uvicorn")
            where = {"database_url": postgres_url(), "redis_url": redis_url()}
    with living(*kinds, **where) as house:
        house.last = len(kinds) - 1
        yield house
        assert not house.faults(), house.faults()[0][-3000:]


@pytest.fixture
def hall(house) -> House:
    """A house with a fresh meeting: Fay, Ana, Ben, Cem."""
    house.stage("Ana", "Ben", "Cem")
    return house


pytestmark = pytest.mark.asyncio


async def test_a_raised_hand_reaches_every_screen(hall):
    async with (
        hall.phone("ana") as ana,
        hall.phone("ben", server=hall.last) as ben,
        hall.phone("fay", "console", server=hall.last) as fay,
        hall.phone("cem", "wall") as wall,
    ):
        answer = await ana.act("raise_hand")
        assert set(answer) == {"accepted", "seq"}
        for screen in (ana, ben, fay, wall):
            await screen.sees("stack", "Ana")
        await fay.act("call_next")
        for screen in (ana, ben, fay, wall):
            await screen.sees("floor", "Ana")
        await ana.until(lambda: ana.mine.get("speaking"))
        assert not wall.mine


async def test_the_same_seq_shows_the_same_bytes(hall):
    async with hall.phone("ana") as ana, hall.phone("ben", server=hall.last) as ben:
        for signal in ("agree", "disagree", "block", "agree"):
            await ana.act("show_signal", signal=signal)
            await ben.act("show_signal", signal="agree")
        await ana.until(lambda: ana.seq == ben.seq and ana.seq >= ben.answers_seq())
        async with hall.phone("cem", server=hall.last) as fresh:
            await fresh.until(lambda: fresh.seq >= ana.seq)
            assert fresh.seq == ana.seq
            assert fresh.panels == ana.panels == ben.panels


async def test_only_the_person_concerned_learns_what_is_their_own(hall):
    async with hall.phone("ana") as ana, hall.phone("ben") as ben:
        await ana.act("show_signal", signal="agree")
        await ana.until(lambda: ana.mine.get("signals") == ["agree"])
        await ben.act("raise_hand")
        await ben.until(lambda: ben.mine.get("hands") == ["hand"])
        assert ben.mine["signals"] == []
        assert ana.mine["hands"] == []


async def test_two_devices_of_one_person_are_one_hand_and_both_know(hall):
    async with hall.phone("ana") as one, hall.phone("ana", server=hall.last) as two:
        await one.act("raise_hand")
        await two.act("raise_hand")
        await one.until(lambda: one.mine.get("hands") == ["hand"])
        await two.until(lambda: two.mine.get("hands") == ["hand"])
        await two.act("lower_hand")
        await one.until(lambda: one.mine.get("hands") == [])
    assert hall.tell()["kinds"]["stack.hand_raised"] == 1


async def test_a_frame_holds_only_what_changed(hall):
    async with hall.phone("ana") as ana, hall.phone("ben") as ben:
        assert {"now", "floor", "stack", "signals", "agenda", "people"} <= set(ben.panels)
        before = len(ben.frames)
        await ana.act("show_signal", signal="agree")
        await ben.until(lambda: len(ben.frames) > before)
        assert set(ben.frames[-1]["panels"]) == {"signals"}
        assert set(ben.frames[-1]) == {"seq", "at", "panels"}


async def test_who_returns_gets_what_is_newer_and_no_more(hall):
    async with hall.phone("ana") as ana, hall.phone("ben") as ben:
        await ana.until(lambda: ana.beat)
        kept, epoch = ana.seq, ana.beat["epoch"]
        await ben.act("show_signal", signal="agree")
        await ben.sees("signals", "1")
        async with hall.phone("cem", hello=False) as cem:
            await cem.say({"hello": kept, "epoch": epoch})
            await cem.until(lambda: cem.seq > kept)
            assert set(cem.panels) == {"signals"}
        async with hall.phone("cem", hello=False) as cem:
            await cem.say({"hello": kept, "epoch": "another"})
            await cem.until(lambda: cem.seq > kept)
            assert "agenda" in cem.panels


async def test_a_repeat_gets_the_same_answer_by_socket_and_by_post(hall):
    async with hall.phone("ana") as ana:
        first = await ana.act("raise_hand", id="one-and-the-same")
        ana.answers.clear()
        again = await ana.act("raise_hand", id="one-and-the-same")
    posted = await post(hall, "ana", {"do": "raise_hand", "id": "one-and-the-same"})

    assert again == first == posted.json()
    assert hall.tell()["kinds"]["stack.hand_raised"] == 1


async def post(hall: House, name: str, said, server: int = 0, **headers: str) -> Page:
    """Send an act by post as the page's script does."""
    where = hall.url(f"/m/{hall.meeting['meeting']}/act/", server)
    body = said if isinstance(said, str | bytes) else json.dumps(said)
    return await asyncio.to_thread(fetch, where, hall.cookie(name), body, **headers)


async def test_a_post_reaches_the_sockets_of_every_process_and_a_refusal_is_409(hall):
    async with hall.phone("ben", server=hall.last) as ben:
        answer = await post(hall, "ana", {"do": "raise_hand"})
        assert answer.status == 200
        assert set(answer.json()) == {"accepted", "seq"}
        await ben.sees("stack", "Ana")
    refused = await post(hall, "ana", {"do": "call_next", "id": "x"})
    assert refused.status == 409
    assert refused.json()["refused"] == "not_your_role"
    assert refused.json()["why"]


async def test_a_role_taken_away_works_at_once_on_an_open_socket(hall):
    async with (
        hall.phone("fay", "console") as fay,
        hall.phone("ana", "console", server=hall.last) as ana,
        hall.phone("ben") as ben,
    ):
        await ben.act("raise_hand")
        await fay.sees("stack", "lower_hand")
        assert "lower_hand" not in ben.panels["stack"]
        await fay.act("give_role", role="facilitator", who=hall.key("ana"))
        await ana.until(lambda: ana.mine.get("roles") == ["facilitator"])
        await ana.sees("stack", "lower_hand")
        await ana.act("drop_role", role="facilitator", who=hall.key("fay"))
        await fay.until(lambda: fay.mine.get("roles") == [], within=3)
        await fay.until(lambda: "lower_hand" not in fay.panels["stack"], within=3)
        assert (await fay.act("call_next"))["code"] == "not_your_role"
        await ana.act("raise_hand")
        await fay.sees("stack", "Ana")
        assert "lower_hand" not in fay.panels["stack"]


async def test_a_stack_taker_whose_role_ends_sees_it_at_once_and_calls_nobody(hall):
    async with hall.phone("fay", "console") as fay:
        await fay.act("give_role", role="stack_taker", who=hall.key("ana"))
        async with (
            hall.phone("ana", "console", server=hall.last) as ana,
            hall.phone("ben") as ben,
        ):
            assert {"call_next", "move_hand", "for"} <= set(ana.mine["may"])
            await ben.act("raise_hand")
            await ana.sees("stack", "lower_hand")

            await fay.act("drop_role", role="stack_taker", who=hall.key("ana"))

            await ana.until(lambda: ana.mine["roles"] == [] == ana.mine["may"], within=3)
            await ana.until(lambda: "lower_hand" not in ana.panels["stack"], within=3)
            await fay.until(lambda: "move_hand" in fay.mine["may"], within=3)
            assert (await ana.act("call_next"))["code"] == "not_your_role"
            assert "accepted" in await fay.act("call_next")


async def test_who_facilitates_too_has_the_console_at_once_and_hands_it_back(hall):
    async with (
        hall.phone("fay", "console") as fay,
        hall.phone("ana", "console", server=hall.last) as ana,
        hall.phone("ben", server=hall.last) as ben,
    ):
        assert ana.mine["may"] == []
        assert "act-primary" not in ana.panels["now"]
        await fay.act("hand_over", role="facilitator", who=hall.key("ana"))
        await ana.until(lambda: "take_break" in ana.mine["may"], within=3)
        await ana.sees("now", "act-primary", within=3)
        await fay.until(lambda: fay.mine["roles"] == [], within=3)
        await ben.sees("question", "Fay hands over to Ana", within=3)
        seq = max(fay.answers_seq(), ana.answers_seq())

        await ben.act("object", seq=seq)

        await fay.until(lambda: fay.mine["roles"] == ["facilitator"], within=3)
        await fay.sees("now", "act-primary", within=3)
        await ana.until(lambda: "act-primary" not in ana.panels["now"], within=3)


async def test_a_wish_for_a_break_goes_to_the_facilitator_and_nobody_else(hall):
    async with (
        hall.phone("fay", "console") as fay,
        hall.phone("ana", server=hall.last) as ana,
        hall.phone("ben", "console") as ben,
    ):
        await fay.act("give_role", role="vibes_watcher", who=hall.key("ana"))
        await fay.act("give_role", role="timekeeper", who=hall.key("ben"))
        await ana.until(lambda: ana.mine["roles"] == ["vibes_watcher"], within=3)
        await ana.act("request_break")
        await ana.until(lambda: ana.mine["asked_for_break"], within=3)
        await fay.until(lambda: len(fay.mine["wishes"]) == 1, within=3)
        await fay.act("take_break")
        await ana.until(lambda: not ana.mine["asked_for_break"], within=3)
        await fay.until(lambda: fay.mine["wishes"] == [], within=3)
        assert not [text for text in ben.raw if "asks for a break" in text]


async def test_a_stranger_gets_nothing_and_cannot_tell_whether_there_is_a_meeting(hall):
    for name, key in (("stranger", hall.meeting["meeting"]), ("stranger", "nowhere1")):
        hall_key = hall.meeting["meeting"]
        hall.meeting["meeting"] = key
        try:
            async with hall.phone(name, hello=False) as phone:
                await phone.until(lambda: phone.closed is not None)
                assert (phone.closed, phone.raw) == (4404, [])
        finally:
            hall.meeting["meeting"] = hall_key


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "https://127.0.0.1", "null", "http://127.0.0.1:1", "http://localhost"],
)
async def test_another_origin_opens_no_socket(hall, origin):
    with pytest.raises(websockets.InvalidHandshake):
        async with hall.phone("ana", hello=False, origin=origin):
            pass


async def test_a_flood_ends_the_socket_and_nobody_elses(hall):
    async with hall.phone("ana") as ana, hall.phone("ben") as ben:
        with pytest.raises((websockets.ConnectionClosed, AssertionError)):
            for number in range(3000):
                await ana.say({"do": "show_signal", "signal": "agree", "id": f"f{number}"})
            await ana.until(lambda: ana.closed is not None)
            raise AssertionError
        await ana.until(lambda: ana.closed is not None)
        assert ana.closed == 4008
        assert (await ben.act("raise_hand"))["accepted"]


async def test_who_taps_too_fast_is_told_and_can_go_on(hall):
    async with hall.phone("ana") as ana:
        names = [f"n{number}" for number in range(16)]
        for name in names:
            await ana.say({"do": "show_signal", "signal": "agree", "id": name})
        await ana.until(lambda: set(names) <= set(ana.answers))
        codes = [ana.answers[name].get("code") for name in names]
        assert codes[:10] == [None] * 10
        assert codes[-1] == "too_fast"
        await asyncio.sleep(1.2)
        assert "accepted" in await ana.act("lower_signal", signal="agree")


async def test_signing_out_closes_the_sockets_of_that_browser(hall):
    async with hall.phone("ana") as ana, hall.phone("ben") as ben:
        await asyncio.to_thread(fetch, hall.url("/sign-out/", hall.last), hall.cookie("ana"), "")
        await ana.until(lambda: ana.closed is not None, within=3)
        assert ana.closed == 4403
        assert (await ben.act("raise_hand"))["accepted"]


async def test_the_beat_carries_epoch_seq_and_head(hall):
    async with hall.phone("ana") as ana:
        await ana.until(lambda: ana.beat, within=8)
        assert set(ana.beat) == {"epoch", "seq", "head"}
        where = hall.url(f"/m/{hall.meeting['meeting']}/proof?from={ana.beat['seq']}")
        kept = await asyncio.to_thread(fetch, where, hall.cookie("ana"))
        assert kept.json()["head"] == ana.beat["head"]
