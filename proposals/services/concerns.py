"""Concerns are raised and resolved; amendments offered, accepted or declined by the proposer."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from assemblies.acts.arguments import OneOf, Reader, Text, Words, text_within
from assemblies.acts.declaring import SITTING, act
from assemblies.door.kinds import card, rows
from assemblies.door.page import Page
from assemblies.models import Participant
from assemblies.rules.errors import Refused
from assemblies.rules.keys import new_key
from assemblies.sheets import Roll
from proposals.models import (
    LONGEST_TEXT,
    Amendment,
    Concern,
    Proposal,
    ProposalVersion,
    digest_of_text,
)
from proposals.rules import Phase
from proposals.services.at_hand import OnAgenda, at_hand, enter_phase, put_aside
from proposals.services.bringing import add_version
from proposals.services.life import check_proposer
from proposals.sheets.across import proposer
from proposals.sheets.asking import Asking
from proposals.sheets.table import Proposals
from proposals.words import sentences

MOST_OPEN = 200


@dataclass(frozen=True, slots=True)
class OfProposal(Reader):
    """A concern or an amendment on this agenda, by key."""

    what: str = "concerns"

    def read(self, page: Page, by: Participant, value: Any) -> Any:
        """Return the concern or amendment with this key; refuse an unknown one."""
        sheet = page.sheet(Proposals)
        current = sheet.current(page)
        # A key may stand in two proposals; the one at hand is meant first.
        rows = [row for rows in getattr(sheet, self.what).values() for row in rows]
        rows.sort(key=lambda row: current is None or row.proposal_id != current.pk)
        for row in rows:
            if row.key == value:
                return row
        raise Refused("unknown", _("There is nothing of that name on the table."))


# --- concerns -------------------------------------------------------------------------------------


@act(
    "raise_concern",
    counts=True,
    phases=SITTING,
    entered="no_phone",
    proposal=OnAgenda(None),
    concern=Text(""),
    text=Text(""),
    kind=OneOf("practical", words=tuple(Concern.Kind.values)),
    carried_for=Text(""),
)
def raise_concern(
    page: Page,
    *,
    by: Participant,
    proposal: Proposal | None,
    concern: str,
    text: str,
    kind: str,
    carried_for: str,
) -> None:
    """Record a worry to be answered; `carried_for` names somebody absent: voice, not vote."""
    row = at_hand(page, proposal, "raise_concern")
    text, carried_for = text_within(text, 2000), text_within(carried_for, 80, needed=False)
    key = text_within(concern, 40, needed=False) or new_key()
    sheet = page.sheet(Proposals)
    if any(one.key == key for one in sheet.concerns[row.pk]):
        raise Refused("already_done", _("A concern of this name has been raised."))
    if len(sheet.open_concerns(row)) >= MOST_OPEN:
        raise Refused("too_long", _("Two hundred concerns are open. Answer some first."))
    add_concern(page, row, by=by.key, key=key, text=text, kind=kind, carried_for=carried_for)


def add_concern(
    page: Page, proposal: Proposal, *, by: str, key: str, text: str, kind: str, **more: Any
) -> Concern:
    """Write a concern down, under a new key where this one is taken."""
    rows = page.sheet(Proposals).concerns[proposal.pk]
    if any(row.key == key for row in rows):
        key = new_key()
    row = Concern(
        id=uuid.uuid4(),
        proposal=proposal,
        key=key,
        by=by,
        kind=kind,
        text=text,
        # Concerns raised at the same time keep their order.
        raised_at=page.now + timedelta(microseconds=len(rows)),
        **more,
    )
    rows.append(row)
    page.put(row)
    page.note(
        CONCERN_RAISED,
        proposal=proposal.key,
        concern=key,
        by=by,
        kind=kind,
        text=text,
        carried_for=row.carried_for,
    )
    return row


@act("resolve_concern", phases=SITTING, entered="no_phone", concern=OfProposal())
def resolve_concern(page: Page, *, by: Participant, concern: Concern) -> None:
    """Say that one's own concern has been met."""
    if page.sheet(Roll).find(concern.by) is not by:
        raise Refused("not_your_role", _("Who raised a concern says when it is met."))
    if concern.resolved_at is not None:
        raise Refused("already_done", _("That concern has been met."))
    concern.resolved_at = page.now
    page.put(concern)
    page.note(CONCERN_RESOLVED, concern=concern.key, proposal=page.sheet(Proposals).of(concern).key)


# --- amendments -----------------------------------------------------------------------------------


