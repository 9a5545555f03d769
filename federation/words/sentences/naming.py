"""How entries of councils name a unit, a delegate, an item."""

from typing import Any

from django.utils.translation import gettext as _

from assemblies.door.kinds import Names, facts
from assemblies.models import Assembly, Entry, Person
from federation.models import CouncilItem


def unit_named(entry: Entry, names: Names | None = None) -> str:
    """Return the name of the unit that an entry is about; looked up where `names` has it not."""
    key = facts(entry).get("unit", "")
    if names is not None and (known := names.known(key)):
        return known
    found = Assembly.objects.filter(key=str(key)).first()
    return found.name if found is not None else _("a unit")


def person_named(key: Any, names: Names | None = None) -> str:
    """Return the name of a delegate: whoever carries a mandate does so by name."""
    if names is not None and (known := names.known(key)):
        return known
    found = Person.objects.filter(pk=str(key)).first() if key else None
    return found.name if found is not None else _("somebody")


def item_named(entry: Entry, names: Names | None = None) -> str:
    """Return the title of a council item."""
    key = facts(entry).get("item", "")
    if title := facts(entry).get("title"):
        return str(title)
    if names is not None and (known := names.known_item(key)):
        return known
    found = CouncilItem.objects.filter(key=str(key)).first()
    return found.title if found is not None else _("an item")
