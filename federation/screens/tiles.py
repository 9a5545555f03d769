"""The units of a council as tiles: who is here for each, and what it says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.door.page import Page
from assemblies.rules import SPLIT, together
from assemblies.screens.shown import ms
from assemblies.sheets import votes_held
from federation.reading.state import spoken
from federation.rules import HELD_AFTER_RECALL
from federation.sheets.councils import Councils
from federation.sheets.seen import Seen, unit_of
from federation.words.vocabulary import said_labels
from proposals.sheets.asking import Asking
from proposals.sheets.table import Proposals

SHOWN = 60

# The shape drawn beside the words, where it has another name than the position.
SHAPES = {"for": "agree", "against": "disagree"}


@dataclass(frozen=True, slots=True)
class Tile:
    """A unit as screens show it: who is here for it, and what it says, last or now."""

    key: str
    name: str
    kind: str
    here: tuple[str, ...]
    position: str
    shape: str
    label: str
    none: bool
    # How many its answer counts for, in words; "" where all count for one.
    votes: str
    # Until when closing waits for it, in ms.
    held: int | None
    asking: bool


def units_shown(page: Page, seen: Seen, here: dict[str, list[str]]) -> Iterator[Tile]:
    """Yield the units as tiles."""
    asking, said = page.sheet(Asking).asking(), said_last(page)
    waiting, none = held_here(page), none_said(page, seen)
    labels = {**said_labels(), SPLIT: _("Split: no position")}
    votes = votes_held(page.meeting)
    for key, row in islice(seen.by_key.items(), SHOWN):
        answer = said.get(key, "")
        yield Tile(
            key=key,
            name=row.unit.name if row.unit is not None else key,
            kind=str(row.get_kind_display()) if row.kind != "member" else "",
            here=tuple(here.get(key, ())),
            position=answer,
            shape=SHAPES.get(answer, answer),
            label=str(labels[answer]) if answer else "",
            none=key in none and not answer,
            votes=votes_words(votes.get(key)),
            held=ms(waiting.get(key)) if asking else None,
            asking=asking,
        )


def votes_words(n: int | None) -> str:
    """Return how many votes a unit has; "" where all have one."""
    return ngettext("%(n)s vote", "%(n)s votes", n) % {"n": n} if n is not None else ""


def said_last(page: Page) -> dict[str, str]:
    """Return what each unit answers to the open question, or answered to the last on this text."""
    asking, proposal = page.sheet(Asking), page.sheet(Proposals).current(page)
    if proposal is None:
        return {}
    test, vote = asking.test_on(proposal), asking.vote_on(proposal)
    rows: list[tuple[str, str]] = []
    if vote is not None and vote is asking.votes[-1]:
        rows = asking.answers_given(page, "ballots")
    elif test is not None and test is asking.tests[-1]:
        rows = asking.answers_given(page, "positions")
    return together((unit_of(voice), answer) for voice, answer in rows)


def held_here(page: Page) -> dict[str, datetime]:
    """Return for which units closing waits after a recall, and until when."""
    heard = spoken(page)
    return {
        unit: at + HELD_AFTER_RECALL
        for unit, at in page.sheet(Councils).changed
        if unit not in heard
    }


def none_said(page: Page, seen: Seen) -> set[str]:
    """Return the units that said they have no position on the item on the table."""
    item = seen.item_of(page.sheet(Proposals).current(page))
    about = item.key if item is not None else None
    return {unit for unit, of in page.sheet(Councils).none_on.items() if of == about}


def name_of(seen: Seen, key: str) -> str:
    """Return what a unit is called; its key where it has left."""
    row = seen.unit(key)
    return row.unit.name if row is not None and row.unit is not None else key
