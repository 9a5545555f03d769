"""The units answer what a council agreed on; it is in force when enough accept (S13, S14)."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from assemblies.acts.arguments import OneOf, Text, text_within
from assemblies.acts.declaring import SITTING, act
from assemblies.door.kinds import card, rows
from assemblies.door.page import Page
from assemblies.door.shapes import follows
from assemblies.models import Assembly, Entry, Participant
from assemblies.rules.errors import Refused
from federation import rules
from federation.models import Council, CouncilItem, Notice, Ratification
from federation.reading.items import phase_now
from federation.rules import ItemPhase
from federation.services.base import Base, Basis, Going, acting, council_of, notify, tell_council
from federation.services.leaving import COUNCIL_LEFT
from federation.services.travel import (
    afresh,
    change_proposal,
    doors_around,
    next_version,
    phase_words,
    reference,
    rule_for,
)
from federation.sheets.chart import chart_of, deciding_units, units_of
from federation.sheets.councils import (
    COUNCIL_CHANGED,
    LAPSED,
    tell_meetings,
)
from federation.words import sentences
from federation.words.vocabulary import day_words
from proposals.models import LONGEST_TEXT, Decision, Proposal, ProposalVersion
from proposals.rules import Phase


@act(
    "ratify",
    roles=["facilitator"],
    phases=SITTING,
    beyond=doors_around,
    item=Going(None),
    answer=OneOf("", words=rules.ANSWERS),
    reason=Text(""),
    change=Text(""),
    decision=Basis(None),
)
def ratify(
    page: Page,
    *,
    by: Participant,
    item: CouncilItem | None,
    answer: str,
    reason: str,
    change: str,
    decision: Decision | None,
) -> None:
    """Say what our assembly decided on a text that a council agreed on for now.

    `change` is the whole text as we would accept it: it goes to all units as the next version. A
    unit may return an item once; every unit answers a version once.
    """
    if not answer:
        raise Refused("unknown", _("Say: %(words)s.") % {"words": ", ".join(rules.ANSWERS)})
    item = afresh(item)
    council_of(page, item)
    unit = page.meeting.assembly
    may_answer(item, unit, answer, page.now)
    reason = text_within(reason, 4000, needed=answer in ("return", "reject"))
    change = text_within(change, LONGEST_TEXT, needed=False)
    if change and answer != "return":
        raise Refused("unknown", _("Who changes the text returns it."))
    if change == item.text:
        raise Refused("already_done", _("That is the text as it stands."))
    base = acting(page, decision)
    row = Ratification.objects.create(
        item=item,
        version=item.version,
        unit=unit,
        answer=answer,
        reason=reason,
        change=change,
        members=chart_of(item.council).members(unit.key),
        decision=base.decision,
        at=page.now,
    )
    told = reference(item, answer=answer, version=item.version)
    base.note(RATIFIED, council=item.council.assembly.key, name=item.council.assembly.name, **told)
    tell_council(
        item.council, base, UNIT_ANSWERED, UNIT_ANSWERED, name=unit.name, reason=reason, **told
    )
    follow_answers(item, base, row)


def may_answer(item: CouncilItem, unit: Assembly, answer: str, now: datetime) -> None:
    """Refuse an answer that does not count: not asked, too late, not this unit's, given already."""
    rule, phase = rule_for(item), phase_now(item, now)
    if rule.ratification == "members" and item.phase == ItemPhase.PROVISIONAL:
        raise Refused(
            "all_members_decide",
            _("All members answer this themselves, until %(date)s.")
            % {"date": day_words(day_of(item, item.answer_until))},
        )
    if unit not in deciding_units(item.council):
        raise Refused("does_not_count", _("Member units answer; this assembly is none of them."))
    if item.answer_until is not None and now > item.answer_until:
        raise Refused(
            "closed",
            _("Answers were due until %(date)s.")
            % {"date": day_words(day_of(item, item.answer_until))},
        )
    if phase != ItemPhase.PROVISIONAL:
        raise Refused(
            "wrong_phase",
            _("The bases are not asked about “%(title)s”: %(phase)s.") % phase_words(item),
        )
    ours = Ratification.objects.filter(item=item, unit=unit)
    if ours.filter(version=item.version).exists():
        raise Refused(
            "already_done",
            _("Our assembly has answered version %(n)s.") % {"n": item.version},
        )
    before = ours.filter(answer="return").first() if answer == "return" else None
    if before is not None:
        raise Refused(
            "already_done",
            _("A unit returns an item once; ours returned version %(n)s on %(date)s.")
            % {"n": before.version, "date": day_words(day_of(item, before.at))},
        )


def day_of(item: CouncilItem, at: datetime | None) -> str:
    """Return a day as it stands in sentences, by the clocks of the council."""
    return item.council.assembly.local(at).date().isoformat() if at is not None else ""


