"""The words of a federation."""

import pytest

from federation.models import (
    Federation,
)
from federation.words.vocabulary import words_of
from tests.federation.bodies import grow

pytestmark = pytest.mark.django_db


def test_a_federation_uses_its_own_words_and_ours_for_the_rest():
    grown = grow([2, 1], words={"unit": "block club", "units": "block clubs", "council": 7})

    words = words_of(Federation.objects.get(pk=grown.federation.pk).words)

    assert words.many_units(1) == "1 block club"
    assert words.many_units(7) == "7 block clubs"
    assert words.council == "council"
    assert words_of({"unit": "  ", "nonsense": "x"}) == words_of({})
    assert len(words_of({"unit": "x" * 500}).unit) == 60
