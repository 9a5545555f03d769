"""The tables of proposals, of tests and votes, and of decisions."""

from proposals.models.asking import (
    Ballot,
    Block,
    CheckAnswer,
    ConsensusTest,
    FallbackVote,
    Judgement,
    Position,
    TemperatureCheck,
)
from proposals.models.decisions import CONFIRMATIONS, Decision, Task
from proposals.models.proposals import (
    LONGEST_TEXT,
    PHASE_LABELS,
    Amendment,
    Concern,
    Proposal,
    ProposalVersion,
    digest_of_text,
)

__all__ = [
    "CONFIRMATIONS",
    "LONGEST_TEXT",
    "PHASE_LABELS",
    "Amendment",
    "Ballot",
    "Block",
    "CheckAnswer",
    "Concern",
    "ConsensusTest",
    "Decision",
    "FallbackVote",
    "Judgement",
    "Position",
    "Proposal",
    "ProposalVersion",
    "Task",
    "TemperatureCheck",
    "digest_of_text",
]
