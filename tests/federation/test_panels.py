"""What the screens show of councils, and to whom: units, recalls, mandates, notices, moves."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.formats import date_format
from django.utils.html import escapejs

from assemblies.door.house import house
from assemblies.door.journal import read
from assemblies.door.kinds import Names
from assemblies.live.desk import mine_of
from assemblies.live.printing import FACILITATOR, MEMBER, OBSERVER, PROJECTOR, print_panels
from assemblies.models import Entry
from assemblies.screens.panels import primary, read_aloud
from federation.models import Mandate
from federation.services.mandates import MANDATE_GIVEN
from federation.words.sentences import mandate_given
from proposals.screens.moves import moves
from proposals.sheets.table import Proposals
from tests.federation.several import Several, confederate
from tests.federation.stories import belongs_above, is_a_council
from tests.rooms import make_room

pytestmark = pytest.mark.django_db
REASON = "Said what we did not say."


def panel(several: Several, letter: str, name: str, audience: str = MEMBER) -> str:
    """Return a panel of a meeting as an audience sees it."""
    room = several[letter]
    return print_panels(read(room.meeting, now=room.clock), audience)[name]


def mine(several: Several, letter: str, who: str) -> dict[str, Any]:
    """Return what is somebody's own in a meeting."""
    room = several[letter]
    found = mine_of(read(room.meeting, now=room.clock), room.key(who))
    assert found is not None
    return found


def big(several: Several, letter: str) -> dict[str, Any]:
    """Return the big button of a console."""
    room = several[letter]
    found = primary(read(room.meeting, now=room.clock))
    assert found is not None
    return found


def offered(several: Several, name: str) -> dict[str, Any]:
    """Return a move of the proposal on the council's table."""
    page = read(several["X"].meeting, now=several.clock)
    proposal = page.sheet(Proposals).current(page)
    assert proposal is not None
    return next(one for one in moves(page, proposal) if one["id"] == f"move-{name}")


def on_the_table(
    letters: str = "ABC", told: dict[str, dict[str, Any]] | None = None, **rule: Any
) -> Several:
    """Have a council meet with an item of A on the table, and mandates of its units."""
    several = confederate(letters, people=4, rule={"parity": "none", **rule})
    several.carry("A", title="A fund", text="Every assembly pays 2 % of dues.")
    for letter in letters:
        more = {"position": "agree", **(told or {}).get(letter, {})}
        several.decide(letter, "What we say")
        several.act(letter, "give_mandate", item="q1", **more)
    room = several.meet()
    for do, args in (
        ("bring_proposal", {"proposal": "q1"}),
        ("take_up_item", {"item": "q1"}),
        ("present_proposal", {"proposal": "q1"}),
        ("set_phase", {"phase": "discussion"}),
    ):
        room.done("a1", do, **args)
    return several


def asked(several: Several) -> Several:
    """Have the council be asked."""
    several["X"].done("a1", "open_test")
    return several


# --- an assembly without councils -----------------------------------------------------------------


def test_an_assembly_without_councils_is_shown_nothing_of_them():
    several = confederate("AB", people=3)
    several.act("B", "leave_council", council="x")
    page = read(several["B"].meeting, now=several.clock)
    prints = print_panels(page, FACILITATOR)

    assert "hidden" in prints["council"].partition(">")[0]
    assert "hidden" in prints["recall"].partition(">")[0]


# --- a delegate -----------------------------------------------------------------------------------


def test_a_delegate_sees_for_whom_they_speak_and_what_is_outside_their_mandate():
    several = asked(
        on_the_table(told={"B": {"text": "Yes, if all pay.", "conditions": ["by May"]}})
    )
    own = mine(several, "X", "b1")

    assert own["unit"]["name"] == "B assembly"
    assert own["mandate"]["words"] == "agree, and nothing else, by May"
    assert own["mandate"]["text"] == "Yes, if all pay."
    assert set(own["beyond"]) == {"stand_aside", "disagree", "abstain", "against"}
    assert own["closed"]
    assert own["beyond_words"] == "outside your mandate"


def test_where_mandates_are_advice_other_answers_are_marked_and_stay_open():
    own = mine(asked(on_the_table(mandate_enforced=False)), "X", "b1")

    assert "disagree" in own["beyond"]
    assert not own["closed"]
    assert "is told at once" in own["beyond_why"]


def test_without_a_needed_mandate_nothing_can_be_answered_but_referred_back():
    several = on_the_table()
    several.act("B", "end_mandate", item="q1")
    own = mine(asked(several), "X", "b1")

    assert own["mandate"]["words"] == "No mandate on this item."
    assert "agree" in own["beyond"]
    assert own["closed"]
    several["X"].done("b1", "refer_back")
    assert mine(several, "X", "b2")["mandate"]["referred"]


