"""What the bench does with Django: prepare a meeting, check what is left of it.

`python -m bench.inside migrate | gather SEATS ABOUT | check MEETING | crowd SEATS |
replay MEETING | act | pages`: JSON in, JSON out.
"""

import json
import os
import random
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assembly_site.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django must be set up first
from django.contrib.auth import (  # noqa: E402
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
)
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402
from django.utils.crypto import get_random_string  # noqa: E402

from assemblies.acts.declaring import Act  # noqa: E402
from assemblies.acts.perform import perform  # noqa: E402
from assemblies.door.sealing import body_of  # noqa: E402
from assemblies.door.shelf import shelf  # noqa: E402
from assemblies.models import Entry, Meeting, Participant, Person, Receipt  # noqa: E402
from assemblies.rules import (  # noqa: E402
    UNDO_WITHIN,
    Line,
    chain,
)
from assemblies.services.founding import found_assembly, new_meeting, seat_of  # noqa: E402
from bench.councils import gather_council  # noqa: E402
from bench.replay import floor_in_rows, floor_told_by  # noqa: E402
from proposals.rules import TEST_AT_LEAST  # noqa: E402
from stack.rules import OPTIONAL  # noqa: E402

BATCH = 500
AGENDA = (
    Line("Welcome", 5, "opening"),
    Line("Report from the garden", 10, "report_back"),
    Line("How we share the hall", 30, "discussion"),
    Line("Closing", 5, "closing"),
)


def migrate() -> None:
    """Make the tables, and the names under which pages ask for static files."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def gather(seats: int, lines: Sequence[Line] = AGENDA, **assembly: Any) -> dict[str, Any]:
    """Return a meeting in session, the first seat being its facilitator's."""
    people = Person.objects.bulk_create(new_people(seats), batch_size=BATCH)
    body = found_assembly(people[0], name="Bench", admission="open", **assembly)
    meeting = new_meeting(
        body, title="A full hall", starts_at=timezone.now(), lines=lines, organiser=people[0]
    )
    sit_down(meeting, people[1:])
    shelf.clear()
    seated = Participant.objects.filter(meeting=meeting)
    actor_of = dict(seated.values_list("person_id", "key"))
    for act in ({"do": "open_doors"}, {"do": "start_meeting"}, {"do": "take_up_item", "item": "1"}):
        do(meeting, actor_of[people[0].pk], act)
    return {
        "meeting": meeting.key,
        "cookie": settings.SESSION_COOKIE_NAME,
        "seats": list(zip((actor_of[one.pk] for one in people), signed_in(people), strict=True)),
        "names": [one.name for one in people],
    }


def do(meeting: Meeting, actor: str, act: dict[str, Any], now: datetime | None = None) -> None:
    """Do an act that must be accepted."""
    answer = perform(meeting, [Act.read(act, actor=actor)], now=now)[0]
    assert answer.accepted, answer


def gather_for_test(seats: int) -> dict[str, Any]:
    """Return a meeting in which everybody was asked for a position, long enough ago to close."""
    told = gather(seats)
    meeting = Meeting.objects.get(key=told["meeting"])
    for act in (
        {
            "do": "put_forward",
            "proposal": "p1",
            "title": "Refuse the increase",
            "text": "We refuse the increase of 1 May and pay the old rent, all of us, together.",
        },
        {"do": "present_proposal", "proposal": "p1"},
        {"do": "set_phase", "phase": "discussion"},
        {"do": "open_test"},
    ):
        do(meeting, told["seats"][0][0], act, now=timezone.now() - TEST_AT_LEAST)
    return told


def gather_for_council(seats: int) -> dict[str, Any]:
    """Return a council in session, its units being asked for their positions."""
    told = gather_council(seats, new_people, signed_in, do)
    return {**told, "cookie": settings.SESSION_COOKIE_NAME}


GATHERED = {"signals": gather, "test": gather_for_test, "council": gather_for_council}


def crowd(seats: int) -> dict[str, Any]:
    """Return a meeting for `bench.crowd`: two stack takers, one guest, every signal, many items."""
    lines = [Line(f"Point {number}", 1 + number % 3, "discussion") for number in range(1, 31)]
    told = gather(seats, lines, optional_signals=list(OPTIONAL))
    meeting = Meeting.objects.select_related("assembly").get(key=told["meeting"])
    meeting.assembly.groups = ["women", "under 25"]
    meeting.assembly.save(update_fields=["groups"])
    keys = [key for key, _session in told["seats"]]
    chance = random.Random(seats)
    for place, seat in enumerate(Participant.objects.filter(meeting=meeting).order_by("name")):
        seat.groups = [name for name in ("women", "under 25") if chance.random() < 0.4]
        seat.kind = "guest" if place == seats - 1 else seat.kind
        seat.save(update_fields=["groups", "kind"])
    shelf.clear()
    # Long enough ago that no tap of the crowd undoes it: without a role a console is a phone.
    long_ago = timezone.now() - 2 * UNDO_WITHIN
    # The console shows to a facilitator what is a greeter's, too: heads, for counting the room.
    for act in (
        {"do": "give_role", "role": "stack_taker", "who": keys[0]},
        {"do": "give_role", "role": "stack_taker", "who": keys[1]},
        {"do": "check_in", "heads": 5},
        {"do": "welcome_guests", "on": True},
    ):
        do(meeting, keys[0], act, now=long_ago)
    return told


