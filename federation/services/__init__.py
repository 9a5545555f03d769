"""What may be done between assemblies; importing this registers every act of this app."""

from federation.services import (
    joining,
    mandates,
    recalls,
    seats,
    sitting,
    supervising,
)

__all__ = [
    "joining",
    "mandates",
    "recalls",
    "seats",
    "sitting",
    "supervising",
]
