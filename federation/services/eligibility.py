"""Who may be sent to a council, by which of its rules, and from when."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.door.page import Page
from assemblies.models import Membership, Participant, Person
from assemblies.rules.errors import Refused
from federation import rules
from federation.models import Seat, SeatTerm
from federation.rules import NotYet, Term, When
from federation.sheets.chart import chart_of
from federation.sheets.councils import Councils
from federation.sheets.seen import Seen, unit_of
from federation.words.vocabulary import day_words


def fit(page: Page, seen: Seen, place: Seat, who: Participant, standing: str) -> None:
    """Refuse somebody who may not be sent: by which rule, and from when they may."""
    if (refusal := unfit(page, seen, place, who, standing)) is not None:
        raise refusal


def unfit(page: Page, seen: Seen, place: Seat, who: Participant, standing: str) -> Refused | None:
    """Return why somebody may not be sent to a council, or None."""
    rule, sheet = seen.rule, page.sheet(Councils)
    comes_from = source_of(page, seen, who)
    if sheet.own is None and who.kind not in ("member", "delegate"):
        return Refused("does_not_count", _("Members and delegates may be sent."))
    if sheet.own is not None and not comes_from:
        return Refused(
            "not_in_the_pool",
            _(
                "Who speaks for this council comes from those who coordinate in it"
                " (coordination group): %(name)s is first sent here by their own assembly."
            )
            % {"name": who.name},
        )
    others = [term for term in seen.delegates(place.unit_id) if term.seat.pk != place.pk]
    if (sits := sits_already(seen, who)) is not None:
        return Refused(
            "already_done",
            _("%(name)s sits there for %(unit)s: nobody speaks twice.")
            % {"name": who.name, "unit": sits},
        )
    held = [term.comes_from.key for term in others if term.comes_from is not None]
    # What level n asks of level n + 1: nobody's neighbours alone speak for a whole council.
    if sheet.own is not None and rule.distinct_units and comes_from in held:
        unit = sheet.own.unit(comes_from)
        return Refused(
            "delegates_from_distinct_units",
            _("The delegates of a council come from different units; one from %(unit)s sits.")
            % {"unit": unit.unit.name if unit and unit.unit else comes_from},
        )
    if not parity_with(page, seen, others, who):
        return Refused("parity_not_met", parity_words(rule.parity))
    return too_soon(page, seen, place, who, comes_from) if standing == "delegate" else None


def source_of(page: Page, seen: Seen, who: Participant) -> str:
    """Return the key of the unit from which a council would send somebody; "" without one."""
    own = page.sheet(Councils).own
    if own is None or (who.kind == "delegate" and who.voice):
        return unit_of(who.voice)
    if seen.rule.pool != "any_member" or who.person_id is None:
        return ""
    belongs = set(
        Membership.objects.filter(person=who.person_id, left_at=None).values_list(
            "assembly_id", flat=True
        )
    )
    unit = chart_of(own.council).unit_through(own.key, belongs)
    return unit.key if unit is not None else ""


def sits_already(seen: Seen, who: Participant) -> str | None:
    """Return the unit for which somebody sits in a council already, or None."""
    sitting = SeatTerm.objects.filter(
        seat__council=seen.council, person=who.person_id, standing="delegate", ended_at=None
    )
    term = sitting.select_related("seat__unit").first() if who.person_id else None
    return term.seat.unit.name if term is not None else None


def parity_words(parity: str) -> str:
    """Return the sentence of the parity rule."""
    if parity == "one_of_each":
        return _("The seats are shared by people of different groups, one of each (parity).")
    return _(
        "The delegates of a unit are not all of one group, as they describe themselves (parity)."
        " Somebody of another group can be sent."
    )


def groups_of(page: Page, person: Person | None, who: Participant | None) -> list[str]:
    """Return the groups to which somebody says they belong, here or elsewhere; often none."""
    if who is not None and who.groups:
        return list(who.groups)
    if person is None:
        return []
    here = Membership.objects.filter(assembly=page.meeting.assembly, person=person).first()
    if here is not None and here.groups:
        return list(here.groups)
    said = Membership.objects.filter(person=person, left_at=None).exclude(groups=[])
    found = said.order_by("joined_at").first()
    return list(found.groups) if found is not None else []


def parity_with(page: Page, seen: Seen, others: list[SeatTerm], who: Participant) -> bool:
    """Say whether the seats keep their parity with somebody added to those who sit."""
    if seen.rule.parity == "none" or not others:
        return True
    people = [groups_of(page, term.person, None) for term in others]
    named = page.meeting.assembly.groups or sorted({word for own in people for word in own})
    own = groups_of(page, who.person if who.person_id else None, who)
    place = [next((word for word in said if word in named), "") for said in [*people, own]]
    return rules.parity_kept(place, seen.rule.parity)


def too_soon(
    page: Page, seen: Seen, place: Seat, who: Participant, comes_from: str
) -> Refused | None:
    """Return the refusal of a rule of rotation, with the date it ends; None where none refuses."""
    today = moment(seen, page.now)
    before = (
        SeatTerm.objects.filter(seat__council=seen.council, standing="delegate")
        .select_related("seat__unit", "comes_from")
        .order_by("since")
    )
    own = page.sheet(Councils).own
    if own is None:
        terms = [term_for_rules(seen, row, row.seat.unit.key) for row in before]
        found = rules.cooling(str(who.person_id), today, terms, seen.rule)
        return words_for(found, {}) if found else None
    # A council sends: its units take turns among themselves.
    ours = [row for row in before if row.seat.unit_id == place.unit_id]
    terms = [
        term_for_rules(seen, row, row.comes_from.key if row.comes_from else "") for row in ours
    ]
    units = {row.unit.key: row.unit.name for row in own.members() if row.unit is not None}
    found = rules.may_be_chosen(
        str(who.person_id), comes_from, today, terms, list(units), seen.rule
    )
    return words_for(found, units) if found else None


def day_in(seen: Seen, at: datetime) -> date:
    """Return the day by the clocks of a council."""
    return seen.council.assembly.local(at).date()


def moment(seen: Seen, at: datetime) -> When:
    """Return a moment in the unit in which terms are counted: a day, or meetings held by then."""
    if seen.rule.term_meetings is None:
        return day_in(seen, at)
    return sum(end <= at for _began, end in seen.met)


def term_for_rules(seen: Seen, row: SeatTerm, unit: str) -> Term:
    """Return a term as the rules read it; who was recalled or stepped down served until then.

    Where meetings are counted, one that had begun by then counts for them.
    """
    until = row.ended_at or seen.end_of(row)
    since = moment(seen, row.since)
    if seen.rule.term_meetings is None:
        # One that goes on by meetings, from before the council counted days.
        goes_on = row.since + timedelta(days=seen.rule.term_days)
        end: When = day_in(seen, until or goes_on)
    elif until is not None:
        end = sum(began <= until for began, _end in seen.met)
    else:
        end = sum(began <= row.since for began, _end in seen.met) + seen.rule.term_meetings
    return Term(str(row.person_id), unit, since, end)


def words_for(found: NotYet, names: dict[str, str]) -> Refused:
    """Return the refusal with its rule, and the date from which it is allowed."""
    if found.rule == "cooldown":
        if isinstance(found.since, int):
            return Refused("cooldown", meetings_words(found.since))
        assert found.since is not None  # noqa: S101 - a cool-down has an end
        return Refused(
            "cooldown",
            _("Who served waits until others had a term: from %(date)s on (terms in a row).")
            % {"date": day_words(found.since.isoformat())},
        )
    waiting = ", ".join(names.get(key, key) for key in found.waiting)
    return Refused(
        "unit_rotation",
        _("The others have their turn first (turns of the units): %(units)s.") % {"units": waiting},
    )


def meetings_words(n: int) -> str:
    """Return after how many meetings somebody who served may be sent again, by which rule."""
    told = ngettext(
        "Who served waits until others had a term: until %(n)s more meeting of the council is over"
        " (terms in a row).",
        "Who served waits until others had a term: until %(n)s more meetings of the council are"
        " over (terms in a row).",
        n,
    )
    return told % {"n": n}
