"""A council is founded from below, by the decision of its first unit."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from assemblies.acts.arguments import OneOf, Text, Whole, named, text_within
from assemblies.acts.declaring import SITTING, act
from assemblies.door.book import record_body
from assemblies.door.house import house
from assemblies.door.kinds import card, rows
from assemblies.door.page import Page
from assemblies.models import Assembly, Journal, Membership, Participant
from assemblies.rules.errors import Refused
from assemblies.rules.keys import new_key
from federation import rules
from federation.models import Affiliation, Application, Council, Federation, Notice, Seat
from federation.services.base import (
    AnyUnits,
    Base,
    Basis,
    acting,
    doors_above,
    notify,
)
from federation.services.joining import affiliate
from federation.words import sentences
from federation.words.presets import FEDERATING, WayOfFederating
from proposals.models import Decision


def create_council(
    base: Base,
    *,
    name: str,
    preset: str = "two_delegate_confederation",
    seats: int | None = None,
    key: str = "",
    level: str = "",
    admission: str = "",
    federation: Federation | None = None,
    federation_name: str = "",
) -> Council:
    """Found a council of which this base is the first unit; it forms when a second one joins.

    Raises Refused: `unknown` for a way of federating that there is not, `already_done` for a key
    that is taken.
    """
    way = FEDERATING.get(preset)
    if way is None:
        raise Refused("unknown", _("There is no such way of federating."))
    if key and Assembly.objects.filter(key=key).exists():
        raise Refused("already_done", _("There is an assembly of this key."))
    rule = first_rule(way, seats, admission)
    own = Council.objects.filter(assembly=base.assembly).first()
    assembly = create_assembly(base, way, rule, name=name, key=key or new_key())
    council = Council.objects.create(
        assembly=assembly,
        federation=federation
        or (own.federation if own is not None else None)
        or Federation.objects.create(name=federation_name or name),
        preset=preset,
        rule=rule,
        level_name=level,
    )
    if base.by is not None:
        # Prepares its meetings, and counts for nobody in them.
        Membership.objects.create(assembly=assembly, person=base.by, organiser=True, counts=False)
    with record_body(assembly, by=base.by, now=base.now) as book:
        book.note(COUNCIL_FOUNDED, name=name, preset=preset, unit=base.assembly.key)
    base.note(COUNCIL_FOUNDED, name=name, preset=preset, council=assembly.key)
    affiliate(base, council, kind="member", territorial=True)
    return council


def first_rule(way: WayOfFederating, seats: int | None, admission: str) -> dict[str, Any]:
    """Return the rule with which a council begins: that of its way, with what its founders chose.

    `seats`: for each unit, whatever its size. With one seat there is no parity of groups.
    """
    rule = dict(way.rule)
    if seats is not None:
        rule |= {"seats_per_unit": seats, "members_per_seat": None}
        if seats == 1:
            rule["parity"] = "none"
    if admission:
        rule["admission"] = admission
    return rule


def create_assembly(
    base: Base, way: WayOfFederating, rule: Mapping[str, Any], *, name: str, key: str
) -> Assembly:
    """Create the assembly of a council; its time zone, groups and principles are the founder's."""
    quorum = rules.read_council_rule(rule).quorum
    deciding = {**house().ways[way.process].rule, **way.deciding}
    share = f"{quorum.numerator}/{quorum.denominator}"
    return Assembly.objects.create(
        key=key,
        journal=Journal.objects.create(),
        name=name,
        kind=Assembly.Kind.COUNCIL,
        preset=way.process,
        rule={**deciding, "quorum": {"share": share}, "by_unit": True},
        admission=Assembly.Admission.COUNTED_IN,
        roll=0,
        time_zone=base.assembly.time_zone,
        groups=base.assembly.groups,
        principles=base.assembly.principles,
        practice=base.assembly.practice,
    )


def forget_empty_federations() -> None:
    """Delete the federations of which no council is left."""
    Federation.objects.filter(councils=None).delete()


@act(
    "found_council",
    roles=["facilitator"],
    phases=SITTING,
    beyond=doors_above,
    council=Text(""),
    name=Text(""),
    preset=OneOf("two_delegate_confederation", words=tuple(FEDERATING)),
    seats=Whole(None, least=1, most=50),
    level=Text(""),
    admission=OneOf("", words=rules.CHOICES["admission"]),
    invite=AnyUnits(None),
    decision=Basis(None),
)
def found_council(
    page: Page,
    *,
    by: Participant,
    council: str,
    name: str,
    preset: str,
    seats: int | None,
    level: str,
    admission: str,
    invite: list[Assembly] | None,
    decision: Decision | None,
) -> None:
    """Found a council by a decision of this assembly, and invite others to it."""
    name, key = text_within(name, 120), named(council, 16)
    level = text_within(level, 80, needed=False)
    base = acting(page, decision)
    made = create_council(
        base, name=name, preset=preset, seats=seats, key=key, level=level, admission=admission
    )
    if invite:
        notify(made, invite, "invited", page.now, name=name, by=base.assembly.name)


# --- the cards of the entries written here ---

COUNCIL_FOUNDED = card(
    "federation.council_founded",
    "council",
    minutes=sentences.council_founded,
    writes=(
        rows(Assembly, key="council"),
        rows(Federation),
        rows(Council),
        rows(Affiliation),
        rows(Seat),
        rows(Membership),
        rows(Application),
        rows(Notice),
    ),
)
