"""Councils in rehearsal scripts: units, seats, items, mandates (ROOM.md 4, docs/rehearsals.md)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from assemblies.door.house import house
from assemblies.door.journal import record
from assemblies.door.page import Page
from assemblies.door.shapes import Scene
from assemblies.models import AgendaItem, Assembly, Meeting, Membership, Person
from federation import rules
from federation.models import (
    Affiliation,
    Council,
    CouncilItem,
    Debate,
    Federation,
    Mandate,
    Seat,
    SeatTerm,
)
from federation.services.mandates import SAYABLE
from federation.services.sitting import lasts
from federation.sheets.chart import decides
from federation.sheets.councils import COUNCIL_CHANGED
from federation.words.presets import FEDERATING
from proposals.models import LONGEST_TEXT, Decision, Proposal, ProposalVersion, digest_of_text
from proposals.records.scripts import decided_before
from proposals.rules import Phase, read_rule
from proposals.sheets.table import Proposals

KNOWN = frozenset(
    {"preset", "rule", "deciding", "federation", "level", "units", "persons", "items"}
)
UNIT = frozenset({"delegates", "alternates", "kind", "territorial", "since_days"})
ITEM = frozenset(
    {"id", "kind", "from", "title", "text", "class", "debated", "mandates", "carried_days", "phase"}
)
MANDATE = frozenset({"kind", "position", "text", "conditions", "limits", "amendments"})


@dataclass
class SaidUnit:
    """A unit as a script describes it."""

    delegates: list[str | None]
    alternates: list[str | None] = field(default_factory=list)
    kind: str = "member"
    territorial: bool = True
    since_days: int = 0


@dataclass
class SaidCouncil:
    """A council as a script describes it."""

    preset: str
    rule: dict[str, Any]
    deciding: dict[str, Any]
    federation: str
    level: str
    units: dict[str, SaidUnit]
    persons: list[str]
    items: list[dict[str, Any]]


def known(said: Any, words: frozenset[str], what: str) -> Mapping[str, Any]:
    """Return an object that has no other parts than these; raise ValueError."""
    if not isinstance(said, Mapping):
        raise ValueError(f"{what} is an object")
    if unknown := set(said) - words:
        raise ValueError(f"{what} has an unknown part: {min(unknown)}")
    return said


def read(said: Any, people: set[str], assemblies: set[str]) -> SaidCouncil:
    """Return a council that can be staged; raise ValueError with a sentence."""
    said = known(said, KNOWN, "a council")
    preset = said.get("preset", "two_delegate_confederation")
    if preset not in FEDERATING:
        raise ValueError(f"there is no way of federating {preset!r}")
    given = said.get("units", {})
    if not isinstance(given, Mapping) or len(given) > 1000:
        raise ValueError("units is an object: names of assemblies, with their delegates")
    units = {name: read_unit(name, one, people, assemblies) for name, one in given.items()}
    rule = {**FEDERATING[preset].rule, **known_object(said.get("rule", {}), "rule")}
    rules.read_council_rule(rule)
    deciding = dict(known_object(said.get("deciding", {}), "deciding"))
    read_rule({**house().ways[FEDERATING[preset].process].rule, **deciding})
    persons = said.get("persons", [])
    if not isinstance(persons, list) or not set(map(str, persons)) <= people:
        raise ValueError("persons is a list of ids of people")
    items = said.get("items", [])
    if not isinstance(items, list):
        raise ValueError("items is a list")
    return SaidCouncil(
        preset,
        rule,
        deciding,
        str(said.get("federation", ""))[:120],
        str(said.get("level", ""))[:80],
        units,
        list(map(str, persons)),
        [read_item(one, set(units)) for one in items],
    )


def known_object(said: Any, what: str) -> Mapping[str, Any]:
    """Return an object; raise ValueError."""
    if not isinstance(said, Mapping):
        raise ValueError(f"{what} is an object")
    return said


def read_unit(name: Any, said: Any, people: set[str], assemblies: set[str]) -> SaidUnit:
    """Return a unit: a list of delegates, or an object; raise ValueError."""
    if name not in assemblies:
        raise ValueError(f"no assembly is called {name!r}")
    if isinstance(said, list):
        said = {"delegates": said}
    said = known(said, UNIT, f"unit {name}")
    for part in ("delegates", "alternates"):
        if not isinstance(said.get(part, []), list):
            raise ValueError(f"unit {name}: {part} is a list of ids of people")
    unit = SaidUnit(**{"delegates": [], **said})
    if unit.kind not in ("member", "partner", "observer"):
        raise ValueError(f"unit {name}: kind is member, partner or observer")
    for who in [*unit.delegates, *unit.alternates]:
        if who is not None and who not in people:
            raise ValueError(f"unit {name}: nobody is called {who!r}")
    days = unit.since_days
    if isinstance(days, bool) or not isinstance(days, int) or not 0 <= days < 10_000:
        raise ValueError(f"unit {name}: since_days is a number of days")
    return unit


def read_item(said: Any, units: set[str]) -> dict[str, Any]:
    """Return an item that was carried up before the first step; raise ValueError."""
    said = known(said, ITEM, "an item of a council")
    key = said.get("id")
    if not isinstance(key, str) or not 0 < len(key) <= 40:
        raise ValueError("an item of a council needs an id, of at most 40 characters")
    if said.get("kind", "enact") not in rules.KINDS:
        raise ValueError(f"item {key}: kind is one of {', '.join(rules.KINDS)}")
    origin = said.get("from", min(units, default=""))
    if origin not in units:
        raise ValueError(f"item {key}: “from” is a unit of this council")
    debated = said.get("debated", [])
    debated = sorted(units) if debated == "all" else debated
    if not isinstance(debated, list) or not set(map(str, debated)) <= units:
        raise ValueError(f"item {key}: debated is a list of units, or “all”")
    mandates = known_object(said.get("mandates", {}), f"item {key}: mandates")
    for unit, told in mandates.items():
        if unit not in units:
            raise ValueError(f"item {key}: no unit is called {unit!r}")
        known(told, MANDATE, f"item {key}: the mandate of {unit}")
        if told.get("kind", "imperative") not in Mandate.Kind.values:
            raise ValueError(f"item {key}: a mandate is imperative, bounded or exploratory")
        if told.get("position", "") not in ("", *SAYABLE):
            raise ValueError(f"item {key}: there is no position {told['position']!r}")
    if said.get("phase", "going_round") not in ("going_round", "provisional", "in_force"):
        raise ValueError(f"item {key}: phase is going_round, provisional or in_force")
    days = said.get("carried_days", 0)
    if isinstance(days, bool) or not isinstance(days, int) or not 0 <= days < 10_000:
        raise ValueError(f"item {key}: carried_days is a number of days")
    for name, most in (("title", 200), ("text", LONGEST_TEXT)):
        if not isinstance(said.get(name, ""), str) or len(said.get(name, "")) > most:
            raise ValueError(f"item {key}: {name} is a text of at most {most} characters")
    return {**said, "from": origin, "debated": debated, "mandates": dict(mandates)}


# --- putting it on the stage ----------------------------------------------------------------------


def paper(assembly: Assembly, title: str, text: str, scene: Scene, key: str = "") -> Decision:
    """Return a decision that a base made before the first step."""
    return decided_before(assembly, title=title[:200], text=text, at=scene.now, key=key)


def stage(scene: Scene, assembly: Assembly, said: SaidCouncil) -> Iterable[Person]:
    """Make an assembly a council with its units, delegates and items, each by a base decision."""
    way = FEDERATING[said.preset]
    read_rule = rules.read_council_rule(said.rule)
    council = Council.objects.create(
        assembly=assembly,
        federation=Federation.objects.create(name=said.federation or assembly.name),
        preset=said.preset,
        rule=said.rule,
        level_name=said.level,
        formed_at=scene.now,
    )
    delegates: list[Person] = []
    votes = 0
    for order, (name, unit) in enumerate(said.units.items()):
        base = scene.assemblies[name]
        row = Affiliation.objects.create(
            council=council,
            unit=base,
            kind=unit.kind,
            territorial=unit.territorial,
            decision=paper(base, f"We join {assembly.name}", "", scene),
            # Units that joined in one moment keep the order of the script.
            joined_at=scene.now + timedelta(microseconds=order),
        )
        named = max(len(unit.delegates), len(unit.alternates))
        seats = max(named, rules.seats_of(base.roll or 0, read_rule))
        if unit.kind == "observer":
            seats = 0
        if decides(read_rule, row):
            votes += seats if read_rule.unit_votes == "per_seat" else 1
        for place in range(seats):
            seat = Seat.objects.create(council=council, unit=base, ordinal=place + 1)
            delegates += stage_seat(scene, council, seat, unit, place, read_rule)
    for name in said.persons:
        Affiliation.objects.create(
            council=council, person=scene.people[name], kind="at_large", joined_at=scene.now
        )
    share = f"{read_rule.quorum.numerator}/{read_rule.quorum.denominator}"
    assembly.kind, assembly.preset = Assembly.Kind.COUNCIL, way.process
    assembly.rule = {
        **house().ways[way.process].rule,
        **way.deciding,
        **said.deciding,
        "quorum": {"share": share},
        "by_unit": True,
    }
    assembly.admission, assembly.roll = Assembly.Admission.COUNTED_IN, votes
    assembly.save()
    for one in said.items:
        stage_item(scene, council, one, read_rule)
    for name in (*said.units, *(one for one, body in scene.assemblies.items() if body is assembly)):
        with record(scene.meetings[name], now=scene.now) as page:
            # What was read when this meeting was made knew of no council.
            page.note(COUNCIL_CHANGED)
            page.meeting.assembly = Assembly.objects.get(pk=page.meeting.assembly_id)
            page.sheets.clear()
    return [*delegates, *(scene.people[name] for name in said.persons)]


def stage_seat(
    scene: Scene, council: Council, seat: Seat, unit: SaidUnit, place: int, rule: rules.CouncilRule
) -> Iterable[Person]:
    """Give a seat to whom the script names; return the delegate, who is in the room."""
    since = scene.now - timedelta(days=unit.since_days)
    for standing, names in (("alternate", unit.alternates), ("delegate", unit.delegates)):
        name = names[place] if place < len(names) else None
        if name is None:
            continue
        person = scene.people[name]
        below = SeatTerm.objects.filter(
            person=person, standing="delegate", ended_at=None, seat__council__assembly=seat.unit
        ).first()
        SeatTerm.objects.create(
            seat=seat,
            person=person,
            standing=standing,
            comes_from=below.seat.unit if below is not None else None,
            since=since,
            **lasts(rule, since),
            decision=paper(seat.unit, f"We send {person.name}", "", scene),
        )
        if standing == "delegate":
            Membership.objects.update_or_create(
                assembly=council.assembly, person=person, defaults={"left_at": None}
            )
            yield person


def stage_item(
    scene: Scene, council: Council, said: Mapping[str, Any], rule: rules.CouncilRule
) -> None:
    """Write an item that a unit carried up, with who has debated it and what was told."""
    origin, kind = scene.assemblies[said["from"]], said.get("kind", "enact")
    title = said.get("title") or said["id"]
    text = said.get("text") or title
    decision = paper(origin, title, text, scene)
    at = scene.now - timedelta(days=said.get("carried_days", 0))
    proposal = None
    if kind in rules.TESTED:
        proposal = Proposal.objects.create(
            assembly=council.assembly,
            key=said["id"],
            by=origin.key,
            title=title,
            phase=Phase.SUBMITTED
            if said.get("phase", "going_round") == "going_round"
            else Phase.ADOPTED,
            decision_class=said.get("class", "ordinary"),
            created_at=scene.now,
        )
        ProposalVersion.objects.create(
            proposal=proposal, n=1, text=text, digest=digest_of_text(text), at=scene.now
        )
    item = CouncilItem.objects.create(
        council=council,
        key=said["id"],
        kind=kind,
        title=title,
        text=text,
        proposal=proposal,
        origin=origin,
        decision=decision,
        adopted={"how": decision.how, "number": decision.number, "roll": origin.roll},
        class_of_item=said.get("class", "ordinary"),
        phase=said.get("phase", "going_round"),
        carried_at=at,
        notice_until=at + timedelta(days=rule.notice_days),
    )
    if item.phase in ("provisional", "in_force"):
        item.outcome = paper(council.assembly, title, text, scene, key=said["id"])
        item.agreed_at = scene.now
        if item.phase == "provisional":
            item.answer_until = scene.now + timedelta(days=rule.ratify_days)
        item.save()
    for name in {*said["debated"], *said["mandates"]}:
        Debate.objects.create(item=item, unit=scene.assemblies[name], debated_at=scene.now)
    for name, told in said["mandates"].items():
        base = scene.assemblies[name]
        Mandate.objects.create(
            council=council,
            unit=base,
            item=item,
            kind=told.get("kind", "imperative"),
            position=told.get("position", ""),
            text=told.get("text", ""),
            conditions=list(told.get("conditions", [])),
            limits=list(told.get("limits", [])),
            amendments=[{"text": one} for one in told.get("amendments", [])],
            decision=paper(base, f"Mandate: {title}", told.get("text", ""), scene),
            given_at=scene.now,
        )


# --- an item of the agenda about something carried up ---------------------------------------------


def read_carried(said: Any, names: set[str]) -> str:
    """Return the key of a council item; raise ValueError."""
    if not isinstance(said, str) or not said:
        raise ValueError("it names an item of the council")
    return said


def stage_carried(page: Page, item: AgendaItem, key: str) -> None:
    """Put what was carried up on an item of the council's agenda."""
    sheet = page.sheet(Proposals)
    row = Proposal.objects.filter(assembly=page.meeting.assembly_id, key=key).first()
    if row is None:
        return
    row.item = item
    page.put(row)
    sheet.proposals[row.key] = row
    sheet.versions[row.pk] = list(row.versions.order_by("n"))


def sent_here(meeting: Meeting) -> Iterable[Person]:
    """Return who belongs in a meeting of a council that was founded in the course of a script."""
    return Person.objects.filter(
        terms__seat__council__assembly=meeting.assembly,
        terms__standing="delegate",
        terms__ended_at=None,
    ).distinct()
