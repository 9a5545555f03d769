"""How a council works changes by what its units accepted, and by nothing else (002:11, C05)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from assemblies.acts.arguments import Reader, Text, Who, text_within
from assemblies.acts.declaring import SITTING, act
from assemblies.door.kinds import card, rows
from assemblies.door.page import Page
from assemblies.models import Assembly, Membership, Participant, Person
from assemblies.rules.errors import Refused
from assemblies.sheets import Roll
from federation import rules
from federation.models import Affiliation, Council, CouncilItem, Federation
from federation.services.base import Going
from federation.sheets.councils import Councils, forget
from federation.sheets.seen import Seen
from federation.words import sentences
from proposals.models import Decision

# What a federation may call its parts in its own words (B40).
WORDS = ("unit", "units", "council", "councils", "delegate", "delegates", "federation", "level")


class Parameters(Reader):
    """Parameters by name, as a rule has them."""

    def read(self, page: Page, by: Participant, value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping) or len(value) > 40:
            raise Refused("unknown", _("Name parameters with their values."))
        return {str(name)[:40]: to for name, to in value.items()}


class OwnWords(Reader):
    """What a federation calls its parts: {"unit": "block club", "units": "block clubs"}."""

    def read(self, page: Page, by: Participant, value: Any) -> dict[str, str]:
        plain = isinstance(value, Mapping) and set(value) <= set(WORDS)
        if not plain or not all(isinstance(word, str) for word in value.values()):
            raise Refused(
                "unknown", _("Words can be chosen for: %(names)s.") % {"names": ", ".join(WORDS)}
            )
        return {name: " ".join(word.split())[:60] for name, word in value.items()}


def our_council(page: Page) -> Seen:
    """Return the council that meets here, or refuse."""
    own = page.sheet(Councils).own
    if own is None:
        raise Refused("unknown", _("No council meets here."))
    return own


def accepted(own: Seen, item: CouncilItem) -> CouncilItem:
    """Return an item on which a change of the council can rest: in force, so its units agreed."""
    if item.council_id != own.council.pk or item.phase != "in_force" or unasked(own.rule, item):
        raise Refused(
            "no_decision", _("A council changes by what its units have accepted and is in force.")
        )
    return item


def unasked(rule: rules.CouncilRule, item: CouncilItem) -> bool:
    """Say whether an item holds without the bases, in a council that asks them (C05)."""
    asks = rule.ratification != "none"
    return asks and not rules.goes_to_bases(rule, item.kind, item.class_of_item)


@act(
    "change_council",
    roles=["facilitator"],
    phases=SITTING,
    item=Going(),
    rule=Parameters(None),
    words=OwnWords(None),
    level=Text(""),
)
def change_council(
    page: Page,
    *,
    by: Participant,
    item: CouncilItem,
    rule: dict[str, Any] | None,
    words: dict[str, str] | None,
    level: str,
) -> None:
    """Carry out what the units accepted about the council itself: its rule, its words."""
    own = our_council(page)
    item, level = accepted(own, item), text_within(level, 80, needed=False)
    changed = {**own.council.rule, **(rule or {})}
    try:
        rules.read_council_rule(changed)
    except ValueError as wrong:
        raise Refused("unknown", str(wrong)) from wrong
    council, federation = own.council, own.council.federation
    council.rule, council.level_name = changed, level or council.level_name
    council.save(update_fields=["rule", "level_name"])
    if words:
        federation.words = {**federation.words, **words}
        federation.save(update_fields=["words"])
    page.note(
        COUNCIL_RULE_CHANGED, item=item.key, title=item.title, rule=rule or {}, words=words or {}
    )
    forget(page)


@act("admit_person", roles=["facilitator"], phases=SITTING, who=Who(), item=Going())
def admit_person(page: Page, *, by: Participant, who: Participant, item: CouncilItem) -> None:
    """Have somebody belong to the council as a person, by what its units accepted.

    Persons speak and answer; what they say is counted apart, never among the units (C08).
    """
    own = our_council(page)
    item = accepted(own, item)
    if who.voice:
        raise Refused("already_done", _("%(name)s speaks for a unit.") % {"name": who.name})
    if who.person is None:
        who.person = Person.objects.create_user(name=who.name)
        page.sheet(Roll).changed()
    joined = Affiliation.objects.filter(council=own.council, left_at=None)
    if joined.filter(person=who.person).exists():
        raise Refused("already_done", _("%(name)s belongs to it.") % {"name": who.name})
    Affiliation.objects.create(
        council=own.council, person=who.person, kind="at_large", joined_at=page.now
    )
    Membership.objects.update_or_create(
        assembly=page.meeting.assembly,
        person=who.person,
        defaults={"left_at": None, "counts": True},
    )
    who.kind = "member"
    page.put(who)
    page.concern(who)
    page.note(PERSON_ADMITTED, who=who.key, item=item.key, title=item.title)
    forget(page)


@act("withdraw_from_council", phases=SITTING)
def withdraw_from_council(page: Page, *, by: Participant) -> None:
    """Leave a council to which one belongs as a person, at once."""
    own = our_council(page)
    joined = Affiliation.objects.filter(council=own.council, person=by.person_id, left_at=None)
    row = joined.first() if by.person_id else None
    if row is None:
        raise Refused("unknown", _("You do not belong to it as a person."))
    row.left_at = page.now
    row.save(update_fields=["left_at"])
    Membership.objects.filter(
        assembly=page.meeting.assembly, person=by.person_id, organiser=False
    ).update(left_at=page.now)
    for sheet in page.every_sheet():
        sheet.person_uncounted(page, by)
    by.kind = "observer"
    page.put(by)
    page.concern(by)
    page.note(PERSON_WITHDREW, who=by.key)
    forget(page)


def by_its_units(assembly: Assembly, decision: Decision | None) -> None:
    """Refuse to change how a council decides by anything but what its units have accepted."""
    council = Council.objects.filter(assembly=assembly).first()
    if council is None:
        return
    rule = rules.read_council_rule(council.rule)
    in_force = CouncilItem.objects.filter(council=council, phase="in_force", outcome=decision)
    if decision is None or all(unasked(rule, item) for item in in_force):
        raise Refused(
            "reason_required",
            _("A council changes by what its units have accepted and is in force."),
        )


# --- the cards of the entries written here ---

COUNCIL_RULE_CHANGED = card(
    "federation.council_rule_changed",
    "council",
    minutes=sentences.council_rule_changed,
    writes=(
        rows(Council),
        rows(Federation),
    ),
)
PERSON_ADMITTED = card(
    "federation.person_admitted",
    "council",
    "roll",
    minutes=sentences.person_admitted,
    writes=(
        rows(Affiliation),
        rows(Membership),
        rows(Participant, key="who"),
    ),
)
PERSON_WITHDREW = card(
    "federation.person_withdrew",
    "council",
    "roll",
    "test",
    "floor",
    "signals",
    minutes=sentences.person_withdrew,
    writes=(
        rows(Affiliation),
        rows(Membership),
        rows(Participant, key="who"),
    ),
)
