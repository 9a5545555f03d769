"""The house: what all apps bring, joined in a written order (assembly_site/house.py).

A lower app asks `house()` for what upper ones bring and never spells their names.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.utils.module_loading import import_string

from assemblies.door.kinds import EVERYTHING, Card, Summed
from assemblies.door.shapes import (
    Arrival,
    AssemblyPart,
    Countable,
    Delay,
    DoAfter,
    Follower,
    Guard,
    Hold,
    ItemPart,
    MinePart,
    OptionalSignal,
    PadPart,
    PagePart,
    Panel,
    Point,
    Section,
    Stage,
    StatePart,
    Step,
    Veil,
    Waits,
    WayOfDeciding,
)

if TYPE_CHECKING:
    from datetime import datetime

    from assemblies.acts.declaring import Doing
    from assemblies.door.page import Page, Sheet
    from assemblies.models import Assembly, Meeting, Person

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Brings:
    """What one app brings to the house; each field in the order in which it is to be used."""

    app: str
    # What changes: entries, sheets, acts, and what is asked before and done after them.
    cards: tuple[Card, ...] = ()
    sheets: "tuple[type[Sheet], ...]" = ()
    # Entries of lower apps that change a sheet of this one, by the sheet's name.
    touched: Mapping[str, tuple[Card, ...]] = field(default_factory=dict)
    acts: "tuple[Doing, ...]" = ()
    guards: tuple[Guard, ...] = ()
    followers: tuple[Follower, ...] = ()
    holds: tuple[Hold, ...] = ()
    delays: tuple[Waits, ...] = ()
    recounts: "tuple[Callable[[Page], None], ...]" = ()
    freezing: "tuple[Callable[[Assembly], Mapping[str, Any]], ...]" = ()
    arrivals: "tuple[Callable[[Meeting, Person], Arrival | None], ...]" = ()
    countables: Mapping[str, Countable] = field(default_factory=dict)
    ways: tuple[WayOfDeciding, ...] = ()
    optional_signals: tuple[OptionalSignal, ...] = ()
    # What is shown: the state, panels, what is somebody's own, what comes next.
    state: tuple[StatePart, ...] = ()
    veils: tuple[Veil, ...] = ()
    panels: tuple[Panel, ...] = ()
    panel_reads: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    mine: tuple[MinePart, ...] = ()
    pad: tuple[PadPart, ...] = ()
    context: tuple[StatePart, ...] = ()
    entered: tuple[PagePart, ...] = ()
    next_steps: tuple[Step, ...] = ()
    stages: tuple[Stage, ...] = ()
    # What pages show.
    sections: tuple[Section, ...] = ()
    waiting: "tuple[Callable[[Person], list[dict[str, str]]], ...]" = ()
    # What is kept, forgotten, rehearsed, and shown in the demo.
    retention: "tuple[Callable[[Meeting], None], ...]" = ()
    forgotten: tuple[Callable[[], None], ...] = ()
    item_parts: Mapping[str, ItemPart] = field(default_factory=dict)
    assembly_parts: Mapping[str, AssemblyPart] = field(default_factory=dict)
    assembly_arguments: frozenset[str] = frozenset()
    rule_readers: tuple[Callable[[Mapping[str, Any]], object], ...] = ()
    gathering: "tuple[Callable[[Meeting], Iterable[Person]], ...]" = ()
    demo: "tuple[Callable[[Assembly], None], ...]" = ()
    # Answers to what another app asks.
    answers: Mapping[Point[Any], tuple[Any, ...]] = field(default_factory=dict)


class House:
    """What the apps bring, joined. It never changes once it is built."""

    def __init__(self, brings: Iterable[Brings]) -> None:
        self.brings = tuple(brings)

    def all(self, name: str) -> tuple[Any, ...]:
        """Return everything of one field, in the order of the apps."""
        return tuple(one for brought in self.brings for one in getattr(brought, name))

    def merged(self, name: str) -> dict[str, Any]:
        """Return a field of names and things, of all apps together."""
        return {key: one for brought in self.brings for key, one in getattr(brought, name).items()}

    @cached_property
    def cards(self) -> dict[str, Card]:
        """Every kind of entry by its name; two cards of one name are a fault."""
        cards: dict[str, Card] = {}
        for one in self.all("cards"):
            if cards.setdefault(one, one) is not one:
                raise RuntimeError(f"There are two cards for {one}.")
        return cards

    @cached_property
    def touches(self) -> dict[str, frozenset[str]]:
        """The sheets that entries of each kind change: by their card, and as upper apps say."""
        touches: dict[str, set[str]] = {name: set(one.touches) for name, one in self.cards.items()}
        for sheet, cards in self.merged("touched").items():
            for one in cards:
                touches[one].add(sheet)
        return {name: frozenset(sheets) for name, sheets in touches.items()}

    def touched_by(self, kinds: Iterable[str]) -> frozenset[str]:
        """Return the sheets that entries of these kinds may have changed, or all of them."""
        sheets: set[str] = set()
        for kind in kinds:
            touched = self.touches.get(kind)
            if touched is None or "*" in touched:
                return EVERYTHING
            sheets |= touched
        return frozenset(sheets)

    @cached_property
    def fleeting(self) -> tuple[str, ...]:
        """The kinds of entries on which nothing ever rests."""
        return tuple(name for name, one in self.cards.items() if one.fleeting)

    @cached_property
    def erasable(self) -> tuple[str, ...]:
        """The kinds of entries whose bodies are erased a day after the meeting."""
        return tuple(sorted(name for name, one in self.cards.items() if one.erasable))

    @cached_property
    def reversible(self) -> dict[str, Card]:
        """The kinds of entries that can be taken back."""
        return {name: one for name, one in self.cards.items() if one.undo is not None}

    @cached_property
    def summed(self) -> dict[Summed, frozenset[str]]:
        """The lines of minutes that sum several entries up, each with its kinds."""
        sums: dict[Summed, set[str]] = {}
        for name, one in self.cards.items():
            if isinstance(one.minutes, Summed):
                sums.setdefault(one.minutes, set()).add(name)
        return {line: frozenset(kinds) for line, kinds in sums.items()}

    @cached_property
    def told_kinds(self) -> frozenset[str]:
        """The kinds that minutes are drawn from: those with a sentence, and those summed up."""
        return frozenset(
            name for name, one in self.cards.items() if one.has_sentence or one.is_summed
        )

    @cached_property
    def sheets(self) -> "tuple[type[Sheet], ...]":
        """The sheets of a meeting."""
        return self.all("sheets")

    @cached_property
    def sheets_on_the_item(self) -> frozenset[str]:
        """The names of the sheets that belong to the open item."""
        return frozenset(one.name for one in self.sheets if one.on_the_item)

    @cached_property
    def acts(self) -> "dict[str, Doing]":
        """Every act by its name; two of one name are a fault."""
        acts = {one.name: one for one in self.all("acts")}
        if len(acts) != len(self.all("acts")):
            raise RuntimeError("Two acts have one name.")
        return acts

    @cached_property
    def _guards(self) -> dict[str, tuple[Guard, ...]]:
        return by_name(self.all("guards"), lambda one: one.acts)

    def guards(self, act: str) -> tuple[Guard, ...]:
        """Return what is asked before an act."""
        return self._guards.get(act, ())

    @cached_property
    def _followers(self) -> dict[str, tuple[Follower, ...]]:
        return by_name(self.all("followers"), lambda one: one.kinds)

    def followers(self, kind: str) -> tuple[DoAfter, ...]:
        """Return what is done after an entry of a kind."""
        return tuple(one.do for one in self._followers.get(kind, ()))

    @cached_property
    def _delays(self) -> dict[str, tuple[Waits, ...]]:
        return by_name(self.all("delays"), lambda one: one.acts)

    def delay_of(self, page: "Page", act: str) -> "tuple[str, datetime | None] | None":
        """Return why an act waits, as the apps say, and until when; or None."""
        asked: tuple[Delay, ...] = tuple(one.why for one in self._delays.get(act, ()))
        return next((delay for ask in asked if (delay := ask(page))), None)

    def reason_to_wait(self, page: "Page", kind: str) -> str | None:
        """Return why a kind of hand must wait, as the apps say, or None if it may be called."""
        return next((why for hold in self.all("holds") if (why := hold(page, kind))), None)

    def arrival_of(self, meeting: "Meeting", person: "Person | None") -> Arrival | None:
        """Return as what somebody comes, as the apps say; None where they come as anybody."""
        if person is None:
            return None
        asked = self.all("arrivals")
        return next((as_what for ask in asked if (as_what := ask(meeting, person))), None)

    @cached_property
    def countables(self) -> dict[str, Countable]:
        """What people without names can be counted for, by name."""
        return self.merged("countables")

    @cached_property
    def ways(self) -> dict[str, WayOfDeciding]:
        """The ways of deciding that an assembly can choose, by their codes."""
        return {one.code: one for one in self.all("ways")}

    @cached_property
    def optional_signals(self) -> tuple[OptionalSignal, ...]:
        """The hand signals that an assembly can turn on."""
        return self.all("optional_signals")

    @cached_property
    def panels(self) -> dict[str, Panel]:
        """Every panel by its id."""
        return {one.id: one for one in self.all("panels")}

    @cached_property
    def panel_reads(self) -> dict[tuple[str, str], frozenset[str]]:
        """The sheets that a panel reads for a class of audience, upper apps included."""
        return {
            (one.id, kind): frozenset(
                one.reads
                | one.also.get(kind, frozenset())
                | {
                    sheet
                    for brought in self.brings
                    for who, sheets in brought.panel_reads.get(one.id, {}).items()
                    if who in ("", kind)
                    for sheet in sheets
                }
            )
            for one in self.panels.values()
            for kind in one.audiences
        }

    @cached_property
    def next_steps(self) -> tuple[Step, ...]:
        """What is proposed for the big button, in the order of ranks."""
        return tuple(sorted(self.all("next_steps"), key=lambda one: one.rank))

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """What says where the open item stands, in the order of ranks."""
        return tuple(sorted(self.all("stages"), key=lambda one: one.rank))

    @cached_property
    def mine(self) -> tuple[MinePart, ...]:
        """The parts of somebody's personal message."""
        return self.all("mine")

    def sections_of(self, page: str, about: Any, person: Any) -> list[dict[str, Any]]:
        """Return the sections of a page for somebody, each with its template."""
        shown = [
            (one.template, one.show(about, person))
            for one in self.all("sections")
            if one.page == page
        ]
        return [{"template": name, **context} for name, context in shown if context is not None]

    def answers(self, point: Point[T]) -> tuple[T, ...]:
        """Return what the apps answer to a question that one of them asks."""
        return tuple(one for brought in self.brings for one in brought.answers.get(point, ()))


def by_name(things: Iterable[T], names: Callable[[T], Iterable[str]]) -> dict[str, tuple[T, ...]]:
    """Return things under each of their names, in their order."""
    table: dict[str, list[T]] = {}
    for thing in things:
        for name in names(thing):
            table.setdefault(name, []).append(thing)
    return {name: tuple(there) for name, there in table.items()}


def house() -> House:
    """Return the house that `settings.HOUSE` names: a House, or the function that builds it."""
    named: str | House = settings.HOUSE
    return named if isinstance(named, House) else _built(named)


@lru_cache(maxsize=4)
def _built(name: str) -> House:
    built: House = import_string(name)()
    return built
