"""What may be done with proposals; importing this registers every act of this app."""

from proposals.services import (
    blocks,
    checks,
    concerns,
    deciding,
    decisions,
    drafts,
    holding,
    life,
    tests,
    votes,
)

__all__ = [
    "blocks",
    "checks",
    "concerns",
    "deciding",
    "decisions",
    "drafts",
    "holding",
    "life",
    "tests",
    "votes",
]
