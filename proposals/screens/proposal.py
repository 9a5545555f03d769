"""The panels of the proposal at hand and of the decisions of this meeting."""

from typing import Any

from django.utils.translation import gettext as _

from assemblies.door.house import house
from assemblies.door.page import Page
from assemblies.live.printing import FACILITATOR, MEMBER, panel
from assemblies.sheets import Roll
from assemblies.words.rendering import as_html
from proposals import rules
from proposals.models import PHASE_LABELS, Amendment, Concern, Proposal, Task
from proposals.rules import Phase
from proposals.rules.diff import changes
from proposals.screens.moves import phases_to_go_to
from proposals.sheets.across import proposer
from proposals.sheets.rule import rule_of
from proposals.sheets.table import Proposals
from proposals.words import amounts, outcomes, vocabulary

# Who sees the names of those who block or stand aside (ROOM.md 5, 37).
INSIDE = frozenset({MEMBER, FACILITATOR})
# How long a text is, in steps: a wall shows longer ones smaller, for nobody can scroll it.
LENGTHS = (("xs", 160), ("s", 320), ("m", 640), ("l", 900), ("xl", 1400))


def name_of(page: Page, key: str) -> str:
    """Return the name of somebody in this meeting."""
    person = page.sheet(Roll).find(key)
    return person.name if person is not None else _("somebody")


@panel("proposal", "proposals/_proposal.html", "proposal", "agenda", "roll", "meeting")
def proposal_panel(page: Page, audience: str) -> dict[str, Any]:
    """Return the text at hand, what changed in it, its concerns and amendments, the next moves."""
    sheet = page.sheet(Proposals)
    proposal = sheet.current(page)
    if proposal is None:
        return {"proposal": None, "waiting": waiting_proposals(page)}
    author = proposer(page, proposal)
    return {
        "proposal": {
            "key": proposal.key,
            "title": proposal.title,
            "by": author.name if author is not None else _("somebody"),
            "by_key": author.key if author is not None else "",
            "version": proposal.version,
            "phase": proposal.phase,
            "phase_label": proposal.get_phase_display(),
            "class_label": proposal.get_decision_class_display(),
            "decision_class": proposal.decision_class,
            "html": as_html(sheet.version(proposal).text),
            "changes": version_changes(page, proposal),
            "needs": proposal.needs,
            "affects": proposal.affects,
            "ended": proposal.phase in rules.ENDS,
            "why_ended": proposal.why_ended,
            "length": length_of(sheet.version(proposal).text),
        },
        **(ways_to_go(page, proposal) if audience == FACILITATOR else {}),
        "line": phase_line(page, proposal),
        "talked_about": proposal.phase in rules.FROM["raise_concern"],
        "concerns": [
            concern_shown(page, row, audience) for row in sheet.concerns[proposal.pk][-60:]
        ],
        "open_concerns": len(sheet.open_concerns(proposal)),
        "amendments": [
            amendment_shown(page, proposal, row)
            for row in sheet.amendments[proposal.pk][-20:]
            if row.state == "offered"
        ],
        "decision": next(
            (
                {
                    "number": row.number,
                    "how": outcomes.how_told(row.how, row.numbers),
                    "numbers": amounts.numbers_sentence(row.numbers),
                }
                for row in reversed(sheet.decisions)
                if row.proposal_id == proposal.pk
            ),
            None,
        ),
        "way": way_words(page),
        "meeting_key": page.meeting.key,
    }


def ways_to_go(page: Page, proposal: Proposal) -> dict[str, Any]:
    """Return the phases that a facilitator can go to, and why some are closed."""
    found = phases_to_go_to(page, proposal)
    return {
        "go_to": found,
        "go_to_why": " ".join(dict.fromkeys(one["why"] for one in found if one["why"])),
        "go_to_skips": any(one["skips"] and not one["why"] for one in found),
    }


def length_of(text: str) -> str:
    """Return the size class of a text, from its number of characters."""
    return next((name for name, most in LENGTHS if len(text) <= most), "xxl")


def waiting_proposals(page: Page) -> list[dict[str, Any]]:
    """Return the proposals on this agenda that have not been presented."""
    return [
        {"key": row.key, "title": row.title}
        for row in page.sheet(Proposals).proposals.values()
        if row.phase == Phase.SUBMITTED
    ]


def way_words(page: Page) -> dict[str, str]:
    """Return the rule by which this meeting decides, in plain words."""
    way = house().ways[page.meeting.assembly.preset]
    return {"label": str(way.label), "words": str(way.words), "origin": str(way.origin)}


