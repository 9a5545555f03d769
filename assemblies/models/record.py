"""The record: entries in a chain, the answers that were given, and the age of this database."""

import uuid

from django.db import models


class Journal(models.Model):
    """The numbered story of one meeting or of one assembly, and the lock of its door."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seq = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return f"{self.id} at {self.seq}"


class Entry(models.Model):
    """One thing that happened. Append only; people stand in it as keys, never as names.

    An erased entry (retention) keeps seq, leaf and head, and nothing else.
    """

    journal = models.ForeignKey(Journal, models.CASCADE, related_name="entries")
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField(null=True)
    actor = models.CharField(max_length=64, blank=True)
    on_behalf_of = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=64, blank=True)
    facts = models.JSONField(null=True)
    salt = models.BinaryField(max_length=16)
    leaf = models.CharField(max_length=64)
    head = models.CharField(max_length=64)

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["journal", "seq"], name="one_entry_for_each_number"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind or 'erased'}"

    @property
    def erased(self) -> bool:
        """Whether the body was deleted and only its digest is left."""
        return self.facts is None


class Receipt(models.Model):
    """The answer that an act got, kept 24 h so that a repeat gets the same one."""

    journal = models.ForeignKey(Journal, models.CASCADE, related_name="receipts")
    actor = models.CharField(max_length=64)
    act = models.CharField(max_length=64)
    seq = models.PositiveBigIntegerField(null=True)
    code = models.CharField(max_length=40, blank=True)
    why = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["journal", "actor", "act"], name="one_answer_for_each_act"
            ),
        ]
        indexes = [models.Index(fields=["at"], name="receipts_by_age")]

    def __str__(self) -> str:
        return f"{self.act}: {self.code or self.seq}"


class Installation(models.Model):
    """This database: its epoch changes when a backup is restored, so that phones look again."""

    epoch = models.CharField(max_length=36, default=uuid.uuid4)
    set_up_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.epoch

    @classmethod
    def here(cls) -> "Installation":
        """Return the one row."""
        row, _made = cls.objects.get_or_create(pk=1)
        return row
