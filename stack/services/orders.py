"""Acts on the whole stack: its order, its closing, moves by hand, counting without names."""

import uuid
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.acts.arguments import OneOf, Reader, Several, Text, Who, Whole, Words, text_within
from assemblies.acts.declaring import SITTING, act
from assemblies.door.house import house
from assemblies.door.kinds import Silent, Undo, any_of, card, rows
from assemblies.door.page import Page
from assemblies.models import Entry, Participant
from assemblies.rules.errors import Refused
from assemblies.sheets import Agenda, QuestionSheet, Roll
from stack import rules
from stack.models import Hand, Stack, Turn
from stack.rules.orders import MEASURES, ORDERS, SETTINGS
from stack.sheets.floor import STACK_CLOSED, Floor
from stack.sheets.signals import Counted, Signals
from stack.words import sentences

CODES = tuple(ORDERS)
SERVES = ("facilitator", "stack_taker")
REOPENINGS_AT_MOST = 2  # per item, as at fzs
LAST_CALL_SECONDS = 30


@act(
    "set_order",
    roles=["facilitator"],
    phases=SITTING,
    order=OneOf(words=CODES),
    measure=OneOf(None, words=MEASURES),
    groups=Words(None),
    step=Whole(None, least=1, most=10),
    reserved=Words(None),
    open_run_limit=Whole(None, least=1, most=100),
    max_wait_overtakes=Whole(None, least=1, most=100),
    seats=Several(None),
)
def set_order(page: Page, *, by: Participant, order: str, **settings: Any) -> None:
    """Hear those who wait in another order: announced, and the one who speaks goes on."""
    floor = page.sheet(Floor)
    seats = settings.pop("seats")
    row, was = floor.row, floor.row.order
    row.order, row.ordered_by = order, page.actor.key if page.actor else ""
    used = (*SETTINGS.get(order, ()), "max_wait_overtakes")
    row.settings = {name: settings[name] for name in used if settings[name] is not None}
    page.put(row)
    for hand in floor.waiting:
        if hand.moved_to:
            hand.moved_to, hand.moved_because, hand.moved_by = None, "", ""
            page.put(hand)
        if hand.kind == "round":
            floor.put_down(page, hand, "lowered")
    # Who is offered a turn, so that the journal alone tells who waits.
    more: dict[str, Any] = {"round": go_round(page, seats)} if order == "round" else {}
    if order == "round":
        for sheet in page.every_sheet():
            sheet.round_began(page)
    page.note(ORDER_SET, order=order, was=was, settings=row.settings, **more)


def go_round(page: Page, seats: list[Participant] | None) -> dict[str, str]:
    """Put everybody who counts on the stack, as they sit or as they came; return whose it is."""
    roll, floor = page.sheet(Roll), page.sheet(Floor)
    here = [one for one in roll.here() if roll.counts(one)]
    here.sort(key=lambda one: (one.arrived_at or page.now, one.created_at))
    first = [one for one in seats or [] if one in here]
    everybody = [*first, *(one for one in here if one not in first)]
    return {
        str(offer(page, floor, person, place).pk): person.key
        for place, person in enumerate(everybody, 1)
    }


def offer(
    page: Page, floor: Floor, person: Participant, place: int, *, again: bool = False
) -> Hand:
    """Offer somebody a turn in the round; an ordinary hand of theirs waits until it is over."""
    hand = Hand(
        id=uuid.uuid4(),
        meeting=page.meeting,
        item=page.sheet(Agenda).open,
        participant=person,
        kind="round",
        n=place,
        overtaken=int(again),  # in a round nobody is overtaken: it says "offered once more"
        raised_at=page.now,
    )
    floor.offered[hand.pk] = again
    floor.hands[hand.pk] = hand
    page.put(hand)
    page.concern(person)
    return hand


def ask_again(page: Page, turn: Turn) -> Hand | None:
    """Put somebody who passed in a round at its end, once; return what waits for them."""
    floor = page.sheet(Floor)
    if turn.hand is None or not floor.offered_once(turn.hand):
        return None
    person = page.sheet(Roll).by_id[turn.participant_id]
    around = [hand for hand in floor.waiting if hand.kind == "round"]
    last = max((hand.n for hand in around), default=0)
    return offer(page, floor, person, max(last, floor.round_size(page)) + 1, again=True)


