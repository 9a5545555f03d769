"""A proposal before and between meetings: written, submitted, put on an agenda, withdrawn.

Entries go to the journal of the assembly; where a meeting's agenda changes, also to the journal
of that meeting. Only its author sees a draft, and no journal has it.
"""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from assemblies.door.book import record_body
from assemblies.door.journal import record
from assemblies.door.kinds import Silent, card, rows
from assemblies.models import Assembly, Meeting, Person
from assemblies.rules.errors import Refused
from assemblies.services.belonging import organises
from assemblies.sheets import Agenda
from proposals import rules
from proposals.models import Proposal, ProposalVersion, digest_of_text
from proposals.rules import Phase
from proposals.services.at_hand import phase_refusal
from proposals.services.bringing import bring
from proposals.services.life import WITHDRAWN
from proposals.sheets.table import Proposals
from proposals.words import sentences

DRAFTS_AT_MOST = 50  # of one person in one assembly


def write_draft(assembly: Assembly, by: Person, said: dict[str, Any]) -> Proposal:
    """Begin a draft. Raises Refused: `too_long` where somebody has fifty already."""
    mine = Proposal.objects.filter(assembly=assembly, person=by, phase=Phase.DRAFT)
    if mine.count() >= DRAFTS_AT_MOST:
        raise Refused("too_long", _("Fifty drafts are enough. Submit one or throw one away."))
    return Proposal.objects.create(assembly=assembly, person=by, **said)


def change_draft(draft: Proposal, said: dict[str, Any]) -> None:
    """Change the fields of a draft. Raises Refused: `wrong_phase` once it is submitted."""
    if not Proposal.objects.filter(pk=draft.pk, phase=Phase.DRAFT).update(**said):
        raise Refused("wrong_phase", _("It is submitted: its text does not change any more."))


def throw_away(draft: Proposal) -> None:
    """Delete a draft; nobody but its author has seen it."""
    Proposal.objects.filter(pk=draft.pk, phase=Phase.DRAFT).delete()


def submit(proposal: Proposal, by: Person) -> None:
    """Put a draft before the assembly: its text is frozen as version 1, and hashed.

    Raises Refused: `already_done`, `reason_required` without a text, or where there is money and
    nobody to hold it (DOMAIN.md B36).
    """
    with record_body(proposal.assembly, by=by) as book:
        row = Proposal.objects.get(pk=proposal.pk)
        if row.phase != Phase.DRAFT:
            raise Refused("already_done", _("It is submitted."))
        if not row.draft.strip():
            raise Refused("reason_required", _("Write the text that we shall agree to."))
        if row.money.strip() and not row.carried_out_by.strip():
            raise Refused("reason_required", no_holder())
        digest = digest_of_text(row.draft)
        ProposalVersion.objects.create(
            proposal=row, n=row.version, text=row.draft, digest=digest, at=book.now
        )
        row.move_to(Phase.SUBMITTED)
        row.draft = ""
        row.save(update_fields=["phase", "draft"])
        book.note(SUBMITTED, proposal=row.key, title=row.title, digest=digest)


def no_holder() -> str:
    """Return the sentence that money needs somebody who holds it."""
    return _("Money needs a holder: say who carries it out.")


def withdraw(proposal: Proposal, by: Person) -> None:
    """Take one's own proposal back, while no meeting is about it; its line leaves an agenda.

    Raises Refused: `not_the_proposer`, and `wrong_phase` in a meeting under way, where there is
    an act for it.
    """
    if proposal.person_id != by.pk:
        raise Refused("not_the_proposer", _("Who put it forward can do that."))
    meeting = proposal.item.meeting if proposal.item is not None else None
    if proposal.phase in rules.RESTS:
        raise Refused("wrong_phase", phase_refusal(proposal))
    if meeting is not None and meeting.phase == "planned":
        withdraw_from(meeting, proposal)
    elif meeting is not None and meeting.phase != "ended":
        raise Refused("wrong_phase", _("A meeting is about to take it up. Withdraw it there."))
    with record_body(proposal.assembly, by=by) as book:
        row = Proposal.objects.select_for_update().get(pk=proposal.pk)
        if row.phase not in rules.RESTS:
            row.move_to(Phase.WITHDRAWN, rules.BETWEEN_MEETINGS)
            row.save(update_fields=["phase"])
        book.note(TAKEN_BACK, proposal=proposal.key, title=proposal.title)
    let_go(meeting)


