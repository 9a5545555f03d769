"""Random acts in a crowd of real browsers: all screens agree, and the journal tells the floor.

Shortened here; `ASSEMBLY_LONG=1` plays the five minutes, `python -m bench crowd` prints figures.
"""

import os
import re

import pytest
from playwright.sync_api import expect

from bench.crowd import played
from bench.stage import Stage

pytestmark = pytest.mark.browser
SECONDS = 300 if os.environ.get("ASSEMBLY_LONG") else 25
SLOW = 10_000  # ms


def test_whatever_is_tapped_all_screens_agree_and_the_journal_tells_the_floor(browser):
    with Stage() as stage:
        result = played(browser, stage, SECONDS, seed=7, acts=SECONDS + 1, calls=2)

    assert result.disagreements == []
    assert result.unlike_sent == []
    assert result.behind == []
    assert result.complaints == []
    assert result.faults == 0
    assert result.told == result.rows
    assert result.states_agree
    # It was not an empty room in which everybody agreed.
    assert result.answers["accepted"] > SECONDS
    assert result.compared > 50 * SECONDS
    assert result.kinds["stack.turn_called"] > 1


class Line:
    """The way from the server to a page, which can be held up: the page then knows nothing new."""

    def __init__(self, page) -> None:
        self.held, self.waiting = False, []
        page.route_web_socket("**/ws/**", self.open)
        page.reload()

    def open(self, socket) -> None:
        """Stand between a socket of the page and the server."""
        socket.connect_to_server().on_message(lambda said: self.came(socket, said))

    def came(self, socket, said) -> None:
        """Hand on what the server said, or keep it."""
        if self.held:
            self.waiting.append((socket, said))
        else:
            socket.send(said)

    def let_through(self) -> None:
        """Hand on all that was kept."""
        self.held = False
        while self.waiting:
            socket, said = self.waiting.pop(0)
            socket.send(said)


def test_two_stack_takers_press_next_at_once_and_one_is_told_that_it_was_served(enter, hall):
    fay, ana = enter("fay", "console"), enter("ana")
    for one in (ana, enter("ben")):
        one.locator("#pad-hand").click()
    fay.locator("#tools-people summary").click()
    fay.locator("#role-who").select_option(label="Ben")
    fay.locator("#role-role").select_option("stack_taker")
    fay.locator("form[data-act=give_role]").get_by_role("button", name="Give it").click()
    ben = enter("ben", "console")
    lines = [Line(console) for console in (fay, ben)]
    for console in (fay, ben):
        expect(console.locator("#act-primary")).to_have_text("Call Ana", timeout=SLOW)
        expect(console.locator("#act-primary")).not_to_have_attribute("aria-disabled", "true")

    for line in lines:
        line.held = True
    for console in (fay, ben):
        console.locator("#act-primary").click()
        expect(console.locator("#act-primary")).to_have_attribute("aria-busy", "true")
    expect(ana.locator("#my-turn")).to_be_visible(timeout=SLOW)
    for line in lines:
        line.let_through()

    for console in (fay, ben):
        expect(console.locator("[aria-busy=true]")).to_have_count(0, timeout=SLOW)
    told = re.compile("Ana was called already")
    notices = fay.locator("#notices").inner_text() + ben.locator("#notices").inner_text()
    assert len(told.findall(notices)) == 1
    assert hall.tell()["kinds"]["stack.turn_called"] == 1
    for console in (fay, ben):
        expect(console.locator("#act-primary")).to_have_text("Call Ben")
