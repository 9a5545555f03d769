"""A council and one of its bases at once: a recall takes effect on all screens at once."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import serious
from tests.browser.test_stories import SLOW, act

pytestmark = pytest.mark.browser
AT_ONCE = 2_000  # ms


class Meetings:
    """The council X and its base D; whoever acts or enters does so in one of them."""

    def __init__(self, hall, enter, **said):
        self.hall, self._enter = hall, enter
        self.told = hall.ask("confederation", **said)

    def act(self, where: str, who: str, do: str, **args):
        """Do an act in one of the meetings."""
        self.hall.meeting = self.told[where]
        return act(self.hall, who, do, **args)

    def enter(self, where: str, who: str, surface: str = "phone", **more):
        """Open one of the meetings as somebody."""
        self.hall.meeting = self.told[where]
        return self._enter(who, surface, **more)


@pytest.fixture
def meetings(hall, enter):
    """Seven units whose council is asked, while D decides whether to recall d4."""
    both = Meetings(hall, enter, recall=True)
    both.act("X", "a1", "open_test")
    return both


def tile(page, unit: str):
    """Return the tile of a unit."""
    return page.locator(".unit", has_text=f"{unit} assembly")


def test_a_recall_takes_controls_and_answer_at_once_and_the_alternate_steps_in(
    meetings,
):
    d4, d2, d3 = (meetings.enter("X", who) for who in ("d4", "d2", "d3"))
    wall, console = meetings.enter("X", "a1", "wall"), meetings.enter("X", "a1", "console")
    base, member = meetings.enter("D", "d1", "console"), meetings.enter("D", "d5")
    about = meetings.enter("D", "d4")

    expect(d4.locator("#my-unit")).to_contain_text("You speak for D assembly")
    expect(d4.locator("#position-disagree")).to_have_attribute("aria-disabled", "true")
    expect(d4.locator("#position-disagree")).to_contain_text("outside your mandate")
    d4.locator("#position-agree").click()
    expect(tile(wall, "D")).to_contain_text("Agree", timeout=SLOW)
    expect(d2.locator("#my-fellow")).to_have_text("d4 says: Agree.", timeout=SLOW)

    expect(about.locator("#about-me")).to_be_visible()
    expect(member.locator("#about-me")).to_be_hidden()
    member.locator("#recall-for").click()
    expect(member.locator("#recall-for")).to_have_attribute("aria-pressed", "true")
    for who in ("d1", "d3"):
        meetings.act("D", who, "answer_recall", answer="for")
    expect(base.locator("#recall")).to_contain_text("3 of 5 have answered.", timeout=SLOW)
    base.get_by_role("button", name="Count the recall of d4").first.click()

    expect(d4.locator("#my-place")).to_contain_text("recalled you", timeout=AT_ONCE)
    expect(d4.locator("#asked")).to_be_hidden(timeout=AT_ONCE)
    expect(d4.locator("#my-unit")).to_be_hidden(timeout=AT_ONCE)
    expect(tile(wall, "D")).not_to_contain_text("Agree", timeout=AT_ONCE)
    expect(wall.locator("#council")).to_contain_text(re.compile(r"D assembly changed delegates at"))
    expect(console.locator("#move-close-test")).to_have_attribute("aria-disabled", "true")
    expect(console.locator("#test")).to_contain_text("D assembly changed delegates and has until")

    d3.get_by_role("button", name="Step in for D assembly").click(timeout=SLOW)
    expect(d3.locator("#my-unit")).to_contain_text("You speak for D assembly", timeout=SLOW)
    expect(d3.locator("#position-agree")).to_be_visible(timeout=SLOW)
    expect(d3.locator("#pad[data-fresh]")).to_have_count(0)
    d3.locator("#position-agree").click()
    expect(tile(wall, "D")).to_contain_text("Agree", timeout=SLOW)


def test_without_javascript_a_delegate_answers_and_a_member_recalls(meetings):
    d4 = meetings.enter("X", "d4", java_script_enabled=False)
    expect(d4.locator("#my-unit")).to_contain_text("agree, and nothing else")
    d4.locator("#position-disagree").click(force=True)
    expect(d4.locator("#notices")).to_contain_text("outside the mandate of D assembly")
    d4.locator("#position-agree").click()
    expect(d4.locator("#position-agree")).to_have_attribute("aria-pressed", "true")
    d4.locator("#act-say-none").click()

    member = meetings.enter("D", "d5", java_script_enabled=False)
    member.locator("#recall-against").click()
    expect(member.locator("#recall-against")).to_have_attribute("aria-pressed", "true")
    base = meetings.enter("D", "d1", "console", java_script_enabled=False)
    base.locator("#council-tools > summary").click()
    base.locator("#tool-mandate > summary").click()
    base.locator("#mandate-item").select_option(label="A common strike fund")
    base.locator("#mandate-position").select_option("disagree")
    base.get_by_role("button", name="Give the mandate").click()
    expect(base.locator("#council")).to_contain_text("our mandate: disagree, and nothing else")


def test_any_member_asks_to_recall_a_delegate_from_the_phone(hall, enter):
    meetings = Meetings(hall, enter)
    member, base = meetings.enter("D", "d5"), meetings.enter("D", "d1", "console")
    member.locator("#council-say > summary").click()
    member.locator("#say-recall > summary").click()
    member.get_by_label("Which delegate").select_option(label="d2")
    member.get_by_label("Why", exact=True).fill("Said what we did not say.")
    member.get_by_role("button", name="Ask to recall").click()
    expect(base.locator("#recall")).to_contain_text("Shall d2 be recalled", timeout=SLOW)
    base.get_by_role("button", name="Hear d2").first.click()
    expect(base.locator("#recall")).to_contain_text("d2 has been heard.", timeout=SLOW)
    expect(base.locator("#move-recall")).to_have_attribute("aria-disabled", "true")
    meetings.act("D", "d1", "check_in", name="Wim", phone=False)
    base.locator("#act-else-answer_recall-against").click(timeout=SLOW)
    expect(base.locator("#recall .choice-against .count")).to_have_text("1", timeout=SLOW)


def test_those_behind_a_spoke_say_what_it_shall_say_while_a_huddle_is_open(hall, enter):
    meetings = Meetings(hall, enter)
    console, spoke = meetings.enter("X", "a1", "console"), meetings.enter("X", "d4")
    behind = meetings.enter("X", "d3")
    console.locator("#council-tools > summary").click()
    console.locator("#tool-council > summary").click()
    console.get_by_role("button", name="Open a huddle").click()
    behind.locator("#huddle-agree").click(timeout=SLOW)
    expect(behind.locator("#huddle-agree")).to_have_attribute("aria-pressed", "true")
    expect(behind.locator("#spoke")).to_be_hidden()
    spoke.locator("#spoke-saying").fill("5")
    spoke.locator("#spoke-of").fill("6")
    spoke.locator("#spoke").get_by_role("button", name="Enter").click()
    expect(spoke.locator("#my-huddle-said")).to_have_text("Agree 6, of 7 asked.", timeout=SLOW)
    console.get_by_role("button", name="Close the huddle").click()
    expect(spoke.locator("#my-unit")).to_contain_text("given here by 6 of 7", timeout=SLOW)
    expect(behind.locator("#my-huddle")).to_be_hidden(timeout=SLOW)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_a_small_phone(meetings, scheme):
    meetings.act("X", "d4", "take_position", position="agree")
    for where, who, surface in (
        *(("X", "d4", "phone"), ("X", "d3", "phone"), ("X", "a1", "console"), ("X", "a1", "wall")),
        *(("D", "d5", "phone"), ("D", "d1", "console"), ("D", "d5", "wall")),
    ):
        page = meetings.enter(where, who, surface, color_scheme=scheme)
        page.wait_for_timeout(300)
        for fold in page.locator("details").all():
            fold.evaluate("one => one.matches('.ask, .point, .blocking') || (one.open = true)")
        assert serious(page) == [], (where, who, surface)
    for where, who, surface in (
        *(
            ("X", "d4", "phone"),
            ("X", "a1", "console"),
            ("D", "d5", "phone"),
            ("D", "d1", "console"),
        ),
    ):
        page = meetings.enter(
            where, who, surface, color_scheme=scheme, viewport={"width": 320, "height": 640}
        )
        for fold in page.locator("details").all():
            fold.evaluate("one => one.matches('.ask, .point, .blocking') || (one.open = true)")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, (where, who, surface, wide)


@pytest.mark.parametrize(("more", "size"), [(0, "few"), (12, "some"), (33, "many")])
def test_a_wall_shows_seven_units_and_forty_without_scrolling(hall, enter, more, size):
    meetings = Meetings(hall, enter, more=more)
    meetings.act("X", "a1", "open_test")
    for who in ("a1", "b1", "c1"):
        meetings.act("X", who, "take_position", position="agree")
    wall = meetings.enter("X", "a1", "wall")
    wall.wait_for_timeout(300)

    assert wall.locator(f".tiles.{size} .unit").count() == 7 + more
    expect(tile(wall, "B")).to_contain_text("Agree")
    expect(tile(wall, "G")).to_contain_text("no answer yet")
    assert wall.evaluate("document.documentElement.scrollHeight") <= 1080
    for one in wall.locator(".unit").all():
        box = one.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 1920


def test_an_ordinary_assembly_sees_one_quiet_entry(enter, hall):
    fay, ana = enter("fay", "console"), enter("ana")

    expect(fay.locator("#council-tools > summary")).to_have_text("Councils")
    fay.locator("#council-tools > summary").click()
    shown = [one for one in fay.locator("#council-tools > .fold").all() if one.is_visible()]
    assert [one.get_attribute("id") for one in shown] == ["tool-join"]
    expect(ana.locator("#council-say")).to_be_hidden()
    for page in (fay, ana):
        expect(page.locator("#council")).to_be_hidden()
        expect(page.locator("#recall")).to_be_hidden()
        expect(page.locator("#my-unit")).to_be_hidden()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_base_writes_which_texts_its_delegates_may_agree_to_and_their_phone_says_so(
    hall, enter, scripts
):
    meetings = Meetings(hall, enter)
    base = meetings.enter("D", "d1", "console", java_script_enabled=scripts)
    base.locator("#council-tools > summary").click()
    base.locator("#tool-mandate > summary").click()
    form = base.locator("form[data-act=give_mandate]")
    form.get_by_label("On which item").select_option(label="A common strike fund")
    form.get_by_label("Kind of mandate").select_option("bounded")
    form.get_by_label("Position").select_option("agree")
    form.get_by_label("Conditions, one in a line").fill("the books are open")
    form.get_by_label("Limits of a bounded mandate").fill("most 2 % of dues")
    form.get_by_label("Or this text, as a whole (1)").fill("Whoever can pays 2 % of dues.")
    form.locator(".more-text > summary").first.click()
    form.get_by_label("Or this text, as a whole (3)").fill("Every house\n\ngives a tool.")
    form.get_by_role("button", name="Give the mandate").click()

    phone = meetings.enter("X", "d4", java_script_enabled=scripts)
    expect(phone.locator("#my-unit")).to_contain_text("or 2 other texts", timeout=SLOW)
    expect(phone.locator("#my-reach")).to_contain_text("is the one that D assembly talked about")
    meetings.act("X", "a1", "offer_amendment", amendment="m", text="Every house gives a tool.")
    meetings.act("X", "a1", "accept_amendment", amendment="m")
    if not scripts:
        phone.reload()
    expect(phone.locator("#my-reach")).to_contain_text("one of those to which D", timeout=SLOW)
    phone.locator("#my-mandate > summary").click()
    expect(phone.locator("#my-mandate-bounds")).to_contain_text("only if: the books are open")
    texts = phone.locator("#my-mandate-texts > li")
    expect(texts).to_have_count(2)
    expect(texts.nth(0)).to_have_text("Whoever can pays 2 % of dues.")
    expect(texts.nth(1)).to_contain_text("the text now")
    expect(texts.nth(1)).to_contain_text("gives a tool.")
