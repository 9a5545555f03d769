"""A test for consensus as members have it in their hands: positions, a block, a lost connection."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import serious
from tests.browser.test_stories import COUNT_SOCKETS, SLOW, act, connected, drop_socket

pytestmark = pytest.mark.browser
PRINCIPLES = ["Nobody faces retaliation alone", "We ask those affected first"]
REASON = "Three of us have no lease and would be put out first."
PRESSED = ("aria-pressed", "true")


@pytest.fixture
def hall(house):
    """A fresh meeting of four, with principles of its own."""
    house.stage("Ana", "Ben", "Cem", principles=PRINCIPLES)
    return house


@pytest.fixture(autouse=True)
def countable_sockets(browser, monkeypatch):
    """Let a story cut sockets."""
    opens = type(browser).new_context

    def new_context(self, **given):
        context = opens(self, **given)
        context.add_init_script(COUNT_SOCKETS)
        return context

    monkeypatch.setattr(type(browser), "new_context", new_context)


def discussed(hall) -> None:
    """Have a proposal of Ana's talked about."""
    said = {"title": "Refuse the increase", "text": "We refuse the increase of 1 May."}
    act(hall, "ana", "put_forward", proposal="p1", **said)
    act(hall, "fay", "present_proposal", proposal="p1")
    act(hall, "fay", "set_phase", phase="discussion")


def tested(hall) -> None:
    """Have everybody asked for a position on it."""
    discussed(hall)
    act(hall, "fay", "open_test")


def answer(page, code: str):
    """Return the key of a position, once it takes taps."""
    key = page.locator(f"#position-{code}")
    expect(key).to_be_visible(timeout=SLOW)
    expect(page.locator("#pad[data-fresh]")).to_have_count(0)
    return key


def lose(page) -> None:
    """Take the connection of a phone away."""
    drop_socket(page)
    page.context.set_offline(True)


def asked_in(hall) -> dict:
    """Return what the server knows of the test."""
    return hall.tell()["state"]["proposal"]["test"]


def test_agree_stand_aside_and_block_are_taken_on_three_phones(enter, hall):
    discussed(hall)
    ana, ben, cem = enter("ana"), enter("ben"), enter("cem")
    before = ana.locator("#pad-agree").bounding_box()
    act(hall, "fay", "open_test")
    question = "Test for consensus on version 1: Refuse the increase"
    for phone in (ana, ben, cem):
        expect(phone.locator("#asked-title")).to_contain_text(question, timeout=SLOW)
        expect(phone.locator("#alert")).to_contain_text(question)
        expect(phone.locator("#pad-agree")).to_be_hidden()

    ana.locator("#position-block summary, #position-agree").last.click(force=True)
    assert asked_in(hall)["answered"] == 0, "a tap in the first second is no answer"
    answer(ana, "agree").click()
    expect(ana.locator("#position-agree")).to_have_attribute(*PRESSED)
    answer(ben, "stand_aside").click()
    expect(ben.locator("#position-stand_aside")).to_have_attribute(*PRESSED)
    ben.get_by_label("Why? If you like to say").fill("I will be away.")
    ben.locator("#why-send").click()
    expect(ben.locator("#status")).to_contain_text("Accepted", timeout=SLOW)
    expect(ben.locator("#why-reason")).to_have_value("I will be away.")

    answer(cem, "block").click()
    expect(cem.locator("#block-reason")).to_be_focused()
    expect(ana.locator("#test")).to_contain_text("1 person is writing a block", timeout=SLOW)
    cem.keyboard.type(REASON[:20])
    for _turn in range(4):
        act(hall, "fay", "raise_hand")
        act(hall, "fay", "lower_hand")
    expect(cem.locator("#block-reason")).to_be_focused()
    lose(cem)
    cem.keyboard.type(REASON[20:40])
    cem.context.set_offline(False)
    expect(cem.locator("#line")).to_be_hidden(timeout=15_000)
    cem.reload()
    expect(cem.locator("#block-reason")).to_have_value(REASON[:40])
    expect(cem.locator("#block-reason")).to_be_focused()
    cem.locator("#block-reason").fill(REASON)
    cem.get_by_label(PRINCIPLES[0]).check()
    cem.get_by_role("button", name="Yes, I block this").click()
    expect(cem.locator("#block-reason")).to_be_hidden(timeout=SLOW)
    expect(cem.locator("#position-block")).to_contain_text("your answer")

    act(hall, "fay", "take_position", position="agree")
    act(hall, "fay", "close_test")
    said = (
        "Test closed. 2 agree, 1 stands aside, 1 blocks. The proposal is blocked. "
        "Next: hearing the block."
    )
    for phone in (ana, ben, cem):
        expect(phone.locator("#alert")).to_have_text(said, timeout=SLOW)
        expect(phone.locator("#asked")).to_be_hidden()
        expect(phone.locator("#unsent")).to_be_hidden()
    assert ana.locator("#pad-agree").bounding_box() == before

    expect(ana.locator("#my-block")).to_be_hidden()
    cem.locator("#my-block-reason").fill("They were asked.")
    cem.get_by_role("button", name="Stand aside instead").click()
    expect(cem.locator("#my-block")).to_be_hidden(timeout=SLOW)
    assert hall.tell()["state"]["proposal"]["blocks"][0]["standing"] is False


