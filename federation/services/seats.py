"""Delegates are chosen by their base, at any time, and step in or down (DOMAIN.md 5.1, 5.3)."""

import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.acts.arguments import OneOf, Several, Who, Whole
from assemblies.acts.declaring import GATHERED, SITTING, act
from assemblies.door.journal import record
from assemblies.door.kinds import card, rows
from assemblies.door.page import Page
from assemblies.models import Assembly, Membership, Participant, Person
from assemblies.rules.errors import Refused
from assemblies.services.people import recount
from assemblies.sheets import Roll
from federation import rules
from federation.models import Notice, Recall, RecallAnswer, Seat, SeatTerm
from federation.rules import NotYet, Term, When
from federation.services.base import (
    Base,
    Basis,
    CouncilAbove,
    acting,
    doors_above,
    notify,
    tell_council,
    the_council,
)
from federation.services.sitting import belong, close_term, lasts, rise, sit
from federation.sheets.chart import chart_of
from federation.sheets.councils import Councils, forget, meetings_of
from federation.sheets.seen import Seen, unit_of
from federation.words import sentences
from federation.words.vocabulary import day_words
from proposals.models import Decision


def end_terms_that_are_over(page: Page, args: Mapping[str, Any]) -> None:
    """Have every term in a council that is over end, also where nobody meets."""
    seen = the_council(page, args["council"])
    over = [term for term in seen.terms.values() if seen.over(term, page.now)]
    if not over:
        return
    for meeting in meetings_of(seen.council.assembly):
        with record(meeting, now=page.now):
            pass
    for term in over:
        term.refresh_from_db(fields=["ended_at"])
        if term.ended_at is None:
            end = seen.end_of(term) or page.now
            close_term(term, council=seen.council, now=end, end="term_ended")
    forget(page)


@act(
    "choose_delegate",
    roles=["facilitator"],
    phases=SITTING,
    beyond=doors_above,
    settles=end_terms_that_are_over,
    council=CouncilAbove(None),
    who=Who(),
    seat=Whole(None, least=1, most=1000),
    decision=Basis(None),
    more={"as": OneOf("delegate", words=("delegate", "alternate"))},
)
def choose_delegate(
    page: Page,
    *,
    by: Participant,
    council: Seen | None,
    who: Participant,
    seat: int | None,
    decision: Decision | None,
    **more: str,
) -> None:
    """Send somebody to a council, by a decision of this assembly, on any day (002:19)."""
    base, standing = acting(page, decision), more["as"]
    seen = the_council(page, council)
    place = seat_for(seen, base.assembly, seat, standing)
    fit(page, seen, place, who, standing)
    send(page, base, seen, place, who, standing)
    base.note(
        DELEGATE_CHOSEN,
        council=seen.key,
        name=seen.council.assembly.name,
        who=who.key,
        seat=place.ordinal,
        as_=standing,
    )


@act(
    "draw_delegate",
    roles=["facilitator"],
    phases=SITTING,
    beyond=doors_above,
    settles=end_terms_that_are_over,
    council=CouncilAbove(None),
    among=Several(),
    seat=Whole(None, least=1, most=1000),
)
def draw_delegate(
    page: Page,
    *,
    by: Participant,
    council: Seen | None,
    among: list[Participant],
    seat: int | None,
) -> None:
    """Draw by lot among those who are willing; the published seed lets anybody draw again.

    The seed is the head of this meeting's journal, which nobody chooses: it is known before the
    draw, and every phone has it.
    """
    seen = the_council(page, council)
    place = seat_for(seen, page.meeting.assembly, seat, "delegate")
    fitting = [who for who in among if unfit(page, seen, place, who, "delegate") is None]
    if not fitting:
        fit(page, seen, place, among[0], "delegate")
    names = sorted({who.key for who in fitting})
    seed = page.journal.head
    drawn = drawn_from(names, seed)
    who = next(one for one in fitting if one.key == drawn)
    by_person = page.actor.person if page.actor is not None and page.actor.person_id else None
    base = Base(page.meeting.assembly, by_person, page.now, None, page)
    send(page, base, seen, place, who, "delegate", lot={"seed": seed, "among": names})
    base.note(
        DELEGATE_DRAWN,
        council=seen.key,
        name=seen.council.assembly.name,
        who=who.key,
        seat=place.ordinal,
        seed=seed,
        among=names,
    )


