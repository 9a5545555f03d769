"""What delegates see of the mandate of their unit, and how it is given."""

import pytest

from assemblies.door.kinds import Names
from assemblies.live.printing import OBSERVER, PROJECTOR
from assemblies.models import Entry
from federation.models import Mandate
from federation.services.mandates import MANDATE_GIVEN
from federation.words.sentences import mandate_given
from tests.federation.screens.looking import asked, mine, on_the_table, panel
from tests.federation.several import confederate

pytestmark = pytest.mark.django_db


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
