"""What changed between two texts."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proposals.rules import diff
from proposals.rules.diff import Piece, changes

TEXTS = st.text(alphabet="ab .\n", max_size=60) | st.text(max_size=60)


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


def test_texts_with_very_many_equal_words_are_compared_by_lines(monkeypatch):
    monkeypatch.setattr(diff, "MOST_PAIRS", 1)

    assert changes("a b a\nthree four\n", "b a b\nthree four\n") == [
        Piece("out", "a b a\n"),
        Piece("in", "b a b\n"),
        Piece("same", "three four\n"),
    ]


def test_where_even_lines_repeat_what_differs_is_one_piece(monkeypatch):
    monkeypatch.setattr(diff, "MOST_PAIRS", 2)

    assert changes("a\nb\na\nc", "b\na\nb\nc") == [
        Piece("out", "a\nb\na\n"),
        Piece("in", "b\na\nb\n"),
        Piece("same", "c"),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a " * 20_000, "a " * 19_000 + "b " * 1_000),
        ("a\n" * 20_000, "b\n" + "a\n" * 19_999),
        ("a b " * 1_000, "b a " * 1_000),
        ("a b c " * 100, "c b a " * 100),
    ],
)
def test_no_text_keeps_the_server_busy(old, new):
    begun = time.process_time()
    changes(old, new)
    assert time.process_time() - begun < 3
