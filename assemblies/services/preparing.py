"""A meeting is prepared: its agenda and its particulars, before the doors open."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.door.journal import record
from assemblies.door.kinds import Always, card, rows
from assemblies.door.page import Page
from assemblies.models import AgendaItem, Meeting
from assemblies.rules import Line
from assemblies.rules.errors import Refused
from assemblies.sheets import Agenda
from assemblies.words import sentences


def prepare(
    meeting: Meeting,
    *,
    by: str,
    wifi: tuple[str, str],
    title: str = "",
    place: str | None = None,
    starts_at: datetime | None = None,
    lines: Sequence[Line] | None = None,
) -> None:
    """Change a meeting that has not begun; afterwards only the Wi-Fi, and the acts of the room."""
    with record(meeting) as page:
        if page.meeting.phase == "ended":
            raise Refused("closed", _("The meeting has ended."))
        early = title or place is not None or starts_at is not None or lines is not None
        if early and page.meeting.phase != "planned":
            raise Refused(
                "wrong_phase", _("The doors are open: the agenda is changed in the room.")
            )
        set_particulars(page, by, wifi, title, place, starts_at)
        if lines is not None:
            set_agenda(page, by, lines)


def set_particulars(
    page: Page,
    by: str,
    wifi: tuple[str, str],
    title: str,
    place: str | None,
    starts_at: datetime | None,
) -> None:
    """Write what is new of title, place, time and Wi-Fi; the journal keeps no password."""
    meeting = page.meeting
    wanted: dict[str, Any] = {
        "wifi_name": wifi[0],
        "wifi_password": wifi[1],
        "title": title or meeting.title,
        "place": meeting.place if place is None else place,
        "starts_at": starts_at or meeting.starts_at,
    }
    new = [name for name, value in wanted.items() if getattr(meeting, name) != value]
    if not new:
        return
    for name in new:
        setattr(meeting, name, wanted[name])
    page.put(meeting)
    facts: dict[str, Any] = {
        name: str(wanted[name]) for name in new if name in ("title", "place", "starts_at")
    }
    facts["wifi"] = any("wifi" in name for name in new)
    page.note(PARTICULARS_SET, person=by, **facts)


def set_agenda(page: Page, by: str, lines: Sequence[Line]) -> None:
    """Make the agenda what the lines say; an item that keeps its title keeps its notes."""
    agenda = page.sheet(Agenda)
    before = [(item.title, item.minutes, item.kind) for item in agenda.items]
    if before == [(line.title, line.minutes, line.kind) for line in lines]:
        return
    left = list(agenda.items)
    used = {item.key for item in left}
    items: list[AgendaItem] = []
    for line in lines:
        item = next((one for one in left if one.title == line.title), None)
        if item is None:
            key = next(str(n) for n in range(1, 10_000) if str(n) not in used)
            used.add(key)
            item = AgendaItem(id=uuid.uuid4(), meeting=page.meeting, key=key, title=line.title)
        else:
            left.remove(item)
        item.minutes, item.kind, item.position = line.minutes, line.kind, len(items) + 1
        items.append(item)
        page.put(item)
    for item in left:
        agenda.notes = [note for note in agenda.notes if note.item_id != item.pk]
        for sheet in page.every_sheet():
            sheet.item_dropped(page, item)
        page.drop(item)
    agenda.items = items
    page.note(AGENDA_PREPARED, person=by, items=[line.title for line in lines])


# --- the cards of the entries written here ---

AGENDA_PREPARED = card(
    "assemblies.agenda_prepared",
    "agenda",
    minutes=Always(gettext_lazy("The draft agenda was changed before the meeting.")),
    writes=(rows(AgendaItem),),
)
PARTICULARS_SET = card(
    "assemblies.particulars_set",
    "meeting",
    minutes=sentences.particulars_set,
    writes=(rows(Meeting),),
)
