"""An answer belongs to the question that was on the screen, not to whatever is open by now."""

import pytest

from assemblies.door.journal import read
from proposals.sheets.asking import Asking
from tests.proposals import stories
from tests.rooms import make_room

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    """A room whose rule allows modified consensus."""
    return make_room("Ana", "Ben", "Cem", preset="ows_modified_90")


def play(room, steps) -> None:
    """Do the steps of a story, in a meeting with a clock of its own."""
    room.at(0)
    for who, do, args in steps:
        room.done(who, do, **args)


def named(room, what: str) -> str:
    """Return the name of the test, the vote or the check that was opened last."""
    return str(getattr(read(room.meeting, now=room.clock).sheet(Asking), what)[-1].pk)


@pytest.mark.parametrize(
    ("do", "args"), [("take_position", {"position": "agree"}), ("prepare_block", {})]
)
def test_what_was_meant_for_one_test_is_no_answer_to_the_next(room, do, args):
    play(room, stories.AGREED)
    first = named(room, "tests")
    room.done("ben", do, test=first, **args)
    room.done("ben", "prepare_block", cancel=True, test=first)
    room.done("fay", "close_test")
    room.done("fay", "set_phase", phase="discussion")
    room.done("fay", "open_test")

    late = room.act("ben", do, test=first, **args)

    assert late.code == "no_test_open"
    assert late.why.startswith("The test closed at ")
    assert room.state["proposal"]["test"]["answered"] == 0
    room.done("ben", do, test=named(room, "tests"), **args)


def test_what_was_meant_for_one_vote_or_check_is_no_answer_to_another(room):
    play(room, [*stories.HEARD, ("fay", "open_check", {"seconds": 30})])
    other = named(room, "tests")
    check = named(room, "checks")

    assert room.refused("cem", "answer_check", level="up", check=other) == "not_open"
    room.done("cem", "answer_check", level="up", check=check)
    room.done("fay", "close_check")
    room.done("fay", "open_vote")
    assert room.refused("cem", "cast_ballot", choice="for", vote=check) == "not_open"
    room.done("cem", "cast_ballot", choice="for", vote=named(room, "votes"))
