"""From what somebody sent to the service that does it, and back with one answer per act.

`perform(meeting, acts)` is the only way to change a meeting: socket, form post, rehearsal and
background work all come here. It never raises for a refusal. Of several reasons to refuse the
first is given, in the order of ROOM.md 5, 7.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import DatabaseError, OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _

from assemblies.errors import Refused
from assemblies.journal import Page, record, together
from assemblies.models import Meeting, Participant, Receipt
from assemblies.parts import FOLLOWERS, GUARDS
from assemblies.sheets import Agenda, Roll

log = logging.getLogger(__name__)
RECEIPTS_KEPT = timedelta(hours=24)
ID_AT_MOST = 64
MANY_AT_MOST = 500
# In place of names in `for`: all who are here without a phone, count, and have not answered yet.
EVERYONE_ELSE = "everyone_else_without_a_phone"
# What is never everybody's: whoever stops a proposal does so by name.
ALONE = frozenset({"block", "object"})


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


# --- what arguments may be -----------------------------------------------------------------------

MISSING: Any = object()


@dataclass(frozen=True, slots=True)
class Kind:
    """How one argument is read; `default` is used where it is left out."""

    default: Any = MISSING

    def read(self, page: Page, by: Participant, value: Any) -> Any:
        """Return the value as the service wants it, or raise Refused("unknown", ...)."""
        raise NotImplementedError


class Text(Kind):
    """Words; services bound their length (`said`) once it is clear that the person may speak."""

    def read(self, page: Page, by: Participant, value: Any) -> str:
        if not isinstance(value, str) or "\x00" in value:
            raise Refused("unknown", _("That is not a text."))
        return value.strip()


@dataclass(frozen=True, slots=True)
class Whole(Kind):
    """A whole number between two bounds."""

    least: int = 0
    most: int = 1_000_000

    def read(self, page: Page, by: Participant, value: Any) -> int:
        if isinstance(value, str) and value.strip().lstrip("-").isascii():
            try:
                value = int(value.strip()[:20])
            except ValueError:
                value = None
        if isinstance(value, bool) or not isinstance(value, int):
            raise Refused("unknown", _("That is not a whole number."))
        if not self.least <= value <= self.most:
            raise Refused(
                "unknown",
                _("The number must lie between %(least)s and %(most)s.")
                % {"least": self.least, "most": self.most},
            )
        return value


class Flag(Kind):
    """Yes or no."""

    def read(self, page: Page, by: Participant, value: Any) -> bool:
        if isinstance(value, str) and value.lower() in ("true", "1", "on", "yes"):
            return True
        if isinstance(value, str) and value.lower() in ("false", "0", "off", "no", ""):
            return False
        if not isinstance(value, bool):
            raise Refused("unknown", _("Say true or false."))
        return value


@dataclass(frozen=True, slots=True)
class OneOf(Kind):
    """One of a few words."""

    words: tuple[str, ...] = ()

    def read(self, page: Page, by: Participant, value: Any) -> str:
        if not isinstance(value, str) or value not in self.words:
            raise Refused(
                "unknown", _("Choose one of: %(words)s.") % {"words": ", ".join(self.words)}
            )
        return value


class Words(Kind):
    """A short list of words."""

    def read(self, page: Page, by: Participant, value: Any) -> list[str]:
        given = [value] if isinstance(value, str) else value
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            raise Refused("unknown", _("That is not a short list of words."))
        parts = (part.strip() for one in given for part in one.split(","))
        words = list(dict.fromkeys(part for part in parts if part))
        if len(words) > 20 or any(len(word) > 60 for word in words):
            raise Refused("unknown", _("That is not a short list of words."))
        return words


class Who(Kind):
    """Somebody in this meeting, by key."""

    def read(self, page: Page, by: Participant, value: Any) -> Participant:
        person = page.sheet(Roll).find(value) if isinstance(value, str) else None
        if person is None:
            raise Refused("unknown", _("Nobody of that name is in this meeting."))
        return person


class Several(Kind):
    """One person or a list of people in this meeting."""

    def read(self, page: Page, by: Participant, value: Any) -> list[Participant]:
        keys = [value] if isinstance(value, str) else value
        if not isinstance(keys, list) or not 0 < len(keys) <= MANY_AT_MOST:
            raise Refused("unknown", _("Name one person or a list of at most 500."))
        return [Who().read(page, by, key) for key in keys]


class Item(Kind):
    """An item of this agenda, by key."""

    def read(self, page: Page, by: Participant, value: Any) -> Any:
        item = page.sheet(Agenda).find(value) if isinstance(value, str) else None
        if item is None:
            raise Refused("unknown", _("There is no such item on the agenda."))
        return item


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
    kinds: Mapping[str, Kind] = field(default_factory=dict)


ACTS: dict[str, Doing] = {}
Counts = Callable[[Page, Participant, Mapping[str, Any]], None]
Answered = Callable[[Page, Participant], bool]
Beyond = Callable[[Meeting, Mapping[str, Any]], Iterable[Any]]
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
    more: Mapping[str, Kind] | None = None,
    **kinds: Kind,
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
    locked before it is done. `more`: arguments whose names are taken here.
    """

    def register(service: Callable[..., Any]) -> Callable[..., Any]:
        ACTS[name] = Doing(
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
            {**kinds, **(more or {})},
        )
        return service

    return register


