"""Councils on a phone: three taps from home to what somebody's delegate said, and why it holds."""

import pytest

from tests.browser.test_accessibility import serious

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(enter, hall):
    """A phone of 360 px in the hands of a member of a base assembly, at home."""
    told = hall.ask("council")
    page = enter("", viewport={"width": 360, "height": 740}, color_scheme="light")
    page.context.add_cookies([{"name": "sessionid", "value": told["cookie"], "url": hall.url()}])
    page.goto(hall.url("/"))
    return page, told


def whole(page) -> None:
    """See that a page fits the screen, and that axe has nothing against it."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert serious(page) == []


def test_in_three_taps_from_home_to_what_a_delegate_said_and_what_it_rests_on(phone):
    page, _told = phone
    card = page.get_by_role("link", name="City council of Mill Lane")
    assert "Yesterday" in card.inner_text()
    assert "Agree" in card.inner_text()
    whole(page)

    card.click()
    said = page.get_by_role("region", name="What they said")
    assert "Yesterday" in said.inner_text()
    assert "Agree" in said.inner_text()
    assert "as the mandate says" in said.inner_text()
    whole(page)

    said.get_by_role("link", name="One rent for the whole river").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("One rent")
    whole(page)

    page.get_by_role("link", name="What it rests on").click()
    base = page.get_by_role("region", name="Base")
    assert "Mill Lane assembly D-1" in base.inner_text()
    assert "carried it up" in base.inner_text()
    assert "12 who count were here." in base.inner_text()
    whole(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_every_page_of_a_council_fits_and_axe_finds_no_serious_fault(phone, hall, width, scheme):
    page, told = phone
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    at = f"/councils/{told['top']}/"
    item = f"{at}items/{told['items'][-1]}/"
    for path in (
        *(at, f"{at}map/", f"{at}log/", item, f"{item}rests-on/"),
        f"/councils/{told['city']}/from/{told['base']}/",
        f"{at}decisions/{told['base']}/1/",
        f"/a/{told['base']}/",
        f"/a/{told['base']}/council/new/",
        f"/a/{told['base']}/council/join/",
    ):
        page.goto(hall.url(path))
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert serious(page) == [], path


def test_the_map_is_drawn_for_the_paper_and_the_screen(phone, hall):
    page, told = phone
    asked = []
    page.on("request", lambda one: asked.append(one.url))
    for scheme, width, wanted in (
        ("light", 360, "map.svg"),
        ("dark", 360, "map.svg?in=dark"),
        ("dark", 1280, "map.svg?in=dark&on=wide"),
        ("light", 1280, "map.svg?on=wide"),
    ):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(hall.url(f"/councils/{told['top']}/map/"))
        page.wait_for_load_state("networkidle")
        assert any(one.endswith(wanted) for one in asked), (wanted, asked)
        drawn = page.evaluate("document.querySelector('.map').naturalWidth")
        assert drawn > 200
        asked.clear()


NOTICE = """() => document.querySelector("main").insertAdjacentHTML("beforeend",
  '<p class="notice" id="probe"><span>Your assembly decides this first, in a meeting.</span>'
  + ' <a class="button" href="/">Write a proposal</a></p>')"""


def test_the_words_of_a_notice_have_room_beside_its_button_or_above_it(phone, hall):
    page, told = phone
    page.goto(hall.url(f"/a/{told['base']}/council/join/"))
    page.evaluate(NOTICE)

    assert page.locator("#probe > span").bounding_box()["width"] > 180
