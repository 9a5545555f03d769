"""What an act is, and how a service becomes one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from django.utils.translation import gettext as _

from assemblies.acts.arguments import MANY_AT_MOST, Reader
from assemblies.door.page import Page
from assemblies.door.shapes import marked
from assemblies.models import Meeting, Participant
from assemblies.rules.errors import Refused

ID_AT_MOST = 64


@dataclass(frozen=True, slots=True)
class Act:
    """One thing one person does in one meeting (ROOM.md 1)."""

    do: str
    args: Mapping[str, Any] = field(default_factory=dict)
    actor: str = ""
    id: str = ""
    entered_for: tuple[str, ...] = ()
    too_fast: bool = False

    @classmethod
    def read(cls, said: Any, *, actor: str, too_fast: bool = False) -> "Act":
        """Return the act that a decoded JSON object describes; raise Refused if it is none."""
        if not isinstance(said, dict) or not isinstance(said.get("do"), str):
            raise Refused("unknown", _("An act says what to do."))
        name = said.get("id", "")
        if not isinstance(name, str) or len(name) > ID_AT_MOST:
            raise Refused("unknown", _("An id is a text of at most 64 characters."))
        given = said.get("for", [])
        for_whom = [given] if isinstance(given, str) else given
        if not isinstance(for_whom, list) or not all(isinstance(who, str) for who in for_whom):
            raise Refused("unknown", _("“for” names one person or a list of people."))
        if len(for_whom) > MANY_AT_MOST:
            raise Refused("too_long", _("At most 500 people at once."))
        args = {key: value for key, value in said.items() if key not in ("do", "id", "for")}
        return cls(said["do"][:64], args, actor, name, tuple(filter(None, for_whom)), too_fast)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an act: accepted with a seq, or refused with a code and a sentence."""

    id: str = ""
    seq: int | None = None
    code: str = ""
    why: str = ""
    but: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the act was done."""
        return not self.code

    def as_json(self) -> dict[str, Any]:
        """Return the answer as it travels on the socket (ROOM.md 2)."""
        if self.code:
            return {"refused": self.id or None, "code": self.code, "why": self.why}
        said: dict[str, Any] = {"accepted": self.id or None, "seq": self.seq}
        if self.but:
            said["but"] = list(self.but)
        return said


# --- what may be done ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Doing:
    """An act that exists: the service behind it, who may, when, and its arguments."""

    name: str
    service: Callable[..., Any]
    roles: tuple[str, ...] = ()
    counts: "bool | Counts" = False
    unless: "Callable[[Page, Participant], bool] | None" = None
    phases: frozenset[str] = frozenset()
    absent: bool = False
    after_end: bool = False
    entered: str = "no"
    answered: "Answered | None" = None
    beyond: "Beyond | None" = None
    settles: "Settles | None" = None
    readers: Mapping[str, Reader] = field(default_factory=dict)


Counts = Callable[[Page, Participant, Mapping[str, Any]], None]
Answered = Callable[[Page, Participant], bool]
Beyond = Callable[[Meeting, Mapping[str, Any]], Iterable[Any]]
Settles = Callable[[Page, Mapping[str, Any]], None]
SITTING = frozenset({"in_session", "closing"})
GATHERED = frozenset({"doors_open", "in_session", "break", "closing"})


def act(
    name: str,
    /,
    *,
    roles: Sequence[str] = (),
    counts: "bool | Counts" = False,
    unless: "Callable[[Page, Participant], bool] | None" = None,
    phases: frozenset[str] = frozenset(),
    absent: bool = False,
    after_end: bool = False,
    entered: str = "no",
    answered: Answered | None = None,
    beyond: Beyond | None = None,
    settles: Settles | None = None,
    more: Mapping[str, Reader] | None = None,
    **readers: Reader,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a service its name on the wire, and say who may, when, and with what.

    `roles`: who may (empty: anybody here), `unless` they are somebody of whom this is true.
    `counts`: the person must be a member or delegate, or what this function does not refuse.
    `phases`: the meeting must be in one of these, else `not_open`. `absent`: also for somebody who
    is not here. `after_end`: also when the meeting has ended. `entered`: whether stack taker and
    greeter may enter it for somebody: "no", "anyone", or "no_phone" (only for people without one).
    `answered`: whether somebody has given this answer or another already; with it the act may be
    entered at once for everyone else without a phone (`EVERYONE_ELSE`).
    `beyond`: which other journals the act writes in, from its meeting and raw arguments; all are
    locked before it is done. `settles`: what writes down, from the arguments as read, what fell due
    elsewhere before the act is decided; it stays though the act is refused. `more`: arguments whose
    names are taken here.
    """

    def register(service: Callable[..., Any]) -> Callable[..., Any]:
        doing = Doing(
            name,
            service,
            tuple(roles),
            counts,
            unless,
            phases,
            absent,
            after_end,
            entered,
            answered,
            beyond,
            settles,
            {**readers, **(more or {})},
        )
        service.doing = doing  # type: ignore[attr-defined]
        return service

    return register


def acts_of(*modules: ModuleType) -> tuple[Doing, ...]:
    """Return the acts of these modules, in the order in which they are written."""
    return marked("doing", *modules)
