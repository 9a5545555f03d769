"""An item that was returned goes round again, with another text."""

from django.utils.translation import gettext as _

from assemblies.acts.arguments import Text, text_within
from assemblies.acts.declaring import SITTING, act
from assemblies.door.book import record_body
from assemblies.door.kinds import card, rows
from assemblies.door.page import Page
from assemblies.door.shapes import follows
from assemblies.models import Entry, Participant
from assemblies.rules.errors import Refused
from federation.models import CouncilItem, Notice, Ratification
from federation.rules import ItemPhase
from federation.services.base import Going
from federation.services.ratifying import ask_anew, day_of, notify_all
from federation.services.travel import (
    change_proposal,
    doors_around,
    item_here,
    phase_words,
    reference,
    tell_others,
)
from federation.sheets.councils import (
    Councils,
    forget,
)
from federation.words import sentences
from proposals.models import LONGEST_TEXT, Proposal, ProposalVersion
from proposals.rules import Phase
from proposals.services.decisions import ADOPTED
from proposals.sheets.table import Proposals


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
    if item.phase != ItemPhase.RETURNED:
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
    """Give what a council agrees on again a new version: former answers do not count."""
    own = page.sheet(Councils).own
    proposal = page.sheet(Proposals).find(str((entry.facts or {}).get("proposal", "")))
    item = own.item_of(proposal) if own is not None else None
    if item is None or proposal is None:
        return
    if Ratification.objects.filter(item=item, version=item.version).exists():
        version = max(item.version + 1, proposal.version)
        CouncilItem.objects.filter(pk=item.pk).update(version=version)
        forget(page)


# --- the cards of the entries written here ---

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
