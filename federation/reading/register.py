"""What is kept of councils, as pages tell it: seats, items, what units said; nobody's side."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.models import Assembly, Meeting, Membership, Person
from assemblies.sheets import votes_held
from federation import rules
from federation.models import (
    Affiliation,
    Application,
    Council,
    CouncilItem,
    Mandate,
    Notice,
    Ratification,
    ReportBack,
    Seat,
    SeatTerm,
    UnitPosition,
)
from federation.reading import overview
from federation.reading.overview import Belonging, Chart, Ground, Progress, RollUp, rolled_up
from federation.services.travel import phase_now
from federation.sheets.chart import ENDED, end_of, meetings_left, met_of
from federation.words.vocabulary import Words, adopted_words, bound_words, said_labels
from proposals.models import Decision
from proposals.rules import degree_said
from proposals.words.amounts import degree_sentence, positions_sentence, votes_sentence

SHOWN = 10


def rule_of(council: Council) -> rules.CouncilRule:
    """Return the rule of a council; what cannot be read has the usual parameters."""
    try:
        return rules.read_council_rule(council.rule)
    except ValueError:
        return rules.CouncilRule()


def kind_label(kind: str) -> str:
    """Return what the belonging of a unit is called."""
    kinds = {str(code): str(label) for code, label in Affiliation.Kind.choices}
    return kinds.get(kind, kind)


def applied_to(council: Council, rule: rules.CouncilRule) -> list[Application]:
    """Return the assemblies that wait to be admitted, where the council decides on that."""
    if rule.admission != "by_council":
        return []
    waiting = Application.objects.filter(council=council, closed_at=None)
    return list(waiting.select_related("unit"))


# --- seats ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Place:
    """A seat and who holds it: seated, with a term that has ended, or vacant."""

    ordinal: int
    delegate: SeatTerm | None = None
    alternate: SeatTerm | None = None
    ended: bool = False
    # When the delegate's term ends or ended; none while it goes on for meetings, `left` of them.
    end: datetime | None = None
    left: int | None = None
    vacant_since: datetime | None = None


def places_of(council: Council, units: Iterable[Any]) -> dict[Any, list[Place]]:
    """Return the seats of some units of a council by the id of the unit, in three queries."""
    now, found = timezone.now(), defaultdict(list)
    by_seat: dict[Any, Place] = {}
    for seat in Seat.objects.filter(council=council, unit__in=units).order_by("ordinal"):
        by_seat[seat.pk] = Place(seat.ordinal)
        found[seat.unit_id].append(by_seat[seat.pk])
    holding = SeatTerm.objects.filter(seat__in=by_seat, ended_at=None)
    met = met_where_counted(council, holding)
    for term in holding.select_related("person", "comes_from"):
        place = by_seat[term.seat_id]
        if term.standing == "alternate":
            place.alternate = term
        else:
            place.delegate, place.end = term, end_of(term, met)
            place.ended = place.end is not None and place.end <= now
            place.left = meetings_left(term, met) if term.meetings is not None else None
    empty = [pk for pk, place in by_seat.items() if place.delegate is None]
    if empty:
        over = SeatTerm.objects.filter(seat__in=empty, standing="delegate")
        for pk, at in over.order_by("ended_at").values_list("seat", "ended_at"):
            by_seat[pk].vacant_since = at
    return found


def met_where_counted(
    council: Council, terms: QuerySet[SeatTerm]
) -> list[tuple[datetime, datetime]]:
    """Return the meetings of a council that are over, where terms are counted by them."""
    return met_of(council) if terms.filter(meetings__isnull=False).exists() else []


@dataclass(frozen=True, slots=True)
class Seating:
    """How many seats there are, and how they stand."""

    seats: int
    seated: int
    ended: int

    @property
    def vacant(self) -> int:
        """How many are empty."""
        return self.seats - self.seated - self.ended


def seating(council: Council) -> Seating:
    """Return how the seats of a council stand."""
    joined = Affiliation.objects.filter(council=council, left_at=None, unit__isnull=False)
    seats = Seat.objects.filter(council=council, unit__in=joined.values("unit"))
    holding = SeatTerm.objects.filter(seat__in=seats, ended_at=None, standing="delegate")
    over = holding.filter(until__lte=timezone.now()).count()
    met = met_where_counted(council, holding)
    over += sum(1 for term in holding.filter(until=None) if end_of(term, met) is not None)
    return Seating(seats.count(), holding.count() - over, over)


def delegates_by_council(chart: Chart) -> dict[str, int]:
    """Return how many delegates sit in each council, in one query."""
    by_pk = {one.pk: key for key, one in chart.councils.items()}
    rows = SeatTerm.objects.filter(
        ended_at=None, standing="delegate", seat__council__federation__in=chart.federations
    ).values_list("seat__council")
    return {by_pk[pk]: n for pk, n in rows.annotate(n=Count("pk")) if pk in by_pk}


# --- items ----------------------------------------------------------------------------------------


def items_of(council: Council) -> QuerySet[CouncilItem]:
    """Return the items of a council with what their rows show."""
    return CouncilItem.objects.filter(council=council).select_related(
        "origin", "decision", "outcome", "council__assembly"
    )


def going(council: Council) -> list[CouncilItem]:
    """Return what is going round or before a council, the oldest first."""
    rows = items_of(council).exclude(phase__in=ENDED).order_by("carried_at", "id")
    return [as_it_stands(row) for row in rows]


def settled(council: Council) -> list[CouncilItem]:
    """Return what was over last, the newest first."""
    rows = items_of(council).filter(phase__in=ENDED)
    return list(rows.order_by("-agreed_at", "-carried_at", "-id")[:SHOWN])


def as_it_stands(row: CouncilItem) -> CouncilItem:
    """Return an item in its phase by the clock, also where nobody has met to write it down."""
    row.phase = phase_now(row, timezone.now())
    return row


@dataclass(slots=True)
class Told:
    """An item as a list tells it."""

    item: CouncilItem
    progress: Progress
    numbers: RollUp
    sentences: list[str] = field(default_factory=list)


def told_of(progress: Progress, chart: Chart, rule: rules.CouncilRule, words: Words) -> Told:
    """Return an item with its roll-up in numbers and in words."""
    numbers = rolled_up(progress, chart, rule)
    return Told(progress.item, progress, numbers, standing(progress.item, numbers, rule, words))


def standing(
    item: CouncilItem, numbers: RollUp, rule: rules.CouncilRule, words: Words
) -> list[str]:
    """Return in sentences how far an item has come."""
    units = words.many_units(numbers.units)
    said = []
    if item.phase in ("going_round", "open", "returned"):
        told = _("%(n)s of %(units)s have debated it, %(mandates)s have given a mandate.")
        said.append(told % {"n": numbers.debated, "units": units, "mandates": numbers.mandated})
    if item.phase != "going_round" and numbers.silent < numbers.units:
        said.append(answers_sentence(numbers))
    if item.phase in ("provisional", "in_force", "lapsed") and rule.ratification != "none":
        said.append(ratified_sentence(numbers, rule, words))
    if item.phase == "in_force" and numbers.opted_out:
        told = ngettext(
            "%(carrying)s carry it out, %(n)s opted out.",
            "%(carrying)s carry it out, %(n)s opted out.",
            numbers.opted_out,
        )
        carrying = numbers.units - numbers.opted_out
        said.append(told % {"carrying": carrying, "n": numbers.opted_out})
    return [one for one in said if one]


def answers_sentence(numbers: RollUp) -> str:
    """Return how the units answered, in words."""

    def many(n: int, one: str, more: str) -> str:
        return (one if n == 1 else more) % {"n": n} if n else ""

    parts = [
        many(numbers.accepting, _("%(n)s accepts"), _("%(n)s accept")),
        many(
            numbers.returning,
            _("%(n)s returns it with a change"),
            _("%(n)s return it with a change"),
        ),
        many(numbers.rejecting, _("%(n)s rejects it"), _("%(n)s reject it")),
        many(numbers.not_affected, _("%(n)s is not affected"), _("%(n)s are not affected")),
        many(numbers.silent, _("%(n)s has not answered"), _("%(n)s have not answered")),
    ]
    return ", ".join(filter(None, parts)) + "."


def ratified_sentence(numbers: RollUp, rule: rules.CouncilRule, words: Words) -> str:
    """Return what the accepting units are and hold, beside what is needed."""
    if rule.ratification == "all_units":
        told = _("%(n)s of %(units)s accept; all are needed.")
        return told % {"n": numbers.accepting, "units": words.many_units(numbers.units)}
    if rule.ratification != "double_majority":
        return ""
    told = _(
        "%(n)s of %(units)s accept (%(needed)s needed); they have %(members)s of %(all)s members"
        " (%(more)s needed)."
    )
    return told % {
        "n": numbers.accepting,
        "units": words.many_units(numbers.units),
        "needed": numbers.units_needed,
        "members": numbers.members_accepting,
        "all": numbers.members,
        "more": numbers.members_needed,
    }


def local_sentence(numbers: RollUp) -> str:
    """Return the sums of the units' own tests, which are never added as votes."""
    if not numbers.local_decisions:
        return ""
    said = []
    if numbers.local_positions:
        said.append(positions_sentence(numbers.local_positions))
    if numbers.local_votes:
        said.append(votes_sentence(numbers.local_votes))
    if numbers.local_present:
        here = ngettext(
            "%(n)s person was there.", "%(n)s people were there.", numbers.local_present
        )
        said.append(here % {"n": numbers.local_present})
    told = ngettext(
        "In the last decision of %(n)s unit:",
        "In the last decisions of %(n)s units, together:",
        numbers.local_decisions,
    )
    return " ".join([told % {"n": numbers.local_decisions}, *said]) if said else ""


