"""The answers that were given, kept for a day: a repeated act gets the same one."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from assemblies.acts.declaring import Act, Answer
from assemblies.door.page import Page
from assemblies.models import Receipt

RECEIPTS_KEPT = timedelta(hours=24)


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
