"""The panel of councils: units, seats, notices, and to whom each is shown."""

import pytest
from django.utils.html import escapejs

from assemblies.door.journal import read
from assemblies.live.printing import FACILITATOR, MEMBER, OBSERVER, PROJECTOR, print_panels
from tests.federation.screens.looking import REASON, asked, mine, on_the_table, panel
from tests.federation.several import confederate
from tests.federation.stories import belongs_above, is_a_council
from tests.rooms import make_room

pytestmark = pytest.mark.django_db


def test_an_assembly_without_councils_is_shown_nothing_of_them():
    several = confederate("AB", people=3)
    several.act("B", "leave_council", council="x")
    page = read(several["B"].meeting, now=several.clock)
    prints = print_panels(page, FACILITATOR)

    assert "hidden" in prints["council"].partition(">")[0]
    assert "hidden" in prints["recall"].partition(">")[0]


def test_units_are_tiles_with_word_and_shape_and_stay_after_closing():
    several = asked(on_the_table())
    several["X"].done("a1", "take_position", position="agree")
    shown = panel(several, "X", "council", PROJECTOR)
    assert shown.count('data-position="agree"') == 1
    assert 'icons.svg#agree"' in shown
    assert shown.count("no answer yet") == 2
    assert 'class="tiles few"' in shown

    for who in ("b1", "c1"):
        several["X"].done(who, "take_position", position="agree")
    several["X"].done("a1", "close_test")
    assert panel(several, "X", "council", PROJECTOR).count('data-position="agree"') == 3


def test_what_a_unit_says_of_itself_is_shown():
    several = asked(on_the_table())
    several["X"].done("b1", "say_none")

    assert "says: no position" in panel(several, "X", "council", PROJECTOR)


@pytest.mark.parametrize("audience", [MEMBER, OBSERVER, PROJECTOR, FACILITATOR])
def test_panels_of_councils_have_no_text_fields_and_no_reasons_for_strangers(audience):
    several = asked(on_the_table())
    several["B"].done("b4", "open_recall", who="b1", reason=REASON)
    prints = [panel(several, *one, audience) for one in (("X", "council"), ("B", "council"))]
    recall = panel(several, "B", "recall", audience)

    assert not any(tag in html for html in (*prints, recall) for tag in ("<input", "<textarea"))
    assert (REASON in recall) is (audience in (MEMBER, FACILITATOR))
    assert REASON not in panel(several, "X", "council", audience)


def test_the_greeter_finds_delegates_and_alternates_by_name():
    several = confederate("ABC", people=4, rule={"parity": "none"})
    several.act("B", "choose_delegate", who="b4", seat=1, **{"as": "alternate"})
    room = several.meet()
    room.done("b1", "leave")
    shown = panel(several, "X", "council", FACILITATOR)
    assert f'"do":"check_in","who":"{escapejs(room.key("b1"))}"' in shown
    assert "b4" in shown

    several["B"].done("b1", "step_down", council="x")
    shown = panel(several, "X", "council", FACILITATOR)
    assert '"do":"step_in"' in shown
    assert '"do":"step_in"' not in panel(several, "X", "council", MEMBER)
    room.done("a1", "step_in", entered_for=("b4",))
    assert mine(several, "X", "b4")["unit"]["name"] == "B assembly"


def test_a_base_sees_its_five_newest_notices_the_newest_first():
    several = asked(on_the_table())
    for position in ("disagree", "abstain", "stand_aside"):
        assert several["X"].refused("b1", "take_position", position=position) == "outside_mandate"
    several["X"].done("b1", "refer_back")
    for n in range(2):
        several.carry("A", item=f"r{n}", title=f"Another {n}")
    shown = panel(several, "B", "council")

    assert shown.count('<li><span class="who">') == 5
    assert shown.index("Another 1") < shown.index("Another 0") < shown.index("took this back")
    assert "wanted to say something outside our mandate" in shown
    assert "outside our mandate" not in panel(several, "B", "council", PROJECTOR)


def test_what_a_base_may_do_stands_on_its_console_alone():
    several = confederate("ABC", people=4, rule={"parity": "none"})
    several.carry("A", title="A fund", text="Every assembly pays 2 % of dues.")

    assert "bring_council_item" in panel(several, "B", "council", FACILITATOR)
    assert "bring_council_item" not in panel(several, "B", "council", MEMBER)
    several.act("B", "bring_council_item", item="q1")
    assert "on our agenda" in panel(several, "B", "council")


def test_an_assembly_moves_to_another_council_by_the_form_of_its_console(client):
    room = make_room("Ana", "Cem")
    council = belongs_above(room)
    client.force_login(room.people["fay"].person)
    page = client.get(f"/m/{room.meeting.key}/console/").content.decode()
    assert 'name="to_council"' in page

    said = {"do": "move_to_council", "council": "above", "to_council": "other", "decision": "d1"}
    moved = client.post(f"/m/{room.meeting.key}/act/", said)

    assert moved.status_code in (200, 302)
    assert list(room.state["council"]["above"]) == ["other"]
    assert not council.affiliations.filter(unit=room.assembly, left_at=None).exists()


def test_a_console_of_a_council_counts_units_and_not_people():
    room = make_room("Ana", "Ben", "Cem")
    is_a_council(room)

    people = print_panels(read(room.meeting), "facilitator.en")["people"]

    assert "2 units are here." in people
    assert "people count." not in people
