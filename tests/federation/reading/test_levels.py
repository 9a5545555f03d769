"""The map of levels: what is drawn, in how many pieces, and that it is the same each time."""

import re
from itertools import pairwise

import pytest
from django.utils import timezone

from federation.models import Affiliation
from federation.reading.levels import COLUMNS_NARROW, COLUMNS_WIDE, of_level, sketch
from federation.records.plots import draw_map
from federation.sheets.chart import Chart
from federation.words.vocabulary import words_of
from tests.federation.bodies import grow

pytestmark = pytest.mark.django_db


WORDS = words_of({})


def drawn(widths: list[int], *, wide: bool = True):
    """Return a federation of such levels, and the drawing of its map."""
    grown = grow(widths, members=1, seats=1)
    return grown, sketch(Chart(grown.federation.pk), WORDS, wide=wide)


def test_levels_stand_from_below_upward_with_their_numbers():
    _grown, found = drawn([6, 2, 1])

    assert [row.label for row in found.rows] == [
        "Base: 6 assemblies",
        "City: 2 councils",
        "Region: 1 council",
    ]
    assert [len(row.nodes) for row in found.rows] == [6, 2, 1]
    assert len(found.lines) == 8


def test_every_council_stands_over_its_units():
    _grown, found = drawn([12, 4, 2, 1])
    places = {node.key: node.x for row in found.rows for node in row.nodes}

    for row in found.rows:
        assert all(a.x < b.x for a, b in pairwise(row.nodes)), "no two in one place"
    for above, _below in found.lines:
        units = [places[low] for high, low in found.lines if high == above]
        assert min(units) <= places[above] <= max(units)


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("widths", [[900, 30, 1], [900, 90, 9, 1], [900, 1], [50, 2, 1]])
def test_of_many_units_nobody_reads_labels(widths, wide):
    grown, found = drawn(widths, wide=wide)

    assert found.columns <= (COLUMNS_WIDE if wide else COLUMNS_NARROW)
    assert [row.label.rsplit(" ", 2)[-2] for row in found.rows] == [str(n) for n in widths]
    bundles = [node for row in found.rows for node in row.nodes if node.bundled]
    lowest = next(row.level for row in found.rows if row.nodes)
    assert sum(node.bundled for node in bundles) == len(grown.levels[lowest])
    names = draw_map(found, dark=False, wide=wide)
    assert names.count("<text") < 80


def test_a_unit_of_two_councils_is_drawn_once_with_two_lines():
    grown, _found = drawn([4, 2, 1])
    other = grown.councils[grown.levels[1][1].pk]
    Affiliation.objects.create(council=other, unit=grown.base, joined_at=timezone.now())

    found = sketch(Chart(grown.federation.pk), WORDS, wide=True)

    assert len([one for one in found.lines if one[1] == grown.base.key]) == 2
    assert len(found.rows[0].nodes) == 4


def test_levels_may_be_mixed():
    grown, _found = drawn([4, 2, 1])
    Affiliation.objects.filter(unit=grown.base).update(council=grown.top)

    found = sketch(Chart(grown.federation.pk), WORDS, wide=True)

    assert (grown.top.assembly.key, grown.base.key) in found.lines
    assert [len(row.nodes) for row in found.rows] == [4, 2, 1]
    chart = Chart(grown.federation.pk)
    assert len(of_level(chart, 0)) == 4


def test_a_council_without_units_is_a_box_of_its_own():
    grown, _found = drawn([2, 1])
    Affiliation.objects.all().delete()

    found = sketch(Chart(grown.federation.pk), WORDS, wide=False)

    assert [len(row.nodes) for row in found.rows] == [0, 1]
    assert draw_map(found, dark=True, wide=False).startswith("<?xml")


def test_the_same_map_makes_the_same_bytes_and_other_paper_other_ones():
    _grown, found = drawn([7, 1])
    once = draw_map(found, dark=False, wide=False)

    assert draw_map(found, dark=False, wide=False) == once
    assert draw_map(found, dark=True, wide=False) != once
    assert "<text" in once, "names stay text"
    assert re.search(r">\s*City council of Mill Lane", once)
