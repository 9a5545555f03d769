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
        result = played(browser, stage, SECONDS, seed=7)

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


def test_two_stack_takers_press_next_at_once_and_one_is_told_that_it_was_served(enter, hall):
    fay, ana = enter("fay", "console"), enter("ana")
    for one in (ana, enter("ben")):
        one.locator("#pad-hand").click()
    fay.locator("#tools-people summary").click()
    fay.locator("#role-who").select_option(label="Ben")
    fay.locator("#role-role").select_option("stack_taker")
    fay.locator("form[data-act=give_role]").get_by_role("button", name="Give it").click()
    ben = enter("ben", "console")
    for console in (fay, ben):
        expect(console.locator("#act-primary")).to_have_text("Call Ana", timeout=SLOW)
    fay.wait_for_timeout(1200)  # a button that means something new takes no tap for a second

    for console in (fay, ben):
        console.evaluate("setTimeout(() => document.getElementById('act-primary').click(), 200)")

    expect(ana.locator("#my-turn")).to_be_visible(timeout=SLOW)
    told = re.compile("Ana was called already")
    fay.wait_for_timeout(1000)
    notices = fay.locator("#notices").inner_text() + ben.locator("#notices").inner_text()
    assert len(told.findall(notices)) == 1
    assert hall.tell()["kinds"]["stack.turn_called"] == 1
    for console in (fay, ben):
        expect(console.locator("#act-primary")).to_have_text("Call Ben")
