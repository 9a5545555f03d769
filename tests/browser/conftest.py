"""Browsers for the stories: a real Chromium against a real server."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.living import House
from tests.services import chromium_path

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all stories; its loop must be gone before other tests need theirs."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path(), args=list(QUIET))
        yield running
        running.close()


@pytest.fixture(scope="package")
def house() -> Iterator[House]:
    """One server for all stories; each has its own meeting."""
    with House(("daphne",)) as running:
        yield running
        assert not running.faults(), running.faults()[0][-3000:]


@pytest.fixture
def hall(house: House) -> House:
    """A fresh meeting: Fay facilitates, Ana and Ben are members."""
    house.stage("Ana", "Ben")
    return house


Enter = Callable[..., Page]


@pytest.fixture
def enter(browser: Browser, hall: House) -> Iterator[Enter]:
    """Open the room as somebody, each in a browser of their own; no page may complain."""
    contexts = []
    faults: list[str] = []

    def come_in(name: str, surface: str = "phone", **more) -> Page:
        width, height = {"phone": (360, 740), "console": (1280, 800), "wall": (1920, 1080)}[surface]
        more.setdefault("viewport", {"width": width, "height": height})
        context = browser.new_context(**more)
        contexts.append(context)
        if name:
            cookie = {"name": "sessionid", "value": hall.cookie(name), "url": hall.url()}
            context.add_cookies([cookie])
        page = context.new_page()
        page.on("pageerror", lambda wrong: faults.append(f"{name}: {wrong}"))
        page.on("console", lambda said: noted(faults, name, said))
        page.on("request", lambda asked: stays_here(faults, hall, asked.url))
        ending = "" if surface == "phone" else f"{surface}/"
        page.goto(hall.url(f"/m/{hall.meeting['meeting']}/{ending}"))
        return page

    yield come_in
    for context in contexts:
        context.close()
    assert not faults, faults


def noted(faults: list[str], name: str, said) -> None:
    """Take a complaint of the browser (a blocked script, a refused style) as a fault."""
    expected = ("Failed to load resource", "WebSocket connection to")  # what stories cut off
    if said.type == "error" and not said.text.startswith(expected):
        faults.append(f"{name}: {said.text}")


def stays_here(faults: list[str], hall: House, url: str) -> None:
    """Take a request to any other host as a fault."""
    own = tuple(start + hall.url().partition("://")[2] for start in ("http://", "ws://"))
    if not url.startswith((*own, "data:", "blob:")):
        faults.append(f"fetched from elsewhere: {url}")