def test_what_was_not_sent_before_the_test_closed_can_be_copied(enter, hall):
    tested(hall)
    cem = enter("cem")
    answer(cem, "block").click()
    cem.locator("#block-reason").fill(REASON)
    cem.get_by_role("radio", name="In my own words").check()
    cem.locator("#block-principle").fill("a roof for all")
    act(hall, "cem", "take_position", position="agree")
    for who in ("ana", "ben", "fay"):
        act(hall, who, "take_position", position="agree")
    act(hall, "fay", "close_test")

    for _time in range(2):
        expect(cem.locator("#unsent")).to_contain_text(
            re.compile(r"The test closed at \d\d:\d\d:\d\d\. What you wrote was not sent"),
            timeout=SLOW,
        )
        expect(cem.locator("#unsent-text")).to_have_value(f"{REASON}\n\na roof for all")
        expect(cem.locator("#block-reason")).to_be_hidden()
        cem.reload()
    cem.get_by_role("button", name="Put it away").click()
    cem.reload()
    expect(cem.locator("#pad-hand")).to_be_visible()
    expect(cem.locator("#unsent")).to_be_hidden()


def test_an_answer_given_offline_counts_before_closing_and_not_after(enter, hall):
    discussed(hall)
    first, second = enter("ben"), enter("ben")
    connected(first)
    lose(first)
    act(hall, "fay", "open_test")
    answer(second, "agree")
    first.context.set_offline(False)
    answer(first, "reservations")
    lose(first)
    first.locator("#position-reservations").click()
    expect(first.locator("#position-reservations")).to_have_attribute("aria-busy", "true")
    assert asked_in(hall)["answered"] == 0
    first.context.set_offline(False)
    for phone in (first, second):
        expect(phone.locator("#position-reservations")).to_have_attribute(*PRESSED, timeout=15_000)

    lose(second)
    second.locator("#position-agree").click()
    for who in ("ana", "cem", "fay"):
        act(hall, who, "take_position", position="agree")
    act(hall, "fay", "close_test")
    act(hall, "fay", "set_phase", phase="discussion")
    act(hall, "fay", "open_test")
    second.context.set_offline(False)

    refused = re.compile(r"The test closed at \d\d:\d\d:\d\d\. “Agree” was not counted\.")
    expect(second.locator("#notices")).to_contain_text(refused, timeout=15_000)
    for phone in (first, second):
        expect(phone.locator("#position-agree")).to_be_visible(timeout=15_000)
        expect(phone.locator("[data-mine][aria-pressed=true]")).to_have_count(0)
    assert asked_in(hall)["answered"] == 0, "what was meant for one test is no answer to the next"


def test_a_block_is_made_by_keyboard_and_put_away_by_it(enter, hall):
    tested(hall)
    cem, ana = enter("cem"), enter("ana")
    answer(cem, "block").focus()
    cem.keyboard.press("Enter")
    expect(cem.locator("#block-reason")).to_be_focused()
    cem.keyboard.type("No.")
    cem.keyboard.press("Escape")
    expect(cem.locator("#position-block")).to_be_focused()
    expect(ana.locator("#test")).not_to_contain_text("writing a block", timeout=SLOW)
    cem.keyboard.press("Enter")
    expect(cem.locator("#block-reason")).to_have_value("No.")
    expect(cem.locator("#block-reason")).to_be_focused()
    for key in ("Tab", "Space", "Tab", "Enter"):
        cem.keyboard.press(key)
    expect(cem.locator("#position-block")).to_contain_text("your answer", timeout=SLOW)
    assert asked_in(hall)["positions"]["block"] == 1