# --- what units said, round by round --------------------------------------------------------------


@dataclass(slots=True)
class Round:
    """A closed test, or the override question, in numbers of units."""

    question: str
    number: int
    version: int
    counts: Counter[str] = field(default_factory=Counter)
    # The same in votes, where units had several by the rule frozen with that meeting.
    votes: Counter[str] | None = None
    outside: int = 0

    @property
    def override(self) -> bool:
        """Whether the units were asked if they override the objections that remain."""
        return self.question == "override"

    @property
    def sentence(self) -> str:
        """Return the counts in words, with the degree of agreement."""
        counts = self.counts if self.votes is None else self.votes
        weight = weight_sentence(self.counts, self.votes) if self.votes is not None else ""
        if self.override:
            return f"{votes_sentence(counts, override=True)} {weight}".strip()
        said = positions_sentence(counts)
        if n := self.counts["split"]:
            split = ngettext("%(n)s is split.", "%(n)s are split.", n)
            said = f"{said} {split % {'n': n}}" if n < self.counts.total() else split % {"n": n}
        said = f"{said} {weight}".strip()
        return f"{said} {degree_sentence(degree_said(counts))}".strip()


def weight_sentence(units: Counter[str], votes: Counter[str]) -> str:
    """Return that numbers are votes, and of how many units."""
    n, of = votes.total() - votes["split"], units.total() - units["split"]
    told = ngettext(
        "Counted in votes: %(votes)s of %(n)s unit.",
        "Counted in votes: %(votes)s of %(n)s units.",
        of,
    )
    return told % {"votes": n, "n": of}


