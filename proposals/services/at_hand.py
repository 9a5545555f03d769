"""What the services share: the proposal at hand, its phase, counts of people without names."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, cast

from django.db.models import Model
from django.utils.translation import gettext as _

from assemblies.acts.arguments import Reader
from assemblies.door.page import Page
from assemblies.door.shapes import Countable
from assemblies.models import Participant
from assemblies.rules.errors import Refused
from proposals import rules
from proposals.models import ConsensusTest, Proposal
from proposals.sheets.across import blocks_standing
from proposals.sheets.asking import Asking
from proposals.sheets.table import Proposals


@dataclass(frozen=True, slots=True)
class OnAgenda(Reader):
    """A proposal on this agenda, by key; left out: the one at hand."""

    def read(self, page: Page, by: Participant, value: Any) -> Proposal:
        """Return the proposal with this key; refuse an unknown one."""
        found = page.sheet(Proposals).find(value) if isinstance(value, str) else None
        if found is None:
            raise Refused("unknown", _("There is no such proposal on the agenda."))
        return found


def at_hand(page: Page, proposal: Proposal | None, do: str) -> Proposal:
    """Return the proposal that an act is about, if the table of moves lets it be done now.

    Raises Refused: `test_open` while positions are taken or ballots cast, `wrong_phase` where the
    proposal is not on the open item or its phase does not allow it.
    """
    if page.sheet(Asking).asking():
        raise Refused("test_open", _("A test or a vote is open. Close it first."))
    current = page.sheet(Proposals).current(page)
    proposal = proposal or current
    if proposal is None:
        raise Refused("wrong_phase", _("No proposal is on the table."))
    if current is None or proposal.item_id != current.item_id:
        raise Refused(
            "wrong_phase",
            _("“%(title)s” is not on the open item.") % {"title": proposal.title},
        )
    if proposal.phase not in rules.FROM[do]:
        raise Refused("wrong_phase", phase_refusal(proposal))
    return proposal


def phase_refusal(proposal: Proposal) -> str:
    """Return the sentence that the phase of a proposal does not allow something."""
    return _("That cannot be done while the proposal is at: %(phase)s.") % {
        "phase": proposal.get_phase_display()
    }


def enter_phase(page: Page, proposal: Proposal, phase: rules.Phase) -> None:
    """Move a proposal to a phase and remember that it was had; only along the table of moves."""
    proposal.move_to(phase)
    if phase not in proposal.had:
        proposal.had = [*proposal.had, phase]
    page.put(proposal)


def check_all_heard(page: Page, proposal: Proposal) -> None:
    """Refuse where a standing block has not been heard: a hearing is never skipped."""
    waiting = [block for block in blocks_standing(page, proposal) if block.heard_at is None]
    if waiting:
        raise Refused("hearing_due", _("Every standing block is heard first."))


def put_aside(page: Page, proposal: Proposal) -> None:
    """Put aside a consensus that stood: talk goes on, or the text has changed."""
    for test in page.sheet(Asking).tests:
        if test.proposal_id == proposal.pk and test.stands:
            test.stands = False
            page.put(test)


def apply_outcome(page: Page, proposal: Proposal, test: ConsensusTest) -> None:
    """Lead a proposal to where the outcome of its test says (ROOM.md 5, 27)."""
    test.stands = test.outcome == "CONSENSUS"
    phase = rules.AFTER[test.outcome] or rules.Phase(test.came_from)
    enter_phase(page, proposal, phase)


class Asked(Protocol):
    """What can be answered by people counted without names: a check, a test, a vote."""

    counted: dict[str, int]
    counted_by: str


def countable(
    asked: Callable[[Page], Any],
    words: tuple[str, ...],
    allowed: Callable[[Page, dict[str, int]], None] = lambda page, counts: None,
) -> Countable:
    """Return how people without names are counted for an answer; a later count replaces.

    `asked` returns the open row or refuses, `allowed` refuses counts that cannot be (ROOM.md 5, 4).
    """

    def known(page: Page) -> tuple[str, ...]:
        """Return the words that can be counted; refuse where nothing is open."""
        asked(page)
        return words

    def take(page: Page, counts: dict[str, int]) -> None:
        """Write the counts and who counted."""
        row: Asked = asked(page)
        allowed(page, counts)
        row.counted = dict(counts)
        row.counted_by = page.actor.key if page.actor else ""
        page.put(cast(Model, row))

    return Countable(known, lambda page: dict(asked(page).counted), take)