def test_who_sits_for_the_same_unit_is_heard_and_a_split_is_said():
    several = asked(on_the_table(mandate_enforced=False))
    several["X"].done("b1", "take_position", position="agree")
    assert mine(several, "X", "b2")["fellow"] == "b1 says: Agree."
    assert mine(several, "X", "c1")["fellow"] == ""

    several["X"].done("b2", "take_position", position="disagree")
    assert "split" in mine(several, "X", "b1")["fellow"]
    shown = panel(several, "X", "council", PROJECTOR)
    assert "said-split" in shown
    assert "Split: no position" in shown


NAMES = Names({}, {}, local=lambda at: at)
BOUNDED = {
    "kind": "bounded",
    "limits": "most 2 % of dues",
    "conditions": ["the books are open"],
    "amendments": ["Every assembly\n\npays 1 % of dues.", "Whoever can pays 2 % of dues."],
}


@pytest.mark.parametrize(
    ("text", "reach", "now", "outside"),
    [
        ("", "The text now is the one that B assembly talked about.", [False, False], False),
        (
            "Every assembly pays 1 % of dues.",
            "The text now is one of those to which B assembly also says this.",
            [True, False],
            False,
        ),
        (
            "Every assembly pays 1.5 % of dues.",
            "The text has changed and keeps to your limits.",
            [False, False],
            False,
        ),
        (
            "Every assembly pays 3 % of dues.",
            "The text now goes beyond your limits: at most 2 % of dues.",
            [False, False],
            True,
        ),
        (
            "Every assembly gives a house.",
            "The text has changed, and B assembly has not said anything about this one.",
            [False, False],
            True,
        ),
    ],
)
def test_a_delegate_reads_the_texts_that_may_be_agreed_to_and_which_is_the_one_now(
    text, reach, now, outside
):
    several = on_the_table(told={"B": BOUNDED}, mandate_enforced=False)
    if text:
        several["X"].done("a1", "offer_amendment", amendment="m1", text=text)
        several["X"].done("a1", "accept_amendment", amendment="m1")
    told = mine(asked(several), "X", "b1")
    own = told["mandate"]

    assert own["words"] == (
        "agree within limits: at most 2 % of dues, or 2 other texts, the books are open"
    )
    assert own["bounds"] == ["at most 2 % of dues", "only if: the books are open"]
    assert [one["text"] for one in own["texts"]] == BOUNDED["amendments"]
    assert [one["now"] for one in own["texts"]] == now
    assert own["reach"] == reach
    assert ("agree" in told["beyond"]) is outside
    entry = Entry.objects.get(journal=several["B"].meeting.journal, kind=MANDATE_GIVEN)
    assert mandate_given(entry, NAMES).endswith("or 2 other texts, the books are open.")


def test_an_imperative_mandate_says_that_it_holds_for_a_changed_text_too():
    several = on_the_table()
    assert mine(several, "X", "b1")["mandate"]["reach"] == ""
    several["X"].done("a1", "offer_amendment", amendment="m1", text="Each gives a house.")
    several["X"].done("a1", "accept_amendment", amendment="m1")

    assert "holds for it all the same" in mine(several, "X", "b1")["mandate"]["reach"]


@pytest.mark.parametrize(
    ("args", "why"),
    [
        ({"position": "agree", "limits": "most 2 % of dues"}, "belong to a bounded mandate"),
        ({"position": "agree", "amendments": "Another text."}, "belong to a bounded mandate"),
        (
            {
                "kind": "bounded",
                "limits": "most 2 % of dues",
                "amendments": ["Each pays 1 % of dues.", "Each pays 3 % of dues."],
            },
            "beyond your own limit: 2 % of dues",
        ),
        ({"kind": "bounded", "amendments": [f"Text {n}" for n in range(7)]}, "At most 6 texts"),
    ],
)
def test_a_mandate_that_would_not_mean_what_it_says_is_refused_in_a_sentence(args, why):
    several = confederate("AB")
    several.carry("A", title="A fund", text="Every assembly pays 2 % of dues.")
    several.decide("B", "What we say")

    assert why in several["B"].act("b1", "give_mandate", item="q1", **args).why


def test_the_form_of_a_mandate_takes_whole_texts_one_to_a_field(client):
    several = confederate("AB")
    several.carry("A", title="A fund", text="Every assembly pays 2 % of dues.")
    several.decide("B", "What we say")
    room = several["B"]
    client.force_login(several.person("b1"))
    page = client.get(f"/m/{room.meeting.key}/console/").content.decode()
    assert page.count('name="amendments"') == 6
    told = client.post(
        f"/m/{room.meeting.key}/act/",
        {
            "do": "give_mandate",
            "item": "q1",
            "kind": "bounded",
            "position": "agree",
            "amendments": ["Each pays\r\n1 % of dues.", "", "Each gives a house.", "", "", ""],
        },
    )

    assert told.status_code == 302
    given = Mandate.objects.get(unit=room.assembly)
    assert given.texts == ["Each pays\n1 % of dues.", "Each gives a house."]
    shown = client.get(f"/councils/x/from/{room.assembly.key}/").content.decode()
    assert "Each gives a house." in shown


