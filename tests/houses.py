"""A house of a test's own: what the four apps bring, and what the test adds."""

from dataclasses import replace
from typing import Any

from assemblies.door.house import Brings, House, house


def furnish(settings: Any, **more: Any) -> None:
    """Have the settings name a house to which a test brings more."""
    settings.HOUSE = House([*house().brings, Brings(app="tests", **more)])


def refurnish(settings: Any, **other: Any) -> None:
    """Have the settings name a house in which all apps bring something else in some fields."""
    settings.HOUSE = House([replace(brought, **other) for brought in house().brings])
