"""What a mandate lets a delegate say (DOMAIN.md 5.3, S12)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.rules import (
    Instructions,
    as_number,
    beyond_limits,
    reach,
    within_mandate,
)

FIVE = ({"most": "5 % of dues"},)
TEXT = "Every assembly pays 5 % of dues."
SIX = "Every assembly pays 6 % of dues."
ANSWERS = ("agree", "stand_aside", "disagree", "abstain", "for", "against")


@pytest.mark.parametrize(
    ("told", "answer", "allowed"),
    [
        (Instructions("imperative", "disagree"), "agree", False),
        (Instructions("imperative", "disagree"), "disagree", True),
        (Instructions("imperative", "disagree"), "against", True),
        (Instructions("imperative", "disagree"), "for", False),
        (Instructions("imperative", "agree"), "for", True),
        (Instructions("imperative", "agree"), "abstain", False),
        (Instructions("imperative", "stand_aside"), "for", True),
        (Instructions("imperative", "stand_aside"), "against", True),
        (Instructions("imperative", "stand_aside"), "agree", False),
        (Instructions("imperative", "no"), "against", True),
        (Instructions("imperative", "no"), "for", False),
        (Instructions("exploratory"), "agree", False),
        (Instructions("exploratory"), "abstain", False),
        (Instructions("bounded", "agree", 1, FIVE), "agree", True),
        (Instructions("bounded", "", 1), "agree", True),
        (Instructions("bounded", "", 1), "disagree", False),
    ],
)
def test_what_a_mandate_lets_a_delegate_say(told, answer, allowed):
    assert within_mandate(told, answer, version=1, text=TEXT) is allowed


@pytest.mark.parametrize(
    ("told", "version", "text", "digest", "allowed"),
    [
        (Instructions("bounded", "agree", 1), 1, SIX, "", True),
        (Instructions("bounded", "agree", 1), 2, SIX, "", False),
        (Instructions("bounded", "agree", 1, (), ("d6",)), 2, SIX, "d6", True),
        (Instructions("bounded", "agree", 1, FIVE), 2, TEXT, "", True),
        (Instructions("bounded", "agree", 1, FIVE), 2, SIX, "", False),
        (Instructions("bounded", "agree", 1, FIVE), 1, SIX, "", False),
        (Instructions("bounded", "agree", 1, FIVE), 1, "Each pays its dues.", "", True),
        (Instructions("bounded", "agree", 1, FIVE), 2, "Each gives a house.", "", False),
        (Instructions("bounded", "agree", 1, FIVE), 2, "Each pays 5 % of rents.", "", False),
        (Instructions("bounded", "agree", 1, (*FIVE, {"least": "2 days"})), 2, TEXT, "", False),
        (Instructions("bounded", "agree", 1, FIVE, ("h",)), 2, "Each gives a house.", "h", True),
        (Instructions("imperative", "agree", 1, FIVE), 2, SIX, "", True),
    ],
)
def test_a_bounded_mandate_ends_at_its_limits(told, version, text, digest, allowed):
    found = within_mandate(told, "agree", version=version, text=text, digest=digest)
    assert found is allowed


WORDS = ("Each gives\na house.",)


@pytest.mark.parametrize(
    ("told", "version", "text", "digest", "found"),
    [
        (Instructions("bounded", "agree", 1), 1, TEXT, "", "given_for"),
        (Instructions("bounded", "agree", 1), 2, TEXT, "", "unknown"),
        (Instructions("bounded", "agree", 1, (), (), WORDS), 2, "Each gives a house.", "", "named"),
        (
            Instructions("bounded", "agree", 1, (), (), WORDS),
            2,
            "Each gives a  house.",
            "",
            "named",
        ),
        (
            Instructions("bounded", "agree", 1, (), (), WORDS),
            2,
            "Each gives a horse.",
            "",
            "unknown",
        ),
        (
            Instructions("bounded", "agree", 1, (), (), WORDS),
            2,
            "each gives a house.",
            "",
            "unknown",
        ),
        (Instructions("bounded", "agree", 1, (), ("d6",)), 2, SIX, "d6", "named"),
        (
            Instructions("bounded", "agree", 1, FIVE, (), WORDS),
            2,
            "Each gives a house.",
            "",
            "named",
        ),
        (Instructions("bounded", "agree", 1, FIVE, (), (SIX,)), 2, SIX, "", "beyond"),
        (Instructions("bounded", "agree", 1, FIVE), 1, SIX, "", "beyond"),
        (Instructions("bounded", "agree", 1, FIVE), 2, "Each pays 4 % of dues.", "", "within"),
        (Instructions("bounded", "agree", 1, FIVE), 2, "Each gives a house.", "", "unknown"),
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
    told = Instructions("bounded", "agree", 1, (), (), tuple(texts))
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
    told = Instructions("imperative", position)
    found = {
        within_mandate(told, answer, version=n, text=text)
        for n, text in ((1, TEXT), (version, SIX))
    }
    assert len(found) == 1


@given(st.sampled_from(ANSWERS), st.integers(1, 5), st.text(max_size=40))
def test_who_is_sent_to_explore_takes_no_position(answer, version, text):
    assert not within_mandate(Instructions("exploratory"), answer, version=version, text=text)
