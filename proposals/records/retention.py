"""Delete who took which position or cast which ballot, a day after the meeting."""

from assemblies.models import Meeting
from proposals.models import Ballot, CheckAnswer, ConsensusTest, Judgement, Position


def positions_and_ballots(meeting: Meeting) -> None:
    """Delete answers of which numbers are kept; blocks and reasons of stand-asides stay."""
    kept = ["block", "object", "stand_aside"]
    Position.objects.filter(test__meeting=meeting).exclude(position__in=kept).delete()
    Judgement.objects.filter(block__test__meeting=meeting).delete()
    Ballot.objects.filter(vote__meeting=meeting).delete()
    CheckAnswer.objects.filter(check_row__meeting=meeting).delete()
    for test in ConsensusTest.objects.filter(meeting=meeting).exclude(writing={}):
        test.writing = {}
        test.save(update_fields=["writing"])
