"""How long it takes to put those who wait into speaking order, for each order there is."""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.report import number, table
from stack.rules.orders import (
    OPEN,
    ORDERS,
    OVERTAKES_AT_MOST,
    RESERVED,
    Heard,
    Waiting,
    speaking_order,
)

GROUPS = ("women", "without papers", "under 25")
SETTINGS: dict[str, dict[str, Any]] = {
    "step_up": {"groups": list(GROUPS), "step": 2},
    "zipper": {"reserved": ["women"], "open_run_limit": 3},
    "representation": {"groups": list(GROUPS)},
}
MOVED = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--waiting", type=int, default=1000, help="how many wait")
    parser.add_argument("--runs", type=int, default=50, help="how often each order is made")
    parser.add_argument("--seed", type=int, default=1)


def queue(size: int, chance: random.Random) -> list[Waiting]:
    """Return people who wait, in no order: of every group, heard or not, a few passed over."""
    numbers = chance.sample(range(1, 3 * size + 1), size)
    return [
        Waiting(
            who=f"p{n}",
            n=n,
            turns=chance.choice((0, 0, 0, 1, 1, 2, 3)),
            seconds=chance.randrange(600),
            groups=frozenset(name for name in GROUPS if chance.random() < 0.3),
            overtaken=OVERTAKES_AT_MOST if chance.random() < 0.02 else chance.randrange(3),
        )
        for n in numbers
    ]


def history(size: int, chance: random.Random) -> Heard:
    """Return what was heard before: fifty turns, and who is in the hall."""
    return Heard(
        lists=tuple(chance.choice((RESERVED, OPEN)) for _turn in range(50)),
        turns={name: chance.randrange(20) for name in GROUPS},
        present=dict.fromkeys(GROUPS, size // 3),
        all_turns=50,
        all_present=size,
    )


def took(work: Callable[[], Any], runs: int) -> list[float]:
    """Return how many milliseconds each of some runs took."""
    found = []
    for _run in range(runs):
        begun = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - begun))
    return found


def measured(size: int, runs: int, seed: int) -> dict[str, list[float]]:
    """Return the milliseconds of every run, by order; `sorted` is sorting by arrival alone."""
    chance = random.Random(seed)
    waiting, heard = queue(size, chance), history(size, chance)
    moved = {one.who: chance.randrange(1, size + 1) for one in waiting[:MOVED]}
    found = {"sorted": took(lambda: sorted(waiting, key=lambda one: one.n), runs)}
    for code in ORDERS:
        settings = SETTINGS.get(code, {})

        def work(code: str = code, settings: dict[str, Any] = settings) -> list[Waiting]:
            return speaking_order(code, waiting, heard, settings, moved)

        found[code] = took(work, runs)
    return found


def run(asked: argparse.Namespace) -> int:
    """Measure and print."""
    found = measured(asked.waiting, asked.runs, asked.seed)
    plain = statistics.median(found["sorted"])
    rows = [
        [
            code,
            f"{(median := statistics.median(times)):.2f}",
            f"{max(times):.2f}",
            number(median / plain),
        ]
        for code, times in found.items()
    ]
    about = f"{asked.waiting:,} waiting, {MOVED} moved, a fiftieth passed over five times; "
    sys.stdout.write(f"{about}{asked.runs} runs of each\n\n")
    sys.stdout.write(table(["order", "median ms", "worst ms", "x sorted"], rows) + "\n")
    return 0
