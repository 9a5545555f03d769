"""How units decide together: published numbers, S11 to S13, and laws."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation import rules
from federation.rules import CouncilRule, Term

S13 = dict(zip("ABCDEFGHI", (120, 95, 80, 60, 45, 40, 30, 20, 10), strict=True))
START = datetime(2026, 5, 1, 19, 40, tzinfo=UTC)
DAY = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("accept", "ok"),
    [
        ((120, 95, 80, 60, 45, 40), True),
        ((60, 45, 40, 30, 20, 10), False),
        ((120, 95, 80, 60, 45), False),
        ((95, 60, 45, 30, 20, 10), True),
        ((), False),
    ],
)
def test_a_double_majority_as_published(accept, ok):
    accepted = [unit for unit, members in S13.items() if members in accept]

    assert rules.ratified(S13, accepted) is ok


@pytest.mark.parametrize(
    ("ratio", "members", "seats"),
    [
        (75, 40, 1),
        (75, 112, 1),
        (75, 113, 2),
        (75, 270, 4),
        (75, 400, 5),
        (70, 105, 1),
        (70, 106, 2),
        (20000, 110000, 5),
        (20000, 110001, 6),
        (20000, 165000, 8),
    ],
)
def test_seats_by_size_as_published(ratio, members, seats):
    assert rules.apportioned(members, ratio) == seats


def test_s11_quorum_and_overrides():
    assert rules.units_needed(7, Fraction(2, 3)) == 5
    two_thirds = Fraction(2, 3)
    assert rules.overrides(5, 2, two_thirds)
    assert rules.overrides(4, 2, two_thirds)  # exactly two thirds
    assert not rules.overrides(4, 3, two_thirds)
    assert not rules.overrides(0, 0, two_thirds)


def test_s11_closing_waits_five_minutes_for_a_unit_that_changed_delegates():
    recalls = [("D", START)]

    assert rules.closing_held(recalls, [], START + timedelta(minutes=2)) == ["D"]
    assert rules.closing_held(recalls, ["D"], START + timedelta(minutes=2)) == []
    assert rules.closing_held(recalls, [], START + timedelta(seconds=299)) == ["D"]
    assert rules.closing_held(recalls, [], START + timedelta(minutes=5)) == []


@pytest.mark.parametrize(
    ("answers", "position"),
    [([], None), (["agree"], "agree"), (["agree", "agree"], "agree"), (["agree", "no"], "split")],
)
def test_two_delegates_carry_one_position(answers, position):
    assert rules.unit_position(answers) == position


UNITS = ("Berlin", "Brandenburg", "Wendland", "Hamburg")


def test_s12_terms_cool_down_and_units_take_turns():
    rule = CouncilRule()
    ends = DAY + timedelta(days=90)
    terms = [Term("bea", "Berlin", DAY, ends), Term("wim", "Wendland", DAY, ends)]
    later = DAY + timedelta(days=91)

    again = rules.may_be_chosen("bea", "Berlin", later, terms, UNITS, rule)
    other = rules.may_be_chosen("bo", "Berlin", later, terms, UNITS, rule)

    assert again is not None
    assert (again.rule, again.since) == ("cooldown", DAY + timedelta(days=180))
    assert other is not None
    assert (other.rule, other.waiting) == ("unit_rotation", ("Brandenburg", "Hamburg"))
    assert rules.may_be_chosen("ina", "Hamburg", later, terms, UNITS, rule) is None
    turned = [
        *terms,
        Term("ina", "Hamburg", later, later + timedelta(days=90)),
        Term("bob", "Brandenburg", later, later + timedelta(days=90)),
    ]
    assert rules.may_be_chosen("bo", "Berlin", later, turned, UNITS, rule) is None
    assert (
        rules.may_be_chosen("bea", "Berlin", DAY + timedelta(days=180), turned, UNITS, rule) is None
    )


@pytest.mark.parametrize(
    ("groups", "parity", "kept"),
    [
        (["man", "man"], "not_all_alike", False),
        (["woman", "man"], "not_all_alike", True),
        (["woman", ""], "not_all_alike", True),
        (["man", "man"], "none", True),
        (["woman", "man"], "one_of_each", True),
        (["man", "man"], "one_of_each", False),
        (["woman"], "one_of_each", True),
    ],
)
def test_parity_of_those_chosen_together(groups, parity, kept):
    assert rules.parity_kept(groups, parity) is kept


def test_delegates_from_distinct_units():
    assert rules.distinct(["Berlin", "Wendland"])
    assert not rules.distinct(["Berlin", "Berlin"])


# --- laws -----------------------------------------------------------------------------------------


@given(
    st.dictionaries(st.sampled_from("ABCDEFGH"), st.integers(1, 200), min_size=1),
    st.sets(st.sampled_from("ABCDEFGH")),
    st.sampled_from("ABCDEFGH"),
)
def test_another_unit_that_accepts_never_undoes_a_ratification(members, accepted, another):
    if rules.ratified(members, accepted):
        assert rules.ratified(members, {*accepted, another})
        assert accepted


@given(st.integers(1, 6), st.integers(1, 4))
def test_every_depth_is_the_same_path_and_every_base_assembly_counts_once(depth, width):
    units: dict[str, list[str]] = {}
    level = [f"base{n}" for n in range(width**2)]
    base = list(level)
    for step in range(depth):
        upper = [f"council{step}.{n}" for n in range(max(1, len(level) // width))]
        for n, body in enumerate(level):
            units.setdefault(upper[n % len(upper)], []).append(body)
            # Sitting in two councils at once must not count a body twice above.
            units[upper[0]] = list(dict.fromkeys([*units.get(upper[0], []), body]))
        level = upper
    units["top"] = level

    assert sorted(rules.base_of("top", units)) == sorted(base)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=25))
def test_no_body_ever_comes_to_sit_in_itself(joins):
    above: dict[str, set[str]] = {}
    for low, high in joins:
        unit, council = f"b{low}", f"b{high}"
        if not rules.would_be_a_circle(unit, council, above):
            above.setdefault(unit, set()).add(council)

    for body in list(above):
        assert all(not rules.reaches(upper, body, above) for upper in above[body])
