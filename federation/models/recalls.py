"""Models of recalls, huddles, reports and notices."""

import uuid

from django.db import models
from django.db.models import Q

from assemblies.models import Assembly, Meeting, Participant, Person
from federation.models.councils import Council, SeatTerm
from federation.models.items import CouncilItem
from proposals.models import Decision


class Recall(models.Model):
    """A base asks itself whether to withdraw its delegate. Only it can, and at any time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="recalls")
    term = models.ForeignKey(SeatTerm, models.CASCADE, related_name="recalls")
    # The base's own affair: it stands in no record of the council.
    reason = models.TextField(max_length=4000, blank=True)
    asked_by = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    recalled = models.BooleanField(null=True, blank=True)
    counted = models.JSONField(default=dict, blank=True)
    counted_by = models.CharField(max_length=40, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    decision = models.ForeignKey(Decision, models.SET_NULL, null=True, related_name="recalls")

    class Meta:
        ordering = ["opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["term"], condition=Q(closed_at=None), name="one_recall_of_a_delegate"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.term}"

    @property
    def under_way(self) -> bool:
        """Whether it is being decided."""
        return self.closed_at is None


class RecallAnswer(models.Model):
    """Somebody's answer to a recall; replaceable until it closes, then erased."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recall = models.ForeignKey(Recall, models.CASCADE, related_name="answers")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    answer = models.CharField(max_length=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recall", "participant"], name="one_answer_each_to_a_recall"
            ),
        ]

    def __str__(self) -> str:
        return self.answer


class Huddle(models.Model):
    """A few minutes in which the spokes ask those behind them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="huddles")
    item = models.ForeignKey(CouncilItem, models.CASCADE, related_name="huddles")
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(closed_at=None), name="one_huddle_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return str(self.item)

    @property
    def under_way(self) -> bool:
        """Whether those behind the spokes are still being asked."""
        return self.closed_at is None


class HuddleAnswer(models.Model):
    """What those behind a spoke say: one who is here by phone, or counted by the spoke."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    huddle = models.ForeignKey(Huddle, models.CASCADE, related_name="answers")
    unit = models.ForeignKey(Assembly, models.CASCADE, related_name="+")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    position = models.CharField(max_length=12)
    # Entered by a spoke for people without a phone: how many say so, of how many asked.
    by = models.PositiveIntegerField(default=1)
    of = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["huddle", "participant"], name="one_answer_each_in_a_huddle"
            ),
        ]

    def __str__(self) -> str:
        return self.position


class ReportBack(models.Model):
    """The account that a unit's delegates owe it after a meeting of the council (C16)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="report_backs")
    council = models.ForeignKey(Council, models.CASCADE, related_name="report_backs")
    unit = models.ForeignKey(Assembly, models.CASCADE, related_name="report_backs")
    due_on = models.DateField()
    text = models.TextField(max_length=40_000, blank=True)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    filed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "unit"], name="one_report_to_a_unit_from_a_meeting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.meeting}"


class Notice(models.Model):
    """What a base has to know at once about its delegates and its items above."""

    # Counted up, so that what was told in one moment keeps its order.
    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey(Assembly, models.CASCADE, related_name="notices")
    council = models.ForeignKey(Council, models.CASCADE, related_name="notices")
    item = models.ForeignKey(CouncilItem, models.CASCADE, null=True, related_name="notices")
    kind = models.CharField(max_length=24)
    facts = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["unit", "-at"], name="notices_of_a_unit")]

    def __str__(self) -> str:
        return self.kind
