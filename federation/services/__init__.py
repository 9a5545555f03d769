"""What may be done between assemblies; importing this registers every act of this app."""

from federation.services import (
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
    screens,
    seats,
    sitting,
    supervising,
    votes,
)

__all__ = [
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
