"""A proposal is put forward, presented, talked about, and ends: the moves of DOMAIN.md 2.2."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from assemblies.acts.arguments import OneOf, Text, named, text_within
from assemblies.acts.declaring import GATHERED, SITTING, act
from assemblies.door.kinds import Undo, any_of, card, either, rows, same
from assemblies.door.page import Page
from assemblies.door.undoing import touching
from assemblies.models import AgendaItem, Entry, Participant
from assemblies.rules.errors import Refused
from assemblies.rules.keys import new_key
from assemblies.sheets import Agenda, Roll
from proposals import rules
from proposals.models import LONGEST_TEXT, ConsensusTest, Proposal, ProposalVersion, digest_of_text
from proposals.rules import Phase
from proposals.services.at_hand import (
    OnAgenda,
    at_hand,
    check_all_heard,
    enter_phase,
    phase_refusal,
    put_aside,
)
from proposals.sheets.across import is_proposer, proposer
from proposals.sheets.rule import rule_of
from proposals.sheets.table import Proposals
from proposals.words import sentences


@act(
    "put_forward",
    counts=True,
    phases=GATHERED,
    entered="no_phone",
    proposal=Text(""),
    title=Text(""),
    text=Text(""),
    needs=Text(""),
    affects=Text(""),
    more={"class": OneOf("ordinary", words=tuple(Proposal.Class.values))},
)
def put_forward(
    page: Page,
    *,
    by: Participant,
    proposal: str,
    title: str,
    text: str,
    needs: str,
    affects: str,
    **more: str,
) -> None:
    """Put a text to the assembly: on the open item, if nothing is on the table there, else last."""
    key = named(proposal) or new_key()
    title, text = text_within(title, 200), text_within(text, LONGEST_TEXT)
    needs = text_within(needs, 4000, needed=False)
    affects = text_within(affects, 2000, needed=False)
    taken = Proposal.objects.filter(assembly_id=page.meeting.assembly_id, key=key).exists()
    if taken or page.sheet(Proposals).find(key):
        raise Refused("already_done", _("A proposal of this name has been put forward."))
    item, new = place_for(page, title, key)
    row = new_proposal(
        page,
        item=item,
        key=key,
        by=by,
        title=title,
        text=text,
        needs=needs,
        affects=affects,
        decision_class=more["class"],
    )
    page.note(
        PUT_FORWARD,
        proposal=row.key,
        by=by.key,
        title=title,
        item=item.key,
        new_item=new,
        digest=digest_of_text(text),
        decision_class=more["class"],
    )


def place_for(page: Page, title: str, key: str) -> tuple[AgendaItem, bool]:
    """Return the item for a new proposal: the open one while it has none, else one at the end."""
    agenda = page.sheet(Agenda)
    current = page.sheet(Proposals).current(page)
    if agenda.open is not None and (current is None or current.phase in rules.ENDS):
        return agenda.open, False
    taken = {row.item_id for row in page.sheet(Proposals).proposals.values()}
    for item in agenda.items:
        # A line "Proposal: Roof" that was typed before is the place of the proposal "Roof".
        kept = item.kind == "proposal" and item.state == "waiting" and item.title == title
        if kept and item.pk not in taken:
            return item, False
    if len(agenda.items) >= 200:
        raise Refused("too_long", _("An agenda has at most 200 items."))
    item = AgendaItem(
        id=uuid.uuid4(),
        meeting=page.meeting,
        key=key if agenda.find(key) is None else new_key(),
        position=len(agenda.items) + 1,
        title=title,
        kind="proposal",
        minutes=20,
    )
    agenda.items.append(item)
    page.put(item)
    return item, True


def new_proposal(
    page: Page, *, item: AgendaItem, key: str, by: Participant, title: str, text: str, **more: Any
) -> Proposal:
    """Write a submitted proposal with its first version and put it on an item."""
    sheet = page.sheet(Proposals)
    row = Proposal(
        id=uuid.uuid4(),
        assembly=page.meeting.assembly,
        key=key,
        item=item,
        person_id=by.person_id,
        by=by.key,
        title=title,
        phase=Phase.SUBMITTED,
        # Proposals put forward at the same time keep their order.
        created_at=page.now + timedelta(microseconds=len(sheet.proposals)),
        **more,
    )
    page.put(row)
    sheet.proposals[row.key] = row
    add_version(page, row, text)
    return row


def add_version(page: Page, proposal: Proposal, text: str) -> ProposalVersion:
    """Freeze the text of a proposal's present version."""
    row = ProposalVersion(
        id=uuid.uuid4(),
        proposal=proposal,
        n=proposal.version,
        text=text,
        digest=digest_of_text(text),
        at=page.now,
    )
    page.put(row)
    page.sheet(Proposals).versions[proposal.pk].append(row)
    return row


@act("bring_proposal", roles=["facilitator"], phases=GATHERED, proposal=Text())
def bring_proposal(page: Page, *, by: Participant, proposal: str) -> None:
    """Put a proposal of this assembly that waits (submitted, postponed, referred) on the agenda."""
    sheet = page.sheet(Proposals)
    if sheet.find(proposal) is not None:
        raise Refused("already_done", _("It is on this agenda already."))
    row = Proposal.objects.filter(assembly=page.meeting.assembly_id, key=proposal).first()
    if row is None or row.phase in rules.RESTS:
        raise Refused("unknown", _("No proposal of that name waits to be taken up."))
    bring(page, row)


def bring(page: Page, row: Proposal, **more: Any) -> None:
    """Put a waiting proposal on this agenda; its versions and concerns come along.

    Raises Refused: `wrong_phase` while it is on the agenda of another meeting.
    """
    sheet = page.sheet(Proposals)
    other = row.item.meeting if row.item is not None else None
    if other is not None and other.pk != page.meeting.pk and other.phase != "ended":
        raise Refused("wrong_phase", _("It is on the agenda of another meeting."))
    item, new = place_for(page, row.title, row.key)
    row.move_to(Phase.SUBMITTED, rules.BETWEEN_MEETINGS)
    row.item, row.had, row.presented_at, row.failed_tests = item, [], None, 0
    author = proposer(page, row)
    if not page.sheet(Roll).by_unit:
        # Where a unit proposed, it stays the proposer, whoever speaks for it.
        row.by = author.key if author is not None else row.by
    page.put(row)
    sheet.proposals[row.key] = row
    sheet.versions[row.pk] = list(row.versions.order_by("n"))
    sheet.concerns[row.pk] = list(row.concerns.order_by("raised_at", "id"))
    sheet.amendments[row.pk] = list(row.amendments.order_by("offered_at", "id"))
    page.note(BROUGHT, proposal=row.key, title=row.title, item=item.key, new_item=new, **more)


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

PUT_FORWARD = card(
    "proposals.put_forward",
    "proposal",
    "agenda",
    minutes=sentences.put_forward,
    writes=(
        rows(Proposal, key="proposal"),
        rows(ProposalVersion, digest="digest"),
        rows(AgendaItem, key="item"),
    ),
)
BROUGHT = card(
    "proposals.brought",
    "proposal",
    "agenda",
    minutes=sentences.brought,
    writes=(
        rows(Proposal, key="proposal"),
        rows(AgendaItem, key="item"),
    ),
)
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
