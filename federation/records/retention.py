"""Who answered what in recalls and huddles is deleted a day after the meeting."""

from assemblies.models import Meeting
from federation.models import HuddleAnswer, RecallAnswer


def answers_about_delegates(meeting: Meeting) -> None:
    """Delete answers to a recall that was never counted, and to a huddle that never closed."""
    RecallAnswer.objects.filter(participant__meeting=meeting).delete()
    HuddleAnswer.objects.filter(huddle__meeting=meeting).delete()