def drawn_from(names: list[str], seed: str) -> str:
    """Return who is drawn: the same names and seed draw the same one, whoever does it.

    `random.Random(seed).choice(sorted(names))` in Python says it again.
    """
    return random.Random(seed).choice(sorted(names))


def seat_for(seen: Seen, unit: Assembly, ordinal: int | None, standing: str) -> Seat:
    """Return the seat meant: the named one, or the first that is free.

    Raises Refused: `unknown` for a seat there is not, `seat_taken` where nobody's time is over.
    """
    seats = seen.seats[unit.pk]
    if not seats:
        raise Refused("unknown", _("This assembly has no seats there."))
    if ordinal is not None:
        chosen = next((row for row in seats if row.ordinal == ordinal), None)
        if chosen is None:
            raise Refused("unknown", _("This assembly has %(n)s seats there.") % {"n": len(seats)})
        seats = [chosen]
    free = (row for row in seats if (row.pk, standing) not in seen.terms)
    found = next(free, None)
    if found is None and standing == "alternate":
        # Another alternate takes the place of the one before.
        found = seats[0]
    if found is None:
        raise Refused(
            "seat_taken", held_words(seen, [seen.terms[row.pk, standing] for row in seats])
        )
    return found


def held_words(seen: Seen, terms: list[SeatTerm]) -> str:
    """Return that every seat is held, and until when at the earliest."""
    days = [day_in(seen, term.until) for term in terms if term.until is not None]
    if days:
        return _(
            "Every seat is held, until %(date)s at the earliest. A recall frees one at once."
        ) % {"date": day_words(min(days).isoformat())}
    n = min(seen.meetings_left(term) or 0 for term in terms)
    told = ngettext(
        "Every seat is held, for %(n)s more meeting of the council. A recall frees one at once.",
        "Every seat is held, for %(n)s more meetings of the council. A recall frees one at once.",
        n,
    )
    return told % {"n": n}


def fit(page: Page, seen: Seen, place: Seat, who: Participant, standing: str) -> None:
    """Refuse who may not be sent, by which rule, and from when they might be."""
    if (refusal := unfit(page, seen, place, who, standing)) is not None:
        raise refusal


def unfit(page: Page, seen: Seen, place: Seat, who: Participant, standing: str) -> Refused | None:
    """Return why somebody may not be sent to a council, or None."""
    rule, sheet = seen.rule, page.sheet(Councils)
    comes_from = source_of(page, seen, who)
    if sheet.own is None and who.kind not in ("member", "delegate"):
        return Refused("does_not_count", _("Members and delegates may be sent."))
    if sheet.own is not None and not comes_from:
        return Refused(
            "not_in_the_pool",
            _(
                "Who speaks for this council comes from those who coordinate in it"
                " (coordination group): %(name)s is first sent here by their own assembly."
            )
            % {"name": who.name},
        )
    others = [term for term in seen.delegates(place.unit_id) if term.seat.pk != place.pk]
    if (sits := sits_already(seen, who)) is not None:
        return Refused(
            "already_done",
            _("%(name)s sits there for %(unit)s: nobody speaks twice.")
            % {"name": who.name, "unit": sits},
        )
    held = [term.comes_from.key for term in others if term.comes_from is not None]
    # What level n asks of level n + 1: nobody's neighbours alone speak for a whole council.
    if sheet.own is not None and rule.distinct_units and comes_from in held:
        unit = sheet.own.unit(comes_from)
        return Refused(
            "delegates_from_distinct_units",
            _("The delegates of a council come from different units; one from %(unit)s sits.")
            % {"unit": unit.unit.name if unit and unit.unit else comes_from},
        )
    if not parity_with(page, seen, others, who):
        return Refused("parity_not_met", parity_words(rule.parity))
    return too_soon(page, seen, place, who, comes_from) if standing == "delegate" else None


