"""The tables of proposals: versions, concerns, amendments."""

import hashlib
import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assemblies.models import AgendaItem, Assembly, Person
from assemblies.rules.keys import new_key
from proposals.rules.phases import LIFE, Moves, Phase, check_move

LONGEST_TEXT = 40_000

# The phases in words.
PHASE_LABELS = {
    Phase.DRAFT: _("Draft"),
    Phase.SUBMITTED: _("Submitted"),
    Phase.PRESENTED: _("Presented"),
    Phase.CLARIFYING: _("Clarifying questions"),
    Phase.DISCUSSION: _("Discussion"),
    Phase.CONCERNS: _("Concerns"),
    Phase.AMENDING: _("Amending"),
    Phase.TEMPERATURE_CHECK: _("Temperature check"),
    Phase.CALL_FOR_CONSENSUS: _("Call for consensus"),
    Phase.BLOCK_REVIEW: _("Hearing the blocks"),
    Phase.FALLBACK_VOTE: _("Vote"),
    Phase.ADOPTED: _("Adopted"),
    Phase.REFERRED: _("Referred"),
    Phase.POSTPONED: _("Postponed"),
    Phase.WITHDRAWN: _("Withdrawn"),
    Phase.NOT_ADOPTED: _("Not adopted"),
    Phase.SUPERSEDED: _("Superseded"),
}


class Proposal(models.Model):
    """A text put to an assembly. It lives on after a meeting, until it is decided."""

    class Class(models.TextChoices):
        ROUTINE = "routine", _("Routine")
        ORDINARY = "ordinary", _("Ordinary")
        MAJOR = "major", _("Major")
        CONSTITUTIONAL = "constitutional", _("Constitutional")
        MONEY = "money", _("Money")
        EXCLUSION = "exclusion", _("Exclusion")
        EMERGENCY = "emergency", _("Emergency")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="proposals")
    key = models.CharField(max_length=40, default=new_key)
    # Where it stands now. A proposal that goes on at another meeting moves to its agenda.
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, related_name="proposals")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="proposals")
    by = models.CharField(max_length=40, blank=True)
    title = models.CharField(_("title"), max_length=200)
    needs = models.TextField(_("what it answers to"), max_length=4000, blank=True)
    affects = models.TextField(_("who is affected"), max_length=2000, blank=True)
    work = models.TextField(_("work it takes"), max_length=2000, blank=True)
    carried_out_by = models.CharField(_("who carries it out"), max_length=300, blank=True)
    money = models.CharField(_("money"), max_length=300, blank=True)
    review_on = models.DateField(_("look at it again on"), null=True, blank=True)
    scope = models.CharField(_("scope"), max_length=200, blank=True)
    decision_class = models.CharField(
        _("class"), max_length=16, choices=Class, default=Class.ORDINARY
    )
    # Changed by `move_to` alone.
    phase = models.CharField(
        max_length=20,
        choices=[(phase.value, label) for phase, label in PHASE_LABELS.items()],
        default=Phase.DRAFT,
    )
    # The phases this version's talk has had, in the order in which they began.
    had = models.JSONField(default=list, blank=True)
    # What its author writes before anybody else sees it; submitting freezes it as version 1.
    draft = models.TextField(_("text"), max_length=LONGEST_TEXT, blank=True)
    supersedes = models.ForeignKey(
        "Decision", models.SET_NULL, null=True, blank=True, related_name="to_be_superseded_by"
    )
    version = models.PositiveIntegerField(default=1)
    failed_tests = models.PositiveIntegerField(default=0)
    # Where and in which version it was blocked, for cooling-off: {"version", "meeting", "at"}.
    blocked = models.JSONField(default=list, blank=True)
    why_ended = models.CharField(max_length=300, blank=True)
    presented_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["assembly", "key"], name="one_proposal_for_each_key_of_an_assembly"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def move_to(self, phase: Phase, moves: Moves = LIFE) -> None:
        """Change the phase along a table of moves; whoever calls it saves the row.

        `moves`: the table that holds here, LIFE unless the move is made from outside a meeting or
        taken back. Raises NoSuchMove where the table does not lead there.
        """
        check_move(self.phase, phase, moves)
        self.phase = phase


def digest_of_text(text: str) -> str:
    """Return the digest of a text (SHA-256, hex), by which a version is known."""
    return hashlib.sha256(text.encode()).hexdigest()


class ProposalVersion(models.Model):
    """One numbered text of a proposal. It never changes; another text is another version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="versions")
    n = models.PositiveIntegerField()
    text = models.TextField(max_length=LONGEST_TEXT)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["n"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "n"], name="one_text_for_each_version"),
        ]

    def __str__(self) -> str:
        return f"v{self.n}"


class Concern(models.Model):
    """A recorded worry about a proposal, to be answered; its author says when it is."""

    class Kind(models.TextChoices):
        PREFERENCE = "preference", _("Preference")
        PRACTICAL = "practical", _("Practical")
        PRINCIPLE = "principle", _("Principle")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="concerns")
    key = models.CharField(max_length=40, default=new_key)
    by = models.CharField(max_length=40)
    # Brought for somebody who is not here: voice, not vote.
    carried_for = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.PRACTICAL)
    text = models.TextField(max_length=2000)
    from_stand_aside = models.BooleanField(default=False)
    raised_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["raised_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "key"], name="one_concern_for_each_key"),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class Amendment(models.Model):
    """A change offered to meet concerns: the whole new text, for the proposer to accept."""

    class State(models.TextChoices):
        OFFERED = "offered", _("Offered")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="amendments")
    key = models.CharField(max_length=40, default=new_key)
    by = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    text = models.TextField(max_length=LONGEST_TEXT)
    meets = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OFFERED)
    offered_at = models.DateTimeField()

    class Meta:
        ordering = ["offered_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "key"], name="one_amendment_for_each_key"),
        ]

    def __str__(self) -> str:
        return f"{self.key} to v{self.version}"
