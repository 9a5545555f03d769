"""The meeting opens, starts, rests and ends."""

from itertools import chain
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies import rules
from assemblies.acts.declaring import act
from assemblies.door.house import house
from assemblies.door.kinds import Always, card, rows
from assemblies.door.page import Page
from assemblies.models import AgendaItem, Assembly, Entry, Meeting, Participant
from assemblies.rules.errors import Refused
from assemblies.sheets import BREAK_TAKEN, Agenda, Roll
from assemblies.words import sentences


def frozen_rule(assembly: Assembly) -> dict[str, Any]:
    """Return every parameter by which a meeting decides: the preset's, and what was changed."""
    frozen = {**house().ways[assembly.preset].rule, **assembly.rule}
    for more in house().all("freezing"):
        frozen |= more(assembly)
    return frozen


def step(page: Page, name: str) -> None:
    """Move the meeting to the phase that an act leads to, if the table allows it."""
    allowed, there = rules.PHASES[name]
    here = page.meeting.phase
    if here not in allowed:
        if here == there or (there == "in_session" and here == "closing"):
            raise Refused("already_done", _("That is done already."))
        raise Refused(
            "wrong_phase",
            _("That cannot be done while the meeting is: %(phase)s.")
            % {"phase": page.meeting.get_phase_display().lower()},
        )
    page.meeting.phase_before, page.meeting.phase = here, there
    page.put(page.meeting)


@act("open_doors", roles=["facilitator"])
def open_doors(page: Page, *, by: Participant) -> None:
    """Let people in. From now on the rule of this meeting is frozen."""
    step(page, "open_doors")
    page.meeting.rule = frozen_rule(page.meeting.assembly)
    if seconds := page.meeting.rule.get("turn_seconds"):
        page.meeting.turn_seconds = int(seconds)
    roll = page.sheet(Roll)
    for early in [one for one in roll.people.values() if one.person_id and not one.present]:
        # Who took a seat before the doors were open has been waiting outside.
        if early.merged_into_id is None:
            early.present, early.arrived_at = True, page.now
            page.put(early)
            page.concern(early)
    roll.changed()
    page.note(DOORS_OPENED, rule=page.meeting.rule, preset=page.meeting.assembly.preset)


@act("start_meeting", roles=["facilitator"])
def start_meeting(page: Page, *, by: Participant) -> None:
    """Start the sitting; quorum is checked where something is decided, not here."""
    step(page, "start_meeting")
    page.meeting.started_at = page.now
    page.note(STARTED, present=page.sheet(Roll).present(page.meeting))


@act("take_break", roles=["facilitator"])
def take_break(page: Page, *, by: Participant) -> None:
    """Begin a break. The clock stops; hands and signals wait until the meeting resumes."""
    step(page, "take_break")
    facts: dict[str, Any] = {}
    for sheet in page.every_sheet():
        facts |= sheet.break_began(page)
    page.note(BREAK_TAKEN, **facts)


@act("resume_meeting", roles=["facilitator"])
def resume_meeting(page: Page, *, by: Participant) -> None:
    """Go on after a break, where it stopped."""
    before = page.meeting.phase_before
    step(page, "resume_meeting")
    if before == "closing":
        page.meeting.phase = "closing"
    taken = last_of(page, BREAK_TAKEN)
    for sheet in page.every_sheet():
        sheet.break_ended(page, taken)
    page.note(RESUMED)


def nothing_open(page: Page) -> None:
    """Refuse while a test or a vote is open (ROOM.md 5, 22)."""
    if any(sheet.asking() for sheet in page.every_sheet()):
        raise Refused("test_open", _("A test or a vote is open. Close it first."))


@act("end_meeting", roles=["facilitator"])
def end_meeting(page: Page, *, by: Participant) -> None:
    """End the sitting: what is open or waiting on the agenda is carried over."""
    nothing_open(page)
    if page.meeting.phase in rules.PHASES["end_meeting"][0] and any(
        sheet.waiting_point() for sheet in page.every_sheet()
    ):
        raise Refused("point_pending", _("A technical point waits for an answer."))
    rested = page.meeting.phase_before
    step(page, "end_meeting")
    page.meeting.ended_at = page.now
    facts: dict[str, Any] = {"before": page.meeting.phase_before, "rested": rested, "items": {}}
    for sheet in page.every_sheet():
        facts |= sheet.item_closed(page)
    for item in page.sheet(Agenda).items:
        if item.state in ("open", "waiting"):
            facts["items"][item.key] = item.state
            item.state = "carried_over"
            page.put(item)
    page.note(ENDED, **facts)


@act("reopen_meeting", roles=["facilitator"], after_end=True)
def reopen_meeting(page: Page, *, by: Participant) -> None:
    """Take back an end within ten minutes, restoring what was."""
    meeting, ended_at = page.meeting, page.meeting.ended_at
    if (
        meeting.phase == "ended"
        and ended_at is not None
        and not rules.within(ended_at, page.now, rules.REOPEN_MEETING_WITHIN)
    ):
        raise Refused("closed", _("A meeting can be reopened for ten minutes after its end."))
    step(page, "reopen_meeting")
    facts = last_of(page, ENDED)
    meeting.phase, meeting.ended_at = facts["before"], None
    # What a break interrupted is still known after it.
    meeting.phase_before = facts.get("rested", "")
    agenda = page.sheet(Agenda)
    for key, state in facts["items"].items():
        if item := agenda.find(key):
            item.state = state
            page.put(item)
    for sheet in page.every_sheet():
        sheet.item_restored(page, facts)
    page.note(REOPENED)


def last_of(page: Page, name: str, **about: Any) -> dict[str, Any]:
    """Return the facts of the newest entry of a kind about something, written or about to be."""
    written = Entry.objects.filter(journal=page.journal, kind=name).order_by("-seq")
    for entry in chain(reversed(page.entries), written.iterator()):
        facts = entry.facts or {}
        if entry.kind == name and all(facts.get(key) == value for key, value in about.items()):
            return facts
    return {}


# --- the cards of the entries written here ---

DOORS_OPENED = card(
    "assemblies.doors_opened",
    "meeting",
    "roll",
    minutes=Always(gettext_lazy("The doors were opened.")),
    writes=(
        rows(Meeting),
        rows(Participant),
    ),
)
STARTED = card(
    "assemblies.meeting_started", "meeting", minutes=sentences.started, writes=(rows(Meeting),)
)
RESUMED = card(
    "assemblies.meeting_resumed",
    "meeting",
    minutes=Always(gettext_lazy("The meeting went on.")),
    writes=(rows(Meeting),),
)
ENDED = card(
    "assemblies.meeting_ended",
    "meeting",
    "agenda",
    "question",
    minutes=Always(gettext_lazy("The meeting ended.")),
    writes=(
        rows(Meeting),
        rows(AgendaItem),
        rows(Participant),
    ),
)
REOPENED = card(
    "assemblies.meeting_reopened",
    "meeting",
    "agenda",
    "question",
    minutes=Always(gettext_lazy("The meeting was reopened.")),
    writes=(
        rows(Meeting),
        rows(AgendaItem),
    ),
)
