"""Models of the items of a council: mandates, positions, answers."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assemblies.models import Assembly, Meeting, Person
from assemblies.rules.keys import new_key
from federation.models.councils import Council
from federation.rules.phases import ItemPhase, check_move
from proposals.models import Decision, Proposal

# The phases of a council item in words.
PHASE_LABELS = {
    ItemPhase.GOING_ROUND: _("Going round"),
    ItemPhase.OPEN: _("Before the council"),
    ItemPhase.AGREED: _("Agreed"),
    ItemPhase.PROVISIONAL: _("Provisional, the bases are asked"),
    ItemPhase.RETURNED: _("Returned"),
    ItemPhase.IN_FORCE: _("In force"),
    ItemPhase.LAPSED: _("Lapsed"),
    ItemPhase.NOT_AGREED: _("Not agreed"),
    ItemPhase.REMOVED: _("Left to the unit"),
    ItemPhase.SETTLED: _("Settled"),
}


class CouncilItem(models.Model):
    """Something that units carried up: what the council is asked, and how far it has come."""

    class Kind(models.TextChoices):
        ENACT = "enact", _("carry out")
        COORDINATE = "coordinate", _("coordinate")
        PROPOSE_TO_BASE = "propose_to_base", _("propose to the base")
        ELECT = "elect", _("elect")
        SUPPORT = "support", _("support")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    council = models.ForeignKey(Council, models.CASCADE, related_name="items")
    key = models.CharField(max_length=40, default=new_key)
    kind = models.CharField(max_length=16, choices=Kind)
    title = models.CharField(max_length=200)
    text = models.TextField(max_length=40_000)
    # What the units take positions on; none where nothing is tested (coordinate, support).
    proposal = models.OneToOneField(Proposal, models.SET_NULL, null=True, related_name="carried")
    origin = models.ForeignKey(Assembly, models.CASCADE, related_name="carried_up")
    decision = models.ForeignKey(Decision, models.SET_NULL, null=True, related_name="carried_up")
    # How it was adopted below, as it stood when it was carried up: how, numbers, roll.
    adopted = models.JSONField(default=dict, blank=True)
    class_of_item = models.CharField(max_length=16, default="ordinary")
    version = models.PositiveIntegerField(default=1)
    # Changed by `move_to` alone.
    phase = models.CharField(
        max_length=12,
        choices=[(phase.value, label) for phase, label in PHASE_LABELS.items()],
        default=ItemPhase.GOING_ROUND,
    )
    carried_at = models.DateTimeField()
    notice_until = models.DateTimeField()
    # A unit says "this is ours": {"unit", "reason", "at", "said": {unit: "shared" | "ours"}}.
    scope = models.JSONField(default=dict, blank=True)
    # Units whose delegates took it back to ask: {unit: {"at", "version"}}.
    referred = models.JSONField(default=dict, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    answer_until = models.DateTimeField(null=True, blank=True)
    # What the council decided on it: its own decision, with numbers of units.
    outcome = models.ForeignKey(Decision, models.SET_NULL, null=True, related_name="council_items")

    class Meta:
        ordering = ["carried_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["council", "key"], name="one_council_item_for_each_key"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def move_to(self, phase: ItemPhase) -> None:
        """Change the phase along the table of moves; whoever calls it saves the row.

        Raises NoSuchMove where the table does not lead there.
        """
        check_move(self.phase, phase)
        self.phase = phase


class Support(models.Model):
    """Another unit decided the same and carries it up too: the item rests on its decision."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(CouncilItem, models.CASCADE, related_name="supports")
    unit = models.ForeignKey(Assembly, models.CASCADE, related_name="+")
    decision = models.ForeignKey(Decision, models.SET_NULL, null=True, related_name="supports")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "unit"], name="a_unit_supports_an_item_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.item}"


