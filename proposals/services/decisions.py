"""Decisions: record a result that stands, write down one on paper, add tasks."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from assemblies.acts.arguments import Reader, Text, text_within
from assemblies.acts.declaring import SITTING, act
from assemblies.door.kinds import card, rows
from assemblies.door.page import Page
from assemblies.models import Participant
from assemblies.rules.errors import Refused
from assemblies.rules.keys import new_key
from assemblies.sheets import Roll
from proposals.models import LONGEST_TEXT, Decision, Proposal, Task
from proposals.rules import Phase
from proposals.services.at_hand import OnAgenda, at_hand, check_all_heard, enter_phase
from proposals.services.votes import asked_of
from proposals.sheets.across import blocks_standing
from proposals.sheets.asking import Asking
from proposals.sheets.rule import rule_of
from proposals.sheets.table import Proposals
from proposals.words import sentences


@act("adopt", roles=["facilitator"], phases=SITTING, proposal=OnAgenda(None))
def adopt(page: Page, *, by: Participant, proposal: Proposal | None) -> None:
    """Record the result that stands: consensus on this very version, or a vote that passed."""
    row, asking = may_adopt(page, proposal), page.sheet(Asking)
    test, vote = asking.test_on(row), asking.vote_on(row)
    passed = row.phase == Phase.FALLBACK_VOTE
    former = supersede_former(page, row)
    enter_phase(page, row, Phase.ADOPTED)
    text = page.sheet(Proposals).version(row)
    numbers: dict[str, Any] = {"present": page.sheet(Roll).votes(page.meeting)}
    if test is not None:
        numbers |= {"positions": asking.counts(page, test), "quorum": test.counts.get("quorum")}
        numbers["present"] = test.counts.get("present", numbers["present"])
        kept = ("degree", "units")
        numbers |= {name: test.counts[name] for name in kept if test.counts.get(name)}
    if passed and vote is not None:
        numbers |= {"votes": dict(vote.counts), **asked_of(page, row)}
    decision = write_decision(
        page,
        proposal=row,
        title=row.title,
        text=text.text,
        version=row.version,
        how="vote" if passed else how_decided(page, row),
        numbers=numbers,
        review_on=review_date(page, row),
        supersedes=former,
    )
    more: dict[str, Any] = {"supersedes": former.number} if former is not None else {}
    page.note(
        ADOPTED,
        proposal=row.key,
        version=row.version,
        decision=decision.key,
        number=decision.number,
        how=decision.how,
        text=text.text,
        digest=text.digest,
        **more,
        **numbers,
    )


def supersede_former(page: Page, proposal: Proposal) -> Decision | None:
    """Return the decision that an adopted proposal replaces; end the life of its proposal."""
    former = proposal.supersedes
    if former is not None and former.proposal_id is not None:
        here = page.sheet(Proposals).proposals.values()
        old = next((row for row in here if row.pk == former.proposal_id), former.proposal)
        assert old is not None  # noqa: S101 - it has an id
        # Units may have returned it since: then its proposal goes on.
        if old.phase == Phase.ADOPTED:
            enter_phase(page, old, Phase.SUPERSEDED)
    return former


def may_adopt(page: Page, proposal: Proposal | None) -> Proposal:
    """Return the proposal whose result stands, or refuse: no result, no record."""
    current = proposal or page.sheet(Proposals).current(page)
    if current is not None and current.phase == Phase.ADOPTED:
        raise Refused("already_done", _("It is adopted."))
    row, asking = at_hand(page, proposal, "adopt"), page.sheet(Asking)
    if any(sheet.waiting_point() for sheet in page.every_sheet()):
        raise Refused("point_pending", _("A technical point waits for an answer."))
    test, vote = asking.test_on(row), asking.vote_on(row)
    passed = row.phase == Phase.FALLBACK_VOTE and vote is not None and vote.passed is True
    if not passed and (test is None or not test.stands):
        raise Refused(
            "no_test_on_this_version",
            _("Version %(n)s has no consensus that stands.") % {"n": row.version},
        )
    if not passed:
        check_all_heard(page, row)
    return row


def how_decided(page: Page, proposal: Proposal) -> str:
    """Return how consensus was reached: k standing blocks make it consensus minus k."""
    if rule_of(page.meeting).consent:
        return "consent"
    blocks = len(blocks_standing(page, proposal))
    return f"consensus_minus_{blocks}" if blocks else "consensus"


def review_date(page: Page, proposal: Proposal) -> date | None:
    """Return when the decision is looked at again: what the text says, else the rule's term."""
    if proposal.review_on is not None:
        return proposal.review_on
    after = rule_of(page.meeting).review_after
    if after is None:
        return None
    months = page.now.month - 1 + after
    year, month = page.now.year + months // 12, months % 12 + 1
    for day in range(page.now.day, 0, -1):
        try:
            return date(year, month, day)
        except ValueError:
            continue  # the thirty-first of a short month
    raise AssertionError("every month has a first day")


def write_decision(page: Page, **more: Any) -> Decision:
    """Write a decision with the assembly's next number."""
    sheet = page.sheet(Proposals)
    last = Decision.objects.filter(assembly=page.meeting.assembly).aggregate(n=Max("number"))["n"]
    here = max([row.number for row in sheet.decisions], default=0)
    row = Decision(
        id=uuid.uuid4(),
        assembly=page.meeting.assembly,
        meeting=page.meeting,
        key=more.pop("key", "") or new_key(),
        number=max(last or 0, here) + 1,
        decided_at=page.now,
        **more,
    )
    sheet.decisions.append(row)
    page.put(row)
    return row


