"""The agenda: items are taken up one at a time, finished, added, moved, noted."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies import rules
from assemblies.acts.arguments import Item, OneOf, Text, Whole, text_within
from assemblies.acts.declaring import SITTING, act
from assemblies.door.kinds import Always, Undo, any_of, card, either, rows, same
from assemblies.door.page import Page
from assemblies.door.undoing import on_the_item
from assemblies.models import AgendaItem, Entry, Meeting, Note, Participant
from assemblies.rules.errors import Refused
from assemblies.rules.keys import new_key
from assemblies.services import people
from assemblies.services.phases import last_of, nothing_open
from assemblies.sheets import Agenda
from assemblies.words import sentences

STEERS = ("facilitator", "timekeeper")


@act("take_up_item", roles=STEERS, phases=SITTING, item=Item())
def take_up_item(page: Page, *, by: Participant, item: AgendaItem) -> None:
    """Turn to an item. One is open at a time; floor, lane and stack begin anew."""
    agenda = page.sheet(Agenda)
    if item.state in ("open", "done"):
        raise Refused("already_done", _("“%(title)s” has been taken up already.") % {"title": item})
    if agenda.open is not None:
        raise Refused(
            "wrong_phase",
            _("“%(title)s” is still open. Finish it first.") % {"title": agenda.open},
        )
    facts: dict[str, Any] = {"was": item.state, "phase": page.meeting.phase}
    for sheet in page.every_sheet():
        facts |= sheet.item_closed(page)
    item.state, item.opened_at, item.finished_at = "open", page.now, None
    page.put(item)
    there = "closing" if item.kind in rules.CLOSING_KINDS else "in_session"
    if page.meeting.phase != there:
        page.meeting.phase = there
        page.put(page.meeting)
    page.note(TAKEN_UP, item=item.key, **facts)


def open_item(page: Page) -> AgendaItem:
    """Return the item that is meant where none is named."""
    item = page.sheet(Agenda).open
    if item is None:
        raise Refused("wrong_phase", _("No item is open."))
    return item


@act(
    "finish_item",
    roles=STEERS,
    phases=SITTING,
    item=Item(None),
    outcome=OneOf("done", words=("done", "postponed", "carried_over")),
)
def finish_item(page: Page, *, by: Participant, item: AgendaItem | None, outcome: str) -> None:
    """Close an item: what waits on its stack is cleared, and kept for `reopen_item`."""
    item = item or open_item(page)
    if item.state != "open":
        if item.state == "waiting":
            raise Refused("wrong_phase", _("“%(title)s” is not open.") % {"title": item})
        raise Refused("already_done", _("“%(title)s” is finished already.") % {"title": item})
    nothing_open(page)
    facts: dict[str, Any] = {}
    for sheet in page.every_sheet():
        facts |= sheet.item_closed(page)
    item.state, item.finished_at = outcome, page.now
    page.put(item)
    page.note(FINISHED, item=item.key, outcome=outcome, **facts)


@act("reopen_item", roles=STEERS, phases=SITTING, item=Item())
def reopen_item(page: Page, *, by: Participant, item: AgendaItem) -> None:
    """Take back the finishing of an item within 30 s, with its floor, lane and stack."""
    if item.state == "open":
        raise Refused("already_done", _("“%(title)s” is open.") % {"title": item})
    if item.finished_at is None:
        raise Refused("wrong_phase", _("“%(title)s” was not finished.") % {"title": item})
    if page.sheet(Agenda).open is not None:
        raise Refused("wrong_phase", _("Another item is open."))
    if not rules.within(item.finished_at, page.now, rules.REOPEN_ITEM_WITHIN):
        raise Refused("closed", _("An item can be reopened for 30 seconds after its end."))
    restore_item(page, item, last_of(page, FINISHED, item=item.key))
    page.note(ITEM_REOPENED, item=item.key)


def restore_item(page: Page, item: AgendaItem, facts: dict[str, Any]) -> None:
    """Open a finished item as it was."""
    item.state, item.finished_at = "open", None
    page.put(item)
    for sheet in page.every_sheet():
        sheet.item_restored(page, facts)


@act("extend_item", roles=STEERS, item=Item(None), minutes=Whole(5, least=1, most=600))
def extend_item(page: Page, *, by: Participant, item: AgendaItem | None, minutes: int) -> None:
    """Give an item more minutes; anybody may object for 15 s."""
    item = item or open_item(page)
    if item.state not in ("open", "waiting"):
        raise Refused("wrong_phase", _("“%(title)s” is finished.") % {"title": item})
    item.minutes += minutes
    page.put(item)
    page.note(EXTENDED, item=item.key, minutes=minutes)


@act(
    "add_item",
    roles=STEERS,
    title=Text(""),
    item=Text(""),
    kind=OneOf("discussion", words=tuple(AgendaItem.Kind.values)),
    minutes=Whole(10, least=1, most=600),
)
def add_item(
    page: Page, *, by: Participant, title: str, item: str, kind: str, minutes: int
) -> None:
    """Put an item at the end of the agenda."""
    agenda = page.sheet(Agenda)
    key = text_within(item, 40, needed=False) or new_key()
    title = text_within(title or item, 200)
    if agenda.find(key):
        raise Refused("already_done", _("This item is on the agenda already."))
    if len(agenda.items) >= 200:
        raise Refused("too_long", _("An agenda has at most 200 items."))
    row = AgendaItem(
        id=uuid.uuid4(),
        meeting=page.meeting,
        key=key,
        position=len(agenda.items) + 1,
        title=title,
        kind=kind,
        minutes=minutes,
    )
    agenda.items.append(row)
    page.put(row)
    page.note(ADDED, item=key, title=title, kind=kind, minutes=minutes)


@act("move_item", roles=STEERS, item=Item(), to=Whole(least=1, most=200))
def move_item(page: Page, *, by: Participant, item: AgendaItem, to: int) -> None:
    """Give a waiting item another place on the agenda, counted from 1."""
    agenda = page.sheet(Agenda)
    if item.state != "waiting":
        raise Refused("wrong_phase", _("Only items still to come can be moved."))
    first = next(place for place, row in enumerate(agenda.items) if row.state == "waiting")
    was = agenda.items.index(item)
    agenda.items.pop(was)
    agenda.items.insert(max(first, min(to - 1, len(agenda.items))), item)
    agenda.renumber(page)
    page.note(MOVED, item=item.key, to=agenda.items.index(item) + 1, was=was + 1)


@act("write_note", roles=["note_taker"], after_end=True, item=Item(None), text=Text())
def write_note(page: Page, *, by: Participant, item: AgendaItem | None, text: str) -> None:
    """Write what was said into the minutes; after the meeting it is a correction of them."""
    agenda = page.sheet(Agenda)
    item = item or agenda.open
    row = Note(
        id=uuid.uuid4(),
        meeting=page.meeting,
        item=item,
        by=by,
        text=text_within(text, 8000),
        # Notes of one moment keep their order.
        at=page.now + timedelta(microseconds=len(agenda.notes)),
    )
    agenda.notes.append(row)
    page.put(row)
    page.note(NOTED, item=item.key if item else None, text=row.text, note=str(row.pk))


# --- how these are taken back (assemblies.services.taking_back) ----------------------------------


def unfinish(page: Page, entry: Entry) -> None:
    """Open again the item that an entry finished."""
    facts = entry.facts or {}
    item = page.sheet(Agenda).find(facts["item"])
    if item is None or page.sheet(Agenda).open is not None:
        raise Refused("wrong_phase", _("Another item is open."))
    restore_item(page, item, facts)


def untake(page: Page, entry: Entry) -> None:
    """Put back an item that was taken up, with the floor as it was before."""
    facts = entry.facts or {}
    item = page.sheet(Agenda).find(facts["item"])
    if item is None or item.state != "open":
        raise Refused("wrong_phase", _("The item is not open any more."))
    for sheet in page.every_sheet():
        sheet.item_closed(page)
    item.state, item.opened_at = facts["was"], None
    page.put(item)
    page.meeting.phase = facts["phase"]
    page.put(page.meeting)
    for sheet in page.every_sheet():
        sheet.item_restored(page, facts)


def unextend(page: Page, entry: Entry) -> None:
    """Take back minutes that were added."""
    facts = entry.facts or {}
    item = page.sheet(Agenda).find(facts["item"])
    if item is None or item.state not in ("open", "waiting"):
        raise Refused("wrong_phase", _("The item is finished."))
    item.minutes = max(1, item.minutes - facts["minutes"])
    page.put(item)


def unmove(page: Page, entry: Entry) -> None:
    """Put a moved item back to its place."""
    facts, agenda = entry.facts or {}, page.sheet(Agenda)
    item = agenda.find(facts["item"])
    if item is None or item.state != "waiting":
        raise Refused("wrong_phase", _("The item has been taken up since."))
    agenda.items.remove(item)
    agenda.items.insert(facts["was"] - 1, item)
    agenda.renumber(page)


def unadd(page: Page, entry: Entry) -> None:
    """Take an added item off the agenda."""
    agenda = page.sheet(Agenda)
    item = agenda.find((entry.facts or {})["item"])
    if item is None or item.state != "waiting":
        raise Refused("wrong_phase", _("The item has been taken up since."))
    agenda.items.remove(item)
    for sheet in page.every_sheet():
        sheet.item_dropped(page, item)
    page.drop(item)
    agenda.renumber(page)


def unnote(page: Page, entry: Entry) -> None:
    """Take a note out of the minutes; its entry stays in the journal."""
    agenda, name = page.sheet(Agenda), (entry.facts or {})["note"]
    for row in agenda.notes:
        if str(row.pk) == name:
            agenda.notes.remove(row)
            page.drop(row)
            return


def ends_at(item: AgendaItem) -> int | None:
    """Return when an open item's minutes are over, in epoch milliseconds."""
    if item.opened_at is None:
        return None
    return int((item.opened_at + timedelta(minutes=item.minutes)).timestamp() * 1000)