def let_go(meeting: Meeting | None) -> None:
    """Have a meeting that has ended forget a proposal that goes on without it.

    It can be reopened for ten minutes, and must not write back what it remembers.
    """
    if meeting is not None and meeting.phase == "ended":
        with record(meeting) as page:
            page.sheets.pop(Proposals.name, None)
            page.note(GONE_ON)


def withdraw_from(meeting: Meeting, proposal: Proposal) -> None:
    """Take a proposal and the line made for it from the agenda of a planned meeting."""
    with record(meeting) as page:
        sheet, agenda = page.sheet(Proposals), page.sheet(Agenda)
        row = sheet.find(proposal.key)
        if row is None or page.meeting.phase != "planned":
            raise Refused("wrong_phase", _("The agenda has changed. Look again."))
        item = next(one for one in agenda.items if one.pk == row.item_id)
        row.move_to(Phase.WITHDRAWN, rules.BETWEEN_MEETINGS)
        sheet.leave_agenda(page, row)
        others = any(one.item_id == item.pk for one in sheet.proposals.values())
        if item.kind == "proposal" and not others:
            agenda.items.remove(item)
            page.drop(item)
            agenda.renumber(page)
        page.note(WITHDRAWN, proposal=row.key, title=row.title)


def may_be_brought(proposal: Proposal) -> bool:
    """Say whether a proposal waits for an agenda, also one that a meeting left undecided."""
    free = proposal.item is None or proposal.item.meeting.phase == "ended"
    return free and proposal.phase not in rules.RESTS


def put_on_agenda(proposal: Proposal, meeting: Meeting, by: Person) -> None:
    """Put a waiting proposal on the agenda of a planned meeting, as author or organiser.

    Raises Refused: `not_your_role`, `wrong_phase` once doors are open, and what `bring` refuses.
    """
    if proposal.person_id != by.pk and not organises(proposal.assembly, by):
        raise Refused("not_your_role", _("Its author or an organiser puts it on an agenda."))
    with record(meeting) as page:
        if page.meeting.phase != "planned":
            raise Refused(
                "wrong_phase", _("The doors are open: who facilitates brings it up in the room.")
            )
        if page.sheet(Proposals).find(proposal.key) is not None:
            raise Refused("already_done", _("It is on this agenda already."))
        row = Proposal.objects.select_related("item__meeting").get(pk=proposal.pk)
        if not may_be_brought(row):
            raise Refused("wrong_phase", phase_refusal(row))
        former = row.item.meeting if row.item is not None else None
        bring(page, row, person=str(by.pk))
    let_go(former)


def planned_meetings(assembly: Assembly) -> list[Meeting]:
    """Return the meetings whose agenda can still be prepared, the next first."""
    return list(assembly.meetings.filter(phase="planned").order_by("starts_at"))


def waiting_for_an_agenda(assembly: Assembly) -> list[Proposal]:
    """Return the proposals that can be put on an agenda, the oldest first."""
    free = Q(item=None) | Q(item__meeting__phase="ended")
    return list(Proposal.objects.filter(free, assembly=assembly).exclude(phase__in=rules.RESTS))


# --- the cards of the entries written here ---

SUBMITTED = card(
    "proposals.draft_submitted",
    minutes=sentences.submitted,
    writes=(
        rows(Proposal, key="proposal"),
        rows(ProposalVersion, digest="digest"),
    ),
)
TAKEN_BACK = card(
    "proposals.submission_withdrawn", minutes=sentences.taken_back, writes=(rows(Proposal),)
)
GONE_ON = card(
    "proposals.gone_on",
    "proposal",
    minutes=Silent("The assembly's own journal tells what happened to the text."),
)
