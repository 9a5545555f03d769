"""The scenarios as they are written down, and the report."""

import math
import random
from itertools import pairwise

import pytest

from bench.report import number, ratio, table
from bench.scenarios import RESULT_WITHIN, SCENARIOS


def plan_of(name):
    scenario = SCENARIOS[name]
    return list(scenario.plan(scenario.phones, scenario.seconds, random.Random(1)))


@pytest.mark.parametrize("name", SCENARIOS)
def test_taps_are_in_order_and_within_the_time_and_the_hall(name):
    scenario, plan = SCENARIOS[name], plan_of(name)
    assert plan == sorted(plan)
    assert all(0 <= at <= scenario.seconds for at, _number in plan)
    assert {number for _at, number in plan} <= set(range(scenario.phones))


def test_a_hall_taps_once_a_second():
    assert [at for at, _number in plan_of("hall")] == [float(second) for second in range(30)]


def test_a_thousand_tap_every_one_to_five_seconds():
    by_phone = {}
    for at, phone in plan_of("thousand"):
        by_phone.setdefault(phone, []).append(at)
    pauses = [b - a for taps in by_phone.values() for a, b in pairwise(taps)]
    assert len(by_phone) == 1000
    assert min(pauses) >= 1
    assert max(pauses) <= 5


def test_in_a_storm_everybody_taps_once():
    assert sorted(number for _at, number in plan_of("storm")) == list(range(1000))


def test_everybody_takes_a_position_and_every_tenth_another_one():
    by_phone = {}
    for at, phone in plan_of("consensus"):
        by_phone.setdefault(phone, []).append(at)
    assert len(by_phone) == 1000
    assert sorted(phone for phone, taps in by_phone.items() if len(taps) == 2) == [
        *range(0, 1000, 10)
    ]


def test_nobody_taps_faster_than_the_server_allows():
    for name in ("thousand", "square"):
        left, last = {}, {}
        for at, phone in plan_of(name):
            left[phone] = min(10, left.get(phone, 10) + 2 * (at - last.get(phone, 0))) - 1
            last[phone] = at
            assert left[phone] >= 0


def test_what_never_gets_through_counts_at_least_ten_seconds():
    assert SCENARIOS["storm"].window == 10
    assert SCENARIOS["thousand"].window == 30
    assert SCENARIOS["consensus"].window == RESULT_WITHIN


@pytest.mark.parametrize(
    ("value", "shown"),
    [(3, "3"), (1234, "1,234"), (12.34, "12.3"), (1234.5, "1,234"), (None, "-"), (math.nan, "-")],
)
def test_numbers_as_people_read_them(value, shown):
    assert number(value) == shown


def test_a_table_lines_up():
    lines = table(["what", "ms"], [["p50", "1.0"], ["p95", "100"]]).splitlines()
    assert lines == ["what   ms", "----  ---", "p50   1.0", "p95   100"]


def test_ratio_of_nothing_is_none():
    assert ratio(0.0, 5.0) is None
    assert ratio(2.0, 5.0) == 2.5
