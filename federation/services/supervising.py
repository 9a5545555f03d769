"""What is refused in a council before an act is done, and why.

A council has no power of its own: it decides what its units carried up, when all of them have
talked about it, by positions that keep to what the units told their delegates.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.door.page import Page
from assemblies.door.shapes import delays, guards
from assemblies.models import Assembly, Membership, Participant
from assemblies.rules import COUNTING
from assemblies.rules.errors import Refused
from federation import rules
from federation.models import CouncilItem, SeatTerm
from federation.reading.state import spoken, units_awaited
from federation.sheets.councils import Councils
from federation.sheets.seen import Seen
from proposals.sheets.asking import Asking
from proposals.sheets.table import Proposals

# How many units one sentence names.
NAMES_SAID = 7


def council_if_any(page: Page) -> Seen | None:
    """Return the council that meets, or None in a meeting of any other assembly."""
    if page.meeting.assembly.kind != Assembly.Kind.COUNCIL:
        return None
    return page.sheet(Councils).own


# --- nothing without its base ---------------------------------------------------------------------


@guards("put_forward", "record_on_paper")
def carried_up_only(page: Page, by: Participant, args: Mapping[str, Any]) -> None:
    """Refuse a proposal that no unit carried up: a council has none of its own."""
    if council_if_any(page) is not None:
        raise Refused(
            "no_base", _("A council takes up what its units carried up by decisions of their own.")
        )


@guards("bring_proposal")
def brought_from_below(page: Page, by: Participant, args: Mapping[str, Any]) -> None:
    """Refuse to bring a proposal that no unit carried up."""
    seen = council_if_any(page)
    if seen is None:
        return
    named = str(args.get("proposal"))
    if not CouncilItem.objects.filter(council=seen.council, proposal__key=named).exists():
        raise Refused("no_base", _("No unit has carried this up."))


@guards("check_in", "count_in")
def sent_only(page: Page, by: Participant, args: Mapping[str, Any]) -> None:
    """Refuse to change who counts: only a unit says who its delegate is."""
    if council_if_any(page) is None:
        return
    become = args.get("kind", "member")
    people = [one.kind for one in args.get("who") or [by]]
    were = ["guest"] if args.get("name") else people
    if become and any({was, become} & COUNTING and was != become for was in were):
        raise Refused("does_not_count", _("Who is a delegate is for their unit to say."))


@guards("merge")
def one_voice_each(page: Page, by: Participant, args: Mapping[str, Any]) -> None:
    """Refuse to merge the places of two people where one is a delegate, or is known.

    A delegate without their phone may come in anew, as somebody who belongs nowhere yet: that seat
    becomes the delegate's. A delegate's seat becomes nobody else's.
    """
    seen, who, into = council_if_any(page), args["who"], args["into"]
    if seen is None or not {who.kind, into.kind} & COUNTING:
        return
    if who.kind in COUNTING or who is page.actor or known(seen, who):
        raise Refused("does_not_count", _("Who is a delegate is for their unit to say."))


def known(seen: Seen, who: Participant) -> bool:
    """Say whether somebody belongs to an assembly, or has sat in this council."""
    belongs = Membership.objects.filter(person=who.person_id, left_at=None)
    sat = SeatTerm.objects.filter(seat__council=seen.council, person=who.person_id)
    return who.person_id is not None and (belongs.exists() or sat.exists())


@guards("leave")
def answers_stay(page: Page, by: Participant, args: Mapping[str, Any]) -> None:
    """Refuse that others check out a delegate who has answered: the answer would be lost."""
    who, asking = args["who"] or by, page.sheet(Asking)
    if council_if_any(page) is None or who is page.actor:
        return
    stands = asking.ballots if asking.open_vote is not None else asking.positions
    if asking.asking() and who.voice and who.pk in stands:
        raise Refused(
            "test_open",
            _("What %(name)s said for their unit stands until this is closed.")
            % {"name": who.name},
        )


@guards("count_room")
def heads_apart(page: Page, by: Participant, args: Mapping[str, Any]) -> None:
    """Refuse to count people without names where units decide."""
    if council_if_any(page) is not None and args["of"] in ("test", "vote"):
        raise Refused("does_not_count", _("Units decide here, each by its delegates."))


@guards("open_test", "open_vote", "adopt")
def ready(page: Page, by: Participant, args: Mapping[str, Any]) -> None:
    """Refuse a test before all units had the chance to talk about the item (B44)."""
    seen = council_if_any(page)
    if seen is None:
        return
    proposal = args.get("proposal") or page.sheet(Proposals).current(page)
    if proposal is None:
        return
    item = seen.item_of(proposal)
    if item is None:
        raise Refused("no_base", _("No unit has carried this up."))
    if item.scope and not item.scope.get("closed"):
        raise Refused(
            "scope_open", _("A unit says that this is its own matter. That is settled first.")
        )
    if waiting := waited_for(seen, item, page):
        raise Refused("not_debated", not_debated_words(seen, waiting, item))


def waited_for(seen: Seen, item: CouncilItem, page: Page) -> list[str]:
    """Return the names of the units for which a test waits now."""
    return [] if page.now >= item.notice_until else not_talked_about(seen, item)


def not_talked_about(seen: Seen, item: CouncilItem) -> list[str]:
    """Return the names of the units that have not debated an item, if the rule asks for it."""
    if not seen.rule.debate:
        return []
    return [row.unit.name for row in seen.not_debated(item) if row.unit is not None]


@delays("open_test", "open_vote", "adopt")
def why_not_ready(page: Page) -> tuple[str, datetime | None] | None:
    """Say on a console why nothing is asked or recorded yet, and until when."""
    seen, proposal = council_if_any(page), page.sheet(Proposals).current(page)
    if seen is None or proposal is None:
        return None
    item = seen.item_of(proposal)
    if item is None:
        return _("No unit has carried this up."), None
    if item.scope and not item.scope.get("closed"):
        return _("A unit says that this is its own matter. That is settled first."), None
    if waiting := not_talked_about(seen, item):
        return not_debated_words(seen, waiting, item), item.notice_until
    return None


def some_of(names: list[str]) -> str:
    """Return names for a sentence; of many the first, and how many more."""
    told, more = names[:NAMES_SAID], len(names) - NAMES_SAID
    if more > 0:
        told.append(ngettext("%(n)s more", "%(n)s more", more) % {"n": more})
    return ", ".join(told)


def not_debated_words(seen: Seen, waiting: list[str], item: CouncilItem) -> str:
    """Return which units have not talked about an item, and how long the notice runs."""
    return _("Not all units have talked about it: %(units)s. The notice runs until %(date)s.") % {
        "units": some_of(waiting),
        "date": date_format(seen.council.assembly.local(item.notice_until), "j F Y"),
    }


# --- after a recall -------------------------------------------------------------------------------


@guards("close_test", "close_vote")
def not_while_a_unit_changes(page: Page, by: Participant, args: Mapping[str, Any]) -> None:
    """Refuse to close while a unit that recalled its delegate has not had its five minutes."""
    seen, asking = council_if_any(page), page.sheet(Asking)
    if seen is None or not asking.asking() or not (waiting := units_awaited(page)):
        return
    words, _until = held_words(page, seen, waiting)
    raise Refused("recall_pending", words)


@delays("close_test", "close_vote")
def held_until(page: Page) -> tuple[str, datetime | None] | None:
    """Say on a console for which units closing waits, and until when."""
    seen, asking = council_if_any(page), page.sheet(Asking)
    asked = asking.open_test or asking.open_vote
    if seen is None or asked is None:
        return None
    heard, over = spoken(page), asked.opened_at - rules.HELD_AFTER_RECALL
    waiting = [unit for unit, at in page.sheet(Councils).changed if unit not in heard and at > over]
    return held_words(page, seen, waiting) if waiting else None


def held_words(page: Page, seen: Seen, waiting: list[str]) -> tuple[str, datetime]:
    """Return which units have time to answer, and until when."""
    names = {row.unit.key: row.unit.name for row in seen.units.values() if row.unit is not None}
    changed = max(at for unit, at in page.sheet(Councils).changed if unit in waiting)
    until = changed + rules.HELD_AFTER_RECALL
    there = page.meeting.assembly.local(until)
    words = _("%(units)s changed delegates and has until %(at)s to answer.") % {
        "units": ", ".join(names.get(key, key) for key in dict.fromkeys(waiting)),
        "at": there.strftime("%H:%M:%S"),
    }
    return words, until
