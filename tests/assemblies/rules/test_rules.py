"""What follows from who is here: cases."""

import pytest

from assemblies import rules

CO_CHAIRS = ("women", "men")


@pytest.mark.parametrize(
    ("office", "named", "shared"),
    [
        ([["men"]], CO_CHAIRS, True),
        ([["men"], ["men"]], CO_CHAIRS, False),
        ([["men"], ["women"]], CO_CHAIRS, True),
        ([["women", "youth"], ["men"]], CO_CHAIRS, True),
        ([["men"], []], CO_CHAIRS, False),
        ([["men"], ["women"], ["women"]], CO_CHAIRS, False),
        ([[], []], (), True),
        ([[], [], []], (), False),
    ],
)
def test_an_office_is_shared_as_the_rule_has_it(office, named, shared):
    assert rules.may_share(office, named) is shared
