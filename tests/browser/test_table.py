"""A proposal on the console and on the wall: one button, a block that is heard, keys alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import serious
from tests.browser.test_stories import SLOW, act

pytestmark = pytest.mark.browser
TEXT = "We refuse the increase of 1 May and write to the landlord together."
BETTER = "We refuse the increase of 1 May. Who wants to writes to the landlord."
NINE = ("Ana", "Ben", "Cleo", "Dana", "Eli", "Flo", "Gus", "Hal")
REASONS = {"reason": "Not all of us can sign.", "principle": "nobody faces retaliation alone"}


def on_the_table(hall, *people: str, phase: str = "", kind: str = "ordinary", **assembly) -> None:
    """Open a meeting with a proposal of Ana on the open item, led to a phase of the talk."""
    hall.stage(*people, **assembly)
    put = {"proposal": "p1", "title": "Refuse the increase", "text": TEXT, "class": kind}
    act(hall, "ana", "put_forward", **put)
    if phase:
        act(hall, "fay", "present_proposal", proposal="p1")
        act(hall, "fay", "set_phase", phase=phase)


def answer(hall, *names: str, position: str = "agree", **more) -> None:
    """Have people answer the open test on their own phones."""
    for name in names:
        act(hall, name, "take_position", position=position, **more)


def blocked(hall) -> None:
    """Have Dana block a proposal that everybody else agrees to."""
    on_the_table(hall, "Ana", "Ben", "Dana", phase="discussion")
    act(hall, "fay", "open_test")
    answer(hall, "fay", "ana", "ben")
    answer(hall, "dana", position="block", **REASONS)
    act(hall, "fay", "close_test")


def big(page):
    """Return the one big button of a console."""
    return page.locator("#act-primary")


def takes_taps(button) -> None:
    """Wait until a button that has come to mean something new takes taps and keys again."""
    expect(button).not_to_have_attribute("aria-disabled", "true", timeout=SLOW)


def press(page, words: str) -> None:
    """Press the big button once it says this and takes taps."""
    expect(big(page)).to_contain_text(words, timeout=SLOW)
    takes_taps(big(page))
    big(page).click()


def test_nine_people_decide_a_routine_matter_with_one_button_and_one_tap_each(enter, hall):
    on_the_table(hall, *NINE[:8], kind="routine")
    ana, ben, fay = enter("ana"), enter("ben"), enter("fay", "console")
    press(fay, "Present “Refuse the increase”")
    press(fay, "Go on: Discussion")
    press(fay, "Test for consensus on version 1")
    for phone in (ana, ben):
        expect(phone.locator("#position-agree")).to_be_visible(timeout=SLOW)
        expect(phone.locator("#pad[data-fresh]")).to_have_count(0)
        phone.locator("#position-agree").click()
    expect(fay.locator("#test .agree .count")).to_have_text("2", timeout=SLOW)
    expect(fay.locator(".primary-act")).to_contain_text("7 have not answered.")
    answer(hall, "fay", *(name.lower() for name in NINE[2:8]))
    press(fay, "Close the test")
    press(fay, "Record the decision")
    expect(ana.locator("#decisions")).to_contain_text("D-1", timeout=SLOW)
    press(fay, "Finish “Rent increase”")
    expect(big(fay)).to_contain_text("Take up “Welcome”", timeout=SLOW)


def test_a_block_is_heard_met_and_the_new_version_recorded_and_the_wall_names_nobody(enter, hall):
    blocked(hall)
    fay, wall = enter("fay", "console"), enter("ben", "wall")
    expect(wall.locator("#test")).to_contain_text("Blocked by 1. Next: hear the block.")
    expect(wall.locator("body")).to_contain_text("One block stops a proposal until it is met.")
    expect(wall.locator("#test")).not_to_contain_text("Dana")
    expect(fay.locator("#test .blocks")).to_contain_text("Dana · nobody faces retaliation alone")
    expect(fay.locator("#move-test")).to_have_attribute("aria-disabled", "true")
    expect(fay.locator("#move-test-why")).to_contain_text("It is blocked.")
    press(fay, "Hear the block of Dana")
    expect(wall.locator("#floor")).to_contain_text("Hearing", timeout=SLOW)
    press(fay, "Go on: Amending")
    expect(wall.locator("#now")).to_contain_text("Amending", timeout=SLOW)
    act(hall, "ben", "offer_amendment", text=BETTER, amendment="a1")
    expect(fay.locator(".amendment ins").first).to_contain_text("Who wants to", timeout=SLOW)
    act(hall, "ana", "accept_amendment", amendment="a1")
    expect(wall.locator("#proposal ins").first).to_contain_text("Who wants to", timeout=SLOW)
    press(fay, "Test for consensus on version 2")
    answer(hall, "fay", "ana", "ben", "dana")
    press(fay, "Close the test")
    press(fay, "Record the decision")
    expect(wall.locator("#proposal .decision")).to_contain_text("Decision D-1", timeout=SLOW)


def test_a_whole_test_is_led_with_keys_alone(enter, hall):
    on_the_table(hall, "Ana", "Ben", phase="discussion")
    act(hall, "fay", "check_in", name="Wim", phone=False)
    fay = enter("fay", "console")
    keys = fay.keyboard
    keys.press("c")
    expect(fay.locator("#test-title")).to_contain_text("Temperature check", timeout=SLOW)
    keys.press("h")
    keys.type("wi")
    keys.press("Enter")
    keys.press("u")
    expect(fay.locator("#check .level-up .count")).to_have_text("1", timeout=SLOW)
    takes_taps(fay.locator("#move-check"))
    fay.locator("#move-check").focus()
    keys.press("c")
    expect(fay.locator("#move-check")).to_contain_text("30 seconds", timeout=SLOW)
    keys.press("v")
    expect(fay.locator("#test-title")).to_contain_text("Test for consensus", timeout=SLOW)
    expect(fay.locator("#move-close-test")).to_have_attribute("aria-disabled", "true")
    expect(fay.locator("#move-close-test .count")).to_contain_text("(")
    keys.press("h")
    keys.type("wi")
    keys.press("Enter")
    keys.press("r")
    expect(fay.locator("#test .reservations .count")).to_have_text("1", timeout=SLOW)
    answer(hall, "fay", "ana", "ben")
    expect(fay.locator("#move-close-test")).not_to_have_attribute("aria-disabled", "true")
    fay.locator("#move-close-test").focus()
    keys.press("v")
    expect(fay.locator("#test .outcome")).to_contain_text("Consensus.", timeout=SLOW)
    takes_taps(fay.locator("[data-key~=d]:visible").first)
    keys.press("d")
    expect(fay.locator("#proposal .decision")).to_contain_text("Decision D-1", timeout=SLOW)


def test_a_block_of_somebody_without_a_phone_is_entered_with_its_reasons(enter, hall):
    on_the_table(hall, "Ana", "Ben", phase="discussion")
    act(hall, "fay", "check_in", name="Wim", phone=False)
    fay = enter("fay", "console")
    expect(fay.locator("#block-tools")).to_be_hidden()
    act(hall, "fay", "open_test")
    expect(fay.locator("#block-tools")).to_be_visible(timeout=SLOW)
    fay.keyboard.press("h")
    fay.keyboard.type("wi")
    fay.keyboard.press("Enter")
    expect(fay.locator("#enter-agree")).to_be_hidden()
    fay.keyboard.press("x")
    expect(fay.get_by_label("Why, in their words")).to_be_focused()
    fay.keyboard.type("The letter names us all.")
    fay.get_by_label("Which principle it goes against").fill("nobody faces retaliation alone")
    fay.get_by_role("button", name="Enter the block").click()
    expect(fay.locator("#test .blocks")).to_contain_text("Wim", timeout=SLOW)
    expect(fay.locator("#test .blocks")).to_contain_text("The letter names us all.")
    fay.keyboard.press("h")
    fay.keyboard.type("an")
    fay.keyboard.press("Enter")
    expect(fay.locator("#enter-test-agree")).to_be_hidden()
    expect(fay.locator("#enter-hand")).to_be_focused()


def test_people_without_names_and_everyone_else_answer_by_number_and_by_one_press(enter, hall):
    on_the_table(hall, "Ana", "Ben", phase="discussion")
    act(hall, "fay", "check_in", name="Wim", phone=False)
    act(hall, "fay", "check_in", heads=12)
    fay, wall = enter("fay", "console"), enter("ben", "wall")
    expect(fay.locator(".of-test")).to_be_hidden()
    act(hall, "fay", "open_test")
    expect(fay.locator(".of-test")).to_be_visible(timeout=SLOW)
    fay.locator(".of-test").get_by_label("Agree", exact=True).fill("11")
    fay.locator(".of-test").get_by_label("Stand aside", exact=True).fill("1")
    fay.locator(".of-test").get_by_role("button", name="Count").click()
    expect(wall.locator("#test")).to_contain_text("12 of them without names, counted by Fay")
    fay.locator("#act-else-take_position-agree").click()
    expect(wall.locator("#test .agree .count")).to_have_text("12", timeout=SLOW)


def test_without_javascript_a_test_is_opened_answered_and_refused_in_words(enter, hall):
    on_the_table(hall, "Ana", "Ben", phase="discussion")
    act(hall, "fay", "check_in", name="Wim", phone=False)
    fay = enter("fay", "console", java_script_enabled=False)
    fay.locator("#move-test").click()
    fay.locator("#enter-who").select_option(label="Wim")
    fay.locator("#enter-test-agree").click()
    expect(fay.locator("#test .agree .count")).to_have_text("1")
    fay.locator("#move-close-test").click()
    expect(fay.locator("#notices")).to_contain_text("A test stays open for 20 seconds")
    fay.locator("#block-tools summary").click()
    fay.locator("#block-who").select_option(label="Wim")
    fay.locator("#block-reason").fill("It is too early.")
    fay.locator("#block-principle").fill("we do not hurry")
    fay.get_by_role("button", name="Enter the block").click()
    expect(fay.locator("#test .block .count")).to_have_text("1")


def test_what_was_decided_on_paper_and_a_task_are_written_down_and_confirmed(enter, hall):
    on_the_table(hall, "Ana", "Ben")
    fay, ana, ben = enter("fay", "console"), enter("ana"), enter("ben")
    fay.locator("#decision-tools summary").click()
    fay.locator("#paper-title").fill("Keys")
    fay.locator("#paper-text").fill("Ana keeps the keys.")
    fay.locator("#paper-how").fill("by hands")
    fay.get_by_role("button", name="Record", exact=True).click()
    rows = fay.locator("#decisions")
    expect(rows).to_contain_text("provisional: confirmed by 0 of 2", timeout=SLOW)
    fay.locator("#task-what").fill("Cut two keys")
    fay.locator("#decision-tools").get_by_role("button", name="Add").click()
    expect(rows.locator(".unheld")).to_contain_text("needs a holder", timeout=SLOW)
    expect(rows.get_by_role("button", name="So it was decided")).to_be_hidden()
    for phone in (ana, ben):
        phone.get_by_role("button", name="So it was decided").click(timeout=SLOW)
    expect(rows).not_to_contain_text("provisional", timeout=SLOW)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_while_something_is_decided(enter, hall, scheme):
    blocked(hall)
    for surface, who in (("console", "fay"), ("wall", "ben")):
        page = enter(who, surface, color_scheme=scheme)
        page.wait_for_timeout(300)
        for fold in page.locator("details.tools").all():
            fold.evaluate("one => one.setAttribute('open', '')")
        assert serious(page) == []
    small = enter("fay", "console", viewport={"width": 360, "height": 740})
    assert small.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("length", [60, 300, 600, 900, 1400, 9000])
def test_a_wall_shows_texts_of_any_length_without_scrolling(enter, hall, length):
    hall.stage("Ana", "Ben")
    text = ("We refuse the increase of 1 May together. " * 300)[:length]
    act(hall, "ana", "put_forward", proposal="p1", title="Refuse the increase", text=text)
    act(hall, "fay", "present_proposal", proposal="p1")
    act(hall, "fay", "open_check", seconds=60)
    wall = enter("ben", "wall")
    wall.wait_for_timeout(300)

    assert wall.evaluate("document.documentElement.scrollHeight") <= 1080
    whole, shown = wall.evaluate(
        "(() => { const one = document.querySelector('#proposal .text');"
        " return [one.scrollHeight, one.clientHeight]; })()"
    )
    assert (whole <= shown + 2) == (length <= 1400)
    assert wall.get_by_text("The whole text is on the phones.").is_visible() == (length > 1400)
