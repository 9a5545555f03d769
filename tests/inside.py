"""Staging for tests with real servers: a process of its own that knows Django.

It reads one JSON line `[what, said]` after another and answers each on a line.
"""

import json
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assembly_site.settings")

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from assemblies.door.journal import read
from assemblies.door.shelf import shelf
from assemblies.door.verifying import finding_of
from assemblies.models import Entry, Journal, Meeting, Membership, Person
from assemblies.reading.state import state
from assemblies.records.tasks import forget
from assemblies.rules.keys import new_key
from assemblies.services.founding import found_assembly, new_link
from federation.models import Affiliation, Recall, UnitPosition
from tests.federation.bodies import grow, risen
from tests.federation.several import confederate
from tests.rooms import Room, make_room


def cookie_for(person: Person) -> str:
    """Return the session of a browser in which somebody is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def migrate(said: dict[str, Any]) -> None:
    """Make the tables."""
    call_command("migrate", verbosity=0)


def collect(said: dict[str, Any]) -> None:
    """Collect the static files."""
    call_command("collectstatic", verbosity=0, interactive=False)


def stage(said: dict[str, Any]) -> dict[str, Any]:
    """Open a meeting with Fay and these people in it, and return their cookies."""
    room = make_room(*said["people"], started=said.get("started", True), **said.get("assembly", {}))
    people = {
        name: {"key": seat.key, "cookie": cookie_for(seat.person)}
        for name, seat in room.people.items()
    }
    stranger = Person.objects.create_user(name="Stranger")
    people["stranger"] = {"key": "", "cookie": cookie_for(stranger)}
    meeting = room.meeting
    return {
        "meeting": meeting.key,
        "assembly": room.assembly.key,
        "code": meeting.code,
        "secret": meeting.secret,
        "people": people,
    }


def council(said: dict[str, Any]) -> dict[str, Any]:
    """Make a federation of three levels in which something rose to the highest council."""
    grown = grow([6, 2, 1])
    items = risen(grown)
    UnitPosition.objects.update(at=timezone.now() - timedelta(days=1))
    member = grown.member(grown.base)
    Membership.objects.filter(person=member).update(organiser=True)
    return {
        "cookie": cookie_for(member),
        "base": grown.base.key,
        "city": grown.levels[1][0].key,
        "top": grown.top.assembly.key,
        "items": [one.key for one in items],
    }


def recalling(said: dict[str, Any]) -> dict[str, Any]:
    """Have a council of three asked for positions, while a base may decide to recall its delegate.

    The delegate has raised a hand, shows a signal, facilitates, and agrees.
    """
    rule = {"mandate_required": [], "debate": False}
    at = timezone.now() - timedelta(minutes=18)
    several = confederate("ABC", preset="portland_confederation", rule=rule, now=at)
    several.carry("A")
    room = several.ask()
    room.done("a1", "give_role", role="facilitator", who="b1")
    for do, args in (
        ("take_position", {"position": "agree"}),
        ("raise_hand", {}),
        ("show_signal", {"signal": "agree"}),
    ):
        room.done("a1", do, **args)
    several.almost_recalled("A")
    return {"base": seats_of(several["A"]), "council": seats_of(room)}


def confederation(said: dict[str, Any]) -> dict[str, Any]:
    """Have a council meet beside its bases; D's delegate d4 is asked about at home, d3 waits.

    `letters`: its units. `rule`: parameters of the council. `mandates`: what units told their
    delegates on the item on the table. `recall`: a recall of d4 was opened sixteen minutes ago.
    `more`: so many units more, of which nobody is there.
    """
    letters, rule = said.get("letters", "ABCDEFG"), said.get("rule", {})
    several = confederate(letters, people=5, rule={"parity": "none", **rule}, key=new_key())
    several.act("D", "step_down")
    for who, standing in (("d4", "delegate"), ("d3", "alternate")):
        several.act("D", "choose_delegate", who=who, seat=1, **{"as": standing})
    several.carry("A", title="A common strike fund", text="Every assembly pays 2 % of dues.")
    for letter in letters:
        told = {"position": "agree", **said.get("mandates", {}).get(letter, {})}
        several.decide(letter, "What we say")
        several.act(letter, "give_mandate", item="q1", **told)
    for n in range(said.get("more", 0)):
        unit = found_assembly(several.person("a1"), name=f"Street {n + 1} assembly")
        Affiliation.objects.create(
            council=several.council, unit=unit, joined_at=timezone.now() + timedelta(seconds=n)
        )
    several.council.items.update(notice_until=timezone.now() - timedelta(days=1))
    council = several.meet("d3")
    for do, args in (
        ("bring_proposal", {"proposal": "q1"}),
        ("take_up_item", {"item": "q1"}),
        ("present_proposal", {"proposal": "q1"}),
        ("set_phase", {"phase": "discussion"}),
    ):
        council.done("a1", do, **args)
    if said.get("recall"):
        base = several["D"]
        base.done("d5", "open_recall", who="d4", reason="Said what we did not say.")
        base.done("d1", "hear_delegate")
        Recall.objects.update(opened_at=timezone.now() - timedelta(minutes=16))
    return {name: seats_of(several[name]) for name in ("X", "D")}


def seats_of(room: Room) -> dict[str, Any]:
    """Return a meeting and the cookies of who is in it."""
    people = {
        name: {"key": seat.key, "cookie": cookie_for(seat.person)}
        for name, seat in room.people.items()
    }
    return {"meeting": room.meeting.key, "assembly": room.assembly.key, "people": people}


def tell(said: dict[str, Any]) -> dict[str, Any]:
    """Return the state of a meeting, its entries by kind, and whether the chain holds."""
    meeting = Meeting.objects.get(key=said["meeting"])
    journal = Journal.objects.get(pk=meeting.journal_id)
    found = finding_of(journal)
    kinds: dict[str, int] = {}
    for kind in Entry.objects.filter(journal=journal).values_list("kind", flat=True):
        kinds[kind] = kinds.get(kind, 0) + 1
    return {
        "state": state(read(meeting)),
        "kinds": kinds,
        "seq": journal.seq,
        "chain": found.ok,
        "why": found.why,
    }


def forget_tomorrow(said: dict[str, Any]) -> bool:
    """Have a worker forget what need not be kept, as if a day had passed since the meeting."""
    ended = Meeting.objects.filter(key=said["meeting"], phase="ended")
    ended.update(ended_at=timezone.now() - timedelta(days=1, minutes=1))
    forget.delay()
    return True


def link(said: dict[str, Any]) -> str:
    """Return a personal link of a purpose for somebody."""
    person = Person.objects.get(seats__key=said["key"]) if said.get("key") else None
    meeting = Meeting.objects.filter(key=said.get("meeting", "")).first()
    return new_link(said["purpose"], person=person, meeting=meeting)


DOING: dict[str, Callable[[dict[str, Any]], Any]] = {
    "migrate": migrate,
    "collect": collect,
    "stage": stage,
    "tell": tell,
    "link": link,
    "forget": forget_tomorrow,
    "council": council,
    "recalling": recalling,
    "confederation": confederation,
}


def main() -> None:
    """Do what is asked until nobody asks, and remember nothing of it: the database tells."""
    for line in sys.stdin:
        what, said = json.loads(line)
        answer = DOING[what](said)
        shelf.clear()
        connections.close_all()
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
