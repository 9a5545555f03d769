"""The panel that shows who is here, and whether they are enough to decide."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.door.page import Page
from assemblies.live.printing import FACILITATOR, panel
from assemblies.models import Role
from assemblies.sheets import Roll


@panel("people", "assemblies/_people.html", "roll", "meeting")
def people_panel(page: Page, audience: str) -> dict[str, Any]:
    """Return who is here, in numbers; for a console also by name."""
    roll, meeting = page.sheet(Roll), page.meeting
    quorum, counting = roll.quorum(meeting), roll.counting(meeting)
    here = list(roll.here())
    shown: dict[str, Any] = {
        "present": roll.present(meeting),
        "counting": counting,
        "heads": meeting.heads,
        "quorum": quorum,
        "quorum_met": roll.quorum_met(meeting),
        "sentence": quorum_sentence(counting, quorum, by_unit=roll.by_unit),
        "seats": len(here),
        "phones": sum(1 for person in here if person.phone),
        "without_phone": sum(1 for person in here if not person.phone),
        "guests_welcome": meeting.guests_welcome,
        # Where units decide, who counts is theirs to say and not the greeter's.
        "by_unit": roll.by_unit,
        "people": [],
        "guests": [],
        "meeting_key": meeting.key,
    }
    if audience == FACILITATOR:
        labels = dict(Role.Code.choices)
        ordered = sorted(here, key=lambda person: (person.name.lower(), person.key))
        shown["people"] = [
            {
                "key": person.key,
                "name": person.name,
                "kind": person.kind,
                "kind_label": person.get_kind_display(),
                "phone": person.phone,
                "role_codes": roll.roles_of(person),
                "roles": [labels[code] for code in roll.roles_of(person)],
            }
            for person in ordered[:200]
        ]
        shown["more"] = max(0, len(ordered) - 200)
        shown["rest"] = [
            {"key": person.key, "name": person.name, "phone": person.phone}
            for person in ordered[200:500]
        ]
        shown["guests"] = [
            {"key": person.key, "name": person.name}
            for person in ordered
            if person.kind in ("guest", "observer")
        ][:50]
    return shown


def quorum_sentence(counting: int, quorum: int | None, *, by_unit: bool = False) -> str:
    """Return how many count, people or the units they speak for, and whether they are enough."""
    told = (
        ngettext("%(n)s unit is here.", "%(n)s units are here.", counting)
        if by_unit
        else ngettext("%(n)s person counts.", "%(n)s people count.", counting)
    )
    count = told % {"n": counting}
    if quorum is None:
        return count
    if counting >= quorum:
        return f"{count} " + _("Quorum is %(n)s: met.") % {"n": quorum}
    return f"{count} " + _("Quorum is %(n)s: %(missing)s missing.") % {
        "n": quorum,
        "missing": quorum - counting,
    }
