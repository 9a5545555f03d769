"""The house: what the four apps bring, in this order (docs/decisions/0013-the-house.md)."""

from importlib import import_module

from assemblies.door.house import House

APPS = ("assemblies.brings", "stack.brings", "proposals.brings", "federation.brings")


def build() -> House:
    """Return the house: what the four apps bring, joined in this order."""
    return House(import_module(app).brings() for app in APPS)