def source_of(page: Page, seen: Seen, who: Participant) -> str:
    """Return the unit from which somebody comes whom a council would send; "" without one."""
    own = page.sheet(Councils).own
    if own is None or (who.kind == "delegate" and who.voice):
        return unit_of(who.voice)
    if seen.rule.pool != "any_member" or who.person_id is None:
        return ""
    belongs = set(
        Membership.objects.filter(person=who.person_id, left_at=None).values_list(
            "assembly_id", flat=True
        )
    )
    unit = chart_of(own.council).unit_through(own.key, belongs)
    return unit.key if unit is not None else ""


def sits_already(seen: Seen, who: Participant) -> str | None:
    """Return the unit for which somebody sits in a council already, or None."""
    sitting = SeatTerm.objects.filter(
        seat__council=seen.council, person=who.person_id, standing="delegate", ended_at=None
    )
    term = sitting.select_related("seat__unit").first() if who.person_id else None
    return term.seat.unit.name if term is not None else None


def parity_words(parity: str) -> str:
    """Return the sentence of the parity rule."""
    if parity == "one_of_each":
        return _("The seats are shared by people of different groups, one of each (parity).")
    return _(
        "The delegates of a unit are not all of one group, as they describe themselves (parity)."
        " Somebody of another group can be sent."
    )


def groups_of(page: Page, person: Person | None, who: Participant | None) -> list[str]:
    """Return what somebody says of themselves, here or in the assembly; often nothing."""
    if who is not None and who.groups:
        return list(who.groups)
    if person is None:
        return []
    here = Membership.objects.filter(assembly=page.meeting.assembly, person=person).first()
    if here is not None and here.groups:
        return list(here.groups)
    said = Membership.objects.filter(person=person, left_at=None).exclude(groups=[])
    found = said.order_by("joined_at").first()
    return list(found.groups) if found is not None else []


def parity_with(page: Page, seen: Seen, others: list[SeatTerm], who: Participant) -> bool:
    """Say whether somebody beside those who sit keeps the parity of the seats."""
    if seen.rule.parity == "none" or not others:
        return True
    people = [groups_of(page, term.person, None) for term in others]
    named = page.meeting.assembly.groups or sorted({word for own in people for word in own})
    own = groups_of(page, who.person if who.person_id else None, who)
    place = [next((word for word in said if word in named), "") for said in [*people, own]]
    return rules.parity_kept(place, seen.rule.parity)


def too_soon(
    page: Page, seen: Seen, place: Seat, who: Participant, comes_from: str
) -> Refused | None:
    """Return from when somebody might be sent, where a rule of rotation says not yet."""
    today = moment(seen, page.now)
    before = (
        SeatTerm.objects.filter(seat__council=seen.council, standing="delegate")
        .select_related("seat__unit", "comes_from")
        .order_by("since")
    )
    own = page.sheet(Councils).own
    if own is None:
        terms = [told(seen, row, row.seat.unit.key) for row in before]
        found = rules.cooling(str(who.person_id), today, terms, seen.rule)
        return words_for(found, {}) if found else None
    # A council sends: its units take turns among themselves.
    ours = [row for row in before if row.seat.unit_id == place.unit_id]
    terms = [told(seen, row, row.comes_from.key if row.comes_from else "") for row in ours]
    units = {row.unit.key: row.unit.name for row in own.members() if row.unit is not None}
    found = rules.may_be_chosen(
        str(who.person_id), comes_from, today, terms, list(units), seen.rule
    )
    return words_for(found, units) if found else None


def day_in(seen: Seen, at: datetime) -> date:
    """Return the day by the clocks of a council."""
    return seen.council.assembly.local(at).date()


