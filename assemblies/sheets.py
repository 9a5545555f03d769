"""The sheets of a meeting that every app needs: the roll, the agenda, the question."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Self

from assemblies import rules
from assemblies.journal import NEVER, Page, Sheet
from assemblies.models import (
    AgendaItem,
    Entry,
    Meeting,
    Note,
    Objection,
    Participant,
    Question,
    QuestionAnswer,
    Role,
)
from assemblies.registry import kind

HANDS_CLOSED = kind("assemblies.hands_closed", "question", "roll")
# The floor is measured anew: who has not been heard by now is asked.
HALF_OVER = kind("assemblies.item_half_over", "agenda", "floor")
BREAK_TAKEN = kind("assemblies.break_taken", "meeting", "floor", "service")
BREAK_REQUESTED = kind("assemblies.break_requested", "service", erasable=True)
BREAK_PUT_OFF = kind("assemblies.break_put_off", "service", erasable=True)
ROTA_PROPOSED = kind("assemblies.rota_proposed", "service")


def units_decide(meeting: Meeting) -> bool:
    """Say whether those who meet speak for units, each of which is counted as one."""
    return bool((meeting.rule or meeting.assembly.rule).get("by_unit"))


def votes_held(meeting: Meeting) -> dict[str, int]:
    """Return how many votes each unit has by the rule frozen with a meeting; {} where all have one.

    A change of members below it during the meeting changes nothing of them.
    """
    return dict((meeting.rule or {}).get("votes") or {})


class Roll(Sheet):
    """Who is in the meeting, who is here, who counts, who holds which role."""

    name = "roll"

    def __init__(
        self, people: list[Participant], roles: list[Role], *, by_unit: bool = False
    ) -> None:
        self.by_unit = by_unit
        self.people = {person.key: person for person in people}
        self.by_id = {person.pk: person for person in people}
        self.rows: dict[tuple[str, str], Role] = {}
        for row in roles:
            if row.participant_id in self.by_id:
                self.rows[row.role, self.by_id[row.participant_id].key] = row
        self._present: int | None = None
        self._counting: int | None = None
        self._seats: dict[Any, str] | None = None
        self._speaking: dict[str, list[Participant]] | None = None

    @classmethod
    def load(cls, meeting: Meeting) -> Self:
        people = list(Participant.objects.filter(meeting=meeting).order_by("created_at", "key"))
        roles = list(Role.objects.filter(meeting=meeting).order_by("since", "id"))
        return cls(people, roles, by_unit=units_decide(meeting))

    def find(self, key: str) -> Participant | None:
        """Return who a key names, followed to the seat it was merged into."""
        person = self.people.get(key)
        while person is not None and person.merged_into_id is not None:
            person = self.by_id.get(person.merged_into_id)
        return person

    def seat_of(self, person: Any) -> Participant | None:
        """Return the seat that a person (by id) has in this meeting."""
        if self._seats is None:
            self._seats = {
                one.person_id: one.key for one in self.people.values() if one.person_id is not None
            }
        return self.find(self._seats[person]) if person in self._seats else None

    def here(self) -> Iterator[Participant]:
        """Yield who is present, in the order of coming."""
        return (person for person in self.people.values() if person.present)

    def changed(self) -> None:
        """Have the numbers counted anew."""
        self._present = self._counting = self._seats = self._speaking = None

    def speaking(self, voice: str) -> list[Participant]:
        """Return who speaks with a voice, here or not."""
        if self._speaking is None:
            self._speaking = {}
            for person in self.people.values():
                if person.voice:
                    self._speaking.setdefault(person.voice, []).append(person)
        return self._speaking.get(voice, [])

    def _count(self) -> tuple[int, int]:
        if self._present is None or self._counting is None:
            here = list(self.here())
            self._present = len(here)
            self._counting = rules.counted(
                ((person.kind, person.voice) for person in here), by_unit=self.by_unit
            )
        return self._present, self._counting

    def present(self, meeting: Meeting) -> int:
        """Return everybody checked in, people counted without names included."""
        return self._count()[0] + meeting.heads

    def counting(self, meeting: Meeting) -> int:
        """Return who counts: members, delegates and the heads (ROOM.md 5, 1), or the units."""
        return self._count()[1] + (0 if self.by_unit else meeting.heads)

    def votes(self, meeting: Meeting) -> int:
        """Return how many votes those have who count: one each, unless units have several."""
        if held := votes_held(meeting):
            here = (one.voice for one in self.here() if one.kind in rules.COUNTING)
            return rules.votes_of(here, held)
        return self.counting(meeting)

    def all_votes(self, meeting: Meeting) -> int | None:
        """Return how many votes there would be if everybody were here; None with an open roll."""
        return sum(votes_held(meeting).values()) or meeting.assembly.roll

    def quorum(self, meeting: Meeting) -> int | None:
        """Return how many must be here, people or units whatever their votes; or None."""
        assembly = meeting.assembly
        return rules.quorum_of(
            meeting.rule or assembly.rule,
            roll=assembly.roll,
            open_roll=assembly.admission == "open",
        )

    def quorum_met(self, meeting: Meeting) -> bool:
        """Say whether enough who count are here."""
        quorum = self.quorum(meeting)
        return quorum is None or self.counting(meeting) >= quorum

    def holders(self, role: str) -> list[Participant]:
        """Return who holds a role, in the order in which they took it."""
        return [self.people[key] for code, key in self.rows if code == role]

    def roles_of(self, person: Participant) -> list[str]:
        """Return the roles somebody holds."""
        return [code for code, key in self.rows if key == person.key]

    def held(self) -> dict[str, list[str]]:
        """Return the keys of the holders, by role; a role nobody holds is missing."""
        held: dict[str, list[str]] = {}
        for code, key in self.rows:
            held.setdefault(code, []).append(key)
        return held

    def may(self, person: Participant, *wanted: str) -> bool:
        """Say whether somebody may do what these roles may."""
        return rules.may(self.roles_of(person), wanted, self.held())

    def counts(self, person: Participant) -> bool:
        """Say whether somebody takes part in decisions."""
        return person.kind in rules.COUNTING

    def add(self, page: Page, person: Participant) -> None:
        """Put somebody new on the roll."""
        self.people[person.key] = person
        self.by_id[person.pk] = person
        page.put(person)
        self.changed()

    def give(self, page: Page, person: Participant, role: str) -> None:
        """Give a role; giving it twice changes nothing."""
        if (role, person.key) not in self.rows:
            # Roles given in one moment keep their order: each stands a microsecond later.
            after = [one.since + timedelta(microseconds=1) for one in self.rows.values()]
            since = max([page.now, *after])
            row = Role(
                id=uuid.uuid4(), meeting=page.meeting, participant=person, role=role, since=since
            )
            self.rows[role, person.key] = row
            page.put(row)
            page.concern(person, *self.holders("facilitator"))

    def take(self, page: Page, person: Participant, role: str) -> None:
        """Take a role away."""
        if row := self.rows.pop((role, person.key), None):
            page.drop(row)
            # What nobody does any more falls to the facilitators, who see it at once.
            page.concern(person, *self.holders("facilitator"))

    def person_left(self, page: Page, who: Participant) -> None:
        for role in self.roles_of(who):
            self.take(page, who, role)

    def person_merged(self, page: Page, who: Participant, into: Participant) -> None:
        for role in self.roles_of(who):
            self.take(page, who, role)
            self.give(page, into, role)


class Agenda(Sheet):
    """The items, in order, what was noted about them, and when half of their time was over."""

    name = "agenda"

    def __init__(
        self, items: list[AgendaItem], notes: list[Note], halves: dict[str, datetime]
    ) -> None:
        self.items = items
        self.notes = notes
        self.halves = halves

    @classmethod
    def load(cls, meeting: Meeting) -> Self:
        items = list(AgendaItem.objects.filter(meeting=meeting).order_by("position"))
        notes = list(Note.objects.filter(meeting=meeting).order_by("at", "id"))
        halves = Entry.objects.filter(journal=meeting.journal_id, kind=HALF_OVER).order_by("seq")
        return cls(
            items, notes, {(one.facts or {}).get("item", ""): one.at or NEVER for one in halves}
        )

    @property
    def open(self) -> AgendaItem | None:
        """Return the item that is being dealt with."""
        return next((item for item in self.items if item.state == "open"), None)

    @property
    def half_over(self) -> bool:
        """Whether half of the open item's minutes are gone, as the journal has it."""
        item = self.open
        if item is None or item.opened_at is None or item.key not in self.halves:
            return False
        # A postponed item that is taken up again has its time anew.
        return self.halves[item.key] >= item.opened_at

    def find(self, key: str) -> AgendaItem | None:
        """Return the item with this key."""
        return next((item for item in self.items if item.key == key), None)

    def waiting(self) -> list[AgendaItem]:
        """Return what is still to come."""
        return [item for item in self.items if item.state == "waiting"]

    @property
    def ahead(self) -> AgendaItem | None:
        """Return what comes next: the first waiting item below the open one, else the first."""
        waiting = self.waiting()
        if (item := self.open) is not None:
            below = self.items[self.items.index(item) + 1 :]
            waiting = [row for row in below if row.state == "waiting"] or waiting
        return next(iter(waiting), None)

    def renumber(self, page: Page) -> None:
        """Give every item the position at which it stands."""
        for place, item in enumerate(self.items, start=1):
            if item.position != place:
                item.position = place
                page.put(item)

    def due(self) -> datetime:
        item = self.open
        if item is None or item.opened_at is None or not item.minutes or self.half_over:
            return NEVER
        return item.opened_at + timedelta(minutes=item.minutes) / 2

    def settle(self, page: Page) -> None:
        item, at = self.open, self.due()
        assert item is not None  # noqa: S101 - it was due
        self.halves[item.key] = at
        page.concern(*page.sheet(Roll).here())
        page.note(HALF_OVER, at=at, item=item.key)


