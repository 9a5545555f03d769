"""What is kept of assemblies of assemblies: who belongs, who speaks, what they were told to say.

The body that meets is an ordinary `Assembly`; a `Council` row makes its members assemblies. A unit
is an assembly as member of a council, whether it is a base assembly or a council itself: level n
and level n+1 are the same.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assemblies.keys import new_key
from assemblies.models import Assembly, Meeting, Participant, Person
from proposals.models import Decision, Proposal


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
        """Whether it has not ended (what ends is written before what begins)."""
        return self.ended_at is None


class CouncilItem(models.Model):
    """Something that units carried up: what the council is asked, and how far it has come."""

    class Kind(models.TextChoices):
        ENACT = "enact", _("carry out")
        COORDINATE = "coordinate", _("coordinate")
        PROPOSE_TO_BASE = "propose_to_base", _("propose to the base")
        ELECT = "elect", _("elect")
        SUPPORT = "support", _("support")

    class Phase(models.TextChoices):
        GOING_ROUND = "going_round", _("Going round")
        OPEN = "open", _("Before the council")
        AGREED = "agreed", _("Agreed")
        PROVISIONAL = "provisional", _("Provisional, the bases are asked")
        RETURNED = "returned", _("Returned")
        IN_FORCE = "in_force", _("In force")
        LAPSED = "lapsed", _("Lapsed")
        NOT_AGREED = "not_agreed", _("Not agreed")
        REMOVED = "removed", _("Left to the unit")
        SETTLED = "settled", _("Settled")

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
    phase = models.CharField(max_length=12, choices=Phase, default=Phase.GOING_ROUND)
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
        """Return the other texts to which it says the same; long ago only digests were kept."""
        return [one["text"] for one in self.amendments if not isinstance(one, str)]

    @property
    def under_way(self) -> bool:
        """Whether it still holds (what ends is written before what begins)."""
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
