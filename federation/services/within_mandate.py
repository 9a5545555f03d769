"""What a delegate may say in a council: what the mandate of their unit allows."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from assemblies.door.kinds import card, rows
from assemblies.door.page import Page
from assemblies.door.shapes import guards
from assemblies.models import Assembly, Participant
from assemblies.rules import COUNTING
from assemblies.rules.errors import Refused
from assemblies.sheets import Roll
from federation import rules
from federation.models import CouncilItem, Notice
from federation.services.base import notify
from federation.services.mandates import expired, in_words, instructions_of
from federation.services.supervising import council_if_any
from federation.sheets.seen import Seen, unit_of
from federation.words import sentences
from proposals.sheets.table import Proposals


@guards("take_position", "cast_ballot")
def within_mandate(
    page: Page, by: Participant, args: Mapping[str, Any]
) -> Callable[[Page], None] | None:
    """Refuse, or have noted, an answer outside the mandate; the base has a notice of it at once.

    The entry is written although the act is refused: the base may know that it was tried.
    """
    seen = council_if_any(page)
    if seen is None or not by.voice:
        return None
    proposal = page.sheet(Proposals).current(page)
    item = seen.item_of(proposal)
    unit = seen.unit(unit_of(by.voice))
    if proposal is None or item is None or unit is None or unit.unit is None:
        return None
    answer = str(args.get("position") or args.get("choice"))
    assert unit.unit_id is not None  # noqa: S101 - a unit is an assembly
    mandate = seen.mandate(unit.unit_id, item)
    if mandate is not None and expired(mandate, page):
        mandate = None
    if mandate is None:
        if not rules.without_mandate(seen.rule, item.kind, answer):
            raise Refused("no_mandate", untold_words(seen, item) % {"unit": unit.unit.name})
        return None
    text = page.sheet(Proposals).version(proposal)
    if rules.within_mandate(
        instructions_of(mandate), answer, version=text.n, text=text.text, digest=text.digest
    ):
        return None
    refused = seen.rule.mandate_enforced
    facts: dict[str, Any] = {"answer": answer, "mandate": mandate.key, "refused": refused}
    write_down = partial(base_learns, seen=seen, unit=unit.unit, item=item, by=by, **facts)
    if not refused:
        return write_down
    raise Refused(
        "outside_mandate",
        _("That is outside the mandate of %(unit)s: %(mandate)s. It can be referred back.")
        % {"unit": unit.unit.name, "mandate": in_words(mandate)},
        write_down=write_down,
    )


def base_learns(
    page: Page, *, seen: Seen, unit: Assembly, item: CouncilItem, by: Participant, **facts: Any
) -> None:
    """Write down, and let a unit know, what its delegate wanted to say outside the mandate."""
    page.note(OUTSIDE_MANDATE, unit=unit.key, item=item.key, who=by.key, **facts)
    notify(seen.council, [unit], "outside_mandate", page.now, item=item, who=by.name, **facts)


def untold_words(seen: Seen, item: CouncilItem) -> str:
    """Return why a unit that gave no mandate takes no position, with a gap for its name."""
    if rules.abstains_untold(seen.rule, item.kind):
        return _("%(unit)s has given no mandate on this, so it counts as abstaining.")
    return _("%(unit)s has given no mandate on this. It can be referred back to it.")


def abstaining(page: Page) -> Collection[str]:
    """Return the voices of units here that needed a mandate on what is asked and gave none."""
    seen = council_if_any(page)
    item = seen.item_of(page.sheet(Proposals).current(page)) if seen is not None else None
    if seen is None or item is None or not rules.abstains_untold(seen.rule, item.kind):
        return ()
    told = {
        row.unit.key
        for row in seen.members()
        if row.unit is not None
        and (mandate := seen.mandate(row.unit.pk, item)) is not None
        and not expired(mandate, page)
    }
    here = (one.voice for one in page.sheet(Roll).here() if one.voice and one.kind in COUNTING)
    return {voice for voice in here if unit_of(voice) not in told}


# --- the cards of the entries written here ---

OUTSIDE_MANDATE = card(
    "federation.outside_mandate",
    "council",
    minutes=sentences.outside_mandate,
    writes=(rows(Notice),),
)
