"""What becomes of answers where two places of one person are merged."""

from typing import Any
from uuid import UUID

from assemblies.door.page import Page
from assemblies.models import Participant


def answer_moves(page: Page, rows: dict[UUID, Any], who: Participant, into: Participant) -> None:
    """Move the answer of one place to the other, unless the other has an answer of its own."""
    row = rows.get(who.pk)
    if row is None or into.pk in rows:
        return
    row.participant = into
    rows[into.pk] = rows.pop(who.pk)
    page.put(row)
