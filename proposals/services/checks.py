"""Temperature checks: they show the mood and decide nothing (DOMAIN.md 2.1; ROOM.md 5, 26)."""

import uuid

from django.utils.translation import gettext as _

from assemblies.acts.arguments import OneOf, Text, Whole
from assemblies.acts.declaring import SITTING, act
from assemblies.door.kinds import Silent, card, rows
from assemblies.door.page import Page
from assemblies.models import Participant
from assemblies.rules.errors import Refused
from proposals import rules
from proposals.models import CheckAnswer, Proposal, TemperatureCheck
from proposals.services.at_hand import OnAgenda, at_hand, countable
from proposals.sheets.asking import CHECK_ANSWERED, MOMENT, Asking


@act(
    "open_check",
    roles=["facilitator"],
    phases=SITTING,
    proposal=OnAgenda(None),
    seconds=Whole(rules.CHECK_SECONDS, least=5, most=3600),
)
def open_check(page: Page, *, by: Participant, proposal: Proposal | None, seconds: int) -> None:
    """Ask for the mood: up, middle or down. It closes by itself and keeps numbers only."""
    asking = page.sheet(Asking)
    if asking.open_check is not None:
        raise Refused("already_done", _("A temperature check is open."))
    row = at_hand(page, proposal, "open_check")
    check = TemperatureCheck(
        id=uuid.uuid4(),
        meeting=page.meeting,
        proposal=row,
        opened_at=page.now,
        closes_at=page.now + MOMENT * 1_000_000 * seconds,
    )
    asking.checks.append(check)
    asking.answers = {}
    page.put(check)
    page.note(CHECK_OPENED, proposal=row.key, check=str(check.pk), seconds=seconds)


def check_at_hand(page: Page, named: str = "") -> TemperatureCheck:
    """Return the open check, or refuse; `named` is the one that was on the screen."""
    check = page.sheet(Asking).open_check
    if check is None or named not in ("", str(check.pk)):
        raise Refused("not_open", _("No temperature check is open."))
    return check


def has_answered_check(page: Page, person: Participant) -> bool:
    """Say whether somebody has answered the open check."""
    asking = page.sheet(Asking)
    check = asking.open_check
    return check is not None and asking.pseudonym(check, person) in asking.answers


@act(
    "answer_check",
    counts=True,
    phases=SITTING,
    entered="no_phone",
    answered=has_answered_check,
    level=OneOf(words=rules.LEVELS),
    check=Text(""),
)
def answer_check(page: Page, *, by: Participant, level: str, check: str) -> None:
    """Show how one feels; answering again replaces. Nothing says afterwards who did."""
    asking, asked = page.sheet(Asking), check_at_hand(page, check)
    name = asking.pseudonym(asked, by)
    row = asking.answers.get(name)
    if row is not None and row.level == level:
        return
    if row is None:
        row = CheckAnswer(id=uuid.uuid4(), check_row=asked, pseudonym=name)
        asking.answers[name] = row
    row.level = level
    page.put(row)
    # The journal never has who it was: the entry says that somebody answered.
    actor, on_behalf_of = page.actor, page.on_behalf_of
    page.actor = page.on_behalf_of = None
    page.note(CHECK_ANSWERED, check=str(asked.pk))
    page.actor, page.on_behalf_of = actor, on_behalf_of
    page.concern(by)


@act("close_check", roles=["facilitator"], phases=SITTING)
def close_check(page: Page, *, by: Participant) -> None:
    """Close the check before its time."""
    page.sheet(Asking).close_check(page, check_at_hand(page), page.now)


CHECK_COUNTED = countable(check_at_hand, rules.LEVELS)


# --- the cards of the entries written here ---

CHECK_OPENED = card(
    "proposals.check_opened",
    "test",
    "proposal",
    minutes=Silent("A check of the mood is told once it closes."),
    writes=(rows(TemperatureCheck, pk="check"),),
)
