"""What is served before the stack, and what has to wait for a proposal's phase."""

import pytest

from assemblies.door.journal import read
from assemblies.live.printing import FACILITATOR, MEMBER, audience, print_panels
from assemblies.models import Entry
from assemblies.screens.now import primary
from stack.models import Hand
from tests.houses import furnish
from tests.rooms import make_room

pytestmark = pytest.mark.django_db
WAIT = "Clarifying questions come first."


@pytest.fixture
def clarifying(settings) -> None:
    """Have hands and direct responses wait, as a proposal that is being clarified does."""
    waits = ("hand", "direct_response")
    furnish(settings, holds=(lambda page, kind: WAIT if kind in waits else None,))


def panels(room, kind: str = MEMBER) -> dict[str, str]:
    """Print the panels of an audience."""
    return print_panels(read(room.meeting, now=room.clock), audience(kind, "en"))


def test_while_a_proposal_is_clarified_only_the_lane_is_served(room, clarifying):
    room.done("ana", "raise_hand")
    room.done("ben", "raise_hand", kind="direct_response")
    room.done("cem", "raise_hand", kind="clarification")

    assert primary(read(room.meeting))["act"] == {"do": "call", "who": room.key("cem")}
    room.done("fay", "call_next")
    assert room.state["floor"]["speaker"] == "cem"
    assert room.refused("fay", "call_next") == "wrong_phase"
    assert room.refused("fay", "call", who="ana") == "wrong_phase"
    assert room.refused("cem", "yield_turn", to="ana") == "wrong_phase"
    assert room.act("fay", "call", who="ben").why == WAIT
    room.done("cem", "raise_hand", kind="technical_point")
    room.done("fay", "call_next")

    assert room.state["floor"]["stack"] == ["ana"], "who waits keeps waiting"
    room.done("fay", "answer_point", who="cem")
    shown = panels(room, FACILITATOR)
    assert WAIT in shown["stack"]
    assert 'data-next=""' in shown["floor"]
    assert primary(read(room.meeting))["act"]["do"] == "finish_item"


def test_somebodys_clarification_is_called_though_their_hand_waits(room, clarifying):
    room.done("ana", "raise_hand")
    room.done("ana", "raise_hand", kind="clarification")

    room.done("fay", "call", who="ana")
    assert room.state["floor"]["kind"] == "clarification"


def test_a_round_of_questions_goes_on_while_hands_wait(room, clarifying):
    room.done("ana", "raise_hand")
    room.done("fay", "set_order", order="round")

    for name in ("fay", "ana", "ben", "cem"):
        room.done("fay", "call_next")
        assert room.state["floor"]["speaker"] == name
    assert room.refused("fay", "call_next") == "wrong_phase"


def test_where_nothing_holds_hands_are_called(room):
    room.done("ana", "raise_hand")
    room.done("fay", "call_next")
    assert room.state["floor"]["speaker"] == "ana"
    assert WAIT not in panels(room)["stack"]


@pytest.mark.parametrize(
    ("about", "words"),
    [("procedure", "procedure"), ("hear", "cannot hear"), ("access", "access")],
)
def test_a_technical_point_says_what_it_is_about_in_the_readers_language(room, about, words):
    room.done("ana", "raise_hand", kind="technical_point", about=about, note="at the back")

    assert room.state["floor"]["lane"] == [{"who": "ana", "kind": "technical_point"}]
    assert (Hand.objects.get().about, Hand.objects.get().note) == (about, "at the back")
    assert Entry.objects.get(kind="stack.hand_raised").facts["about"] == about
    assert f"{words}: at the back" in panels(room)["stack"]


def test_only_a_technical_point_is_about_one_of_five_things(room):
    assert room.refused("ana", "raise_hand", about="time") == "unknown"
    assert room.refused("ana", "raise_hand", kind="clarification", about="time") == "unknown"
    assert room.refused("ana", "raise_hand", kind="technical_point", about="x") == "unknown"
    assert not Hand.objects.exists()


def test_a_phone_raises_a_point_by_one_tap(client):
    room = make_room("Ana")
    client.force_login(room.people["ana"].person)
    page = client.get(f"/m/{room.meeting.key}/").content.decode()

    for about in ("procedure", "time", "logistics", "hear", "access"):
        assert f'"kind":"technical_point","about":"{about}"' in page
