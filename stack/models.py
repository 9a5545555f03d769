"""The tables of the floor: hands, turns, signals, the state of the stack."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assemblies.models import AgendaItem, Meeting, Participant
from stack.rules import Clock


class HandKind(models.TextChoices):
    """The kinds of hands that somebody can raise."""

    HAND = "hand", _("Hand")
    TECHNICAL_POINT = "technical_point", _("Technical point")
    CLARIFICATION = "clarification", _("Clarification")
    DIRECT_RESPONSE = "direct_response", _("Direct response")
    ROUND = "round", _("Go-round")


class Hand(models.Model):
    """Somebody's wish to speak. Its number of arrival is a fact and never changes."""

    class State(models.TextChoices):
        """The states of a hand."""

        WAITING = "waiting", _("Waiting")
        TAKEN = "taken", _("Being dealt with")
        CALLED = "called", _("Called")
        ANSWERED = "answered", _("Answered")
        LOWERED = "lowered", _("Lowered")
        CLEARED = "cleared", _("Cleared with its item")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="hands")
    item = models.ForeignKey(AgendaItem, models.CASCADE, null=True, related_name="hands")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="hands")
    kind = models.CharField(max_length=16, choices=HandKind, default=HandKind.HAND)
    n = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    about = models.CharField(max_length=12, blank=True)
    note = models.CharField(max_length=200, blank=True)
    entered_by = models.CharField(max_length=40, blank=True)
    raised_at = models.DateTimeField()
    overtaken = models.PositiveIntegerField(default=0)
    moved_to = models.PositiveIntegerField(null=True)
    moved_because = models.CharField(max_length=200, blank=True)
    moved_by = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["n"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "kind"],
                condition=Q(state__in=["waiting", "taken"]),
                name="one_hand_each",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.n} {self.get_kind_display()}"

    @property
    def under_way(self) -> bool:
        """Whether it still waits."""
        return self.state in ("waiting", "taken")


class Turn(models.Model):
    """One person holding the floor, with the clock of that turn."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="turns")
    item = models.ForeignKey(AgendaItem, models.CASCADE, null=True, related_name="turns")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="turns")
    n = models.PositiveIntegerField(default=0)
    hand = models.UUIDField(null=True)
    kind = models.CharField(max_length=16, choices=HandKind, default=HandKind.HAND)
    # How long it may last; none where the meeting has no clock.
    seconds = models.PositiveIntegerField(null=True)
    started_at = models.DateTimeField()
    stood_ms = models.BigIntegerField(default=0)
    stopped_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["started_at", "n"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(ended_at=None), name="one_voice_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} from {self.started_at}"

    @property
    def under_way(self) -> bool:
        """Whether this person speaks now."""
        return self.ended_at is None

    @property
    def spoken(self) -> bool:
        """Whether it counts as having spoken: an ordinary turn, neither passed nor yielded."""
        return self.kind == HandKind.HAND and self.how not in ("passed", "yielded")

    @property
    def clock(self) -> Clock:
        """Return the clock as it stands."""
        stood = timedelta(milliseconds=self.stood_ms)
        return Clock(self.started_at, self.seconds, stood, self.stopped_at or self.ended_at)

    def stop(self, now: datetime) -> None:
        """Stop the clock."""
        self.stopped_at = now

    def go_on(self, now: datetime, since: datetime | None = None) -> None:
        """Let the clock run again; the time since it stopped is not talking time."""
        since = since or self.stopped_at
        if since is not None:
            self.stood_ms += int((now - since).total_seconds() * 1000)
        self.stopped_at = None


class HandSignal(models.Model):
    """A signal that somebody shows now. It fades; nothing of it stays once it is lowered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="signals")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="signals")
    signal = models.CharField(max_length=12)
    shown_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "signal"], name="one_signal_of_a_kind_each"
            ),
        ]

    def __str__(self) -> str:
        return self.signal


class Stack(models.Model):
    """How the hands of a meeting are ordered, and whether new ones are taken."""

    class State(models.TextChoices):
        """The states of the stack."""

        OPEN = "open", _("Open")
        LAST_CALL = "last_call", _("Last call")
        CLOSED = "closed", _("Closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="stack")
    order = models.CharField(max_length=16, default="plain")
    settings = models.JSONField(default=dict, blank=True)
    ordered_by = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    closes_at = models.DateTimeField(null=True)
    reopened = models.PositiveIntegerField(default=0)
    counted = models.JSONField(default=dict, blank=True)
    counted_by = models.CharField(max_length=40, blank=True)
    counted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.order}, {self.state}"
