"""Models of councils: who belongs, who sits, who has applied."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assemblies.models import Assembly, Person
from assemblies.rules.keys import new_key
from proposals.models import Decision


class Federation(models.Model):
    """Assemblies joined by agreement: a name, and the words they use for what they are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=16, unique=True, default=new_key)
    name = models.CharField(_("name"), max_length=120)
    # Their own words: {"unit": "block club", "units": "block clubs", "council": "borough union"}.
    words = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class Council(models.Model):
    """An assembly whose members are assemblies. Its rule holds the parameters of DOMAIN.md 5.3."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assembly = models.OneToOneField(Assembly, models.CASCADE, related_name="council")
    federation = models.ForeignKey(Federation, models.CASCADE, related_name="councils")
    preset = models.CharField(max_length=40)
    rule = models.JSONField(default=dict, blank=True)
    # What this federation calls the level: municipality, canton ... (B19).
    level_name = models.CharField(_("name of the level"), max_length=80, blank=True)
    # None while it is forming: a council exists when its second unit has decided to join (B09).
    formed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.assembly.name


class Affiliation(models.Model):
    """The belonging of a unit, or of a person, to a council; begun and ended by their decision."""

    class Kind(models.TextChoices):
        MEMBER = "member", _("member")
        PARTNER = "partner", _("partner")
        AT_LARGE = "at_large", _("at large")
        OBSERVER = "observer", _("observer")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    council = models.ForeignKey(Council, models.CASCADE, related_name="affiliations")
    unit = models.ForeignKey(Assembly, models.CASCADE, null=True, related_name="affiliations")
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="affiliations")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.MEMBER)
    # Units by place stand beside units by what people share: a youth group, a union (C02).
    territorial = models.BooleanField(default=True)
    decision = models.ForeignKey(Decision, models.SET_NULL, null=True, related_name="+")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    left_by = models.ForeignKey(Decision, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["joined_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["council", "unit"],
                condition=Q(left_at=None, unit__isnull=False),
                name="a_unit_belongs_once_to_a_council",
            ),
            models.UniqueConstraint(
                fields=["council", "person"],
                condition=Q(left_at=None, person__isnull=False),
                name="a_person_belongs_once_to_a_council",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit or self.person} in {self.council}"


class Application(models.Model):
    """An assembly decided to belong to a council that admits by its own decision, and waits.

    It has no seats and no position, and counts in nothing: what counts is an `Affiliation`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    council = models.ForeignKey(Council, models.CASCADE, related_name="applications")
    unit = models.ForeignKey(Assembly, models.CASCADE, related_name="applications")
    kind = models.CharField(max_length=10, choices=Affiliation.Kind)
    territorial = models.BooleanField(default=True)
    decision = models.ForeignKey(Decision, models.SET_NULL, null=True, related_name="+")
    applied_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    # By what the council decided on it; none where it was withdrawn.
    item = models.ForeignKey("CouncilItem", models.SET_NULL, null=True, related_name="admitted")

    class Meta:
        ordering = ["applied_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["council", "unit"],
                condition=Q(closed_at=None),
                name="a_unit_applies_once_to_a_council",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} to {self.council}"


class Seat(models.Model):
    """A place that a unit has in a council; whoever holds it, it is the unit's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    council = models.ForeignKey(Council, models.CASCADE, related_name="seats")
    unit = models.ForeignKey(Assembly, models.CASCADE, related_name="seats_above")
    ordinal = models.PositiveIntegerField()

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(
                fields=["council", "unit", "ordinal"], name="one_seat_for_each_place_of_a_unit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.ordinal}"


class SeatTerm(models.Model):
    """Somebody's time in a seat, as delegate or as alternate; never renewed, only followed."""

    class Standing(models.TextChoices):
        DELEGATE = "delegate", _("delegate")
        ALTERNATE = "alternate", _("alternate")

    class End(models.TextChoices):
        TERM_ENDED = "term_ended", _("term ended")
        RECALLED = "recalled", _("recalled")
        STEPPED_DOWN = "stepped_down", _("stepped down")
        FOLLOWED = "followed", _("followed by somebody else")
        UNIT_LEFT = "unit_left", _("unit left")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="terms")
    person = models.ForeignKey(Person, models.CASCADE, related_name="terms")
    standing = models.CharField(max_length=10, choices=Standing, default=Standing.DELEGATE)
    # Where somebody sits for a council: the unit of it that they come from (002:17).
    comes_from = models.ForeignKey(Assembly, models.SET_NULL, null=True, related_name="+")
    since = models.DateTimeField()
    # Until a day, or for so many meetings of the council.
    until = models.DateTimeField(null=True, blank=True)
    meetings = models.PositiveIntegerField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end = models.CharField(max_length=12, choices=End, blank=True)
    decision = models.ForeignKey(Decision, models.SET_NULL, null=True, related_name="+")
    # Chosen by lot: what was drawn from, and the seed from which anybody can draw again.
    lot = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["seat", "standing"],
                condition=Q(ended_at=None),
                name="one_delegate_and_one_alternate_in_a_seat",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.seat}"

    @property
    def under_way(self) -> bool:
        """Whether it has not ended; the door writes rows that ended before those that began."""
        return self.ended_at is None
