"""Delegates are chosen or drawn by their base, at any time (DOMAIN.md 5.1, 5.3)."""

import random
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.acts.arguments import OneOf, Several, Who, Whole
from assemblies.acts.declaring import SITTING, act
from assemblies.door.journal import record
from assemblies.door.kinds import card, rows
from assemblies.door.page import Page
from assemblies.models import Assembly, Membership, Participant, Person
from assemblies.rules.errors import Refused
from assemblies.sheets import Roll
from federation.models import Recall, RecallAnswer, Seat, SeatTerm
from federation.services.base import (
    Base,
    Basis,
    CouncilAbove,
    acting,
    doors_above,
    tell_council,
    the_council,
)
from federation.services.eligibility import day_in, fit, source_of, unfit
from federation.services.sitting import close_term, lasts, rise, sit
from federation.sheets.councils import Councils, forget, meetings_of
from federation.sheets.seen import Seen
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


def send(
    page: Page,
    base: Base,
    seen: Seen,
    place: Seat,
    who: Participant,
    standing: str,
    lot: dict[str, Any] | None = None,
) -> SeatTerm:
    """Give somebody a seat, and write their credential into the record of the council."""
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
CREDENTIAL_GIVEN = card(
    "federation.credential_given", "council", minutes=sentences.credential_given
)