def rounds_of(item: CouncilItem) -> list[Round]:
    """Return every round of positions on an item, the oldest first."""
    said = UnitPosition.objects.filter(item=item)
    met = Meeting.objects.filter(pk__in=said.values("meeting"))
    held = {meeting.pk: votes for meeting in met if (votes := votes_held(meeting))}
    rows = (
        said.order_by()
        .values_list("question", "round", "version", "position", "outside_mandate")
        .annotate(n=Count("pk"))
    )
    found: dict[tuple[str, int], Round] = {}
    for question, number, version, position, outside, n in rows:
        one = found.setdefault((question, number), Round(question, number, version))
        one.counts[position] += n
        one.outside += n if outside else 0
    weighed = said.filter(meeting__in=held).order_by() if held else said.none()
    for question, number, position, meeting, unit in weighed.values_list(
        "question", "round", "position", "meeting", "unit__key"
    ):
        one = found[question, number]
        one.votes = Counter() if one.votes is None else one.votes
        one.votes[position] += held[meeting].get(unit, 1)
    return [found[key] for key in sorted(found, key=lambda key: (key[0] != "test", key[1]))]


@dataclass(slots=True)
class Said:
    """What a unit said in one round, and who entered it."""

    question: str
    round: int
    version: int
    label: str
    who: list[str]
    outside: bool
    at: datetime
    meeting: Any = None
    mandated: bool = False


