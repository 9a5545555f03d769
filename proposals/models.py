"""What is kept of proposals, tests, votes and decisions."""

import hashlib
import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assemblies.keys import new_key, new_secret
from assemblies.models import AgendaItem, Assembly, Meeting, Participant, Person

LONGEST_TEXT = 40_000


class Proposal(models.Model):
    """A text put to an assembly. It lives on after a meeting, until it is decided."""

    class Phase(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        PRESENTED = "presented", _("Presented")
        CLARIFYING = "clarifying", _("Clarifying questions")
        DISCUSSION = "discussion", _("Discussion")
        CONCERNS = "concerns", _("Concerns")
        AMENDING = "amending", _("Amending")
        TEMPERATURE_CHECK = "temperature_check", _("Temperature check")
        CALL_FOR_CONSENSUS = "call_for_consensus", _("Call for consensus")
        BLOCK_REVIEW = "block_review", _("Hearing the blocks")
        FALLBACK_VOTE = "fallback_vote", _("Vote")
        ADOPTED = "adopted", _("Adopted")
        REFERRED = "referred", _("Referred")
        POSTPONED = "postponed", _("Postponed")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        NOT_ADOPTED = "not_adopted", _("Not adopted")
        SUPERSEDED = "superseded", _("Superseded")

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
    phase = models.CharField(max_length=20, choices=Phase, default=Phase.DRAFT)
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


def digest_of_text(text: str) -> str:
    """Return the digest by which a version's text is known for good (SHA-256, hex)."""
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


class TemperatureCheck(models.Model):
    """A look at the mood: closes by itself, leaves counts and nothing of anybody."""

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
    # What was counted at closing: positions, present, quorum, who was fair to whom.
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
    def standing(self) -> bool:
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
    # What was counted at closing; until then, where it came from and goes back to without a quorum.
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
