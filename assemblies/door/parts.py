"""What the apps add to a state, a personal message, a phone's pad: functions of the page."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from assemblies.door.page import Page
from assemblies.models import AgendaItem, Assembly, Entry, Meeting, Participant, Person

StatePart = Callable[[Page], dict[str, Any]]
MinePart = Callable[[Page, Participant], dict[str, Any]]
PagePart = Callable[[Page], list[dict[str, Any]]]
PadPart = Callable[[Page, Participant], list[dict[str, Any]]]
Proposing = Callable[[Page], dict[str, Any] | None]
Holding = Callable[[Page, str], str | None]
Nexting = Callable[[Page], tuple[str, str] | None]

Veil = Callable[[Page, Participant | None, dict[str, Any]], None]

STATES: list[StatePart] = []
VEILS: list[Veil] = []
MINES: list[MinePart] = []
PADS: list[PadPart] = []
# Which act a console proposes as the most likely next one; the first that has one is shown. What
# must not wait, even for those on the stack, stands in URGENT and is asked first.
URGENT: list[Proposing] = []
PRIMARIES: list[Proposing] = []
# Where the open item stands and what happens next: the name of a phase and a sentence, or None.
# Entries that change the answer touch one of the sheets that the panel "now" reads.
NEXTS: list[Nexting] = []
# What must wait: asked with the kind of hand about to be called ("hand", "clarification", ...), a
# function returns the sentence why it waits, or None. Entries that change its answer touch "floor".
HOLDS: list[Holding] = []

# Look again at what rests on who counts, after somebody left, was merged or came as something else.
RECOUNTS: list[Callable[[Page], None]] = []


# What another app says before an act is done (it raises Refused), and does after an entry.
Guard = Callable[[Page, Participant, Mapping[str, Any]], None]
Follower = Callable[[Page, Entry], None]
GUARDS: dict[str, list[Guard]] = {}
FOLLOWERS: dict[str, list[Follower]] = {}


# What other apps freeze with the rule of a meeting when its doors open.
FREEZING: list[Callable[[Assembly], Mapping[str, Any]]] = []


def guards(*acts: str) -> Callable[[Guard], Guard]:
    """Have a function asked before any of these acts: with the page, for whom, and arguments."""

    def register(guard: Guard) -> Guard:
        for act in acts:
            GUARDS.setdefault(act, []).append(guard)
        return guard

    return register


def follows(*kinds: str) -> Callable[[Follower], Follower]:
    """Have a function called after each act that wrote an entry of one of these kinds."""

    def register(follower: Follower) -> Follower:
        for kind in kinds:
            FOLLOWERS.setdefault(kind, []).append(follower)
        return follower

    return register


# Why an act waits, as another app says: a sentence and, where a time alone decides, until when
# (None: until something else happens). Nothing here looks at a clock.
Delay = Callable[[Page], tuple[str, datetime | None] | None]
DELAYS: dict[str, list[Delay]] = {}


def delays(*acts: str) -> Callable[[Delay], Delay]:
    """Have a function asked by consoles why one of these acts waits, and until when."""

    def register(delay: Delay) -> Delay:
        for act in acts:
            DELAYS.setdefault(act, []).append(delay)
        return delay

    return register


def delay_of(page: Page, act: str) -> tuple[str, datetime | None] | None:
    """Return why an act waits, as the apps say, and until when; or None."""
    return next((found for ask in DELAYS.get(act, ()) if (found := ask(page))), None)


@dataclass(frozen=True, slots=True)
class Arrival:
    """As what somebody comes to a meeting, and for whom they speak there."""

    kind: str
    voice: str = ""


# Asked in turn as what a person comes to a meeting; the first that knows is followed.
ARRIVALS: list[Callable[[Meeting, Person], Arrival | None]] = []


def arrival_of(meeting: Meeting, person: Person | None) -> Arrival | None:
    """Return as what somebody comes, as the apps say, or None where they come as anybody."""
    if person is None:
        return None
    return next((found for ask in ARRIVALS if (found := ask(meeting, person))), None)


def state_part(part: StatePart) -> StatePart:
    """Have a part of the state of a meeting (ROOM.md 3) computed by an app."""
    STATES.append(part)
    return part


def veil(part: Veil) -> Veil:
    """Have an app take out of a state what a place may not see (None: a screen of nobody's)."""
    VEILS.append(part)
    return part


def mine_part(part: MinePart) -> MinePart:
    """Have a part of somebody's personal message computed by an app."""
    MINES.append(part)
    return part


def pad_part(part: PadPart) -> PadPart:
    """Have buttons of a phone's pad supplied by an app."""
    PADS.append(part)
    return part


# What an app adds to the context of a surface: a function of the page.
CONTEXTS: list[StatePart] = []


# What a console enters for somebody without a phone: of each question its name, and its answers.
ENTERED: list[PagePart] = []


def entered_part(part: PagePart) -> PagePart:
    """Have answers that a console enters for others supplied by an app."""
    ENTERED.append(part)
    return part


def context_part(part: StatePart) -> StatePart:
    """Have a part of the context of phone, console and wall supplied by an app."""
    CONTEXTS.append(part)
    return part


def held(page: Page, kind: str) -> str | None:
    """Return why a kind of hand must wait, as the apps say, or None if it may be called."""
    return next((why for hold in HOLDS if (why := hold(page, kind))), None)


@dataclass(frozen=True, slots=True)
class Countable:
    """Something that people without names can be counted for (ROOM.md 5, 4).

    `words` returns the words that can be counted now, and refuses where nothing of the kind is
    open; `now` returns the numbers that stand, `take` writes others down.
    """

    words: Callable[[Page], Sequence[str]]
    now: Callable[[Page], dict[str, int]]
    take: Callable[[Page, dict[str, int]], None]


COUNTABLES: dict[str, Countable] = {}


@dataclass(frozen=True, slots=True)
class ItemPart:
    """A part of an agenda item in a rehearsal script that another app reads and puts on the table.

    `read` gets what the script says and the ids of its people, and raises ValueError with a
    sentence; `stage` gets what `read` returned.
    """

    read: Callable[[Any, set[str]], Any]
    stage: Callable[[Page, AgendaItem, Any], None]


ITEM_PARTS: dict[str, ItemPart] = {}
# Read the parameters of a rule, raising ValueError with a sentence for what cannot be.
RULE_READERS: list[Callable[[Mapping[str, Any]], object]] = []


@dataclass(slots=True)
class Scene:
    """What a rehearsal with several assemblies has put on the stage, by the names of its script."""

    now: datetime
    assemblies: dict[str, Assembly] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AssemblyPart:
    """A part of an assembly in a rehearsal script that another app reads and puts on the stage.

    `read` gets what the script says, the ids of all people and the names of all assemblies, and
    raises ValueError with a sentence. `stage` gets what `read` returned, when all assemblies and
    people are there and no doors are open yet; it returns who comes to the meeting of its
    assembly besides those whom the script lists there.
    """

    read: Callable[[Any, set[str], set[str]], Any]
    stage: Callable[[Scene, Assembly, Any], Iterable[Person]]


ASSEMBLY_PARTS: dict[str, AssemblyPart] = {}
# Names of arguments in which a script calls an assembly by its name and the act wants its key.
ASSEMBLY_ARGUMENTS: set[str] = set()
# Who belongs in a meeting of an assembly that was founded in the course of a script.
GATHERING: list[Callable[[Meeting], Iterable[Person]]] = []


# Called when an assembly has been deleted, for what hangs on no assembly alone.
FORGOTTEN: list[Callable[[], None]] = []


# --- pages ----------------------------------------------------------------------------------------

Telling = Callable[[Any, Any], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an ordinary page that an app supplies.

    `tell` gets what the page is about and the person who looks, and returns what the template
    shows, or None where there is nothing to show.
    """

    template: str
    tell: Telling


SECTIONS: dict[str, list[Section]] = {}
# What waits for somebody, for their home: sentence, what to do, the page on which it is done.
WAITING: list[Callable[[Any], list[dict[str, str]]]] = []


def section(page: str, template: str) -> Callable[[Telling], Telling]:
    """Have a section of a page ("home", "assembly", "meeting", "minutes") supplied by an app."""

    def register(tell: Telling) -> Telling:
        SECTIONS.setdefault(page, []).append(Section(template, tell))
        return tell

    return register


def sections_of(page: str, about: Any, person: Any) -> list[dict[str, Any]]:
    """Return the sections of a page for somebody, each with its template."""
    told = [(one.template, one.tell(about, person)) for one in SECTIONS.get(page, [])]
    return [{"template": template, **said} for template, said in told if said is not None]
