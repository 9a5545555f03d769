"""The seats of a council, as the greeter sees them."""

from collections.abc import Iterator
from dataclasses import dataclass

from assemblies.door.page import Page
from assemblies.sheets import votes_held
from federation.models import SeatTerm
from federation.screens.tiles import votes_words
from federation.sheets.councils import participant_of
from federation.sheets.seen import Seen

SEATS_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a seat, by name, with their key where they have a place in this meeting."""

    name: str
    key: str
    here: bool


@dataclass(frozen=True, slots=True)
class SeatShown:
    """A seat as the greeter sees it: who holds it, and who would step in."""

    id: str
    unit: str
    ordinal: int
    votes: str
    delegate: Holder | None
    alternate: Holder | None


def seats_shown(page: Page, seen: Seen) -> Iterator[SeatShown]:
    """Yield for the greeter the seats: who holds each, who would step in, and who is here.

    Where not all can be shown, those come first about which there is something to do.
    """
    seats, votes = seen.seated, votes_held(page.meeting)
    if len(seats) > SEATS_SHOWN:
        seats = sorted(seats, key=lambda one: delegate_here(page, one[1]))
    for seat, delegate, alternate in seats[:SEATS_SHOWN]:
        unit = seen.bodies[seat.unit_id]
        yield SeatShown(
            id=f"{unit.key}-{seat.ordinal}",
            unit=unit.name,
            ordinal=seat.ordinal,
            votes=votes_words(votes.get(unit.key)),
            delegate=holder_shown(page, delegate),
            alternate=holder_shown(page, alternate),
        )


def delegate_here(page: Page, term: SeatTerm | None) -> bool:
    """Say whether the delegate of a seat is here, so that there is nothing to do about it."""
    who = participant_of(page, term.person_id) if term is not None else None
    return who is not None and who.present


def holder_shown(page: Page, term: SeatTerm | None) -> Holder | None:
    """Return who holds a seat."""
    if term is None:
        return None
    who = participant_of(page, term.person_id)
    return Holder(
        name=term.person.name,
        key=who.key if who is not None else "",
        here=who is not None and who.present,
    )
