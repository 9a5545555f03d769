"""What the app `assemblies` brings to the house."""

from assemblies.acts.declaring import acts_of
from assemblies.door import book, undoing, verifying
from assemblies.door.house import Brings
from assemblies.door.kinds import cards_of
from assemblies.live.printing import panels_of
from assemblies.reading import state
from assemblies.records import retention
from assemblies.screens import joining, notes, now, own, rota, tools
from assemblies.screens import people as people_screen
from assemblies.screens import questions as question_screen
from assemblies.services import (
    agenda,
    belonging,
    founding,
    people,
    phases,
    preparing,
    questions,
    roles,
    seats,
    settings,
    taking_back,
)
from assemblies.sheets import Agenda, QuestionSheet, Roll, Service
from assemblies.sheets import agenda as agenda_sheet
from assemblies.sheets import questions as question_sheet
from assemblies.sheets import service as service_sheet


def brings() -> Brings:
    """Return the cards, sheets, acts, panels and parts of this app, in their order."""
    return Brings(
        app="assemblies",
        cards=cards_of(
            book, undoing, verifying, agenda_sheet, question_sheet, service_sheet,
            agenda, belonging, founding, people, phases, preparing, questions, roles, seats,
            settings,
        ),
        sheets=(Roll, Agenda, QuestionSheet, Service),
        acts=acts_of(agenda, people, phases, questions, roles, taking_back),
        state=(state.meeting_state,),
        panels=panels_of(now, people_screen, question_screen, notes, joining, rota),
        mine=(own.my_seat, own.my_roles, own.my_undo),
        context=(tools.tools_of_roles, tools.answers_entered),
        retention=(retention.answers, retention.descriptions),
    )  # fmt: skip
