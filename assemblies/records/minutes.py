"""The minutes of a meeting, drawn from its journal: live while it runs, and afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from assemblies.door.house import house
from assemblies.door.journal import read
from assemblies.door.kinds import Names
from assemblies.door.page import Page
from assemblies.door.undoing import ACT_UNDONE
from assemblies.models import Entry, Meeting, Role
from assemblies.services import agenda, phases, roles
from assemblies.sheets import HANDS_CLOSED, Agenda, Roll


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of the minutes; `undone` says who took it back: "actor", "room" or nobody."""

    seq: int
    at: datetime | None
    text: str
    note: bool = False
    undone: str = ""


@dataclass
class Part:
    """What was written down under one heading."""

    lines: list[Line] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    sums: list[str] = field(default_factory=list)


@dataclass
class ItemPart(Part):
    """What was written down about one item."""

    key: str = ""
    number: int = 0
    title: str = ""
    kind: str = ""
    minutes: int = 0
    state: str = ""
    opened_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass
class Minutes:
    """The minutes as of one entry of the journal."""

    meeting: Meeting
    roles: list[tuple[str, list[str]]]
    agreements: int | None
    present: int
    counting: int
    came: int
    quorum: int | None
    quorum_met: bool
    opening: Part
    items: list[ItemPart]
    closing: Part
    seq: int
    head: str

    @property
    def live(self) -> bool:
        """Whether the meeting has not ended yet."""
        return self.meeting.phase != "ended"


def draw(meeting: Meeting) -> Minutes:
    """Return the minutes of a meeting as its journal has them now."""
    page = read(meeting)
    roll = page.sheet(Roll)
    kinds = house().told_kinds | {ACT_UNDONE}
    entries = list(
        Entry.objects.filter(journal=page.journal, seq__lte=page.journal.seq, kind__in=kinds)
    )
    undone = taken_back(entries)
    names = Names(
        {key: person.name for key, person in roll.people.items()},
        {item.key: item.title for item in page.sheet(Agenda).items},
        frozenset(key for key, person in roll.people.items() if person.named),
        local=page.meeting.assembly.local,
    )
    opening, items, closing = parts_of(page)
    place(entries, undone, names, opening, items, closing)
    for part in (opening, *items.values(), closing):
        part.sums = sums_of(part.entries, names)
    return Minutes(
        meeting=page.meeting,
        roles=roles_of(page, (one for one in entries if one.seq not in undone), names),
        agreements=agreements_of(page),
        present=roll.present(page.meeting),
        counting=roll.counting(page.meeting),
        came=sum(1 for one in roll.people.values() if one.arrived_at and not one.merged_into_id)
        + page.meeting.heads,
        quorum=roll.quorum(page.meeting),
        quorum_met=roll.quorum_met(page.meeting),
        opening=opening,
        items=list(items.values()),
        closing=closing,
        seq=page.journal.seq,
        head=page.journal.head,
    )


def taken_back(entries: Iterable[Entry]) -> dict[int, str]:
    """Return the numbers of entries that were taken back, and by whom: "actor" or "room"."""
    return {
        int((entry.facts or {}).get("seq", 0)): (entry.facts or {}).get("by", "actor")
        for entry in entries
        if entry.kind == ACT_UNDONE
    }


def parts_of(page: Page) -> tuple[Part, dict[str, ItemPart], Part]:
    """Return the empty headings of the minutes."""
    items = {
        item.key: ItemPart(
            key=item.key,
            number=number,
            title=item.title,
            kind=item.get_kind_display(),
            minutes=item.minutes,
            state=item.get_state_display(),
            opened_at=item.opened_at,
            finished_at=item.finished_at,
        )
        for number, item in enumerate(page.sheet(Agenda).items, start=1)
    }
    return Part(), items, Part()


def place(
    entries: Iterable[Entry],
    undone: dict[int, str],
    names: Names,
    opening: Part,
    items: dict[str, ItemPart],
    closing: Part,
) -> None:
    """Tell every entry under the heading at which it happened."""
    between, here, carried = opening, "", ""
    for entry in entries:
        said, stands = entry.facts or {}, entry.seq not in undone
        if entry.kind == ACT_UNDONE:
            here = put_back(said, here, entries)
            continue
        if entry.kind == agenda.TAKEN_UP and stands:
            here, between = said.get("item", ""), closing
        elif entry.kind == agenda.ITEM_REOPENED:
            here = said.get("item", "")
        elif entry.kind == phases.REOPENED:
            here = carried
        about = said.get("item") if entry.kind in (agenda.NOTED, agenda.FINISHED) else None
        part = items.get(about or here, between)
        write(part, entry, undone.get(entry.seq, ""), names)
        if entry.kind == agenda.FINISHED and stands:
            here = ""
        elif entry.kind == phases.ENDED:
            here, carried = "", here


def put_back(said: dict[str, Any], here: str, entries: Iterable[Entry]) -> str:
    """Return the item that is open once something was taken back."""
    if said.get("kind") not in (agenda.FINISHED, agenda.TAKEN_UP):
        return here
    entry = next((one for one in entries if one.seq == said.get("seq")), None)
    item = str((entry.facts or {}).get("item", "")) if entry else ""
    return item if said["kind"] == agenda.FINISHED else ""


def write(part: Part, entry: Entry, undone: str, names: Names) -> None:
    """Put an entry under a heading, as a sentence or to be summed up."""
    if not undone:
        part.entries.append(entry)
    note = entry.kind == agenda.NOTED
    if entry.kind not in house().cards or (note and undone):
        return
    if text := house().cards[entry.kind].sentence(entry, names):
        part.lines.append(Line(entry.seq, entry.at, text, note, undone))


def sums_of(entries: list[Entry], names: Names) -> list[str]:
    """Return one line for each sum that says something."""
    found = []
    for line, kinds in house().summed.items():
        about = [entry for entry in entries if entry.kind in kinds]
        if about and (text := line.write(about, names)):
            found.append(text)
    return found


def roles_of(page: Page, entries: Iterable[Entry], names: Names) -> list[tuple[str, list[str]]]:
    """Return who held which role, those who hold it now first."""
    held = {code: list(keys) for code, keys in page.sheet(Roll).roles_held().items()}
    for entry in entries:
        said = entry.facts or {}
        if entry.kind in (roles.ROLE_GIVEN, roles.ROLE_HANDED_OVER):
            held.setdefault(said.get("role", ""), []).append(said.get("who", ""))
        elif entry.kind == HANDS_CLOSED and said.get("facilitator"):
            held.setdefault("facilitator", []).append(said["facilitator"])
    return [
        (str(label), list(dict.fromkeys(names.person(key) for key in held[code])))
        for code, label in Role.Code.choices
        if held.get(code)
    ]


def agreements_of(page: Page) -> int | None:
    """Return the version of the agreements that was in force."""
    meeting = page.meeting
    adopted = meeting.assembly.agreements.filter(adopted_at__lte=meeting.ended_at or page.now)
    return adopted.values_list("version", flat=True).first()
