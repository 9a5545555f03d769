"""Who speaks, who waits, and who is served next. Nothing here changes a hand or a turn."""

import uuid
from collections import defaultdict
from collections.abc import Iterable

from assemblies.door.house import house
from assemblies.door.page import Page
from assemblies.models import AgendaItem, Participant
from assemblies.sheets import Agenda, Roll
from stack import rules
from stack.models import Hand, Stack, Turn
from stack.rules.orders import (
    OPEN,
    OVERTAKES_AT_MOST,
    RESERVED,
    Heard,
    Reason,
    Waiting,
    must_ask,
    reasons,
    speaking_order,
)

WAITING = ("waiting", "taken")


class Line:
    """The hands and turns of a meeting, and the order in which people are served."""

    hands: dict[uuid.UUID, Hand]
    turns: list[Turn]
    row: Stack

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

    def stack(self, page: Page) -> list[Hand]:
        """Return the ordinary hands in speaking order; a go-round comes before them."""
        hands = [hand for hand in self.waiting if hand.kind not in rules.LANE]
        around = sorted((h for h in hands if h.kind == "round"), key=lambda hand: hand.n)
        waiting = {str(hand.pk): hand for hand in hands if hand.kind != "round"}
        if self.row.order in ("plain", "round") and not any(
            hand.moved_to or hand.overtaken for hand in waiting.values()
        ):
            return [*around, *rules.ordinary_hands(list(waiting.values()))]
        order = speaking_order(
            self.row.order,
            self._as_waiting(page, waiting.values()),
            self._heard_so_far(page),
            self.row.settings,
            {pk: hand.moved_to for pk, hand in waiting.items() if hand.moved_to},
        )
        return [*around, *(waiting[one.who] for one in order)]

    def movable(self, stack: list[Hand]) -> list[Hand]:
        """Return the hands of a stack that have a place by hand: a round and the guard go first."""
        at_most = int(self.row.settings.get("max_wait_overtakes", OVERTAKES_AT_MOST))
        return [hand for hand in stack if hand.kind == "hand" and hand.overtaken < at_most]

    def reasons(self, page: Page, shown: list[Hand]) -> list[tuple[Reason, ...]]:
        """Return for these of the stack why they stand where they stand."""
        hands = rules.ordinary_hands([hand for hand in self.waiting if hand.kind != "round"])
        places = {hand.pk: place for place, hand in enumerate(hands, start=1)}
        around = any(hand.kind == "round" for hand in self.waiting)
        after = (Reason("after_round"),) if around else ()
        found: list[tuple[Reason, ...]] = []
        for hand, one in zip(shown, self._as_waiting(page, shown), strict=True):
            if hand.kind == "round":
                again = Reason("round_again") if hand.overtaken else Reason("round", hand.n)
                found.append((again,))
                continue
            moved = bool(hand.moved_to)
            why = reasons(self.row.order, one, places[hand.pk], self.row.settings, moved=moved)
            found.append((*after, *why))
        return found

    def _as_waiting(self, page: Page, hands: Iterable[Hand]) -> list[Waiting]:
        """Return hands as the orders see them."""
        roll, spoken = page.sheet(Roll), defaultdict[uuid.UUID, list[Turn]](list)
        for turn in self.turns_heard(page):
            spoken[turn.participant_id].append(turn)
        return [
            Waiting(
                who=str(hand.pk),
                n=hand.n,
                turns=len(own := spoken.get(hand.participant_id, [])),
                seconds=sum(int(turn.clock.elapsed(page.now).total_seconds()) for turn in own),
                groups=frozenset(roll.by_id[hand.participant_id].groups),
                overtaken=hand.overtaken,
            )
            for hand in hands
        ]

    def _heard_so_far(self, page: Page) -> Heard:
        """Return what the orders need to know of the turns on this item."""
        roll, settings = page.sheet(Roll), self.row.settings
        reserved, groups = set(settings.get("reserved", ())), settings.get("groups", ())
        turns = self.turns_heard(page)
        speakers = [set(roll.by_id[turn.participant_id].groups) for turn in turns]
        counting = [set(one.groups) for one in roll.here() if roll.counts(one)]
        return Heard(
            lists=tuple(RESERVED if own & reserved else OPEN for own in speakers),
            turns={name: sum(name in own for own in speakers) for name in groups},
            present={name: sum(name in own for own in counting) for name in groups},
            all_turns=len(turns),
            all_present=len(counting),
        )

    def turns_heard(self, page: Page) -> list[Turn]:
        """Return the turns that count as spoken on this item (ROOM.md 5, 11)."""
        item = page.sheet(Agenda).open
        here = item.pk if item else None
        return [
            turn
            for turn in self.turns
            if turn.item_id == here
            and turn.kind == "hand"
            and turn.how not in ("passed", "yielded")
        ]

    def must_ask(self, page: Page) -> bool:
        """Say whether the room is to be asked if the reserved list has anybody."""
        if self.row.order != "zipper":
            return False
        hands = [hand for hand in self.waiting if hand.kind == "hand"]
        return must_ask(self._as_waiting(page, hands), self._heard_so_far(page), self.row.settings)

    def serving(self, page: Page) -> list[Hand]:
        """Return all that waits, in the order in which it is served."""
        return [*self.lane, *self.stack(page)]

    def served_now(self, page: Page) -> list[Hand]:
        """Return what may be called now, in serving order (ROOM.md 5, 13)."""
        why = {kind: house().reason_to_wait(page, kind) for kind in ("hand", "round", *rules.LANE)}
        return [hand for hand in self.serving(page) if not why[hand.kind]]

    def of(self, person: Participant, kind: str | None = None) -> Hand | None:
        """Return what somebody waits for: of one kind, or what is served first."""
        ordinary = sorted(
            (hand for hand in self.waiting if hand.kind not in rules.LANE),
            key=lambda hand: (hand.kind != "round", hand.n),
        )
        for hand in [*self.lane, *ordinary]:
            if hand.participant_id == person.pk and kind in (None, hand.kind):
                return hand
        return None

    def taken_point(self) -> Hand | None:
        """Return the technical point that is being dealt with."""
        return next((hand for hand in self.hands.values() if hand.state == "taken"), None)

    def waiting_point(self) -> bool:
        """Say whether a technical point waits."""
        return any(hand.kind == "technical_point" for hand in self.waiting)

    def has_spoken(self, person: Participant, item: AgendaItem | None) -> bool:
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
