"""What of the floor is deleted a day after a meeting: hands and signals; who spoke stays."""

from assemblies.models import Meeting
from assemblies.retention import forgetting
from stack.models import Hand, HandSignal


@forgetting
def hands_and_signals(meeting: Meeting) -> None:
    """Delete every hand and signal of a meeting."""
    Hand.objects.filter(meeting=meeting).delete()
    HandSignal.objects.filter(meeting=meeting).delete()