def version_changes(page: Page, proposal: Proposal) -> list[dict[str, str]]:
    """Return what is new in the version at hand, word by word."""
    if proposal.version < 2:
        return []
    sheet = page.sheet(Proposals)
    known = {row.n for row in sheet.versions[proposal.pk]}
    if proposal.version - 1 not in known:
        return []
    old, new = sheet.version(proposal, proposal.version - 1), sheet.version(proposal)
    return [{"how": piece.how, "text": piece.text} for piece in changes(old.text, new.text)]


def phase_line(page: Page, proposal: Proposal) -> list[dict[str, Any]]:
    """Return the phases as a line of steps: which were had, which is now."""
    labels = {code: str(label) for code, label in PHASE_LABELS.items()}
    line, by_degree = list(rules.LINE), rule_of(page.meeting).open
    if by_degree:
        labels[Phase.FALLBACK_VOTE] = _("Override question")
    elif (
        proposal.phase in (Phase.BLOCK_REVIEW, Phase.FALLBACK_VOTE)
        or Phase.BLOCK_REVIEW in proposal.had
    ):
        line.append(Phase.BLOCK_REVIEW)
    if proposal.phase == Phase.FALLBACK_VOTE or Phase.FALLBACK_VOTE in proposal.had:
        line.append(Phase.FALLBACK_VOTE)
    if proposal.phase in rules.ENDS:
        line.append(Phase(proposal.phase))
    return [
        {
            "phase": phase,
            "label": labels[phase],
            "current": phase == proposal.phase,
            "had": phase in proposal.had,
        }
        for phase in line
    ]


def concern_shown(page: Page, row: Concern, audience: str) -> dict[str, Any]:
    """Return a concern for screens; only those who count see the name of who stood aside."""
    person = page.sheet(Roll).find(row.by)
    agreed = person is not None and person.named
    if row.from_stand_aside and audience not in INSIDE and not agreed:
        return {
            "text": vocabulary.concern_words(row.text),
            "kind": row.kind,
            "kind_label": row.get_kind_display(),
            "by": _("a member"),
            "open": row.resolved_at is None,
            "from_stand_aside": True,
        }
    return {
        "key": row.key,
        "text": vocabulary.concern_words(row.text),
        "kind": row.kind,
        "kind_label": row.get_kind_display(),
        "by": name_of(page, row.by),
        "by_key": row.by,
        "carried_for": row.carried_for,
        "open": row.resolved_at is None,
        "from_stand_aside": row.from_stand_aside,
    }


def amendment_shown(page: Page, proposal: Proposal, row: Amendment) -> dict[str, Any]:
    """Return an offered amendment with the words it would change."""
    now = page.sheet(Proposals).version(proposal).text
    meets = {
        one.key: vocabulary.concern_words(one.text)
        for one in page.sheet(Proposals).concerns[proposal.pk]
    }
    return {
        "key": row.key,
        "by": name_of(page, row.by),
        "by_key": row.by,
        "version": row.version,
        "stale": row.version != proposal.version,
        "changes": [{"how": one.how, "text": one.text} for one in changes(now, row.text)],
        "meets": [meets[key] for key in row.meets if key in meets],
    }


@panel("decisions", "proposals/_decisions.html", "proposal", "roll", "meeting")
def decisions_panel(page: Page, audience: str) -> dict[str, Any]:
    """Return the decisions of this meeting, also those on paper, and the tasks."""
    sheet = page.sheet(Proposals)
    return {
        "decisions": [
            {
                "key": row.key,
                "number": row.number,
                "title": row.title,
                "how": outcomes.how_told(row.how, row.numbers),
                "on_paper": row.on_paper,
                "provisional": row.provisional,
                "recorded_by": row.recorded_by,
                "how_on_paper": row.how_on_paper,
                "confirmed": len(row.confirmed_by),
                "tasks": [task_shown(task) for task in sheet.tasks if task.decision_id == row.pk],
            }
            for row in sheet.decisions[-20:]
        ],
        "tasks": [task_shown(task) for task in sheet.tasks if task.decision_id is None],
    }


def task_shown(task: Task) -> dict[str, Any]:
    """Return a task as screens show it; without a holder it says so."""
    return {
        "what": task.what,
        "holder": task.holder or _("needs a holder"),
        "held": bool(task.holder),
        "due": task.due,
    }
