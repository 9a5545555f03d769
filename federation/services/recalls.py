"""A base withdraws its delegate, at once, and only the base can (DOMAIN.md 5.5)."""

import uuid
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assemblies.acts.arguments import OneOf, Text, Whole, text_within
from assemblies.acts.declaring import SITTING, act
from assemblies.door.kinds import Silent, card, rows
from assemblies.door.page import Page
from assemblies.models import Membership, Participant
from assemblies.rules.errors import Refused
from assemblies.sheets import Roll
from federation.models import Notice, Recall, RecallAnswer, SeatTerm
from federation.reading.state import ANSWERS, may_be_decided, tally
from federation.services.base import (
    Base,
    CouncilAbove,
    doors_above,
    notify,
    tell_council,
    the_council,
)
from federation.services.sitting import rise
from federation.sheets.councils import Councils, forget, participant_of
from federation.sheets.seen import Seen
from federation.words import sentences
from proposals.models import Decision
from proposals.services.decisions import write_decision
from proposals.services.tests import check_enough_here

HEARING_SECONDS = 120


@act(
    "open_recall",
    counts=True,
    phases=SITTING,
    entered="no_phone",
    beyond=doors_above,
    council=CouncilAbove(None),
    seat=Whole(None, least=1, most=1000),
    who=Text(""),
    reason=Text(""),
)
def open_recall(
    page: Page,
    *,
    by: Participant,
    council: Seen | None,
    seat: int | None,
    who: str,
    reason: str,
) -> None:
    """Ask our assembly whether to recall a delegate: any member may, on any day of a term.

    All members are notified and the delegate is told first; it is decided fifteen minutes later at
    the earliest, where the council is not meeting after the notice that its rule says.
    """
    seen = the_council(page, council)
    reason = text_within(reason, 4000)
    term = delegate_meant(page, seen, seat, who)
    if page.sheet(Councils).recall is not None:
        raise Refused("already_done", _("A recall is open. It is decided first."))
    recall = Recall.objects.create(
        meeting=page.meeting, term=term, reason=reason, asked_by=by.key, opened_at=page.now
    )
    page.concern(participant_of(page, term.person_id))
    told: dict[str, Any] = {"person": str(term.person_id), "seat": term.seat.ordinal}
    page.note(RECALL_OPENED, council=seen.key, name=seen.council.assembly.name, **told)
    notify(
        seen.council,
        [page.meeting.assembly],
        "recall_opened",
        page.now,
        decided_from=may_be_decided(recall, seen).isoformat(),
        **told,
    )
    forget(page)


def delegate_meant(page: Page, seen: Seen, seat: int | None, who: str) -> SeatTerm:
    """Return the delegate meant: by seat, by their key here or in the council, or the only one."""
    sitting = seen.delegates(page.meeting.assembly.pk)
    if seat is not None:
        sitting = [term for term in sitting if term.seat.ordinal == seat]
    if who:
        person = page.sheet(Roll).find(who)
        keys = set(
            Participant.objects.filter(
                meeting__assembly=seen.council.assembly, key=who[:40]
            ).values_list("person_id", flat=True)
        )
        if person is not None and person.person_id is not None:
            keys = {person.person_id}
        sitting = [term for term in sitting if term.person_id in keys or str(term.person_id) == who]
    if len(sitting) != 1:
        raise Refused("unknown", _("Say which of our delegates: by name or by seat."))
    return sitting[0]


def at_hand(page: Page) -> Recall:
    """Return the recall that is being decided, or refuse."""
    recall = page.sheet(Councils).recall
    if recall is None:
        raise Refused("not_open", _("No recall is open."))
    return recall


@act("hear_delegate", roles=["facilitator"], phases=SITTING)
def hear_delegate(page: Page, *, by: Participant) -> None:
    """Let the delegate speak before it is decided: in the room, or by phone as it is said here."""
    recall = at_hand(page)
    if recall.heard_at is not None:
        raise Refused("already_done", _("The delegate has been heard."))
    recall.heard_at = page.now
    recall.save(update_fields=["heard_at"])
    who = participant_of(page, recall.term.person_id)
    if who is not None and who.present:
        for sheet in page.every_sheet():
            sheet.floor_given(page, who, "hearing", HEARING_SECONDS)
    page.note(DELEGATE_HEARD, here=who is not None and who.present)
    forget(page)


def answered(page: Page, person: Participant) -> bool:
    """Say whether somebody has answered the open recall."""
    sheet = page.sheet(Councils)
    return sheet.recall is not None and person.pk in sheet.answers


@act(
    "answer_recall",
    counts=True,
    phases=SITTING,
    entered="no_phone",
    answered=answered,
    answer=OneOf(words=ANSWERS),
)
def answer_recall(page: Page, *, by: Participant, answer: str) -> None:
    """Answer whether to recall: for it, against it; the last answer before it closes counts."""
    recall, sheet = at_hand(page), page.sheet(Councils)
    row = sheet.answers.get(by.pk)
    if row is not None and row.answer == answer:
        return
    if row is None:
        row = RecallAnswer(id=uuid.uuid4(), recall=recall, participant=by)
        sheet.answers[by.pk] = row
    row.answer = answer
    page.put(row)
    page.note(RECALL_ANSWERED, recall=str(recall.pk))


