"""What is kept, in three rooms: people, meetings, the record."""

from assemblies.models.meetings import (
    AgendaItem,
    Meeting,
    Note,
    Objection,
    Participant,
    Question,
    QuestionAnswer,
    Role,
)
from assemblies.models.people import (
    Agreements,
    Assembly,
    Membership,
    Person,
    PersonalLink,
    PersonManager,
)
from assemblies.models.record import Entry, Installation, Journal, Receipt

__all__ = [
    "AgendaItem",
    "Agreements",
    "Assembly",
    "Entry",
    "Installation",
    "Journal",
    "Meeting",
    "Membership",
    "Note",
    "Objection",
    "Participant",
    "Person",
    "PersonManager",
    "PersonalLink",
    "Question",
    "QuestionAnswer",
    "Receipt",
    "Role",
]
