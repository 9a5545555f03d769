"""The sheets of the floor: who speaks and who waits; what the room shows."""

import uuid
from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Self

from django.db.models import Max

from assemblies.journal import NEVER, Page, Sheet
from assemblies.models import AgendaItem, Meeting, Participant
from assemblies.registry import kind
from assemblies.sheets import Agenda, Roll
from stack import rules
from stack.models import Hand, HandSignal, Turn

SIGNALS_FADED = kind("stack.signals_faded", "signals")
WAITING = ("waiting", "taken")


class Floor(Sheet):
    """Who speaks, who waits, and who has spoken on which item."""

    name = "floor"

    def __init__(self, hands: list[Hand], turns: list[Turn], last_n: int) -> None:
        self.hands = {hand.pk: hand for hand in hands}
        self.turns = turns
        self.last_n = last_n

    @classmethod
    def load(cls, meeting: Meeting) -> Self:
        hands = list(
            Hand.objects.filter(meeting=meeting, state__in=[*WAITING, "cleared"]).order_by("n")
        )
        turns = list(Turn.objects.filter(meeting=meeting).order_by("started_at"))
        # One count for the whole meeting: whoever comes while an item is restored comes last.
        arrived = Hand.objects.filter(meeting=meeting).aggregate(last=Max("n"))["last"]
        return cls(hands, turns, arrived or 0)

    # --- what is so

    @property
    def turn(self) -> Turn | None:
        """Return the turn under way."""
        return next((turn for turn in reversed(self.turns) if turn.ended_at is None), None)

    @property
    def waiting(self) -> list[Hand]:
        """Return everything that waits."""
        return [hand for hand in self.hands.values() if hand.state in WAITING]

    @property
    def lane(self) -> list[Hand]:
        """Return what is served before the stack, a point being dealt with first."""
        return sorted(rules.lane_of(self.waiting), key=lambda hand: hand.state != "taken")

    @property
    def stack(self) -> list[Hand]:
        """Return the ordinary hands in speaking order."""
        return rules.plain(self.waiting)

    @property
    def serving(self) -> list[Hand]:
        """Return all that waits, in the order in which it is served."""
        return [*self.lane, *self.stack]

    def of(self, person: Participant, kind: str | None = None) -> Hand | None:
        """Return what somebody waits for: of one kind, or what is served first."""
        for hand in self.serving:
            if hand.participant_id == person.pk and kind in (None, hand.kind):
                return hand
        return None

    def taken_point(self) -> Hand | None:
        """Return the technical point that is being dealt with."""
        return next((hand for hand in self.hands.values() if hand.state == "taken"), None)

    def spoke(self, person: Participant, item: AgendaItem | None) -> bool:
        """Say whether somebody speaks now, or has spoken on an item (ROOM.md 5, 11)."""
        here = item.pk if item else None
        return any(
            turn.participant_id == person.pk
            and turn.item_id == here
            and (turn.ended_at is None or turn.spoken)
            for turn in self.turns
        )

    def used_direct_response(self, person: Participant, item: AgendaItem | None) -> bool:
        """Say whether somebody had their direct response on an item."""
        here = item.pk if item else None
        return any(
            turn.participant_id == person.pk
            and turn.item_id == here
            and turn.kind == "direct_response"
            for turn in self.turns
        )

    # --- what changes

    def add(self, page: Page, person: Participant, kind: str, note: str, entered_by: str) -> Hand:
        """Put a hand up, with the next number of arrival."""
        self.last_n += 1
        hand = Hand(
            id=uuid.uuid4(),
            meeting=page.meeting,
            item=page.sheet(Agenda).open,
            participant=person,
            kind=kind,
            n=self.last_n,
            note=note,
            entered_by=entered_by,
            raised_at=page.now,
        )
        self.hands[hand.pk] = hand
        page.put(hand)
        return hand

    def put_down(self, page: Page, hand: Hand, state: str) -> None:
        """End a hand's waiting."""
        hand.state = state
        page.concern(page.sheet(Roll).by_id.get(hand.participant_id))
        if state != "cleared":
            del self.hands[hand.pk]
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
            hand=hand.pk if hand else None,
            kind=kind,
            seconds=rules.turn_seconds(kind, page.meeting.turn_seconds),
            started_at=at,
        )
        self.turns.append(turn)
        page.concern(person)
        page.put(turn)
        return turn

    def end(self, page: Page, how: str) -> Turn | None:
        """End the turn under way."""
        turn = self.turn
        if turn is not None:
            turn.ended_at, turn.how = page.now, how
            page.concern(page.sheet(Roll).by_id.get(turn.participant_id))
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
        page.put(turn)

    def go_on(self, page: Page) -> bool:
        """Let the clock run again, except in a break; say whether it does."""
        turn = self.turn
        if turn is None or turn.stopped_at is None or page.meeting.phase == "break":
            return False
        turn.go_on(page.now)
        page.put(turn)
        return True

    # --- hooks

    def person_left(self, page: Page, who: Participant) -> None:
        taken = self.taken_point()
        for hand in [hand for hand in self.waiting if hand.participant_id == who.pk]:
            self.put_down(page, hand, "lowered")
        if (turn := self.turn) and turn.participant_id == who.pk:
            self.end(page, "left")
        elif taken is not None and taken.participant_id == who.pk:
            self.go_on(page)

    def person_merged(self, page: Page, who: Participant, into: Participant) -> None:
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
        turn, taken = self.end(page, "item"), self.taken_point()
        waiting = self.waiting
        for hand in waiting:
            self.put_down(page, hand, "cleared")
        facts = {
            "turn": str(turn.pk) if turn else None,
            "hands": [str(hand.pk) for hand in waiting],
            "taken": str(taken.pk) if taken else None,
        }
        return {"floor": facts}

    def item_restored(self, page: Page, facts: dict[str, Any]) -> None:
        was = facts.get("floor") or {}
        for pk in was.get("hands", []):
            hand = self.put_back(page, pk)
            if hand is not None and pk == was.get("taken") and not self.taken_point():
                hand.state = "taken"
        if was.get("turn"):
            # Who was called between the items makes room for who was interrupted.
            self.end(page, "item")
            self.resume(page, was["turn"])

    def break_began(self, page: Page) -> dict[str, Any]:
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
        turn = self.turn
        name = str(turn.pk) if turn else ""
        if facts.get("stopped") == name or (facts.get("held") == name and not self.taken_point()):
            self.go_on(page)

    def waiting_point(self) -> bool:
        return any(hand.kind == "technical_point" for hand in self.waiting)