def passed(counts: dict[str, int], share: Any) -> bool:
    """Say whether a recall is carried: more than a share of those who said for or against."""
    said_so = counts["for"] + counts["against"]
    return said_so > 0 and counts["for"] > share * said_so


@act("recall_delegate", roles=["facilitator"], phases=SITTING, beyond=doors_above)
def recall_delegate(page: Page, *, by: Participant) -> None:
    """Count the answers to the open recall. Carried, it takes effect at this instant, everywhere.

    Raises Refused: `not_open`, `too_early`, `hearing_due`, `quorum_not_met`.
    """
    recall = at_hand(page)
    seen = next(
        one for one in page.sheet(Councils).above if one.council.pk == recall.term.seat.council_id
    )
    from_when = may_be_decided(recall, seen)
    if page.now < from_when:
        raise Refused(
            "too_early",
            _("All are told and the delegate is heard first: it is counted from %(at)s on.")
            % {"at": date_format(page.meeting.assembly.local(from_when), "j F Y, H:i")},
        )
    if recall.heard_at is None:
        raise Refused("hearing_due", _("The delegate is heard first, here or by phone."))
    check_enough_here(page)
    counts = tally(page, recall)
    carried = passed(counts, seen.rule.recall_share)
    term = recall.term
    person = str(term.person_id)
    recall.closed_at, recall.recalled, recall.counts = page.now, carried, counts
    numbers: dict[str, Any] = {"present": page.sheet(Roll).votes(page.meeting), "votes": counts}
    about: dict[str, Any] = {"council": seen.key, "person": person, "seat": term.seat.ordinal}
    for row in list(page.sheet(Councils).answers.values()):
        page.drop(row)
    page.concern(*page.sheet(Roll).here())
    if not carried:
        recall.save()
        page.note(NOT_RECALLED, **about, votes=counts)
        forget(page)
        return
    decision = write_decision(
        page,
        title=_("Recall of %(name)s from %(council)s")
        % {"name": term.person.name, "council": seen.council.assembly.name},
        text=_("%(name)s is recalled as our delegate (seat %(seat)s).")
        % {"name": term.person.name, "seat": term.seat.ordinal},
        how="vote",
        numbers=numbers,
    )
    # Rows that point at it are written before the page is.
    decision.save()
    recall.decision = decision
    recall.save()
    person_here = page.actor.person if page.actor is not None and page.actor.person_id else None
    base = Base(page.meeting.assembly, person_here, page.now, decision, page)
    term.seat.unit = page.meeting.assembly
    rise(term, council=seen.council, now=page.now, end="recalled")
    base.note(RECALLED, number=decision.number, **about, votes=counts)
    # Why is the base's own affair: the council sees that the unit changed delegates, and when.
    tell_council(seen.council, base, DELEGATE_RECALLED, person=person, seat=term.seat.ordinal)


def counted_now(page: Page) -> dict[str, int]:
    """Return how people without names were counted for the open recall."""
    return dict(at_hand(page).counted)


def take_count(page: Page, counts: dict[str, int]) -> None:
    """Write down how people without names were counted for the open recall."""
    recall = at_hand(page)
    recall.counted = dict(counts)
    recall.counted_by = page.actor.key if page.actor else ""
    recall.save(update_fields=["counted", "counted_by"])


def words_counted(page: Page) -> tuple[str, ...]:
    """Return what can be counted in an open recall."""
    at_hand(page)
    return ANSWERS


# --- the cards of the entries written here ---

RECALL_OPENED = card(
    "federation.recall_opened",
    "council",
    "question",
    minutes=sentences.recall_opened,
    writes=(
        rows(Recall),
        rows(Notice),
    ),
)
DELEGATE_HEARD = card(
    "federation.delegate_heard",
    "council",
    "floor",
    "question",
    minutes=sentences.delegate_heard,
    writes=(rows(Recall),),
)
RECALL_ANSWERED = card(
    "federation.recall_answered",
    "council",
    minutes=Silent("Who answered what is never told, how many did is."),
    erasable=True,
    writes=(rows(RecallAnswer, recall_id="recall"),),
)
RECALLED = card(
    "federation.recalled",
    "council",
    "roll",
    "proposal",
    "question",
    minutes=sentences.recalled,
    writes=(
        rows(Recall),
        rows(RecallAnswer),
        rows(SeatTerm, person_id="person"),
        rows(Membership),
        rows(Decision),
    ),
)
NOT_RECALLED = card(
    "federation.not_recalled",
    "council",
    "question",
    minutes=sentences.not_recalled,
    writes=(
        rows(Recall),
        rows(RecallAnswer),
    ),
)
DELEGATE_RECALLED = card(
    "federation.delegate_recalled", "council", minutes=sentences.unit_changed_delegates
)
