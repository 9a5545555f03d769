"""The lane, the plain order, the clock: cases, then laws."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack import rules

START = datetime(2026, 5, 1, 19, 0, tzinfo=UTC)
KINDS = ("hand", *rules.LANE)


@dataclass(frozen=True)
class Up:
    """A hand as the rules see it."""

    kind: str
    n: int


hands = st.lists(st.sampled_from(KINDS), max_size=40).map(
    lambda kinds: [Up(kind, n) for n, kind in enumerate(kinds, start=1)]
)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("up", "lane", "stack"),
    [
        ("h h", "", "1 2"),
        ("c t", "2 1", ""),
        ("r c t h", "3 2 1", "4"),
        ("h c c t t r h", "4 5 2 3 6", "1 7"),
    ],
)
def test_points_come_before_clarifications_before_responses_before_hands(up, lane, stack):
    kinds = {"h": "hand", "t": "technical_point", "c": "clarification", "r": "direct_response"}
    raised = [Up(kinds[letter], n) for n, letter in enumerate(up.split(), start=1)]

    assert " ".join(str(hand.n) for hand in rules.lane_of(raised)) == lane
    assert " ".join(str(hand.n) for hand in rules.ordinary_hands(raised)) == stack


@given(hands)
def test_everybody_who_waits_is_served_exactly_once(up):
    assert sorted([*rules.lane_of(up), *rules.ordinary_hands(up)], key=lambda hand: hand.n) == up


@given(hands, st.randoms())
def test_the_order_of_serving_does_not_depend_on_how_hands_are_listed(up, random):
    shuffled = list(up)
    random.shuffle(shuffled)

    assert rules.lane_of(shuffled) == rules.lane_of(up)
    assert rules.ordinary_hands(shuffled) == rules.ordinary_hands(up)


@pytest.mark.parametrize(
    ("seconds", "stood", "now", "left"),
    [
        (60, 0, 0, 60),
        (60, 0, 15, 45),
        (60, 0, 59.5, 1),
        (60, 0, 60, 0),
        (60, 0, 600, 0),
        (60, 35, 50, 45),
        (30, 0, 29, 1),
    ],
)
def test_the_clock(seconds, stood, now, left):
    clock = rules.Clock(START, seconds, timedelta(seconds=stood))

    assert clock.left(at(now)) == left


def test_a_stopped_clock_stands_still():
    clock = rules.Clock(START, 60, timedelta(), stopped_at=at(15))

    assert {clock.left(at(now)) for now in (15, 16, 500)} == {45}


times = st.integers(min_value=0, max_value=5000)


@given(times, times, st.integers(1, 600), st.integers(0, 600))
def test_the_clock_never_gains_time(earlier, later, seconds, stood):
    clock = rules.Clock(START, seconds, timedelta(seconds=stood))
    earlier, later = sorted((earlier, later))

    assert seconds >= clock.left(at(earlier)) >= clock.left(at(later)) >= 0