def moment(seen: Seen, at: datetime) -> When:
    """Return a moment as the terms of a council are counted: a day, or how many meetings were."""
    if seen.rule.term_meetings is None:
        return day_in(seen, at)
    return sum(end <= at for _began, end in seen.met)


def told(seen: Seen, row: SeatTerm, unit: str) -> Term:
    """Return a term as the rules know it; who was recalled or stepped down served until then.

    Of meetings one that had begun by then was theirs.
    """
    until = row.ended_at or seen.end_of(row)
    since = moment(seen, row.since)
    if seen.rule.term_meetings is None:
        # One that goes on by meetings, from before the council counted days.
        goes_on = row.since + timedelta(days=seen.rule.term_days)
        end: When = day_in(seen, until or goes_on)
    elif until is not None:
        end = sum(began <= until for began, _end in seen.met)
    else:
        end = sum(began <= row.since for began, _end in seen.met) + seen.rule.term_meetings
    return Term(str(row.person_id), unit, since, end)


def words_for(found: NotYet, names: dict[str, str]) -> Refused:
    """Return the refusal with its rule, and the date from which it would be allowed."""
    if found.rule == "cooldown":
        if isinstance(found.since, int):
            return Refused("cooldown", meetings_words(found.since))
        assert found.since is not None  # noqa: S101 - a cool-down has an end
        return Refused(
            "cooldown",
            _("Who served waits until others had a term: from %(date)s on (terms in a row).")
            % {"date": day_words(found.since.isoformat())},
        )
    waiting = ", ".join(names.get(key, key) for key in found.waiting)
    return Refused(
        "unit_rotation",
        _("The others have their turn first (turns of the units): %(units)s.") % {"units": waiting},
    )


def meetings_words(n: int) -> str:
    """Return after how many meetings somebody who served may be sent again, by which rule."""
    told = ngettext(
        "Who served waits until others had a term: until %(n)s more meeting of the council is over"
        " (terms in a row).",
        "Who served waits until others had a term: until %(n)s more meetings of the council are"
        " over (terms in a row).",
        n,
    )
    return told % {"n": n}


def send(
    page: Page,
    base: Base,
    seen: Seen,
    place: Seat,
    who: Participant,
    standing: str,
    lot: dict[str, Any] | None = None,
) -> SeatTerm:
    """Write that somebody is sent, and give the council their credentials."""
    if who.person is None:
        # Without an account, too, a delegate is somebody whom two assemblies know.
        who.person = Person.objects.create_user(name=who.name)
        page.put(who)
        page.sheet(Roll).changed()
    if (former := seen.terms.get((place.pk, standing))) is not None:
        rise(former, council=seen.council, now=page.now, end="followed")
    own = page.sheet(Councils).own
    source = own.unit(source_of(page, seen, who)) if own is not None else None
    place.unit = base.assembly
    term = sit(
        place,
        who.person,
        council=seen.council,
        now=page.now,
        **lasts(seen.rule, page.now),
        standing=standing,
        decision=base.decision,
        comes_from=source.unit if source is not None else None,
        lot=lot,
        key=who.key,
    )
    tell_council(
        seen.council,
        base,
        CREDENTIAL_GIVEN,
        seat=place.ordinal,
        person=str(who.person.pk),
        as_=standing,
        by_lot=bool(lot),
        until=day_in(seen, term.until).isoformat() if term.until is not None else None,
        meetings=term.meetings,
    )
    return term


# --- stepping down, stepping in -------------------------------------------------------------------


@act("step_down", phases=GATHERED, beyond=doors_above, council=CouncilAbove(None))
def step_down(page: Page, *, by: Participant, council: Seen | None) -> None:
    """Give up one's seat in a council, as a delegate in a meeting of one's own assembly."""
    seen = the_council(page, council)
    term = seen.term_of(by.person_id)
    if term is None:
        raise Refused("unknown", _("You hold no seat there."))
    term.seat.unit = page.meeting.assembly
    rise(term, council=seen.council, now=page.now, end="stepped_down")
    base = Base(page.meeting.assembly, by.person, page.now, None, page)
    base.note(
        STEPPED_DOWN, council=seen.key, name=seen.council.assembly.name, seat=term.seat.ordinal
    )


