"""Sections on the pages of assemblies and meetings, and the tasks of somebody."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.door.shapes import section
from assemblies.entrance.access import is_member
from assemblies.models import Assembly, Meeting, Person
from proposals.models import Decision, Proposal, Task
from proposals.reading import register
from proposals.rules import RESTS, Phase
from proposals.services.drafts import waiting_for_an_agenda

SHOWN = 5


@section("assembly", "proposals/pages/_assembly.html")
def of_assembly(body: Assembly, person: Person) -> dict[str, Any]:
    """Return the last decisions in force, the open tasks and the active proposals."""
    tasks = register.open_tasks(body)
    going_on = Proposal.objects.filter(assembly=body).exclude(phase__in=[*RESTS, Phase.NOT_ADOPTED])
    return {
        "assembly": body,
        "decisions": [register.decision_told(row) for row in register.in_force(body)[:SHOWN]],
        "tasks": list(tasks[:SHOWN]),
        "open_tasks": tasks.count(),
        "proposals": list(going_on.order_by("-created_at")[:SHOWN]),
        "going_on": going_on.count(),
    }


@section("meeting", "proposals/pages/_meeting.html")
def of_planned_meeting(meeting: Meeting, person: Person) -> dict[str, Any] | None:
    """Return the proposals that can be put on the agenda of a planned meeting."""
    if meeting.phase != "planned":
        return None
    waiting = waiting_for_an_agenda(meeting.assembly)
    if not waiting:
        return None
    return {"assembly": meeting.assembly, "meeting": meeting, "waiting": waiting}


@section("minutes", "proposals/pages/_minutes.html")
def of_minutes(meeting: Meeting, person: Person) -> dict[str, Any] | None:
    """Return the decisions of a meeting with where they are kept, for members."""
    rows = list(Decision.objects.filter(meeting=meeting).order_by("number"))
    if not rows or not is_member(meeting.assembly, person):
        return None
    return {"assembly": meeting.assembly, "decisions": rows}


def tasks_of(person: Person) -> list[dict[str, str]]:
    """Return the tasks that somebody holds, one line for each assembly they are of."""
    rows = Task.objects.filter(person=person, done_at=None).select_related("assembly")
    held: dict[Assembly, list[Task]] = {}
    for row in rows.order_by("due", "created_at"):
        held.setdefault(row.assembly, []).append(row)
    lines = []
    for body, tasks in held.items():
        first = tasks[0]
        said = first.what if first.due is None else f"{first.what} ({first.due.isoformat()})"
        if len(tasks) > 1:
            more = ngettext("and %(n)s more", "and %(n)s more", len(tasks) - 1)
            said += " " + more % {"n": len(tasks) - 1}
        lines.append(
            {
                "sentence": _("Your task in %(name)s: %(what)s")
                % {"name": body.name, "what": said},
                "do": _("Tasks"),
                "page": f"/a/{body.key}/tasks/",
            }
        )
    return lines
