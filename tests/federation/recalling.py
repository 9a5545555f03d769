"""A council with a test open, and what tests of recalls do there at once."""

import threading
import time
import uuid
from io import StringIO

from django.core.management import call_command

from assemblies.acts.declaring import Act
from assemblies.acts.perform import perform
from assemblies.door.verifying import finding_of
from assemblies.models import Entry, Journal
from tests.assemblies.test_races import all_at_once
from tests.federation.several import Several, confederate
from tests.rooms import Room

FREE = {"mandate_required": [], "debate": False, "recall_notice_days": 0}

PATIENCE = 60  # s after which a lock is taken for one that never comes


def asking(letters: str = "ABC", test: bool = True, **rule) -> tuple[Several, Room]:
    """Return bases in session, and their council with a test open."""
    several = confederate(letters, preset="portland_confederation", rule={**FREE, **rule})
    several.carry("A")
    return several, several.ask(test=test)


def act(do: str, room: Room, who: str, /, **args) -> Act:
    """Return an act of somebody in a room, with an id of its own."""
    return Act(do, args, room.key(who), str(uuid.uuid4()))


def entries(room: Room, **wanted):
    """Return entries in the journal of a meeting, in their order."""
    return Entry.objects.filter(journal=room.meeting.journal_id, **wanted).order_by("seq")


def recalled_at(room: Room) -> int:
    """Return the number of the entry by which a council learned of a recall."""
    told = list(entries(room, kind="federation.delegates_changed"))
    return next(one.seq for one in told if one.facts["recalled"])


def in_time(works) -> list:
    """Do several things at once; fail where they wait for each other for ever."""
    found: list = []
    runner = threading.Thread(target=lambda: found.extend(all_at_once(works)), daemon=True)
    runner.start()
    runner.join(PATIENCE)
    assert not runner.is_alive(), "they wait for each other"
    return found


def again_and_again(room: Room, who: str, deeds, over: threading.Event):
    """Return something to do at once: these acts in turn until it is over, and once more."""

    def work() -> dict[str, str]:
        while True:
            last = over.is_set()
            codes = {
                do: perform(room.meeting, [act(do, room, who, **args)], now=room.clock)[0].code
                for do, args in deeds
            }
            if last:
                return codes
            # SQLite's lock goes to whoever asks first, not to who has waited longest.
            time.sleep(0.002)

    return work


def holds(several: Several) -> bool:
    """Say whether every journal is what was written: of bases, of the council, of its meeting."""
    rooms = [*several.rooms.values(), *([several.here] if several.here else [])]
    for room in rooms:
        call_command("verify", room.meeting.key, stdout=StringIO())
    return all(finding_of(one).ok for one in Journal.objects.all())


def to_vote(several: Several, room: Room) -> None:
    """Have two rounds go by, so that the council is asked whether it overrides."""
    for version in (1, 2):
        if version == 2:
            room.done("b1", "offer_amendment", amendment="m1", text="Another text.")
            room.done("a2", "accept_amendment", amendment="m1")
            room.done("a1", "open_test")
        for who, position in (("a2", "agree"), ("b1", "agree"), ("c1", "disagree")):
            room.done(who, "take_position", position=position)
        several.later(seconds=30)
        room.done("a1", "close_test")
    room.done("a1", "open_vote")
