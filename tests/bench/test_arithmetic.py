"""Percentiles, and when the last screen knew."""

import math
from bisect import bisect_left

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.arithmetic import NEVER, Screens, delays, percentile


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([7.0], 0.5, 7.0),
        ([1.0, 2.0, 3.0, 4.0], 0.5, 2.0),
        ([4.0, 1.0, 3.0, 2.0], 0.95, 4.0),
        ([float(n) for n in range(1, 101)], 0.95, 95.0),
        ([float(n) for n in range(1, 101)], 1.0, 100.0),
        ([5.0, 6.0], 0.0, 5.0),
    ],
)
def test_percentile_is_the_nearest_rank(values, share, expected):
    assert percentile(values, share) == expected


def test_percentile_of_nothing_is_not_a_number():
    assert math.isnan(percentile([], 0.95))


def test_the_slowest_phone_decides():
    quick, slow = [(1, 0.1), (2, 0.2)], [(1, 0.3), (2, 0.9)]
    screens = Screens([quick, slow])
    assert screens.reached_all(1) == 0.3
    assert screens.reached_all(2) == 0.9


def test_a_later_frame_covers_an_earlier_act():
    screens = Screens([[(1, 0.1), (5, 0.4)], [(3, 0.2), (5, 0.3)]])
    assert screens.reached_all(2) == 0.4
    assert screens.reached_all(4) == 0.4
    assert screens.reached_all(6) == NEVER


def test_a_phone_that_missed_a_frame_is_counted():
    screens = Screens([[(1, 0.1), (2, 0.2)], [(1, 0.1)]])
    assert screens.reached_all(1) == 0.1
    assert screens.reached_all(2) == NEVER


def test_a_phone_without_any_frame_is_counted():
    assert Screens([[(1, 0.1)], []]).reached_all(1) == NEVER


def test_a_frame_older_than_the_screen_changes_nothing():
    # Who comes back is shown the newest state first; a late frame may come after it.
    screens = Screens([[(5, 0.5), (3, 0.9)], [(3, 0.2), (5, 0.4)]])
    assert screens.reached_all(3) == 0.5
    assert screens.reached_all(5) == 0.5


def test_what_never_got_through_counts_with_the_window():
    screens = Screens([[(1, 10.25)]])
    acts = [(10.0, 1), (10.1, 2), (10.2, None)]
    assert delays(acts, screens, window=30.0) == [pytest.approx(0.25), 30.0, 30.0]


frames = st.lists(st.tuples(st.integers(0, 12), st.floats(0, 5)), max_size=8)


@given(st.lists(frames, min_size=1, max_size=5), st.integers(0, 14))
def test_the_reduction_equals_looking_at_every_phone(halls, seq):
    halls = [sorted(one, key=lambda frame: frame[1]) for one in halls]
    firsts = [next((at for number, at in one if number >= seq), NEVER) for one in halls]
    found = Screens(halls).reached_all(seq)
    assert found == max(firsts)


def test_the_numbers_seen_are_sorted_so_that_bisect_finds_them():
    screens = Screens([[(9, 0.1)], [(2, 0.1), (9, 0.2)], [(4, 0.3), (9, 0.4)]])
    assert screens.numbers == [2, 4, 9]
    assert bisect_left(screens.numbers, 3) == 1
