"""The sheet of the floor: hands, turns and the state of the stack, and how they change."""

import uuid
from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Self

from django.db.models import Max

from assemblies.door.kinds import Silent, card, rows
from assemblies.door.page import NEVER, Page, Sheet
from assemblies.models import Meeting, Participant
from assemblies.sheets import Agenda, Roll
from stack import rules
from stack.models import Hand, Stack, Turn
from stack.sheets.line import WAITING, Line


class Floor(Line, Sheet):
    """The hands, the turns and the state of the stack of a meeting."""

    name = "floor"
    on_the_item = True
    row_models = (Hand, Turn, Stack)

    def __init__(self, hands: list[Hand], turns: list[Turn], last_n: int, row: Stack) -> None:
        self.hands = {hand.pk: hand for hand in hands}
        self.turns = turns
        self.last_n = last_n
        self.row = row
        # The turns offered in a round, and whether it was for the second time.
        self.offered = {hand.pk: hand.overtaken > 0 for hand in hands if hand.kind == "round"}
        # What stack.reading.sharing has measured, and at which head of the journal.
        self.shared: tuple[str, Any] | None = None

    @classmethod
    def load(cls, meeting: Meeting) -> Self:
        """Read the floor of a meeting from the database."""
        hands = list(
            Hand.objects.filter(meeting=meeting, state__in=[*WAITING, "cleared"]).order_by("n")
        )
        turns = list(Turn.objects.filter(meeting=meeting).order_by("started_at", "n"))
        # One count for the whole meeting: whoever comes while an item is restored comes last.
        arrived = Hand.objects.filter(meeting=meeting).aggregate(last=Max("n"))["last"]
        row = Stack.objects.filter(meeting=meeting).first()
        return cls(hands, turns, arrived or 0, row or Stack(id=uuid.uuid4(), meeting=meeting))

    # --- rounds

    def offered_once(self, pk: uuid.UUID) -> bool:
        """Say whether a turn was offered in a round for the first time."""
        if pk in self.offered:
            return not self.offered[pk]
        return Hand.objects.filter(pk=pk, kind="round", overtaken=0).exists()

    def round_size(self, page: Page) -> int:
        """Return the last place of the round on this item."""
        item = page.sheet(Agenda).open
        last = Hand.objects.filter(meeting=page.meeting, item=item, kind="round")
        kept = [hand.n for hand in self.hands.values() if hand.kind == "round"]
        return max([last.aggregate(last=Max("n"))["last"] or 0, *kept])

    # --- hands and turns that begin or end

    def add(
        self, page: Page, person: Participant, kind: str, note: str, entered_by: str, about: str
    ) -> Hand:
        """Put a hand up, with the next number of arrival."""
        self.last_n += 1
        hand = Hand(
            id=uuid.uuid4(),
            meeting=page.meeting,
            item=page.sheet(Agenda).open,
            participant=person,
            kind=kind,
            n=self.last_n,
            about=about,
            note=note,
            entered_by=entered_by,
            raised_at=page.now,
        )
        self.hands[hand.pk] = hand
        page.put(hand)
        return hand

    def put_down(self, page: Page, hand: Hand, state: str) -> None:
        """End a hand's waiting."""
        if hand.kind not in rules.LANE and state != "cleared":
            self._close_ranks(page, hand)
        hand.state = state
        page.concern(page.sheet(Roll).by_id.get(hand.participant_id))
        if state != "cleared":
            del self.hands[hand.pk]
        page.put(hand)

    def _close_ranks(self, page: Page, gone: Hand) -> None:
        """Let those who were moved go up as one before them goes (ROOM.md 5, 18)."""
        if not any(hand.moved_to for hand in self.waiting):
            return
        order = self.stack(page)
        for hand in order[order.index(gone) + 1 :] if gone in order else []:
            if hand.moved_to and hand.moved_to > 1:
                hand.moved_to -= 1
                page.put(hand)

    def overtake(self, page: Page, called: Hand) -> None:
        """Count, for those who came before, that a later hand was called (the guard)."""
        if called.kind != "hand":
            return
        for hand in self.waiting:
            if hand.kind == "hand" and hand.n < called.n:
                hand.overtaken += 1
                page.put(hand)

    def put_back(self, page: Page, pk: str) -> Hand | None:
        """Let a hand wait again."""
        hand = self.hands.get(uuid.UUID(pk)) or Hand.objects.filter(pk=pk).first()
        person = page.sheet(Roll).by_id.get(hand.participant_id) if hand else None
        if hand is None or person is None:
            return None
        page.concern(person)
        other = self.of(person, hand.kind)
        if not person.present or (other is not None and other.pk != hand.pk):
            # Who has left, or has raised another hand since, does not get this one back.
            hand.state = "lowered"
            self.hands.pop(hand.pk, None)
            page.put(hand)
            return None
        hand.state = "waiting"
        self.hands[hand.pk] = hand
        page.put(hand)
        return hand

    def begin(
        self, page: Page, person: Participant, kind: str, hand: Hand | None, at: datetime
    ) -> Turn:
        """Give somebody the floor."""
        turn = Turn(
            id=uuid.uuid4(),
            meeting=page.meeting,
            item=page.sheet(Agenda).open,
            participant=person,
            # Two turns may begin in one moment; this says which came first.
            n=len(self.turns) + 1,
            hand=hand.pk if hand else None,
            kind=kind,
            seconds=self.allotted(page, person, kind) if self.keeps_time(page) else None,
            started_at=at,
        )
        self.turns.append(turn)
        page.concern(person)
        self.concern_sharers(page)
        page.put(turn)
        return turn

    def keeps_time(self, page: Page) -> bool:
        """Say whether a turn that begins now has a clock."""
        return rules.has_clock(page.meeting.clock, page.sheet(Roll).present(page.meeting))

    def allotted(self, page: Page, person: Participant, kind: str) -> int:
        """Return how many seconds somebody has for a turn on the open item."""
        item = page.sheet(Agenda).open
        return rules.turn_seconds(
            kind,
            item.kind if item else "",
            usual=page.meeting.turn_seconds,
            by_item=page.meeting.assembly.turn_seconds,
            twice=person.double_time,
        )

    def end(self, page: Page, how: str) -> Turn | None:
        """End the turn under way."""
        turn = self.turn
        if turn is not None:
            turn.ended_at, turn.how = page.now, how
            page.concern(page.sheet(Roll).by_id.get(turn.participant_id))
            self.concern_sharers(page)
            page.put(turn)
        return turn

    def resume(self, page: Page, pk: str) -> None:
        """Give the floor back to an ended turn; what passed since is not talking time."""
        turn = next((turn for turn in self.turns if str(turn.pk) == pk), None)
        person = page.sheet(Roll).by_id.get(turn.participant_id) if turn else None
        if turn is None or turn.ended_at is None or person is None or not person.present:
            return
        if turn.stopped_at is None:
            turn.go_on(page.now, since=turn.ended_at)
        turn.ended_at, turn.how = None, ""
        page.concern(page.sheet(Roll).by_id.get(turn.participant_id))
        self.concern_sharers(page)
        page.put(turn)

    def go_on(self, page: Page) -> bool:
        """Let the clock run again, except in a break; say whether it does."""
        turn = self.turn
        if turn is None or turn.stopped_at is None or page.meeting.phase == "break":
            return False
        turn.go_on(page.now)
        page.put(turn)
        return True

    def concern_sharers(self, page: Page) -> None:
        """Send a new personal message to everybody whose share of the floor a turn changes."""
        roll = page.sheet(Roll)
        turns = Counter(turn.participant_id for turn in self.turns_heard(page))
        if len(turns) < 2 and page.sheet(Agenda).half_over:
            # With the first who speaks, all others are those who have not been heard.
            page.concern(*roll.here())
        page.concern(*(roll.by_id.get(who) for who, often in turns.items() if often > 1))

    # --- what other events bring with them

    def person_left(self, page: Page, who: Participant) -> None:
        """Take down the hands of who left, and end their turn."""
        taken = self.taken_point()
        for hand in [hand for hand in self.waiting if hand.participant_id == who.pk]:
            self.put_down(page, hand, "lowered")
        if (turn := self.turn) and turn.participant_id == who.pk:
            self.end(page, "left")
        elif taken is not None and taken.participant_id == who.pk:
            self.go_on(page)

    def person_merged(self, page: Page, who: Participant, into: Participant) -> None:
        """Give the hands and turns of one place to the other place of the same person."""
        for hand in [hand for hand in self.waiting if hand.participant_id == who.pk]:
            if self.of(into, hand.kind):
                held = hand.state == "taken"
                self.put_down(page, hand, "lowered")
                if held:
                    self.go_on(page)
            else:
                hand.participant = into
                page.put(hand)
        for hand in self.hands.values():
            if hand.participant_id == who.pk:
                # Cleared with its item: it comes back to the seat that is left.
                hand.participant = into
                page.put(hand)
        for turn in self.turns:
            if turn.participant_id == who.pk:
                turn.participant = into
                page.put(turn)

    def item_closed(self, page: Page) -> dict[str, Any]:
        """Clear the floor for the next item; return what `item_restored` needs."""
        turn, taken = self.end(page, "item"), self.taken_point()
        waiting = self.waiting
        for hand in waiting:
            self.put_down(page, hand, "cleared")
        facts: dict[str, Any] = {
            "turn": str(turn.pk) if turn else None,
            "hands": [str(hand.pk) for hand in waiting],
            "taken": str(taken.pk) if taken else None,
        }
        row = self.row
        facts["stack"] = {
            "state": row.state,
            "reopened": row.reopened,
            "order": row.order,
            "ordered_by": row.ordered_by,
            "closes_at": row.closes_at.isoformat() if row.closes_at else None,
        }
        if (row.state, row.reopened) != ("open", 0) or row.order == "round":
            row.state, row.reopened, row.closes_at = "open", 0, None
            # A round ends with its item; other orders stay.
            if row.order == "round":
                row.order, row.ordered_by = "plain", ""
            page.put(row)
        if any(turn.item_id for turn in self.turns):
            page.concern(*page.sheet(Roll).here())  # what they were asked on this item is over
        return {"floor": facts}

    def item_restored(self, page: Page, facts: dict[str, Any]) -> None:
        """Put back what `item_closed` cleared."""
        was = facts.get("floor") or {}
        for pk in was.get("hands", []):
            hand = self.put_back(page, pk)
            if hand is not None and pk == was.get("taken") and not self.taken_point():
                hand.state = "taken"
        if was.get("turn"):
            # Who was called between the items makes room for who was interrupted.
            self.end(page, "item")
            self.resume(page, was["turn"])
        if kept := was.get("stack"):
            row = self.row
            row.state, row.reopened, row.order = kept["state"], kept["reopened"], kept["order"]
            row.ordered_by = kept.get("ordered_by", "")
            closes_at = kept["closes_at"]
            row.closes_at = datetime.fromisoformat(closes_at) if closes_at else None
            page.put(row)
        page.concern(*page.sheet(Roll).here())

    def due(self) -> datetime:
        """Return when the last call ends."""
        if self.row.state == "last_call" and self.row.closes_at:
            # Hands in its last second are taken, so it closes just after it.
            return self.row.closes_at + timedelta(microseconds=1)
        return NEVER

    def settle(self, page: Page) -> None:
        """Close the stack after its last call."""
        closes_at = self.row.closes_at
        self.row.state, self.row.closes_at = "closed", None
        page.put(self.row)
        page.concern(*page.sheet(Roll).here())
        page.note(STACK_CLOSED, at=closes_at, by="clock")

    def break_began(self, page: Page) -> dict[str, Any]:
        """Stop the clock for a break; return what `break_ended` needs."""
        turn = self.turn
        if turn is None:
            return {}
        if turn.stopped_at is not None:
            # The point that stopped the clock may be dealt with during the break.
            return {"held": str(turn.pk)} if self.taken_point() else {}
        turn.stop(page.now)
        page.put(turn)
        return {"stopped": str(turn.pk)}

    def break_ended(self, page: Page, facts: dict[str, Any]) -> None:
        """Let the clock run again if the break had stopped it."""
        turn = self.turn
        name = str(turn.pk) if turn else ""
        if facts.get("stopped") == name or (facts.get("held") == name and not self.taken_point()):
            self.go_on(page)

    def floor_given(self, page: Page, who: Participant, kind: str, seconds: int) -> None:
        """Begin a turn of so many seconds for somebody who did not wait."""
        self.end(page, "next")
        turn = self.begin(page, who, kind, None, page.now)
        turn.seconds = seconds
        page.put(turn)


# --- the cards of the entries written here ---

STACK_CLOSED = card(
    "stack.stack_closed",
    "floor",
    minutes=Silent("It ends a list that is told by who spoke."),
    writes=(rows(Stack),),
)
