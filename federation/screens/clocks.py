"""Times as the screens of a meeting say them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

from assemblies.door.page import Page


def clock(page: Page, at: datetime) -> str:
    """Return a time as it stands on the clocks of the room, with the day where it is another.

    Another than that of the meeting: at one seq all screens say the same, whenever they look.
    """
    zone, meeting = ZoneInfo(page.meeting.assembly.time_zone), page.meeting
    there, began = at.astimezone(zone), (meeting.started_at or meeting.starts_at).astimezone(zone)
    return date_format(there, "H:i" if there.date() == began.date() else "j M Y, H:i")