class Debate(models.Model):
    """A unit has had a council item on an agenda of its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(CouncilItem, models.CASCADE, related_name="debates")
    unit = models.ForeignKey(Assembly, models.CASCADE, related_name="+")
    meeting = models.ForeignKey(Meeting, models.SET_NULL, null=True, related_name="+")
    agenda_key = models.CharField(max_length=40, blank=True)
    # On the agenda since it was put there; debated when that point is finished.
    version = models.PositiveIntegerField(default=1)
    debated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "unit", "version"], name="one_debate_in_each_unit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.item}"


class Mandate(models.Model):
    """What a base instructs its delegates to say on an item, with its limits. It is the unit's."""

    class Kind(models.TextChoices):
        IMPERATIVE = "imperative", _("imperative")
        BOUNDED = "bounded", _("bounded")
        EXPLORATORY = "exploratory", _("exploratory")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=40, default=new_key)
    council = models.ForeignKey(Council, models.CASCADE, related_name="mandates")
    unit = models.ForeignKey(Assembly, models.CASCADE, related_name="mandates")
    # None: a mandate for whatever comes.
    item = models.ForeignKey(CouncilItem, models.CASCADE, null=True, related_name="mandates")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.IMPERATIVE)
    position = models.CharField(max_length=12, blank=True)
    text = models.TextField(max_length=8000, blank=True)
    conditions = models.JSONField(default=list, blank=True)
    # What the text may say at most or at least: [{"most": "5 % of dues"}].
    limits = models.JSONField(default=list, blank=True)
    # The version it was given for, and other texts to which it says the same: [{"text": "..."}].
    version = models.PositiveIntegerField(default=1)
    amendments = models.JSONField(default=list, blank=True)
    decision = models.ForeignKey(Decision, models.SET_NULL, null=True, related_name="mandates")
    # Given in the council's own meeting by those behind the spoke: {"by": 7, "of": 9}.
    given_here = models.JSONField(default=dict, blank=True)
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["given_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "item"],
                condition=Q(ended_at=None, item__isnull=False),
                name="one_mandate_of_a_unit_on_an_item",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.kind} {self.position}"

    @property
    def texts(self) -> list[str]:
        """Return the other texts for which it holds too; old rows have only digests of them."""
        return [one["text"] for one in self.amendments if not isinstance(one, str)]

    @property
    def under_way(self) -> bool:
        """Whether it has not ended; the door writes rows that ended before those that began."""
        return self.ended_at is None


class UnitPosition(models.Model):
    """What a unit said in a closed test or override question of a council, for good.

    Positions of people are forgotten a day later; a delegate's is an act for others, which those
    others may look up.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(CouncilItem, models.CASCADE, related_name="positions")
    meeting = models.ForeignKey(Meeting, models.SET_NULL, null=True, related_name="+")
    unit = models.ForeignKey(Assembly, models.CASCADE, null=True, related_name="+")
    # "test" or "override"; rounds are counted from 1 over all versions.
    question = models.CharField(max_length=8)
    round = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    position = models.CharField(max_length=12)
    # Who entered what: [[person, name, position], ...]; a split unit has two that differ.
    entered = models.JSONField(default=list, blank=True)
    mandate = models.ForeignKey(Mandate, models.SET_NULL, null=True, related_name="+")
    outside_mandate = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "round"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "unit", "question", "round"],
                name="one_position_of_a_unit_in_a_round",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.position}"


class Ratification(models.Model):
    """What a unit says of a text that the council agreed on for now."""

    class Answer(models.TextChoices):
        ACCEPT = "accept", _("accept")
        RETURN = "return", _("return with a change")
        REJECT = "reject", _("reject")
        NOT_AFFECTED = "not_affected", _("not affected")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(CouncilItem, models.CASCADE, related_name="ratifications")
    version = models.PositiveIntegerField()
    unit = models.ForeignKey(Assembly, models.CASCADE, related_name="ratifications")
    answer = models.CharField(max_length=12, choices=Answer)
    reason = models.TextField(max_length=4000, blank=True)
    change = models.TextField(max_length=40_000, blank=True)
    # Its members when it answered, and its own numbers: for information, never added as votes.
    members = models.PositiveIntegerField(default=0)
    decision = models.ForeignKey(Decision, models.SET_NULL, null=True, related_name="ratifications")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "version", "unit"], name="one_answer_of_a_unit_to_a_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.answer}"


class OptOut(models.Model):
    """A unit does not carry out what is in force for the others: power stays local (002:19)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(CouncilItem, models.CASCADE, related_name="opt_outs")
    unit = models.ForeignKey(Assembly, models.CASCADE, related_name="+")
    reason = models.TextField(max_length=4000, blank=True)
    decision = models.ForeignKey(Decision, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "unit"], name="a_unit_opts_out_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.item}"


class MemberAnswer(models.Model):
    """What a member of any unit says where all members are asked; each person once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(CouncilItem, models.CASCADE, related_name="member_answers")
    version = models.PositiveIntegerField()
    unit = models.ForeignKey(Assembly, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    answer = models.CharField(max_length=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "version", "person"], name="every_member_answers_once"
            ),
        ]

    def __str__(self) -> str:
        return self.answer
