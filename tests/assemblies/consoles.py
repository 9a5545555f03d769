"""What somebody sees of a meeting: their own part, the console, the lines of the minutes."""

from assemblies.door.journal import read
from assemblies.live.desk import mine_of
from assemblies.live.printing import print_panels
from assemblies.records.minutes import draw
from tests.rooms import Room


def mine(room: Room, name: str) -> dict:
    """Return the personal part of somebody's screen."""
    found = mine_of(read(room.meeting, now=room.clock), room.key(name))
    assert found is not None
    return found


def console(room: Room) -> dict[str, str]:
    """Return the panels of a facilitator's screen, in English."""
    return print_panels(read(room.meeting, now=room.clock), "facilitator.en")


def lines(room: Room) -> list[str]:
    """Return all lines of the minutes, as text."""
    drawn = draw(room.meeting)
    parts = [drawn.opening, *drawn.items, drawn.closing]
    return [line.text for part in parts for line in part.lines]