def said(text: str, at_most: int, *, needed: bool = True) -> str:
    """Return a text within its bounds, or refuse it in a sentence."""
    if needed and not text:
        raise Refused("reason_required", _("Please say it in words."))
    if len(text) > at_most:
        raise Refused(
            "too_long",
            _("That is too long: %(length)s characters, at most %(most)s.")
            % {"length": len(text), "most": at_most},
        )
    return text


def named(text: str, at_most: int = 40) -> str:
    """Return the name that a new thing shall go by, "" where none is given.

    It stands in addresses of pages, so what cannot stand there is refused.
    """
    if "/" in text or (text and not text.strip(".")):
        raise Refused("unknown", _("A name has no slash, and not only dots."))
    return said(text, at_most, needed=False)


def perform(
    meeting: Meeting,
    acts: Sequence[Act],
    *,
    now: datetime | None = None,
    after: Callable[[Page], None] | None = None,
) -> list[Answer]:
    """Do a handful of acts in the order given and return one answer for each.

    Every act is refused alone; the others stand. Answers are remembered by act id, so that a
    repeat gets the same one. Should a service crash, the handful is done again one by one and
    only the act at fault is answered with `failed`. What reaches beyond this meeting is done by
    itself, with all the doors it needs held open.
    """
    apart = [place for place, one in enumerate(acts) if reaching(one)]
    if apart and len(acts) > 1:
        cuts = sorted({0, len(acts), *apart, *(place + 1 for place in apart)})
        return [
            answer
            for first, last in pairwise(cuts)
            for answer in perform(meeting, acts[first:last], now=now, after=after)
        ]
    try:
        if apart:
            return _perform_beyond(meeting, acts[0], now, after)
        return _perform(meeting, acts, now, after)
    except OperationalError:
        log.exception("The database did not take a handful of %s acts", len(acts))
        why = _("Not saved: the database is busy. Please try again.")
        return [Answer(act.id, code="not_saved", why=why) for act in acts]
    except DatabaseError as wrong:
        return _one_by_one(meeting, acts, now, after, wrong)
    except Exception as wrong:
        return _one_by_one(meeting, acts, now, after, wrong)


def reaching(one: Act) -> Doing | None:
    """Return what is done by an act that writes in other journals too, or None."""
    doing = ACTS.get(one.do)
    return doing if doing is not None and doing.beyond is not None else None


def _one_by_one(
    meeting: Meeting,
    acts: Sequence[Act],
    now: datetime | None,
    after: Callable[[Page], None] | None,
    wrong: Exception,
) -> list[Answer]:
    if len(acts) == 1:
        log.error("An act failed: %s", acts[0].do, exc_info=wrong)
        why = _("That did not work, and nothing was changed. The operator finds it in the log.")
        return [Answer(acts[0].id, code="failed", why=why)]
    return [answer for one in acts for answer in perform(meeting, [one], now=now, after=after)]


