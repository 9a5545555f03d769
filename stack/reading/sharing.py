"""Measure how the floor is shared on the open item: private hints, and numbers for everybody.

Everything here stands still between two entries of the journal: a turn's time is counted once it
has ended, so that no two screens differ at one seq.
"""

from dataclasses import dataclass

from assemblies.door.page import Page
from assemblies.models import Participant
from assemblies.sheets import Agenda, Roll
from stack.rules import measures
from stack.rules.measures import Spoken
from stack.sheets.floor import Floor


@dataclass(frozen=True, slots=True)
class Shared:
    """The open item's floor: what each has said, who has been heard, who might be.

    `said`: turns that have ended, by key. `heard`: keys, who speaks now included. `present`: those
    who may speak, people counted without names too. `silent`: how many of them by name have not
    been heard. `waiting`: keys of those who have a hand up, or their turn in a round to come.
    """

    said: dict[str, Spoken]
    heard: frozenset[str]
    present: int
    silent: int
    waiting: frozenset[str]


def may_speak(page: Page, person: Participant) -> bool:
    """Say whether somebody is here and may raise a hand (ROOM.md 5, 5)."""
    return person.present and (page.meeting.guests_welcome or page.sheet(Roll).counts(person))


def shared(page: Page) -> Shared:
    """Return how the floor is shared on the open item; computed once for each head."""
    floor, head = page.sheet(Floor), page.journal.head
    if floor.shared is None or floor.shared[0] != head:
        floor.shared = head, measured(page)
    found: Shared = floor.shared[1]
    return found


def measured(page: Page) -> Shared:
    """Measure the floor of the open item."""
    floor, roll, meeting = page.sheet(Floor), page.sheet(Roll), page.meeting
    turns = floor.turns_heard(page)
    key = {turn.participant_id: roll.by_id[turn.participant_id].key for turn in turns}
    ended = [
        (key[turn.participant_id], int(turn.clock.elapsed(turn.ended_at).total_seconds()))
        for turn in turns
        if turn.ended_at is not None
    ]
    heard = frozenset(key.values())
    present = roll.present(meeting) if meeting.guests_welcome else roll.counting(meeting)
    heard_here = sum(1 for who in heard if may_speak(page, roll.people[who]))
    silent = present - meeting.heads - heard_here
    waiting = frozenset(
        roll.by_id[hand.participant_id].key
        for hand in floor.waiting
        if hand.kind in ("hand", "round")
    )
    return Shared(measures.spoken(ended), heard, present, silent, waiting)


def nudge_of(page: Page, person: Participant) -> str | None:
    """Return what somebody is asked, and nobody else sees: "step_back", "step_up" or None."""
    floor, agenda = page.sheet(Floor), page.sheet(Agenda)
    turn = floor.turn
    if agenda.open is None or (turn is not None and turn.participant_id == person.pk):
        return None
    here = shared(page)
    own = here.said.get(person.key)
    if own is not None:
        total = sum(one.seconds for one in here.said.values())
        return "step_back" if measures.step_back(own, total, here.present) else None
    if not here.heard or person.key in here.heard or not agenda.half_over:
        return None
    if floor.row.state == "closed" or not may_speak(page, person):
        return None
    return None if person.key in here.waiting else "step_up"


def unheard_shown(page: Page) -> int | None:
    """Return how many have not been heard on the open item.

    None while nobody has spoken, and where it would point at one or two people.
    """
    if page.sheet(Agenda).open is None or not (here := shared(page)).heard:
        return None
    return here.silent if here.silent == 0 or here.silent >= measures.LEAST else None


def few_speak(page: Page) -> bool:
    """Say whether a facilitator is to be offered a go-round."""
    agenda, here = page.sheet(Agenda), shared(page)
    if agenda.open is None or page.sheet(Floor).row.order == "round":
        return False
    return measures.offer_round(
        [own.seconds for own in here.said.values()],
        present=here.present,
        silent=here.silent,
        half_over=agenda.half_over,
        turn_seconds=page.meeting.turn_seconds,
    )