def said_of(row: UnitPosition) -> Said:
    """Return a position in words; where the delegates differ, who said what."""
    labels = said_labels()
    names = [(str(one[1]), str(one[2])) for one in row.entered if len(one) > 2]
    alike = len({position for _name, position in names}) < 2
    return Said(
        row.question,
        row.round,
        row.version,
        labels.get(row.position, row.position),
        [name if alike else f"{name}: {labels.get(said, said)}" for name, said in names],
        row.outside_mandate,
        row.at,
        row.meeting,
        row.mandate_id is not None,
    )


@dataclass(slots=True)
class UnitState:
    """Where one unit stands on an item."""

    key: str
    name: str
    kind: str
    kind_label: str
    own: bool
    debated_at: datetime | None
    on_agenda: bool
    mandate: overview.Instruction | None
    mandate_label: str
    answer: overview.Answered | None
    opt_out: Any
    said: list[Said] = field(default_factory=list)


def states_of(
    progress: Progress, chart: Chart, belonging: Sequence[Belonging], own: Iterable[str]
) -> list[UnitState]:
    """Return where some units stand on an item, in two queries for all of them."""
    labels, mine = said_labels(), set(own)
    pks = {chart.bodies[one.unit].pk: one.unit for one in belonging}
    said: dict[str, list[Said]] = defaultdict(list)
    rows = UnitPosition.objects.filter(item=progress.item, unit__in=pks)
    for row in rows.select_related("meeting").order_by("at", "round"):
        if row.unit_id is not None:
            said[pks[row.unit_id]].append(said_of(row))
    found = []
    for one in belonging:
        mandate = progress.mandates.get(one.unit)
        found.append(
            UnitState(
                one.unit,
                chart.bodies[one.unit].name,
                one.kind,
                kind_label(one.kind),
                one.unit in mine,
                progress.debates.get(one.unit),
                one.unit in progress.debates,
                mandate,
                labels.get(mandate.position, "")
                if mandate is not None and mandate.position
                else "",
                progress.answers.get(one.unit),
                progress.opt_outs.get(one.unit),
                said[one.unit],
            )
        )
    return found


# --- what it rests on -----------------------------------------------------------------------------


@dataclass(slots=True)
class Resting:
    """A decision below, with all that it does for what is above."""

    level: int
    level_name: str
    name: str
    key: str
    number: int
    decision: Decision
    parts: list[str] = field(default_factory=list)

    @property
    def adopted(self) -> str:
        """Return how it was made, and its numbers."""
        return adopted_words(self.decision)


def part_words(ground: Ground, labels: Mapping[str, str]) -> str:
    """Return what a decision below does for what is above; `labels`: what units can say."""
    if ground.part == "carried":
        return _("carried it up")
    if ground.part == "support":
        return _("carried it up too")
    if ground.part == "mandate":
        return _("mandate: %(said)s") % {"said": labels.get(ground.said, ground.said)}
    answers: dict[str, str] = {code: str(word) for code, word in Ratification.Answer.choices}
    return _("answer: %(said)s") % {"said": answers.get(ground.said, ground.said)}


def resting(levels: list[list[Ground]], chart: Chart, words: Words) -> list[Resting]:
    """Return every decision that something rests on, each once, from above down to the bases."""
    found: dict[Any, Resting] = {}
    labels = said_labels()
    for grounds in levels:
        for one in grounds:
            body = one.decision.assembly
            row = found.get(one.decision.pk)
            if row is None:
                row = found[one.decision.pk] = Resting(
                    chart.level(body.key),
                    chart.level_name(body.key, words),
                    body.name,
                    body.key,
                    one.decision.number,
                    one.decision,
                )
            if (part := part_words(one, labels)) not in row.parts:
                row.parts.append(part)
    return sorted(found.values(), key=lambda row: (-row.level, row.name, row.number))


# --- our delegates --------------------------------------------------------------------------------


