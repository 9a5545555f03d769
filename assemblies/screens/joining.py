"""The panel that shows how to come in."""

from typing import Any

from assemblies.door.page import Page
from assemblies.live.printing import FACILITATOR, PROJECTOR, panel


@panel("join", "assemblies/_join.html", "meeting", audiences=(FACILITATOR, PROJECTOR))
def join_panel(page: Page, audience: str) -> dict[str, Any]:
    """Return how to come in: large before the meeting, small after."""
    meeting = page.meeting
    return {
        "code": meeting.code,
        "big": meeting.phase in ("planned", "doors_open"),
        "wifi": bool(meeting.wifi_name),
        "ended": meeting.phase == "ended",
    }
