"""How a time, an item of the agenda and a button travel to the screens of every app."""

from datetime import datetime, timedelta
from typing import Any

from assemblies import rules
from assemblies.models import AgendaItem
from assemblies.sheets import Agenda


def ms(at: datetime | None) -> int | None:
    """Return a time as screens want it: epoch milliseconds."""
    return int(at.timestamp() * 1000) if at is not None else None


def button(label: str, **act: Any) -> dict[str, Any]:
    """Return a button: its words and the act it does."""
    return {"label": label, "act": act}


def item_shown(agenda: Agenda, item: AgendaItem) -> dict[str, Any]:
    """Return an item as screens show it."""
    ends_at = (
        item.opened_at + timedelta(minutes=item.minutes)
        if item.opened_at is not None and item.state == "open"
        else None
    )
    return {
        "key": item.key,
        "number": agenda.items.index(item) + 1,
        "title": item.title,
        "kind": item.kind,
        "kind_label": item.get_kind_display(),
        "minutes": item.minutes,
        "ends_at": ms(ends_at),
        "state": item.state,
        "state_label": item.get_state_display(),
        "open": item.state == "open",
        "finished_at": ms(item.finished_at),
        "can_reopen_until": ms(
            item.finished_at + rules.REOPEN_ITEM_WITHIN if item.finished_at else None
        ),
    }