def test_without_javascript_a_position_is_taken_and_a_block_made(enter, hall):
    tested(hall)
    ana = enter("ana", java_script_enabled=False)
    expect(ana.locator("#asked-title")).to_contain_text("Test for consensus on version 1")
    ana.locator("#position-stand_aside").click()
    expect(ana.locator("#position-stand_aside")).to_have_attribute(*PRESSED)
    ana.get_by_label("Why? If you like to say").fill("I will be away.")
    ana.locator("#why-send").click()
    ana.locator("#position-block").click()
    ana.get_by_role("button", name="Tell the room that I am writing").click()
    expect(ana.locator("#test")).to_contain_text("1 person is writing a block")
    ana.locator("#block-reason").fill(REASON)
    ana.get_by_label(PRINCIPLES[1]).check()
    ana.get_by_role("button", name="Yes, I block this").click()
    expect(ana.locator("#position-block")).to_contain_text("your answer")
    assert asked_in(hall)["positions"]["block"] == 1


def test_a_check_and_a_vote_are_answered_with_one_tap(enter, house):
    house.stage("Ana", "Ben", "Cem", preset="ows_modified_90")
    discussed(house)
    ben = enter("ben")
    act(house, "fay", "open_check", seconds=30)
    expect(ben.locator("#asked-clock .digits")).to_have_text(re.compile(r"0:[23]\d"), timeout=SLOW)
    expect(ben.locator("#pad[data-fresh]")).to_have_count(0)
    ben.locator("#level-middle").click()
    expect(ben.locator("#level-middle")).to_have_attribute(*PRESSED)
    act(house, "fay", "open_test")
    for who in ("ana", "ben", "fay"):
        act(house, who, "take_position", position="agree")
    act(house, "cem", "take_position", position="block", reason=REASON, principle="a roof")
    act(house, "fay", "close_test")
    act(house, "fay", "hear_block", who=house.key("cem"))
    act(house, "fay", "open_vote")
    expect(ben.locator("#asked-title")).to_contain_text("Vote on version 1", timeout=SLOW)
    expect(ben.locator("#pad[data-fresh]")).to_have_count(0)
    ben.locator("#ballot-against").click()
    expect(ben.locator("#ballot-against")).to_have_attribute(*PRESSED)
    assert house.tell()["state"]["proposal"]["vote"]["against"] == 1


def test_where_nobody_blocks_people_disagree_and_then_answer_yes_or_no(enter, house):
    house.stage("Ana", "Ben", "Cem", preset="open_decisions_two_thirds")
    discussed(house)
    ben, wall, fay = enter("ben"), enter("fay", "wall"), enter("fay", "console")
    for _round in range(2):
        act(house, "fay", "open_test")
        for who in ("ana", "cem", "fay"):
            act(house, who, "take_position", position="agree")
        expect(ben.locator(".for-test .key")).to_have_count(4)
        expect(ben.locator("#pad[data-fresh]")).to_have_count(0)
        ben.locator("#position-disagree").click()
        expect(ben.locator("#position-disagree")).to_have_attribute(*PRESSED)
        assert not serious(ben)
        act(house, "fay", "close_test")
    expect(wall.locator("#test")).to_contain_text("Degree of agreement: 3/4, 75.00 %.")
    fay.locator("#act-primary").click()
    expect(ben.locator("#asked-title")).to_contain_text("override the remaining objections?")
    expect(ben.locator("#pad[data-fresh]")).to_have_count(0)
    expect(ben.locator("#ballot-against")).to_have_text("No")
    ben.locator("#ballot-against").click()
    expect(ben.locator("#ballot-against")).to_have_attribute(*PRESSED)
    for who, choice in (("ana", "for"), ("fay", "for"), ("cem", "against")):
        act(house, who, "cast_ballot", choice=choice)
    act(house, "fay", "close_vote")
    for page in (ben, wall):
        expect(page.locator("#test")).to_contain_text("may act in their own name, quoting it.")
    assert not serious(wall)


