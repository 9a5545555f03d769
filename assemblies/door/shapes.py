"""The shapes of what an app can bring to the house, each with what it is given and returns.

An app lists what it brings in its `brings.py` (assemblies/door/house.py: `Brings`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, auto
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.utils.functional import Promise

if TYPE_CHECKING:
    from types import ModuleType

    from assemblies.door.page import Page
    from assemblies.models import AgendaItem, Assembly, Entry, Meeting, Participant, Person

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

StatePart = Callable[["Page"], dict[str, Any]]
MinePart = Callable[["Page", "Participant"], dict[str, Any]]
PagePart = Callable[["Page"], list[dict[str, Any]]]
PadPart = Callable[["Page", "Participant"], list[dict[str, Any]]]
Veil = Callable[["Page", "Participant | None", dict[str, Any]], None]
Hold = Callable[["Page", str], str | None]
Delay = Callable[["Page"], tuple[str, datetime | None] | None]
Propose = Callable[["Page"], dict[str, Any] | None]
DescribeStage = Callable[["Page"], tuple[str, str] | None]
AskBefore = Callable[["Page", "Participant", Mapping[str, Any]], "Callable[[Page], None] | None"]
DoAfter = Callable[["Page", "Entry"], None]


# --- what an assembly can turn on -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OptionalSignal:
    """A hand signal that an assembly can turn on.

    `label` is what it is called in the settings, `first_label` on the page that starts one.
    """

    code: str
    label: str | Promise
    first_label: str | Promise


# --- what comes next ------------------------------------------------------------------------------


class Rank(IntEnum):
    """In which order the next step is looked for: the first that has something to propose is shown.

    What must not wait comes first: what has been answered by all, then who waits for the floor.
    """

    ANSWERED = auto()  # a test or vote that all have answered, a block to hear, a result to record
    FLOOR = auto()  # a technical point, and who is next on the stack
    SCOPE = auto()  # in a council: whose matter the item is
    PROPOSAL = auto()  # the next step of the proposal at hand
    RECALL = auto()  # the next step of a recall
    MEETING = auto()  # open, start, go on, close the question, finish the item, take up the next


@dataclass(frozen=True, slots=True)
class Step:
    """A next act that an app proposes for the big button, if it has one now."""

    rank: Rank
    propose: Propose


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the open item stands and what happens next, as an app says it, if it knows.

    Entries that change the answer touch one of the sheets that the panel "now" reads.
    """

    rank: Rank
    describe: DescribeStage


# --- asked before an act, done after an entry, told on a console ----------------------------------


@dataclass(frozen=True, slots=True)
class Guard:
    """What another app asks before any of these acts is done; it changes nothing.

    It raises Refused, or returns what it has to write down once the act is done.
    """

    acts: tuple[str, ...]
    ask: AskBefore


@dataclass(frozen=True, slots=True)
class Follower:
    """What another app does after an act that wrote an entry of one of these kinds."""

    kinds: tuple[str, ...]
    do: DoAfter


@dataclass(frozen=True, slots=True)
class Waits:
    """Why any of these acts waits: a sentence and, where a time alone decides, until when."""

    acts: tuple[str, ...]
    why: Delay


def guards(*acts: str) -> Callable[[F], F]:
    """Mark a function that is asked before any of these acts: page, for whom, arguments."""
    return _mark("guard", lambda ask: Guard(acts, ask))


def follows(*kinds: str) -> Callable[[F], F]:
    """Mark a function that is called after each act that wrote an entry of one of these kinds."""
    return _mark("follower", lambda do: Follower(kinds, do))


def delays(*acts: str) -> Callable[[F], F]:
    """Mark a function that says why one of these acts waits, and until when."""
    return _mark("delay", lambda why: Waits(acts, why))


def _mark(name: str, make: Callable[[Any], Any]) -> Callable[[F], F]:
    """Return a decorator that leaves a mark on a function; nothing else knows of it."""

    def leave(work: F) -> F:
        setattr(work, name, make(work))
        return work

    return leave


def marked(name: str, *modules: "ModuleType") -> tuple[Any, ...]:
    """Return what functions of these modules were marked with, in the order of their lines."""
    return tuple(
        getattr(one, name)
        for module in modules
        for one in vars(module).values()
        if callable(one)
        and getattr(one, "__module__", "") == module.__name__
        and hasattr(one, name)
    )


