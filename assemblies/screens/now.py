"""Panels that show where the meeting is: what is open now, what comes next, and the agenda."""

from typing import Any

from django.utils.translation import gettext as _

from assemblies.acts.declaring import SITTING
from assemblies.door.house import house
from assemblies.door.page import Page
from assemblies.live.printing import FACILITATOR, panel
from assemblies.models import AgendaItem, Participant, Role
from assemblies.screens.shown import button, item_shown, ms
from assemblies.sheets import Agenda, QuestionSheet, Roll


@panel("now", "assemblies/_now.html", "meeting", "agenda", "roll", "question")
def now_panel(page: Page, audience: str) -> dict[str, Any]:
    """Return the open item, the phase, what happens next and who does what."""
    roll, agenda, meeting = page.sheet(Roll), page.sheet(Agenda), page.meeting
    item = agenda.open
    ahead = agenda.ahead
    held = roll.roles_held()
    stage, next_sentence = stage_and_next(page, item, ahead)
    return {
        "meeting": {
            "key": meeting.key,
            "title": meeting.title,
            "phase": meeting.phase,
            "phase_label": meeting.get_phase_display(),
        },
        "item": item_shown(agenda, item) if item else None,
        "of": len(agenda.items),
        "next_item": item_shown(agenda, ahead) if ahead else None,
        "stage": stage,
        "next_step": next_sentence,
        "facilitators": names(roll.holders("facilitator")),
        "roles": [
            {"role": code, "label": label, "names": names(roll.holders(code))}
            for code, label in Role.Code.choices
            if code in held
        ],
        "primary": primary(page) if audience == FACILITATOR else None,
        "read_aloud": read_aloud(page, item) if audience == FACILITATOR else "",
        "steps": steps(meeting.phase),
    }


def names(people: list[Participant]) -> list[str]:
    """Return the names of people."""
    return [person.name for person in people]


def steps(phase: str) -> list[dict[str, Any]]:
    """Return the phases of a sitting as a line of steps, the present one marked."""
    line = [
        ("doors_open", _("Doors open")),
        ("in_session", _("In session")),
        ("closing", _("Closing")),
        ("ended", _("Ended")),
    ]
    here = "in_session" if phase == "break" else phase
    return [{"phase": code, "label": label, "current": code == here} for code, label in line]


def stage_and_next(
    page: Page, item: AgendaItem | None, ahead: AgendaItem | None
) -> tuple[str, str]:
    """Return the phase in which the room is, by name, and what happens next, as a sentence."""
    if page.meeting.phase in SITTING:
        for stage in house().stages:
            if found := stage.describe(page):
                return found
    return page.meeting.get_phase_display(), next_step(page, item, ahead)


def next_step(page: Page, item: AgendaItem | None, ahead: AgendaItem | None) -> str:
    """Return what happens next, as a sentence."""
    phase = page.meeting.phase
    if phase == "planned":
        return _("Next: the facilitator opens the doors.")
    if phase == "doors_open":
        return _("Next: the meeting starts. People are coming in.")
    if phase == "break":
        return _("Next: the meeting goes on after the break.")
    if phase == "ended":
        return _("The meeting has ended. The minutes stay.")
    if item is None and ahead is not None:
        return _("Next: “%(title)s”.") % {"title": ahead.title}
    if item is None:
        return _("Next: the meeting closes.")
    if ahead is not None:
        return _("Then: “%(title)s”.") % {"title": ahead.title}
    return _("This is the last item.")


def primary(page: Page) -> dict[str, Any] | None:
    """Return the most likely next act, as a button."""
    for step in house().next_steps:
        if found := step.propose(page):
            return waiting(page, dict(found))
    phase, agenda = page.meeting.phase, page.sheet(Agenda)
    if phase == "planned":
        return button(_("Open the doors"), do="open_doors")
    if phase == "doors_open":
        return button(_("Start the meeting"), do="start_meeting")
    if phase == "break":
        return button(_("Go on after the break"), do="resume_meeting")
    question = page.sheet(QuestionSheet).open
    if question is not None and question.stage == "open":
        return button(_("Close the question"), do="close_question")
    if phase == "ended":
        return None
    if agenda.open is not None:
        return button(
            _("Finish “%(title)s”") % {"title": agenda.open.title},
            do="finish_item",
            item=agenda.open.key,
        )
    if ahead := agenda.ahead:
        return button(
            _("Take up “%(title)s”") % {"title": ahead.title}, do="take_up_item", item=ahead.key
        )
    return None


def waiting(page: Page, found: dict[str, Any]) -> dict[str, Any]:
    """Return a big button with why it waits, as an app says, and until when."""
    delay = None if found.get("closed") else house().delay_of(page, found["act"]["do"])
    if delay is None:
        return found
    why, until = delay
    if until is None:
        return {**found, "why": why, "closed": True}
    return {**found, "why": why, "since": max(ms(until) or 0, found.get("since") or 0)}


def read_aloud(page: Page, item: AgendaItem | None) -> str:
    """Return a line to read to those who see no screen."""
    if page.meeting.phase not in ("in_session", "closing"):
        return f"{page.meeting.title}. {page.meeting.get_phase_display()}."
    found = next(filter(None, (stage.describe(page) for stage in house().stages)), None)
    stage, after = found or ("", "")
    told = f"{stage} {after}" if stage.endswith("?") else f"{stage}. {after}" if stage else ""
    if item is None:
        return _("No item is open. %(next)s") % {
            "next": told or next_step(page, None, page.sheet(Agenda).ahead)
        }
    here = _("We are at item %(number)s, “%(title)s”, with %(minutes)s minutes for it.") % {
        "number": page.sheet(Agenda).items.index(item) + 1,
        "title": item.title,
        "minutes": item.minutes,
    }
    return f"{here} {told}".rstrip()


@panel("agenda", "assemblies/_agenda.html", "agenda", "meeting")
def agenda_panel(page: Page, audience: str) -> dict[str, Any]:
    """Return the items, the open one marked."""
    agenda = page.sheet(Agenda)
    done = sum(1 for item in agenda.items if item.state == "done")
    return {
        "items": [item_shown(agenda, item) for item in agenda.items],
        "counts": {"done": done, "of": len(agenda.items)},
        "in_session": page.meeting.phase in ("in_session", "closing"),
        "phase": page.meeting.phase,
        "can_move": sum(1 for item in agenda.items if item.state == "waiting") > 1,
    }