@act(
    "last_call",
    roles=SERVES,
    phases=SITTING,
    seconds=Whole(LAST_CALL_SECONDS, least=1, most=3600),
)
def last_call(page: Page, *, by: Participant, seconds: int) -> None:
    """Take hands for some seconds more, then the stack closes itself."""
    row = page.sheet(Floor).row
    if row.state == "closed":
        raise Refused("stack_closed", _("The stack is closed for this item."))
    if row.state == "last_call":
        raise Refused("already_done", _("The last call is running."))
    row.state, row.closes_at = "last_call", page.now + rules.seconds(seconds)
    page.put(row)
    page.note(LAST_CALLED, seconds=seconds)


@act("close_stack", roles=SERVES, phases=SITTING)
def close_stack(page: Page, *, by: Participant) -> None:
    """Take no more ordinary hands on this item."""
    floor = page.sheet(Floor)
    if floor.row.state == "closed":
        raise Refused("already_done", _("The stack is closed."))
    if floor.waiting_point():
        raise Refused("point_pending", _("A technical point waits for an answer."))
    floor.row.state, floor.row.closes_at = "closed", None
    page.put(floor.row)
    page.concern(*page.sheet(Roll).here())
    page.note(STACK_CLOSED, by="hand")


@act("reopen_stack", roles=SERVES, phases=SITTING)
def reopen_stack(page: Page, *, by: Participant) -> None:
    """Take hands again, twice on an item at most; anybody may object for 15 s."""
    row = page.sheet(Floor).row
    if row.state == "open":
        raise Refused("already_done", _("The stack is open."))
    if row.reopened >= REOPENINGS_AT_MOST:
        raise Refused("no_more_reopening", _("A stack is reopened twice on an item at most."))
    row.state, row.closes_at, row.reopened = "open", None, row.reopened + 1
    page.put(row)
    page.concern(*page.sheet(Roll).here())
    page.note(STACK_REOPENED, reopened=row.reopened)


@act(
    "move_hand",
    roles=["stack_taker"],
    phases=SITTING,
    who=Who(None),
    to=Whole(least=1, most=10_000),
    reason=Text(""),
)
def move_hand(
    page: Page, *, by: Participant, who: Participant | None, to: int, reason: str
) -> None:
    """Give somebody another place, with a reason that everybody sees."""
    floor, person = page.sheet(Floor), who or by
    reason = text_within(reason, 200)
    hand = floor.of(person, "hand")
    if hand is None:
        raise Refused("nobody_waiting", _("%(name)s is not waiting.") % {"name": person.name})
    was: dict[str, Any] = {"was": hand.moved_to}
    if hand.moved_to:
        was |= {"was_because": hand.moved_because, "was_by": hand.moved_by}
    hand.moved_to, hand.moved_because = to, reason
    hand.moved_by = page.actor.key if page.actor else ""
    page.put(hand)
    page.note(HAND_MOVED, who=person.key, hand=str(hand.pk), to=to, reason=reason, **was)


class Counts(Reader):
    """Numbers by word: {"agree": 14}."""

    def read(self, page: Page, by: Participant, value: Any) -> dict[str, int]:
        """Return the numbers; refuse what is not a table of numbers."""
        if not isinstance(value, dict) or len(value) > 20:
            raise Refused("unknown", _("Say how many for each: {“agree”: 14}."))
        return {
            str(name)[:20]: Whole(least=0, most=100_000).read(page, by, number)
            for name, number in value.items()
        }


COUNTABLE = {"signals": (*rules.SIGNALS,), "question": ("yes", "no")}


@act(
    "count_room",
    roles=["stack_taker", "greeter"],
    phases=SITTING,
    of=OneOf(words=("signals", "check", "test", "vote", "question", "recall")),
    more={"counts": Counts()},
)
def count_room(page: Page, *, by: Participant, of: str, counts: dict[str, int]) -> None:
    """Count those without names: numbers at most as many as heads; a later count replaces."""
    words = (
        house().countables[of].words(page) if of in house().countables else COUNTABLE.get(of, ())
    )
    if counts.keys() & {"block", "object"}:
        raise Refused("position_not_offered", _("A block is always one person's."))
    if unknown := set(counts) - set(words):
        raise Refused("unknown", _("There is no answer “%(word)s”.") % {"word": min(unknown)})
    if sum(counts.values()) > page.meeting.heads:
        raise Refused("does_not_count", _("More than the heads that were counted."))
    if of in house().countables:
        before_that = house().countables[of].now(page)
        house().countables[of].take(page, counts)
        page.note(ROOM_COUNTED, of=of, counts=counts, was=before_that)
    elif of == "question":
        question = page.sheet(QuestionSheet).open
        if question is None or question.stage != "hands":
            raise Refused("not_open", _("No show of hands is open."))
        was, question.counted = (
            question.counted,
            {**question.counted, **heads_for_question(counts, by.key)},
        )
        page.put(question)
        page.note(ROOM_COUNTED, of=of, counts=counts, was=was, question=str(question.pk))
    else:
        signals = page.sheet(Signals)
        before = signals.heads
        signals.count_heads(page, Counted(counts, page.now, by.key))
        at = before.at.isoformat() if before.at else None
        facts: dict[str, Any] = {"was": before.numbers, "was_at": at, "was_by": before.by}
        page.note(ROOM_COUNTED, of=of, counts=counts, **facts)


