"""A council whose pages are read, and no page kept from the test before."""

import pytest
from django.core.cache import cache

from tests.federation.bodies import Grown, carried, gone_round, grow, meet


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Forget the pages of the test before."""
    cache.clear()


@pytest.fixture
def city(db) -> Grown:
    """Seven assemblies and their council, with an item that has gone round twice."""
    grown = grow([7, 1])
    item = carried(grown, grown.top, grown.base, key="rent", phase="provisional")
    meeting = meet(grown.top.assembly, "Autumn council")
    gone_round(
        grown,
        item,
        meeting,
        positions=["agree", "agree", "stand_aside", "disagree", "agree"],
        answers=["accept", "accept", "return", "reject", "not_affected"],
    )
    return grown
