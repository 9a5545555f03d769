"""The bench of the orders measures every order, on a queue with everything in it."""

import random

from bench.orders import measured, queue
from stack.rules.orders import ORDERS, OVERTAKES_AT_MOST


def test_the_queue_has_heard_and_unheard_groups_and_people_passed_over():
    waiting = queue(500, random.Random(1))

    assert len({one.n for one in waiting}) == 500
    assert [one.n for one in waiting] != sorted(one.n for one in waiting)
    assert {one.turns > 0 for one in waiting} == {True, False}
    assert any(len(one.groups) > 1 for one in waiting)
    assert any(one.overtaken == OVERTAKES_AT_MOST for one in waiting)


def test_every_order_is_measured_beside_plain_sorting():
    found = measured(20, 3, 1)

    assert set(found) == {"sorted", *ORDERS}
    assert all(len(times) == 3 and min(times) > 0 for times in found.values())
