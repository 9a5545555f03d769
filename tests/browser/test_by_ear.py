"""The meeting by ear and by keyboard: what is announced, when, and how urgently (DOMAIN.md 6.3)."""

import re
import time
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from bench.crowd import WATCH
from tests.browser.test_stories import act

pytestmark = pytest.mark.browser
SLOW = 15_000  # ms
APART = 4900  # ms between two polite messages, five seconds less what a timer may be early

# Keeps what a screen reader would say: each new text of the two live regions, with its time.
EARS = """
window.heard = [];
document.addEventListener("DOMContentLoaded", () => {
  for (const id of ["status", "alert"]) {
    const region = document.getElementById(id);
    new MutationObserver(() => {
      const text = region.textContent.trim();
      if (text) window.heard.push({ role: region.getAttribute("role"), text, at: Date.now() });
    }).observe(region, { childList: true, characterData: true, subtree: true });
  }
});
"""
# All that may interrupt: DOMAIN.md 6.3.
URGENT = re.compile(
    r"You are next|It is your turn|A question to the room:.*Silence means yes\."
    r"|.* takes a role: .*|Last call: .*|The stack is closed.*"
    r"|Connection lost\..*|Connection restored\."
)


@pytest.fixture
def ana(enter, hall):
    """Ana sees no screen; Ben and Cem are members, Fay facilitates."""
    hall.stage("Ana", "Ben", "Cem")
    page = enter("ana")
    for script in (EARS, WATCH):
        page.context.add_init_script(script)
    page.reload()
    expect(page.locator("#pad-hand")).to_be_visible()
    return page


def heard(page, role: str) -> list[dict]:
    """Return what was said in one of the live regions."""
    return [one for one in page.evaluate("window.heard") if one["role"] == role]


def hears(page, text: str, role: str = "alert") -> None:
    """Wait until something is said."""
    page.wait_for_function(
        "([role, text]) => heard.some((one) => one.role === role && one.text.includes(text))",
        arg=[role, text],
        timeout=SLOW,
    )


def go_to(page, name: str, key: str = "Tab") -> None:
    """Move through the page by keyboard until a control has the focus."""
    for _step in range(80):
        if page.evaluate("document.activeElement.id") == name:
            return
        page.keyboard.press(key)
    raise AssertionError(f"{name} was never reached by {key}")


def calm(page) -> None:
    """Fail where polite messages came closer than five seconds, or something urgent that is not."""
    times = [one["at"] for one in heard(page, "status")]
    gaps = [later - sooner for sooner, later in pairwise(times)]
    assert all(gap >= APART for gap in gaps), gaps
    loud = [one["text"] for one in heard(page, "alert")]
    assert [text for text in loud if not URGENT.fullmatch(text)] == []


def test_somebody_who_sees_no_screen_raises_a_hand_is_called_and_passes(ana, hall):
    for name in ("Now", "Stack", "My signals", "Room"):
        expect(ana.get_by_role("region", name=name, exact=True)).to_have_count(1)
    act(hall, "ben", "raise_hand")
    act(hall, "cem", "raise_hand")
    expect(ana.locator("#stack")).to_contain_text("Cem", timeout=SLOW)

    go_to(ana, "pad-hand")
    expect(ana.locator("#pad-hand")).to_have_accessible_name("Raise hand, not raised")
    ana.keyboard.press("Enter")
    expect(ana.locator("#pad-hand")).to_have_accessible_name(
        "Hand raised, you are number 3", timeout=SLOW
    )
    expect(ana.locator("#pad-hand")).to_have_attribute("aria-pressed", "true")
    hears(ana, "You are number 3 on the stack.", "status")
    assert ana.evaluate("document.activeElement.id") == "pad-hand"

    time.sleep(4)  # who is first by a tap just made knows it; this tap is longer ago
    act(hall, "fay", "call_next")
    expect(ana.locator("#pad-hand")).to_have_accessible_name(
        "Hand raised, you are number 2", timeout=SLOW
    )
    act(hall, "fay", "call_next")
    hears(ana, "You are next")
    act(hall, "fay", "call_next")
    hears(ana, "It is your turn")

    assert ana.evaluate("document.activeElement.id") == "pad-hand"
    go_to(ana, "act-my-pass", "Shift+Tab")
    ana.keyboard.press("Enter")
    expect(ana.locator("#floor")).to_contain_text("Nobody has the floor", timeout=SLOW)
    assert hall.tell()["kinds"]["stack.turn_passed"] == 1
    assert [one["text"] for one in heard(ana, "alert")] == ["You are next", "It is your turn"]
    calm(ana)


def test_a_busy_room_is_told_calmly_and_only_what_is_urgent_interrupts(ana, hall):
    signals = ("agree", "disagree", "unsure")
    until = time.monotonic() + 13
    turn = 0
    while time.monotonic() < until or turn < 21:  # a busy room, however busy the machine
        turn += 1
        act(hall, ("ben", "cem")[turn % 2], "show_signal", signal=signals[turn % 3])
        if turn % 4 == 0:
            act(hall, "ben", ("raise_hand", "lower_hand")[turn // 4 % 2])
        time.sleep(0.15)
    act(hall, "fay", "set_order", order="first_time")
    act(hall, "fay", "write_note", text="The roof leaks.")
    act(hall, "fay", "give_role", role="stack_taker", who=hall.key("ben"))
    hears(ana, "Ben takes a role: Stack taker.")
    act(hall, "fay", "ask_room", question="Shall we take ten more minutes?", seconds=30)
    hears(ana, "A question to the room: Shall we take ten more minutes? Silence means yes.")
    act(hall, "fay", "last_call", seconds=30)
    hears(ana, "Last call")
    act(hall, "fay", "close_stack")
    hears(ana, "The stack is closed")
    ana.context.set_offline(True)
    ana.evaluate("window.watch.cut()")
    hears(ana, "Connection lost. Your hand is kept.")
    ana.context.set_offline(False)
    hears(ana, "Connection restored.")

    assert turn > 20
    assert len(heard(ana, "status")) >= 2
    calm(ana)
