"""Personal parts of the floor: they go to one person and nobody else."""

from typing import Any

from django.utils.translation import gettext as _

from assemblies.door.page import Page
from assemblies.models import Participant
from assemblies.screens.shown import ms
from assemblies.sheets import Agenda, Roll
from stack.reading.sharing import nudge_of
from stack.sheets.floor import Floor
from stack.sheets.signals import Signals


def my_hands(page: Page, person: Participant) -> dict[str, Any]:
    """Return the hands and signals that somebody has up, and whether they speak."""
    floor = page.sheet(Floor)
    turn = floor.turn
    speaking = turn is not None and turn.participant_id == person.pk
    running = turn is not None and turn.stopped_at is None
    return {
        "hands": [hand.kind for hand in floor.waiting if hand.participant_id == person.pk],
        "signals": page.sheet(Signals).shown_by(person),
        "speaking": speaking,
        "double_time": person.double_time,
        "speaks_until": ms(turn.clock.runs_out_at()) if turn and speaking and running else None,
    }


def my_nudge(page: Page, person: Participant) -> dict[str, Any]:
    """Return the private hint to step up or to step back, if there is one."""
    kind, item = nudge_of(page, person), page.sheet(Agenda).open
    if kind is None or item is None:
        return {"nudge": None}
    words = {
        "step_back": _("You have spoken much here. Leave others room?"),
        "step_up": _("Not heard from you yet. Step up?"),
    }
    return {"nudge": {"kind": kind, "item": item.key, "sentence": words[kind]}}


def my_neutrality(page: Page, person: Participant) -> dict[str, Any]:
    """Remind who facilitates that arguing comes after handing over (DOMAIN.md 4)."""
    floor = page.sheet(Floor)
    argues = "facilitator" in page.sheet(Roll).roles_of(person) and any(
        floor.of(person, kind) for kind in ("hand", "direct_response")
    )
    told = _("You facilitate. Hand over first if you want to argue.")
    return {"neutral": told if argues else ""}
