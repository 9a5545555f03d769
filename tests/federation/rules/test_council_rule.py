"""What the rule of a council may hold, and every way of federating (DOMAIN.md 5.3)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblies.door.house import house
from federation.rules import (
    CouncilRule,
    read_council_rule,
    seats_of,
)
from federation.words.presets import FEDERATING
from proposals.rules import passes, read_rule


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
