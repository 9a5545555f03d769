"""The tables of decisions and tasks."""

import uuid

from django.db import models

from assemblies.models import Assembly, Meeting, Person
from assemblies.rules.keys import new_key
from proposals.models.proposals import LONGEST_TEXT, Proposal


class Decision(models.Model):
    """What an assembly decided: the text, how and when, by how many."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="decisions")
    meeting = models.ForeignKey(Meeting, models.SET_NULL, null=True, related_name="decisions")
    proposal = models.ForeignKey(Proposal, models.SET_NULL, null=True, related_name="decisions")
    key = models.CharField(max_length=40, default=new_key)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField(max_length=LONGEST_TEXT)
    version = models.PositiveIntegerField(null=True)
    how = models.CharField(max_length=24)
    # In numbers: present, quorum, positions, votes; on paper, what was written down.
    numbers = models.JSONField(default=dict, blank=True)
    how_on_paper = models.CharField(max_length=300, blank=True)
    recorded_by = models.CharField(max_length=40, blank=True)
    confirmed_by = models.JSONField(default=list, blank=True)
    supersedes = models.ForeignKey("self", models.SET_NULL, null=True, related_name="superseded_by")
    decided_at = models.DateTimeField()
    review_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-decided_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["assembly", "number"], name="one_decision_for_each_number"
            ),
            models.UniqueConstraint(
                fields=["assembly", "key"], name="one_decision_for_each_key_of_an_assembly"
            ),
        ]

    def __str__(self) -> str:
        return f"D-{self.number} {self.title}"

    @property
    def on_paper(self) -> bool:
        """Whether it was taken on paper and written down afterwards."""
        return self.how == "on_paper"

    @property
    def provisional(self) -> bool:
        """Whether two other members have still to confirm it."""
        return self.on_paper and len(self.confirmed_by) < CONFIRMATIONS


CONFIRMATIONS = 2


class Task(models.Model):
    """Who does what by when; without a holder it says so until there is one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="tasks")
    decision = models.ForeignKey(Decision, models.CASCADE, null=True, related_name="tasks")
    meeting = models.ForeignKey(Meeting, models.SET_NULL, null=True, related_name="tasks")
    what = models.CharField(max_length=300)
    holder = models.CharField(max_length=80, blank=True)
    # Who holds it, where the holder is somebody we know; the name is kept beside.
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="tasks")
    due = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.what