def _perform_beyond(
    meeting: Meeting, one: Act, now: datetime | None, after: Callable[[Page], None] | None
) -> list[Answer]:
    """Do an act that writes in other journals too, with all of them locked.

    Which these are is asked again under the locks: where a meeting began or a council was joined
    meanwhile, all are let go and taken anew, for locks taken one by one could wait for each other.
    """
    doing = reaching(one)
    assert doing is not None and doing.beyond is not None  # noqa: S101 - `perform` has looked
    wanted = {meeting.journal_id, *doing.beyond(meeting, one.args)}
    for _attempt in range(20):
        with together(wanted):
            there = {meeting.journal_id, *doing.beyond(meeting, one.args)}
            if there <= wanted:
                return _perform(meeting, [one], now, after, reread=True)
        wanted = there
    raise OperationalError("what an act reaches changes faster than it can be locked")


def _perform(
    meeting: Meeting,
    acts: Sequence[Act],
    now: datetime | None,
    after: Callable[[Page], None] | None,
    *,
    reread: bool = False,
) -> list[Answer]:
    with record(meeting, now=now, after=after) as page:
        if reread:
            page.reread()
        known = remembered(page, acts)
        answers = []
        for one in acts:
            key = one.actor, one.id
            if one.id and key in known:
                answers.append(known[key])
                continue
            answer = answer_to(page, one)
            answers.append(answer)
            if one.id and answer.code != "too_fast":
                known[key] = answer
                page.receipts.append(receipt(page, one, answer))
    return answers


def remembered(page: Page, acts: Sequence[Act]) -> dict[tuple[str, str], Answer]:
    """Return the answers that these acts got before."""
    names = [one.id for one in acts if one.id]
    if not names:
        return {}
    rows = Receipt.objects.filter(
        journal=page.journal, act__in=names, at__gt=timezone.now() - RECEIPTS_KEPT
    )
    return {(row.actor, row.act): Answer(row.act, row.seq, row.code, row.why) for row in rows}


def receipt(page: Page, one: Act, answer: Answer) -> Receipt:
    """Return the row that remembers an answer."""
    return Receipt(
        journal=page.journal,
        actor=one.actor,
        act=one.id,
        seq=answer.seq,
        code=answer.code,
        why=answer.why,
        # Wall clock, not the page's: a rehearsal's virtual time would make receipts expire.
        at=timezone.now(),
    )


def answer_to(page: Page, one: Act) -> Answer:
    """Do one act on an open page."""
    try:
        if one.too_fast:
            raise Refused("too_fast", _("That was very fast. Wait a second and tap again."))
        but = do(page, one)
    except Refused as refusal:
        return Answer(one.id, code=refusal.code, why=refusal.why)
    finally:
        page.actor = page.on_behalf_of = None
    return Answer(one.id, seq=page.journal.seq, but=tuple(but))


def do(page: Page, one: Act) -> list[str]:
    """Check who may and call the service, once for each person it is entered for.

    Returns sentences about those for whom it could not be done, where it could for others.
    """
    doing = ACTS.get(one.do)
    if doing is None:
        raise Refused("unknown", _("There is no act “%(do)s”.") % {"do": one.do})
    roll = page.sheet(Roll)
    actor = roll.find(one.actor)
    if actor is None:
        raise Refused("unknown", _("You have no seat in this meeting."))
    everyone = one.entered_for == (EVERYONE_ELSE,)
    named = () if everyone else one.entered_for
    for_whom = [Who().read(page, actor, key) for key in named] or [actor]
    args = read_args(page, actor, doing, one.args)
    page.actor = actor
    permit(page, doing, actor, for_whom, entered=bool(one.entered_for))
    if everyone:
        for_whom = those_meant(page, doing, args)
    if len(for_whom) == 1:
        enter(page, doing, actor, for_whom[0], args)
        return []
    refusals: list[Refused] = []
    for person in for_whom:
        try:
            enter(page, doing, actor, person, args)
        except Refused as refusal:
            refusals.append(Refused(refusal.code, f"{person.name}: {refusal.why}"))
    if len(refusals) == len(for_whom):
        raise refusals[0]
    return [refusal.why for refusal in refusals]


