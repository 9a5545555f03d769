"""How many votes the units of a council have in a meeting: frozen with its rule (DOMAIN.md 5.3)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from assemblies.door.journal import record
from assemblies.door.kinds import card, rows
from assemblies.door.page import Page
from assemblies.door.shapes import follows
from assemblies.models import Assembly, Entry, Meeting
from assemblies.services.phases import DOORS_OPENED
from assemblies.sheets import votes_held
from federation import rules
from federation.models import Council
from federation.sheets.chart import chart_of
from federation.sheets.councils import forget, meetings_of
from federation.words import sentences


def votes_now(council: Council) -> dict[str, int]:
    """Return how many votes each unit that decides has by its members; {} where each has one."""
    rule = rules.read_council_rule(council.rule)
    if not rules.by_size(rule):
        return {}
    chart = chart_of(council)
    units = chart.units(council.assembly.key)
    return {unit: rules.votes_for_size(chart.members(unit), rule) for unit in units}


def frozen_with(assembly: Assembly) -> Mapping[str, Any]:
    """Return what is frozen with the rule of a council's meeting: the votes of its units."""
    if assembly.kind != Assembly.Kind.COUNCIL:
        return {}
    council = Council.objects.filter(assembly=assembly).first()
    votes = votes_now(council) if council is not None else {}
    return {"votes": votes} if votes else {}


def weigh(council: Council, unit: Assembly, now: datetime) -> None:
    """Give a unit that comes to a council its votes in the meetings that are under way.

    Those of all others stay as they were when doors opened.
    """
    votes = votes_now(council).get(unit.key)
    for meeting in meetings_of(council.assembly) if votes is not None else ():
        with record(meeting, now=now) as page:
            weigh_here(page, unit, votes)


def weigh_here(page: Page, unit: Assembly, votes: int | None) -> None:
    """Give a unit its votes in a meeting whose doors are open; None where all have one."""
    if votes is None or page.meeting.phase == "planned":
        return
    held = {**votes_held(page.meeting), unit.key: votes}
    page.meeting.rule = {**page.meeting.rule, "votes": held}
    page.put(page.meeting)
    page.note(VOTES_WEIGHED, votes={unit.key: votes})
    forget(page)


@follows(DOORS_OPENED)
def votes_on_record(page: Page, entry: Entry) -> None:
    """Write how many votes each unit has in this meeting, for all to read."""
    if votes := votes_held(page.meeting):
        page.note(VOTES_WEIGHED, votes=votes)


# --- the cards of the entries written here ---

VOTES_WEIGHED = card(
    "federation.votes_weighed",
    "meeting",
    "roll",
    "test",
    "council",
    minutes=sentences.votes_weighed,
    writes=(rows(Meeting),),
)
