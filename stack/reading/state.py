"""The part of a meeting's state that is about the floor (ROOM.md 3)."""

from typing import Any

from assemblies.door.page import Page
from assemblies.sheets import Roll
from stack.reading.sharing import unheard_shown
from stack.rules import IN_EVERY_STATE
from stack.sheets.floor import Floor
from stack.sheets.signals import Signals


def floor_state(page: Page) -> dict[str, Any]:
    """Return who speaks, who waits before and in the stack, and the signals shown, in numbers."""
    floor, people = page.sheet(Floor), page.sheet(Roll).by_id
    turn, stack = floor.turn, floor.stack(page)
    return {
        "floor": {
            "speaker": people[turn.participant_id].key if turn else None,
            "kind": turn.kind if turn else None,
            "left": turn.clock.left(page.now) if turn else None,
            "paused": turn is not None and turn.stopped_at is not None,
            "lane": [
                {"who": people[hand.participant_id].key, "kind": hand.kind} for hand in floor.lane
            ],
            "stack": [people[hand.participant_id].key for hand in stack],
            "stack_state": floor.row.state,
            "order": floor.row.order,
            "reopened": floor.row.reopened,
            "moved": [
                {"who": people[hand.participant_id].key, "reason": hand.moved_because}
                for hand in stack
                if hand.moved_to
            ],
            "ask": floor.must_ask(page),
        },
        "signals": {
            code: n
            for code, n in page.sheet(Signals).counts().items()
            if n or code in IN_EVERY_STATE
        },
        # Not under `floor`: a script may expect the whole floor, and it stays what it was.
        "sharing": {"unheard": unheard_shown(page)},
    }
