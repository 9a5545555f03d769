"""Several assemblies in session at once, and the council that they found: `confederate("ABC")`.

Each base has Rosa-like people of its own: "a1" facilitates A, "a2" and "a3" confirm what was
decided on paper. The first seats of a base are held by its first people.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

import federation.services.carrying
import federation.services.huddles
import federation.services.ratifying
import federation.services.referring
import federation.services.reports
import federation.services.scope
import federation.services.seats  # noqa: F401
from assemblies.models import Assembly, Person
from assemblies.services.founding import found_assembly, new_meeting, take_seat
from federation import rules
from federation.models import Affiliation, Council, CouncilItem, Notice, Seat, SeatTerm
from federation.words.presets import FEDERATING
from proposals.models import Proposal
from tests.rooms import Room


@dataclass
class Several:
    """Bases by their letters, each with a meeting, and the council above them."""

    rooms: dict[str, Room]
    clock: datetime
    council: Council | None = None
    here: Room | None = None
    numbers: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, letter: str) -> Room:
        """Return the room of a base, or of the council by "X"."""
        found = self.here if letter == "X" else self.rooms[letter]
        assert found is not None
        return found

    def item(self, key: str) -> CouncilItem:
        """Return an item of the council as it stands."""
        rows = CouncilItem.objects.select_related("proposal", "council__assembly")
        return rows.get(council=self.council, key=key)

    def notices(self, letter: str) -> list[str]:
        """Return the kinds of the notices to a base, the oldest first."""
        rows = Notice.objects.filter(unit=self[letter].assembly).order_by("at", "id")
        return [row.kind for row in rows]

    def later(self, **time: float) -> None:
        """Let time go by in all rooms."""
        self.set(self.clock + timedelta(**time))

    def set(self, now: datetime) -> None:
        """Set the clock of all rooms."""
        self.clock = now
        for room in [*self.rooms.values(), *([self.here] if self.here else [])]:
            room.clock = now

    def decide(self, letter: str, title: str = "We say so") -> str:
        """Have a base decide something on paper, confirmed by two others; return its name."""
        self.later(seconds=1)
        n = self.numbers[letter] = self.numbers.get(letter, 0) + 1
        name, low, room = f"{letter.lower()}-d{n}", letter.lower(), self[letter]
        paper = {"decision": name, "title": title, "text": f"{title}.", "numbers": {"for": 12}}
        room.done(f"{low}1", "record_on_paper", **paper)
        for witness in (f"{low}2", f"{low}3"):
            room.done(witness, "confirm_paper", decision=name)
        return name

    def act(self, letter: str, do: str, /, **args: Any) -> None:
        """Have who facilitates a base do something that must be accepted."""
        self[letter].done(f"{letter.lower()}1", do, **args)

    def refused(self, letter: str, do: str, /, **args: Any) -> str:
        """Have who facilitates a base do something that must be refused; return the code."""
        return self[letter].refused(f"{letter.lower()}1", do, **args)

    def carry(self, letter: str = "A", item: str = "q1", **args: Any) -> CouncilItem:
        """Have a base carry a new decision up."""
        usual = {"kind": "enact", "title": "One rent"}
        decision = self.decide(letter, str(args.get("title", "One rent")))
        self.act(letter, "carry_up", item=item, decision=decision, **{**usual, **args})
        return self.item(item)

    def agreed(self, item: str = "q1") -> CouncilItem:
        """Have the council have agreed on an item for now, in a meeting that is over."""
        row = self.item(item)
        days = rules.read_council_rule(row.council.rule).ratify_days
        row.phase, row.agreed_at = "provisional", self.clock
        row.answer_until = self.clock + timedelta(days=days)
        row.save()
        Proposal.objects.filter(pk=row.proposal_id).update(phase="adopted")
        return row

    def answer(self, letters: str, answer: str = "accept", item: str = "q1", **more: Any) -> None:
        """Have bases answer, each by a decision of its own."""
        for letter in letters:
            decision = self.decide(letter, "Our answer")
            self.act(letter, "ratify", item=item, answer=answer, decision=decision, **more)

    def meet(self, *also: str, facilitator: str = "a1") -> Room:
        """Have the council meet: all delegates are there, and these people of the bases."""
        room = self.gather(*also, facilitator=facilitator)
        room.done(facilitator, "start_meeting")
        return room

    def gather(self, *also: str, facilitator: str = "a1") -> Room:
        """Have all who meet be there, before it begins."""
        assert self.council is not None
        fay = self.person(facilitator)
        meeting = new_meeting(
            self.council.assembly, title="Council", starts_at=self.clock, organiser=fay, clock="on"
        )
        room = Room(self.council.assembly, meeting, {facilitator: meeting.participants.get()})
        room.clock = self.clock
        room.done(facilitator, "open_doors")
        sent = SeatTerm.objects.filter(seat__council=self.council, ended_at=None)
        names = [name for name in self.everybody() if sent.filter(person=self.person(name))]
        for name in [*names, *also]:
            if name != facilitator:
                room.people[name] = take_seat(meeting, self.person(name), name, None)
        for seat in meeting.participants.filter(present=False):
            room.people.setdefault(seat.name.lower(), seat)
            room.done(facilitator, "check_in", who=seat.name.lower())
        self.here = room
        return room

    def ask(self, item: str = "q1", *, facilitator: str = "a1", test: bool = True) -> Room:
        """Have the council meet and talk about an item, and be asked for positions on it."""
        room = self.here or self.meet(facilitator=facilitator)
        room.done(facilitator, "bring_proposal", proposal=item)
        room.done(facilitator, "take_up_item", item=item)
        room.done(facilitator, "present_proposal")
        room.done(facilitator, "set_phase", phase="discussion")
        if test:
            room.done(facilitator, "open_test")
        return room

    def almost_recalled(self, letter: str, seat: int = 1) -> None:
        """Have a base ask itself about its delegate, hear them, and be for it: it may decide."""
        low, room = letter.lower(), self[letter]
        room.done(f"{low}2", "open_recall", seat=seat, reason="Said what we did not say.")
        self.later(minutes=16)
        room.done(f"{low}1", "hear_delegate")
        for name in room.people:
            room.done(name, "answer_recall", answer="for")

    def everybody(self) -> list[str]:
        """Return the names of all people of the bases."""
        return [name for room in self.rooms.values() for name in room.people]

    def person(self, name: str) -> Person:
        """Return somebody of a base by name."""
        person = self.rooms[name[0].upper()].people[name].person
        assert person is not None
        return person


def base(letter: str, now: datetime, members: int | None, people: int) -> Room:
    """Return the meeting of a base under way, with an item open."""
    low = letter.lower()
    names = [f"{low}{n}" for n in range(1, people + 1)]
    made = {name: Person.objects.create_user(name=name) for name in names}
    body = found_assembly(made[names[0]], name=f"{letter} assembly", roll=members)
    meeting = new_meeting(body, title=letter, starts_at=now, organiser=made[names[0]], clock="on")
    room = Room(body, meeting, {names[0]: meeting.participants.get()})
    room.clock = now
    room.done(names[0], "open_doors")
    for name in names[1:]:
        room.people[name] = take_seat(meeting, made[name], name, None)
        body.memberships.get_or_create(person=made[name])
    room.done(names[0], "start_meeting")
    return room


def confederate(
    letters: str = "ABC",
    *,
    preset: str = "two_delegate_confederation",
    members: tuple[int, ...] = (),
    people: int = 3,
    seats: int = 2,
    rule: dict[str, Any] | None = None,
    now: datetime | None = None,
    key: str = "x",
) -> Several:
    """Return bases in session, the first of which founded a council that the others joined."""
    now = now or timezone.now()
    numbers = dict(zip(letters, members, strict=False))
    rooms = {one: base(one, now, numbers.get(one), people) for one in letters}
    several = Several(rooms, now)
    first, *others = letters
    several.decide(first, "We federate")
    said: dict[str, Any] = {"council": key, "name": "Council", "preset": preset, "seats": seats}
    if FEDERATING[preset].rule.get("admission") == "by_council":
        # Whom the founder invites need not be admitted.
        said["invite"] = [rooms[letter].assembly.key for letter in others]
    several.act(first, "found_council", **said)
    council = Council.objects.get(assembly__key=key)
    if rule:
        council.rule = {**council.rule, **rule}
        council.save()
    for letter in others:
        several.decide(letter, "We join")
        several.act(letter, "join_council", council=key)
    send_delegates(council, several, seats)
    several.council = Council.objects.select_related("assembly").get(pk=council.pk)
    several.later(minutes=1)
    return several


def send_delegates(council: Council, several: Several, seats: int) -> None:
    """Seat the first people of every base, as a decision would have it."""
    for letter, room in several.rooms.items():
        rows = Seat.objects.filter(council=council, unit=room.assembly).order_by("ordinal")
        for n, seat in enumerate(rows[:seats], start=1):
            several.act(letter, "choose_delegate", who=f"{letter.lower()}{n}", seat=seat.ordinal)


def units(council: Council) -> list[Assembly]:
    """Return the units of a council."""
    rows = Affiliation.objects.filter(council=council, left_at=None).select_related("unit")
    return [row.unit for row in rows if row.unit is not None]
