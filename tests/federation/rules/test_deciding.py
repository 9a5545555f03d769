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


@given(
    st.dictionaries(st.sampled_from("XYZW"), st.lists(st.sampled_from("ABCDEF"), unique=True)),
    st.sets(st.sampled_from("XYZW")),
)
def test_a_base_in_two_units_is_counted_once_and_with_who_accepts(bases, accepting):
    once = rules.each_once(bases, accepting)

    counted = [base for kept in once.values() for base in kept]
    assert (
        sorted(counted)
        == sorted(set(counted))
        == sorted({b for own in bases.values() for b in own})
    )
    among = {base for unit in accepting & set(bases) for base in bases[unit]}
    assert among == {base for unit in accepting & set(bases) for base in once[unit]}


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
    ("answers", "over", "phase"),
    [
        (dict.fromkeys("ABCDEF", "accept"), False, "in_force"),
        (dict.fromkeys("DEFGHI", "accept"), False, "provisional"),
        (dict.fromkeys("DEFGHI", "accept"), True, "lapsed"),
        (dict.fromkeys("ABCDE", "accept"), False, "provisional"),
        (dict.fromkeys("ABCDE", "accept"), True, "lapsed"),
        (dict.fromkeys("BDEGHI", "accept"), True, "in_force"),
        ({**dict.fromkeys("ABCDEF", "accept"), "G": "reject"}, False, "in_force"),
        ({**dict.fromkeys("ABCDEF", "accept"), "G": "return"}, False, "returned"),
        ({**dict.fromkeys("ABCDE", "accept"), "G": "not_affected"}, True, "lapsed"),
        ({**dict.fromkeys("ABCDE", "accept"), "gone": "accept"}, True, "lapsed"),
        ({}, False, "provisional"),
        ({}, True, "lapsed"),
    ],
)
def test_s13_where_a_text_stands_before_nine_assemblies(answers, over, phase):
    assert rules.phase_by_answers("double_majority", S13, answers, over=over) == phase


TWELVE = {f"c{n}": 50 for n in range(1, 13)}
ELEVEN = dict.fromkeys(list(TWELVE)[:11], "accept")


@pytest.mark.parametrize(
    ("answers", "phase", "waiting"),
    [
        ({**ELEVEN, "c12": "return"}, "returned", []),
        ({**ELEVEN, "c12": "accept"}, "in_force", []),
        ({**ELEVEN, "c12": "not_affected"}, "in_force", []),
        (ELEVEN, "provisional", ["c12"]),
        ({**ELEVEN, "c12": "reject"}, "returned", []),
        ({"c1": "reject"}, "returned", list(TWELVE)[1:]),
        (dict.fromkeys(TWELVE, "not_affected"), "lapsed", []),
    ],
)
@pytest.mark.parametrize("over", [False, True])
def test_s14_twelve_communities_agree_all_or_not_at_all(answers, phase, waiting, over):
    assert rules.phase_by_answers("all_units", TWELVE, answers, over=over) == phase
    assert rules.waiting_for(TWELVE, answers) == waiting


@pytest.mark.parametrize(
    ("yes", "no", "agreed"),
    [(51, 49, True), (50, 50, False), (1, 0, True), (0, 0, False), (0, 9, False)],
)
def test_members_agree_by_more_than_half_of_those_who_answer(yes, no, agreed):
    assert rules.agreed_by_members(yes, no, Fraction(1, 2)) is agreed


@pytest.mark.parametrize(
    ("shared", "units", "stays"), [(6, 9, True), (5, 9, False), (5, 7, True), (4, 7, False)]
)
def test_a_matter_stays_where_two_thirds_of_all_units_call_it_shared(shared, units, stays):
    names = [f"u{n}" for n in range(units)]
    said = {name: "shared" if n < shared else "split" for n, name in enumerate(names)}

    assert rules.is_shared(said, names, Fraction(2, 3)) is stays
    assert not rules.is_shared({}, names, Fraction(2, 3))
    assert not rules.is_shared({}, [], Fraction(2, 3))


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([("agree", 7, 9)], ("agree", 7, 9)),
        ([("agree", 4, 9)], None),
        ([("agree", 1, 1), ("agree", 1, 1), ("disagree", 1, 1)], ("agree", 2, 3)),
        ([("agree", 1, 1), ("disagree", 1, 1)], None),
        ([("agree", 3, 5), ("agree", 1, 1), ("disagree", 1, 1)], ("agree", 4, 7)),
        ([("agree", 0, 0)], None),
        ([], None),
    ],
)
def test_those_behind_a_spoke_say_what_more_than_half_of_them_say(answers, said):
    assert rules.said_behind(answers) == said


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


answers_of_units = st.dictionaries(st.sampled_from("ABCDEFGHI"), st.sampled_from(rules.ANSWERS))


@given(answers_of_units, st.sampled_from("ABCDEFGHI"), st.sampled_from(rules.ANSWERS))
def test_silence_never_carries_a_text_and_one_return_always_suspends_it(answers, unit, other):
    for way in ("double_majority", "all_units"):
        said = {**answers, unit: other}
        if "return" in said.values():
            assert rules.phase_by_answers(way, S13, said) == "returned"
        if rules.phase_by_answers(way, S13, said, over=True) == "in_force":
            assert "accept" in said.values()
            assert way != "all_units" or not rules.waiting_for(S13, said)
        # Another who accepts in the place of one who is silent never takes anything away.
        if (
            unit not in answers
            and rules.phase_by_answers("double_majority", S13, answers) == "in_force"
        ):
            more = {**answers, unit: "accept"}
            assert rules.phase_by_answers("double_majority", S13, more) == "in_force"


@given(answers_of_units)
def test_with_time_over_a_double_majority_waits_for_nobody(answers):
    assert rules.phase_by_answers("double_majority", S13, answers, over=True) != "provisional"


@given(
    st.lists(
        st.tuples(st.sampled_from(["agree", "disagree", "abstain"]), st.integers(0, 9)).map(
            lambda one: (*one, one[1] + 1)
        )
    )
)
def test_those_behind_a_spoke_never_say_two_things(answers):
    said = rules.said_behind(answers)

    if said is not None:
        position, by, of = said
        assert by == sum(saying for one, saying, _of in answers if one == position)
        assert of == sum(asked for *_rest, asked in answers) < 2 * by


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


@pytest.mark.parametrize(
    ("ratification", "item_kind", "class_of_item", "asked"),
    [
        ("double_majority", "enact", "ordinary", True),
        ("double_majority", "propose_to_base", "constitutional", True),
        ("all_units", "enact", "emergency", True),
        ("members", "enact", "major", True),
        ("double_majority", "enact", "routine", True),
        ("double_majority", "elect", "ordinary", False),
        ("none", "enact", "constitutional", False),
    ],
)
def test_which_items_the_bases_are_asked_about(ratification, item_kind, class_of_item, asked):
    rule = CouncilRule(ratification=ratification)

    assert rules.goes_to_bases(rule, item_kind, class_of_item) is asked
    trusting = CouncilRule(ratification=ratification, routine_exempt=True)
    spared = class_of_item == "routine"
    assert rules.goes_to_bases(trusting, item_kind, class_of_item) is (asked and not spared)
