"""What a test, a block and a vote say: the published numbers, and laws."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assemblies.door.house import house
from assemblies.rules import share_of
from proposals import rules
from proposals.rules import Fallback, Finding, Rule, Tally, evaluate, read_rule

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text())
OPEN = Rule(positions=rules.OPEN, override=Fraction(2, 3))
COUNTS = st.integers(0, 40)
SHARES = st.fractions(0, 1, max_denominator=12)
ORDER = (
    "NO_QUORUM",
    "BLOCKED",
    "TOO_FEW_ANSWERS",
    "TOO_MANY_STAND_ASIDES",
    "INSUFFICIENT_AGREEMENT",
    "CONSENSUS",
)


def preset(code: str, **changed) -> Rule:
    """Return the rule of a way of deciding, with parameters changed."""
    return read_rule({**house().ways[code].rule, **changed})


@st.composite
def a_rule(draw) -> Rule:
    """Draw a rule."""
    return Rule(
        max_blocks=draw(st.integers(0, 3)),
        stand_aside_limit=draw(st.none() | SHARES),
        min_answered=draw(SHARES),
        min_active_agreement=draw(SHARES),
    )


@st.composite
def a_tally(draw) -> Tally:
    """Draw a tally in which all numbers are possible."""
    a, r, s, b, n, silent = (draw(COUNTS) for _ in range(6))
    return Tally(a + r + s + b + n + silent, a, r, s, b, n)


# --- the published numbers ------------------------------------------------------------------------


@pytest.mark.parametrize("case", VECTORS["tests"], ids=lambda case: case["id"])
def test_a_test_comes_out_as_published(case):
    rule = preset(case["preset"])
    quorum = share_of(case["members"], case["quorum"]) if "quorum" in case else None
    tally = Tally(case["present"], case["A"], case["R"], case["S"], case["B"])

    assert evaluate(rule, tally, quorum=quorum).outcome == case["out"]


@pytest.mark.parametrize("case", VECTORS["votes"], ids=str)
def test_a_vote_comes_out_as_published(case):
    fallback = Fallback(Fraction(case["t"]), case["strict"])

    assert rules.passes(fallback, {"for": case["for"], "against": case["against"]}) is case["pass"]


@pytest.mark.parametrize("case", VECTORS["gender40"], ids=str)
def test_forty_in_a_hundred_of_each_as_published(case):
    groups = [["women"]] * case["w"] + [["men"]] * case["m"] + [[]] * 3

    assert rules.gender_share_met(preset("rojava_commune"), groups) is case["ok"]


@pytest.mark.parametrize("case", VECTORS["need"], ids=str)
def test_how_many_a_share_needs_as_published(case):
    assert share_of(case["n"], case["t"]) == case["k"]
    assert rules.needed(Fallback(Fraction(case["t"])), case["n"]) == case["k"]


def test_nobody_who_declared_a_group_is_not_a_share():
    assert not rules.gender_share_met(preset("rojava_commune"), [[], [], []])
    assert rules.gender_share_met(preset("full_consensus"), [])


@pytest.mark.parametrize(
    ("code", "judges", "given", "fell"),
    [
        ("evaluated_block", 38, {"invalid": 29}, True),
        ("evaluated_block", 38, {"invalid": 28, "valid": 10}, False),
        ("principled_quarter", 38, {"valid": 10, "invalid": 28}, False),
        ("principled_quarter", 38, {"valid": 9, "invalid": 28}, False),
        ("principled_quarter", 38, {"valid": 9, "invalid": 29}, True),
        ("formal_consensus", 10, {"valid": 5, "invalid": 5}, True),
        ("formal_consensus", 10, {"valid": 6, "invalid": 4}, False),
        ("formal_consensus", 10, {"invalid": 4}, False),
        ("formal_consensus", 10, {"invalid": 5}, True),
        ("principled_quarter", 0, {}, True),
    ],
)
def test_a_block_falls_once_missing_answers_change_nothing(code, judges, given, fell):
    finding = preset(code).finding
    assert finding is not None

    assert rules.falls(finding, judges=judges, given=given) is fell


@pytest.mark.parametrize(
    ("old", "new", "had", "left_out"),
    [
        ("presented", "clarifying", [], []),
        ("presented", "discussion", ["presented"], ["clarifying"]),
        ("presented", "discussion", ["clarifying"], []),
        ("clarifying", "amending", [], ["discussion", "concerns"]),
        ("amending", "discussion", [], []),
        ("block_review", "concerns", [], []),
    ],
)
def test_a_skip_is_a_phase_between_that_was_never_had(old, new, had, left_out):
    assert rules.skipped(old, new, had) == left_out


@pytest.mark.parametrize(
    ("parameters", "what"),
    [
        ({"positions": ["agree", "cheer"]}, "positions"),
        ({"stand_aside_limit": "0.25"}, "stand_aside_limit"),
        ({"stand_aside_limit": "5/4"}, "stand_aside_limit"),
        ({"min_answered": True}, "min_answered"),
        ({"max_blocks": -1}, "max_blocks"),
        ({"max_blocks": "1"}, "max_blocks"),
        ({"fallback": {"threshold": "1/0"}}, "fallback"),
        ({"fallback": {"threshold": "1/2", "denominator": "friends"}}, "fallback"),
        ({"block_validity": {"kind": "lot", "share": "1/2"}}, "block_validity"),
        ({"block_validity": "yes"}, "block_validity"),
        ({"cooling_off": "soon"}, "cooling_off"),
        ({"review_after": "later"}, "review_after"),
        ({"rounds_before_fallback": 1.5}, "rounds"),
        ({"override_question": "most"}, "override_question"),
        ({"positions": ["agree", "disagree", "block"]}, "positions"),
    ],
)
def test_a_parameter_that_cannot_be_says_so(parameters, what):
    with pytest.raises(ValueError, match=what):
        read_rule(parameters)


@pytest.mark.parametrize(
    ("agree", "aside", "disagree", "abstain", "outcome", "degree"),
    [
        (4, 1, 2, 0, "INSUFFICIENT_AGREEMENT", "5/7"),
        (5, 1, 1, 0, "INSUFFICIENT_AGREEMENT", "6/7"),
        (7, 0, 0, 0, "CONSENSUS", "7/7"),
        (1, 3, 0, 3, "CONSENSUS", "4/4"),
        (0, 7, 0, 0, "INSUFFICIENT_AGREEMENT", "7/7"),
        (0, 0, 0, 7, "INSUFFICIENT_AGREEMENT", None),
        (0, 0, 7, 0, "INSUFFICIENT_AGREEMENT", "0/7"),
        (3, 1, 2, 1, "INSUFFICIENT_AGREEMENT", "4/6"),
        (3, 0, 0, 0, "TOO_FEW_ANSWERS", "3/3"),
        (3, 0, 1, 0, "INSUFFICIENT_AGREEMENT", "3/4"),
        (0, 0, 3, 0, "TOO_FEW_ANSWERS", "0/3"),
        (0, 0, 0, 0, "TOO_FEW_ANSWERS", None),
    ],
)
def test_open_decisions_among_seven(agree, aside, disagree, abstain, outcome, degree):
    counts = {"agree": agree, "stand_aside": aside, "disagree": disagree, "abstain": abstain}
    tally = rules.tally_of(counts, 7)

    assert evaluate(OPEN, tally, quorum=5).outcome == outcome
    assert rules.degree_said(counts) == degree
    assert evaluate(OPEN, tally, quorum=8).outcome == "NO_QUORUM"


@pytest.mark.parametrize(
    ("part", "of", "shown"),
    [
        (5, 7, "71.43"),
        (6, 7, "85.71"),
        (4, 6, "66.67"),
        (4, 7, "57.14"),
        (0, 7, "0.00"),
        (7, 7, "100.00"),
        (99_999, 100_000, "99.99"),
        (1, 8, "12.50"),
    ],
)
def test_a_degree_reads_as_per_cent_and_as_the_whole_only_where_it_is(part, of, shown):
    assert rules.hundredths(part, of) == shown


@pytest.mark.parametrize(
    ("said", "share"),
    [
        ({"override_question": "2/3"}, "2/3"),
        ({"override_question": "3/4", "fallback": {"threshold": "2/3"}}, "3/4"),
        ({"fallback": {"threshold": "3/5"}}, "3/5"),
        ({}, None),
    ],
)
def test_the_override_question_has_its_share_or_that_of_the_vote(said, share):
    asked = read_rule({"positions": list(rules.OPEN), **said}).vote

    assert (asked.threshold if asked is not None else None) == (share and Fraction(share))
    assert read_rule({"override_question": "2/3"}).vote is None


@pytest.mark.parametrize("code", sorted(house().ways))
def test_every_way_of_deciding_can_be_read(code):
    assert preset(code).positions


def test_the_life_of_a_proposal_ends_nowhere_but_where_it_should():
    """No path reaches adopted but from a consensus, or a vote that follows one (DOMAIN.md 2.2)."""
    assert {phase for phase, exits in rules.LIFE.items() if "adopted" in exits} == {
        "call_for_consensus",
        "fallback_vote",
    }
    before_a_vote = {phase for phase, exits in rules.LIFE.items() if "fallback_vote" in exits}
    asked_from = rules.FROM["open_vote"] | rules.FROM["ask_to_override"]
    assert before_a_vote == asked_from == {"block_review", "discussion", "concerns", "amending"}
    assert asked_from <= set(rules.LIFE["fallback_vote"])
    assert {phase for phase, exits in rules.LIFE.items() if "block_review" in exits} == {
        "call_for_consensus",
        "fallback_vote",
    }
    assert {exit for exits in rules.LIFE.values() for exit in exits} | {"draft"} == set(rules.LIFE)
    for act, phases in rules.FROM.items():
        assert phases <= set(rules.LIFE), act
    for outcome, phase in rules.AFTER.items():
        assert phase is None or phase in (*rules.LIFE["call_for_consensus"], "call_for_consensus")
        assert outcome in ORDER


# --- laws -----------------------------------------------------------------------------------------

AGREEING = st.sampled_from(["agree", "reservations"])


def more(tally: Tally, **by: int) -> Tally:
    """Return a tally with some numbers changed by the given amounts."""
    fields = ("present", "agree", "reservations", "stand_aside", "block", "abstain", "fallen")
    return Tally(**{name: getattr(tally, name) + by.get(name, 0) for name in fields})


@given(a_rule(), a_tally(), AGREEING, st.booleans(), st.none() | st.integers(0, 120))
def test_another_agreeing_person_never_sinks_a_proposal(rule, tally, how, newly_come, quorum):
    """Somebody who comes in and agrees, or was silent and agrees."""
    assume(newly_come or tally.answers < tally.present)
    before = evaluate(rule, tally, quorum=quorum).outcome
    after = evaluate(rule, more(tally, **{how: 1, "present": int(newly_come)}), quorum=quorum)

    if before == "CONSENSUS":
        assert after.outcome == "CONSENSUS"


@given(a_rule(), a_tally(), st.sampled_from(["agree", "reservations", "abstain"]))
def test_another_block_never_passes_a_proposal(rule, tally, instead_of):
    """Somebody blocks who had answered otherwise: it never makes a consensus of none."""
    assume(getattr(tally, instead_of))
    before = evaluate(rule, tally).outcome
    after = evaluate(rule, more(tally, **{instead_of: -1, "block": 1})).outcome

    if after == "CONSENSUS":
        assert before == "CONSENSUS"


@given(a_tally(), st.booleans(), st.none() | st.integers(0, 120))
def test_where_one_block_stops_no_further_block_passes(tally, newly_come, quorum):
    after = evaluate(Rule(), more(tally, block=1, present=int(newly_come)), quorum=quorum)

    assert after.outcome in ("BLOCKED", "NO_QUORUM")


@given(a_rule(), a_tally())
def test_consensus_has_no_block_too_many_and_enough_who_answered_and_agreed(rule, tally):
    outcome = evaluate(rule, tally).outcome

    assert outcome in ORDER
    if outcome == "CONSENSUS":
        assert tally.block <= rule.max_blocks
        assert tally.answers >= rule.min_answered * tally.present
        of = tally.agree + tally.reservations + tally.stand_aside + tally.block
        assert tally.agree + tally.reservations >= rule.min_active_agreement * of


@given(a_tally())
def test_a_block_found_invalid_still_was_an_answer(tally):
    assume(tally.block)

    assert more(tally, block=-1, fallen=1).answers == tally.answers


AMONG_FOUR = st.fixed_dictionaries(dict.fromkeys(rules.OPEN, COUNTS))


@given(AMONG_FOUR, COUNTS)
def test_agreement_is_full_where_the_degree_is_one_and_somebody_agrees(counts, silent):
    found, present = rules.degree(counts), sum(counts.values()) + silent
    outcome = evaluate(OPEN, rules.tally_of(counts, present)).outcome
    full = found == 1 and counts["agree"] > 0

    assert rules.full_agreement(counts) is full
    if sum(counts.values()) * 2 < present:
        assert outcome == "TOO_FEW_ANSWERS"
    else:
        assert outcome == ("CONSENSUS" if full else "INSUFFICIENT_AGREEMENT")


@given(AMONG_FOUR, COUNTS)
def test_the_degree_is_a_share_and_who_abstains_or_is_split_never_moves_it(counts, aside):
    found = rules.degree(counts)

    assert found == rules.degree({**counts, "abstain": aside, "split": aside})
    assert (found is None) is (rules.degree_said(counts) is None)
    if found is not None:
        carried, of = rules.degree_numbers(counts)
        assert 0 <= found <= 1
        assert abs(Fraction(rules.hundredths(carried, of)) - 100 * found) <= Fraction(1, 100)


@given(AMONG_FOUR, st.sampled_from([None, "agree", "stand_aside", "abstain"]))
def test_one_more_who_disagrees_never_raises_the_degree(counts, instead_of):
    """Somebody newly disagrees, or disagrees instead of what they had said."""
    assume(instead_of is None or counts[instead_of])
    less = {instead_of: counts[instead_of] - 1} if instead_of else {}
    after = {**counts, **less, "disagree": counts["disagree"] + 1}
    before = rules.degree(counts)

    assert rules.degree(after) <= (1 if before is None else before)
    assert not rules.full_agreement(after)


@given(SHARES.filter(bool), st.integers(1, 60))
def test_the_override_question_passes_exactly_at_its_share(share, times):
    asked = read_rule({"positions": list(rules.OPEN), "override_question": share}).vote
    yes, no = share.numerator * times, (share.denominator - share.numerator) * times

    assert rules.passes(asked, {"for": yes, "against": no, "abstain": 9})
    assert not rules.passes(asked, {"for": yes - 1, "against": no + 1})


@given(
    SHARES.filter(bool),
    st.booleans(),
    st.integers(0, 200),
    st.integers(0, 200),
)
def test_a_vote_passes_exactly_when_as_many_as_needed_are_for_it(share, strict, yes, no):
    fallback = Fallback(share, strict)
    passed = rules.passes(fallback, {"for": yes, "against": no, "abstain": 7})

    assert passed is (yes + no > 0 and yes >= rules.needed(fallback, yes + no))
    if passed:
        assert rules.passes(fallback, {"for": yes + 1, "against": no})


@given(
    st.sampled_from(["invalidate_if", "valid_if", "supported_if"]),
    SHARES.filter(bool),
    st.booleans(),
    st.integers(1, 60),
    st.data(),
)
def test_what_has_fallen_stays_fallen_whatever_the_others_say(kind, share, strict, judges, data):
    finding = Finding(kind, share, strict)
    answers = st.lists(st.sampled_from(["valid", "invalid", "support"]), max_size=judges)
    said = data.draw(answers)
    given_so = {word: said.count(word) for word in ("valid", "invalid", "support")}
    fallen = rules.falls(finding, judges=judges, given=given_so)
    rest = data.draw(
        st.lists(
            st.sampled_from(["valid", "invalid", "support"]),
            min_size=0,
            max_size=judges - len(said),
        )
    )
    everything = {word: [*said, *rest].count(word) for word in given_so}

    assert rules.falls(finding, judges=judges, given=everything) or not fallen


@given(st.dictionaries(st.sampled_from(rules.EVERY_POSITION), COUNTS), st.integers(0, 300))
def test_a_tally_counts_every_answer_once(counts, present):
    assert rules.tally_of(counts, present).answers == sum(counts.values())
