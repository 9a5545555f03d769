"""The panel of notes that the note taker wrote about the open item."""

from typing import Any

from assemblies.door.page import Page
from assemblies.live.printing import panel
from assemblies.screens.shown import item_shown
from assemblies.sheets import Agenda, Roll


@panel("notes", "assemblies/_notes.html", "agenda", audiences=("member", "facilitator"))
def notes_panel(page: Page, audience: str) -> dict[str, Any]:
    """Return the last thirty notes about the open item."""
    agenda, people = page.sheet(Agenda), page.sheet(Roll).by_id
    item = agenda.open
    rows = [note for note in agenda.notes if note.item_id == (item.pk if item else None)]
    return {
        "item": item_shown(agenda, item) if item else None,
        "notes": [
            {
                "id": str(note.pk),
                "text": note.text,
                "by": people[note.by_id].name if note.by_id in people else "",
            }
            for note in rows[-30:]
        ],
    }
