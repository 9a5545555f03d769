"""From what somebody sent to the service that does it, and back with one answer per act.

`perform(meeting, acts)` is the only way to change a meeting: socket, form post, rehearsal and
background work all come here. It never raises for a refusal. Of several reasons to refuse the
first is given, in the order of ROOM.md 5, 7.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import DatabaseError, OperationalError
from django.utils.translation import gettext as _

from assemblies.acts.arguments import MISSING, Who
from assemblies.acts.declaring import Act, Answer, Doing
from assemblies.acts.receipts import receipt, remembered
from assemblies.acts.untouched import untouched
from assemblies.door.house import house
from assemblies.door.journal import record, together
from assemblies.door.page import Page
from assemblies.models import Meeting, Participant
from assemblies.rules.errors import Refused
from assemblies.sheets import Roll

log = logging.getLogger(__name__)
# In place of names in `for`: all who are here without a phone, count, and have not answered yet.
EVERYONE_ELSE = "everyone_else_without_a_phone"
# What is never everybody's: whoever stops a proposal does so by name.
ALONE = frozenset({"block", "object"})


def perform(
    meeting: Meeting,
    acts: Sequence[Act],
    *,
    now: datetime | None = None,
    after: Callable[[Page], None] | None = None,
) -> list[Answer]:
    """Do a handful of acts in the order given and return one answer for each.

    Every act is refused alone; the others stand. Answers are remembered by act id, so that a
    repeat gets the same one. Should a service crash, or refuse after it has changed something,
    the handful is done again one by one and only the act at fault is answered with `failed`. What
    reaches beyond this meeting is done by
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
    doing = house().acts.get(one.do)
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
    with untouched(page):
        doing, actor, for_whom, args = admit(page, one)
    if doing.settles is not None:
        doing.settles(page, args)
        with untouched(page):
            args = read_args(page, actor, doing, one.args)
    if len(for_whom) == 1:
        with untouched(page):
            enter(page, doing, actor, for_whom[0], args)
        return []
    refusals: list[Refused] = []
    for person in for_whom:
        try:
            with untouched(page):
                enter(page, doing, actor, person, args)
        except Refused as refusal:
            refusals.append(Refused(refusal.code, f"{person.name}: {refusal.why}"))
    if len(refusals) == len(for_whom):
        raise refusals[0]
    return [refusal.why for refusal in refusals]


def admit(page: Page, one: Act) -> tuple[Doing, Participant, list[Participant], dict[str, Any]]:
    """Return what is done, by whom, for whom and with what; refuse whoever may not.

    From here on `page.actor` is who does it.
    """
    doing = house().acts.get(one.do)
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
    return doing, actor, for_whom, args


def everyone_else(page: Page, do: str) -> list[Participant]:
    """Return who is here without a phone, counts, and has not answered yet with this act."""
    roll, answered = page.sheet(Roll), house().acts[do].answered
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
        if name not in doing.readers:
            raise Refused(
                "unknown",
                _("“%(act)s” knows no “%(name)s”.") % {"act": doing.name, "name": name[:40]},
            )
    args = {}
    for name, reader in doing.readers.items():
        if name in given and given[name] is not None:
            args[name] = reader.read(page, actor, given[name])
        elif reader.default is MISSING:
            raise Refused(
                "unknown",
                _("“%(act)s” needs “%(name)s”.") % {"act": doing.name, "name": name},
            )
        else:
            args[name] = reader.default
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
    noticed = [guard.ask(page, person, args) for guard in house().guards(doing.name)]
    written = len(page.entries)
    doing.service(page, by=person, **args)
    for entry in page.entries[written:]:
        for follow in house().followers(entry.kind):
            follow(page, entry)
    for write_down in filter(None, noticed):
        write_down(page)


def not_open_now(phase: str) -> str:
    """Return why nothing of the kind is open in this phase of the meeting."""
    if phase == "break":
        return _("There is a break. It goes on when the meeting resumes.")
    if phase in ("planned", "doors_open"):
        return _("The meeting has not started yet.")
    return _("That is not open now.")
