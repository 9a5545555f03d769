"""What may be done on the floor: hands, signals, turns."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.acts.arguments import OneOf, Text, Who, Whole, text_within
from assemblies.acts.declaring import SITTING, act
from assemblies.door.house import house
from assemblies.door.kinds import Silent, Undo, any_of, card, rows
from assemblies.door.page import Page
from assemblies.door.undoing import later_entries
from assemblies.models import Entry, Participant
from assemblies.rules.errors import Refused
from assemblies.sheets import Agenda, Roll
from stack import rules
from stack.models import Hand, HandKind, HandSignal, Turn
from stack.services import orders as ordering
from stack.services.clock import CLOCK_STARTED, CLOCK_STOPPED, KEEPS_TIME, stop, turn_under_way
from stack.sheets.floor import Floor
from stack.sheets.signals import Signals
from stack.words import sentences

KINDS = tuple(kind for kind in HandKind.values if kind != "round")
SERVES = ("facilitator", "stack_taker")


def speaks(page: Page, person: Participant) -> bool:
    """Say whether somebody holds the floor."""
    turn = page.sheet(Floor).turn
    return turn is not None and turn.participant_id == person.pk


def may_raise(page: Page, person: Participant, args: Mapping[str, Any]) -> None:
    """Refuse hands of those who do not count: points and clarifications are open to all."""
    if args["kind"] in ("technical_point", "clarification") or page.sheet(Roll).counts(person):
        return
    if args["kind"] == "hand" and page.meeting.guests_welcome:
        return
    raise Refused("does_not_count", _("Guests speak once the room invites them."))


def uses(page: Page, signal: str) -> None:
    """Refuse an optional signal that this assembly does not use (DOMAIN.md 6.2)."""
    if signal in rules.OPTIONAL and signal not in page.meeting.assembly.optional_signals:
        raise Refused("not_open", _("This assembly does not use that signal."))


# --- hands and signals ---------------------------------------------------------------------------


@act(
    "raise_hand",
    counts=may_raise,
    phases=SITTING,
    entered="anyone",
    kind=OneOf("hand", words=KINDS),
    about=OneOf("", words=rules.ABOUT),
    note=Text(""),
)
def raise_hand(page: Page, *, by: Participant, kind: str, about: str, note: str) -> None:
    """Ask for the floor. Asking twice is asking once; a technical point may say its subject."""
    floor = page.sheet(Floor)
    uses(page, kind)
    note = text_within(note, 200, needed=False)
    if about and kind != "technical_point":
        raise Refused("unknown", _("Only a technical point says what it is about."))
    if kind == "direct_response" and floor.used_direct_response(by, page.sheet(Agenda).open):
        kind = "hand"
    if floor.of(by, kind):
        return
    if kind == "hand" and floor.row.state == "closed":
        raise Refused(
            "stack_closed",
            _("The stack is closed for this item. Points and clarifications are still heard."),
        )
    entered_by = page.actor.key if page.actor and page.on_behalf_of else ""
    hand = floor.add(page, by, kind, note, entered_by, about)
    more: dict[str, Any] = {"about": about} if about else {}
    page.note(HAND_RAISED, hand=str(hand.pk), kind=kind, n=hand.n, **more)


@act("lower_hand", entered="anyone", kind=OneOf("hand", words=KINDS))
def lower_hand(page: Page, *, by: Participant, kind: str) -> None:
    """Take a hand down, silently; a hand that is not up stays down."""
    floor = page.sheet(Floor)
    hand = floor.of(by, kind)
    if hand is not None:
        was_taken = hand.state == "taken"
        floor.put_down(page, hand, "lowered")
        if was_taken:
            floor.go_on(page)
        page.note(HAND_LOWERED, hand=str(hand.pk), kind=kind)


def shows_what_they_think(page: Page, person: Participant) -> bool:
    """Say whether somebody agrees, disagrees or is unsure just now."""
    return bool(rules.EXCLUSIVE.intersection(page.sheet(Signals).shown_by(person)))


@act(
    "show_signal",
    counts=True,
    phases=SITTING,
    entered="anyone",
    answered=shows_what_they_think,
    signal=OneOf(words=(*rules.SIGNALS, *rules.QUIET)),
)
def show_signal(page: Page, *, by: Participant, signal: str) -> None:
    """Show a signal to the room; what says the opposite is lowered."""
    signals = page.sheet(Signals)
    uses(page, signal)
    for other in rules.replaced_by(signal):
        signals.lower(page, by, other)
    signals.show(page, by, signal)
    page.note(SIGNAL_SHOWN, signal=signal)


@act("lower_signal", entered="anyone", signal=OneOf("", words=(*rules.SIGNALS, *rules.QUIET)))
def lower_signal(page: Page, *, by: Participant, signal: str) -> None:
    """Take a signal down, or all of them where none is named."""
    signals = page.sheet(Signals)
    for name in [signal] if signal else signals.shown_by(by):
        if signals.lower(page, by, name):
            page.note(SIGNAL_LOWERED, signal=name)


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
        if floor.spoke(who, page.sheet(Agenda).open):
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
    again = ordering.ask_again(page, turn) if floor.row.order == "round" else None
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


def unraise(page: Page, entry: Entry) -> None:
    """Take down a hand that was entered."""
    floor, name = page.sheet(Floor), (entry.facts or {})["hand"]
    hand = next((hand for hand in floor.waiting if str(hand.pk) == name), None)
    if hand is None:
        raise Refused("wrong_phase", _("That hand is not up any more."))
    floor.put_down(page, hand, "lowered")


def unlower(page: Page, entry: Entry) -> None:
    """Put a lowered hand up again, at its old place."""
    floor, facts = page.sheet(Floor), entry.facts or {}
    hand = Hand.objects.filter(pk=facts["hand"]).first()
    if hand is None or floor.of(hand.participant, hand.kind):
        raise Refused("wrong_phase", _("Another hand is up."))
    floor.put_back(page, facts["hand"])


def unshow(page: Page, entry: Entry) -> None:
    """Lower a signal that was entered."""
    person = page.sheet(Roll).find(entry.on_behalf_of or entry.actor)
    if person is not None:
        page.sheet(Signals).lower(page, person, (entry.facts or {})["signal"])


def reshow(page: Page, entry: Entry) -> None:
    """Show again a signal that was lowered."""
    signals, name = page.sheet(Signals), (entry.facts or {})["signal"]
    person = page.sheet(Roll).find(entry.on_behalf_of or entry.actor)
    if person is None or not person.present:
        raise Refused("wrong_phase", _("That person has left."))
    if rules.replaced_by(name) & set(signals.shown_by(person)):
        raise Refused("wrong_phase", _("Another signal is shown."))
    signals.show(page, person, name)


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

HAND_RAISED = card(
    "stack.hand_raised",
    "floor",
    minutes=Silent("Who waited is not told, who spoke is."),
    erasable=True,
    undo=Undo(unraise, offered=False),
    log=sentences.hands_raised,
    writes=(rows(Hand, pk="hand"),),
)
HAND_LOWERED = card(
    "stack.hand_lowered",
    "floor",
    minutes=Silent("Who waited is not told, who spoke is."),
    erasable=True,
    undo=Undo(unlower, offered=False),
    log=sentences.hands_lowered,
    writes=(rows(Hand, pk="hand"),),
)
SIGNAL_SHOWN = card(
    "stack.signal_shown",
    "signals",
    minutes=Silent("Signals leave numbers, never names."),
    erasable=True,
    undo=Undo(unshow, offered=False),
    log=sentences.signals_shown,
    writes=(rows(HandSignal),),
)
SIGNAL_LOWERED = card(
    "stack.signal_lowered",
    "signals",
    minutes=Silent("Signals leave numbers, never names."),
    erasable=True,
    undo=Undo(reshow, offered=False),
    writes=(rows(HandSignal),),
)
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
