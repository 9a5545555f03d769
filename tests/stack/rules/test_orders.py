"""The speaking orders: the vectors of DOMAIN.md S9, then laws."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack.rules.orders import (
    OPEN,
    ORDERS,
    RESERVED,
    Heard,
    Reason,
    Waiting,
    must_ask,
    reasons,
    speaking_order,
)
from stack.words.labels import reason_words


def waiting(who, n, gender, turns, prioritised=False) -> Waiting:
    groups = {gender, "P"} if prioritised else {gender}
    return Waiting(who, n, turns, 0, frozenset(groups))


S9 = [
    waiting("Aron", 1, "m", 2),
    waiting("Ben", 2, "m", 0),
    waiting("Cleo", 3, "w", 1),
    waiting("Dan", 4, "m", 0),
    waiting("Eva", 5, "w", 0),
    waiting("Finn", 6, "m", 3),
    waiting("Gita", 7, "w", 0, True),
    waiting("Hal", 8, "m", 1, True),
]
IVO = waiting("Ivo", 9, "m", 2)
SETTINGS = {
    "step_up": {"groups": ["P"], "step": 1},
    "zipper": {"reserved": ["w"], "open_run_limit": 3},
    "representation": {"groups": ["w", "m"]},
}
HEARD = Heard(turns={"w": 1, "m": 6}, present={"w": 16, "m": 14}, all_turns=7, all_present=30)


def order(code, entries, heard=None, moved=None, **settings) -> str:
    heard = heard or (HEARD if code == "representation" else Heard())
    found = speaking_order(code, entries, heard, SETTINGS.get(code, {}) | settings, moved or {})
    return " ".join(one.who for one in found)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("plain", "Aron Ben Cleo Dan Eva Finn Gita Hal"),
        ("first_time", "Ben Dan Eva Gita Aron Cleo Finn Hal"),
        ("balanced", "Ben Dan Eva Gita Cleo Hal Aron Finn"),
        ("step_up", "Ben Aron Dan Cleo Eva Gita Finn Hal"),
        ("zipper", "Eva Ben Gita Dan Cleo Aron Finn Hal"),
        ("representation", "Cleo Eva Gita Aron Ben Dan Finn Hal"),
        ("manual", "Aron Ben Cleo Dan Eva Finn Gita Hal"),
    ],
)
def test_one_list_and_its_orders(code, expected):
    assert order(code, S9) == expected


def test_the_zipper_goes_on_where_the_turns_left_it():
    men = [one for one in S9 if "m" in one.groups]

    assert order("zipper", [*S9, IVO]) == "Eva Ben Gita Dan Cleo Aron Finn Hal Ivo"
    assert order("zipper", S9, Heard(lists=(RESERVED,))) == "Ben Eva Dan Gita Aron Cleo Finn Hal"
    assert not must_ask(S9, Heard(lists=(OPEN,) * 5), SETTINGS["zipper"])
    assert not must_ask(men, Heard(lists=(RESERVED, OPEN, OPEN)), SETTINGS["zipper"])
    assert must_ask(men, Heard(lists=(RESERVED, OPEN, OPEN, OPEN)), SETTINGS["zipper"])
    assert must_ask(men, Heard(lists=(OPEN,)), {"reserved": ["w"], "open_run_limit": 1})


def test_a_moved_hand_stands_where_it_was_put():
    assert order("plain", S9, moved={"Hal": 2}) == "Aron Hal Ben Cleo Dan Eva Finn Gita"
    assert order("plain", S9, moved={"Aron": 99}) == "Ben Cleo Dan Eva Finn Gita Hal Aron"


def test_who_was_overtaken_five_times_stands_fixed_at_the_head():
    entries = [replace(one, overtaken=5) if one.who == "Finn" else one for one in S9]

    assert order("first_time", entries).startswith("Finn Ben")
    assert order("first_time", entries, moved={"Ben": 1}).startswith("Finn Ben")


entries = st.lists(
    st.builds(
        Waiting,
        who=st.uuids().map(str),
        n=st.integers(1, 500),
        turns=st.integers(0, 5),
        seconds=st.integers(0, 600),
        groups=st.frozensets(st.sampled_from(["w", "m", "P"])),
        overtaken=st.integers(0, 6),
    ),
    max_size=30,
    unique_by=(lambda one: one.who, lambda one: one.n),
)
heards = st.builds(
    Heard,
    lists=st.lists(st.sampled_from([RESERVED, OPEN]), max_size=6).map(tuple),
    turns=st.fixed_dictionaries({"w": st.integers(0, 9), "m": st.integers(0, 9)}),
    present=st.fixed_dictionaries({"w": st.integers(0, 40), "m": st.integers(0, 40)}),
    all_turns=st.integers(0, 20),
    all_present=st.integers(0, 90),
)
codes = st.sampled_from(sorted(ORDERS))


@given(codes, entries, heards, st.dictionaries(st.integers(0, 29), st.integers(1, 40), max_size=3))
def test_every_order_is_a_permutation_and_removes_nobody(code, who, heard, moves):
    moved = {who[place].who: to for place, to in moves.items() if place < len(who)}

    found = speaking_order(code, who, heard, SETTINGS.get(code, {}), moved)

    assert sorted(one.who for one in found) == sorted(one.who for one in who)


@given(codes, entries, heards, st.randoms())
def test_the_order_does_not_depend_on_how_the_hands_are_listed(code, who, heard, chance):
    shuffled = list(who)
    chance.shuffle(shuffled)
    settings = SETTINGS.get(code, {})

    assert speaking_order(code, shuffled, heard, settings, {}) == speaking_order(
        code, who, heard, settings, {}
    )


@given(entries, st.integers(1, 3))
def test_nobody_is_overtaken_by_one_who_came_more_than_step_times_grounds_later(who, step):
    fresh = [replace(one, overtaken=0) for one in who]

    found = speaking_order("step_up", fresh, Heard(), {"groups": ["P"], "step": step}, {})

    for place, one in enumerate(found):
        for before in found[:place]:
            assert before.n <= one.n + 2 * step


def why(code, one, place=1, moved=False, **settings) -> list[tuple[str, int]]:
    found = reasons(code, one, place, SETTINGS.get(code, {}) | settings, moved=moved)
    return [(reason.code, reason.number) for reason in found]


@pytest.mark.parametrize(
    ("code", "who", "expected"),
    [
        ("plain", "Dan", [("raised", 4)]),
        ("manual", "Dan", [("raised", 4)]),
        ("round", "Dan", [("raised", 4)]),
        ("first_time", "Dan", [("not_heard", 0), ("raised", 4)]),
        ("first_time", "Finn", [("heard", 3), ("raised", 6)]),
        ("balanced", "Aron", [("turns", 2), ("raised", 1)]),
        # Gita moves up two, one of them for a group: only what all could see is said.
        ("step_up", "Gita", [("up", 1), ("raised", 7)]),
        ("step_up", "Hal", [("heard", 1), ("raised", 8)]),
        ("zipper", "Eva", [("alternate", 0), ("raised", 5)]),
        ("zipper", "Ben", [("alternate", 0), ("raised", 2)]),
        ("representation", "Cleo", [("represented", 0), ("raised", 3)]),
    ],
)
def test_each_order_says_why_somebody_stands_where_they_stand(code, who, expected):
    place, one = next((n, one) for n, one in enumerate(S9, start=1) if one.who == who)

    assert why(code, one, place) == expected


def test_a_move_and_a_long_wait_weigh_more_than_the_order():
    waited = replace(S9[0], overtaken=5)

    assert why("first_time", S9[0], moved=True) == [("moved", 0), ("raised", 1)]
    assert why("first_time", waited, moved=True) == [("overtaken", 5), ("raised", 1)]
    assert why("first_time", waited, max_wait_overtakes=6) == [("heard", 2), ("raised", 1)]


@given(codes, entries, st.sets(st.integers(0, 29)), st.frozensets(st.sampled_from(["w", "m", "P"])))
def test_everybody_has_a_reason_and_none_tells_of_a_group(code, who, moves, groups):
    """Whoever belongs to whichever group: what is said beside a name stays the same."""
    for place, one in enumerate(who):
        moved = place in moves
        found = reasons(code, one, place + 1, SETTINGS.get(code, {}), moved=moved)
        elsewhere = reasons(
            code, replace(one, groups=groups), place + 1, SETTINGS.get(code, {}), moved=moved
        )

        assert found == elsewhere
        assert found[-1] == Reason("raised", place + 1)
        assert all(reason_words(reason) for reason in found if reason.code != "moved")
