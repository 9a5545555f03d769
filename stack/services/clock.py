"""The clock of a turn: whether there is one, how long it runs, who may stop it."""

import math

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.acts.arguments import Flag, Who, Whole
from assemblies.acts.declaring import SITTING, act
from assemblies.door.kinds import Silent, Undo, any_of, card, either, rows, same
from assemblies.door.page import Page
from assemblies.models import Entry, Meeting, Participant
from assemblies.rules.errors import Refused
from assemblies.sheets import Roll
from stack.models import Turn
from stack.sheets.floor import Floor
from stack.words import sentences

# Nobody is shown who has it, so the entry does not say; even that it was set is forgotten.

KEEPS_TIME = ("facilitator", "timekeeper")
MORE_SECONDS = 30


def turn_under_way(page: Page) -> Turn:
    """Return the turn under way, or refuse."""
    turn = page.sheet(Floor).turn
    if turn is None:
        raise Refused("not_open", _("Nobody is speaking."))
    return turn


def stop(page: Page) -> bool:
    """Stop the clock of the turn under way; say whether it was running."""
    turn = page.sheet(Floor).turn
    if turn is None or turn.stopped_at is not None:
        return False
    turn.stop(page.now)
    page.put(turn)
    return True


def grant(page: Page, turn: Turn, seconds: int) -> None:
    """Let a turn last some seconds more, from now if its time is over."""
    spoken = math.ceil(turn.clock.elapsed(page.now).total_seconds())
    turn.seconds = max(turn.seconds or 0, spoken) + seconds
    page.put(turn)


@act("pause_turn", roles=KEEPS_TIME, phases=SITTING)
def pause_turn(page: Page, *, by: Participant) -> None:
    """Stop the clock."""
    turn_under_way(page)
    if not stop(page):
        raise Refused("already_done", _("The clock stands still."))
    page.note(CLOCK_STOPPED)


@act("resume_turn", roles=KEEPS_TIME, phases=SITTING)
def resume_turn(page: Page, *, by: Participant) -> None:
    """Let the clock run again."""
    turn_under_way(page)
    if not page.sheet(Floor).go_on(page):
        raise Refused("already_done", _("The clock is running."))
    page.note(CLOCK_STARTED)


@act("set_clock", roles=KEEPS_TIME, on=Flag(True))
def set_clock(page: Page, *, by: Participant, on: bool) -> None:
    """Give turns a clock, or none, whatever the size of the meeting.

    A turn under way without a clock has a whole turn from now; one with a clock keeps it.
    """
    floor, choice = page.sheet(Floor), "on" if on else "off"
    turn = floor.turn if on else None
    if turn is not None and turn.seconds is None:
        grant(
            page, turn, floor.allotted(page, page.sheet(Roll).by_id[turn.participant_id], turn.kind)
        )
    elif page.meeting.clock == choice:
        return
    page.meeting.clock = choice
    page.put(page.meeting)
    page.note(CLOCK_SET, on=on)


@act(
    "extend_turn", roles=KEEPS_TIME, phases=SITTING, seconds=Whole(MORE_SECONDS, least=5, most=600)
)
def extend_turn(page: Page, *, by: Participant, seconds: int) -> None:
    """Give a turn more seconds; anybody may object for 15 s."""
    turn = turn_under_way(page)
    if turn.seconds is None:
        raise Refused("not_open", _("This turn has no clock."))
    grant(page, turn, seconds)
    who = page.sheet(Roll).by_id[turn.participant_id]
    page.note(TURN_EXTENDED, turn=str(turn.pk), who=who.key, seconds=seconds)


@act("set_double_time", roles=["facilitator", "greeter"], who=Who(), on=Flag(True))
def set_double_time(page: Page, *, by: Participant, who: Participant, on: bool) -> None:
    """Give somebody twice the time from their next turn on: who asked, is interpreted, stammers."""
    if who.double_time != on:
        who.double_time = on
        page.put(who)
        page.concern(who)
        page.note(DOUBLE_TIME_SET)


def unextend(page: Page, entry: Entry) -> None:
    """Take back seconds that were added."""
    turn, facts = page.sheet(Floor).turn, entry.facts or {}
    if turn is None or str(turn.pk) != facts["turn"] or turn.seconds is None:
        raise Refused("wrong_phase", _("That turn is over."))
    turn.seconds = max(1, turn.seconds - facts["seconds"])
    page.put(turn)


# --- the cards of the entries written here ---

CLOCK_STOPPED = card(
    "stack.clock_stopped",
    "floor",
    minutes=Silent("It only holds the time while something is cleared up."),
    writes=(rows(Turn),),
)
CLOCK_STARTED = card(
    "stack.clock_started",
    "floor",
    minutes=Silent("It only holds the time while something is cleared up."),
    writes=(rows(Turn),),
)
CLOCK_SET = card(
    "stack.clock_set",
    "meeting",
    "floor",
    minutes=Silent("How many seconds a turn has stands in the rules of the meeting."),
    writes=(
        rows(Meeting),
        rows(Turn),
    ),
)
TURN_EXTENDED = card(
    "stack.turn_extended",
    "floor",
    "question",
    minutes=Silent("How long somebody spoke is told in numbers of groups only."),
    undo=Undo(
        unextend,
        either(
            any_of(
                "stack.turn_called",
                "stack.turn_ended",
                "stack.turn_passed",
                "stack.turn_yielded",
                "assemblies.item_taken_up",
                "assemblies.item_finished",
            ),
            same("who", "assemblies.left"),
        ),
        by_room=True,
    ),
    doer=gettext_lazy("You gave a turn more time"),
    room=sentences.a_turn_gets_more_time,
    writes=(rows(Turn, pk="turn"),),
)
DOUBLE_TIME_SET = card(
    "stack.double_time_set",
    "roll",
    minutes=Silent("That somebody needs more time is never told."),
    erasable=True,
    writes=(rows(Participant),),
)
