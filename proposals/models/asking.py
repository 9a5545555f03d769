"""The tables of what is asked: checks, tests, blocks, votes, and the answers."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assemblies.models import Meeting, Participant
from assemblies.rules.keys import new_secret
from proposals.models.proposals import Proposal


class TemperatureCheck(models.Model):
    """A temperature check: it closes by itself and leaves numbers, no names."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="checks")
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="checks")
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    # The key of the pseudonyms under which answers are kept while it is open; then erased.
    secret = models.CharField(max_length=32, default=new_secret, blank=True)
    up = models.PositiveIntegerField(default=0)
    middle = models.PositiveIntegerField(default=0)
    down = models.PositiveIntegerField(default=0)
    counted = models.JSONField(default=dict, blank=True)
    counted_by = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(closed_at=None),
                name="one_temperature_check_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.up}/{self.middle}/{self.down}"

    @property
    def under_way(self) -> bool:
        """Whether it is open."""
        return self.closed_at is None


class CheckAnswer(models.Model):
    """An answer to an open temperature check, under a pseudonym that closing makes unreadable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    check_row = models.ForeignKey(TemperatureCheck, models.CASCADE, related_name="answers")
    pseudonym = models.CharField(max_length=64)
    level = models.CharField(max_length=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["check_row", "pseudonym"], name="one_answer_each_to_a_check"
            ),
        ]

    def __str__(self) -> str:
        return self.level


class ConsensusTest(models.Model):
    """The formal asking of positions on one version; its outcome is computed, never set."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="tests")
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="tests")
    version = models.PositiveIntegerField()
    came_from = models.CharField(max_length=20)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=24, blank=True)
    # A consensus stands until it is adopted, or put aside by going back to talking.
    stands = models.BooleanField(default=False)
    # The numbers at closing: positions, present, quorum, whether groups had their share.
    counts = models.JSONField(default=dict, blank=True)
    counted = models.JSONField(default=dict, blank=True)
    counted_by = models.CharField(max_length=40, blank=True)
    # Who said "I am writing a block", since when, and whether they still are.
    writing = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(closed_at=None),
                name="one_test_for_consensus_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version} {self.outcome}"

    @property
    def under_way(self) -> bool:
        """Whether positions are being taken."""
        return self.closed_at is None


class Position(models.Model):
    """Somebody's answer in a test; changeable until it closes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    test = models.ForeignKey(ConsensusTest, models.CASCADE, related_name="positions")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="positions")
    position = models.CharField(max_length=12)
    reason = models.TextField(max_length=4000, blank=True)
    principle = models.CharField(max_length=300, blank=True)
    # For whom it was taken: all positions of one voice are counted as one.
    voice = models.CharField(max_length=40, blank=True)
    entered_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["test", "participant"], name="one_position_each_per_test"
            ),
        ]

    def __str__(self) -> str:
        return self.position


class Block(models.Model):
    """A principled objection that stands after a test until it is met."""

    class State(models.TextChoices):
        STANDING = "standing", _("Stands")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        STOOD_ASIDE = "stood_aside", _("Stands aside instead")
        INVALID = "invalid", _("Found invalid")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    test = models.ForeignKey(ConsensusTest, models.CASCADE, related_name="blocks")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="blocks")
    reason = models.TextField(max_length=4000, blank=True)
    principle = models.CharField(max_length=300, blank=True)
    heard_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, choices=State, default=State.STANDING)
    ended_because = models.CharField(max_length=2000, blank=True)
    found = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["test", "participant"], name="one_block_each_per_test"),
        ]

    def __str__(self) -> str:
        return self.principle or self.reason[:40]

    @property
    def stands(self) -> bool:
        """Whether it still has to be met."""
        return self.state == self.State.STANDING


class Judgement(models.Model):
    """What somebody who did not block says of a block."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    block = models.ForeignKey(Block, models.CASCADE, related_name="judgements")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    answer = models.CharField(max_length=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["block", "participant"], name="one_judgement_each_of_a_block"
            ),
        ]

    def __str__(self) -> str:
        return self.answer


class FallbackVote(models.Model):
    """A counted vote after consensus failed and every block was heard."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="votes")
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="votes")
    version = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    passed = models.BooleanField(null=True)
    # The numbers at closing; before that `came_from`, the phase to return to without a quorum.
    counts = models.JSONField(default=dict, blank=True)
    counted = models.JSONField(default=dict, blank=True)
    counted_by = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(closed_at=None), name="one_vote_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version} {self.passed}"

    @property
    def under_way(self) -> bool:
        """Whether ballots are being cast."""
        return self.closed_at is None


class Ballot(models.Model):
    """Somebody's open ballot in a fallback vote; replaceable until it closes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vote = models.ForeignKey(FallbackVote, models.CASCADE, related_name="ballots")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    choice = models.CharField(max_length=8)
    voice = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vote", "participant"], name="one_ballot_each_in_a_vote"
            ),
        ]

    def __str__(self) -> str:
        return self.choice