def everyone_else(page: Page, do: str) -> list[Participant]:
    """Return who is here without a phone, counts, and has not answered yet with this act."""
    roll, answered = page.sheet(Roll), ACTS[do].answered
    return [
        person
        for person in roll.here()
        if not person.phone
        and roll.counts(person)
        and not (answered is not None and answered(page, person))
    ]


def those_meant(page: Page, doing: Doing, args: Mapping[str, Any]) -> list[Participant]:
    """Return for whom an act is entered that is meant for everyone else without a phone."""
    if doing.answered is None:
        raise Refused("unknown", _("This is entered for people by name."))
    if ALONE & {value for value in args.values() if isinstance(value, str)}:
        raise Refused("position_not_offered", _("A block is always one person's."))
    if doing.phases and page.meeting.phase not in doing.phases:
        raise Refused("not_open", not_open_now(page.meeting.phase))
    if people := everyone_else(page, doing.name):
        return people
    raise Refused("already_done", _("Nobody without a phone is left to answer."))


def read_args(
    page: Page, actor: Participant, doing: Doing, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the arguments as the service wants them."""
    for name in given:
        if name not in doing.kinds:
            raise Refused(
                "unknown",
                _("“%(act)s” knows no “%(name)s”.") % {"act": doing.name, "name": name[:40]},
            )
    args = {}
    for name, kind in doing.kinds.items():
        if name in given and given[name] is not None:
            args[name] = kind.read(page, actor, given[name])
        elif kind.default is MISSING:
            raise Refused(
                "unknown",
                _("“%(act)s” needs “%(name)s”.") % {"act": doing.name, "name": name},
            )
        else:
            args[name] = kind.default
    return args


def permit(
    page: Page, doing: Doing, actor: Participant, for_whom: list[Participant], *, entered: bool
) -> None:
    """Refuse who may not, in the order of ROOM.md 5, 7."""
    roll, phase = page.sheet(Roll), page.meeting.phase
    if phase == "ended" and not doing.after_end:
        raise Refused("closed", _("The meeting has ended."))
    if not actor.present and not doing.absent:
        raise Refused("not_here", _("You are not checked in to this meeting."))
    if not doing.absent and not any(person.present for person in for_whom):
        raise Refused("not_here", _("%(name)s is not here.") % {"name": for_whom[0].name})
    if entered and (doing.entered == "no" or not roll.may(actor, "stack_taker", "greeter")):
        raise Refused(
            "not_your_role", _("The stack taker and the greeter enter things for others.")
        )
    excepted = doing.unless is not None and doing.unless(page, actor)
    if doing.roles and not excepted and not roll.may(actor, *doing.roles):
        raise Refused("not_your_role", _("Your role does not include that."))


def enter(
    page: Page, doing: Doing, actor: Participant, person: Participant, args: Mapping[str, Any]
) -> None:
    """Call the service for one person."""
    if person is not actor:
        if not person.present and not doing.absent:
            raise Refused("not_here", _("%(name)s is not here.") % {"name": person.name})
        if doing.entered == "no_phone" and person.phone:
            raise Refused(
                "not_your_role",
                _("%(name)s has a phone and answers by it.") % {"name": person.name},
            )
        page.on_behalf_of = person
    if callable(doing.counts):
        doing.counts(page, person, args)
    elif doing.counts and not page.sheet(Roll).counts(person):
        raise Refused("does_not_count", _("Members and delegates may do that."))
    if doing.phases and page.meeting.phase not in doing.phases:
        raise Refused("not_open", not_open_now(page.meeting.phase))
    for guard in GUARDS.get(doing.name, ()):
        guard(page, person, args)
    written = len(page.entries)
    doing.service(page, by=person, **args)
    for entry in page.entries[written:]:
        for follow in FOLLOWERS.get(entry.kind, ()):
            follow(page, entry)


def not_open_now(phase: str) -> str:
    """Return why nothing of the kind is open in this phase of the meeting."""
    if phase == "break":
        return _("There is a break. It goes on when the meeting resumes.")
    if phase in ("planned", "doors_open"):
        return _("The meeting has not started yet.")
    return _("That is not open now.")
