"""A proposal is presented, talked about, and ends: the moves of DOMAIN.md 2.2."""

from datetime import timedelta

from django.utils.translation import gettext as _

from assemblies.acts.arguments import OneOf, Text, text_within
from assemblies.acts.declaring import GATHERED, SITTING, act
from assemblies.door.kinds import Undo, any_of, card, either, rows, same
from assemblies.door.page import Page
from assemblies.door.undoing import touching
from assemblies.models import AgendaItem, Entry, Participant
from assemblies.rules.errors import Refused
from proposals import rules
from proposals.models import ConsensusTest, Proposal
from proposals.rules import Phase
from proposals.services.at_hand import (
    OnAgenda,
    at_hand,
    check_all_heard,
    enter_phase,
    phase_refusal,
    put_aside,
)
from proposals.sheets.across import is_proposer
from proposals.sheets.rule import rule_of
from proposals.sheets.table import Proposals
from proposals.words import sentences


@act("present_proposal", roles=["facilitator"], phases=SITTING, proposal=OnAgenda(None))
def present_proposal(page: Page, *, by: Participant, proposal: Proposal | None) -> None:
    """Have a proposal read out: this text, this version. From now on it is the one at hand."""
    sheet = page.sheet(Proposals)
    if proposal is None:
        proposal = sheet.current(page)
    if proposal is not None and proposal.phase == Phase.PRESENTED:
        raise Refused("already_done", _("It has been presented."))
    before = sheet.current(page)
    row = at_hand(page, proposal, "present_proposal")
    live = before is not None and before.presented_at and before.phase not in rules.ENDS
    if live and before is not row:
        raise Refused("wrong_phase", _("Another proposal is on the table."))
    # Proposals presented at the same time keep their order.
    rows = sheet.proposals.values()
    after = [one.presented_at + timedelta(microseconds=1) for one in rows if one.presented_at]
    row.presented_at = max([page.now, *after])
    enter_phase(page, row, Phase.PRESENTED)
    page.note(PRESENTED, proposal=row.key, version=row.version, title=row.title)


@act(
    "set_phase",
    roles=["facilitator"],
    phases=SITTING,
    proposal=OnAgenda(None),
    phase=OneOf(words=rules.LEVELS_OF_TALK),
)
def set_phase(page: Page, *, by: Participant, proposal: Proposal | None, phase: str) -> None:
    """Go on to a phase of the talk, or back to one; what is skipped, the room may take back."""
    row = may_set_phase(page, proposal, phase)
    was, had = row.phase, list(row.had)
    left_out = rules.skipped(was, phase, had)
    put_aside(page, row)
    enter_phase(page, row, Phase(phase))
    page.note(
        PHASE_SKIPPED if left_out else PHASE_SET,
        proposal=row.key,
        phase=phase,
        was=was,
        had=had,
        skipped=left_out,
    )


def may_set_phase(page: Page, proposal: Proposal | None, phase: str) -> Proposal:
    """Return the proposal that may go on to a phase now, or refuse (ROOM.md 5, 24)."""
    row = at_hand(page, proposal, "set_phase")
    if row.phase == phase:
        raise Refused("already_done", _("The proposal is in that phase."))
    needed = rule_of(page.meeting).phases
    if phase in needed and not set(needed[: needed.index(phase)]) <= set(row.had):
        raise Refused("wrong_phase", _("By this way of deciding no level is left out."))
    if row.phase == Phase.BLOCK_REVIEW:
        check_all_heard(page, row)
    return row


def unskip(page: Page, entry: Entry) -> None:
    """Go back to the phase before one was skipped, because somebody objected."""
    facts = entry.facts or {}
    row = page.sheet(Proposals).find(facts["proposal"])
    if row is None or row.phase != facts["phase"]:
        raise Refused("wrong_phase", _("The proposal has gone on since."))
    row.move_to(Phase(facts["was"]), rules.TAKEN_BACK)
    row.had = facts["had"]
    page.put(row)


def only_questions(page: Page, kind: str) -> str | None:
    """Have hands and direct responses wait while clarifying questions are asked (ROOM.md 5, 13)."""
    row = page.sheet(Proposals).current(page)
    if row is None or row.phase != Phase.CLARIFYING or kind not in ("hand", "direct_response"):
        return None
    return _("Clarifying questions only: hands wait for the discussion.")


