"""What is kept of assemblies of assemblies."""

from federation.models.councils import Affiliation, Application, Council, Federation, Seat, SeatTerm
from federation.models.items import (
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