def latest(questions: list[Question]) -> Question | None:
    """Return the question under way, or the one closed last."""
    # A request for another facilitator that nobody seconded was never put to the room.
    asked = [question for question in questions if question.closes_at is not None]
    return max(
        asked,
        key=lambda question: (question.under_way, question.closed_at or question.opened_at),
        default=None,
    )


class QuestionSheet(Sheet):
    """The question to the room, who objected, who answered."""

    name = "question"

    def __init__(
        self,
        questions: list[Question],
        objections: list[Objection],
        answers: list[QuestionAnswer],
    ) -> None:
        self.questions = questions
        self.objections = objections
        self.answers = {row.participant_id: row for row in answers}

    @classmethod
    def load(cls, meeting: Meeting) -> Self:
        questions = list(Question.objects.filter(meeting=meeting).order_by("opened_at"))
        last = latest(questions)
        return cls(
            questions,
            list(Objection.objects.filter(question=last)) if last else [],
            list(QuestionAnswer.objects.filter(question=last)) if last else [],
        )

    @property
    def last(self) -> Question | None:
        """Return the question that is open, or the one asked last."""
        return latest(self.questions)

    @property
    def open(self) -> Question | None:
        """Return the question that waits for objections or hands."""
        last = self.last
        return last if last is not None and last.stage in ("open", "hands") else None

    @property
    def request(self) -> Question | None:
        """Return a request for another facilitator that waits to be seconded."""
        return next((q for q in reversed(self.questions) if q.stage == "asked"), None)

    def ask(self, page: Page, question: Question) -> None:
        """Open a question; what was open before is put aside without a result."""
        if before := self.open:
            self.close(page, before, "")
        self.questions.append(question)
        self.objections, self.answers = [], {}
        page.put(question)

    def close(self, page: Page, question: Question, result: str) -> None:
        """Close a question with its result."""
        question.stage, question.closed_at, question.result = "closed", page.now, result
        page.put(question)

    def tally(self, question: Question, roll: Roll) -> tuple[int, int]:
        """Return yes and no, heads counted without names included; of units, where they decide.

        Whatever their votes: it is about how they work together, not what they decide.
        """
        rows = self.answers.values()
        given = rules.tally(
            ((roll.by_id[row.participant_id].voice, row.answer) for row in rows),
            by_unit=roll.by_unit,
        )
        counted = question.counted
        return (
            given.get("yes", 0) + int(counted.get("yes", 0)),
            given.get("no", 0) + int(counted.get("no", 0)),
        )

    def due(self) -> datetime:
        question = self.open
        if question is not None and question.stage == "hands" and question.closes_at:
            # Answers in the last second count, so it closes just after it.
            return question.closes_at + timedelta(microseconds=1)
        return NEVER

    def settle(self, page: Page) -> None:
        question = self.open
        assert question is not None and question.closes_at is not None  # noqa: S101 - it was due
        yes, no = self.tally(question, page.sheet(Roll))
        result = rules.show_of_hands(yes, no)
        facts: dict[str, Any] = {"question": str(question.pk), "yes": yes, "no": no}
        self.close(page, question, result)
        question.closed_at = question.closes_at
        if question.kind == "facilitator" and result == "yes":
            facts["facilitator"] = hand_over(page, question.who)
        page.note(HANDS_CLOSED, at=question.closes_at, result=result, **facts)

    def heads_counted(self, page: Page) -> None:
        question = self.open
        if question is None:
            return
        shown = int(question.counted.get("yes", 0)) + int(question.counted.get("no", 0))
        if shown > page.meeting.heads:
            question.counted = {**question.counted, "yes": 0, "no": 0}
            page.put(question)

    def person_left(self, page: Page, who: Participant) -> None:
        if self.open is not None and (row := self.answers.pop(who.pk, None)):
            page.drop(row)

    person_uncounted = person_left

    def person_merged(self, page: Page, who: Participant, into: Participant) -> None:
        row = self.answers.get(who.pk) if self.open is not None else None
        if row is None or into.pk in self.answers:
            self.person_left(page, who)
            return
        row.participant = into
        self.answers[into.pk] = self.answers.pop(who.pk)
        page.put(row)


