"""A delegate who has no answer says so, and takes the question back to who sent them."""

from django.utils.translation import gettext as _

from assemblies.acts.declaring import SITTING, act
from assemblies.door.page import Page
from assemblies.models import Participant
from assemblies.rules.errors import Refused
from federation.models import CouncilItem
from federation.services.base import Going, notify
from federation.services.travel import (
    council_here,
    item_here,
    reference,
    speaks_for,
    still_going,
    tell_others,
)
from federation.sheets.councils import NO_POSITION_SAID, forget
from proposals.sheets.table import Proposals


@act("refer_back", phases=SITTING, entered="no_phone", item=Going(None))
def refer_back(page: Page, *, by: Participant, item: CouncilItem | None) -> None:
    """Take an item back to one's unit to ask it: until then the unit has no position."""
    unit = speaks_for(page, by)
    item = still_going(item_here(page, item))
    if item.referred.get(unit.key, {}).get("version") == item.version:
        raise Refused("already_done", _("%(unit)s takes it back already.") % {"unit": unit.name})
    item.referred = {
        **item.referred,
        unit.key: {"at": page.now.isoformat(), "version": item.version},
    }
    item.save(update_fields=["referred"])
    page.note(NO_POSITION_SAID, unit=unit.key, name=unit.name, referred=True, **reference(item))
    tell_others(page, item=item.key)
    notify(
        item.council,
        [unit],
        "referred_back",
        page.now,
        item=item,
        title=item.title,
        by=by.name,
    )
    forget(page)


@act("say_none", phases=SITTING, entered="no_phone")
def say_none(page: Page, *, by: Participant) -> None:
    """Say that one's unit has no position now, so that nobody waits for it."""
    unit = speaks_for(page, by)
    item = council_here(page).item_of(page.sheet(Proposals).current(page))
    about = reference(item) if item is not None else {}
    page.note(NO_POSITION_SAID, unit=unit.key, name=unit.name, **about)
    forget(page)
