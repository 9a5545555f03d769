"""What acts of a base about its councils have in common: the council meant, and the decision.

A base acts on what is above it by its own decisions. So every such act names one, or takes the one
that was just made; without any it is refused (`no_decision`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from assemblies.acts.arguments import Reader
from assemblies.door.book import record_body
from assemblies.door.journal import after_commit, record
from assemblies.door.kinds import Silent, card
from assemblies.door.page import Page
from assemblies.models import Assembly, Entry, Meeting, Participant, Person
from assemblies.rules.errors import Refused
from federation.models import Council, CouncilItem, Notice
from federation.sheets.chart import joined
from federation.sheets.councils import COUNCIL_CHANGED, Councils, forget, tell_meetings
from federation.sheets.seen import Seen
from proposals.models import Decision


@dataclass(frozen=True, slots=True)
class CouncilAbove(Reader):
    """A council that this assembly belongs to, by the key of its assembly; or the only one."""

    def read(self, page: Page, by: Participant, value: Any) -> Seen:
        found = page.sheet(Councils).council(value) if isinstance(value, str) else None
        if found is None:
            raise Refused("unknown", _("This assembly belongs to no such council."))
        return found


@dataclass(frozen=True, slots=True)
class AnyCouncil(Reader):
    """A council, by the key of its assembly: who knows the key may name it."""

    def read(self, page: Page, by: Participant, value: Any) -> Council:
        found = None
        if isinstance(value, str):
            found = (
                Council.objects.filter(assembly__key=value[:16])
                .select_related("assembly", "federation")
                .first()
            )
        practice = page.meeting.assembly.practice
        if found is None or found.assembly.practice != practice:
            raise Refused("unknown", _("There is no such council."))
        return found


@dataclass(frozen=True, slots=True)
class AnyUnits(Reader):
    """Assemblies by key, at most 50; who knows a key may name it."""

    def read(self, page: Page, by: Participant, value: Any) -> list[Assembly]:
        keys = [value] if isinstance(value, str) else value
        if not isinstance(keys, list) or len(keys) > 50:
            raise Refused("unknown", _("Name at most 50 assemblies by their keys."))
        named = [str(key)[:16] for key in keys]
        practice = page.meeting.assembly.practice
        rows = list(Assembly.objects.filter(key__in=named, practice=practice))
        if len(rows) < len(set(named)):
            raise Refused("unknown", _("There is no assembly of one of these keys."))
        return rows


@dataclass(frozen=True, slots=True)
class Basis(Reader):
    """A decision of this assembly, by key or number: "d1", 12 or "D-12"."""

    def read(self, page: Page, by: Participant, value: Any) -> Decision:
        named = Q(key=str(value)[:40])
        number = str(value).removeprefix("D-")
        if number.isascii() and number.isdigit() and len(number) < 9:
            named |= Q(number=int(number))
        made = Decision.objects.filter(named, assembly=page.meeting.assembly_id)
        found = made.order_by("-decided_at").first()
        if found is None:
            raise Refused("no_decision", _("This assembly has made no such decision."))
        return found


@dataclass(frozen=True, slots=True)
class Going(Reader):
    """An item of a council above, by key; its council need not be named."""

    def read(self, page: Page, by: Participant, value: Any) -> CouncilItem:
        sheet = page.sheet(Councils)
        seen = [*sheet.above, *([sheet.own] if sheet.own else [])]
        for one in seen if isinstance(value, str) else ():
            if value in one.items:
                return one.items[value]
        found = CouncilItem.objects.filter(
            council__in=[one.council for one in seen], key=str(value)[:40]
        ).select_related("council__assembly", "proposal")
        if (item := found.first()) is None:
            raise Refused("unknown", _("No council here has such an item."))
        return item


def the_council(page: Page, seen: Seen | None) -> Seen:
    """Return the council meant: the named one, or the only one above."""
    above = page.sheet(Councils).above
    if seen is not None:
        return seen
    if len(above) == 1:
        return above[0]
    if not above:
        raise Refused("unknown", _("This assembly belongs to no council."))
    raise Refused("unknown", _("This assembly belongs to several councils: say which."))


def council_of(page: Page, item: CouncilItem) -> Seen:
    """Return the council above that an item is before."""
    above = page.sheet(Councils).above
    found = next((seen for seen in above if seen.council.pk == item.council_id), None)
    if found is None:
        raise Refused("unknown", _("This assembly belongs to no such council."))
    return found


@dataclass
class Base:
    """A base that acts: which assembly, who for it, when, by which decision, on which page."""

    assembly: Assembly
    by: Person | None
    now: datetime
    decision: Decision | None
    page: Page | None = None

    def note(self, kind: str, /, **facts: Any) -> Entry:
        """Write into the record of the base: of its meeting, or its own."""
        if self.decision is not None:
            facts["decision"] = self.decision.number
        if self.page is not None:
            entry = self.page.note(kind, **facts)
            forget(self.page)
            return entry
        with record_body(self.assembly, by=self.by, now=self.now) as book:
            return book.note(kind, **facts)


def acting(page: Page, decision: Decision | None) -> Base:
    """Return the base that acts in its meeting, by a decision of its own.

    Left out it is the one made last in this meeting. Raises Refused: `no_decision`.
    """
    by = page.actor.person if page.actor is not None and page.actor.person_id else None
    if decision is None:
        here = Decision.objects.filter(meeting=page.meeting)
        decision = here.order_by("-decided_at", "-number").first()
    return Base(page.meeting.assembly, by, page.now, settled(decision), page)


def settled(decision: Decision | None) -> Decision:
    """Return a decision on which something can rest: made, and not waiting to be confirmed."""
    if decision is None:
        raise Refused(
            "no_decision", _("The assembly decides this first; name the decision it rests on.")
        )
    if decision.provisional:
        raise Refused(
            "no_decision", _("This decision on paper waits for two others to confirm it.")
        )
    return decision


def doors_above(meeting: Meeting, args: Mapping[str, Any]) -> list[Any]:
    """Return the journals that an act of a base may write in: of councils, and where they meet."""
    named = [args[name] for name in ("council", "to_council") if isinstance(args.get(name), str)]
    councils = Council.objects.filter(
        Q(assembly__key__in=[name[:16] for name in named])
        | Q(pk__in=joined(unit=meeting.assembly_id).order_by().values("council"))
    )
    bodies = dict(councils.values_list("assembly_id", "assembly__journal_id"))
    sitting = Meeting.objects.filter(assembly__in=bodies).exclude(phase="ended")
    return [*bodies.values(), *sitting.values_list("journal_id", flat=True)]


def tell_council(
    council: Council, base: Base, what: str, /, live: str = COUNCIL_CHANGED, **facts: Any
) -> None:
    """Write into the record of a council, and into its open meetings, what a unit did."""
    facts = {"unit": base.assembly.key, **facts}
    with record_body(council.assembly, by=base.by, now=base.now) as book:
        book.note(what, **facts)
    tell_meetings(council.assembly, live, base.now, **facts)


def notify(
    council: Council,
    units: list[Assembly],
    what: str,
    now: datetime,
    *,
    item: CouncilItem | None = None,
    **facts: Any,
) -> None:
    """Give units a notice; where a unit is meeting now, its screens show it at once."""
    Notice.objects.bulk_create(
        Notice(unit=unit, council=council, item=item, kind=what, facts=facts, at=now)
        for unit in units
    )
    sitting = Meeting.objects.filter(assembly__in=units).exclude(phase__in=["planned", "ended"])
    for meeting in sitting.select_related("assembly"):
        after_commit(partial(nudge, meeting, now, what))


def nudge(meeting: Meeting, now: datetime, what: str) -> None:
    """Have an open meeting look again at the notices to its assembly."""
    with record(meeting, now=now) as page:
        page.note(TOLD, notice=what)
        forget(page)


# --- the cards of the entries written here ---

TOLD = card(
    "federation.told",
    "council",
    minutes=Silent("A council's delegates are told; what is told stands in the other journal."),
)