def test_a_mandate_given_here_says_by_how_many():
    several = on_the_table()
    room = several["X"]
    room.done("a1", "open_huddle", seconds=60)
    room.done("b1", "answer_huddle", position="agree", saying=7, of=9)
    said = mine(several, "X", "b2")["huddle"]
    assert said["spoke"]
    assert said["said"] == "Agree 7, of 9 asked."
    assert mine(several, "X", "b1")["huddle"]["answer"] == "agree"
    assert "data-huddle=" in panel(several, "X", "council", OBSERVER)
    room.done("a1", "close_huddle")

    assert mine(several, "X", "b1")["mandate"]["by"] == "given here by 7 of 9"
    assert mine(several, "X", "b1")["huddle"] is None


# --- units ----------------------------------------------------------------------------------------


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


# --- a recall -------------------------------------------------------------------------------------


def opened(several: Several) -> Several:
    """Have B ask whether to recall b2."""
    several["B"].done("b4", "open_recall", who="b2", reason=REASON)
    return several


def test_everybody_sees_what_is_asked_and_the_delegate_that_it_is_about_them():
    several = opened(on_the_table())
    shown = panel(several, "B", "recall")

    assert "Shall b2 be recalled from Council?" in shown
    assert "b2 is heard first." in shown
    assert "More than 1/2 of those who say for or against recall." in shown
    assert mine(several, "B", "b2")["recall"]["mine"]
    assert not mine(several, "B", "b4")["recall"]["mine"]


def test_an_answer_is_ones_own_and_the_numbers_are_everybodys():
    several = opened(on_the_table())
    several["B"].done("b4", "answer_recall", answer="for")

    assert mine(several, "B", "b4")["recall"]["answer"] == "for"
    assert mine(several, "B", "b3")["recall"]["answer"] is None
    assert "1 of 4 has answered." in panel(several, "B", "recall", PROJECTOR)


def test_the_next_step_of_a_recall_is_the_big_button_with_the_time_from_which():
    several = opened(on_the_table())
    assert big(several, "B")["act"] == {"do": "hear_delegate"}
    several.act("B", "hear_delegate")
    step = big(several, "B")
    assert step["act"] == {"do": "recall_delegate"}
    assert step["since"] == int((several.clock + timedelta(minutes=15)).timestamp() * 1000)
    assert "0 of 4" in step["why"]


def test_a_recall_under_notice_is_not_the_next_step_of_this_meeting():
    several = confederate("ABC", people=4, rule={"parity": "none"})
    several["B"].done("b4", "open_recall", who="b2", reason=REASON)

    room = several["B"]
    assert primary(read(room.meeting, now=room.clock)) is None
    assert "move-hear" in panel(several, "B", "recall", FACILITATOR)


def recalled(several: Several) -> Several:
    """Have B recall b2 while the council meets."""
    opened(several)
    several.act("B", "hear_delegate")
    for who in ("b1", "b3", "b4"):
        several["B"].done(who, "answer_recall", answer="for")
    several.later(minutes=16)
    several.act("B", "recall_delegate")
    return several


def test_who_is_recalled_loses_everything_and_is_told_why_they_are_still_here():
    several = asked(on_the_table())
    several["X"].done("b2", "take_position", position="agree")
    recalled(several)
    own = mine(several, "X", "b2")

    assert not own["counts"]
    assert own["unit"] is None
    assert own["position"] is None
    assert own["risen"] == "Your assembly has recalled you. You keep a place as observer."
    assert "b2 was recalled at" in panel(several, "B", "recall", PROJECTOR)


def test_the_council_sees_who_changed_delegates_when_and_until_when_closing_waits():
    several = asked(on_the_table())
    for who in ("a1", "b2", "c1"):
        several["X"].done(who, "take_position", position="agree")
    recalled(several)
    shown = panel(several, "X", "council", PROJECTOR)
    until = int((several.clock + timedelta(minutes=5)).timestamp() * 1000)

    assert "B assembly changed delegates at" in shown
    assert shown.count('data-position="agree"') == 2
    assert f'data-ends="{until}"' in shown
    close = offered(several, "close-test")
    assert close["since"] == until
    assert "B assembly changed delegates and has until" in close["hint"]
    assert several["X"].refused("a1", "close_test") == "recall_pending"
    several["X"].done("b1", "take_position", position="agree")
    assert "hint" not in offered(several, "close-test")


