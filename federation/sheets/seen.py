"""One council as a meeting sees it: its units and seats, what goes round, what the units said."""

from collections import defaultdict
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db.models import JSONField, Q

from assemblies.models import Assembly, Meeting, Person
from federation import rules
from federation.models import (
    Affiliation,
    Application,
    Council,
    CouncilItem,
    Debate,
    Mandate,
    OptOut,
    Ratification,
    Seat,
    SeatTerm,
)
from federation.sheets.chart import applications_to, decides, deciding_kinds, joined
from proposals.models import Proposal

# How many items that are over a meeting still shows.
LAST_SHOWN = 12


RULES_OF_UNITS = [
    f"unit__{field.name}" for field in Assembly._meta.fields if isinstance(field, JSONField)
]


class Seen:
    """A council as one meeting sees it: all of it, or what concerns one unit."""

    def __init__(self, council: Council, *, unit: Assembly | None, meeting: Meeting) -> None:
        self.council = council
        self.rule = rules.read_council_rule(council.rule)
        self.key = council.assembly.key
        # Of hundreds of units nobody here asks for the rules by which they decide.
        rows = joined(council=council).select_related("unit", "person").defer(*RULES_OF_UNITS)
        self.units: dict[UUID, Affiliation] = {
            row.unit_id: row for row in rows if row.unit_id is not None
        }
        self.by_key = {row.unit.key: row for row in self.units.values() if row.unit is not None}
        self._load_seats(unit)
        self._load_items(meeting)
        self._load_answers(unit)

    def _load_seats(self, unit: Assembly | None) -> None:
        """Load the seats of all units or of one, and who holds them."""
        council = self.council
        ours = {"unit": unit} if unit is not None else {}
        self.seats: dict[UUID, list[Seat]] = defaultdict(list)
        by_pk: dict[UUID, Seat] = {}
        for seat in Seat.objects.filter(council=council, **ours).order_by("ordinal"):
            self.seats[seat.unit_id].append(seat)
            by_pk[seat.pk] = seat
        self.terms: dict[tuple[UUID, str], SeatTerm] = {}
        holding = SeatTerm.objects.filter(ended_at=None, seat__council=council)
        if unit is not None:
            holding = holding.filter(seat__unit=unit)
        for term in holding.select_related("person").order_by("since"):
            term.seat = by_pk[term.seat_id]
            self.terms[term.seat_id, term.standing] = term
        # How the last time in each empty seat ended.
        self.last_ends: dict[UUID, str] = {}
        ended = SeatTerm.objects.filter(seat__council=council, ended_at__isnull=False)
        before = ended.filter(standing="delegate", **({"seat__unit": unit} if unit else {}))
        for seat_pk, end in before.order_by("ended_at").values_list("seat", "end"):
            self.last_ends[seat_pk] = end

    def _load_items(self, meeting: Meeting) -> None:
        """Load the items that are not over, those of this meeting, and what was over last."""
        over = CouncilItem.objects.filter(council=self.council, phase__in=rules.OVER)
        last = over.order_by("-carried_at", "-id").values_list("pk", flat=True)[:LAST_SHOWN]
        here = Q(proposal__item__meeting=meeting) | Q(pk__in=list(last))
        rows = CouncilItem.objects.filter(~Q(phase__in=rules.OVER) | here, council=self.council)
        rows = rows.select_related("proposal").order_by("carried_at", "id")
        self.items = {row.key: row for row in rows}

    def _load_answers(self, unit: Assembly | None) -> None:
        """Load mandates, and what units did about the items as they are worded now."""
        ours = {"unit": unit} if unit is not None else {}
        mandates = Mandate.objects.filter(council=self.council, ended_at=None, **ours)
        self.mandates: dict[tuple[UUID, UUID | None], Mandate] = {
            (row.unit_id, row.item_id): row for row in mandates
        }
        version = {row.pk: row.version for row in self.items.values()}
        self.debates: dict[UUID, dict[UUID, Debate]] = defaultdict(dict)
        for row in Debate.objects.filter(item__in=version) if version else ():
            if row.version == version[row.item_id]:
                self.debates[row.item_id][row.unit_id] = row
        self.answers: dict[UUID, dict[UUID, Ratification]] = defaultdict(dict)
        for given in Ratification.objects.filter(item__in=version) if version else ():
            if given.version == version[given.item_id]:
                self.answers[given.item_id][given.unit_id] = given
        # Who does not carry out what is in force.
        self.opted_out: dict[UUID, set[UUID]] = defaultdict(set)
        in_force = [row.pk for row in self.items.values() if row.phase == rules.ItemPhase.IN_FORCE]
        if in_force:
            out = OptOut.objects.filter(item__in=in_force).values_list("item_id", "unit_id")
            for item_pk, unit_pk in out:
                self.opted_out[item_pk].add(unit_pk)

    @cached_property
    def bodies(self) -> dict[UUID, Assembly]:
        """The units themselves, in the order in which they joined."""
        return {pk: row.unit for pk, row in self.units.items() if row.unit is not None}

    @cached_property
    def applied(self) -> list[Application]:
        """Return the assemblies that wait to be admitted, where the council decides on that."""
        return applications_to(self.council, self.rule)

    def members(self) -> list[Affiliation]:
        """Return the units that decide, in the order in which they joined."""
        kinds = deciding_kinds(self.rule)
        return [row for row in self.units.values() if row.kind in kinds]

    def unit(self, key: str) -> Affiliation | None:
        """Return the unit with the key of its assembly."""
        return self.by_key.get(key)

    def delegates(self, unit: UUID) -> list[SeatTerm]:
        """Return who sits for a unit, in the order of its seats."""
        found = (self.terms.get((seat.pk, "delegate")) for seat in self.seats[unit])
        return [term for term in found if term is not None]

    def alternates(self, unit: UUID) -> list[SeatTerm]:
        """Return who was chosen to step in for a unit."""
        found = (self.terms.get((seat.pk, "alternate")) for seat in self.seats[unit])
        return [term for term in found if term is not None]

    @cached_property
    def chosen(self) -> list[SeatTerm]:
        """Return all who were chosen to step in, for whichever unit."""
        return [term for (_seat, as_), term in self.terms.items() if as_ == "alternate"]

    @cached_property
    def seated(self) -> list[tuple[Seat, SeatTerm | None, SeatTerm | None]]:
        """Every seat of the units, with who holds it and who would step in."""
        return [
            (seat, self.terms.get((seat.pk, "delegate")), self.terms.get((seat.pk, "alternate")))
            for unit in self.bodies
            for seat in self.seats[unit]
        ]

    def term_of(self, person: Person | UUID | None) -> SeatTerm | None:
        """Return the seat that somebody holds."""
        pk = person.pk if isinstance(person, Person) else person
        held = (term for term in self.terms.values() if term.standing == "delegate")
        return next((term for term in held if pk is not None and term.person_id == pk), None)

    @cached_property
    def met(self) -> list[tuple[datetime, datetime]]:
        """Return when the council's meetings that are over began and ended, in order."""
        return met_of(self.council)

    def end_of(self, term: SeatTerm) -> datetime | None:
        """Return when a term ends, or ended; None while its meetings are still to come."""
        return end_of(term, self.met) if term.meetings is not None else term.until

    def over(self, term: SeatTerm, now: datetime) -> bool:
        """Say whether the time of a term is over, also where nobody has written it down."""
        end = self.end_of(term)
        return end is not None and end <= now

    def meetings_left(self, term: SeatTerm) -> int | None:
        """Return for how many meetings a term goes on; None where it goes on until a day."""
        return meetings_left(term, self.met) if term.meetings is not None else None

    def voice(self, term: SeatTerm) -> str:
        """Return under which voice a delegate is counted; "" where they are counted apart."""
        return voice_of(self.rule, self.units.get(term.seat.unit_id), term.seat.ordinal)

    def mandate(self, unit: UUID, item: CouncilItem) -> Mandate | None:
        """Return what a unit told its delegates on an item: about it, else about whatever comes."""
        return self.mandates.get((unit, item.pk)) or self.mandates.get((unit, None))

    def not_debated(self, item: CouncilItem) -> list[Affiliation]:
        """Return the units that have not had an item on an agenda of their own."""
        had = self.debates[item.pk]
        return [
            row
            for row in self.members()
            if row.unit_id not in had or had[row.unit_id].debated_at is None
        ]

    def item_of(self, proposal: Proposal | None) -> CouncilItem | None:
        """Return the council item that a proposal is about."""
        if proposal is None:
            return None
        return next((row for row in self.items.values() if row.proposal_id == proposal.pk), None)


