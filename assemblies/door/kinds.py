"""A card for each kind of entry: everything that is known about it stands on it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from types import ModuleType

    from django.db.models import Model

    from assemblies.door.page import Page
    from assemblies.models import Entry

EVERYTHING = frozenset({"*"})


class Names:
    """How the minutes call people and items."""

    def __init__(
        self,
        people: dict[str, str],
        items: dict[str, str],
        named: frozenset[str] = frozenset(),
        *,
        local: Callable[[datetime], datetime],
    ) -> None:
        self._people, self._items, self._named = people, items, named
        self.local = local  # the clocks of the assembly

    def person(self, key: Any) -> str:
        """Return the name somebody chose for the meeting."""
        return self._people.get(str(key), _("somebody"))

    def known(self, key: Any) -> str | None:
        """Return what somebody, or whatever goes by this key, is called; None where unknown."""
        return self._people.get(str(key))

    def known_item(self, key: Any) -> str | None:
        """Return the title of an item, or None where it is unknown."""
        return self._items.get(str(key))

    def opinion(self, key: Any) -> str:
        """Return how somebody who held an opinion is called: by name only if they agreed to it."""
        return self.person(key) if str(key) in self._named else _("a member")

    def item(self, key: Any) -> str:
        """Return the title of an item."""
        return self._items.get(str(key), _("an item"))


Sentence = Callable[["Entry", Names], str | None]
Resting = Callable[["Entry", "Entry"], bool]
RoomSentence = Callable[[Mapping[str, Any], Names], str]


def nothing_rests(entry: "Entry", later: "Entry") -> bool:
    """Say that nothing ever rests on such an entry."""
    return False


@dataclass(frozen=True, slots=True)
class Undo:
    """How an entry is taken back (ROOM.md 5, 21).

    `rests(entry, later)` says whether a later entry rests on it. `by_actor`: who did it may undo
    it within 30 s; `by_room`: one objection within 15 s takes it back. `offered`: whether a button
    for it is worth showing to who did it.
    """

    take_back: Callable[["Page", "Entry"], None]
    rests: Resting = nothing_rests
    by_actor: bool = True
    by_room: bool = False
    offered: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Summed:
    """One line of the minutes for all entries within an item that share it."""

    write: Callable[[Sequence["Entry"], Names], str | None]


@dataclass(frozen=True, slots=True)
class Silent:
    """The minutes say nothing of such an entry, and why not."""

    because: str


@dataclass(frozen=True, slots=True)
class Always:
    """The minutes always say the same words of such an entry."""

    words: str | Promise


Minutes = Sentence | Summed | Silent | Always


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a model that an entry makes, changes or deletes.

    `by` says which: fields of the model, each with the fact of the entry that holds its value.
    Where it is empty, who acted, the meeting or the assembly says which. `digest` is the fact that
    holds the digest of the row's text, where it has one (SHA-256, hex).
    """

    model: "type[Model]"
    by: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""


def rows(model: "type[Model]", /, *, digest: str = "", **by: str) -> Rows:
    """Return which rows of a model an entry writes: `rows(Hand, pk="hand")`."""
    return Rows(model, by, digest)


class Card(str):
    """The name of a kind of entry, with everything that is known about it.

    It is a text, so that it is stored, compared and looked for as the name that it is.

    `touches`: the sheets that such an entry changes. `erasable`: whether its body is erased a day
    after the meeting; what is erased is `fleeting` too: nothing ever rests on it. `undo`: how it is
    taken back, or None. `doer`: the words of the button that undoes it. `room`: what the room reads
    of it while it can object. `minutes`: its sentence, or why it has none. `log`: how a number of
    such entries is told in an act log. `writes`: the rows that it makes or changes, beside those of
    the sheets that it touches.
    """

    __slots__ = (
        "doer",
        "erasable",
        "fleeting",
        "log",
        "minutes",
        "room",
        "touches",
        "undo",
        "writes",
    )

    touches: frozenset[str]
    erasable: bool
    fleeting: bool
    undo: Undo | None
    doer: str | Promise
    room: RoomSentence | None
    minutes: Minutes
    log: Callable[[int], str] | None
    writes: tuple[Rows, ...]

    @property
    def app(self) -> str:
        """The app that writes such entries."""
        return self.partition(".")[0]

    @property
    def is_summed(self) -> bool:
        """Whether several entries of the kind are one line of the minutes."""
        return isinstance(self.minutes, Summed)

    def sentence(self, entry: "Entry", names: Names) -> str | None:
        """Return what the minutes say of one such entry; None where it needs no words."""
        if isinstance(self.minutes, Always):
            return str(self.minutes.words)
        if isinstance(self.minutes, Summed | Silent):
            return None
        return self.minutes(entry, names)

    @property
    def has_sentence(self) -> bool:
        """Whether the minutes speak of each such entry by itself."""
        return not isinstance(self.minutes, Summed | Silent)


def card(
    name: str,
    *touches: str,
    minutes: Minutes,
    writes: Iterable[Rows] = (),
    erasable: bool = False,
    fleeting: bool = False,
    undo: Undo | None = None,
    doer: str | Promise = "",
    room: RoomSentence | None = None,
    log: Callable[[int], str] | None = None,
) -> Card:
    """Return the card of a kind of entry, `<app>.<past_tense>`; `Card` says what stands on it."""
    made = Card(name)
    made.touches, made.erasable, made.fleeting = frozenset(touches), erasable, fleeting or erasable
    made.undo, made.doer, made.room = undo, doer, room
    made.minutes, made.log, made.writes = minutes, log, tuple(writes)
    return made


def cards_of(*modules: "ModuleType") -> tuple[Card, ...]:
    """Return the cards that stand in these modules, in the order in which they are written.

    A card that a module of another app imports stays that app's own.
    """
    there = [
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, Card) and one.app == module.__name__.partition(".")[0]
    ]
    return tuple({id(one): one for one in there}.values())


def facts(entry: "Entry") -> dict[str, Any]:
    """Return what an entry holds; nothing where it was erased."""
    return entry.facts or {}


# --- what rests on what ---------------------------------------------------------------------------


def any_of(*kinds: str) -> Resting:
    """Return a rule: every later entry of these kinds rests on it."""
    names = frozenset(kinds)
    return lambda entry, later: later.kind in names


def same(fact: str, *kinds: str) -> Resting:
    """Return a rule: later entries of these kinds about the same thing rest on it."""
    names = frozenset(kinds)
    return lambda entry, later: (
        later.kind in names and (later.facts or {}).get(fact) == (entry.facts or {}).get(fact)
    )


def either(*rules: Resting) -> Resting:
    """Return a rule: what one of these rules says rests on it."""
    return lambda entry, later: any(rule(entry, later) for rule in rules)
