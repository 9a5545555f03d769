"""Times as the screens of a meeting show them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

from assemblies.door.page import Page


def clock(page: Page, at: datetime) -> str:
    """Return a time in the zone of the room, with the day where it is not the day of the meeting.

    It never depends on today: at one seq all screens show the same, whenever they look.
    """
    zone, meeting = ZoneInfo(page.meeting.assembly.time_zone), page.meeting
    there, began = at.astimezone(zone), (meeting.started_at or meeting.starts_at).astimezone(zone)
    return date_format(there, "H:i" if there.date() == began.date() else "j M Y, H:i")
