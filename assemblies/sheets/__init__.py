"""Sheets: rows kept in memory during a meeting (roll, agenda, questions, service)."""

from assemblies.sheets.agenda import Agenda
from assemblies.sheets.questions import HANDS_CLOSED, QuestionSheet
from assemblies.sheets.roll import Roll, units_decide, votes_held
from assemblies.sheets.service import (
    BREAK_PUT_OFF,
    BREAK_REQUESTED,
    BREAK_TAKEN,
    ROTA_PROPOSED,
    Service,
)

__all__ = [
    "BREAK_PUT_OFF",
    "BREAK_REQUESTED",
    "BREAK_TAKEN",
    "HANDS_CLOSED",
    "ROTA_PROPOSED",
    "Agenda",
    "QuestionSheet",
    "Roll",
    "Service",
    "units_decide",
    "votes_held",
]
