"""What a mandate lets a delegate say, and what a council's rule may hold (DOMAIN.md 5.3, S12)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblies.door.house import house
from federation.rules import (
    CouncilRule,
    Told,
    as_number,
    beyond_limits,
    reach,
    read_council_rule,
    seats_of,
    within_mandate,
)
from federation.words.presets import FEDERATING
from proposals.rules import passes, read_rule

FIVE = ({"most": "5 % of dues"},)
TEXT = "Every assembly pays 5 % of dues."
SIX = "Every assembly pays 6 % of dues."
ANSWERS = ("agree", "stand_aside", "disagree", "abstain", "for", "against")


@pytest.mark.parametrize(
    ("told", "answer", "allowed"),
    [
        (Told("imperative", "disagree"), "agree", False),
        (Told("imperative", "disagree"), "disagree", True),
        (Told("imperative", "disagree"), "against", True),
        (Told("imperative", "disagree"), "for", False),
        (Told("imperative", "agree"), "for", True),
        (Told("imperative", "agree"), "abstain", False),
        (Told("imperative", "stand_aside"), "for", True),
        (Told("imperative", "stand_aside"), "against", True),
        (Told("imperative", "stand_aside"), "agree", False),
        (Told("imperative", "no"), "against", True),
        (Told("imperative", "no"), "for", False),
        (Told("exploratory"), "agree", False),
        (Told("exploratory"), "abstain", False),
        (Told("bounded", "agree", 1, FIVE), "agree", True),
        (Told("bounded", "", 1), "agree", True),
        (Told("bounded", "", 1), "disagree", False),
    ],
)
def test_what_a_mandate_lets_a_delegate_say(told, answer, allowed):
    assert within_mandate(told, answer, version=1, text=TEXT) is allowed


@pytest.mark.parametrize(
    ("told", "version", "text", "digest", "allowed"),
    [
        (Told("bounded", "agree", 1), 1, SIX, "", True),
        (Told("bounded", "agree", 1), 2, SIX, "", False),
        (Told("bounded", "agree", 1, (), ("d6",)), 2, SIX, "d6", True),
        (Told("bounded", "agree", 1, FIVE), 2, TEXT, "", True),
        (Told("bounded", "agree", 1, FIVE), 2, SIX, "", False),
        (Told("bounded", "agree", 1, FIVE), 1, SIX, "", False),
        (Told("bounded", "agree", 1, FIVE), 1, "Each pays its dues.", "", True),
        (Told("bounded", "agree", 1, FIVE), 2, "Each gives a house.", "", False),
        (Told("bounded", "agree", 1, FIVE), 2, "Each pays 5 % of rents.", "", False),
        (Told("bounded", "agree", 1, (*FIVE, {"least": "2 days"})), 2, TEXT, "", False),
        (Told("bounded", "agree", 1, FIVE, ("h",)), 2, "Each gives a house.", "h", True),
        (Told("imperative", "agree", 1, FIVE), 2, SIX, "", True),
    ],
)
def test_a_bounded_mandate_ends_at_its_limits(told, version, text, digest, allowed):
    found = within_mandate(told, "agree", version=version, text=text, digest=digest)
    assert found is allowed


WORDS = ("Each gives\na house.",)


@pytest.mark.parametrize(
    ("told", "version", "text", "digest", "found"),
    [
        (Told("bounded", "agree", 1), 1, TEXT, "", "given_for"),
        (Told("bounded", "agree", 1), 2, TEXT, "", "unknown"),
        (Told("bounded", "agree", 1, (), (), WORDS), 2, "Each gives a house.", "", "named"),
        (Told("bounded", "agree", 1, (), (), WORDS), 2, "Each gives a  house.", "", "named"),
        (Told("bounded", "agree", 1, (), (), WORDS), 2, "Each gives a horse.", "", "unknown"),
        (Told("bounded", "agree", 1, (), (), WORDS), 2, "each gives a house.", "", "unknown"),
        (Told("bounded", "agree", 1, (), ("d6",)), 2, SIX, "d6", "named"),
        (Told("bounded", "agree", 1, FIVE, (), WORDS), 2, "Each gives a house.", "", "named"),
        (Told("bounded", "agree", 1, FIVE, (), (SIX,)), 2, SIX, "", "beyond"),
        (Told("bounded", "agree", 1, FIVE), 1, SIX, "", "beyond"),
        (Told("bounded", "agree", 1, FIVE), 2, "Each pays 4 % of dues.", "", "within"),
        (Told("bounded", "agree", 1, FIVE), 2, "Each gives a house.", "", "unknown"),
    ],
)
def test_how_a_bounded_mandate_stands_to_a_text(told, version, text, digest, found):
    assert reach(told, version=version, text=text, digest=digest) == found


@given(
    st.lists(st.text(max_size=30), max_size=4),
    st.text(max_size=30),
    st.integers(1, 3),
    st.sampled_from(ANSWERS),
)
def test_a_text_is_covered_where_it_was_given_for_or_is_named_and_an_answer_only_there(
    texts, text, version, answer
):
    told = Told("bounded", "agree", 1, (), (), tuple(texts))
    named = text.split() in [one.split() for one in texts]
    covered = version == 1 or named

    assert (reach(told, version=version, text=text) in ("given_for", "named")) is covered
    allowed = within_mandate(told, answer, version=version, text=text)
    assert allowed is (covered and answer in ("agree", "for"))


@pytest.mark.parametrize(
    ("text", "limit", "beyond"),
    [
        ("5 % of dues", {"most": "5 % of dues"}, False),
        ("5.5 % of dues", {"most": "5 % of dues"}, True),
        ("5,5% of dues", {"most": "5 % of dues"}, True),
        ("(6 % of dues)", {"most": "5% of dues"}, True),
        ("6 % of rents", {"most": "5 % of dues"}, False),
        ("first 4 % of dues, later 7 % of dues", {"most": "5 % of dues"}, True),
        ("1,200 euros", {"most": "1000 euros"}, True),
        ("900 euros", {"most": "1.000 euros"}, False),
        ("two meetings, 3 days", {"least": "4 days"}, True),
        ("as it is", {"most": "5 % of dues"}, False),
    ],
)
def test_a_limit_is_a_number_and_the_words_after_it(text, limit, beyond):
    assert bool(beyond_limits(text, [limit])) is beyond


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_exactly_the_limit_is_within_and_one_more_is_not(n, limit):
    broken = beyond_limits(f"We pay {n} euros.", [{"most": f"{limit} euros"}])
    assert bool(broken) is (n > limit)


@given(st.text(max_size=80), st.text(max_size=20))
def test_no_text_and_no_limit_is_a_fault(text, limit):
    beyond_limits(text, [{"most": limit}])
    as_number(text)


@given(
    st.sampled_from(["agree", "stand_aside", "disagree", "abstain", "yes", "no"]),
    st.sampled_from(ANSWERS),
    st.integers(1, 5),
)
def test_an_imperative_mandate_does_not_hang_on_the_text(position, answer, version):
    told = Told("imperative", position)
    found = {
        within_mandate(told, answer, version=n, text=text)
        for n, text in ((1, TEXT), (version, SIX))
    }
    assert len(found) == 1


@given(st.sampled_from(ANSWERS), st.integers(1, 5), st.text(max_size=40))
def test_who_is_sent_to_explore_takes_no_position(answer, version, text):
    assert not within_mandate(Told("exploratory"), answer, version=version, text=text)


# --- the rule of a council ------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(FEDERATING))
def test_every_way_of_federating_can_be_read_and_decides_somehow(code):
    way = FEDERATING[code]
    read_council_rule(way.rule)
    assert read_rule({**house().ways[way.process].rule, **way.deciding}).open


@pytest.mark.parametrize(
    ("code", "yes", "no", "decides"),
    [
        ("two_delegate_confederation", 4, 2, True),
        ("two_delegate_confederation", 5, 3, False),
        ("occupy_spokes", 9, 1, True),
        ("occupy_spokes", 8, 1, False),
        ("delegate_congress", 51, 50, True),
        ("delegate_congress", 50, 50, False),
        ("votes_by_bands", 5, 4, True),
        ("votes_by_bands", 4, 4, False),
        ("one_group_one_vote", 2, 1, True),
    ],
)
def test_how_many_units_override_what_remains(code, yes, no, decides):
    way = FEDERATING[code]
    vote = read_rule({**house().ways[way.process].rule, **way.deciding}).vote
    assert vote is not None
    assert passes(vote, {"for": yes, "against": no}, asides=0, present=100, members=100) is decides


def test_where_every_community_must_agree_nothing_is_overridden():
    way = FEDERATING["zapatista_consultation"]
    assert read_rule({**house().ways[way.process].rule, **way.deciding}).vote is None


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"parity": "some"}, "parity"),
        ({"seats_per_unit": 0}, "seats_per_unit"),
        ({"seats_per_unit": True}, "seats_per_unit"),
        ({"quorum": "0.5"}, "not a share"),
        ({"quorum": "3/2"}, "not a share"),
        ({"mandate_required": ["everything"]}, "a list of"),
        ({"debate": "yes"}, "true or false"),
        ({"colour": "red"}, "no parameter"),
        ({"term_days": -1}, "a number from 0"),
    ],
)
def test_what_cannot_be_a_rule_is_said(said, words):
    with pytest.raises(ValueError, match=words):
        read_council_rule(said)


@pytest.mark.parametrize(
    ("said", "name", "found"),
    [
        ({"quorum": "1"}, "quorum", Fraction(1)),
        ({"ratify_units": "3/4"}, "ratify_units", Fraction(3, 4)),
        ({"mandate_required": []}, "mandate_required", frozenset()),
        ({"members_per_seat": None}, "members_per_seat", None),
        ({}, "term_days", 90),
    ],
)
def test_a_rule_is_read_as_it_is_written(said, name, found):
    assert getattr(read_council_rule(said), name) == found


@pytest.mark.parametrize(("members", "seats"), [(40, 1), (270, 4), (400, 5), (112, 1), (113, 2)])
def test_seats_by_size_follow_the_ratio(members, seats):
    assert seats_of(members, CouncilRule(members_per_seat=75)) == seats


@given(st.integers(0, 5000))
def test_where_seats_are_equal_size_does_not_matter(members):
    assert seats_of(members, CouncilRule()) == 2
