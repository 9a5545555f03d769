"""What is deleted and when: a day after a meeting, who raised which hand is erased."""

import logging
from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from assemblies.acts.receipts import RECEIPTS_KEPT
from assemblies.door.house import house
from assemblies.door.journal import record
from assemblies.door.verifying import BODIES_ERASED, ranges_of
from assemblies.models import (
    Assembly,
    Entry,
    Meeting,
    Objection,
    Participant,
    PersonalLink,
    QuestionAnswer,
    Receipt,
)
from assemblies.services.founding import forget_assembly

log = logging.getLogger(__name__)
FORGET_AFTER = timedelta(hours=24)
PRACTICE_KEPT = timedelta(days=1)
GONE = {"facts": None, "kind": "", "actor": "", "on_behalf_of": "", "at": None, "salt": b""}


def answers(meeting: Meeting) -> None:
    """Delete who objected and who showed which hand; the results stay."""
    Objection.objects.filter(question__meeting=meeting).delete()
    QuestionAnswer.objects.filter(question__meeting=meeting).delete()


def descriptions(meeting: Meeting) -> None:
    """Delete what people said of themselves for a meeting; their membership keeps it, if at all."""
    if meeting.phase != "planned":
        Participant.objects.filter(meeting=meeting).update(groups=[], double_time=False)


def due_meetings() -> list[Meeting]:
    """Return meetings that ended a day ago, and those left open in which a day nothing happened."""
    before = timezone.now() - FORGET_AFTER
    newest = Entry.objects.filter(journal=OuterRef("journal"), seq=F("journal__seq"))
    erasable = Entry.objects.filter(journal=OuterRef("journal"), kind__in=erasable_kinds())
    ended = Q(ended_at__lte=before, forgotten_at=None)
    left = Q(ended_at=None, newest_at__lte=before, erasable_seq__isnull=False)
    return list(
        Meeting.objects.annotate(
            newest_at=Subquery(newest.values("at")[:1]),
            erasable_seq=Subquery(erasable.values("seq")[:1]),
        )
        .filter(ended | left)
        .order_by("starts_at")
    )


def erasable_kinds() -> list[str]:
    """Return the kinds of entries whose bodies are not kept."""
    return list(house().erasable)


def erase_bodies(meeting: Meeting) -> int:
    """Erase what need not be kept of a meeting, and write down which numbers; the chain holds."""
    with record(meeting) as page:
        rows = Entry.objects.filter(journal=page.journal, kind__in=erasable_kinds())
        seqs = list(rows.order_by("seq").values_list("seq", flat=True))
        if page.meeting.phase == "ended":
            page.meeting.forgotten_at = page.now
            page.put(page.meeting)
        if seqs:
            rows.update(**GONE)
        for forget_part in house().all("retention"):
            forget_part(page.meeting)
        if seqs or page.meeting.phase == "ended":
            # Also without numbers: sheets elsewhere learn from it that rows are gone.
            page.note(BODIES_ERASED, ranges=ranges_of(seqs))
        # What was deleted underneath them is not kept with the sheets either.
        page.sheets.clear()
    return len(seqs)


def forget_all() -> dict[str, int]:
    """Forget everything whose time is over; one meeting that fails does not keep the others."""
    done = {"bodies": 0, "receipts": 0, "links": 0, "practice": 0}
    for meeting in due_meetings():
        try:
            done["bodies"] += erase_bodies(meeting)
        except Exception:
            log.exception("The bodies of meeting %s could not be erased", meeting.key)
    now = timezone.now()
    done["receipts"] = Receipt.objects.filter(at__lt=now - RECEIPTS_KEPT).delete()[0]
    done["links"] = PersonalLink.objects.filter(Q(expires_at__lt=now) | Q(uses_left=0)).delete()[0]
    for body in Assembly.objects.filter(practice=True, created_at__lt=now - PRACTICE_KEPT):
        forget_assembly(body)
        done["practice"] += 1
    SessionStore.clear_expired()
    return done
