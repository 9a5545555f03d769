"""What follows for a council item when its test, its vote or its text is settled."""

from datetime import timedelta
from typing import Any

from assemblies.door.kinds import card, rows
from assemblies.door.page import Page
from assemblies.door.shapes import follows
from assemblies.models import Entry
from assemblies.rules import SPLIT, together
from assemblies.sheets import Roll
from federation import rules
from federation.models import CouncilItem, Notice, UnitPosition
from federation.rules import ItemPhase
from federation.services.base import notify
from federation.services.mandates import instructions_of
from federation.services.supervising import council_if_any
from federation.services.within_mandate import abstaining
from federation.sheets.councils import forget
from federation.sheets.seen import Seen, unit_of
from federation.words import sentences
from proposals.models import Proposal
from proposals.services.concerns import AMENDMENT_ACCEPTED
from proposals.services.decisions import ADOPTED
from proposals.services.tests import TEST_CLOSED, TEST_OPENED
from proposals.services.votes import VOTE_CLOSED
from proposals.sheets.asking import Asking
from proposals.sheets.table import Proposals


@follows(TEST_OPENED)
def item_before_the_council(page: Page, entry: Entry) -> None:
    """Move an item before the council when a test on it opens."""
    seen = council_if_any(page)
    item = seen.item_of(page.sheet(Proposals).current(page)) if seen is not None else None
    if item is not None and item.phase == ItemPhase.GOING_ROUND:
        item.move_to(ItemPhase.OPEN)
        item.save(update_fields=["phase"])
        forget(page)


@follows(TEST_CLOSED, VOTE_CLOSED)
def keep_positions(page: Page, entry: Entry) -> None:
    """Keep the position of each unit, and who entered it: a delegate speaks for others."""
    seen, asking = council_if_any(page), page.sheet(Asking)
    facts = entry.facts or {}
    proposal = page.sheet(Proposals).find(str(facts.get("proposal", "")))
    item = seen.item_of(proposal) if seen is not None else None
    if seen is None or proposal is None or item is None:
        return
    rows: list[tuple[str, Any, str]]
    if entry.kind == TEST_CLOSED:
        if facts.get("outcome") == "NO_QUORUM":
            return
        question = "test"
        rows = [(row.voice, row.participant_id, row.position) for row in asking.positions.values()]
        about = [test for test in asking.tests if test.proposal_id == proposal.pk]
        n = len([test for test in about if test.outcome not in ("", "NO_QUORUM")])
    else:
        if facts.get("passed") is None:
            return
        question = "override"
        rows = [(row.voice, row.participant_id, row.choice) for row in asking.ballots.values()]
        n = len([vote for vote in asking.votes if vote.proposal_id == proposal.pk])
    before = UnitPosition.objects.filter(item=item, question=question).exclude(meeting=page.meeting)
    n += before.values("round").distinct().count()
    silent = {*abstaining(page)} - {voice for voice, _who, _said in rows}
    rows += [(voice, None, "abstain") for voice in sorted(silent)]
    write_positions(page, seen, item, proposal, question, n, rows)
    if entry.kind == VOTE_CLOSED and facts.get("passed") is False:
        item.move_to(ItemPhase.NOT_AGREED)
        item.save(update_fields=["phase"])
        tell_units(seen, item, item.phase, page)
    forget(page)


def write_positions(
    page: Page,
    seen: Seen,
    item: CouncilItem,
    proposal: Proposal,
    question: str,
    n: int,
    rows: list[tuple[str, Any, str]],
) -> None:
    """Write the position of every unit in a closed round."""
    people, text = page.sheet(Roll).by_id, page.sheet(Proposals).version(proposal)
    said = together((unit_of(voice), answer) for voice, _who, answer in rows)
    written = []
    for row in seen.units.values():
        if row.unit is None or row.unit_id is None or row.unit.key not in said:
            continue
        entered = [
            [str(people[who].person_id or ""), people[who].name, answer]
            for voice, who, answer in rows
            if who is not None and unit_of(voice) == row.unit.key
        ]
        mandate = seen.mandate(row.unit_id, item)
        answer = said[row.unit.key]
        told = instructions_of(mandate) if mandate is not None else None
        written.append(
            UnitPosition(
                item=item,
                meeting=page.meeting,
                unit=row.unit,
                question=question,
                round=n,
                version=proposal.version,
                position=answer,
                entered=entered,
                mandate=mandate,
                outside_mandate=told is not None
                and answer != SPLIT
                and not rules.within_mandate(
                    told, answer, version=text.n, text=text.text, digest=text.digest
                ),
                at=page.now,
            )
        )
    UnitPosition.objects.bulk_create(written)


@follows(AMENDMENT_ACCEPTED)
def new_version(page: Page, entry: Entry) -> None:
    """Give an item the text of the new version of its proposal."""
    seen = council_if_any(page)
    proposal = page.sheet(Proposals).find(str((entry.facts or {}).get("proposal", "")))
    item = seen.item_of(proposal) if seen is not None else None
    if item is not None and proposal is not None:
        item.text = page.sheet(Proposals).version(proposal).text
        item.save(update_fields=["text"])
        forget(page)


@follows(ADOPTED)
def ask_bases_or_enact(page: Page, entry: Entry) -> None:
    """Ask the bases about what the council agreed on; where none is asked it is in force."""
    seen = council_if_any(page)
    facts = entry.facts or {}
    proposal = page.sheet(Proposals).find(str(facts.get("proposal", "")))
    item = seen.item_of(proposal) if seen is not None else None
    if seen is None or item is None:
        return
    made = next(row for row in page.sheet(Proposals).decisions if row.key == facts.get("decision"))
    # Written before the page is, for the item points at it.
    made.save()
    asked = rules.goes_to_bases(seen.rule, item.kind, item.class_of_item)
    item.outcome, item.agreed_at = made, page.now
    item.move_to(ItemPhase.PROVISIONAL if asked else ItemPhase.IN_FORCE)
    item.answer_until = page.now + timedelta(days=seen.rule.ratify_days) if asked else None
    item.save(update_fields=["outcome", "agreed_at", "phase", "answer_until"])
    here = page.meeting.assembly
    until = here.local(item.answer_until).date().isoformat() if item.answer_until else None
    page.note(ITEM_AGREED, item=item.key, title=item.title, phase=item.phase, until=until)
    tell_units(seen, item, item.phase, page)
    forget(page)


def tell_units(seen: Seen, item: CouncilItem, what: str, page: Page) -> None:
    """Give all units a notice of what became of an item."""
    units = [row.unit for row in seen.units.values() if row.unit is not None]
    notify(seen.council, units, what, page.now, item=item, title=item.title)


# --- the cards of the entries written here ---

ITEM_AGREED = card(
    "federation.item_agreed",
    "council",
    minutes=sentences.item_agreed,
    writes=(
        rows(CouncilItem, key="item"),
        rows(Notice),
    ),
)
