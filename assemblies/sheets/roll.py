"""The roll: who is in the meeting, who is here, who counts, who holds which role."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Self

from assemblies import rules
from assemblies.door.page import Page, Sheet
from assemblies.models import (
    Meeting,
    Participant,
    Role,
)


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
    row_models = (Participant, Role)

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
        """Read the rows of a meeting."""
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
            self._counting = rules.members_counted(
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

    def roles_held(self) -> dict[str, list[str]]:
        """Return the keys of the holders, by role; a role nobody holds is missing."""
        held: dict[str, list[str]] = {}
        for code, key in self.rows:
            held.setdefault(code, []).append(key)
        return held

    def may(self, person: Participant, *wanted: str) -> bool:
        """Say whether somebody may do what these roles may."""
        return rules.may(self.roles_of(person), wanted, self.roles_held())

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
        """Take every role of somebody who left."""
        for role in self.roles_of(who):
            self.take(page, who, role)

    def person_merged(self, page: Page, who: Participant, into: Participant) -> None:
        """Give the roles of one place to the other."""
        for role in self.roles_of(who):
            self.take(page, who, role)
            self.give(page, into, role)


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