def guards_of(*modules: "ModuleType") -> tuple[Guard, ...]:
    """Return the guards of these modules."""
    return marked("guard", *modules)


def followers_of(*modules: "ModuleType") -> tuple[Follower, ...]:
    """Return the followers of these modules."""
    return marked("follower", *modules)


def delays_of(*modules: "ModuleType") -> tuple[Waits, ...]:
    """Return what in these modules says why an act waits."""
    return marked("delay", *modules)


# --- people and numbers ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Arrival:
    """As what somebody comes to a meeting, and for whom they speak there."""

    kind: str
    voice: str = ""


@dataclass(frozen=True, slots=True)
class Countable:
    """Something that people without names can be counted for (ROOM.md 5, 4).

    `words` returns the words that can be counted now, and refuses where nothing of the kind is
    open; `now` returns the numbers that stand, `take` writes others down.
    """

    words: Callable[["Page"], Sequence[str]]
    now: Callable[["Page"], dict[str, int]]
    take: Callable[["Page", dict[str, int]], None]


# --- ways of deciding -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WayOfDeciding:
    """A preset as the assembly's founder sees it: its name, where it comes from, in plain words."""

    code: str
    label: str | Promise
    origin: str | Promise
    words: str | Promise
    rule: dict[str, Any] = field(default_factory=dict)
    explain: Callable[[Mapping[str, Any]], list[tuple[str, str]]] = lambda rule: []

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """Return every parameter that it starts from: what it is called, what it says."""
        return self.explain(self.rule)


# --- rehearsals -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ItemPart:
    """A part of an agenda item in a rehearsal script that an app reads and puts on the table.

    `read` gets what the script says and the ids of its people, and raises ValueError with a
    sentence; `stage` gets what `read` returned.
    """

    read: Callable[[Any, set[str]], Any]
    stage: Callable[["Page", "AgendaItem", Any], None]


@dataclass(slots=True)
class Scene:
    """What a rehearsal with several assemblies has put on the stage, by the names of its script."""

    now: datetime
    assemblies: dict[str, "Assembly"] = field(default_factory=dict)
    people: dict[str, "Person"] = field(default_factory=dict)
    meetings: dict[str, "Meeting"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AssemblyPart:
    """A part of an assembly in a rehearsal script that an app reads and puts on the stage.

    `read` gets what the script says, the ids of all people and the names of all assemblies, and
    raises ValueError with a sentence. `stage` gets what `read` returned, when all assemblies and
    people are there and no doors are open yet; it returns who comes to the meeting of its
    assembly besides those whom the script lists there.
    """

    read: Callable[[Any, set[str], set[str]], Any]
    stage: Callable[[Scene, "Assembly", Any], Iterable["Person"]]


# --- pages ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an ordinary page ("home", "assembly", "meeting", "minutes") that an app supplies.

    `show` gets what the page is about and the person who looks, and returns what the template
    shows, or None where there is nothing to show.
    """

    page: str
    template: str
    show: Callable[[Any, Any], dict[str, Any] | None]


def section(page: str, template: str) -> Callable[[F], F]:
    """Mark a function that supplies a section of a page."""
    return _mark("section", lambda show: Section(page, template, show))


def sections_in(*modules: "ModuleType") -> tuple[Section, ...]:
    """Return the sections of these modules."""
    return marked("section", *modules)


# --- panels ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel: its id, its template, the sheets it reads, who sees it.

    `also`: the sheets that it reads for some audiences alone, so that all others are spared.
    `more`: those that it reads in some meetings alone.
    """

    id: str
    template: str
    reads: frozenset[str]
    audiences: frozenset[str]
    context: Callable[["Page", str], dict[str, Any]]
    also: Mapping[str, frozenset[str]] = field(default_factory=dict)
    more: Callable[["Page"], frozenset[str]] | None = None


# --- what upper apps ask each other ---------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Point(Generic[T]):
    """A question that an app asks and that others answer, named where it is asked.

    `house().answers(POINT)` returns all answers in the order of the apps.
    """

    asks: str
