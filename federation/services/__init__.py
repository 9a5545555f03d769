"""What may be done between assemblies; importing this registers every act of this app."""

from federation.screens import concerned as screens
from federation.services import (
    admitting,
    carrying,
    changing,
    huddles,
    joining,
    mandates,
    ratifying,
    recalls,
    referendum,
    referring,
    reports,
    scope,
    seats,
    sitting,
    supervising,
    votes,
)

__all__ = [
    "admitting",
    "carrying",
    "changing",
    "huddles",
    "joining",
    "mandates",
    "ratifying",
    "recalls",
    "referendum",
    "referring",
    "reports",
    "scope",
    "screens",
    "seats",
    "sitting",
    "supervising",
    "votes",
]
