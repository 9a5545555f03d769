"""The life of a council item: its phases and the moves between them."""

from collections.abc import Mapping
from enum import StrEnum


class ItemPhase(StrEnum):
    """How far a council item has come (DOMAIN.md 5.3). The values are stored and sent; they stay.

    No item enters `AGREED` or `SETTLED` today: what the council agreed on is `PROVISIONAL` or
    `IN_FORCE` at once.
    """

    GOING_ROUND = "going_round"
    OPEN = "open"
    AGREED = "agreed"
    PROVISIONAL = "provisional"
    RETURNED = "returned"
    IN_FORCE = "in_force"
    LAPSED = "lapsed"
    NOT_AGREED = "not_agreed"
    REMOVED = "removed"
    SETTLED = "settled"


Moves = Mapping[ItemPhase, frozenset[ItemPhase]]

# The phases in which an item is over: no unit debates it, answers it or objects to it any more.
OVER = frozenset(
    {
        ItemPhase.IN_FORCE,
        ItemPhase.LAPSED,
        ItemPhase.NOT_AGREED,
        ItemPhase.REMOVED,
        ItemPhase.SETTLED,
    }
)

# What a council can decide about an item on its table; with REMOVED it leaves it to the unit.
BY_COUNCIL = frozenset(
    {ItemPhase.PROVISIONAL, ItemPhase.IN_FORCE, ItemPhase.NOT_AGREED, ItemPhase.REMOVED}
)

# From each phase, to which phases an item may go.
MOVES: Moves = {
    ItemPhase.GOING_ROUND: BY_COUNCIL | {ItemPhase.OPEN},
    ItemPhase.OPEN: BY_COUNCIL,
    ItemPhase.AGREED: frozenset(),
    # The bases are asked. It stays here when a unit changes the text and all answer anew.
    ItemPhase.PROVISIONAL: BY_COUNCIL - {ItemPhase.PROVISIONAL}
    | {ItemPhase.RETURNED, ItemPhase.LAPSED},
    # The council takes it up again, or sends another text round.
    ItemPhase.RETURNED: BY_COUNCIL | {ItemPhase.OPEN},
    # A unit may have said that it is its own matter before it was over; that is settled after.
    ItemPhase.IN_FORCE: frozenset({ItemPhase.REMOVED}),
    ItemPhase.LAPSED: frozenset({ItemPhase.REMOVED}),
    # A council may decide again on what it did not agree on.
    ItemPhase.NOT_AGREED: BY_COUNCIL - {ItemPhase.NOT_AGREED},
    ItemPhase.REMOVED: frozenset(),
    ItemPhase.SETTLED: frozenset(),
}


class NoSuchMove(RuntimeError):
    """A fault of the program: it tried to move an item where the table does not lead.

    What people may ask for is refused before, by the services.
    """


def check_move(here: str, there: ItemPhase) -> None:
    """Raise NoSuchMove if no move leads from one phase to the other. Staying is no move."""
    if there != here and there not in MOVES[ItemPhase(here)]:
        raise NoSuchMove(f"A council item does not go from {here} to {there}.")
