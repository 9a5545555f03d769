"""Tasks after the meeting: take one up, name a holder, finish it.

Entries go to the journal of the assembly; an open meeting is told of the change.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _

from assemblies.door.book import Book, record_body
from assemblies.door.journal import record
from assemblies.door.kinds import Silent, card, rows
from assemblies.models import Person
from assemblies.rules.errors import Refused
from assemblies.services.belonging import organises
from proposals.models import Task
from proposals.sheets.table import Proposals
from proposals.words import sentences


@contextmanager
def changing(task: Task, by: Person) -> Iterator[tuple[Book, Task]]:
    """Open the journal of an assembly to change one of its open tasks."""
    with record_body(task.assembly, by=by) as book:
        row = Task.objects.get(pk=task.pk)
        if row.done_at is not None:
            raise Refused("already_done", _("That task is done."))
        yield book, row
    meeting = task.meeting
    if meeting is not None and meeting.phase != "ended":
        with record(meeting) as page:
            page.sheets.pop(Proposals.name, None)
            page.note(TASKS_FOLLOWED, seq=book.journal.seq)


def hold(row: Task, name: str, person: Person | None) -> None:
    """Write down who holds a task."""
    row.holder, row.person = name, person
    row.save(update_fields=["holder", "person"])


def facts_of(row: Task, **more: Any) -> dict[str, Any]:
    """Return what an entry says of a task."""
    return {"task": str(row.pk), "what": row.what, **more}


def take_task(task: Task, by: Person) -> None:
    """Take up a task that nobody holds. Raises Refused: `already_done` where somebody does."""
    with changing(task, by) as (book, row):
        if row.holder:
            raise Refused("already_done", _("%(name)s holds that task.") % {"name": row.holder})
        hold(row, by.name, by)
        book.note(TASK_TAKEN, **facts_of(row, who=str(by.pk)))


def give_task(task: Task, by: Person, holder: Person) -> None:
    """Name who holds a task, as an organiser. Raises Refused: `not_your_role`."""
    if not organises(task.assembly, by):
        raise Refused("not_your_role", _("Organisers name who holds a task."))
    with changing(task, by) as (book, row):
        hold(row, holder.name, holder)
        book.note(TASK_GIVEN, **facts_of(row, who=str(holder.pk)))


def finish_task(task: Task, by: Person) -> None:
    """Say that a task is done, as who holds it or as an organiser.

    Raises Refused: `not_your_role`, `already_done`.
    """
    with changing(task, by) as (book, row):
        if row.person_id != by.pk and not organises(row.assembly, by):
            raise Refused("not_your_role", _("Who holds a task, or an organiser, says it is done."))
        row.done_at = book.now
        row.save(update_fields=["done_at"])
        book.note(TASK_DONE, **facts_of(row))


# --- the cards of the entries written here ---

TASK_TAKEN = card(
    "proposals.task_taken", minutes=sentences.task_held, writes=(rows(Task, pk="task"),)
)
TASK_GIVEN = card(
    "proposals.task_given", minutes=sentences.task_held, writes=(rows(Task, pk="task"),)
)
TASK_DONE = card(
    "proposals.task_done", minutes=sentences.task_done, writes=(rows(Task, pk="task"),)
)
TASKS_FOLLOWED = card(
    "proposals.tasks_followed",
    "proposal",
    minutes=Silent("The assembly's own journal tells who took which task."),
)
