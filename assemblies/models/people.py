"""People and the assemblies they belong to."""

import uuid
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assemblies.models.record import Journal
from assemblies.rules.keys import new_key


class PersonManager(BaseUserManager["Person"]):
    """Makes people, with or without a way to sign in."""

    def create_user(self, handle: str | None = None, password: str | None = None, **more: Any):
        """Make somebody; without a password they come back by their seat or a personal link."""
        person = self.model(handle=handle or None, **{"name": handle or "", **more})
        if password:
            person.set_password(password)
        else:
            person.set_unusable_password()
        person.save(using=self._db)
        return person

    def create_superuser(self, handle: str, password: str | None = None, **more: Any):
        """Make somebody who may look into the admin pages."""
        return self.create_user(handle, password, is_staff=True, is_superuser=True, **more)


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody. A name of their own choosing is all that is asked: no e-mail, no legal name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=80)
    handle = models.CharField(_("sign-in name"), max_length=80, unique=True, null=True, blank=True)
    language = models.CharField(max_length=10, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = PersonManager()
    USERNAME_FIELD = "handle"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name


class PersonalLink(models.Model):
    """A link that lets one browser in: a second device, a lost seat given back, the first set-up.

    Only a digest is kept. Looking at it (GET) uses nothing up; taking it (POST) does.
    """

    class Purpose(models.TextChoices):
        SEAT = "seat", _("Seat on another device")
        SETUP = "setup", _("First organiser")
        SCREEN = "screen", _("Wall screen")

    digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=8, choices=Purpose)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="links")
    meeting = models.ForeignKey("assemblies.Meeting", models.CASCADE, null=True, related_name="+")
    uses_left = models.PositiveIntegerField(default=1)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.get_purpose_display()


class Assembly(models.Model):
    """A body of people that decides together: its name, its roll, its way of deciding."""

    class Kind(models.TextChoices):
        NEIGHBOURHOOD = "neighbourhood", _("neighbourhood")
        BUILDING = "building", _("building")
        BLOCK_ASSOCIATION = "block_association", _("block association")
        WORKPLACE = "workplace", _("workplace")
        UNION = "union", _("union")
        COOPERATIVE = "cooperative", _("co-operative")
        CAUCUS = "caucus", _("caucus")
        THEMATIC = "thematic", _("thematic")
        COUNCIL = "council", _("council")
        CONGRESS = "congress", _("congress")

    class Admission(models.TextChoices):
        OPEN = "open", _("Whoever comes counts")
        COUNTED_IN = "counted_in", _("Newcomers are guests until the greeter counts them in")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=16, unique=True, default=new_key)
    journal = models.OneToOneField(Journal, models.PROTECT, related_name="assembly")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.NEIGHBOURHOOD)
    preset = models.CharField(_("way of deciding"), max_length=40, default="full_consensus")
    rule = models.JSONField(default=dict, blank=True)
    admission = models.CharField(max_length=12, choices=Admission, default=Admission.OPEN)
    roll = models.PositiveIntegerField(_("members on the roll"), null=True, blank=True)
    time_zone = models.CharField(max_length=40, default="UTC")
    optional_signals = models.JSONField(default=list, blank=True)
    # Seconds of a turn by kind of item, where they differ from the meeting's: {"report_back": 120}.
    turn_seconds = models.JSONField(default=dict, blank=True)
    # The groups that members may describe themselves by, for orders that look at them.
    groups = models.JSONField(default=list, blank=True)
    # What this assembly stands on: a block names one of these, or says its own.
    principles = models.JSONField(default=list, blank=True)
    practice = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "assemblies"

    def __str__(self) -> str:
        return self.name

    def local(self, at: datetime) -> datetime:
        """Return a time as the clocks of this assembly show it."""
        return at.astimezone(ZoneInfo(self.time_zone))


class Agreements(models.Model):
    """The rules of conduct that an assembly adopted, in its own words, by version."""

    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="agreements")
    version = models.PositiveIntegerField(default=1)
    text = models.TextField(max_length=4000)
    adopted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "agreements"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["assembly", "version"], name="one_text_for_each_version_of_agreements"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assembly} v{self.version}"


class Membership(models.Model):
    """Somebody's belonging to an assembly. Organisers prepare its meetings, no more."""

    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    counts = models.BooleanField(default=True)
    organiser = models.BooleanField(default=False)
    # Self-described, optional, deletable at any time; never shown or exported beside a name.
    groups = models.JSONField(default=list, blank=True)
    double_time = models.BooleanField(default=False)
    in_rota = models.BooleanField(default=False)
    trained = models.BooleanField(default=False)
    # Agreed to stand by name in minutes and on public screens.
    named = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assembly", "person"], name="one_membership_each_in_an_assembly"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.assembly}"