def met_of(council: Council) -> list[tuple[datetime, datetime]]:
    """Return when the meetings of a council that are over began and ended, in order."""
    over = Meeting.objects.filter(assembly=council.assembly_id, phase="ended")
    times = over.order_by("ended_at").values_list("started_at", "ended_at")
    return [(began, ended) for began, ended in times if began is not None and ended is not None]


def end_of(term: SeatTerm, met: list[tuple[datetime, datetime]]) -> datetime | None:
    """Return when a term ends, or ended: its day, or the end of the last of its meetings.

    None while these are still to come. A meeting that was under way when it began is one of them.
    """
    if term.meetings is None:
        return term.until
    ends = [ended for _began, ended in met if ended > term.since]
    return ends[term.meetings - 1] if len(ends) >= term.meetings else None


def meetings_left(term: SeatTerm, met: list[tuple[datetime, datetime]]) -> int:
    """Return for how many meetings a term by meetings goes on."""
    return max(0, (term.meetings or 0) - sum(ended > term.since for _began, ended in met))


def voice_of(rule: rules.CouncilRule, row: Affiliation | None, ordinal: int) -> str:
    """Return under which voice who sits for a unit is counted; "" where they are counted apart."""
    if row is None or row.unit is None or not decides(rule, row):
        return ""
    return f"{row.unit.key}.{ordinal}" if rule.unit_votes == "per_seat" else row.unit.key


def unit_of(voice: str) -> str:
    """Return the unit that a voice speaks for: "d4" of "d4", and of "d4.2" where seats count."""
    return voice.partition(".")[0]
