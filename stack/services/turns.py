"""Turns: who is called, what ends a turn, how it is passed on."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.acts.arguments import Who, Whole
from assemblies.acts.declaring import SITTING, act
from assemblies.door.house import house
from assemblies.door.kinds import Silent, Undo, any_of, card, rows
from assemblies.door.page import Page
from assemblies.door.undoing import later_entries
from assemblies.models import Entry, Participant
from assemblies.rules.errors import Refused
from assemblies.sheets import Agenda, Roll
from stack import rules
from stack.models import Hand, Turn
from stack.services.clock import CLOCK_STARTED, CLOCK_STOPPED, KEEPS_TIME, stop, turn_under_way
from stack.services.orders import SERVES, ask_again
from stack.sheets.floor import Floor
from stack.words import sentences


def speaks(page: Page, person: Participant) -> bool:
    """Say whether somebody holds the floor."""
    turn = page.sheet(Floor).turn
    return turn is not None and turn.participant_id == person.pk


# --- serving -------------------------------------------------------------------------------------


@act("call_next", roles=SERVES, phases=SITTING, seen=Whole(None, least=0, most=10**12))
def call_next(page: Page, *, by: Participant, seen: int | None) -> None:
    """Serve what is first: the lane, then the stack.

    `seen` is the seq of the screen on which somebody pressed: if somebody was called since, this
    press meant them too and is `already_served`.
    """
    floor = page.sheet(Floor)
    if seen is not None and served_since(page, seen):
        raise Refused("already_served", _("Somebody else has just called the next one."))
    first = next(iter(floor.served_now(page)), None)
    if first is None:
        if waiting := floor.serving(page):
            may_call(page, waiting[0])
        raise Refused("nobody_waiting", _("Nobody is waiting."))
    serve(page, first)


def may_call(page: Page, hand: Hand) -> None:
    """Refuse what has to wait for the phase of a proposal (ROOM.md 5, 13)."""
    if why := house().reason_to_wait(page, hand.kind):
        raise Refused("wrong_phase", why)


def served_since(page: Page, seen: int) -> bool:
    """Say whether somebody was called after a screen was printed."""
    return any(entry.kind in (TURN_CALLED, POINT_TAKEN) for entry in later_entries(page, seen))


@act("call", roles=SERVES, phases=SITTING, who=Who(None))
def call(page: Page, *, by: Participant, who: Participant | None) -> None:
    """Serve one person who waits."""
    who = who or by
    floor = page.sheet(Floor)
    hand = floor.of(who)
    if hand is None:
        if floor.has_spoken(who, page.sheet(Agenda).open):
            raise Refused("already_served", _("%(name)s was called already.") % {"name": who.name})
        raise Refused("nobody_waiting", _("%(name)s is not waiting.") % {"name": who.name})
    may_call(page, hand)
    serve(page, hand)


def serve(page: Page, hand: Hand) -> None:
    """Take a technical point, or give the floor; who spoke has finished."""
    floor = page.sheet(Floor)
    who = page.sheet(Roll).by_id[hand.participant_id]
    if hand.kind == "technical_point":
        taken = floor.taken_point()
        if taken is not None:
            raise Refused("point_pending", _("A technical point is being dealt with."))
        hand.state = "taken"
        page.put(hand)
        page.note(POINT_TAKEN, who=who.key, hand=str(hand.pk), stopped=stop(page))
        return
    former = floor.end(page, "next")
    floor.put_down(page, hand, "called")
    floor.overtake(page, hand)
    kind = rules.turn_kind(hand.kind)
    turn = floor.begin(page, who, kind, hand, page.now)
    page.note(
        TURN_CALLED,
        who=who.key,
        kind=kind,
        hand=str(hand.pk),
        turn=str(turn.pk),
        former=str(former.pk) if former else None,
    )


@act("answer_point", roles=["facilitator"], who=Who(None))
def answer_point(page: Page, *, by: Participant, who: Participant | None) -> None:
    """A technical point is dealt with: it goes, and the clock runs again."""
    who = who or by
    floor = page.sheet(Floor)
    hand = floor.of(who, "technical_point")
    if hand is None:
        raise Refused("nobody_waiting", _("%(name)s has no technical point.") % {"name": who.name})
    floor.put_down(page, hand, "answered")
    floor.go_on(page)
    page.note(POINT_ANSWERED, who=who.key, hand=str(hand.pk))


# --- the turn ----------------------------------------------------------------------


@act("end_turn", roles=KEEPS_TIME, unless=speaks)
def end_turn(page: Page, *, by: Participant) -> None:
    """End the turn under way; nobody is called by it."""
    turn = turn_under_way(page)
    page.sheet(Floor).end(page, "ended")
    who = page.sheet(Roll).by_id[turn.participant_id]
    page.note(TURN_ENDED, who=who.key, turn=str(turn.pk))


def own_young_turn(page: Page, by: Participant) -> Turn:
    """Return the turn of somebody who may still pass it on, or refuse."""
    turn = turn_under_way(page)
    if turn.participant_id != by.pk:
        raise Refused("not_your_role", _("Who was called can do that."))
    if turn.clock.elapsed(page.now) > rules.PASS_WITHIN:
        raise Refused("not_open", _("A turn can be passed on in its first ten seconds."))
    return turn


@act("pass_turn", phases=SITTING, entered="anyone")
def pass_turn(page: Page, *, by: Participant) -> None:
    """Let this turn go, keeping no claim."""
    turn, floor = own_young_turn(page, by), page.sheet(Floor)
    floor.end(page, "passed")
    again = ask_again(page, turn) if floor.row.order == "round" else None
    more: dict[str, Any] = {"again": str(again.pk)} if again is not None else {}
    page.note(TURN_PASSED, who=by.key, turn=str(turn.pk), **more)


@act("yield_turn", phases=SITTING, entered="anyone", to=Who())
def yield_turn(page: Page, *, by: Participant, to: Participant) -> None:
    """Give this turn to somebody who waits."""
    floor, turn = page.sheet(Floor), own_young_turn(page, by)
    hand = floor.of(to, "hand")
    if hand is None:
        raise Refused("nobody_waiting", _("%(name)s is not waiting.") % {"name": to.name})
    may_call(page, hand)
    floor.end(page, "yielded")
    floor.put_down(page, hand, "called")
    given = floor.begin(page, to, "hand", hand, page.now)
    page.note(
        TURN_YIELDED,
        who=by.key,
        to=to.key,
        hand=str(hand.pk),
        turn=str(given.pk),
        former=str(turn.pk),
    )


# --- taking back ---------------------------------------------------------------------------------


def uncall(page: Page, entry: Entry) -> None:
    """Take back a call or a yielding: the hand waits again, who spoke before has the floor back."""
    floor, facts = page.sheet(Floor), entry.facts or {}
    turn = next((turn for turn in floor.turns if str(turn.pk) == facts["turn"]), None)
    if turn is None or turn.ended_at is not None:
        raise Refused("wrong_phase", _("That turn is over."))
    floor.turns.remove(turn)
    page.drop(turn)
    floor.put_back(page, facts["hand"])
    if facts["former"]:
        floor.resume(page, facts["former"])
    floor.concern_sharers(page)


def untake_point(page: Page, entry: Entry) -> None:
    """Let a technical point wait again."""
    floor, facts = page.sheet(Floor), entry.facts or {}
    taken = floor.taken_point()
    if taken is None or str(taken.pk) != facts["hand"]:
        raise Refused("wrong_phase", _("That point is not being dealt with any more."))
    floor.put_back(page, facts["hand"])
    if facts["stopped"]:
        floor.go_on(page)


def unend(page: Page, entry: Entry) -> None:
    """Give the floor back to who was stopped, or let it go."""
    floor, facts = page.sheet(Floor), entry.facts or {}
    if floor.turn is not None:
        raise Refused("wrong_phase", _("Somebody else is speaking."))
    # Who has the floor back in a round is not asked once more for having passed.
    again = next((hand for hand in floor.waiting if str(hand.pk) == facts.get("again")), None)
    if again is not None:
        floor.put_down(page, again, "lowered")
    floor.resume(page, facts["turn"])


ON_THE_FLOOR = any_of(
    "stack.turn_called",
    "stack.turn_ended",
    "stack.turn_passed",
    "stack.turn_yielded",
    "stack.point_taken",
    "stack.point_answered",
    CLOCK_STOPPED,
    CLOCK_STARTED,
    "assemblies.item_taken_up",
    "assemblies.item_finished",
    "assemblies.break_taken",
    "assemblies.meeting_ended",
)


# --- the cards of the entries written here ---

TURN_CALLED = card(
    "stack.turn_called",
    "floor",
    minutes=sentences.SPOKE,
    undo=Undo(uncall, ON_THE_FLOOR),
    doer=gettext_lazy("You called somebody"),
    writes=(
        rows(Turn, pk="turn"),
        rows(Hand, pk="hand"),
    ),
)
TURN_ENDED = card(
    "stack.turn_ended",
    "floor",
    minutes=Silent("That somebody spoke is told from when they were called."),
    undo=Undo(unend, ON_THE_FLOOR),
    doer=gettext_lazy("You ended a turn"),
    log=sentences.turns_ended,
    writes=(rows(Turn, pk="turn"),),
)
TURN_PASSED = card(
    "stack.turn_passed",
    "floor",
    minutes=sentences.SPOKE,
    undo=Undo(unend, ON_THE_FLOOR),
    doer=gettext_lazy("You let a turn pass"),
    writes=(
        rows(Turn, pk="turn"),
        rows(Hand, pk="again"),
    ),
)
TURN_YIELDED = card(
    "stack.turn_yielded",
    "floor",
    minutes=sentences.SPOKE,
    undo=Undo(uncall, ON_THE_FLOOR),
    doer=gettext_lazy("You gave the floor to somebody else"),
    writes=(
        rows(Turn, pk="turn"),
        rows(Hand, pk="hand"),
    ),
)
POINT_TAKEN = card(
    "stack.point_taken",
    "floor",
    minutes=Silent("A technical point serves the moment."),
    undo=Undo(untake_point, ON_THE_FLOOR),
    doer=gettext_lazy("You took a technical point"),
    writes=(
        rows(Hand, pk="hand"),
        rows(Turn),
    ),
)
POINT_ANSWERED = card(
    "stack.point_answered",
    "floor",
    minutes=sentences.POINTS,
    writes=(
        rows(Hand, pk="hand"),
        rows(Turn),
    ),
)
