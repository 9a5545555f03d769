"""The minutes of a meeting, live and afterwards, and the check of its record."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from assemblies.door.house import house
from assemblies.door.sealing import body_of
from assemblies.door.verifying import finding_of
from assemblies.entrance.access import place_or_404
from assemblies.models import Entry, Journal
from assemblies.pages.posters import READ, attached
from assemblies.records.markdown import markdown as as_markdown
from assemblies.records.markdown import present, when_held
from assemblies.records.minutes import draw


@require_http_methods(READ)
def minutes(request: HttpRequest, key: str) -> HttpResponse:
    """Show the minutes as the journal has them now."""
    place = place_or_404(request, key)
    drawn = draw(place.meeting)
    context = {
        "minutes": drawn,
        "meeting": drawn.meeting,
        "assembly": drawn.meeting.assembly,
        "when": when_held(drawn.meeting),
        "present": present(drawn),
        "place": place,
        "sections": house().sections_of("minutes", drawn.meeting, place.person)
        if place.person
        else [],
    }
    return render(request, "assemblies/pages/minutes.html", context)


@require_http_methods(READ)
def markdown(request: HttpRequest, key: str) -> HttpResponse:
    """Give the minutes as Markdown."""
    meeting = place_or_404(request, key).meeting
    return attached(as_markdown(draw(meeting)), "text/markdown", f"minutes-{meeting.key}.md")


@require_http_methods(READ)
def record(request: HttpRequest, key: str) -> HttpResponse:
    """Walk the chain of the journal and say in words whether it holds."""
    meeting = place_or_404(request, key).meeting
    context = {"meeting": meeting, "finding": finding_of(meeting.journal)}
    return render(request, "assemblies/pages/record.html", context)


@require_http_methods(READ)
def record_file(request: HttpRequest, key: str) -> HttpResponse:
    """Give the journal as JSON, so that its chain can be checked without us.

    Bodies that retention will erase are left out already: who showed what is nobody's download.
    """
    meeting = place_or_404(request, key).meeting
    journal = Journal.objects.get(pk=meeting.journal_id)
    entries = Entry.objects.filter(journal=journal, seq__lte=journal.seq).order_by("seq")
    said = {
        "format": "assembly-journal/1",
        "assembly": meeting.assembly.name,
        "meeting": meeting.title,
        "key": meeting.key,
        "seq": journal.seq,
        "head": journal.head,
        "entries": [as_json(entry) for entry in entries.iterator(chunk_size=1000)],
    }
    response = JsonResponse(said, json_dumps_params={"ensure_ascii": False, "indent": 1})
    name = f"record-{meeting.key}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def as_json(entry: Entry) -> dict[str, Any]:
    """Return an entry for checking: its digest, and its body and salt where they are kept."""
    body = body_of(entry)
    known = house().cards.get(entry.kind)
    if body is None or known is None or known.erasable:
        return {"seq": entry.seq, "leaf": entry.leaf}
    return {"seq": entry.seq, "leaf": entry.leaf, "salt": bytes(entry.salt).hex(), "body": body}
