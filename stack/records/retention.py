"""Delete hands and signals a day after a meeting; who spoke for how long stays."""

from assemblies.models import Meeting, Participant
from stack.models import Hand, HandSignal, Turn


def hands_and_signals(meeting: Meeting) -> None:
    """Delete every hand and signal of a meeting."""
    Hand.objects.filter(meeting=meeting).delete()
    HandSignal.objects.filter(meeting=meeting).delete()


def time_allotted(meeting: Meeting) -> None:
    """Forget who had twice the time, which the length of their turns would tell too."""
    if meeting.phase == "ended":
        Participant.objects.filter(meeting=meeting).update(double_time=False)
        Turn.objects.filter(meeting=meeting).update(seconds=None)
