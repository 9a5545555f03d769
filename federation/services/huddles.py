"""A huddle: for a few minutes spokes ask those behind them what to say."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from assemblies.acts.arguments import OneOf, Text, Whole
from assemblies.acts.declaring import SITTING, act
from assemblies.door.kinds import Silent, card, rows
from assemblies.door.page import Page
from assemblies.door.shapes import follows
from assemblies.models import Assembly, Entry, Membership, Participant
from assemblies.rules.errors import Refused
from assemblies.services.phases import ENDED
from federation import rules
from federation.models import CouncilItem, Huddle, HuddleAnswer, Mandate, SeatTerm
from federation.services.base import Going, notify
from federation.services.travel import (
    council_here,
    item_here,
    reference,
    still_going,
    tell_others,
)
from federation.sheets.chart import deciding_units
from federation.sheets.councils import HUDDLE_CLOSED, Councils, forget
from federation.sheets.seen import unit_of
from federation.words import sentences
from proposals.rules import OPEN


@act(
    "open_huddle",
    roles=["facilitator"],
    phases=SITTING,
    item=Going(None),
    seconds=Whole(300, least=30, most=3600),
)
def open_huddle(page: Page, *, by: Participant, item: CouncilItem | None, seconds: int) -> None:
    """Open a huddle: the spokes ask those behind them about an item, until the time is over."""
    item = still_going(item_here(page, item))
    if page.sheet(Councils).huddle is not None:
        raise Refused("already_done", _("A huddle is open."))
    closes_at = page.now + timedelta(seconds=seconds)
    Huddle.objects.create(meeting=page.meeting, item=item, opened_at=page.now, closes_at=closes_at)
    page.note(HUDDLE_OPENED, **reference(item, seconds=seconds))
    forget(page)


@act(
    "answer_huddle",
    phases=SITTING,
    position=OneOf("", words=OPEN),
    unit=Text(""),
    saying=Whole(None, least=0, most=100_000),
    of=Whole(None, least=1, most=100_000),
)
def answer_huddle(
    page: Page,
    *,
    by: Participant,
    position: str,
    unit: str,
    saying: int | None,
    of: int | None,
) -> None:
    """Say what one's spoke should say; a spoke enters how many without a phone say so, `of` all.

    Another answer takes the place of the one before.
    """
    huddle = open_one(page)
    if not position:
        raise Refused("unknown", _("Say one of: %(words)s.") % {"words": ", ".join(OPEN)})
    body = unit_behind(page, by, unit)
    if saying is not None or of is not None:
        if by.kind != "delegate" or unit_of(by.voice) != body.key:
            raise Refused("not_your_role", _("The spoke counts those who have no phone."))
        if saying is None or of is None or saying > of:
            raise Refused("unknown", _("Say how many say so, of how many who were asked."))
    numbers = {"by": 1, "of": 1} if saying is None else {"by": saying, "of": of}
    HuddleAnswer.objects.update_or_create(
        huddle=huddle,
        participant=by,
        defaults={"unit": body, "position": position, **numbers},
    )
    page.note(HUDDLE_ANSWERED, unit=body.key)
    forget(page)


def open_one(page: Page) -> Huddle:
    """Return the huddle that is open, or refuse."""
    council_here(page)
    huddle = page.sheet(Councils).huddle
    if huddle is None:
        raise Refused("not_open", _("No huddle is open."))
    return huddle


def unit_behind(page: Page, by: Participant, named: str) -> Assembly:
    """Return the unit behind whose spoke somebody is; refuse who is behind none, or unsaid."""
    found = [row for row in deciding_units(council_here(page).council) if row.pk in units_of(by)]
    if by.kind == "delegate" and by.voice:
        found = [row for row in found if row.key == unit_of(by.voice)] or found
    if named:
        found = [row for row in found if row.key == named]
    if not found:
        raise Refused("does_not_count", _("Those answer who belong to a unit of this council."))
    if len(found) > 1:
        raise Refused(
            "unknown",
            _("You belong to several: say for which of %(units)s.")
            % {"units": ", ".join(row.name for row in found)},
        )
    return found[0]


def units_of(by: Participant) -> set[Any]:
    """Return the assemblies that somebody belongs to, or sits for."""
    if by.person_id is None:
        return set()
    own = Membership.objects.filter(person=by.person_id, left_at=None)
    sits = SeatTerm.objects.filter(person=by.person_id, ended_at=None, standing="delegate")
    return {
        *own.values_list("assembly_id", flat=True),
        *sits.values_list("seat__unit_id", flat=True),
    }


@act("close_huddle", roles=["facilitator"], phases=SITTING)
def close_huddle(page: Page, *, by: Participant) -> None:
    """Close a huddle before its time is over; what was said is the units' mandate."""
    close(page, open_one(page), page.now)
    forget(page)


