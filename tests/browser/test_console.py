"""The console, told in Chromium: people without a phone, another place on the stack, one thumb."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import serious
from tests.browser.test_stories import SLOW, act, pad

pytestmark = pytest.mark.browser


def old_neighbours(hall) -> None:
    """Have two neighbours come without a phone, and somebody with one whose name is alike."""
    for name in ("Åsa Lind", "Wim de Vries"):
        act(hall, "fay", "check_in", name=name, phone=False)
    act(hall, "fay", "check_in", name="Aslan", phone=True)


def focused(page) -> str:
    """Return the id of what has the focus."""
    return page.evaluate("document.activeElement.id")


def test_two_keystrokes_and_enter_raise_a_hand_for_a_neighbour_without_a_phone(enter, hall):
    old_neighbours(hall)
    ana, fay = enter("ana"), enter("fay", "console")
    fay.keyboard.press("h")
    assert focused(fay) == "enter-name"
    fay.keyboard.type("as")
    expect(fay.locator("#enter-list").get_by_role("option").first).to_have_text("Åsa Lind no phone")
    expect(fay.locator("#enter-list").get_by_role("option").nth(1)).to_have_text("Aslan")
    fay.keyboard.press("Enter")
    expect(fay.get_by_role("group", name="What does Åsa Lind do?")).to_be_visible()
    fay.keyboard.press("Enter")
    expect(ana.locator("#stack .hands li").first).to_contain_text("Åsa Lind", timeout=SLOW)
    expect(ana.locator("#stack .hands li").first).to_contain_text("entered by Fay")
    # ... and the next name can be typed at once.
    assert (focused(fay), fay.locator("#enter-name").input_value()) == ("enter-name", "")
    fay.keyboard.type("vr")
    fay.keyboard.press("Enter")
    fay.keyboard.press("a")
    expect(ana.locator("#signals .agree .count")).to_have_text("1", timeout=SLOW)


def test_the_field_is_a_combobox_that_says_what_it_found(enter, hall):
    old_neighbours(hall)
    fay = enter("fay", "console")
    field = fay.get_by_role("combobox", name=re.compile("without a phone"))
    field.click()
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("a")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(field).to_have_attribute("aria-activedescendant", "enter-option-0")
    fay.keyboard.press("ArrowDown")
    expect(fay.locator("#enter-option-1")).to_have_attribute("aria-selected", "true")
    expect(fay.locator("#status")).to_contain_text("3 found", timeout=SLOW)
    assert serious(fay) == []
    fay.keyboard.press("Escape")
    expect(field).to_have_value("")
    expect(field).to_have_attribute("aria-expanded", "false")


def test_who_is_not_there_yet_is_checked_in_by_the_last_suggestion(enter, hall):
    fay = enter("fay", "console")
    fay.keyboard.press("h")
    fay.keyboard.type("Yusuf")
    expect(fay.locator("#enter-list").get_by_role("option")).to_have_text(
        "Check in “Yusuf” without a phone"
    )
    fay.keyboard.press("Enter")
    expect(fay.get_by_role("group", name="What does Yusuf do?")).to_be_visible(timeout=SLOW)
    fay.keyboard.press("t")
    expect(fay.locator("#stack .lane")).to_contain_text("Yusuf", timeout=SLOW)


def test_a_raised_arm_is_entered_and_can_be_taken_back_on_that_phone(enter, hall):
    ana, fay = enter("ana"), enter("fay", "console")
    fay.keyboard.press("h")
    fay.keyboard.type("an")
    fay.keyboard.press("Enter")
    fay.keyboard.press("h")
    expect(ana.locator("#entered")).to_contain_text("Entered for you by Fay", timeout=SLOW)
    ana.get_by_role("button", name=re.compile("Take it back")).click()
    expect(fay.locator("#stack .hands")).not_to_contain_text("Ana", timeout=SLOW)
    fay.keyboard.type("an")
    fay.keyboard.press("Enter")
    fay.get_by_role("button", name="Phone is dead").click()
    expect(fay.locator("#person-" + hall.key("ana"))).to_have_attribute("data-phone", "no")


def test_without_javascript_the_same_form_enters_a_hand_and_a_signal(enter, hall):
    fay = enter("fay", "console", java_script_enabled=False)
    fay.locator("#enter-who").select_option(label="Ana")
    fay.locator("#enter").get_by_role("button", name="Raise hand").click()
    expect(fay.locator("#stack")).to_contain_text("entered by Fay")
    fay.locator("#enter-who").select_option(label="Ben")
    fay.locator("#enter").get_by_role("button", name="Disagree").click()
    expect(fay.locator("#signals")).to_contain_text("1 disagree.")


def test_the_room_is_counted_by_numbers_that_stay_in_the_fields(enter, hall):
    act(hall, "fay", "check_in", heads=20)
    ana, fay = enter("ana"), enter("fay", "console")
    counting = fay.locator(".of-signals")
    counting.get_by_label("Agree", exact=True).fill("14")
    counting.get_by_role("button", name="Count").click()
    expect(ana.locator("#signals")).to_contain_text("Counted by Fay: 14 agree.", timeout=SLOW)
    fay.reload()
    expect(counting.get_by_label("Agree", exact=True)).to_have_value("14")
    expect(fay.locator(".of-question")).to_be_hidden()
    act(hall, "fay", "check_in", heads=0)
    expect(counting).to_be_hidden(timeout=SLOW)


def three_hands(hall) -> None:
    """Have three people wait: Ana, Ben, Cleo."""
    hall.stage("Ana", "Ben", "Cleo")
    act(hall, "ana", "raise_hand")
    act(hall, "ben", "raise_hand")
    act(hall, "fay", "raise_hand", **{"for": hall.key("cleo")})


def order(page) -> list[str]:
    """Return the names on the stack as a screen shows them."""
    return page.locator("#stack .hands .name").all_inner_texts()


def test_a_move_by_keyboard_asks_for_a_reason_that_a_phone_shows(enter, hall):
    three_hands(hall)
    ana, fay = enter("ana"), enter("fay", "console")
    fay.locator("#stack .hands li", has_text="Cleo").get_by_role("button", name="Call").focus()
    held = focused(fay)
    fay.keyboard.press("Alt+ArrowUp")
    sheet = fay.get_by_role("dialog", name="Move “Cleo” to place 2")
    expect(sheet).to_be_visible()
    act(hall, "ben", "show_signal", signal="agree")
    expect(fay.locator("#signals .agree .count")).to_have_text("1", timeout=SLOW)
    expect(sheet).to_be_visible()
    sheet.get_by_label("In your own words").fill("has the figures we need")
    fay.keyboard.press("Enter")
    expect(sheet).to_be_hidden()
    row = ana.locator("#stack .hands li").nth(1)
    expect(row).to_contain_text("moved by Fay: has the figures we need", timeout=SLOW)
    assert order(ana) == ["Ana", "Cleo", "Ben"]
    expect(fay.locator("#stack .hands li").nth(1)).to_contain_text("Cleo", timeout=SLOW)
    assert focused(fay) == held


def test_a_hand_goes_to_the_top_by_a_button_and_a_ready_reason(enter, hall):
    three_hands(hall)
    fay = enter("fay", "console")
    expect(fay.locator("#stack .moves").first).to_be_hidden()
    fay.locator("#reorder-stack").click()
    row = fay.locator("#stack .hands li", has_text="Cleo")
    size = row.locator(".moves button").first.bounding_box()
    assert min(size["width"], size["height"]) >= 44
    row.get_by_role("button", name="To the top").click()
    fay.get_by_role("button", name="has to leave and asked to go first").click()
    expect(fay.locator("#stack .hands li").first).to_contain_text("asked to go first", timeout=SLOW)
    expect(fay.locator("#reorder-stack")).to_have_attribute("aria-pressed", "true")


def drag(page, start, end) -> None:
    """Drag with a finger from one point to another."""
    touch = page.context.new_cdp_session(page)
    for kind, points in (
        ("touchStart", [start]),
        ("touchMove", [(start[0], (start[1] + end[1]) / 2)]),
        ("touchMove", [end]),
        ("touchEnd", []),
    ):
        spots = [{"x": x, "y": y} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots})


def middle(box) -> tuple[float, float]:
    """Return the middle of a box."""
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_hand_is_dragged_by_a_finger(enter, hall):
    three_hands(hall)
    fay = enter(
        "fay", "console", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    fay.get_by_role("link", name="Floor").click()
    fay.locator("#reorder-stack").click()
    rows = fay.locator("#stack .hands li")
    handle = rows.nth(2).locator(".handle")
    handle.evaluate("one => one.scrollIntoView({block: 'center'})")
    top = rows.first.bounding_box()
    drag(fay, middle(handle.bounding_box()), (200, top["y"] + 4))
    sheet = fay.get_by_role("dialog", name="Move “Cleo” to place 1")
    expect(sheet).to_be_visible()
    sheet.get_by_role("button", name="speaks for the first time").click()
    expect(rows.first).to_contain_text("Cleo", timeout=SLOW)


def test_items_are_moved_without_a_reason(enter, hall):
    act(hall, "fay", "add_item", title="Garden", minutes=5)
    ana, fay = enter("ana"), enter("fay", "console")
    row = fay.locator("#agenda .item", has_text="Garden")
    row.get_by_role("button", name="Take up").focus()
    fay.keyboard.press("Alt+ArrowUp")
    titles = ana.locator("#agenda .title")
    expect(titles.nth(2)).to_have_text("Garden", timeout=SLOW, use_inner_text=False)
    fay.locator("#reorder-agenda").click()
    row.get_by_role("button", name="Down").click()
    expect(titles.nth(3)).to_have_text("Garden", timeout=SLOW, use_inner_text=False)


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize("tab", ["Now", "Floor", "Agenda"])
def test_the_console_fits_a_phone(enter, hall, width, tab):
    three_hands(hall)
    act(hall, "fay", "check_in", heads=20)
    fay = enter("fay", "console", viewport={"width": width, "height": 640})
    fay.get_by_role("link", name=tab).click()
    fay.wait_for_timeout(300)

    assert fay.evaluate("document.documentElement.scrollWidth") <= width
    small = fay.evaluate("""() => [...document.querySelectorAll("main :is(button, summary)")]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
        .map((one) => one.id || one.textContent.trim().slice(0, 30))""")
    assert small == []
    big = fay.locator("#act-primary").bounding_box()
    assert 640 - 80 < big["y"] + big["height"] <= 640
    columns = [fay.locator(f".at-{name}").is_visible() for name in ("floor", "agenda")]
    assert columns == [tab == "Floor", tab == "Agenda"]


def test_a_facilitator_with_only_a_phone_runs_the_floor(enter, hall):
    act(hall, "ana", "raise_hand")
    fay = enter("fay")
    fay.get_by_role("link", name="Open the console").click()
    expect(fay.get_by_role("button", name="Call Ana").first).to_be_visible()
    fay.get_by_role("link", name="Floor").click()
    fay.locator("#act-primary").click()
    expect(fay.locator("#floor .speaker")).to_contain_text("Ana", timeout=SLOW)
    act(hall, "fay", "give_role", role="greeter", who=hall.key("ben"))
    ben = enter("ben")
    ben.get_by_role("link", name="Open the console").click()
    expect(ben.locator("#tabs")).to_be_visible()
    ben.get_by_role("link", name="Floor").click()
    expect(ben.get_by_role("combobox", name=re.compile("without a phone"))).to_be_visible()


def test_everyone_else_answers_by_one_press(enter, hall):
    old_neighbours(hall)
    fay = enter("fay", "console")
    row = fay.locator("#signals .everyone-else")
    expect(row).to_contain_text("Everyone else without a phone (2)")
    row.get_by_role("button", name="Agree", exact=True).click()
    expect(fay.locator("#signals .agree .count")).to_have_text("2", timeout=SLOW)
    expect(row).to_have_count(0)


def test_what_the_facilitator_alone_is_told(enter, hall):
    hall.stage("Ana", optional_signals=["unsure", "wrap_up", "language"])
    ana, fay = enter("ana"), enter("fay", "console")
    pad(ana, "Say it more simply").click()
    expect(fay.locator("#flag-told")).to_have_text(
        "1 asks for simpler words or a translation.", timeout=SLOW
    )
    expect(ana.locator("#flag-told")).to_be_hidden()
    assert ana.evaluate("document.documentElement.scrollWidth") <= 360
