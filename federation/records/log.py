"""The log of a council, for everybody below it (C03): its own journal and its meetings'."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Max, QuerySet, Window

from assemblies.door.house import house
from assemblies.door.kinds import Names, Summed
from assemblies.door.undoing import ACT_UNDONE
from assemblies.models import AgendaItem, Assembly, Entry, Meeting, Participant, Person
from assemblies.records.minutes import taken_back
from federation.models import Council, CouncilItem


@dataclass(slots=True)
class Line:
    """One line of the log: one entry, or a run of entries alike with their number."""

    seq: int
    last: int
    at: datetime | None
    where: Meeting | None
    text: str
    kind: str
    erased: int = 0
    undone: str = ""
    alike: int = 1
    card: str = ""

    def goes_on(self, entry: Entry, where: Meeting | None, text: str, undone: str) -> bool:
        """Say whether an entry is one more of the same: of its kind, and without words of its own.

        Ten who took a seat one after the other are one line.
        """
        same = self.where is where and self.kind == called(entry) and self.undone == undone
        return same and not self.erased and not text and not self.text


def entries_of(council: Council) -> QuerySet[Entry, int]:
    """Return all entries of a council's journals, by id, in the order in which they happened.

    What was erased has no time left: it stands where its number has it. All are put in order for
    every page, so that nothing else is asked of them here.
    """
    met = Meeting.objects.filter(assembly=council.assembly_id).values_list("journal", flat=True)
    own = Entry.objects.filter(journal__in=[council.assembly.journal_id, *met])
    when = Window(Max("at"), partition_by=F("journal"), order_by=F("seq").asc())
    in_order = own.annotate(when=when).order_by(F("when").asc(nulls_first=True), "journal", "seq")
    return in_order.values_list("pk", flat=True)


def lines_of(council: Council, entries: Iterable[int]) -> list[Line]:
    """Return entries as sentences, in the same eight queries however many they are."""
    wanted = list(entries)
    rows = Entry.objects.in_bulk(wanted)
    found = [rows[pk] for pk in wanted if pk in rows]
    meetings = {
        row.journal_id: row
        for row in Meeting.objects.filter(journal__in={one.journal_id for one in found})
    }
    names = names_in(council, found, meetings.values())
    undone = undone_of(found)
    lines: list[Line] = []
    for one in found:
        where = meetings.get(one.journal_id)
        if one.erased:
            last = lines[-1] if lines else None
            if last is not None and last.erased and last.where is where:
                last.erased += 1
                last.last = one.seq
            else:
                lines.append(Line(one.seq, one.seq, None, where, "", "", erased=1))
            continue
        text, back = sentence_of(one, names), undone.get(one.journal_id, {}).get(one.seq, "")
        if lines and lines[-1].goes_on(one, where, text, back):
            lines[-1].alike += 1
            lines[-1].last = one.seq
            continue
        lines.append(
            Line(one.seq, one.seq, one.at, where, text, called(one), undone=back, card=one.kind)
        )
    for line in lines:
        line.text = line.text or words_for_several(line.card, line.alike)
    return lines


def words_for_several(kind: str, n: int) -> str:
    """Return a run of entries in numbers, where the minutes have no words; "" if no card has."""
    known = house().cards.get(kind)
    return known.log(n) if known is not None and known.log is not None else ""


def sentence_of(entry: Entry, names: Names) -> str:
    """Return an entry as the minutes write it; "" where they have no words for it.

    What will be erased, because it says who showed what, is shown to nobody.
    """
    known = house().cards.get(entry.kind)
    if known is None or known.erasable:
        return ""
    if isinstance(known.minutes, Summed):
        return known.minutes.write([entry], names) or ""
    return known.sentence(entry, names) or ""


def called(entry: Entry) -> str:
    """Return the kind of an entry in words: "seat taken"."""
    return entry.kind.rpartition(".")[2].replace("_", " ")


def names_in(council: Council, entries: list[Entry], meetings: Iterable[Meeting]) -> Names:
    """Return the names of the people and items in these entries."""
    pks = [one.pk for one in meetings]
    people, named = {}, set()
    rows = Participant.objects.filter(meeting__in=pks).values_list("key", "name", "named")
    for key, name, by_name in rows:
        people[key] = name
        if by_name:
            named.add(key)
    told = [one.facts or {} for one in entries]
    persons = uuids([one.actor for one in entries] + [said.get("person") for said in told])
    for pk, name in Person.objects.filter(pk__in=persons).values_list("pk", "name"):
        people[str(pk)] = name
    units = {str(said["unit"]) for said in told if "unit" in said}
    people |= dict(Assembly.objects.filter(key__in=units).values_list("key", "name"))
    keys = {str(said["item"]) for said in told if "item" in said}
    items = dict(
        CouncilItem.objects.filter(council=council, key__in=keys).values_list("key", "title")
    )
    items |= dict(AgendaItem.objects.filter(meeting__in=pks).values_list("key", "title"))
    return Names(people, items, frozenset(named), local=council.assembly.local)


def uuids(keys: Iterable[Any]) -> set[UUID]:
    """Return the keys of persons among keys of all kinds."""
    found = set()
    for key in keys:
        with suppress(ValueError):
            found.add(UUID(str(key)))
    return found


def undone_of(entries: list[Entry]) -> dict[Any, dict[int, str]]:
    """Return which entries were undone later, by journal and number."""
    rows = Entry.objects.filter(journal__in={one.journal_id for one in entries}, kind=ACT_UNDONE)
    found: dict[Any, list[Entry]] = {}
    for row in rows:
        found.setdefault(row.journal_id, []).append(row)
    return {journal: taken_back(marks) for journal, marks in found.items()}