def heads_for_question(counts: dict[str, int], by: str) -> dict[str, Any]:
    """Return the hands of people without names as a question keeps them, with who counted."""
    return {"yes": 0, "no": 0, **counts, "by": by}


# --- taking back ----------------------------------------------------------------------------------


def unmove(page: Page, entry: Entry) -> None:
    """Let a moved hand stand where it stood."""
    floor, facts = page.sheet(Floor), entry.facts or {}
    hand = next((hand for hand in floor.waiting if str(hand.pk) == facts["hand"]), None)
    if hand is None:
        raise Refused("wrong_phase", _("That hand is not up any more."))
    hand.moved_to = facts["was"]
    hand.moved_because = facts.get("was_because", "")
    hand.moved_by = facts.get("was_by", "")
    page.put(hand)


def unreopen(page: Page, entry: Entry) -> None:
    """Close a stack that was reopened."""
    row = page.sheet(Floor).row
    row.state, row.reopened = "closed", max(0, row.reopened - 1)
    page.put(row)
    page.concern(*page.sheet(Roll).here())


def uncount(page: Page, entry: Entry) -> None:
    """Take back a count of the room."""
    facts = entry.facts or {}
    if facts["of"] in house().countables:
        if house().countables[facts["of"]].now(page) != facts["counts"]:
            raise Refused("wrong_phase", _("The room was counted again since."))
        house().countables[facts["of"]].take(page, facts["was"])
        return
    if facts["of"] == "question":
        question = page.sheet(QuestionSheet).open
        if question is None or str(question.pk) != facts["question"]:
            raise Refused("wrong_phase", _("That show of hands is closed."))
        if question.counted != {**facts["was"], **heads_for_question(facts["counts"], entry.actor)}:
            raise Refused("wrong_phase", _("The room was counted again since."))
        question.counted = facts["was"]
        page.put(question)
        return
    signals = page.sheet(Signals)
    if (signals.heads.numbers, signals.heads.at) != (facts["counts"], entry.at):
        raise Refused("wrong_phase", _("The room was counted again since."))
    at = datetime.fromisoformat(facts["was_at"]) if facts["was_at"] else None
    before = Counted(facts["was"], at, facts["was_by"])
    # What would have faded meanwhile does not come back.
    signals.count_heads(page, before if before.fades_at() > page.now else Counted())


# --- the cards of the entries written here ---

ORDER_SET = card(
    "stack.order_set",
    "floor",
    "proposal",
    minutes=sentences.REORDERED,
    writes=(
        rows(Stack),
        rows(Hand),
    ),
)
LAST_CALLED = card(
    "stack.last_called",
    "floor",
    minutes=Silent("It announces the end of a list that is told by who spoke."),
    writes=(rows(Stack),),
)
STACK_REOPENED = card(
    "stack.stack_reopened",
    "floor",
    "question",
    minutes=sentences.REOPENED,
    undo=Undo(
        unreopen,
        any_of(STACK_CLOSED, LAST_CALLED, "assemblies.item_finished"),
        by_actor=False,
        by_room=True,
    ),
    room=sentences.the_stack_is_reopened,
    writes=(rows(Stack),),
)
HAND_MOVED = card(
    "stack.hand_moved",
    "floor",
    minutes=sentences.MOVED,
    undo=Undo(unmove, any_of("stack.hand_moved", ORDER_SET, "stack.turn_called")),
    doer=gettext_lazy("You moved somebody"),
    writes=(rows(Hand, pk="hand"),),
)
ROOM_COUNTED = card(
    "stack.room_counted",
    "signals",
    "floor",
    "question",
    "test",
    "council",
    minutes=Silent("Numbers of the moment, shown to the room that gave them."),
    fleeting=True,
    undo=Undo(uncount),
    doer=gettext_lazy("You counted the room"),
    writes=(rows(Stack),),
)
