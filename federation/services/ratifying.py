"""What a council agreed on goes to all bases; it holds when enough of them say so (S13, S14)."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from assemblies.acts.arguments import OneOf, Text, text_within
from assemblies.acts.declaring import SITTING, act
from assemblies.door.book import record_body
from assemblies.door.journal import record
from assemblies.door.kinds import card, rows
from assemblies.door.page import Page
from assemblies.door.shapes import follows
from assemblies.models import Assembly, Entry, Participant
from assemblies.rules.errors import Refused
from federation import rules
from federation.models import Council, CouncilItem, MemberAnswer, Notice, OptOut, Ratification
from federation.reading.items import phase_now
from federation.services.base import Base, Basis, Going, acting, council_of, notify, tell_council
from federation.services.joining import COUNCIL_LEFT
from federation.services.travel import (
    afresh,
    change_proposal,
    doors_around,
    item_here,
    next_version,
    phase_words,
    reference,
    rule_for,
    tell_others,
)
from federation.sheets.chart import chart_of, deciding_units, units_of
from federation.sheets.councils import (
    COUNCIL_CHANGED,
    LAPSED,
    Councils,
    forget,
    meetings_of,
    tell_meetings,
)
from federation.words import sentences
from federation.words.vocabulary import day_words
from proposals.models import LONGEST_TEXT, Decision, Proposal, ProposalVersion
from proposals.rules import Phase
from proposals.services.decisions import ADOPTED
from proposals.sheets.table import Proposals

# --- a unit answers -------------------------------------------------------------------------------


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
    if rule.ratification == "members" and item.phase == "provisional":
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
    if phase != "provisional":
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


def counted(item: CouncilItem) -> tuple[dict[str, int], dict[str, str]]:
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


def standing(item: CouncilItem, *, over: bool = False) -> str:
    """Return where an item stands by what the units answered."""
    rule = rule_for(item)
    members, answers = counted(item)
    return rules.answered(
        rule.ratification,
        members,
        answers,
        over=over,
        units=rule.ratify_units,
        people=rule.ratify_members,
    )


def follow_answers(item: CouncilItem, base: Base, row: Ratification | None) -> None:
    """Have an item go on as the answers say: it holds, it comes back, or it waits for more.

    `row` is the answer that was just given; None where nobody answered, but a unit left.
    """
    phase = standing(item)
    told = reference(item, version=item.version)
    if phase == "in_force":
        item.phase = "in_force"
        item.save(update_fields=["phase"])
        tell_council(item.council, base, IN_FORCE, IN_FORCE, **told)
        notify_all(item, "item_in_force", base.now)
    elif phase == "lapsed":
        # All have answered, and no unit accepts.
        item.phase, item.answer_until = "lapsed", None
        item.save(update_fields=["phase", "answer_until"])
        tell_council(item.council, base, LAPSED, LAPSED, **told)
        notify_all(item, "lapsed", base.now)
    elif phase == "returned" and row is not None:
        bring_back(item, base, row)


@follows(COUNCIL_LEFT)
def answers_without_it(page: Page, entry: Entry) -> None:
    """Look again at what waited for answers: who has left is not asked any more."""
    left = Council.objects.filter(assembly__key=(entry.facts or {}).get("council")).first()
    by = page.actor.person if page.actor is not None and page.actor.person_id else None
    base = Base(page.meeting.assembly, by, page.now, None, page)
    for item in CouncilItem.objects.filter(council=left, phase="provisional").order_by("pk"):
        if phase_now(item, page.now) == "provisional":
            follow_answers(afresh(item), base, None)


def bring_back(item: CouncilItem, base: Base, row: Ratification) -> None:
    """Suspend an item that a unit returned or rejected; a changed text goes to all at once."""
    former = item.text
    told = reference(item, version=item.version, answer=row.answer, changed=bool(row.change))
    tell_council(item.council, base, RETURNED, RETURNED, name=base.assembly.name, **told)
    if row.change:
        ask_anew(item, row.change, base.now)
    else:
        item.phase, item.answer_until = "returned", None
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
    """Put another version before all units: the clock restarts, former answers do not count."""
    next_version(item, text, now, page)
    item.phase = "provisional"
    item.answer_until = now + timedelta(days=rule_for(item).ratify_days)
    item.save(update_fields=["phase", "answer_until"])


def notify_all(item: CouncilItem, what: str, now: datetime, **facts: Any) -> None:
    """Have all units know what became of an item."""
    notify(item.council, units_of(item.council), what, now, item=item, title=item.title, **facts)


# --- what came back goes round again --------------------------------------------------------------


@act(
    "send_round",
    roles=["facilitator"],
    phases=SITTING,
    beyond=doors_around,
    item=Going(None),
    text=Text(""),
)
def send_round(page: Page, *, by: Participant, item: CouncilItem | None, text: str) -> None:
    """Send an item that was returned to all units again, with a text that meets the reasons."""
    item = item_here(page, item)
    if item.phase != "returned":
        raise Refused(
            "wrong_phase", _("“%(title)s” was not returned: %(phase)s.") % phase_words(item)
        )
    text = text_within(text, LONGEST_TEXT)
    change_proposal(item, page.now, page, phase=Phase.ADOPTED, why_ended="")
    ask_anew(item, text, page.now, page)
    until = day_of(item, item.answer_until)
    told = reference(item, version=item.version, until=until)
    page.note(SENT_ROUND, text=text, **told)
    with record_body(item.council.assembly, by=by.person, now=page.now) as book:
        book.note(SENT_ROUND, **told)
    tell_others(page, item=item.key)
    notify_all(item, "provisional", page.now, version=item.version, until=until)
    forget(page)


@follows(ADOPTED)
def answers_of_before(page: Page, entry: Entry) -> None:
    """Have what a council agrees on again be a version of its own: former answers do not count."""
    own = page.sheet(Councils).own
    proposal = page.sheet(Proposals).find(str((entry.facts or {}).get("proposal", "")))
    item = own.item_of(proposal) if own is not None else None
    if item is None or proposal is None:
        return
    if Ratification.objects.filter(item=item, version=item.version).exists():
        version = max(item.version + 1, proposal.version)
        CouncilItem.objects.filter(pk=item.pk).update(version=version)
        forget(page)


# --- the time for answers is over -----------------------------------------------------------------


def close_window(item: CouncilItem, now: datetime) -> tuple[str, dict[str, Any]]:
    """Write what an item is when the time for answers is over; return the entry that says so."""
    rule, told = rule_for(item), reference(item, version=item.version)
    if rule.ratification == "members":
        return MEMBERS_COUNTED, {**told, **count_members(item, now)}
    outcome = standing(item, over=True)
    if outcome == "lapsed":
        item.phase = "lapsed"
        item.save(update_fields=["phase"])
        notify_all(item, "lapsed", now)
        return LAPSED, told
    if outcome == "in_force":
        # Units have left, or the rule has changed, since the last answer.
        item.phase = "in_force"
        item.save(update_fields=["phase"])
        notify_all(item, "item_in_force", now)
        return IN_FORCE, told
    # Nothing lapses where all have to agree: it waits for those who are silent (S14).
    members, answers = counted(item)
    silent = rules.waiting_for(members, answers)
    item.answer_until = None
    item.save(update_fields=["answer_until"])
    units = [unit for unit in deciding_units(item.council) if unit.key in silent]
    notify(item.council, units, "item_waiting", now, item=item, title=item.title)
    return WAITING, {**told, "waiting": len(silent)}


def count_members(item: CouncilItem, now: datetime) -> dict[str, Any]:
    """Count what all members said, each once, and forget who said what."""
    rows = MemberAnswer.objects.filter(item=item, version=item.version)
    counts = tally_of(item)
    agreed = rules.agreed_by_members(
        counts["for"], counts["against"], rule_for(item).ratify_members
    )
    item.phase = "in_force" if agreed else "not_agreed"
    item.adopted = {**item.adopted, "members": counts}
    item.save(update_fields=["phase", "adopted"])
    rows.delete()
    notify_all(item, "item_in_force" if agreed else "not_agreed", now)
    return {"result": item.phase, **{name: counts[name] for name in ("for", "against", "abstain")}}


def tally_of(item: CouncilItem) -> dict[str, Any]:
    """Return what the members of all units said in numbers, in all and in each unit."""
    rows = MemberAnswer.objects.filter(item=item, version=item.version)
    counts: dict[str, Any] = {"for": 0, "against": 0, "abstain": 0, "by_unit": {}}
    for unit, answer in rows.values_list("unit__key", "answer"):
        here = counts["by_unit"].setdefault(unit, {"for": 0, "against": 0, "abstain": 0})
        counts[answer] += 1
        here[answer] += 1
    return counts


def window_over(page: Page, row: CouncilItem, due: datetime) -> None:
    """Settle the end of the time for answers in a meeting of the council, dated when it was due."""
    item, at = afresh(row), row.answer_until or due
    if item.phase == "provisional" and item.answer_until == row.answer_until:
        what, facts = close_window(item, page.now)
        page.note(what, at=at, **facts)
        tell_others(page, item=item.key)
        return
    # Another meeting of this council, or nobody's, has seen it before.
    page.note(COUNCIL_CHANGED, item=item.key)


def settle_windows(now: datetime) -> int:
    """Write what fell due in councils that have not met since; return how many items."""
    waiting = CouncilItem.objects.filter(phase="provisional", answer_until__lt=now)
    done = 0
    for item in waiting.select_related("council__assembly"):
        meetings = meetings_of(item.council.assembly)
        for meeting in meetings:
            with record(meeting, now=now):
                pass
        if not meetings:
            with record_body(item.council.assembly, by=None, now=now) as book:
                fresh = afresh(item)
                if fresh.phase == "provisional" and fresh.answer_until == item.answer_until:
                    what, facts = close_window(fresh, now)
                    book.note(what, due=day_of(item, item.answer_until), **facts)
        done += 1
    return done


# --- what is in force is not carried out by everybody ---------------------------------------------


@act(
    "opt_out",
    roles=["facilitator"],
    phases=SITTING,
    beyond=doors_around,
    item=Going(None),
    reason=Text(""),
    decision=Basis(None),
)
def opt_out(
    page: Page, *, by: Participant, item: CouncilItem | None, reason: str, decision: Decision | None
) -> None:
    """Say that our assembly does not carry out what is in force for the others (002:19)."""
    item = afresh(item)
    seen, unit = council_of(page, item), page.meeting.assembly
    if not seen.rule.opt_out:
        raise Refused(
            "no_opt_out", _("This council's rule knows no opting out (opt_out): all had to agree.")
        )
    if item.phase != "in_force":
        raise Refused(
            "wrong_phase", _("“%(title)s” is not in force: %(phase)s.") % phase_words(item)
        )
    if OptOut.objects.filter(item=item, unit=unit).exists():
        raise Refused("already_done", _("Our assembly has opted out."))
    reason = text_within(reason, 4000)
    base = acting(page, decision)
    OptOut.objects.create(item=item, unit=unit, reason=reason, decision=base.decision, at=page.now)
    told = reference(item, reason=reason)
    base.note(OPTED_OUT, name=seen.council.assembly.name, council=seen.key, **told)
    tell_council(item.council, base, UNIT_OPTED_OUT, UNIT_OPTED_OUT, name=unit.name, **told)
    notify_all(item, "unit_opted_out", page.now, by=unit.name)


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
SENT_ROUND = card(
    "federation.item_sent_round",
    "council",
    minutes=sentences.sent_round,
    writes=(
        rows(CouncilItem, key="item"),
        rows(ProposalVersion),
        rows(Proposal),
        rows(Notice),
    ),
)
WAITING = card(
    "federation.item_waiting",
    "council",
    minutes=sentences.waiting,
    writes=(
        rows(CouncilItem, key="item"),
        rows(Notice),
    ),
)
MEMBERS_COUNTED = card(
    "federation.members_counted",
    "council",
    minutes=sentences.members_counted,
    writes=(
        rows(CouncilItem, key="item"),
        rows(MemberAnswer),
        rows(Notice),
    ),
)
OPTED_OUT = card(
    "federation.opted_out",
    "council",
    minutes=sentences.opted_out,
    writes=(
        rows(OptOut),
        rows(Notice),
    ),
)
UNIT_OPTED_OUT = card("federation.unit_opted_out", "council", minutes=sentences.unit_opted_out)
