"""Read proposals and decisions for pages and files; never who took which position."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from assemblies.models import Assembly, Person
from assemblies.sheets import votes_held
from proposals import rules
from proposals.models import (
    Block,
    ConsensusTest,
    Decision,
    FallbackVote,
    Proposal,
    ProposalVersion,
    Task,
)
from proposals.rules import Phase
from proposals.rules.diff import changes
from proposals.words import amounts, outcomes, vocabulary

LISTED = 200


# --- proposals ------------------------------------------------------------------------------------


def seen_by(person: Person, assembly: Assembly) -> QuerySet[Proposal]:
    """Return the proposals of an assembly that a member may see: a draft is its author's alone."""
    rows = Proposal.objects.filter(assembly=assembly).filter(
        ~Q(phase=Phase.DRAFT) | Q(person=person)
    )
    return rows.select_related("item__meeting", "person")


def by_state(rows: Iterable[Proposal]) -> list[dict[str, Any]]:
    """Return proposals under headings, the active ones first; without empty headings."""
    groups: dict[str, list[Proposal]] = {
        "mine": [],
        "agenda": [],
        "waiting": [],
        "adopted": [],
        "over": [],
    }
    for row in rows:
        groups[state_of(row)].append(row)
    labels = {
        "mine": _("My drafts"),
        "agenda": _("On an agenda"),
        "waiting": _("Waiting for a meeting"),
        "adopted": _("Adopted"),
        "over": _("Not adopted, or withdrawn"),
    }
    return [
        {"code": code, "label": labels[code], "proposals": found}
        for code, found in groups.items()
        if found
    ]


def state_of(row: Proposal) -> str:
    """Return the heading under which a proposal is listed."""
    if row.phase == Phase.DRAFT:
        return "mine"
    if row.phase in (Phase.ADOPTED, Phase.SUPERSEDED):
        return "adopted"
    if row.phase in (Phase.WITHDRAWN, Phase.NOT_ADOPTED):
        return "over"
    on = row.item.meeting if row.item is not None else None
    return "agenda" if on is not None and on.phase != "ended" else "waiting"


def fields_of(row: Proposal) -> list[tuple[str, str]]:
    """Return the fields of a proposal beside its text, with labels; without empty ones."""
    said = [
        (_("What it answers to"), row.needs),
        (_("Who is affected"), row.affects),
        (_("Work it takes"), row.work),
        (_("Who carries it out"), row.carried_out_by),
        (_("Money"), row.money),
        (_("Scope"), row.scope),
    ]
    return [(label, text) for label, text in said if text]


def compared(versions: list[ProposalVersion], old: Any, new: Any) -> dict[str, Any] | None:
    """Return what changed between two versions, word by word; None where there is only one.

    A value that is no version's number means the last two versions.
    """
    by_number = {str(row.n): row for row in versions}
    if len(versions) < 2:
        return None
    before = by_number.get(str(old), versions[-2])
    after = by_number.get(str(new), versions[-1])
    pieces = [{"how": piece.how, "text": piece.text} for piece in changes(before.text, after.text)]
    return {"old": before.n, "new": after.n, "changes": pieces}


def test_told(test: ConsensusTest) -> dict[str, Any]:
    """Return a closed test in words and numbers, with what became of its blocks."""
    rule = rules.read_rule(test.meeting.rule)
    counts = dict(test.counts.get("positions", {}))
    fallen = sum(1 for block in test.blocks.all() if block.state == "invalid")
    blocking, outdated = rule.blocking, test.version < test.proposal.version
    # A block found invalid was an answer, and does not stop it any more.
    left = {**counts, blocking: counts.get(blocking, 0) - fallen} if fallen else counts
    return {
        "version": test.version,
        "at": test.closed_at,
        "meeting": test.meeting,
        "outcome": vocabulary.outcome_labels(by_degree=rule.open).get(test.outcome, test.outcome),
        "positions": " ".join(
            filter(
                None,
                [amounts.positions_sentence(counts), amounts.units_sentence(test.counts, counts)],
            )
        )
        if counts
        else "",
        "because": outcomes.because(
            rule,
            test.outcome,
            left,
            present=amounts.quorum_base(test.counts, int(test.counts.get("present", 0))),
            quorum=test.counts.get("quorum"),
        ),
        "blocks": [block_told(block, outdated) for block in test.blocks.all()],
    }


