"""The promises of the room, told in Chromium as the people in it would."""

import json
import re
import time

import pytest
from playwright.sync_api import expect

from tests.living import fetch

pytestmark = pytest.mark.browser
SLOW = 10_000  # ms


def pad(page, name: str):
    """Return a button of the signal pad by its visible words."""
    return page.locator("#pad").get_by_role("button", name=re.compile(name)).first


def test_a_hand_raised_on_one_phone_shows_on_every_screen_and_is_called(enter):
    ana, ben = enter("ana"), enter("ben")
    fay, wall = enter("fay", "console"), enter("ben", "wall")

    pad(ana, "Raise hand").click()
    expect(pad(ana, "Hand raised")).to_have_attribute("aria-pressed", "true")
    expect(pad(ana, "Hand raised")).to_have_accessible_name(re.compile("number 1"))
    for screen in (ben, fay, wall):
        expect(screen.locator("#floor")).to_contain_text("Ana", timeout=SLOW)

    fay.get_by_role("button", name="Call Ana").first.click()
    expect(ana.locator("#my-turn")).to_be_visible(timeout=SLOW)
    for screen in (ben, fay, wall):
        expect(screen.locator("#floor .speaker")).to_contain_text("Ana", timeout=SLOW)
    expect(wall.locator("body")).not_to_contain_text("(you)")
    ana.get_by_role("button", name="I have finished").click()
    expect(wall.locator("#floor .speaker")).to_contain_text("Nobody", timeout=SLOW)


def test_without_javascript_a_hand_is_raised_called_and_lowered(enter):
    ana = enter("ana", java_script_enabled=False)
    fay = enter("fay", "console", java_script_enabled=False)

    pad(ana, "Raise hand").click()
    expect(pad(ana, "Hand raised")).to_have_attribute("aria-pressed", "true")
    expect(ana.locator("#stack")).to_contain_text("Ana")
    fay.reload()
    fay.get_by_role("button", name="Call Ana").first.click()
    expect(fay.locator("#floor .speaker")).to_contain_text("Ana")
    ana.reload()
    ana.get_by_role("button", name="I have finished").click()
    expect(ana.locator("#floor .speaker")).to_contain_text("Nobody")
    fay.get_by_role("button", name="End the meeting").or_(
        fay.locator("summary", has_text="End the meeting")
    ).first.click()
    fay.get_by_role("button", name="Yes, end the meeting").click()
    expect(fay.locator("#now")).to_contain_text("Ended")


WRONG = """<button id="wrong" type="submit" form="act" name="act" value='{"do": "call_next"}'>"""


@pytest.mark.parametrize("scripts", [True, False])
def test_a_refusal_is_a_sentence_with_and_without_javascript(enter, hall, scripts):
    ana = enter("", java_script_enabled=scripts)
    cookie = {"name": "sessionid", "value": hall.cookie("ana"), "url": hall.url()}
    ana.context.add_cookies([cookie])
    ana.route("**/m/*/", lambda route: with_a_wrong_button(route))
    ana.goto(hall.url(f"/m/{hall.meeting['meeting']}/"))
    ana.unroute_all()
    ana.locator("#wrong").click()

    expect(ana.locator("#notices")).to_contain_text("Your role does not include")


def with_a_wrong_button(route) -> None:
    """Put a button on a page that its owner may not press."""
    answer = route.fetch()
    start = '<main id="main" tabindex="-1">'
    body = answer.text().replace(start, f"{start}{WRONG}Wrong</button>")
    route.fulfill(response=answer, body=body)