@dataclass(slots=True)
class Sitting:
    """What our delegates said in one meeting of the council."""

    meeting: Any
    at: datetime
    said: list[tuple[CouncilItem, Said]] = field(default_factory=list)


def heard_from(council: Council, unit: Any, most: int = 30) -> list[Sitting]:
    """Return what the delegates of a unit said, meeting by meeting, the newest first."""
    rows = (
        UnitPosition.objects.filter(item__council=council, unit=unit)
        .select_related("item", "meeting")
        .order_by("-at", "-round")[:most]
    )
    found: dict[Any, Sitting] = {}
    for row in rows:
        where = row.meeting_id or council.assembly.local(row.at).date()
        sitting = found.setdefault(where, Sitting(row.meeting, row.at))
        sitting.said.append((row.item, said_of(row)))
    return list(found.values())


def last_words(pairs: Iterable[tuple[Any, Any]]) -> dict[tuple[Any, Any], UnitPosition]:
    """Return what was said last for each council and unit, by their ids, in one query."""
    wanted = set(pairs)
    rows = (
        UnitPosition.objects.filter(
            item__council__in={council for council, _unit in wanted},
            unit__in={unit for _council, unit in wanted},
        )
        .annotate(
            place=Window(
                RowNumber(),
                partition_by=[F("item__council"), F("unit")],
                order_by=[F("at").desc(), F("round").desc()],
            )
        )
        .filter(place=1)
        .select_related("item")
    )
    found = {(row.item.council_id, row.unit_id): row for row in rows}
    return {pair: row for pair, row in found.items() if pair in wanted}


@dataclass(slots=True)
class Above:
    """A council that somebody belongs to through a unit, as their home tells it."""

    council: Council
    unit: Assembly | None
    last: UnitPosition | None = None
    kind: str = "member"
    label: str = ""
    who: str = ""
    mandated: bool = False


def councils_of(person: Person) -> list[Above]:
    """Return the councils right above what somebody belongs to, with what was said there last."""
    joined = Affiliation.objects.filter(left_at=None).select_related(
        "council__assembly", "council__federation", "unit"
    )
    belongs = Membership.objects.filter(person=person, left_at=None)
    mine = joined.filter(Q(unit__in=belongs.values("assembly")) | Q(person=person))
    rows = {(row.council_id, row.unit_id): row for row in mine.order_by("joined_at", "id")}
    last = last_words(pair for pair in rows if pair[1] is not None)
    return [above(row.council, row.unit, last.get(pair), row.kind) for pair, row in rows.items()]


def heard_above(unit: Assembly, councils: Iterable[Council]) -> list[Above]:
    """Return councils with what was said there last for a unit, in the same order."""
    wanted = list(councils)
    last = last_words((one.pk, unit.pk) for one in wanted)
    return [above(one, unit, last.get((one.pk, unit.pk))) for one in wanted]


def above(
    council: Council, unit: Assembly | None, last: UnitPosition | None, kind: str = "member"
) -> Above:
    """Return a council with what a unit said there last, in words."""
    found = Above(council, unit, last, kind)
    if last is not None:
        said = said_of(last)
        found.label, found.who, found.mandated = said.label, ", ".join(said.who), said.mandated
    return found


def mandates_of(council: Council, unit: Any) -> list[tuple[Mandate, str, list[str]]]:
    """Return the mandates of a unit in force, what they say and within what, the newest first."""
    labels = {**said_labels(), "yes": _("Yes"), "no": _("No")}
    rows = Mandate.objects.filter(council=council, unit=unit, ended_at=None)
    found = rows.select_related("item", "decision").order_by("-given_at", "-id")
    return [
        (row, labels.get(row.position, "") if row.position else "", bound_words(row))
        for row in found[:50]
    ]


def reports_of(council: Council, unit: Any) -> list[ReportBack]:
    """Return the last accounts that were due to a unit, the newest first."""
    rows = ReportBack.objects.filter(council=council, unit=unit).select_related("meeting", "by")
    return list(rows.order_by("-due_on", "-id")[:SHOWN])


def notices_of(council: Council, unit: Any) -> list[Notice]:
    """Return what a unit was told last about a council."""
    rows = Notice.objects.filter(council=council, unit=unit).select_related("item")
    return list(rows[:SHOWN])