def block_told(block: Block, outdated: bool) -> dict[str, Any]:
    """Return a block; with a name only where that person agreed to be named."""
    who = block.participant
    changed = outdated and block.stands
    return {
        "name": who.name if who.named else _("a member"),
        "principle": block.principle,
        "reason": block.reason,
        "state": _("Stood until the text changed") if changed else block.get_state_display(),
        "ended_because": block.ended_because,
    }


def vote_told(vote: FallbackVote, tests: list[ConsensusTest]) -> dict[str, Any]:
    """Return a closed vote in words and numbers."""
    rule = rules.read_rule(vote.meeting.rule)
    because = _("Too few were here. The vote is void.") if vote.passed is None else ""
    if rule.vote is not None and vote.passed is not None:
        tested = [one for one in tests if one.version == vote.version and one.outcome]
        counts = tested[-1].counts if tested else {}
        present = int(counts.get("present", 0))
        of = rules.votes_counted(
            rule.vote,
            vote.counts,
            asides=counts.get("positions", {}).get("stand_aside", 0),
            present=present,
            members=sum(votes_held(vote.meeting).values()) or vote.meeting.assembly.roll or present,
        )
        because = outcomes.vote_told(
            rule, vote.counts, counted=of, passed=vote.passed, degree=counts.get("degree")
        )
    return {
        "override": rule.open,
        "version": vote.version,
        "at": vote.closed_at,
        "meeting": vote.meeting,
        "votes": amounts.votes_sentence(vote.counts, override=rule.open) if vote.counts else "",
        "because": because,
    }


# --- decisions ------------------------------------------------------------------------------------


def decisions_of(assembly: Assembly) -> QuerySet[Decision]:
    """Return the decisions of an assembly, the newest first, with the rows they refer to."""
    return (
        Decision.objects.filter(assembly=assembly)
        .select_related("meeting", "proposal", "supersedes")
        .prefetch_related("superseded_by", "tasks__person")
        .order_by("-number")
    )


def holding_words(rows: QuerySet[Decision], asked: str) -> QuerySet[Decision]:
    """Return the decisions whose title or text has every one of the words, or the number D-3."""
    for word in asked.split()[:10]:
        found = Q(title__icontains=word) | Q(text__icontains=word)
        number = word.upper().removeprefix("D-")
        if number.isascii() and number.isdigit() and len(number) < 10:
            found |= Q(number=int(number))
        rows = rows.filter(found)
    return rows


def in_force(assembly: Assembly) -> QuerySet[Decision]:
    """Return the decisions that no later decision replaced."""
    return decisions_of(assembly).filter(superseded_by=None)


def decision_told(row: Decision) -> dict[str, Any]:
    """Return a decision as the register shows it."""
    proposal = row.proposal
    return {
        "number": row.number,
        "title": row.title,
        "text": row.text,
        "how": outcomes.how_told(row.how, row.numbers),
        "how_on_paper": row.how_on_paper,
        "on_paper": row.on_paper,
        "provisional": row.provisional,
        "confirmed": len(row.confirmed_by),
        "numbers": amounts.numbers_sentence(row.numbers),
        "version": row.version,
        "decided_at": row.decided_at,
        "review_on": row.review_on,
        "meeting": row.meeting,
        "proposal": proposal.key if proposal is not None else None,
        "supersedes": row.supersedes,
        "superseded_by": list(row.superseded_by.all()),
        "tasks": list(row.tasks.all()),
    }


def open_tasks(assembly: Assembly) -> QuerySet[Task]:
    """Return the tasks that are not done, those without a holder and the most urgent first."""
    rows = Task.objects.filter(assembly=assembly, done_at=None).select_related("decision")
    return rows.order_by("due", "created_at")
