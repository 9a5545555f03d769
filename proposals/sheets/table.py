"""The sheet of the proposals on an agenda: texts, concerns, amendments, blocks, decisions."""

from collections import defaultdict
from typing import Any, Self
from uuid import UUID

from assemblies.door.kinds import card, rows
from assemblies.door.page import Page, Sheet
from assemblies.models import AgendaItem, Meeting, Participant
from assemblies.sheets import Agenda
from proposals import rules
from proposals.models import (
    Amendment,
    Block,
    Concern,
    ConsensusTest,
    Decision,
    FallbackVote,
    Judgement,
    Proposal,
    ProposalVersion,
    Task,
)
from proposals.sheets.merging import answer_moves
from proposals.sheets.rule import rule_of
from proposals.words import sentences


class Proposals(Sheet):
    """The proposals on this agenda: texts, concerns, amendments, blocks, decisions, tasks."""

    name = "proposal"
    row_models = (Proposal, ProposalVersion, Concern, Amendment, Block, Judgement, Decision, Task)

    def __init__(
        self,
        proposals: list[Proposal],
        versions: list[ProposalVersion],
        concerns: list[Concern],
        amendments: list[Amendment],
        blocks: list[Block],
        judgements: list[Judgement],
        decisions: list[Decision],
        tasks: list[Task],
    ) -> None:
        self.proposals = {row.key: row for row in proposals}
        self.versions = by_proposal(versions)
        self.concerns = by_proposal(concerns)
        self.amendments = by_proposal(amendments)
        self.blocks: dict[UUID, list[Block]] = defaultdict(list)
        for block in blocks:
            self.blocks[block.test_id].append(block)
        self.judgements: dict[UUID, dict[UUID, Judgement]] = defaultdict(dict)
        for row in judgements:
            self.judgements[row.block_id][row.participant_id] = row
        self.decisions = decisions
        self.tasks = tasks

    @classmethod
    def load(cls, meeting: Meeting) -> Self:
        """Read the sheet of a meeting from the database."""
        proposals = list(
            Proposal.objects.filter(item__meeting=meeting).order_by("created_at", "key")
        )
        # Many meetings have no proposals; then nothing else is read.
        there = bool(proposals)
        ours = {"proposal__item__meeting": meeting}
        blocks = list(Block.objects.filter(test__meeting=meeting)) if there else []
        return cls(
            proposals,
            list(ProposalVersion.objects.filter(**ours).order_by("n")) if there else [],
            list(Concern.objects.filter(**ours).order_by("raised_at", "id")) if there else [],
            list(Amendment.objects.filter(**ours).order_by("offered_at", "id")) if there else [],
            blocks,
            list(Judgement.objects.filter(block__test__meeting=meeting)) if blocks else [],
            list(Decision.objects.filter(meeting=meeting).order_by("decided_at", "number")),
            list(Task.objects.filter(meeting=meeting).order_by("created_at")),
        )

    def current(self, page: Page) -> Proposal | None:
        """Return the proposal of the open item: the one presented last, else the first."""
        item = page.sheet(Agenda).open
        if item is None:
            return None
        here = [row for row in self.proposals.values() if row.item_id == item.pk]
        presented = [row for row in here if row.presented_at is not None]
        if presented:
            return max(presented, key=lambda row: row.presented_at or page.now)
        return next((row for row in here if row.phase not in rules.ENDS), next(iter(here), None))

    def of(self, row: Concern | Amendment | ConsensusTest | FallbackVote) -> Proposal:
        """Return the proposal that something of this meeting belongs to."""
        return next(one for one in self.proposals.values() if one.pk == row.proposal_id)

    def find(self, key: str) -> Proposal | None:
        """Return the proposal on this agenda with a key."""
        return self.proposals.get(key)

    def version(self, proposal: Proposal, n: int | None = None) -> ProposalVersion:
        """Return a version of a proposal, the present one if none is named."""
        wanted = proposal.version if n is None else n
        found: ProposalVersion = next(row for row in self.versions[proposal.pk] if row.n == wanted)
        return found

    def open_concerns(self, proposal: Proposal) -> list[Concern]:
        """Return the concerns that still have to be answered."""
        return [row for row in self.concerns[proposal.pk] if row.resolved_at is None]

    def item_dropped(self, page: Page, item: AgendaItem) -> None:
        """Take the proposals of a dropped item off the agenda."""
        for proposal in [row for row in self.proposals.values() if row.item_id == item.pk]:
            self.leave_agenda(page, proposal)
            page.note(LEFT_AGENDA, proposal=proposal.key, title=proposal.title)

    def leave_agenda(self, page: Page, proposal: Proposal) -> None:
        """Take a proposal off this agenda; it waits for another."""
        del self.proposals[proposal.key]
        proposal.item = None
        page.put(proposal)

    def round_began(self, page: Page) -> None:
        """Remember that this phase had its go-round."""
        proposal = self.current(page)
        if proposal is None or not rule_of(page.meeting).rounds:
            return
        if (name := rules.round_in(proposal.phase)) not in proposal.had:
            proposal.had = [*proposal.had, name]
            page.put(proposal)

    def person_merged(self, page: Page, who: Participant, into: Participant) -> None:
        """Move proposals, concerns, amendments and blocks to the place that stays."""
        for proposal in self.proposals.values():
            if proposal.by == who.key:
                proposal.by = into.key
                page.put(proposal)
        rows: list[Concern | Amendment] = []
        for concerns in self.concerns.values():
            rows += concerns
        for amendments in self.amendments.values():
            rows += amendments
        for row in rows:
            if row.by == who.key:
                row.by = into.key
                page.put(row)
        for blocks in self.blocks.values():
            places = {block.participant_id: block for block in blocks}
            if other := places.get(who.pk):
                self._block_merged(page, blocks, other, into, places.get(into.pk))
        for given in self.judgements.values():
            answer_moves(page, given, who, into)

    def _block_merged(
        self, page: Page, blocks: list[Block], other: Block, into: Participant, own: Block | None
    ) -> None:
        """Move a block to the place that stays, or join it with that place's own block."""
        if own is None:
            other.participant = into
            page.put(other)
            return
        # Two places of one person blocked: it is one block, and it stands if either did.
        own.heard_at = own.heard_at or other.heard_at
        if other.stands:
            own.state, own.ended_because = Block.State.STANDING, ""
        blocks.remove(other)
        page.put(own)
        page.drop(other)


def by_proposal(rows: list[Any]) -> dict[UUID, list[Any]]:
    """Return rows by the proposal they belong to."""
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.proposal_id].append(row)
    return found


# --- the cards of the entries written here ---

LEFT_AGENDA = card(
    "proposals.left_agenda",
    "proposal",
    "agenda",
    minutes=sentences.left_agenda,
    writes=(rows(Proposal),),
)
