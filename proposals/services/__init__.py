"""What may be done with proposals; importing this registers every act of this app."""

from proposals.services import blocks, checks, concerns, decisions, life, tests, votes

__all__ = ["blocks", "checks", "concerns", "decisions", "life", "tests", "votes"]