class Signals(Sheet):
    """What people show, oldest first; each fades 60 s after it was last shown."""

    name = "signals"

    def __init__(self, rows: list[HandSignal]) -> None:
        self.rows = {(row.participant_id, row.signal): row for row in rows}
        self.count = Counter(row.signal for row in rows)

    @classmethod
    def load(cls, meeting: Meeting) -> Self:
        return cls(list(HandSignal.objects.filter(meeting=meeting).order_by("shown_at")))

    def shown_by(self, person: Participant) -> list[str]:
        """Return the signals somebody shows."""
        names = (*rules.SIGNALS, *rules.QUIET)
        return [name for name in names if (person.pk, name) in self.rows]

    def counts(self) -> dict[str, int]:
        """Return how many show each signal."""
        return {name: self.count[name] for name in rules.SIGNALS}

    def show(self, page: Page, person: Participant, signal: str) -> None:
        """Show a signal, or show it anew."""
        row = self.rows.pop((person.pk, signal), None)
        if row is None:
            row = HandSignal(
                id=uuid.uuid4(), meeting=page.meeting, participant=person, signal=signal
            )
            self.count[signal] += 1
        row.shown_at = page.now
        self.rows[person.pk, signal] = row
        page.put(row)

    def lower(self, page: Page, person: Participant, signal: str) -> bool:
        """Lower a signal; say whether it was shown."""
        row = self.rows.pop((person.pk, signal), None)
        if row is None:
            return False
        self.count[signal] -= 1
        page.drop(row)
        return True

    def due(self) -> datetime:
        for row in self.rows.values():
            return row.shown_at + rules.FADES_AFTER
        return NEVER

    def settle(self, page: Page) -> None:
        # Those that fade within one second of each other share an entry, as numbers.
        until = min(self.due() + timedelta(seconds=1), page.now)
        faded: Counter[str] = Counter()
        last = self.due()
        for row in list(self.rows.values()):
            falls = row.shown_at + rules.FADES_AFTER
            if falls > until:
                break
            last = falls
            faded[row.signal] += 1
            self.count[row.signal] -= 1
            del self.rows[row.participant_id, row.signal]
            page.concern(page.sheet(Roll).by_id.get(row.participant_id))
            page.drop(row)
        page.note(SIGNALS_FADED, at=last, faded=dict(faded))

    def person_left(self, page: Page, who: Participant) -> None:
        for signal in self.shown_by(who):
            self.lower(page, who, signal)

    def person_merged(self, page: Page, who: Participant, into: Participant) -> None:
        for signal in self.shown_by(who):
            shown_at = self.rows[who.pk, signal].shown_at
            self.lower(page, who, signal)
            there = self.rows.get((into.pk, signal))
            if there is None and not rules.replaced_by(signal) & set(self.shown_by(into)):
                self.show(page, into, signal)
                self.rows[into.pk, signal].shown_at = shown_at
            elif there is not None and there.shown_at < shown_at:
                there.shown_at = shown_at
                page.put(there)
        # Oldest first: what moved has kept the time at which it was shown.
        self.rows = dict(sorted(self.rows.items(), key=lambda pair: pair[1].shown_at))