def replay(meeting_key: str) -> dict[str, Any]:
    """Return the floor as the journal alone tells it, and as the rows have it, at one seq."""
    while True:
        meeting = Meeting.objects.select_related("journal").get(key=meeting_key)
        told, rows = floor_told_by(meeting), floor_in_rows(meeting)
        kinds = Counter(
            Entry.objects.filter(journal=meeting.journal).values_list("kind", flat=True)
        )
        if sum(kinds.values()) == meeting.journal.seq:
            return {"seq": meeting.journal.seq, "told": told, "rows": rows, "kinds": kinds}


def new_people(number: int) -> list[Person]:
    """Return people with names like those on a roll, not yet saved."""
    people = [Person(name=f"Person {place:04}") for place in range(number)]
    for person in people:
        person.set_unusable_password()
    return people


def sit_down(meeting: Meeting, people: list[Person]) -> None:
    """Give everybody a seat, at once: joining by the door would take a handful each."""
    seats = [seat_of(meeting, person, person.name, "member") for person in people]
    for seat in seats:
        seat.present, seat.arrived_at = True, seat.created_at
    Participant.objects.bulk_create(seats, batch_size=BATCH)


def signed_in(people: list[Person]) -> list[str]:
    """Return a session for each."""
    store = SessionStore()
    expires = timezone.now() + timedelta(days=1)
    sessions = [
        Session(
            session_key=get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789"),
            session_data=store.encode(
                {
                    SESSION_KEY: str(person.pk),
                    BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                    HASH_SESSION_KEY: person.get_session_auth_hash(),
                }
            ),
            expire_date=expires,
        )
        for person in people
    ]
    Session.objects.bulk_create(sessions, batch_size=BATCH)
    return [session.session_key for session in sessions]


def check(meeting_key: str, accepted: list[list[Any]]) -> dict[str, Any]:
    """Compare what phones were told with what the database holds.

    `accepted` are [actor, act id, seq, signal] of acts that each write one entry (signals shown).
    """
    meeting = Meeting.objects.select_related("journal").get(key=meeting_key)
    entries = list(Entry.objects.filter(journal=meeting.journal).order_by("seq"))
    at = {entry.seq: entry for entry in entries}
    shown = [entry for entry in entries if entry.kind == "stack.signal_shown"]
    receipts = {
        (row.actor, row.act): row.seq
        for row in Receipt.objects.filter(journal=meeting.journal, code="")
    }
    lost = [
        name
        for actor, name, seq, signal in accepted
        if not (
            (entry := at.get(seq))
            and (entry.actor, entry.kind) == (actor, "stack.signal_shown")
            and entry.facts == {"signal": signal}
            and receipts.get((actor, name)) == seq
        )
    ]
    written, told = Counter(entry.actor for entry in shown), Counter(one[0] for one in accepted)
    numbers = [entry.seq for entry in entries]
    found = chain.check(
        map(Link, entries), seq=meeting.journal.seq, head=meeting.journal.head, erasable=frozenset()
    )
    return {
        "entries": len(entries),
        "seq": meeting.journal.seq,
        "lost": len(lost),
        "doubled": sum((written - told).values()) + len(accepted) - len({o[2] for o in accepted}),
        "gaps": len(set(range(1, meeting.journal.seq + 1)) ^ set(numbers)),
        "chain": found.why or "holds",
    }


class Link:
    """An entry as the chain wants to see it."""

    def __init__(self, entry: Entry) -> None:
        self.seq, self.salt = entry.seq, bytes(entry.salt)
        self.leaf, self.head, self._entry = entry.leaf, entry.head, entry

    def body(self) -> dict[str, Any] | None:
        """Return what was said."""
        return body_of(self._entry)


def main() -> None:
    """Do what was asked, and say what came of it."""
    what, *words = sys.argv[1:]
    given = json.loads(sys.stdin.read() or "null")
    if what == "migrate":
        migrate()
    elif what == "gather":
        print(json.dumps(GATHERED[words[1]](int(words[0]))))
    elif what == "crowd":
        print(json.dumps(crowd(int(words[0]))))
    elif what == "replay":
        print(json.dumps(replay(words[0])))
    elif what == "check":
        print(json.dumps(check(words[0], given)))
    elif what == "act":
        from bench.acts import handfuls  # noqa: PLC0415 - needs Django set up

        print(json.dumps(handfuls()))
    elif what == "pages":
        from bench.pages import measured  # noqa: PLC0415 - needs Django set up

        print(json.dumps(measured()))


if __name__ == "__main__":
    main()