class Service(Sheet):
    """What those who serve the room are asked: a break, and whom the rota proposes.

    It has no rows of its own; the journal says it all.
    """

    name = "service"

    def __init__(self, entries: list[Entry]) -> None:
        self.want_a_break: list[str] = []
        self.proposed: dict[str, Any] | None = None
        for entry in entries:
            self.take(entry)

    @classmethod
    def load(cls, meeting: Meeting) -> Self:
        kinds = (BREAK_REQUESTED, BREAK_PUT_OFF, BREAK_TAKEN, ROTA_PROPOSED)
        rows = Entry.objects.filter(journal=meeting.journal_id, kind__in=kinds)
        return cls(list(rows.order_by("seq")))

    def take(self, entry: Entry) -> None:
        """Go on by one entry."""
        if entry.kind == ROTA_PROPOSED:
            self.proposed = entry.facts
        elif entry.kind == BREAK_REQUESTED:
            self.want_a_break.append(entry.actor)
        else:
            self.want_a_break = []

    def break_began(self, page: Page) -> dict[str, Any]:
        roll = page.sheet(Roll)
        page.concern(*roll.holders("facilitator"), *map(roll.find, self.want_a_break))
        self.want_a_break = []
        return {}


def hand_over(page: Page, key: str) -> str | None:
    """Make one person the only facilitator, as the room decided; None if they have left."""
    roll = page.sheet(Roll)
    person = roll.find(key)
    if person is None or not person.present:
        return None
    for former in roll.holders("facilitator"):
        if former.key != person.key:
            roll.take(page, former, "facilitator")
    roll.give(page, person, "facilitator")
    return person.key
