"""Looking at the screens of councils: panels, what is one's own, the big button."""

from typing import Any

from assemblies.door.journal import read
from assemblies.live.desk import mine_of
from assemblies.live.printing import MEMBER, print_panels
from assemblies.screens.now import primary
from proposals.screens.moves import moves
from proposals.sheets.table import Proposals
from tests.federation.several import Several, confederate

REASON = "Said what we did not say."


def panel(several: Several, letter: str, name: str, audience: str = MEMBER) -> str:
    """Return a panel of a meeting as an audience sees it."""
    room = several[letter]
    return print_panels(read(room.meeting, now=room.clock), audience)[name]


def mine(several: Several, letter: str, who: str) -> dict[str, Any]:
    """Return what is somebody's own in a meeting."""
    room = several[letter]
    found = mine_of(read(room.meeting, now=room.clock), room.key(who))
    assert found is not None
    return found


def big(several: Several, letter: str) -> dict[str, Any]:
    """Return the big button of a console."""
    room = several[letter]
    found = primary(read(room.meeting, now=room.clock))
    assert found is not None
    return found


def offered(several: Several, name: str) -> dict[str, Any]:
    """Return a move of the proposal on the council's table."""
    page = read(several["X"].meeting, now=several.clock)
    proposal = page.sheet(Proposals).current(page)
    assert proposal is not None
    return next(one for one in moves(page, proposal) if one["id"] == f"move-{name}")


def on_the_table(
    letters: str = "ABC", told: dict[str, dict[str, Any]] | None = None, **rule: Any
) -> Several:
    """Have a council meet with an item of A on the table, and mandates of its units."""
    several = confederate(letters, people=4, rule={"parity": "none", **rule})
    several.carry("A", title="A fund", text="Every assembly pays 2 % of dues.")
    for letter in letters:
        more = {"position": "agree", **(told or {}).get(letter, {})}
        several.decide(letter, "What we say")
        several.act(letter, "give_mandate", item="q1", **more)
    room = several.meet()
    for do, args in (
        ("bring_proposal", {"proposal": "q1"}),
        ("take_up_item", {"item": "q1"}),
        ("present_proposal", {"proposal": "q1"}),
        ("set_phase", {"phase": "discussion"}),
    ):
        room.done("a1", do, **args)
    return several


def asked(several: Several) -> Several:
    """Have the council be asked."""
    several["X"].done("a1", "open_test")
    return several


def opened(several: Several) -> Several:
    """Have B ask whether to recall b2."""
    several["B"].done("b4", "open_recall", who="b2", reason=REASON)
    return several


def recalled(several: Several) -> Several:
    """Have B recall b2 while the council meets."""
    opened(several)
    several.act("B", "hear_delegate")
    for who in ("b1", "b3", "b4"):
        several["B"].done(who, "answer_recall", answer="for")
    several.later(minutes=16)
    several.act("B", "recall_delegate")
    return several