def test_whoever_is_their_alternate_is_offered_the_empty_seat():
    several = on_the_table()
    several.act("B", "choose_delegate", who="b3", seat=2, **{"as": "alternate"})
    several["X"].people["b3"] = several["X"].meeting.participants.get(person=several.person("b3"))
    assert mine(several, "X", "b3")["steps_in"] == ""
    recalled(several)

    assert mine(several, "X", "b3")["steps_in"] == "B assembly"
    several["X"].done("b3", "step_in")
    own = mine(several, "X", "b3")
    assert own["unit"]["name"] == "B assembly"
    assert own["steps_in"] == ""


def test_what_a_mandate_leaves_is_over_with_the_item_that_it_was_about():
    several = asked(on_the_table())
    assert "disagree" in mine(several, "X", "b2")["beyond"]
    several.later(minutes=1)
    several["X"].done("a1", "close_test")
    several["X"].done("a1", "finish_item", outcome="postponed")
    own = mine(several, "X", "b2")

    assert own["mandate"] is None
    assert own["beyond"] == []
    assert own["beyond_why"] == ""
    assert not own["closed"]


def test_nothing_else_comes_next_while_it_is_open_whose_matter_it_is():
    several = on_the_table()
    several["X"].done("b1", "object_to_scope", item="q1", reason="Our own street.")
    now, step = panel(several, "X", "now", PROJECTOR), big(several, "X")

    assert "Whose matter is it?" in now
    assert "Next: all units have said whose matter it is." in now
    assert step["act"] == {"do": "close_scope"}
    aloud = panel(several, "X", "now", FACILITATOR)
    assert "Whose matter is it? Next: all units have said whose matter it is.</q>" in aloud
    assert step["since"] == int((several.clock + timedelta(minutes=2)).timestamp() * 1000)
    for who in ("a1", "c1"):
        several["X"].done(who, "answer_scope", answer="shared")
    assert "since" not in big(several, "X")
    several["X"].done("a1", "close_scope")
    assert big(several, "X")["act"]["do"] != "close_scope"


def test_a_huddle_is_what_comes_next_as_long_as_it_is_open():
    several = on_the_table()
    several["X"].done("a1", "open_huddle")
    assert "Next: spokes have asked those behind them" in panel(several, "X", "now", PROJECTOR)

    several["X"].done("a1", "close_huddle")
    assert "spokes have asked" not in panel(several, "X", "now", PROJECTOR)


@pytest.mark.parametrize(
    "kind", ["scope_objected", "scope_answered", "scope_closed", "huddle_opened", "huddle_closed"]
)
def test_what_changes_the_next_step_has_it_printed_anew(kind):
    assert house().cards[f"federation.{kind}"].touches & house().panel_reads["now", "member"]


def test_what_is_read_aloud_is_the_step_of_the_recall():
    several = opened(on_the_table())
    page = read(several["B"].meeting, now=several.clock)

    assert read_aloud(page, None) == "No item is open. Recall. Next: b2 is heard."


# --- moves of a council ---------------------------------------------------------------------------


def test_a_test_waits_for_those_who_have_not_talked_about_it_and_says_until_when():
    several = confederate("ABC", people=4, rule={"parity": "none"})
    item = several.carry("A", title="A fund", text="Every assembly pays 2 % of dues.")
    room = several.meet()
    for do, args in (
        ("bring_proposal", {"proposal": "q1"}),
        ("take_up_item", {"item": "q1"}),
        ("present_proposal", {"proposal": "q1"}),
        ("set_phase", {"phase": "discussion"}),
    ):
        room.done("a1", do, **args)
    test = offered(several, "test")

    assert test["since"] == int(item.notice_until.timestamp() * 1000)
    assert date_format(item.notice_until, "j F Y") in test["hint"]
    assert "B assembly" in test["hint"]
    assert big(several, "X")["since"] == test["since"]
    shown = panel(several, "X", "council", FACILITATOR)
    assert "Not talked about yet in:" in shown


def test_while_a_unit_calls_it_its_own_nothing_is_tested_and_every_delegate_is_asked():
    several = on_the_table()
    room = several["X"]
    room.done("b1", "object_to_scope", reason="Our street.")
    assert "its own matter" in offered(several, "test")["why"]
    assert mine(several, "X", "c1")["scope"]["answer"] is None
    shown = panel(several, "X", "council")
    assert "B assembly says that this is its own matter." in shown
    room.done("c1", "answer_scope", answer="shared")

    assert mine(several, "X", "c1")["scope"]["answer"] == "shared"
    assert "Shared: 1, each its own: 1, of 3 units." in panel(several, "X", "council")


# --- notices --------------------------------------------------------------------------------------


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
