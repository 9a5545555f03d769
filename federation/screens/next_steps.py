"""What comes next in a council, and with a recall, as buttons and as a sentence.

Nothing here looks at a clock.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.acts.declaring import SITTING
from assemblies.door.page import Page
from assemblies.screens.shown import button, ms
from assemblies.sheets import Roll
from federation import rules
from federation.models import CouncilItem, Recall
from federation.reading.state import may_be_decided, tally
from federation.services.scope import is_open, latest
from federation.sheets.councils import Councils
from federation.sheets.seen import Seen, unit_of
from proposals.screens.moves import move, why_not
from proposals.services.tests import check_enough_here
from proposals.sheets.asking import Asking
from proposals.sheets.table import Proposals


def recall_here(page: Page) -> tuple[Recall, Seen] | None:
    """Return the recall that is open, with the council that it is about."""
    sheet = page.sheet(Councils)
    recall = sheet.recall
    if recall is None:
        return None
    council = recall.term.seat.council_id
    seen = next((one for one in sheet.above if one.council.pk == council), None)
    return (recall, seen) if seen is not None else None


def recall_moves(page: Page, recall: Recall, seen: Seen) -> list[dict[str, Any]]:
    """Return what a facilitator may do with an open recall, and why not yet, and from when."""
    name = {"name": recall.term.person.name}
    hears = move("hear", _("Hear %(name)s") % name, do="hear_delegate")
    heard = recall.heard_at is not None
    why = "" if heard else _("%(name)s is heard first, here or by phone.") % name
    counts = move(
        "recall",
        _("Count the recall of %(name)s") % name,
        why=why or why_not(lambda: check_enough_here(page)),
        since=ms(may_be_decided(recall, seen)),
        do="recall_delegate",
    )
    told = {**counts, "hint": _("All are told first, and have time to hear and to think.")}
    return [told] if heard else [hears, told]


def answered_words(page: Page, recall: Recall) -> str:
    """Return how many have answered a recall, as a sentence."""
    answered, here = sum(tally(page, recall).values()), page.sheet(Roll).votes(page.meeting)
    said = ngettext("%(n)s of %(of)s has answered.", "%(n)s of %(of)s have answered.", answered)
    return said % {"n": answered, "of": here}


def next_of_recall(page: Page) -> dict[str, Any] | None:
    """Propose the next step of a recall that can be decided at this meeting."""
    found = recall_here(page) if page.meeting.phase in SITTING else None
    if found is None:
        return None
    recall, seen = found
    first, since = recall_moves(page, recall, seen)[0], may_be_decided(recall, seen)
    here = since - recall.opened_at <= rules.HEARD_BEFORE_RECALL
    began = page.meeting.started_at or recall.opened_at
    if not here and since > began:
        return None
    if first["do"] == "hear_delegate":
        return button(first["label"], do="hear_delegate")
    return {
        **button(first["label"], do="recall_delegate"),
        "since": first["since"],
        "why": first["why"] or answered_words(page, recall),
        "closed": bool(first["why"]),
    }


def stage_of_recall(page: Page) -> tuple[str, str] | None:
    """Return where a recall stands and what happens next with it."""
    found = recall_here(page)
    if found is None:
        return None
    recall, _seen = found
    name = {"name": recall.term.person.name}
    if recall.heard_at is None:
        return _("Recall"), _("Next: %(name)s is heard.") % name
    return _("Recall"), _("Next: the answers on the recall of %(name)s are counted.") % name


def objected_here(page: Page) -> CouncilItem | None:
    """Return the item on the table while the units are asked whose matter it is."""
    own = page.sheet(Councils).own
    item = own.item_of(page.sheet(Proposals).current(page)) if own is not None else None
    return item if item is not None and is_open(item) else None


def still_unsaid(page: Page, seen: Seen, item: CouncilItem) -> bool:
    """Say whether a unit that is here has not said whose matter an item is."""
    here = {unit_of(one.voice) for one in page.sheet(Roll).here() if one.voice}
    units = {row.unit.key for row in seen.members() if row.unit is not None}
    return bool(here & units - set(item.scope["said"]))


def next_of_scope(page: Page) -> dict[str, Any] | None:
    """Propose to count whose matter an item is: nothing is tested before."""
    item = objected_here(page) if page.meeting.phase in SITTING else None
    if item is None or page.sheet(Asking).asking():
        return None
    own, found = page.sheet(Councils).own, button(_("Count what they say"), do="close_scope")
    if own is None or not still_unsaid(page, own, item):
        return found
    why = _("All units that are here say it first, or their time is over.")
    return {**found, "since": ms(latest(page, item)), "why": why}


def stage_of_council(page: Page) -> tuple[str, str] | None:
    """Return the stage of an item that only councils have: a huddle, or whose matter it is.

    It is shown instead of the phase of the proposal, which stands still meanwhile.
    """
    if page.sheet(Asking).asking():
        return None
    if page.sheet(Councils).huddle is not None:
        return _("Huddle"), _("Next: spokes have asked those behind them, and the talk goes on.")
    if objected_here(page) is not None:
        return _("Whose matter is it?"), _("Next: all units have said whose matter it is.")
    return None