def test_others_judge_a_block_and_who_blocks_does_not(enter, house):
    house.stage("Ana", "Ben", "Cem", preset="evaluated_block")
    tested(house)
    for who in ("ana", "fay"):
        act(house, who, "take_position", position="agree")
    for who in ("ben", "cem"):
        act(house, who, "take_position", position="block", reason=REASON, principle="a roof")
    act(house, "fay", "close_test")
    act(house, "fay", "hear_block", who=house.key("cem"))
    ana, ben = enter("ana"), enter("ben")
    expect(ana.locator("#test .judging")).to_have_count(1)
    ana.get_by_role("button", name="It does not").click()
    expect(ana.get_by_role("button", name="It does not")).to_have_attribute(*PRESSED)
    expect(ben.locator("#test")).to_contain_text("1 of 2 have answered", timeout=SLOW)
    expect(ben.locator("#test .judging")).to_be_hidden()


def test_a_concern_is_met_and_an_amendment_taken_by_who_may(enter, hall):
    discussed(hall)
    ana, ben = enter("ana"), enter("ben")
    ben.locator("#to-say > summary").click()
    ben.locator("#say-concern > summary").click()
    ben.get_by_label("What worries you?").fill("Who pays the lawyer?")
    ben.locator("#concern-send").click()
    expect(ana.locator("#proposal .concerns")).to_contain_text("the lawyer", timeout=SLOW)
    expect(ana.get_by_role("button", name="It is met")).to_be_hidden()

    ben.locator("#say-amendment > summary").click()
    text = ben.locator("#amend-text")
    expect(text).to_have_value("We refuse the increase of 1 May.")
    text.press("End")
    ben.keyboard.type(" The union pays")
    act(hall, "ana", "raise_hand")
    act(hall, "ana", "raise_concern", text="And what then?")
    expect(ben.locator("#proposal")).to_contain_text("And what then?", timeout=SLOW)
    expect(text).to_be_focused()
    ben.reload()
    expect(text).to_have_value("We refuse the increase of 1 May. The union pays")
    for fold in ("#to-say", "#say-amendment"):
        ben.locator(f"{fold} > summary").click()
    ben.locator("#amend-send").click()
    expect(ana.get_by_role("button", name="Accept")).to_be_visible(timeout=SLOW)
    expect(ben.locator("#proposal .amendment")).to_be_visible(timeout=SLOW)
    expect(ben.get_by_role("button", name="Accept")).to_be_hidden()
    for who in ("ana", "ben", "cem", "fay"):
        if who == "ana":
            act(hall, "fay", "open_test")
        act(hall, who, "take_position", position="agree")
    act(hall, "fay", "close_test")
    ana.get_by_role("button", name="Accept").click()
    expect(ben.locator("#proposal")).to_contain_text("v2", timeout=SLOW)
    told = "A new version: your position on version 1 does not count for it."
    expect(ben.locator("#outdated")).to_have_text(told, timeout=SLOW)
    ben.get_by_role("button", name="It is met").click()
    expect(ana.locator("#proposal .concerns")).to_contain_text("met", timeout=SLOW)
    act(hall, "fay", "set_phase", phase="discussion")
    act(hall, "fay", "open_test")
    expect(ben.locator("#outdated")).to_be_hidden(timeout=SLOW)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360])
def test_axe_finds_no_serious_fault_and_the_pad_fits(enter, hall, width, scheme):
    tested(hall)
    cem = enter("cem", viewport={"width": width, "height": 640}, color_scheme=scheme)
    answer(cem, "stand_aside").click()
    expect(cem.locator("#why-reason")).to_be_visible()
    cem.wait_for_timeout(300)
    assert serious(cem) == []
    pad = cem.locator("#pad").bounding_box()
    question = cem.locator("#asked-title").bounding_box()
    assert pad["height"] <= {320: 480, 360: 440}[width]
    assert question["y"] >= 160
    small = cem.evaluate("""() => [...document.querySelectorAll("#pad :is(button, summary)")]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
        .map((one) => one.id)""")
    assert small == []
    answer(cem, "block").click()
    cem.wait_for_timeout(300)
    assert serious(cem) == []
    assert cem.evaluate("document.documentElement.scrollWidth") <= width