# --- tasks ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Day(Reader):
    """A date written 2027-05-01."""

    def read(self, page: Page, by: Participant, value: Any) -> date:
        """Return the date; refuse what is no date."""
        try:
            return date.fromisoformat(str(value).strip()[:10])
        except ValueError as wrong:
            raise Refused("unknown", _("Write a date as 2027-05-01.")) from wrong


class Made(Reader):
    """A decision of this meeting, by key or number: "d1", 12 or "D-12"."""

    def read(self, page: Page, by: Participant, value: Any) -> Decision:
        """Return the decision; refuse an unknown one."""
        for row in page.sheet(Proposals).decisions:
            if str(value) in (row.key, str(row.number), f"D-{row.number}"):
                return row
        raise Refused("unknown", _("There is no such decision in this meeting."))


@act(
    "add_task",
    roles=["note_taker", "facilitator"],
    after_end=True,
    what=Text(""),
    holder=Text(""),
    due=Day(None),
    decision=Made(None),
)
def add_task(
    page: Page,
    *,
    by: Participant,
    what: str,
    holder: str,
    due: date | None,
    decision: Decision | None,
) -> None:
    """Say what is to be done, by whom and when; without a holder it says that it needs one."""
    sheet = page.sheet(Proposals)
    what, holder = text_within(what, 300), text_within(holder, 80, needed=False)
    person = page.sheet(Roll).find(holder)
    decision = decision or (sheet.decisions[-1] if sheet.decisions else None)
    row = Task(
        id=uuid.uuid4(),
        assembly=page.meeting.assembly,
        decision=decision,
        meeting=page.meeting,
        what=what,
        holder=person.name if person is not None else holder,
        person_id=person.person_id if person is not None else None,
        due=due,
        created_at=page.now + timedelta(microseconds=len(sheet.tasks)),
    )
    sheet.tasks.append(row)
    page.put(row)
    page.note(
        TASK_ADDED,
        what=what,
        holder=person.key if person is not None else None,
        holder_name="" if person is not None else holder,
        due=due.isoformat() if due else None,
        decision=decision.key if decision else None,
    )


# --- on paper -------------------------------------------------------------------------------------


class Numbers(Reader):
    """What was counted on paper: in words, or as {"for": 12}."""

    def read(self, page: Page, by: Participant, value: Any) -> dict[str, Any]:
        """Return the numbers by name; refuse what is neither words nor whole numbers."""
        if isinstance(value, str) and "\x00" not in value:
            return (
                {"on_paper": text_within(value.strip(), 300, needed=False)} if value.strip() else {}
            )
        plain = isinstance(value, dict) and len(value) <= 20
        if not plain or not all(
            isinstance(n, int) and not isinstance(n, bool) for n in value.values()
        ):
            raise Refused("unknown", _("Say the numbers in words, or how many for each."))
        return {str(name)[:40]: n for name, n in value.items()}


@act(
    "record_on_paper",
    roles=["note_taker", "facilitator"],
    after_end=True,
    decision=Text(""),
    title=Text(""),
    text=Text(""),
    how=Text(""),
    numbers=Numbers(""),
)
def record_on_paper(
    page: Page, *, by: Participant, decision: str, title: str, text: str, how: str, numbers: Any
) -> None:
    """Write down what was decided on paper; provisional until two others confirm it."""
    title, text = text_within(title, 200), text_within(text, LONGEST_TEXT)
    how = text_within(how, 300, needed=False)
    key = text_within(decision, 40, needed=False)
    if key and Decision.objects.filter(assembly=page.meeting.assembly_id, key=key).exists():
        raise Refused("already_done", _("A decision of this name is recorded."))
    row = write_decision(
        page,
        key=key,
        title=title,
        text=text,
        how="on_paper",
        how_on_paper=how,
        numbers=numbers or {},
        recorded_by=by.key,
    )
    page.note(
        PAPER_RECORDED,
        decision=row.key,
        number=row.number,
        title=title,
        how=how,
        numbers=numbers,
    )


@act("confirm_paper", counts=True, after_end=True, entered="no_phone", decision=Made(None))
def confirm_paper(page: Page, *, by: Participant, decision: Decision | None) -> None:
    """Confirm that this was decided on paper; it takes two who did not write it down."""
    waiting = [row for row in page.sheet(Proposals).decisions if row.provisional]
    if decision is None and len(waiting) == 1:
        decision = waiting[0]
    if decision is None or not decision.on_paper:
        raise Refused("unknown", _("Say which decision on paper you confirm."))
    if decision.recorded_by == by.key:
        raise Refused("not_seconded", _("Two others must confirm it."))
    if by.key in decision.confirmed_by or not decision.provisional:
        raise Refused("already_done", _("That is confirmed."))
    decision.confirmed_by = [*decision.confirmed_by, by.key]
    page.put(decision)
    page.note(PAPER_CONFIRMED, decision=decision.key, n=len(decision.confirmed_by))


# --- the cards of the entries written here ---

ADOPTED = card(
    "proposals.adopted",
    "proposal",
    "test",
    minutes=sentences.adopted,
    writes=(
        rows(Proposal, key="proposal"),
        rows(Decision, key="decision"),
    ),
)
TASK_ADDED = card("proposals.task_added", "proposal", minutes=sentences.task, writes=(rows(Task),))
PAPER_RECORDED = card(
    "proposals.paper_recorded",
    "proposal",
    minutes=sentences.on_paper,
    writes=(rows(Decision, key="decision"),),
)
PAPER_CONFIRMED = card(
    "proposals.paper_confirmed",
    "proposal",
    minutes=sentences.confirmed,
    writes=(rows(Decision, key="decision"),),
)
