"""Whose own screen changes when something happens in a council."""

from assemblies.door.page import Page
from assemblies.door.shapes import follows
from assemblies.models import Entry
from assemblies.services.agenda import FINISHED, ITEM_REOPENED, TAKEN_UP
from assemblies.sheets import Roll
from federation.services.huddles import HUDDLE_ANSWERED, HUDDLE_OPENED
from federation.services.scope import SCOPE_ANSWERED, SCOPE_CLOSED, SCOPE_OBJECTED
from federation.services.stepping import STEPPED_IN
from federation.sheets.councils import DELEGATES_CHANGED, HUDDLE_CLOSED, NO_POSITION_SAID
from proposals.services.bringing import BROUGHT
from proposals.services.concerns import AMENDMENT_ACCEPTED
from proposals.services.life import PRESENTED
from proposals.services.tests import POSITION_TAKEN, TEST_CLOSED, TEST_OPENED
from proposals.services.votes import BALLOT_CAST, VOTE_CLOSED, VOTE_OPENED


@follows(
    *(TAKEN_UP, FINISHED, ITEM_REOPENED, BROUGHT, PRESENTED, AMENDMENT_ACCEPTED),
    *(TEST_OPENED, TEST_CLOSED, VOTE_OPENED, VOTE_CLOSED, HUDDLE_CLOSED),
    *(DELEGATES_CHANGED, STEPPED_IN, HUDDLE_OPENED, HUDDLE_ANSWERED),
    *(SCOPE_OBJECTED, SCOPE_ANSWERED, SCOPE_CLOSED),
)
def everybody_concerned(page: Page, entry: Entry) -> None:
    """Send everybody here their mandate on what is now on the table, and what they are asked."""
    roll = page.sheet(Roll)
    if roll.by_unit:
        page.concern(*roll.here())


@follows(POSITION_TAKEN, BALLOT_CAST, NO_POSITION_SAID)
def fellows_concerned(page: Page, entry: Entry) -> None:
    """Send those who speak for the same unit what one of them said."""
    roll = page.sheet(Roll)
    who = roll.find(entry.on_behalf_of or entry.actor) if roll.by_unit else None
    if who is not None and who.voice:
        page.concern(*(one for one in roll.speaking(who.voice) if one.present))
