"""Each unit has a council item on an agenda of its own, and says that it has debated it."""

import uuid
from typing import Any

from django.utils.translation import gettext as _

from assemblies.acts.arguments import Text, text_within
from assemblies.acts.declaring import GATHERED, SITTING, act
from assemblies.door.kinds import Silent, card, rows
from assemblies.door.page import Page
from assemblies.door.shapes import follows
from assemblies.door.undoing import ACT_UNDONE, find_entry
from assemblies.models import AgendaItem, Entry, Participant
from assemblies.rules.errors import Refused
from assemblies.rules.keys import new_key
from assemblies.services.agenda import FINISHED, ITEM_REOPENED
from assemblies.sheets import Agenda
from federation.models import CouncilItem, Debate, Mandate
from federation.services.base import (
    Base,
    Basis,
    Going,
    council_of,
    doors_above,
    tell_council,
)
from federation.services.travel import (
    afresh,
    reference,
    still_going,
    tell_meetings_later,
)
from federation.sheets.councils import COUNCIL_CHANGED, Councils, forget
from federation.words import sentences
from proposals.models import Decision


@act(
    "bring_council_item",
    roles=["facilitator"],
    phases=GATHERED,
    item=Going(None),
)
def bring_council_item(page: Page, *, by: Participant, item: CouncilItem | None) -> None:
    """Put an item of a council on our agenda; when that point is done, we have debated it."""
    item = still_going(afresh(item))
    council_of(page, item)
    unit, agenda = page.meeting.assembly, page.sheet(Agenda)
    row = Debate.objects.filter(item=item, unit=unit, version=item.version).first()
    if row is not None and row.meeting_id == page.meeting.pk:
        line = agenda.find(row.agenda_key)
        if line is not None and line.state in ("waiting", "open"):
            raise Refused("already_done", _("It is on this agenda already."))
    if len(agenda.items) >= 200:
        raise Refused("too_long", _("An agenda has at most 200 items."))
    line = AgendaItem(
        id=uuid.uuid4(),
        meeting=page.meeting,
        key=item.key if agenda.find(item.key) is None else new_key(),
        position=len(agenda.items) + 1,
        title=item.title,
        kind="mandate",
        minutes=20,
    )
    agenda.items.append(line)
    page.put(line)
    Debate.objects.update_or_create(
        item=item,
        unit=unit,
        version=item.version,
        defaults={"meeting": page.meeting, "agenda_key": line.key},
    )
    told = reference(item, council=item.council.assembly.key, name=item.council.assembly.name)
    page.note(ITEM_BROUGHT, line=line.key, **told)
    forget(page)


@follows(FINISHED)
def debated_by_finishing(page: Page, entry: Entry) -> None:
    """Write that we have debated an item, when its point of our agenda is done."""
    facts = entry.facts or {}
    if not page.sheet(Councils).above or facts.get("outcome") != "done":
        return
    waiting = here(page, str(facts.get("item", ""))).filter(debated_at=None)
    for row in list(waiting):
        row.debated_at = page.now
        row.save(update_fields=["debated_at"])
        page.note(ITEM_DEBATED, **reference(row.item, name=row.item.council.assembly.name))
        tell_debate(page, row)
    forget(page)


@follows(ITEM_REOPENED, ACT_UNDONE)
def not_debated_yet(page: Page, entry: Entry) -> None:
    """Write that we have not debated an item whose point is open again, if it has no mandate."""
    facts = entry.facts or {}
    if entry.kind == ACT_UNDONE:
        undone = find_entry(page, int(facts.get("seq", 0)))
        facts = (undone.facts or {}) if undone is not None and undone.kind == FINISHED else {}
    if not facts or not page.sheet(Councils).above:
        return
    for row in list(here(page, str(facts.get("item", ""))).exclude(debated_at=None)):
        told = Mandate.objects.filter(item=row.item, unit=row.unit_id, ended_at=None)
        if not told.exists():
            row.debated_at = None
            row.save(update_fields=["debated_at"])
            tell_debate(page, row)
    forget(page)


def here(page: Page, line: str) -> Any:
    """Return the debates that belong to a point of this agenda."""
    rows = Debate.objects.filter(meeting=page.meeting, agenda_key=line)
    return rows.select_related("item__council__assembly")


def tell_debate(page: Page, row: Debate) -> None:
    """Have the meetings of the council learn whether we have debated an item."""
    facts = {"unit": page.meeting.assembly.key, **reference(row.item)}
    tell_meetings_later(row.item.council, page.now, COUNCIL_CHANGED, **facts)


@act(
    "mark_debated",
    roles=["facilitator"],
    phases=SITTING,
    beyond=doors_above,
    item=Going(None),
    text=Text(""),
    decision=Basis(None),
)
def mark_debated(
    page: Page, *, by: Participant, item: CouncilItem | None, text: str, decision: Decision | None
) -> None:
    """Say that we have debated an item that was not brought here: by which decision, or how."""
    item = still_going(afresh(item))
    seen = council_of(page, item)
    if decision is None:
        text = text_within(text, 1000)
    row = Debate.objects.filter(item=item, unit=page.meeting.assembly, version=item.version).first()
    if row is not None and row.debated_at is not None:
        raise Refused("already_done", _("We have debated it."))
    Debate.objects.update_or_create(
        item=item,
        unit=page.meeting.assembly,
        version=item.version,
        defaults={"debated_at": page.now},
    )
    base = Base(page.meeting.assembly, by.person, page.now, decision, page)
    about: dict[str, Any] = {"text": text} if text else {}
    base.note(ITEM_DEBATED, **reference(item, name=seen.council.assembly.name), **about)
    tell_council(seen.council, base, DEBATE_KNOWN, **reference(item))


# --- the cards of the entries written here ---

ITEM_BROUGHT = card(
    "federation.item_brought",
    "council",
    "agenda",
    minutes=sentences.item_brought,
    writes=(
        rows(AgendaItem, key="line"),
        rows(Debate),
    ),
)
ITEM_DEBATED = card(
    "federation.item_debated", "council", minutes=sentences.item_debated, writes=(rows(Debate),)
)
DEBATE_KNOWN = card(
    "federation.debate_known",
    "council",
    "proposal",
    minutes=Silent("The assembly's own journal tells the debate."),
)
