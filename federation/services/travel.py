"""What acts about items have in common: the item as it stands, its units, its text in the council.

An item is before a council, in its proposal, and before each unit at the same time. So an act reads
it afresh under the locks, and notes in the other meetings that it changed.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from assemblies.door.journal import after_commit, record
from assemblies.door.kinds import Silent, card, rows
from assemblies.door.page import Page
from assemblies.models import Assembly, Meeting, Participant
from assemblies.rules.errors import Refused
from federation import rules
from federation.models import Council, CouncilItem
from federation.services.base import doors_above
from federation.sheets.chart import joined
from federation.sheets.councils import COUNCIL_CHANGED, Councils, forget, meetings_of
from federation.sheets.seen import Seen, unit_of
from proposals.models import Proposal, ProposalVersion, digest_of_text
from proposals.rules import BY_UNITS, Phase
from proposals.services.bringing import add_version
from proposals.sheets.table import Proposals


def doors_around(meeting: Meeting, args: Mapping[str, Any]) -> list[Any]:
    """Return the journals that an act about an item may write in, of units and of councils.

    Also that of a meeting that has ended while an item's proposal is on its agenda.
    """
    near = Council.objects.filter(
        Q(assembly=meeting.assembly_id)
        | Q(pk__in=joined(unit=meeting.assembly_id).order_by().values("council"))
    )
    sat = Meeting.objects.filter(items__proposals__carried__council__in=near)
    return [
        meeting.assembly.journal_id,
        *doors_above(meeting, args),
        *sat.values_list("journal_id", flat=True).distinct(),
    ]


def afresh(item: CouncilItem | None) -> CouncilItem:
    """Return an item as it stands, or refuse where none is named."""
    if item is None:
        raise Refused("unknown", _("Say which item of a council."))
    return CouncilItem.objects.select_related("council__assembly", "proposal", "origin").get(
        pk=item.pk
    )


def rule_for(item: CouncilItem) -> rules.CouncilRule:
    """Return the rule of the council that an item is before."""
    return rules.read_council_rule(item.council.rule)


def reference(item: CouncilItem, **more: Any) -> dict[str, Any]:
    """Return the facts about an item that every entry has."""
    return {"item": item.key, "title": item.title, **more}


# --- who speaks in a council for a unit -----------------------------------------------------------


def council_here(page: Page) -> Seen:
    """Return the council that meets here, or refuse."""
    own = page.sheet(Councils).own
    if own is None:
        raise Refused("unknown", _("No council meets here."))
    return own


def speaks_for(page: Page, by: Participant) -> Assembly:
    """Return the unit that somebody speaks for in this council; refuse who has no voice."""
    here = council_here(page)
    found = here.unit(unit_of(by.voice)) if by.voice else None
    if found is None or found.unit is None or by.kind != "delegate":
        raise Refused("does_not_count", _("Delegates speak for their units here."))
    return found.unit


def item_here(page: Page, item: CouncilItem | None) -> CouncilItem:
    """Return an item of the council that meets here; left out, the one on the table."""
    own = council_here(page)
    if item is None:
        item = own.item_of(page.sheet(Proposals).current(page))
    if item is None:
        raise Refused("wrong_phase", _("No item of the units is on the table. Say which."))
    item = afresh(item)
    if item.council_id != own.council.pk:
        raise Refused("unknown", _("This council has no such item."))
    return item


def still_going(item: CouncilItem) -> CouncilItem:
    """Return an item that is not over, or refuse."""
    if item.phase in rules.OVER:
        raise Refused("closed", _("“%(title)s” is over: %(phase)s.") % phase_words(item))
    return item


def phase_words(item: CouncilItem) -> dict[str, str]:
    """Return an item's title and phase for a sentence."""
    return {"title": item.title, "phase": str(item.get_phase_display()).lower()}


# --- its text in the council ----------------------------------------------------------------------


def next_version(item: CouncilItem, text: str, now: datetime, page: Page | None = None) -> None:
    """Give an item another text: a version more, for all units, in the council's proposal too."""
    if item.proposal is not None:
        item.version = max(item.version, item.proposal.version)
    item.version, item.text = item.version + 1, text
    item.save(update_fields=["version", "text"])
    change_proposal(item, now, page, version=item.version)


def change_proposal(
    item: CouncilItem,
    now: datetime,
    page: Page | None = None,
    /,
    *,
    phase: Phase | None = None,
    **fields: Any,
) -> None:
    """Change the proposal that a council decides on about an item, wherever it is.

    On the table of the page it changes there; a meeting elsewhere is told. A new `version` has the
    text of the item. A `phase` is entered by the moves of units; one that is superseded stays so.
    """
    if item.proposal is None:
        return
    changed = fields if phase is None else {"phase": phase, **fields}
    here = page.sheet(Proposals).proposals.values() if page is not None else ()
    row = next((one for one in here if one.pk == item.proposal_id), None)
    if row is not None and page is not None:
        change_fields(row, phase, fields)
        page.put(row)
        if "version" in fields:
            add_version(page, row, item.text)
        page.note(TEXT_FOLLOWED, proposal=row.key, **changed)
        return
    row = Proposal.objects.select_for_update().get(pk=item.proposal.pk)
    change_fields(row, phase, fields)
    row.save(update_fields=list(changed))
    if "version" in fields:
        ProposalVersion.objects.create(
            proposal=item.proposal,
            n=fields["version"],
            text=item.text,
            digest=digest_of_text(item.text),
            at=now,
        )
    sat = Meeting.objects.filter(items__proposals=item.proposal)
    for meeting in sat.select_related("assembly"):
        with record(meeting, now=now) as there:
            there.sheets.pop(Proposals.name, None)
            there.note(TEXT_FOLLOWED, proposal=item.proposal.key, **changed)
            forget(there)


def change_fields(row: Proposal, phase: Phase | None, fields: Mapping[str, Any]) -> None:
    """Change fields of a proposal, and its phase by the moves of units; nothing is saved."""
    if phase is not None and row.phase != Phase.SUPERSEDED:
        row.move_to(phase, BY_UNITS)
    for name, value in fields.items():
        setattr(row, name, value)


def tell_others(page: Page, what: str = COUNCIL_CHANGED, /, **facts: Any) -> None:
    """Have the other meetings of this assembly, such as the next one planned, learn of a change."""
    for meeting in meetings_of(page.meeting.assembly):
        if meeting.pk != page.meeting.pk:
            after_commit(partial(tell_one, meeting, page.now, what, facts))


def tell_meetings_later(council: Council, now: datetime, what: str, /, **facts: Any) -> None:
    """Have the meetings of a council learn of something once this act is done."""
    for meeting in meetings_of(council.assembly):
        after_commit(partial(tell_one, meeting, now, what, facts))


def tell_one(meeting: Meeting, now: datetime, what: str, facts: Mapping[str, Any]) -> None:
    """Have one meeting learn of a change."""
    with record(meeting, now=now) as page:
        page.note(what, **facts)
        forget(page)


def keys(units: Iterable[Assembly]) -> list[str]:
    """Return the keys of assemblies."""
    return [unit.key for unit in units]


# --- the cards of the entries written here ---

TEXT_FOLLOWED = card(
    "federation.text_followed",
    "council",
    "proposal",
    "test",
    minutes=Silent("The journal in which the text changed tells it."),
    writes=(rows(Proposal, key="proposal"),),
)
