"""The models of councils."""

from federation.models.councils import Affiliation, Application, Council, Federation, Seat, SeatTerm
from federation.models.items import (
    PHASE_LABELS,
    CouncilItem,
    Debate,
    Mandate,
    MemberAnswer,
    OptOut,
    Ratification,
    Support,
    UnitPosition,
)
from federation.models.recalls import Huddle, HuddleAnswer, Notice, Recall, RecallAnswer, ReportBack

__all__ = [
    "PHASE_LABELS",
    "Affiliation",
    "Application",
    "Council",
    "CouncilItem",
    "Debate",
    "Federation",
    "Huddle",
    "HuddleAnswer",
    "Mandate",
    "MemberAnswer",
    "Notice",
    "OptOut",
    "Ratification",
    "Recall",
    "RecallAnswer",
    "ReportBack",
    "Seat",
    "SeatTerm",
    "Support",
    "UnitPosition",
]