# Whatever is done on the floor rests on the item that is open (or was just finished); that
# somebody goes home does not.
ON_THE_ITEM = on_the_item(unless=(people.LEFT, people.MERGED))


# --- the cards of the entries written here ---

TAKEN_UP = card(
    "assemblies.item_taken_up",
    "agenda",
    "meeting",
    minutes=sentences.taken_up,
    undo=Undo(untake, ON_THE_ITEM),
    doer=gettext_lazy("You took up an item"),
    log=sentences.an_item_was_taken_up,
    writes=(
        rows(AgendaItem, key="item"),
        rows(Meeting),
    ),
)
FINISHED = card(
    "assemblies.item_finished",
    "agenda",
    "meeting",
    minutes=sentences.finished,
    undo=Undo(unfinish, ON_THE_ITEM),
    doer=gettext_lazy("You finished an item"),
    writes=(rows(AgendaItem, key="item"),),
)
ITEM_REOPENED = card(
    "assemblies.item_reopened",
    "agenda",
    "meeting",
    minutes=Always(gettext_lazy("The item was reopened.")),
    writes=(rows(AgendaItem, key="item"),),
)
EXTENDED = card(
    "assemblies.item_extended",
    "agenda",
    minutes=sentences.extended,
    undo=Undo(unextend, same("item", FINISHED), by_room=True),
    doer=gettext_lazy("You gave an item more time"),
    room=sentences.an_item_gets_more_time,
    writes=(rows(AgendaItem, key="item"),),
)
ADDED = card(
    "assemblies.item_added",
    "agenda",
    minutes=sentences.added,
    undo=Undo(
        unadd,
        either(
            any_of("assemblies.item_moved"),
            same("item", "assemblies.note_written", EXTENDED, TAKEN_UP),
        ),
    ),
    doer=gettext_lazy("You added an item"),
    writes=(rows(AgendaItem, key="item"),),
)
MOVED = card(
    "assemblies.item_moved",
    "agenda",
    minutes=sentences.moved,
    undo=Undo(unmove, any_of("assemblies.item_moved", TAKEN_UP, ADDED)),
    doer=gettext_lazy("You moved an item"),
    writes=(rows(AgendaItem, key="item"),),
)
NOTED = card(
    "assemblies.note_written",
    "agenda",
    minutes=sentences.noted,
    undo=Undo(unnote),
    doer=gettext_lazy("You wrote a note"),
    writes=(rows(Note, pk="note"),),
)
