"""What may be done between assemblies; importing this registers every act of this app."""

from federation.services import (
    changing,
    joining,
    mandates,
    recalls,
    seats,
    sitting,
    supervising,
)

__all__ = [
    "changing",
    "joining",
    "mandates",
    "recalls",
    "seats",
    "sitting",
    "supervising",
]
