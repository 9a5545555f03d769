"""The poster of a meeting on one sheet of A4, and its entry for a calendar."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from fpdf import FPDF
from icalendar import Calendar, Event

from assemblies.entrance.links import qr_code, wifi_words
from assemblies.models import Meeting

# Typefaces that systems carry and that know more than western letters, the widest first.
TYPEFACES = (
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/TTF/DejaVuSans.ttf",
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
    "C:/Windows/Fonts/arial.ttf",
)
# What the typeface inside every PDF reader has instead of better marks.
TYPEWRITTEN = str.maketrans("\u2010\u2011\u2013\u2014\u2018\u2019\u201c\u201d\u201e", '----\'\'"""')
WIDTH, MARGIN = 210, 18
ROOM = WIDTH - 2 * MARGIN
AT_LEAST = timedelta(hours=1)


class Sheet:
    """One sheet of paper, written from top to bottom in the middle of the page."""

    def __init__(self, title: str) -> None:
        self.pdf = FPDF(format="A4")
        self.pdf.set_title(title)
        self.pdf.set_auto_page_break(False)
        self.pdf.add_page()
        self.face = "helvetica"
        if face := next((path for path in TYPEFACES if Path(path).is_file()), ""):
            self.pdf.add_font("wide", "", face)
            self.face = "wide"
        self.y = float(MARGIN)

    def line(
        self,
        text: str,
        size: float,
        *,
        at_most: int = 2,
        across: tuple[float, float] = (MARGIN, ROOM),
    ) -> None:
        """Write a text in the middle of its column, in at most so many lines."""
        left, room = across
        self.pdf.set_font(self.face, size=size)
        if self.face == "helvetica":
            text = text.translate(TYPEWRITTEN).encode("latin-1", "replace").decode("latin-1")
        height = size * 0.46
        lines: Any = self.pdf.multi_cell(room, height, text, dry_run=True, output="LINES")
        for words in lines[:at_most]:
            self.pdf.set_xy(left, self.y)
            self.pdf.cell(room, height, str(words), align="C")
            self.y += height
        self.y += size * 0.12

    def code(self, text: str, x: float, size: float) -> None:
        """Draw a QR code whose left edge is at x."""
        rows = list(qr_code(text).matrix)
        one = size / len(rows)
        for down, row in enumerate(rows):
            start = None
            for across, dark in enumerate([*row, 0]):
                if dark and start is None:
                    start = across
                elif not dark and start is not None:
                    wide = (across - start) * one
                    # A hair more than its module, so that no printer leaves white lines between.
                    self.pdf.rect(x + start * one, self.y + down * one, wide, one + 0.02, style="F")
                    start = None


def poster_pdf(meeting: Meeting, *, join: str, address: str, code: str, when: str) -> bytes:
    """Return the poster: first the Wi-Fi where there is one, then the meeting, then the words."""
    sheet = Sheet(meeting.title)
    sheet.line(meeting.assembly.name, 20)
    sheet.line(meeting.title, 34)
    sheet.line(" · ".join(filter(None, (when, meeting.place))), 15, at_most=3)
    sheet.y += 4
    if meeting.wifi_name:
        size = 78.0
        left = MARGIN + 2
        right = WIDTH - MARGIN - 2 - size
        left_half = (left, size)
        right_half = (right, size)
        top = sheet.y
        sheet.code(wifi_words(meeting), left, size)
        sheet.code(join, right, size)
        sheet.y = top + size + 3
        sheet.line("1. " + _("Wi-Fi: %(name)s") % {"name": meeting.wifi_name}, 15, across=left_half)
        if meeting.wifi_password:
            words = _("Password: %(password)s") % {"password": meeting.wifi_password}
            sheet.line(words, 15, across=left_half)
        lower, sheet.y = sheet.y, top + size + 3
        sheet.line("2. " + _("Scan, type a name, come in"), 14, across=right_half)
        sheet.y = max(lower, sheet.y)
    else:
        size = 110.0
        sheet.code(join, (WIDTH - size) / 2, size)
        sheet.y += size + 4
        sheet.line(_("Scan, type a name, come in"), 16)
    sheet.y += 8
    sheet.line(_("or open"), 15)
    sheet.line(address, 26)
    sheet.line(_("with the code"), 15)
    sheet.line(f"{code[:3]} {code[3:]}", 56)
    sheet.y += 4
    sheet.line(
        _("No phone? The greeter writes you down, and you speak and count like everybody."), 15
    )
    return bytes(sheet.pdf.output())


def calendar_file(meeting: Meeting, *, address: str) -> bytes:
    """Return the meeting as an iCalendar file."""
    minutes = sum(item.minutes for item in meeting.items.all())
    event = Event()
    event.add("uid", f"{meeting.pk}@assembly")
    event.add("dtstamp", timezone.now())
    event.add("dtstart", utc(meeting.starts_at))
    event.add("dtend", utc(meeting.starts_at + max(AT_LEAST, timedelta(minutes=minutes))))
    event.add("summary", f"{meeting.assembly.name}: {meeting.title}")
    event.add("url", address)
    if meeting.place:
        event.add("location", meeting.place)
    agenda = [f"{n}. {item.title}" for n, item in enumerate(meeting.items.all(), start=1)]
    if agenda:
        event.add("description", "\n".join(agenda))
    calendar = Calendar()
    calendar.add("prodid", "-//Assembly//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    written: Any = calendar.to_ical()
    return bytes(written)


def utc(at: datetime) -> datetime:
    """Return a time that needs no definition of a zone beside it."""
    return at.astimezone(UTC)
