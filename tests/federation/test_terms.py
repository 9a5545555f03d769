"""Terms that end after so many meetings of a council, and the pause after them (DOMAIN.md 5.3)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblies.models import Meeting
from federation.models import Seat, SeatTerm
from federation.reading.seats import seating, seats_by_unit
from federation.rules import CouncilRule, NotYet, Term, cooling, read_council_rule
from federation.words.presets import FEDERATING
from tests.federation.several import Several, confederate


def served(*spans: tuple[int, int], who: str = "a") -> list[Term]:
    """Return terms from so many meetings to so many."""
    return [Term(who, "A", since, until) for since, until in spans]


@pytest.mark.parametrize(
    ("terms", "on", "more", "rule"),
    [
        ([], 0, None, {}),
        (served((0, 1)), 1, 1, {}),
        (served((0, 1)), 2, None, {}),
        (served((0, 1), who="b"), 1, None, {}),
        (served((0, 1)), 1, None, {"cooldown_terms": 0}),
        (served((0, 1)), 1, None, {"max_consecutive_terms": 2}),
        (served((0, 1), (1, 2)), 2, 1, {"max_consecutive_terms": 2}),
        (served((0, 1), (2, 3)), 3, None, {"max_consecutive_terms": 2}),
        (served((0, 3)), 3, 3, {"term_meetings": 3}),
        (served((0, 3)), 5, 1, {"term_meetings": 3}),
        (served((0, 3)), 6, None, {"term_meetings": 3}),
        (served((0, 1)), 2, 1, {"cooldown_terms": 2}),
    ],
)
def test_who_served_waits_for_as_many_meetings_as_a_term_has(terms, on, more, rule):
    found = cooling("a", on, terms, CouncilRule(**{"term_meetings": 1, **rule}))
    assert found == (NotYet("cooldown", more) if more else None)


@given(st.integers(1, 9), st.integers(1, 4), st.integers(0, 20), st.integers(0, 40))
def test_the_pause_is_over_when_the_meetings_said_are_over_and_not_before(length, pause, since, on):
    rule = CouncilRule(term_meetings=length, cooldown_terms=pause)
    over = since + length
    found = cooling("a", max(on, over), served((since, over)), rule)

    left = over + pause * length - max(on, over)
    assert (found.since if found else 0) == max(0, left)


def test_days_are_counted_as_before_where_no_meetings_are_said():
    term = Term("a", "A", date(2026, 1, 1), date(2026, 4, 1))
    found = cooling("a", date(2026, 4, 2), [term], CouncilRule())
    assert found == NotYet("cooldown", date(2026, 6, 30))
    assert read_council_rule(FEDERATING["occupy_spokes"].rule).term_meetings == 1


@pytest.mark.parametrize("value", [0, -1, "1", True])
def test_a_term_of_no_meetings_is_refused(value):
    with pytest.raises(ValueError, match="term_meetings"):
        read_council_rule({"term_meetings": value})


# --- in a council ---------------------------------------------------------------------------------


def spokes(**rule) -> Several:
    """Return a spokes council of three groups, each with a spoke for one meeting."""
    return confederate("ABC", preset="occupy_spokes", seats=1, rule=rule)


def hold_meeting(several: Several) -> None:
    """Have the council meet and go home."""
    several.later(hours=1)
    several.meet(facilitator="a1")
    several["X"].done("a1", "end_meeting")
    several.later(hours=1)


def choose(several: Several, letter: str, who: str):
    """Have a base send somebody; return the answer."""
    several.decide(letter, "We send somebody")
    return several[letter].act(f"{letter.lower()}1", "choose_delegate", who=who)


@pytest.mark.django_db
def test_a_spoke_speaks_for_one_meeting_and_the_next_is_somebody_else():
    several = spokes()
    a = several["A"].assembly.key
    term = SeatTerm.objects.get(seat__unit=several["A"].assembly)
    assert (term.until, term.meetings) == (None, 1)
    taken = choose(several, "A", "a2")
    assert (taken.code, "for 1 more meeting of the council" in taken.why) == ("seat_taken", True)
    several.later(days=400)
    assert choose(several, "A", "a2").code == "seat_taken"

    several.meet(facilitator="a1")
    (seat,) = several["X"].state["council"]["units"][a]["seats"]
    assert (seat["state"], seat["until"], seat["meetings_left"]) == ("seated", None, 1)
    several["X"].done("a1", "end_meeting")
    (seat,) = several["X"].state["council"]["units"][a]["seats"]
    assert (seat["state"], seat["meetings_left"]) == ("term_ended", 0)
    assert seating(several.council).ended == 3

    several.later(hours=1)
    again = choose(several, "A", "a1")
    assert again.code == "cooldown"
    assert "until 1 more meeting of the council is over (terms in a row)" in again.why
    assert choose(several, "A", "a2").accepted
    term.refresh_from_db()
    assert (term.end, term.ended_at) == (
        "term_ended",
        Meeting.objects.get(pk=several["X"].meeting.pk).ended_at,
    )

    held_before = SeatTerm.objects.filter(ended_at=None).count()
    several.here = None
    hold_meeting(several)
    assert held_before == 3
    # B and C sent nobody anew: their terms ended when the doors were opened.
    assert SeatTerm.objects.filter(ended_at=None).count() == 1
    assert choose(several, "A", "a1").accepted


@pytest.mark.django_db
def test_a_meeting_that_is_reopened_has_its_spokes_as_before():
    several = spokes()
    several.meet(facilitator="a1")
    several["X"].done("a1", "end_meeting")
    several.later(minutes=1)
    several["X"].done("a1", "reopen_meeting")

    assert several["X"].state["meeting"]["counting"] == 3
    units = several["X"].state["council"]["units"].values()
    assert {unit["seats"][0]["state"] for unit in units} == {"seated"}


@pytest.mark.django_db
def test_who_is_sent_while_it_meets_has_had_that_meeting_and_who_was_recalled_in_it_too():
    several = spokes()
    several.meet(facilitator="a1")
    several["B"].done("b1", "step_down")
    assert choose(several, "B", "b2").accepted
    several.later(minutes=1)
    several["X"].done("a1", "end_meeting")
    several.later(hours=1)

    for who in ("b1", "b2"):
        assert choose(several, "B", who).code == "cooldown"
    assert choose(several, "B", "b3").accepted


@pytest.mark.django_db
def test_three_meetings_are_three_meetings():
    several = spokes(term_meetings=3)
    for round_no in range(3):
        assert choose(several, "A", "a2").code == "seat_taken", round_no
        several.here = None
        hold_meeting(several)
    assert choose(several, "A", "a2").accepted
    place = seats_by_unit(several.council, [several["A"].assembly.pk])
    (seat,) = place[several["A"].assembly.pk]
    assert (seat.left, seat.ended, seat.end) == (3, False, None)
    assert Seat.objects.filter(council=several.council).count() == 3