def members_and_answers(item: CouncilItem) -> tuple[dict[str, int], dict[str, str]]:
    """Return the members of each deciding unit, and what the units answered, by their keys.

    What a unit was when it answered counts for its answer.
    """
    rows = {
        row.unit_id: row for row in Ratification.objects.filter(item=item, version=item.version)
    }
    chart = chart_of(item.council)
    units = chart.units(item.council.assembly.key)
    given = {key: rows[pk] for key in units if (pk := chart.bodies[key].pk) in rows}
    answers = {key: row.answer for key, row in given.items()}
    accepting = [key for key, answer in answers.items() if answer == "accept"]
    then = {key: row.members for key, row in given.items()}
    return chart.members_counted(units, accepting, then), answers


def phase_by_answers(item: CouncilItem, *, over: bool = False) -> ItemPhase:
    """Return the phase of an item by the answers of its units; `over`: the time is."""
    rule = rule_for(item)
    members, answers = members_and_answers(item)
    return rules.phase_by_answers(
        rule.ratification,
        members,
        answers,
        over=over,
        units=rule.ratify_units,
        people=rule.ratify_members,
    )


def follow_answers(item: CouncilItem, base: Base, row: Ratification | None) -> None:
    """Move an item as the answers say: in force, lapsed, returned; else it waits for more.

    `row` is the answer that was just given; None where nobody answered, but a unit left.
    """
    phase = phase_by_answers(item)
    told = reference(item, version=item.version)
    if phase == ItemPhase.IN_FORCE:
        item.move_to(ItemPhase.IN_FORCE)
        item.save(update_fields=["phase"])
        tell_council(item.council, base, IN_FORCE, IN_FORCE, **told)
        notify_all(item, "item_in_force", base.now)
    elif phase == ItemPhase.LAPSED:
        # All have answered, and no unit accepts.
        item.move_to(ItemPhase.LAPSED)
        item.answer_until = None
        item.save(update_fields=["phase", "answer_until"])
        tell_council(item.council, base, LAPSED, LAPSED, **told)
        notify_all(item, "lapsed", base.now)
    elif phase == ItemPhase.RETURNED and row is not None:
        bring_back(item, base, row)


@follows(COUNCIL_LEFT)
def answers_without_it(page: Page, entry: Entry) -> None:
    """Count the answers again when a unit leaves: it is not asked any more."""
    left = Council.objects.filter(assembly__key=(entry.facts or {}).get("council")).first()
    by = page.actor.person if page.actor is not None and page.actor.person_id else None
    base = Base(page.meeting.assembly, by, page.now, None, page)
    for item in CouncilItem.objects.filter(council=left, phase=ItemPhase.PROVISIONAL).order_by(
        "pk"
    ):
        if phase_now(item, page.now) == ItemPhase.PROVISIONAL:
            follow_answers(afresh(item), base, None)


def bring_back(item: CouncilItem, base: Base, row: Ratification) -> None:
    """Return an item that a unit returned or rejected; a changed text goes to all at once."""
    former = item.text
    told = reference(item, version=item.version, answer=row.answer, changed=bool(row.change))
    tell_council(item.council, base, RETURNED, RETURNED, name=base.assembly.name, **told)
    if row.change:
        ask_anew(item, row.change, base.now)
    else:
        item.move_to(ItemPhase.RETURNED)
        item.answer_until = None
        item.save(update_fields=["phase", "answer_until"])
        # The council may take it up again, or send it round once more.
        change_proposal(item, base.now, base.page, phase=Phase.REFERRED, why_ended=row.reason[:300])
    tell_meetings(item.council.assembly, COUNCIL_CHANGED, base.now, item=item.key)
    notify_all(
        item,
        "item_returned" if row.change else "item_brought_back",
        base.now,
        by=base.assembly.name,
        answer=row.answer,
        reason=row.reason,
        texts=[former, row.change] if row.change else [former],
        version=item.version,
    )


def ask_anew(item: CouncilItem, text: str, now: datetime, page: Page | None = None) -> None:
    """Ask all units about another version: the time restarts, former answers do not count."""
    next_version(item, text, now, page)
    item.move_to(ItemPhase.PROVISIONAL)
    item.answer_until = now + timedelta(days=rule_for(item).ratify_days)
    item.save(update_fields=["phase", "answer_until"])


def notify_all(item: CouncilItem, what: str, now: datetime, **facts: Any) -> None:
    """Give all units a notice of what became of an item."""
    notify(item.council, units_of(item.council), what, now, item=item, title=item.title, **facts)


# --- the cards of the entries written here ---

RATIFIED = card(
    "federation.ratified",
    "council",
    minutes=sentences.ratified,
    writes=(
        rows(Ratification),
        rows(CouncilItem, key="item"),
        rows(ProposalVersion),
        rows(Proposal),
        rows(Notice),
    ),
)
UNIT_ANSWERED = card("federation.unit_answered", "council", minutes=sentences.unit_answered)
IN_FORCE = card(
    "federation.item_in_force",
    "council",
    minutes=sentences.in_force,
    writes=(
        rows(CouncilItem, key="item"),
        rows(Notice),
    ),
)
RETURNED = card("federation.item_returned", "council", minutes=sentences.returned)
