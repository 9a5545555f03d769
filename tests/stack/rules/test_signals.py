"""Every signal is whole: known, in words, drawn; and the laws of what lowers what."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from stack import rules
from stack.models import HandKind, HandSignal
from stack.words.signals import WORDS, optional_signals

DRAWN = set(
    re.findall(r'<symbol id="(\w+)"', Path(settings.BASE_DIR, "static/img/icons.svg").read_text())
)


@given(st.sampled_from(rules.SIGNALS))
def test_a_signal_never_lowers_itself_and_agree_and_disagree_lower_each_other(signal):
    assert signal not in rules.replaced_by(signal)
    assert ("disagree" in rules.replaced_by("agree")) and ("agree" in rules.replaced_by("disagree"))


@pytest.mark.parametrize("signal", rules.KNOWN, ids=lambda one: one.code)
def test_a_signal_is_whole(signal):
    """Each has words and a drawing; the room, or whoever is told, reads how many show it."""
    words = WORDS[signal.code]
    assert words.label and len(words.letter) == len(words.key) == 1
    assert signal.code in DRAWN
    assert bool(words.choice) == signal.optional
    if signal.is_hand:
        assert signal.code in HandKind.values
    else:
        assert len(signal.code) <= HandSignal._meta.get_field("signal").max_length
        assert "3" in words.counted(3)


def test_no_two_signals_share_a_name_a_letter_or_a_key():
    """A keyboard and somebody who reads letters can tell signals apart."""
    codes = [one.code for one in rules.KNOWN]
    assert len(set(codes)) == len(codes) and set(codes) == set(WORDS)
    for marks in ([one.letter for one in WORDS.values()], [one.key for one in WORDS.values()]):
        assert len(set(marks)) == len(marks)


def test_what_an_assembly_can_turn_on_is_what_is_optional():
    """The settings offer each optional signal, in the order of the buttons."""
    offered = [one.code for one in optional_signals()]
    assert offered == [one.code for one in rules.KNOWN if one.optional]
