"""The life of a council item: every change of its phase is a move of the table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.models import PHASE_LABELS, CouncilItem
from federation.rules import MOVES, OVER, ItemPhase, NoSuchMove

PHASES = st.sampled_from(ItemPhase)


def test_the_table_has_every_phase_and_every_phase_has_words() -> None:
    """No phase is without its moves, and none without words for people."""
    assert set(MOVES) == set(ItemPhase) == set(PHASE_LABELS)
    assert CouncilItem._meta.get_field("phase").choices == [
        (phase.value, label) for phase, label in PHASE_LABELS.items()
    ]


@given(PHASES, st.lists(PHASES, max_size=12))
def test_an_item_goes_only_where_the_table_leads(begin: ItemPhase, wanted: list[ItemPhase]) -> None:
    """Whatever is tried in whatever order, an item moves along the table or stays as it is."""
    item = CouncilItem(phase=begin)
    for phase in wanted:
        here = ItemPhase(item.phase)
        if phase in MOVES[here] or phase == here:
            item.move_to(phase)
            assert item.phase == phase
        else:
            with pytest.raises(NoSuchMove):
                item.move_to(phase)
            assert item.phase == here


@given(st.sampled_from(sorted(OVER)), st.lists(PHASES, max_size=12))
def test_what_is_over_is_never_asked_of_the_bases_unless_decided_again(
    begin: ItemPhase, wanted: list[ItemPhase]
) -> None:
    """From what is over a council comes back only by deciding again on what it did not agree on."""
    item = CouncilItem(phase=begin)
    for phase in wanted:
        try:
            item.move_to(phase)
        except NoSuchMove:
            continue
    if begin != ItemPhase.NOT_AGREED:
        assert item.phase in (begin, ItemPhase.REMOVED)
    assert item.phase not in (ItemPhase.GOING_ROUND, ItemPhase.AGREED) or item.phase == begin


def test_nothing_goes_round_again_from_the_beginning() -> None:
    """GOING_ROUND is where an item begins; no move leads there."""
    assert all(ItemPhase.GOING_ROUND not in moves for moves in MOVES.values())


def test_what_is_left_to_the_unit_stays_with_it() -> None:
    """No move leads away from REMOVED."""
    assert MOVES[ItemPhase.REMOVED] == frozenset()
