"""The state of a meeting, as ROOM.md 3 describes it."""

from typing import Any

from assemblies.door.house import house
from assemblies.door.page import Page
from assemblies.models import Participant
from assemblies.sheets import Agenda, QuestionSheet, Roll


def state(page: Page) -> dict[str, Any]:
    """Return the state of a meeting, as every app says its part."""
    return {key: one for part in house().all("state") for key, one in part(page).items()}


def state_for(page: Page, person: Participant | None) -> dict[str, Any]:
    """Return the state as somebody may see it: names of who blocks are for those who count."""
    shown = state(page)
    for veil in house().all("veils"):
        veil(page, person, shown)
    return shown


def meeting_state(page: Page) -> dict[str, Any]:
    """The agenda, the question, the meeting in numbers, the roles."""
    roll, agenda, asked = page.sheet(Roll), page.sheet(Agenda), page.sheet(QuestionSheet)
    meeting, question = page.meeting, asked.last
    return {
        "agenda": [{"item": item.key, "state": item.state} for item in agenda.items],
        "question": {
            "open": asked.open is not None,
            "objections": len(asked.objections),
            "result": (question.result or None) if question else None,
        },
        "meeting": {
            "phase": meeting.phase,
            "seq": page.journal.seq,
            "present": roll.present(meeting),
            "counting": roll.counting(meeting),
            "heads": meeting.heads,
            "quorum": roll.quorum(meeting),
            "quorum_met": roll.quorum_met(meeting),
            "item": agenda.open.key if agenda.open else None,
        },
        "roles": roll.roles_held(),
        "minutes": {"entries": page.journal.seq},
    }
