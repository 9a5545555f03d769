"""The door of an assembly: its rules and settings change only inside `with record_body(...)`.

The same chain as a meeting's, in the assembly's own journal: that a rule was changed is itself part
of the record. Who acts stands there by the key of the person, as meetings' keys mean nothing here.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from assemblies.door.journal import record
from assemblies.door.kinds import Silent, card
from assemblies.door.sealing import seal
from assemblies.models import Assembly, Entry, Journal, Meeting, Person


@dataclass
class Book:
    """What is changed of an assembly, and the entries that say so."""

    assembly: Assembly
    journal: Journal
    by: Person | None
    now: datetime
    entries: list[Entry] = field(default_factory=list)

    def note(self, kind: str, /, **facts: Any) -> Entry:
        """Write an entry; people stand in facts as keys, never as names."""
        self.journal.seq += 1
        entry = Entry(
            journal=self.journal,
            seq=self.journal.seq,
            at=self.now,
            actor=str(self.by.pk) if self.by else "",
            kind=str(kind),
            facts=facts,
            salt=secrets.token_bytes(16),
        )
        seal(entry, self.journal)
        self.entries.append(entry)
        return entry

    def change(self, kind: str, /, **wanted: Any) -> Entry | None:
        """Set fields of the assembly and note what differs; nothing new is no entry."""
        new = {name: to for name, to in wanted.items() if getattr(self.assembly, name) != to}
        if not new:
            return None
        for name, to in new.items():
            setattr(self.assembly, name, to)
        self.assembly.save(update_fields=list(new))
        return self.note(kind, **new)


@contextmanager
def record_body(
    assembly: Assembly, *, by: Person | None, now: datetime | None = None
) -> Iterator[Book]:
    """Open the door of an assembly: lock its journal, and write rows and entries together.

    Inside, `book.assembly` is the assembly as it is under the lock. Meetings that have not ended
    learn of what changed: each gets an entry, so that no open room goes on with the old settings.
    """
    with transaction.atomic():
        journal = Journal.objects.select_for_update().get(pk=assembly.journal_id)
        book = Book(Assembly.objects.get(pk=assembly.pk), journal, by, now or timezone.now())
        before = settings_of(book.assembly)
        yield book
        Entry.objects.bulk_create(book.entries)
        Journal.objects.filter(pk=journal.pk).update(seq=journal.seq, head=journal.head)
    if settings_of(book.assembly) != before:
        for meeting in Meeting.objects.filter(assembly=assembly).exclude(phase="ended"):
            follow(meeting, book)


def settings_of(assembly: Assembly) -> dict[str, Any]:
    """Return every field of an assembly."""
    return {field.attname: getattr(assembly, field.attname) for field in Assembly._meta.fields}


def follow(meeting: Meeting, book: Book) -> None:
    """Have a meeting go on with its assembly as it is now."""
    with record(meeting) as page:
        page.meeting.assembly = Assembly.objects.get(pk=book.assembly.pk)
        page.note(SETTINGS_FOLLOWED, seq=book.journal.seq)


# --- the cards of the entries written here ---

SETTINGS_FOLLOWED = card(
    "assemblies.settings_followed",
    "*",
    minutes=Silent("The assembly's own journal tells the change of rules."),
)
