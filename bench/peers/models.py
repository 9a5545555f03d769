"""What the textbook's application keeps: meetings, signals people show, positions they take."""

from django.conf import settings
from django.db import models


class Meeting(models.Model):
    """A meeting and how many acts it has had."""

    key = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=120)
    seq = models.PositiveBigIntegerField(default=0)
    asks = models.BooleanField(default=False)
    outcome = models.CharField(max_length=24, blank=True)

    def __str__(self) -> str:
        return self.title


class Signal(models.Model):
    """A signal that somebody shows."""

    meeting = models.ForeignKey(Meeting, models.CASCADE)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    signal = models.CharField(max_length=16)
    shown_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person", "signal"], name="one_of_each_signal_for_each_person"
            )
        ]

    def __str__(self) -> str:
        return self.signal


class Position(models.Model):
    """What somebody answers in the test for consensus."""

    meeting = models.ForeignKey(Meeting, models.CASCADE)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    position = models.CharField(max_length=12)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="one_position_each")
        ]

    def __str__(self) -> str:
        return self.position
