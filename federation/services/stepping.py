"""Delegates step down, and alternates step in for them (DOMAIN.md 5.1, 5.5)."""

from django.utils.translation import gettext as _

from assemblies.acts.declaring import GATHERED, act
from assemblies.door.kinds import card, rows
from assemblies.door.page import Page
from assemblies.models import Membership, Participant
from assemblies.rules.errors import Refused
from assemblies.services.people import recount
from federation import rules
from federation.models import Notice, Recall, RecallAnswer, SeatTerm
from federation.services.base import (
    Base,
    CouncilAbove,
    doors_above,
    notify,
    the_council,
)
from federation.services.eligibility import (
    moment,
    parity_with,
    parity_words,
    term_for_rules,
    words_for,
)
from federation.services.sitting import belong, rise
from federation.sheets.councils import Councils, forget
from federation.sheets.seen import Seen
from federation.words import sentences


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
    terms = [term_for_rules(own, row, row.seat.unit.key) for row in served]
    now = moment(own, page.now)
    if found := rules.cooling(str(free.person_id), now, terms, own.rule):
        raise words_for(found, {})


# --- the cards of the entries written here ---

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
