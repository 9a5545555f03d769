"""The settings of an assembly: signals, offered groups, principles, turns, who is trained.

Each change is an entry in the assembly's own journal (assemblies.book).
"""

from collections.abc import Collection
from typing import Any

from assemblies.door.book import record_body
from assemblies.door.kinds import kind
from assemblies.models import Assembly, Membership, Person

SETTINGS_CHANGED = kind("assemblies.settings_changed")
TRAINED_MARKED = kind("assemblies.trained_marked")


def change_settings(assembly: Assembly, by: Person, wanted: dict[str, Any]) -> bool:
    """Set fields of an assembly, one entry for each that differs; return whether any did."""
    with record_body(assembly, by=by) as book:
        for name, to in wanted.items():
            book.change(SETTINGS_CHANGED, **{name: to})
    return bool(book.entries)


def mark_trained(assembly: Assembly, by: Person, trained: Collection[Any]) -> bool:
    """Have exactly these members count as trained for roles; return whether any mark changed."""
    wanted = {str(key) for key in trained}
    with record_body(assembly, by=by) as book:
        for row in Membership.objects.filter(assembly=assembly, left_at=None).order_by("pk"):
            if row.trained != (str(row.pk) in wanted):
                row.trained = not row.trained
                row.save(update_fields=["trained"])
                book.note(TRAINED_MARKED, member=str(row.person_id), trained=row.trained)
    return bool(book.entries)