def end(page: Page, proposal: Proposal, phase: Phase, why: str) -> None:
    """End what this meeting does with a proposal; version and open concerns stay."""
    put_aside(page, proposal)
    proposal.why_ended = why
    enter_phase(page, proposal, phase)


@act("refer", roles=["facilitator"], phases=SITTING, proposal=OnAgenda(None), to=Text(""))
def refer(page: Page, *, by: Participant, proposal: Proposal | None, to: str) -> None:
    """Send a proposal to a working group or a wider circle; version and concerns go along."""
    to = text_within(to, 300, needed=False)
    row = at_hand_to_end(page, proposal, "refer", Phase.REFERRED)
    end(page, row, Phase.REFERRED, to)
    page.note(REFERRED, proposal=row.key, to=to)


@act("postpone", roles=["facilitator"], phases=SITTING, proposal=OnAgenda(None), until=Text(""))
def postpone(page: Page, *, by: Participant, proposal: Proposal | None, until: str) -> None:
    """Leave a proposal for a later meeting; version and concerns are kept."""
    until = text_within(until, 300, needed=False)
    row = at_hand_to_end(page, proposal, "postpone", Phase.POSTPONED)
    end(page, row, Phase.POSTPONED, until)
    page.note(POSTPONED, proposal=row.key, until=until)


def at_hand_to_end(page: Page, proposal: Proposal | None, do: str, phase: Phase) -> Proposal:
    """Return the proposal at hand, unless it ended in this way already."""
    current = proposal or page.sheet(Proposals).current(page)
    if current is not None and current.phase == phase:
        raise Refused("already_done", phase_refusal(current))
    return at_hand(page, proposal, do)


@act("withdraw_proposal", phases=GATHERED, entered="no_phone", proposal=OnAgenda(None))
def withdraw_proposal(page: Page, *, by: Participant, proposal: Proposal | None) -> None:
    """Take one's own proposal back."""
    row = proposal or page.sheet(Proposals).current(page)
    if row is not None:
        check_proposer(page, row, by)
        if row.phase == Phase.WITHDRAWN:
            raise Refused("already_done", _("It was withdrawn."))
    if row is None or row.phase != Phase.SUBMITTED:
        # What has not been presented can be withdrawn whichever item is open.
        row = at_hand(page, proposal, "withdraw_proposal")
    end(page, row, Phase.WITHDRAWN, "")
    page.note(WITHDRAWN, proposal=row.key)


def check_proposer(page: Page, proposal: Proposal, by: Participant) -> None:
    """Refuse somebody who did not put this proposal forward."""
    if not is_proposer(page, proposal, by):
        raise Refused("not_the_proposer", _("Who put it forward can do that."))


# --- the cards of the entries written here ---

PRESENTED = card(
    "proposals.presented",
    "proposal",
    "floor",
    minutes=sentences.presented,
    writes=(rows(Proposal, key="proposal"),),
)
PHASE_SET = card(
    "proposals.phase_set",
    "proposal",
    "test",
    "floor",
    minutes=sentences.PHASES,
    writes=(
        rows(Proposal, key="proposal"),
        rows(ConsensusTest),
    ),
)
PHASE_SKIPPED = card(
    "proposals.phase_skipped",
    "proposal",
    "test",
    "question",
    "floor",
    minutes=sentences.skipped,
    undo=Undo(
        unskip,
        either(
            touching("proposal", unless=("assemblies.seats_merged",)),
            any_of("assemblies.item_finished"),
            same("proposal", "proposals.phase_skipped"),
        ),
        by_actor=False,
        by_room=True,
    ),
    room=sentences.a_phase_is_left_out,
    writes=(rows(Proposal, key="proposal"),),
)
REFERRED = card(
    "proposals.referred",
    "proposal",
    minutes=sentences.referred,
    writes=(rows(Proposal, key="proposal"),),
)
POSTPONED = card(
    "proposals.postponed",
    "proposal",
    minutes=sentences.postponed,
    writes=(rows(Proposal, key="proposal"),),
)
WITHDRAWN = card(
    "proposals.withdrawn",
    "proposal",
    minutes=sentences.proposal_withdrawn,
    writes=(
        rows(Proposal, key="proposal"),
        rows(AgendaItem),
    ),
)
