"""What changed between two texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proposals import diff
from proposals.diff import Piece, changes

TEXTS = st.text(alphabet="ab .\n", max_size=60)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("", "", []),
        ("We refuse.", "We refuse.", [Piece("same", "We refuse.")]),
        ("", "We refuse.", [Piece("in", "We refuse.")]),
        (
            "We refuse the increase.",
            "We refuse any increase.",
            [
                Piece("same", "We refuse "),
                Piece("out", "the "),
                Piece("in", "any "),
                Piece("same", "increase."),
            ],
        ),
    ],
)
def test_words_kept_taken_out_and_put_in(old, new, found):
    assert changes(old, new) == found


@given(TEXTS, TEXTS)
def test_the_pieces_make_up_both_texts(old, new):
    found = changes(old, new)

    assert "".join(piece.text for piece in found if piece.how != "in") == old
    assert "".join(piece.text for piece in found if piece.how != "out") == new


def test_very_long_texts_are_compared_by_lines(monkeypatch):
    monkeypatch.setattr(diff, "MOST_COMPARED", 3)

    assert changes("one two\nthree four\n", "one 2\nthree four\n") == [
        Piece("out", "one two\n"),
        Piece("in", "one 2\n"),
        Piece("same", "three four\n"),
    ]
