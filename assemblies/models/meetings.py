"""One sitting of an assembly: who is here, in which role, about what."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assemblies.models.people import Assembly, Person
from assemblies.models.record import Journal
from assemblies.rules.keys import new_code, new_key, new_secret


class Meeting(models.Model):
    """A dated sitting. It changes only through the door (assemblies.journal.record)."""

    class Phase(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DOORS_OPEN = "doors_open", _("Doors open")
        IN_SESSION = "in_session", _("In session")
        BREAK = "break", _("Break")
        CLOSING = "closing", _("Closing")
        ENDED = "ended", _("Ended")

    class TurnClock(models.TextChoices):
        AUTO = "auto", _("From thirteen people on")
        ON = "on", _("Always")
        OFF = "off", _("Never")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=16, unique=True, default=new_key)
    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="meetings")
    journal = models.OneToOneField(Journal, models.PROTECT, related_name="meeting")
    title = models.CharField(_("title"), max_length=120)
    place = models.CharField(_("place"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("begins"))
    phase = models.CharField(max_length=12, choices=Phase, default=Phase.PLANNED)
    phase_before = models.CharField(max_length=12, blank=True)
    rule = models.JSONField(default=dict, blank=True)
    heads = models.PositiveIntegerField(default=0)
    guests_welcome = models.BooleanField(default=False)
    turn_seconds = models.PositiveIntegerField(default=60)
    clock = models.CharField(max_length=4, choices=TurnClock, default=TurnClock.AUTO)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)
    code = models.CharField(max_length=6, unique=True, default=new_code)
    secret = models.CharField(max_length=32, unique=True, default=new_secret)
    wifi_name = models.CharField(_("Wi-Fi name"), max_length=64, blank=True)
    wifi_password = models.CharField(_("Wi-Fi password"), max_length=64, blank=True)

    class Meta:
        ordering = ["-starts_at"]

    def __str__(self) -> str:
        return self.title


class AgendaItem(models.Model):
    """One point on the agenda, with the minutes allotted to it."""

    class Kind(models.TextChoices):
        OPENING = "opening", _("Opening")
        RITUAL = "ritual", _("Ritual")
        CHECK_IN = "check_in", _("Check-in")
        ANNOUNCEMENT = "announcement", _("Announcement")
        REPORT_BACK = "report_back", _("Report-back")
        DISCUSSION = "discussion", _("Discussion")
        PROPOSAL = "proposal", _("Proposal")
        ELECTION = "election", _("Election or role")
        MANDATE = "mandate", _("Mandate")
        COUNCIL_REPORT = "council_report", _("Report from the council")
        STORY = "story", _("Story")
        SONG = "song", _("Song")
        MEAL = "meal", _("Meal")
        CELEBRATION = "celebration", _("Celebration")
        SILENCE = "silence", _("Silence")
        BREAK = "break", _("Break")
        EVALUATION = "evaluation", _("Evaluation")
        CLOSING = "closing", _("Closing")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        POSTPONED = "postponed", _("Postponed")
        CARRIED_OVER = "carried_over", _("Carried over")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    key = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.DISCUSSION)
    minutes = models.PositiveIntegerField(default=10)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    opened_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "key"], name="one_agenda_item_for_each_key"),
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(state="open"), name="one_item_open_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def under_way(self) -> bool:
        """Whether it is open (what is finished is written first)."""
        return self.state == "open"


class Participant(models.Model):
    """Somebody in one meeting, with a phone or without. Two devices are one participant."""

    class Kind(models.TextChoices):
        MEMBER = "member", _("member")
        DELEGATE = "delegate", _("delegate")
        GUEST = "guest", _("guest")
        OBSERVER = "observer", _("observer")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="participants")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="seats")
    key = models.CharField(max_length=40, default=new_key)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.MEMBER)
    # For whom somebody speaks where assemblies meet: all of one voice are counted as one.
    voice = models.CharField(max_length=40, blank=True)
    phone = models.BooleanField(default=True)
    present = models.BooleanField(default=False)
    groups = models.JSONField(default=list, blank=True)
    # Twice the time for those who asked, who are interpreted or who stammer.
    double_time = models.BooleanField(default=False)
    # Agreed to stand by name in minutes and on public screens.
    named = models.BooleanField(default=False)
    agreed_to = models.PositiveIntegerField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, related_name="merged")
    arrived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "key"], name="one_participant_for_each_key"),
            models.UniqueConstraint(
                fields=["meeting", "person"], name="one_seat_each_in_a_meeting"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """A role somebody holds in a meeting; several may hold the same one."""

    class Code(models.TextChoices):
        FACILITATOR = "facilitator", _("Facilitator")
        STACK_TAKER = "stack_taker", _("Stack taker")
        TIMEKEEPER = "timekeeper", _("Timekeeper")
        NOTE_TAKER = "note_taker", _("Note taker")
        GREETER = "greeter", _("Greeter")
        SCRIBE = "scribe", _("Scribe")
        VIBES_WATCHER = "vibes_watcher", _("Vibes watcher")
        ADVOCATE = "advocate", _("Advocate")
        ACCESS_HOLDER = "access_holder", _("Access holder")
        INTERPRETER = "interpreter", _("Interpreter")
        TECH_HOST = "tech_host", _("Tech host")
        CO_CHAIR = "co_chair", _("Co-chair")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="roles")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="roles")
    role = models.CharField(max_length=16, choices=Code)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "role"], name="nobody_holds_a_role_twice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant}: {self.get_role_display()}"


class Note(models.Model):
    """What the note taker wrote about an item; the minutes are made of these and of entries."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="notes")
    item = models.ForeignKey(AgendaItem, models.CASCADE, null=True, related_name="notes")
    by = models.ForeignKey(Participant, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(max_length=8000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return self.text[:40]


class Question(models.Model):
    """A question to the room: silence means yes, an objection asks for a show of hands."""

    class Kind(models.TextChoices):
        ROOM = "room", _("Asked by the facilitator")
        ACT = "act", _("Shall it stand?")
        FACILITATOR = "facilitator", _("Who shall facilitate?")

    class Stage(models.TextChoices):
        ASKED = "asked", _("Waits for somebody to second it")
        OPEN = "open", _("Open")
        HANDS = "hands", _("Show of hands")
        CLOSED = "closed", _("Closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="questions")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.ROOM)
    stage = models.CharField(max_length=8, choices=Stage, default=Stage.OPEN)
    text = models.CharField(max_length=300, blank=True)
    asked_by = models.CharField(max_length=40)
    who = models.CharField(max_length=40, blank=True)
    about = models.JSONField(default=dict, blank=True)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=3, blank=True)
    counted = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(stage__in=["open", "hands"]),
                name="one_question_to_the_room_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.text or self.kind

    @property
    def under_way(self) -> bool:
        """Whether it waits for objections or hands."""
        return self.stage in ("open", "hands")


class Objection(models.Model):
    """Somebody's objection to an open question."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(Question, models.CASCADE, related_name="objections")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question", "participant"], name="one_objection_each_to_a_question"
            ),
        ]

    def __str__(self) -> str:
        return str(self.question_id)


class QuestionAnswer(models.Model):
    """One hand in a show of hands; replaceable until it closes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(Question, models.CASCADE, related_name="answers")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    answer = models.CharField(max_length=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question", "participant"], name="one_answer_each_to_a_question"
            ),
        ]

    def __str__(self) -> str:
        return self.answer