def close(page: Page, huddle: Huddle, at: datetime) -> None:
    """Close a huddle: what more than half of those asked say becomes the mandate of their unit.

    Who said what is deleted; it stands nowhere else.
    """
    rows = list(HuddleAnswer.objects.filter(huddle=huddle).select_related("unit"))
    item = CouncilItem.objects.select_related("council__assembly", "proposal").get(
        pk=huddle.item_id
    )
    told = [given_here(item, unit, answers, at) for unit, answers in by_unit(rows)]
    HuddleAnswer.objects.filter(huddle=huddle).delete()
    huddle.closed_at = at
    huddle.save(update_fields=["closed_at"])
    page.note(HUDDLE_CLOSED, at=at, **reference(item, units=told))
    tell_others(page, item=item.key)
    for unit, one in zip(dict(by_unit(rows)), told, strict=True):
        if one["position"]:
            notify(item.council, [unit], "mandate_given_here", page.now, item=item, **one)


def by_unit(rows: Iterable[HuddleAnswer]) -> list[tuple[Assembly, list[HuddleAnswer]]]:
    """Return the answers by unit, in the order of their names."""
    found: dict[Assembly, list[HuddleAnswer]] = {}
    for row in rows:
        found.setdefault(row.unit, []).append(row)
    return sorted(found.items(), key=lambda pair: (pair[0].name, pair[0].key))


def given_here(
    item: CouncilItem, unit: Assembly, answers: list[HuddleAnswer], at: datetime
) -> dict[str, Any]:
    """Write the mandate that those behind a spoke gave; it ends the one before."""
    said = rules.said_behind((row.position, row.by, row.of) for row in answers)
    asked = sum(row.of for row in answers)
    if said is None:
        return {"unit": unit.key, "name": unit.name, "position": "", "by": 0, "of": asked}
    position, by, of = said
    Mandate.objects.filter(unit=unit, item=item, ended_at=None).update(ended_at=at)
    Mandate.objects.create(
        council=item.council,
        unit=unit,
        item=item,
        kind="imperative",
        position=position,
        version=item.version,
        given_here={"by": by, "of": of},
        given_at=at,
    )
    return {"unit": unit.key, "name": unit.name, "position": position, "by": by, "of": of}


def time_over(page: Page, huddle: Huddle, due: datetime) -> None:
    """Settle the end of a huddle by the clock, dated when it was due."""
    close(page, huddle, huddle.closes_at)


@follows(ENDED)
def closed_with_the_meeting(page: Page, entry: Entry) -> None:
    """Close a huddle with the meeting that it belongs to."""
    huddle = page.sheet(Councils).huddle
    if huddle is not None:
        close(page, huddle, page.now)
        forget(page)


# --- the cards of the entries written here ---

HUDDLE_OPENED = card(
    "federation.huddle_opened",
    "council",
    "question",
    minutes=sentences.huddle_opened,
    writes=(rows(Huddle),),
)
HUDDLE_ANSWERED = card(
    "federation.huddle_answered",
    "council",
    minutes=Silent("What a base said in a huddle is told with the delegate's answer."),
    erasable=True,
    log=sentences.huddle_answers_given,
    writes=(rows(HuddleAnswer),),
)