@act("step_in", absent=True, phases=GATHERED, entered="anyone")
def step_in(page: Page, *, by: Participant) -> None:
    """Take an empty seat as the alternate who was chosen for it."""
    own = page.sheet(Councils).own
    if own is None:
        raise Refused("unknown", _("No council meets here."))
    chosen = [
        term
        for term in own.terms.values()
        if term.standing == "alternate" and term.person_id == by.person_id and by.person_id
    ]
    free = next((term for term in chosen if (term.seat_id, "delegate") not in own.terms), None)
    if free is None and chosen:
        raise Refused("seat_taken", _("The delegate sits: there is no empty seat to step into."))
    if own.term_of(by.person_id) is not None:
        raise Refused("already_done", _("You sit here. A delegate has one seat."))
    if free is None:
        raise Refused("not_your_role", _("No unit has chosen you as alternate."))
    unit = own.units[free.seat.unit_id].unit
    assert unit is not None  # noqa: S101 - seats belong to units
    replaces(page, own, free, by)
    free.ended_at, free.end = page.now, "followed"
    free.save(update_fields=["ended_at", "end"])
    term = SeatTerm.objects.create(
        seat=free.seat,
        person=free.person,
        comes_from=free.comes_from,
        since=page.now,
        until=free.until,
        meetings=own.meetings_left(free),
        decision=free.decision,
    )
    belong(own.council, free.person)
    by.kind, by.voice = "delegate", own.voice(term)
    if not by.present:
        by.present, by.arrived_at = True, page.now
    page.put(by)
    page.concern(by)
    recount(page)
    page.note(STEPPED_IN, who=by.key, unit=unit.key, seat=free.seat.ordinal)
    notify(own.council, [unit], "stepped_in", page.now, name=by.name)
    forget(page)


def replaces(page: Page, own: Seen, free: SeatTerm, who: Participant) -> None:
    """Refuse an alternate who could not be chosen as delegate today (DOMAIN.md 5.5).

    When they were chosen, others sat beside the seat.
    """
    others = [term for term in own.delegates(free.seat.unit_id) if term.seat_id != free.seat_id]
    if not parity_with(page, own, others, who):
        raise Refused("parity_not_met", parity_words(own.rule.parity))
    served = SeatTerm.objects.filter(
        seat__council=own.council, person=free.person, standing="delegate"
    ).select_related("seat__unit")
    terms = [told(own, row, row.seat.unit.key) for row in served]
    now = moment(own, page.now)
    if found := rules.cooling(str(free.person_id), now, terms, own.rule):
        raise words_for(found, {})


# --- the cards of the entries written here ---

DELEGATE_CHOSEN = card(
    "federation.delegate_chosen",
    "council",
    "roll",
    minutes=sentences.delegate_chosen,
    writes=(
        rows(SeatTerm),
        rows(Membership),
        rows(Recall),
        rows(RecallAnswer),
    ),
)
DELEGATE_DRAWN = card(
    "federation.delegate_drawn",
    "council",
    "roll",
    minutes=sentences.delegate_drawn,
    writes=(
        rows(SeatTerm),
        rows(Membership),
        rows(Recall),
        rows(RecallAnswer),
    ),
)
STEPPED_DOWN = card(
    "federation.stepped_down",
    "council",
    "roll",
    minutes=sentences.stepped_down,
    writes=(
        rows(SeatTerm),
        rows(Membership),
        rows(Recall),
        rows(RecallAnswer),
    ),
)
STEPPED_IN = card(
    "federation.stepped_in",
    "council",
    "roll",
    minutes=sentences.stepped_in,
    writes=(
        rows(SeatTerm),
        rows(Membership),
        rows(Participant, key="who"),
        rows(Notice),
    ),
)
CREDENTIAL_GIVEN = card(
    "federation.credential_given", "council", minutes=sentences.credential_given
)