@act(
    "offer_amendment",
    counts=True,
    phases=SITTING,
    entered="no_phone",
    proposal=OnAgenda(None),
    amendment=Text(""),
    text=Text(""),
    meets=Words(None),
)
def offer_amendment(
    page: Page,
    *,
    by: Participant,
    proposal: Proposal | None,
    amendment: str,
    text: str,
    meets: list[str] | None,
) -> None:
    """Offer another whole text that meets concerns; the proposer accepts or declines it."""
    row = at_hand(page, proposal, "offer_amendment")
    sheet = page.sheet(Proposals)
    text = text_within(text, LONGEST_TEXT)
    key = text_within(amendment, 40, needed=False) or new_key()
    there = {concern.key for concern in sheet.concerns[row.pk]}
    if meets and not set(meets) <= there:
        raise Refused("unknown", _("There is no such concern."))
    if any(one.key == key for one in sheet.amendments[row.pk]):
        raise Refused("already_done", _("An amendment of this name has been offered."))
    if sum(one.state == "offered" for one in sheet.amendments[row.pk]) >= MOST_OPEN:
        raise Refused("too_long", _("Two hundred amendments wait for an answer."))
    offered = Amendment(
        id=uuid.uuid4(),
        proposal=row,
        key=key,
        by=by.key,
        version=row.version,
        text=text,
        meets=meets or [],
        offered_at=page.now + timedelta(microseconds=len(sheet.amendments[row.pk])),
    )
    sheet.amendments[row.pk].append(offered)
    page.put(offered)
    page.concern(proposer(page, row))
    page.note(
        AMENDMENT_OFFERED,
        proposal=row.key,
        amendment=key,
        by=by.key,
        version=row.version,
        digest=digest_of_text(text),
        meets=offered.meets,
    )


@act("accept_amendment", phases=SITTING, entered="anyone", amendment=OfProposal(what="amendments"))
def accept_amendment(page: Page, *, by: Participant, amendment: Amendment) -> None:
    """Make an amendment the proposal's next version: its test, blocks and vote begin anew."""
    row = answerable(page, by, amendment)
    amendment.state = "accepted"
    page.put(amendment)
    put_aside(page, row)
    test = page.sheet(Asking).test_on(row)
    # Those who had taken a position are told that it does not count for the new text.
    people = page.sheet(Roll).by_id
    if test is not None:
        page.concern(*(people.get(pk) for pk in page.sheet(Asking).positions))
    row.version += 1
    add_version(page, row, amendment.text)
    enter_phase(page, row, Phase.AMENDING)
    page.note(
        AMENDMENT_ACCEPTED,
        proposal=row.key,
        amendment=amendment.key,
        by=amendment.by,
        version=row.version,
        digest=digest_of_text(amendment.text),
        meets=amendment.meets,
    )


@act("decline_amendment", phases=SITTING, entered="anyone", amendment=OfProposal(what="amendments"))
def decline_amendment(page: Page, *, by: Participant, amendment: Amendment) -> None:
    """Leave the text as it is."""
    row = answerable(page, by, amendment)
    amendment.state = "declined"
    page.put(amendment)
    page.note(AMENDMENT_DECLINED, proposal=row.key, amendment=amendment.key, by=amendment.by)


def answerable(page: Page, by: Participant, amendment: Amendment) -> Proposal:
    """Return the proposal of an amendment that this person may answer now."""
    row = page.sheet(Proposals).of(amendment)
    check_proposer(page, row, by)
    if amendment.state != "offered":
        raise Refused("already_done", _("That amendment has had its answer."))
    return at_hand(page, row, "offer_amendment")


# --- the cards of the entries written here ---

CONCERN_RAISED = card(
    "proposals.concern_raised",
    "proposal",
    minutes=sentences.concern,
    writes=(rows(Concern, key="concern"),),
)
CONCERN_RESOLVED = card(
    "proposals.concern_resolved",
    "proposal",
    minutes=sentences.RESOLVED,
    writes=(rows(Concern, key="concern"),),
)
AMENDMENT_OFFERED = card(
    "proposals.amendment_offered",
    "proposal",
    minutes=sentences.offered,
    writes=(rows(Amendment, key="amendment"),),
)
AMENDMENT_ACCEPTED = card(
    "proposals.amendment_accepted",
    "proposal",
    "test",
    minutes=sentences.accepted,
    writes=(
        rows(Amendment, key="amendment"),
        rows(ProposalVersion, digest="digest"),
        rows(Proposal, key="proposal"),
    ),
)
AMENDMENT_DECLINED = card(
    "proposals.amendment_declined",
    "proposal",
    minutes=sentences.declined,
    writes=(rows(Amendment, key="amendment"),),
)