def test_typing_a_note_survives_sixty_live_updates(enter, hall):
    """T14: no lost character, no blur, the caret where it was."""
    fay = enter("fay", "console")
    note = fay.locator("form[data-act=write_note] textarea")
    note.click()
    said = "The landlord asks for six per cent from the first of May, we refuse. "
    for number, letter in enumerate(said[:60]):
        signal = ("agree", "disagree")[number % 2]
        act(hall, ("ana", "ben")[number % 2], "show_signal", signal=signal)
        fay.keyboard.type(letter)
        if number % 7 == 0:
            act(hall, "ana", ("raise_hand", "lower_hand")[number // 7 % 2])
    expect(fay.locator("#signals")).to_contain_text("1", timeout=SLOW)

    assert note.input_value() == said[:60]
    assert fay.evaluate("document.activeElement.tagName") == "TEXTAREA"
    assert note.evaluate("one => one.selectionStart") == 60


def act(hall, name: str, do: str, /, **args) -> None:
    """Do an act by post, as another phone would; too fast is tried again."""
    where = hall.url(f"/m/{hall.meeting['meeting']}/act/")
    for _try in range(8):
        answer = fetch(where, hall.cookie(name), json.dumps({"do": do, **args}))
        if answer.status == 200:
            return
        assert answer.json()["refused"] == "too_fast", answer.text
        time.sleep(0.4)
    raise AssertionError(f"{do} was always too fast")


def test_a_phone_that_loses_its_connection_says_so_and_its_tap_counts_once(enter, hall):
    ana, ben = enter("ana"), enter("ben")
    expect(pad(ana, "Raise hand")).to_be_visible()
    connected(ana)
    drop_socket(ana)
    ana.context.set_offline(True)
    expect(ana.locator("#line")).to_be_visible(timeout=20_000)
    expect(ana.locator("#line")).to_contain_text("your hand is kept")
    pad(ana, "Raise hand").click()
    expect(pad(ana, "hand|Hand")).to_have_attribute("aria-busy", "true")
    act(hall, "ben", "raise_hand")
    ana.context.set_offline(False)

    expect(pad(ana, "Hand raised")).to_have_attribute("aria-pressed", "true", timeout=15_000)
    expect(ana.locator("#line")).to_be_hidden(timeout=15_000)
    expect(ben.locator("#stack")).to_contain_text("Ana", timeout=SLOW)
    assert hall.tell()["kinds"]["stack.hand_raised"] == 2


def connected(page) -> None:
    """Wait until the socket of a page is open."""
    page.wait_for_function("__sockets.some((one) => one.readyState === 1)", timeout=SLOW)


def drop_socket(page) -> None:
    """Cut the socket of a page as a lost network does (set_offline spares open sockets)."""
    page.evaluate("() => window.__sockets.forEach((one) => one.close())")


COUNT_SOCKETS = """
window.__sockets = [];
const Real = window.WebSocket;
window.WebSocket = class extends Real {
  constructor(...given) { super(...given); window.__sockets.push(this); }
};
"""
NO_SOCKETS = """
window.WebSocket = class { constructor() { throw new Error("blocked"); } };
window.WebSocket.OPEN = 1; window.WebSocket.CONNECTING = 0;
"""


@pytest.fixture(autouse=True)
def countable_sockets(request, browser, monkeypatch):
    """Let a story cut sockets, or have none at all."""
    script = NO_SOCKETS if "no_sockets" in request.keywords else COUNT_SOCKETS
    opens = type(browser).new_context

    def new_context(self, **given):
        context = opens(self, **given)
        context.add_init_script(script)
        return context

    monkeypatch.setattr(type(browser), "new_context", new_context)


@pytest.mark.no_sockets
def test_where_no_socket_gets_through_everything_works_by_asking(enter, hall):
    """T25: a proxy that strips the upgrade."""
    ana = enter("ana")
    act(hall, "ben", "raise_hand")
    expect(ana.locator("#stack")).to_contain_text("Ben", timeout=25_000)
    pad(ana, "Agree").click()
    expect(pad(ana, "Agree")).to_have_attribute("aria-pressed", "true", timeout=15_000)
    expect(ana.locator("#line")).to_contain_text("Weak connection")


def test_who_loses_the_role_loses_its_buttons_at_once(enter, hall):
    fay = enter("fay", "console")
    expect(fay.locator("#act-primary")).to_be_visible()
    act(hall, "fay", "give_role", role="facilitator", who=hall.key("ana"))
    act(hall, "ana", "drop_role", role="facilitator", who=hall.key("fay"))

    expect(fay.locator("#act-primary")).to_have_count(0, timeout=SLOW)
    expect(fay.locator("#act-break")).to_have_count(0)


def test_joining_takes_a_code_a_name_and_one_tap(enter, hall):
    visitor = enter("", "phone")
    visitor.goto(hall.url("/"))
    visitor.get_by_role("textbox").first.fill(hall.meeting["code"].lower())
    visitor.get_by_role("button", name=re.compile("[Cc]ome in|Join|Next|Go")).first.click()
    visitor.get_by_role("textbox").first.fill("Nadia")
    visitor.get_by_role("button", name=re.compile("let me in")).click()

    expect(pad(visitor, "Raise hand")).to_be_visible()
    pad(visitor, "Raise hand").click()
    expect(pad(visitor, "Hand raised")).to_have_attribute("aria-pressed", "true")
    again = visitor.context.new_page()
    again.goto(hall.url(f"/m/{hall.meeting['meeting']}/"))
    expect(pad(again, "Hand raised")).to_have_attribute("aria-pressed", "true")


def test_the_console_is_run_by_keyboard_alone(enter, hall):
    act(hall, "ana", "raise_hand")
    fay = enter("fay", "console")
    expect(fay.locator("#act-primary")).to_contain_text("Call Ana")
    fay.keyboard.press("n")
    expect(fay.locator("#floor .speaker")).to_contain_text("Ana", timeout=SLOW)
    fay.keyboard.press("?")
    expect(fay.locator("dialog[open]")).to_be_visible()
    fay.keyboard.press("Escape")
    expect(fay.locator("dialog[open]")).to_have_count(0)


def test_a_phone_is_used_by_keyboard_alone(enter):
    ana = enter("ana")
    for _ in range(40):
        ana.keyboard.press("Tab")
        if ana.evaluate("document.activeElement.id") == "pad-hand":
            break
    assert ana.evaluate("document.activeElement.id") == "pad-hand"
    ana.keyboard.press("Enter")
    expect(pad(ana, "Hand raised")).to_have_attribute("aria-pressed", "true")
    assert ana.evaluate("document.activeElement.id") == "pad-hand"


@pytest.mark.parametrize("scripts", [True, False])
def test_who_is_called_gives_the_turn_to_somebody_who_waits(enter, hall, scripts):
    act(hall, "ana", "raise_hand")
    act(hall, "ben", "raise_hand")
    act(hall, "fay", "call_next")
    ana = enter("ana", java_script_enabled=scripts)
    given = ana.get_by_label("Give your turn to")
    expect(given.locator("option")).to_have_text(["Give it to …", "Ben"])
    given.select_option(label="Ben")
    ana.get_by_role("button", name="Give", exact=True).click()

    expect(ana.locator("#floor .speaker")).to_contain_text("Ben", timeout=SLOW)
    expect(ana.locator("#my-turn")).to_be_hidden()
    assert hall.tell()["kinds"]["stack.turn_yielded"] == 1


def left(page, seconds: int) -> None:
    """Have the clock of the turn stand at some seconds before its end on one screen."""
    page.evaluate(
        """seconds => {
            const clock = document.querySelector(".clock.turn");
            clock.dataset.ends = String(Date.now() + 1000 * seconds);
            room.clock.tick();
        }""",
        seconds,
    )


def test_the_clock_of_a_turn_changes_calmly_and_only_who_speaks_is_told(enter):
    ana, ben, fay = enter("ana"), enter("ben"), enter("fay", "console")
    pad(ana, "Raise hand").click()
    fay.get_by_role("button", name="Call Ana").first.click()
    expect(ana.locator("#my-turn")).to_be_visible(timeout=SLOW)
    expect(ben.locator("#floor .speaker")).to_contain_text("Ana", timeout=SLOW)

    for seconds, name, words in (
        (30, "soon", "30 seconds left"),
        (10, "last", "10 seconds left"),
        (0, "over", "time"),
    ):
        for screen in (ana, ben):
            left(screen, seconds)
            expect(screen.locator(".clock.turn")).to_have_class(re.compile(rf"\b{name}\b"))
            expect(screen.locator("#floor .warn")).to_have_text(words)
        expect(ana.locator("#my-time")).to_have_text(words)
        expect(ana.locator("#status")).to_contain_text(words, timeout=SLOW)
        expect(ben.locator("#status")).not_to_contain_text(words)
    expect(ana.locator("#my-turn")).to_be_visible()

    fay.get_by_role("button", name=re.compile("30 seconds more")).click()
    expect(ana.locator("#floor .warn")).to_be_hidden(timeout=SLOW)
    expect(ben.locator("#question")).to_contain_text("Ana gets 30 more seconds.", timeout=SLOW)
    ben.get_by_role("button", name=re.compile("I object")).click()
    expect(fay.locator("#question")).to_contain_text("Shall it stand?", timeout=SLOW)


def test_an_order_is_announced_and_each_sees_why_they_stand_where_they_stand(enter):
    ana, ben = enter("ana"), enter("ben")
    fay, wall = enter("fay", "console"), enter("ben", "wall")
    pad(ana, "Raise hand").click()
    expect(ben.locator("#stack .as-raised").first).to_be_hidden(timeout=SLOW)
    expect(ana.locator("#stack .why").first).to_have_text("raised as number 1")
    expect(fay.locator("#stack .why").first).to_be_visible(timeout=SLOW)

    fay.locator("#order-tools summary").click()
    fay.get_by_label("Hear people in this order").select_option("first_time")
    fay.get_by_role("button", name="Announce").click()
    for screen in (ana, ben, wall):
        expect(screen.locator("#stack .head")).to_contain_text("Order set by Fay", timeout=SLOW)
        expect(screen.locator("#stack .head")).to_be_visible()
    expect(ben.locator("#status")).to_contain_text("Not yet heard first", timeout=SLOW)
    expect(ben.locator("#stack .why").first).to_be_visible()

    fay.get_by_role("button", name="Last call").click()
    for screen in (ana, ben, wall, fay):
        expect(screen.locator("#stack .closing .digits")).to_have_text(
            re.compile(r"0:[12]\d|0:30"), timeout=SLOW
        )
    expect(ben.locator("#alert")).to_contain_text("Last call")


def give(fay, role: str, who: str, word: str = "Give it") -> None:
    """Give a role, or end it, by the form of the console."""
    fold = fay.locator("#tools-people")
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    fay.locator("#role-who").select_option(label=who)
    fay.locator("#role-role").select_option(role)
    fay.locator("form[data-act=give_role]").get_by_role("button", name=word).click()
    expect(fay.locator("form[data-act=give_role] [aria-busy=true]")).to_have_count(0)


def test_tools_come_and_go_with_a_role_and_what_is_typed_in_them_stays(enter):
    fay = enter("fay", "console")
    give(fay, "note_taker", "Ana")
    ana = enter("ana", "console")
    note = ana.locator("#note-text")
    expect(note).to_be_visible()
    expect(fay.locator("#note-text")).to_be_hidden()
    expect(ana.locator("#ask-question")).to_be_hidden()
    expect(ana.locator("#now")).to_contain_text("Facilitating")
    expect(ana.locator("#act-break")).to_be_hidden()
    note.fill("Half a sentence")

    give(fay, "note_taker", "Ana", "End it")

    expect(note).to_be_hidden(timeout=SLOW)
    expect(ana.locator("#no-role")).to_be_visible()
    expect(ana.locator("#guest-name")).to_be_hidden()
    expect(fay.locator("#note-text")).to_be_visible(timeout=SLOW)

    give(fay, "note_taker", "Ana")

    expect(note).to_be_visible(timeout=SLOW)
    expect(note).to_have_value("Half a sentence")
    expect(ana.locator("#no-role")).to_be_hidden()


def test_who_facilitates_hands_over_before_arguing_and_a_break_is_asked_for_in_private(enter):
    fay, ana, ben = enter("fay", "console"), enter("ana"), enter("ben")
    give(fay, "vibes_watcher", "Ben")
    expect(ben.locator("#act-request-break")).to_be_visible(timeout=SLOW)
    expect(ana.locator("#act-request-break")).to_be_hidden()
    ben.locator("#act-request-break").click()
    expect(fay.locator("#flags")).to_contain_text("Ben asks for a break", timeout=SLOW)
    expect(ana.locator("#flags")).to_be_hidden()
    fay.locator("#act-flag-later").click()
    expect(fay.locator("#flags")).to_be_hidden(timeout=SLOW)

    phone = enter("fay")
    pad(phone, "Raise hand").click()
    for screen in (phone, fay):
        expect(screen.locator("#flags")).to_contain_text("Hand over first", timeout=SLOW)
    fay.locator("#tools-roles summary").click()
    fay.locator("#hand-who").select_option(label="Ana")
    expect(fay.locator("#hand-role")).to_have_value("facilitator")
    fay.get_by_role("button", name="Hand over", exact=True).click()
    expect(ana.locator("#question")).to_contain_text("Fay hands over to Ana", timeout=SLOW)

    expect(fay.locator("#no-role")).to_be_visible(timeout=SLOW)
    expect(phone.locator("#flags")).to_be_hidden(timeout=SLOW)
    expect(ana.get_by_role("link", name="Open the console")).to_be_visible(timeout=SLOW)
    expect(phone.get_by_role("link", name="Open the console")).to_be_hidden()
