"""axe on the three surfaces and the ordinary pages; nothing wider than the screen; greyscale."""

import json
from pathlib import Path

import axe_playwright_python
import pytest

from tests.browser.test_stories import act

pytestmark = pytest.mark.browser
AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()
SURFACES = [("ana", "phone"), ("fay", "console"), ("ben", "wall")]
SIZES = [(320, 640), (360, 740), (1280, 800)]


def busy(hall) -> None:
    """Put the meeting in full swing."""
    act(hall, "ana", "raise_hand")
    act(hall, "ben", "raise_hand", kind="clarification", note="Which year?")
    act(hall, "fay", "raise_hand")
    act(hall, "fay", "call", who=hall.key("ana"))
    act(hall, "ana", "raise_hand", kind="technical_point", note="cannot hear")
    act(hall, "ben", "show_signal", signal="agree")
    act(hall, "fay", "give_role", role="greeter", who=hall.key("ben"))
    act(hall, "fay", "ask_room", question="Ten minutes more for this item?")
    act(hall, "ana", "object")


def serious(page) -> list[str]:
    """Return the serious faults that axe finds."""
    page.evaluate(AXE)
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {one['help']} {json.dumps([node['target'] for node in one['nodes']])[:300]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "surface"), SURFACES)
def test_axe_finds_no_serious_fault(enter, hall, name, surface, scheme):
    busy(hall)
    page = enter(name, surface, color_scheme=scheme)
    page.wait_for_timeout(300)

    assert serious(page) == []


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize(("name", "surface"), SURFACES)
def test_nothing_is_wider_than_the_screen(enter, hall, name, surface, width, height):
    busy(hall)
    page = enter(name, surface, viewport={"width": width, "height": height})
    page.wait_for_timeout(300)

    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", ["/", "/join/", "/sign-in/", "/start/", "/account/"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault_on_ordinary_pages(enter, hall, path, scheme):
    page = enter("fay", "phone", color_scheme=scheme)
    page.goto(hall.url(path))

    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize(
    "ending", ["seat/", "poster/", "minutes/", "floor/", "record/", "reach/", "prepare/"]
)
def test_axe_finds_no_serious_fault_around_a_meeting(enter, hall, ending):
    page = enter("fay", "phone")
    page.goto(hall.url(f"/m/{hall.meeting['meeting']}/{ending}"))

    assert serious(page) == []


@pytest.mark.parametrize("ending", ["", "settings/"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault_on_pages_of_an_assembly(enter, hall, ending, scheme):
    page = enter("fay", "phone", color_scheme=scheme)
    page.goto(hall.url(f"/a/{hall.meeting['assembly']}/settings/"))
    page.locator("#id_groups").fill("women\nmen")
    page.get_by_role("button", name="Keep").click()
    page.goto(hall.url(f"/a/{hall.meeting['assembly']}/{ending}"))

    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_what_is_said_to_a_facilitator_alone_has_no_serious_fault(enter, hall):
    act(hall, "fay", "give_role", role="vibes_watcher", who=hall.key("ben"))
    act(hall, "ben", "request_break")
    act(hall, "fay", "raise_hand")
    for surface in ("console", "phone"):
        page = enter("fay", surface)
        page.locator("#flags").wait_for()
        for fold in page.locator("#tools-roles").all():
            fold.locator("summary").click()
        assert serious(page) == []
        width = page.viewport_size["width"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_targets_on_a_phone_are_large_enough_for_a_thumb(enter, hall):
    busy(hall)
    page = enter("ana")
    page.wait_for_timeout(300)

    small = page.evaluate("""() => [...document.querySelectorAll("button, summary, a.button")]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
        .map((one) => one.id || one.textContent.trim().slice(0, 30))""")
    pads = page.evaluate("""() => [...document.querySelectorAll("#pad .keys .key")]
        .filter((one) => one.checkVisibility()).slice(0, 6)
        .map((one) => Math.round(one.getBoundingClientRect().height))""")

    assert small == []
    assert len(pads) == 6
    assert min(pads) >= 64


def test_the_first_load_of_a_phone_is_light(enter, hall, browser):
    context = browser.new_context(viewport={"width": 360, "height": 740})
    context.add_cookies([{"name": "sessionid", "value": hall.cookie("ana"), "url": hall.url()}])
    page = context.new_page()
    sizes = []
    page.on("response", lambda answer: sizes.append(int(answer.headers.get("content-length", 0))))
    page.goto(hall.url(f"/m/{hall.meeting['meeting']}/"), wait_until="networkidle")
    context.close()

    assert 0 < sum(sizes) < 100_000
