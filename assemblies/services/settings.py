"""The settings of an assembly: signals, offered groups, principles, turns, who is trained.

Each change is an entry in the assembly's own journal (assemblies.book).
"""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy

from assemblies.door.book import record_body
from assemblies.door.kinds import Always, card, rows
from assemblies.models import Assembly, Membership, Person


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


# --- the cards of the entries written here ---

SETTINGS_CHANGED = card(
    "assemblies.settings_changed",
    minutes=Always(gettext_lazy("Settings of the assembly were changed.")),
    writes=(rows(Assembly),),
)
TRAINED_MARKED = card(
    "assemblies.trained_marked",
    minutes=Always(gettext_lazy("It was written down who is trained for roles.")),
    writes=(rows(Membership, person_id="member"),),
)
