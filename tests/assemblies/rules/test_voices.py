"""Who speaks for a unit is counted with all who speak for it, once (DOMAIN.md 5.3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblies.rules import SPLIT, members_counted, tally, together

voices = st.sampled_from(["", "A", "B", "C", "D"])
answers = st.lists(st.tuples(voices, st.sampled_from(["agree", "disagree", "abstain"])))
people = st.lists(st.tuples(st.sampled_from(["member", "delegate", "guest", "observer"]), voices))


@pytest.mark.parametrize(
    ("given", "by_unit", "found"),
    [
        ([("", "agree"), ("", "agree"), ("", "block")], False, {"agree": 2, "block": 1}),
        ([("A", "agree"), ("A", "agree")], True, {"agree": 1}),
        ([("A", "agree"), ("A", "disagree"), ("B", "agree")], True, {"agree": 1}),
        ([("", "agree"), ("B", "agree")], True, {"agree": 1}),
        ([("A", "agree"), ("A", "agree")], False, {"agree": 2}),
        ([], True, {}),
    ],
)
def test_a_unit_answers_once_or_not_at_all(given, by_unit, found):
    assert tally(given, by_unit=by_unit) == found


@given(answers)
def test_where_units_decide_nobody_counts_twice_and_no_split_unit_at_all(said):
    one = together(said)
    split = {voice for voice, answer in one.items() if answer == SPLIT}
    assert sum(tally(said, by_unit=True).values()) == len(one) - len(split)
    assert split == {
        voice for voice in one if len({answer for other, answer in said if other == voice}) > 1
    }


@given(answers)
def test_where_people_decide_everybody_counts_once(said):
    assert sum(tally(said, by_unit=False).values()) == len(said)


@given(people)
def test_more_delegates_of_a_unit_add_nothing_to_the_count(here):
    once = members_counted(here, by_unit=True)
    assert members_counted(here + here, by_unit=True) == once
    assert (
        once
        <= members_counted(here, by_unit=False)
        == sum(1 for kind, _voice in here if kind in ("member", "delegate"))
    )
