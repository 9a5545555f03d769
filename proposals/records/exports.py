"""Decisions as JSON and Markdown files: numbers, never who took which position."""

from collections.abc import Iterator
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assemblies.door.sealing import stamp
from assemblies.models import Assembly
from assemblies.records.markdown import escaped
from proposals.models import Decision, digest_of_text
from proposals.reading.register import decision_told, decisions_of
from proposals.words.vocabulary import task_words


def as_json(assembly: Assembly) -> dict[str, Any]:
    """Return every decision of an assembly as plain data."""
    return {
        "format": "assembly-decisions/1",
        "assembly": assembly.name,
        "decisions": [one_as_json(row) for row in decisions_of(assembly)],
    }


def one_as_json(row: Decision) -> dict[str, Any]:
    """Return one decision as plain data."""
    meeting = row.meeting
    return {
        "number": row.number,
        "title": row.title,
        "text": row.text,
        "digest": digest_of_text(row.text),
        "version": row.version,
        "how": row.how,
        "how_on_paper": row.how_on_paper or None,
        "provisional": row.provisional,
        "numbers": row.numbers,
        "decided_at": stamp(row.decided_at),
        "meeting": meeting.title if meeting is not None else None,
        "review_on": row.review_on.isoformat() if row.review_on else None,
        "supersedes": row.supersedes.number if row.supersedes is not None else None,
        "superseded_by": [one.number for one in row.superseded_by.all()],
        "tasks": [
            {
                "what": task.what,
                "holder": task.holder or None,
                "due": task.due.isoformat() if task.due else None,
                "done_at": stamp(task.done_at) if task.done_at else None,
            }
            for task in row.tasks.all()
        ],
    }


def as_markdown(assembly: Assembly) -> str:
    """Return every decision of an assembly as Markdown; texts are not changed."""
    return "\n".join(lines_of(assembly)).strip() + "\n"


def lines_of(assembly: Assembly) -> Iterator[str]:
    """Yield the decisions line by line."""
    yield f"# {escaped(assembly.name)}: " + _("Decisions")
    for row in decisions_of(assembly):
        told = decision_told(row)
        day = date_format(assembly.local(row.decided_at), "j F Y")
        yield ""
        yield f"## D-{row.number} {escaped(row.title)}"
        yield ""
        yield f"- {day}, {told['how']}. {escaped(told['numbers'])}".rstrip()
        if row.on_paper:
            yield "- " + escaped(paper_words(told))
        if row.version is not None:
            yield "- " + _("Version %(n)s") % {"n": row.version}
        if row.review_on is not None:
            yield "- " + _("To be looked at again on %(day)s") % {
                "day": date_format(row.review_on, "j F Y")
            }
        if row.supersedes is not None:
            yield "- " + _("Takes the place of D-%(number)s") % {"number": row.supersedes.number}
        for later in told["superseded_by"]:
            yield "- " + _("D-%(number)s took its place") % {"number": later.number}
        for task in told["tasks"]:
            yield "- " + escaped(task_words(task))
        yield ""
        for line in row.text.splitlines():
            yield f"> {line}".rstrip()


def paper_words(told: dict[str, Any]) -> str:
    """Return the sentence that a decision was taken on paper, how, and whether it is confirmed."""
    said = [_("Taken on paper.")]
    if told["how_on_paper"]:
        said.append(told["how_on_paper"])
    if told["provisional"]:
        said.append(_("Provisional: confirmed by %(n)s of 2.") % {"n": told["confirmed"]})
    return " ".join(said)
