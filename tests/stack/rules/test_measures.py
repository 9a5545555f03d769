"""How the floor is shared: the numbers of DOMAIN.md S10, then laws."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack.rules import measures
from stack.rules.measures import Spoken

SECONDS = [600, 420, 90, 60, 30, 0, 0, 0, 0, 0]
SILENT = ["p6", "p7", "p8", "p9", "p10"]
PEOPLE = ["finn", "aron", "cleo", "ben", "dan", *SILENT]
SAID = {
    "finn": Spoken(3, 600),
    "aron": Spoken(2, 420),
    "cleo": Spoken(1, 90),
    "ben": Spoken(1, 60),
    "dan": Spoken(1, 30),
}


def test_the_numbers_of_a_room_where_few_speak():
    fair = measures.fair_share(SECONDS, 10)

    assert fair == 120
    assert [measures.ratio(one, fair) for one in SECONDS[:5]] == [
        Fraction(5),
        Fraction(7, 2),
        Fraction(3, 4),
        Fraction(1, 2),
        Fraction(1, 4),
    ]
    assert measures.gini(SECONDS) == Fraction(3, 4)
    assert measures.largest(SECONDS) == (Fraction(1, 2), Fraction(37, 40), Fraction(3, 40))
    assert measures.unheard(PEOPLE, SAID) == set(SILENT)


def test_turns_and_seconds_are_added_up_for_each():
    turns = [("finn", 200)] * 3 + [("aron", 210)] * 2 + [("cleo", 90), ("ben", 60), ("dan", 30)]

    assert measures.spoken(turns) == SAID


def test_two_are_asked_to_step_back_and_five_to_step_up():
    back = {"finn": "step_back", "aron": "step_back"}

    assert measures.nudges(PEOPLE, SAID, present=10, half_over=False) == back
    assert measures.nudges(PEOPLE, SAID, present=10, half_over=True) == back | dict.fromkeys(
        SILENT, "step_up"
    )


@pytest.mark.parametrize(
    ("own", "total", "present", "asked"),
    [
        (Spoken(2, 300), 1000, 10, True),  # exactly three times the fair share
        (Spoken(2, 299), 1000, 10, False),
        (Spoken(1, 900), 1000, 10, False),  # one long turn is not a habit
        (Spoken(2, 0), 0, 10, False),
        (Spoken(9, 1000), 1000, 2, False),  # of two, nobody can have three times as much
    ],
)
def test_when_somebody_is_asked_to_step_back(own, total, present, asked):
    assert measures.step_back(own, total, present) is asked


@pytest.mark.parametrize(
    ("seconds", "changes", "offered"),
    [
        (SECONDS, {}, True),
        (SECONDS, {"half_over": False}, True),  # two minutes each were said
        ([60, 42, 9, 6, 3], {"half_over": False}, False),  # it is early
        ([60, 42, 9, 6, 3], {}, True),
        (SECONDS, {"silent": 4}, False),
        ([25, 25, 25, 25], {"present": 8, "silent": 4}, False),  # exactly three quarters
        ([600], {"present": 3, "silent": 2}, False),  # two silent people are not pointed at
        ([0], {}, False),
        ([], {}, False),
    ],
)
def test_when_a_go_round_is_offered(seconds, changes, offered):
    room = {"present": 10, "silent": 5, "half_over": True, "turn_seconds": 60} | changes

    assert measures.offer_round(seconds, **room) is offered


def described(**groups: int) -> dict[str, frozenset[str]]:
    """Return people by what they said of themselves: "women_green=4" is four of both."""
    return {
        f"{name}{place}": frozenset(name.split("_")) - {"nothing"}
        for name, many in groups.items()
        for place in range(many)
    }


@pytest.mark.parametrize(
    ("groups", "shown"),
    [
        ({"women": 5, "men": 4}, ["women", "men"]),
        ({"women": 5, "men": 2}, []),  # what women did not say, the two did
        ({"women": 5, "nothing": 2}, []),
        ({"women": 5, "men": 4, "nothing": 2}, ["women"]),  # with both, the two could be told
        ({"women": 5, "women_young": 2, "men": 4}, ["women", "men"]),
        ({"women": 5, "women_young": 3, "men": 4}, ["women", "men", "young"]),
        ({"women": 2}, []),
        ({"nothing": 8}, []),
        ({}, []),
    ],
)
def test_which_groups_may_be_measured(groups, shown):
    assert measures.shown_groups(described(**groups)) == shown


def test_a_groups_share_of_the_time_stands_against_its_share_of_those_present():
    people = described(women=6, men=3)
    said = {"women0": Spoken(1, 100), "men0": Spoken(3, 300), "away": Spoken(1, 500)}

    assert measures.group_shares(people, said) == [
        ("women", Fraction(2, 3), Fraction(1, 4)),
        ("men", Fraction(1, 3), Fraction(3, 4)),
    ]


def test_who_has_been_heard_as_the_meeting_goes_on():
    assert measures.heard_over_time([0, 60, 61, 600], 600) == [1, 2, 3, *[3] * 7, 4]
    assert measures.heard_over_time([700], 600)[-1] == 1
    assert measures.heard_over_time([0, 0], 0) == [*[0] * 10, 2]


# --- laws ----------------------------------------------------------------------------------------

TIMES = st.lists(st.integers(0, 10_000), max_size=30)
NAMES = st.sampled_from(["women", "men", "young", "green"])
GROUPS = st.dictionaries(st.integers(0, 40).map(str), st.frozensets(NAMES), max_size=30)
SPOKEN = st.builds(Spoken, st.integers(1, 5), st.integers(0, 5000))


@given(TIMES)
def test_shares_are_shares_and_the_gini_is_below_one(seconds):
    one, three, others = measures.largest(seconds)

    assert 0 <= one <= three <= 1
    assert three + others == (1 if sum(seconds) else 0)
    assert 0 <= measures.gini(seconds) < 1


@given(TIMES.filter(any), st.integers(2, 50))
def test_the_gini_does_not_mind_the_unit(seconds, times):
    assert measures.gini([one * times for one in seconds]) == measures.gini(seconds)


@given(TIMES, st.randoms())
def test_the_order_of_people_does_not_matter(seconds, chance):
    mixed = list(seconds)
    chance.shuffle(mixed)

    assert measures.gini(mixed) == measures.gini(seconds)
    assert measures.largest(mixed) == measures.largest(seconds)


@given(st.integers(1, 1000), st.integers(1, 30))
def test_where_all_have_the_same_nobody_has_more_than_the_fair_share(each, people):
    seconds = [each] * people
    fair = measures.fair_share(seconds, people)

    assert measures.gini(seconds) == 0
    assert {measures.ratio(one, fair) for one in seconds} == {1}


@given(GROUPS)
def test_nothing_that_is_shown_of_groups_is_about_fewer_than_three(people):
    shown = set(measures.shown_groups(people))
    alike = [own & shown for own in people.values()]

    assert all(sum(name in own for own in people.values()) >= 3 for name in shown)
    assert not shown or all(alike.count(own) >= 3 for own in alike)


@given(GROUPS, st.dictionaries(st.integers(0, 40).map(str), SPOKEN))
def test_shares_of_groups_are_shares(people, said):
    for _name, present, time in measures.group_shares(people, said):
        assert 0 < present <= 1
        assert 0 <= time <= 1


@given(st.lists(st.integers(0, 700)), st.integers(1, 600))
def test_the_curve_of_the_heard_never_falls_and_ends_with_all(first, length):
    curve = measures.heard_over_time(first, length)

    assert curve == sorted(curve)
    assert curve[-1] == len(first)


@given(st.dictionaries(st.sampled_from(PEOPLE), SPOKEN), st.booleans())
def test_who_has_spoken_is_never_asked_to_step_up(said, half_over):
    told = measures.nudges(PEOPLE, said, present=len(PEOPLE), half_over=half_over)

    assert {who for who, kind in told.items() if kind == "step_up"} <= set(PEOPLE) - set(said)
    assert {who for who, kind in told.items() if kind == "step_back"} <= set(said)
