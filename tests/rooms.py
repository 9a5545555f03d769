"""Set-up in one call: `make_room("Ana", "Ben")` is a meeting in session with Fay facilitating."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.utils import timezone

from assemblies.acts.declaring import Act, Answer
from assemblies.acts.perform import perform
from assemblies.door.journal import read
from assemblies.models import Assembly, Meeting, Participant, Person
from assemblies.reading.state import state
from assemblies.rules import Line
from assemblies.services.founding import found_assembly, new_meeting, take_seat

AGENDA = (
    Line("Welcome", 5, "opening"),
    Line("Rent increase", 20, "discussion"),
    Line("Roof", 10, "proposal"),
)


@dataclass
class Room:
    """A meeting and the people in it, with the shortest way to do things."""

    assembly: Assembly
    meeting: Meeting
    people: dict[str, Participant] = field(default_factory=dict)
    clock: Any = None

    def key(self, name: str) -> str:
        """Return the key of somebody by first name, in lower case."""
        return self.people[name].key

    def act(self, name: str, do: str, /, **args: Any) -> Answer:
        """Do one act for somebody and return the answer."""
        for_whom = tuple(self.key(one) for one in args.pop("entered_for", ()))
        act_id = args.pop("id", "")
        args = {
            arg: self.key(value) if isinstance(value, str) and value in self.people else value
            for arg, value in args.items()
        }
        act = Act(do, args, self.key(name), act_id, for_whom)
        return perform(self.meeting, [act], now=self.clock)[0]

    def done(self, name: str, do: str, /, **args: Any) -> Answer:
        """Do an act that must be accepted."""
        answer = self.act(name, do, **args)
        assert answer.accepted, f"{name} {do}: {answer.code} {answer.why}"
        return answer

    def refused(self, name: str, do: str, /, **args: Any) -> str:
        """Do an act that must be refused, and return the code."""
        answer = self.act(name, do, **args)
        assert not answer.accepted, f"{name} {do} was accepted"
        assert answer.why, "a refusal is a sentence"
        return answer.code

    @property
    def state(self) -> dict[str, Any]:
        """The state of ROOM.md 3, with names in place of keys."""
        names = {one.key: name for name, one in self.people.items()}
        return renamed(state(read(self.meeting, now=self.clock)), names)

    def at(self, seconds: float) -> None:
        """Set a clock of our own, in seconds from the first time it was set."""
        if self.clock is None:
            self._start = timezone.now()
        self.clock = self._start + timedelta(seconds=seconds)


def renamed(value: Any, names: dict[str, str]) -> Any:
    """Return a state with the names of people for their keys."""
    if isinstance(value, dict):
        return {key: renamed(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [renamed(one, names) for one in value]
    return names.get(value, value) if isinstance(value, str) else value


def make_room(
    *names: str,
    started: bool = True,
    clock: str = "on",
    principles: tuple[str, ...] = (),
    **assembly: Any,
) -> Room:
    """Return a meeting with Fay facilitating and these members, the second item open.

    Turns have a clock, though so few people would do without one.
    """
    fay = Person.objects.create_user(name="Fay")
    body = found_assembly(
        fay,
        name="Garden Street Tenants",
        agreements="We listen. We speak for ourselves.",
        **{"optional_signals": ["unsure", "direct_response"], **assembly},
    )
    if principles:
        body.principles = list(principles)
        body.save(update_fields=["principles"])
    meeting = new_meeting(
        body,
        title="Monday meeting",
        starts_at=timezone.now(),
        lines=AGENDA,
        organiser=fay,
        clock=clock,
    )
    room = Room(body, meeting, {"fay": meeting.participants.get(person=fay)})
    if started:
        room.done("fay", "open_doors")
    for name in names:
        person = Person.objects.create_user(name=name)
        room.people[name.lower()] = take_seat(meeting, person, name, 1)
    if started:
        room.done("fay", "start_meeting")
        room.done("fay", "take_up_item", item="2")
    meeting.refresh_from_db()
    return room


def but_its_address(answer: Any) -> bytes:
    """Return a page without its own address, to which whoever signs in is led back."""
    here = quote(answer.wsgi_request.path)
    return bytes(answer.content.replace(f'?next={here}"'.encode(), b'?next=here"'))
