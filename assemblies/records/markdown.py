"""Minutes as Markdown: a file to keep or to send."""

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assemblies.models import Meeting
from assemblies.records.minutes import Line, Minutes, Part

MARKS = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
STARTS = re.compile(r"^(\s*)([-+=>]|\d+[.)])", re.MULTILINE)


def escaped(text: str) -> str:
    """Return a text with its Markdown marks escaped, so that it is shown as it was typed."""
    return STARTS.sub(r"\1\\\2", MARKS.sub(r"\\\1", str(text)))


def markdown(minutes: Minutes) -> str:
    """Return the minutes as Markdown."""
    return "\n".join(lines_of(minutes)).strip() + "\n"


def lines_of(minutes: Minutes) -> Iterator[str]:
    """Yield the minutes line by line."""
    meeting = minutes.meeting
    zone = ZoneInfo(meeting.assembly.time_zone)
    yield f"# {escaped(meeting.assembly.name)}: {escaped(meeting.title)}"
    yield ""
    yield "- " + when_held(meeting)
    if meeting.place:
        yield f"- {escaped(meeting.place)}"
    for label, names in minutes.roles:
        yield f"- {escaped(label)}: {escaped(', '.join(names))}"
    if minutes.agreements:
        yield "- " + _("Agreements: version %(n)s") % {"n": minutes.agreements}
    yield "- " + present(minutes)
    yield from part_of(minutes.opening, zone)
    for item in minutes.items:
        yield ""
        yield f"## {item.number}. {escaped(item.title)}"
        yield ""
        yield f"{item.kind}, {item.state}"
        yield from part_of(item, zone)
    if minutes.closing.lines or minutes.closing.sums:
        yield ""
        yield "## " + _("Besides")
        yield from part_of(minutes.closing, zone)
    yield ""
    yield "---"
    yield ""
    yield _("As of entry %(seq)s of the journal.") % {"seq": minutes.seq}
    yield f"`{minutes.head}`"


def when_held(meeting: Meeting) -> str:
    """Return when a meeting was held or, before it starts, for when it is planned."""
    zone = ZoneInfo(meeting.assembly.time_zone)
    begins = (meeting.started_at or meeting.starts_at).astimezone(zone)
    day, begun = date_format(begins, "l, j F Y"), date_format(begins, "H:i")
    if meeting.started_at is None or meeting.ended_at is None:
        return f"{day}, {begun}"
    ended = meeting.ended_at.astimezone(zone)
    until = date_format(ended, "H:i" if ended.date() == begins.date() else "l, j F Y, H:i")
    return _("%(day)s, %(begun)s to %(until)s") % {"day": day, "begun": begun, "until": until}


def present(minutes: Minutes) -> str:
    """Return who was there, in numbers."""
    told = _("Present: %(present)s, of whom %(counting)s count; %(came)s came in all.") % {
        "present": minutes.present,
        "counting": minutes.counting,
        "came": minutes.came,
    }
    if minutes.quorum is None:
        return told + " " + _("No quorum is required.")
    met = _("met") if minutes.quorum_met else _("not met")
    return told + " " + _("Quorum of %(n)s: %(met)s.") % {"n": minutes.quorum, "met": met}


def part_of(part: Part, zone: ZoneInfo) -> Iterator[str]:
    """Yield the lines under a heading."""
    if part.lines or part.sums:
        yield ""
    for line in part.lines:
        yield line_of(line, zone)
    for text in part.sums:
        yield f"- {escaped(text)}"


def line_of(line: Line, zone: ZoneInfo) -> str:
    """Return one line; what was taken back stays, struck through."""
    at = date_format(line.at.astimezone(zone), "H:i") if line.at else ""
    text = escaped(line.text).replace("\n", "\n  ")
    if line.undone:
        back = _("taken back by the room") if line.undone == "room" else _("taken back")
        return f"- {at} ~~{text}~~ ({back})"
    return f"- {at} {text}"
