"""Votes of units by their size: the rule, frozen with a meeting, and shown (DOMAIN.md 5.3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblies.door.journal import read
from assemblies.live.printing import FACILITATOR, PROJECTOR, print_panels
from assemblies.models import Assembly, Entry
from assemblies.rules import SPLIT, tally, together, votes_of
from federation.models import Council
from federation.reading.rounds import rounds_of
from federation.rules import (
    DEGRESSIVE,
    CouncilRule,
    apportioned,
    read_council_rule,
    votes_for_size,
)
from federation.words.vocabulary import count_words
from proposals.models import Decision
from proposals.rules import Rule, evaluate, tally_of
from proposals.words.amounts import numbers_sentence
from tests.federation.several import Several, confederate

ROUNDINGS = ("greater_fraction", "down", "up", "half_up")


@pytest.mark.parametrize(
    ("members", "votes"),
    [
        *((0, 1), (1, 1), (50, 1), (51, 2), (100, 2), (101, 3), (300, 3), (301, 4), (600, 4)),
        *((601, 5), (1000, 5), (1001, 6), (1500, 6), (1501, 7), (2500, 7), (2501, 8), (10**6, 8)),
    ],
)
def test_degressive_bands_are_those_of_the_example(members, votes):
    assert votes_for_size(members, CouncilRule(unit_votes="bands")) == votes


@pytest.mark.parametrize(
    ("members", "rounding", "votes"),
    [
        *((270, "greater_fraction", 4), (400, "greater_fraction", 5), (10, "greater_fraction", 1)),
        *((225, "greater_fraction", 3), (262, "greater_fraction", 3), (263, "greater_fraction", 4)),
        *((299, "down", 3), (300, "down", 4), (301, "up", 5), (300, "up", 4), (0, "up", 1)),
        *((100, "half_up", 1), (112, "half_up", 1), (113, "half_up", 2)),
    ],
)
def test_votes_by_a_ratio_are_rounded_as_the_rule_says(members, rounding, votes):
    rule = CouncilRule(unit_votes="apportioned", members_per_vote=75, vote_rounding=rounding)
    assert votes_for_size(members, rule) == votes


@pytest.mark.parametrize(
    ("members", "rounding", "seats"),
    [(150, "half_up", 2), (150, "greater_fraction", 1), (150, "up", 2), (150, "down", 1)],
)
def test_exactly_a_half_is_what_tells_them_apart(members, rounding, seats):
    assert apportioned(members, 100, rounding=rounding) == seats


@given(
    st.integers(0, 10**6),
    st.integers(1, 10_000),
    st.sampled_from(ROUNDINGS),
    st.integers(1, 5),
    st.integers(5, 90),
)
def test_nobody_loses_votes_by_growing_and_none_are_outside_the_bounds(
    members, ratio, rounding, least, most
):
    rule = CouncilRule(
        unit_votes="apportioned",
        members_per_vote=ratio,
        vote_rounding=rounding,
        votes_least=least,
        votes_most=most,
    )
    votes = votes_for_size(members, rule)

    assert least <= votes <= most
    assert votes <= votes_for_size(members + 1, rule) <= votes + 1 or votes == least
    if least < votes < most:
        assert abs(votes * ratio - members) < ratio


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_larger_unions_never_have_fewer_votes_and_two_together_never_gain_by_being_one(one, two):
    rule = CouncilRule(unit_votes="bands")
    small, large = sorted((one, two))
    assert votes_for_size(small, rule) <= votes_for_size(large, rule)
    assert votes_for_size(one + two, rule) <= votes_for_size(one, rule) + votes_for_size(two, rule)


@given(
    st.lists(st.tuples(st.sampled_from("ABCD"), st.sampled_from(["agree", "abstain", "disagree"]))),
    st.fixed_dictionaries({letter: st.integers(1, 9) for letter in "ABCD"}),
)
def test_every_vote_is_counted_once_and_those_of_a_split_unit_never(said, votes):
    counts = tally(said, by_unit=True, votes=votes)
    one = together(said)
    assert sum(counts.values()) == sum(votes[unit] for unit in one if one[unit] != SPLIT)
    assert tally(said, by_unit=True, votes=dict.fromkeys("ABCD", 1)) == tally(said, by_unit=True)
    assert votes_of((unit for unit, _answer in said), votes) == sum(votes[unit] for unit in one)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"unit_votes": "by_mood"}, "one of one_per_unit, per_seat, apportioned, bands"),
        ({"vote_rounding": "luck"}, "one of greater_fraction"),
        ({"members_per_vote": 0}, "a number from 1"),
        ({"votes_least": 3, "votes_most": 2}, "not less than votes_least"),
        ({"vote_bands": []}, "larger units never have fewer"),
        ({"vote_bands": [[50, 1], [100, 2]]}, "larger units never have fewer"),
        ({"vote_bands": [[50, 2], [None, 1]]}, "larger units never have fewer"),
        ({"vote_bands": [[50, 1], [50, 2], [None, 3]]}, "larger units never have fewer"),
        ({"vote_bands": [[50, 1], [None, 2], [None, 3]]}, "larger units never have fewer"),
        ({"vote_bands": [[50, 0], [None, 2]]}, "larger units never have fewer"),
        ({"vote_bands": [[50, "1"], [None, 2]]}, "larger units never have fewer"),
        ({"vote_bands": [[50], [None, 2]]}, "larger units never have fewer"),
        ({"vote_bands": {"50": 1}}, "larger units never have fewer"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_a_sentence(said, why):
    with pytest.raises(ValueError, match=why):
        read_council_rule(said)


def test_a_rule_says_in_words_how_units_count():
    assert "more: 8." in count_words(CouncilRule(unit_votes="bands"))
    words = count_words(read_council_rule({"unit_votes": "apportioned", "votes_most": 6}))
    assert words.endswith("more than half of that counts as one more; at least 1, at most 6.")
    assert read_council_rule({"vote_bands": [list(one) for one in DEGRESSIVE]}) == CouncilRule()


@pytest.mark.parametrize(("there", "outcome"), [(4, "NO_QUORUM"), (5, "CONSENSUS")])
def test_a_quorum_is_about_units_however_many_votes_they_have(there, outcome):
    result = evaluate(Rule(), tally_of({"agree": 40}, 40), quorum=5, there=there)
    assert result.outcome == outcome


# --- in a council ---------------------------------------------------------------------------------

SIZES = (1000, 60, 25, 20)  # 5, 2, 1, 1 votes


def weighed(letters: str = "ABCD", members: tuple[int, ...] = SIZES, **rule) -> Several:
    """Have a council meet whose units have votes by bands, and an item be asked about."""
    usual = {"unit_votes": "bands", "parity": "none", "mandate_required": [], "notice_days": 0}
    several = confederate(letters, members=members, rule={**usual, "debate": False, **rule})
    several.carry("A")
    several.ask()
    return several


def shown(several: Several, name: str, audience: str) -> str:
    """Return a panel of the council."""
    room = several["X"]
    return print_panels(read(room.meeting, now=room.clock), audience)[name]


@pytest.mark.django_db
def test_votes_are_counted_and_shown_and_stay_as_they_were_when_doors_opened():
    several = weighed()
    room, keys = several["X"], {one: several[one].assembly.key for one in "ABCD"}
    assert room.meeting.__class__.objects.get(pk=room.meeting.pk).rule["votes"] == {
        keys["A"]: 5,
        keys["B"]: 2,
        keys["C"]: 1,
        keys["D"]: 1,
    }
    for who, position in (("a1", "agree"), ("b1", "disagree"), ("c1", "disagree")):
        room.done(who, "take_position", position=position)
    # Somebody's members are counted anew while the test is open.
    Assembly.objects.filter(pk=several["B"].assembly.pk).update(roll=4000)
    state = room.state

    assert state["proposal"]["test"]["positions"]["agree"] == 5
    assert state["proposal"]["test"]["positions"]["disagree"] == 3
    assert state["council"]["votes"] == {
        "here": 9,
        "all": 9,
        "answered": {"answered": 3, "here": 4},
    }
    assert state["council"]["units"][keys["B"]]["votes"] == 2
    assert "8 of 9 votes, 3 of 4 units." in shown(several, "test", PROJECTOR)
    assert "5 votes" in shown(several, "council", PROJECTOR)
    assert "1 vote ·" in shown(several, "council", FACILITATOR)

    several.later(seconds=30)
    room.done("a1", "close_test")
    item = several.item("q1")
    (round_one,) = rounds_of(item)
    assert round_one.votes == {"agree": 5, "disagree": 3}
    assert "Counted in votes: 8 of 3 units." in round_one.sentence
    entry = Entry.objects.get(journal=room.meeting.journal, kind="proposals.test_closed")
    assert entry.facts["units"] == {"answered": 3, "here": 4}
    assert entry.facts["degree"] == "5/8"


@pytest.mark.django_db
def test_delegates_who_differ_take_all_votes_of_their_unit_along():
    several = weighed()
    room = several["X"]
    room.done("a1", "take_position", position="agree")
    room.done("a2", "take_position", position="disagree")
    room.done("b1", "take_position", position="agree")

    assert room.state["proposal"]["test"]["positions"]["agree"] == 2
    assert room.state["proposal"]["test"]["answered"] == 2


@pytest.mark.django_db
def test_who_joins_while_the_council_meets_has_votes_from_then_on():
    several = weighed("ABC", (1000, 60, 25))
    several.decide("C", "We leave")
    several.act("C", "leave_council", council="x")
    Assembly.objects.filter(pk=several["C"].assembly.pk).update(roll=301)
    several.decide("C", "We come back")
    several.act("C", "join_council", council="x")
    several.act("C", "choose_delegate", who="c3")

    units = several["X"].state["council"]["units"]
    assert units[several["C"].assembly.key]["votes"] == 4
    assert several["X"].state["council"]["votes"]["all"] == 11


@pytest.mark.django_db
def test_one_large_unit_is_no_quorum():
    several = weighed()
    room = several["X"]
    for name in ("b1", "b2", "c1", "c2", "d1", "d2"):
        room.done(name, "leave")
    several.later(seconds=30)
    room.done("a1", "take_position", position="agree")
    room.done("a1", "close_test")

    assert room.state["proposal"]["test"]["outcome"] == "NO_QUORUM"
    assert "1 who count were here, quorum is 3." in shown(several, "test", PROJECTOR)


@pytest.mark.django_db
def test_a_decision_says_by_how_many_votes_of_how_many_units():
    several = weighed(ratification="none")
    room = several["X"]
    for who in ("a1", "b1", "c1"):
        room.done(who, "take_position", position="agree")
    several.later(seconds=30)
    room.done("a1", "close_test")
    room.done("a1", "adopt")
    made = Decision.objects.get(assembly=Council.objects.get().assembly)

    assert made.numbers["units"] == {"answered": 3, "here": 4}
    assert "8 agree" in numbers_sentence(made.numbers)
    assert "8 of 9 votes, 3 of 4 units." in numbers_sentence(made.numbers)
