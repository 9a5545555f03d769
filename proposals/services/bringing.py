"""How a proposal comes before a meeting: put forward there, or brought from before."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from assemblies.acts.arguments import OneOf, Text, named, text_within
from assemblies.acts.declaring import GATHERED, act
from assemblies.door.kinds import card, rows
from assemblies.door.page import Page
from assemblies.models import AgendaItem, Participant
from assemblies.rules.errors import Refused
from assemblies.rules.keys import new_key
from assemblies.sheets import Agenda, Roll
from proposals import rules
from proposals.models import LONGEST_TEXT, Proposal, ProposalVersion, digest_of_text
from proposals.rules import Phase
from proposals.sheets.across import proposer
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
