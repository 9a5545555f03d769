"""A base acts on a council while the council acts: one order of things, to the second.

Real threads, SQLite and PostgreSQL.
"""

import threading
from datetime import timedelta

import pytest

from assemblies.acts.perform import perform
from federation.models import SeatTerm, UnitPosition
from tests.federation.recalling import (
    act,
    again_and_again,
    asking,
    entries,
    holds,
    in_time,
    recalled_at,
    to_vote,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]


def test_bases_that_recall_at_once_while_the_council_acts_do_not_wait_for_each_other():
    several, room = asking("ABCDEF")
    for pair in ("AB", "CD", "EF"):
        for letter in pair:
            several.almost_recalled(letter)
        over = threading.Event()

        def recall(letter: str, over=over):
            try:
                return several.act(letter, "recall_delegate")
            finally:
                over.set()

        others = [("take_position", {"position": "agree"}), ("show_signal", {"signal": "agree"})]
        in_time(
            [
                *[lambda one=one: recall(one) for one in pair],
                again_and_again(room, f"{pair[0].lower()}2", others, over),
                again_and_again(room, f"{pair[1].lower()}2", others[::-1], over),
            ]
        )
        told = [one.facts["unit"] for one in entries(room, kind="federation.delegates_changed")]
        assert {several[one].assembly.key for one in pair} <= set(told)
    assert SeatTerm.objects.filter(end="recalled").count() == 6
    assert holds(several)


def test_a_base_that_acts_on_the_council_and_the_council_do_not_wait_for_each_other():
    several, room = asking()
    for letter in "ABC":
        several.decide(letter)
    item = {"item": "q1", "decision": 2}
    rounds = 12

    def mandates(letter: str):
        def work() -> list[str]:
            base = several[letter]
            return [
                perform(
                    base.meeting,
                    [act("give_mandate", base, f"{letter.lower()}1", position=position, **item)],
                    now=several.clock,
                )[0].code
                for position in ("agree", "stand_aside") * (rounds // 2)
            ]

        return work

    def alternates() -> list[str]:
        base = several["C"]
        send = {"who": base.key("c3"), "seat": 1, "as": "alternate", "decision": 2}
        acts = [act("choose_delegate", base, "c1", **send) for _round in range(rounds)]
        return [perform(base.meeting, [one], now=several.clock)[0].code for one in acts]

    def positions() -> list[str]:
        acts = [
            act("take_position", room, who, position=one)
            for one in ("agree", "stand_aside") * (rounds // 2)
            for who in ("a1", "b1", "c1")
        ]
        return [perform(room.meeting, [one], now=several.clock)[0].code for one in acts]

    # A mandate is written in the council's own journal first, an alternate in its meeting first.
    found = in_time([*map(mandates, "AB"), alternates, positions, positions])

    assert found[:3] == [[""] * rounds] * 3
    assert set(found[3] + found[4]) <= {"", "outside_mandate"}
    assert holds(several)


@pytest.mark.parametrize("question", ["test", "vote"])
def test_closing_waits_for_five_minutes_to_the_second(question):
    several, room = asking()
    if question == "vote":
        to_vote(several, room)
    room.done("a1", "give_role", role="facilitator", who="b1")
    word, answer = (
        ("take_position", {"position": "agree"})
        if question == "test"
        else ("cast_ballot", {"choice": "for"})
    )
    for who in ("a1", "b1", "c1"):
        room.done(who, word, **answer)
    several.almost_recalled("A")
    at = several.clock
    several.act("A", "recall_delegate")

    for later in (timedelta(0), timedelta(seconds=1), timedelta(minutes=5, microseconds=-1)):
        several.set(at + later)
        assert room.refused("b1", f"close_{question}") == "recall_pending"
    several.set(at + timedelta(minutes=5))
    room.done("b1", f"close_{question}")

    said = room.state["proposal"][question]
    assert (said["positions"]["agree"] if question == "test" else said["for"]) == 2


def test_a_test_that_closed_in_the_second_of_the_recall_stands():
    several, room = asking()
    for who in ("a1", "b1", "c1"):
        room.done(who, "take_position", position="agree")
    several.almost_recalled("A")
    room.done("a1", "close_test")
    several.act("A", "recall_delegate")

    assert room.state["proposal"]["test"]["positions"]["agree"] == 3
    said = UnitPosition.objects.get(unit=several["A"].assembly)
    assert (said.position, [one[1] for one in said.entered]) == ("agree", ["a1"])


@pytest.mark.parametrize("_again", range(4))
def test_closing_and_recalling_at_once_have_an_order(_again):
    several, room = asking()
    room.done("a1", "give_role", role="facilitator", who="b1")
    for who in ("a1", "b1", "c1"):
        room.done(who, "take_position", position="agree")
    several.almost_recalled("A")

    _recalled, closing = in_time(
        [
            lambda: several.act("A", "recall_delegate"),
            lambda: room.act("b1", "close_test"),
        ]
    )

    agreed = room.state["proposal"]["test"]["positions"]["agree"]
    first = entries(room, kind="proposals.test_closed").first()
    if closing.accepted:
        assert first.seq < recalled_at(room)
        assert agreed == 3
    else:
        assert closing.code == "recall_pending"
        assert (first, agreed) == (None, 2)
