"""The sentences of minutes about proposals: tests with numbers, never who took which position."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.door.kinds import Names, Summed, facts
from assemblies.models import Entry
from proposals import rules
from proposals.models import PHASE_LABELS
from proposals.words import amounts, outcomes, vocabulary


def put_forward(entry: Entry, names: Names) -> str:
    """Somebody put a proposal forward."""
    return _("%(who)s put forward: “%(title)s”.") % {
        "who": names.person(facts(entry).get("by")),
        "title": facts(entry).get("title", ""),
    }


def brought(entry: Entry, names: Names) -> str:
    """A waiting proposal came onto the agenda."""
    return _("“%(title)s” was put on the agenda.") % {"title": facts(entry).get("title", "")}


def presented(entry: Entry, names: Names) -> str:
    """A proposal was read out."""
    return _("“%(title)s” was presented, version %(n)s.") % {
        "title": facts(entry).get("title", ""),
        "n": facts(entry).get("version"),
    }


def phase_label(code: str) -> str:
    """Return what a phase is called."""
    return str(PHASE_LABELS[rules.Phase(code)]) if code in PHASE_LABELS else code


def phases(entries: Sequence[Entry], names: Names) -> str:
    """Tell which phases the talk had."""
    had = dict.fromkeys(phase_label(facts(entry).get("phase", "")) for entry in entries)
    return _("Phases of the talk: %(phases)s.") % {"phases": ", ".join(had)}


PHASES = Summed(phases)


def skipped(entry: Entry, names: Names) -> str:
    """A phase was left out, with the room's consent."""
    return _("The talk went straight to %(phase)s; left out: %(skipped)s.") % {
        "phase": phase_label(facts(entry).get("phase", "")),
        "skipped": ", ".join(map(phase_label, facts(entry).get("skipped", []))),
    }


def concern(entry: Entry, names: Names) -> str:
    """A concern was raised; its author is not named in minutes."""
    said = facts(entry)
    if absent := said.get("carried_for"):
        return _("Concern, brought for %(absent)s: %(text)s") % {
            "absent": absent,
            "text": vocabulary.concern_words(said.get("text", "")),
        }
    return _("Concern: %(text)s") % {"text": vocabulary.concern_words(said.get("text", ""))}


def resolved(entries: Sequence[Entry], names: Names) -> str:
    """Concerns were met."""
    n = len(entries)
    return ngettext("%(n)s concern was met.", "%(n)s concerns were met.", n) % {"n": n}


RESOLVED = Summed(resolved)


def offered(entry: Entry, names: Names) -> str:
    """A friendly amendment was offered."""
    return _("%(who)s offered a friendly amendment.") % {
        "who": names.person(facts(entry).get("by"))
    }


def accepted(entry: Entry, names: Names) -> str:
    """An amendment made a new version."""
    return _("The amendment of %(who)s was accepted: version %(n)s.") % {
        "who": names.person(facts(entry).get("by")),
        "n": facts(entry).get("version"),
    }


def declined(entry: Entry, names: Names) -> str:
    """An amendment was declined."""
    return _("The amendment of %(who)s was declined.") % {
        "who": names.person(facts(entry).get("by"))
    }


def checked(entry: Entry, names: Names) -> str:
    """A temperature check closed."""
    return _("Temperature check: %(mood)s") % {"mood": amounts.mood_sentence(facts(entry))}


def test_opened(entry: Entry, names: Names) -> str:
    """A test was opened."""
    return _("Test for consensus on version %(n)s.") % {"n": facts(entry).get("version")}


def test_closed(entry: Entry, names: Names) -> str:
    """A test closed: the numbers, and what they say."""
    said = facts(entry)
    labels = vocabulary.outcome_labels(by_degree="degree" in said)
    outcome = labels.get(said.get("outcome", ""), "")
    if said.get("outcome") == "NO_QUORUM":
        return _("%(outcome)s: the test is void.") % {"outcome": outcome}
    positions = said.get("positions", {})
    told = _("%(positions)s %(here)s %(outcome)s.") % {
        "positions": amounts.positions_sentence(positions),
        "here": amounts.units_sentence(said, positions)
        or amounts.here_sentence(said.get("present", 0)),
        "outcome": outcome,
    }
    degree = amounts.degree_sentence(said.get("degree"))
    return " ".join([told, *([degree] if degree else []), *reasons(said, names)])


def reasons(said: dict[str, Any], names: Names) -> Iterator[str]:
    """Yield the principles and reasons of who blocked or stood aside, by name if they agreed."""
    for block in said.get("blocks", []):
        yield _("Blocked by %(who)s: %(principle)s. %(reason)s") % {
            "who": names.opinion(block.get("who")),
            "principle": block.get("principle") or _("no principle named"),
            "reason": block.get("reason", ""),
        }
    for aside in said.get("asides", []):
        if aside.get("reason"):
            yield _("%(who)s stands aside: %(reason)s") % {
                "who": names.opinion(aside.get("who")),
                "reason": aside["reason"],
            }
    if n := said.get("entered"):
        yield ngettext(
            "%(n)s position was entered for somebody without a phone.",
            "%(n)s positions were entered for people without a phone.",
            n,
        ) % {"n": n}


def heard(entry: Entry, names: Names) -> str:
    """A block was heard."""
    return _("The block of %(who)s was heard.") % {"who": names.opinion(facts(entry).get("who"))}


def fell(entry: Entry, names: Names) -> str:
    """A block was found invalid."""
    said = facts(entry)
    given = said.get("given", {})
    return _("The block of %(who)s was found invalid: %(valid)s valid, %(invalid)s invalid.") % {
        "who": names.opinion(said.get("who")),
        "valid": given.get("valid", 0) + given.get("support", 0),
        "invalid": given.get("invalid", 0),
    }


def withdrawn(entry: Entry, names: Names) -> str:
    """A block was withdrawn."""
    return _("The block of %(who)s was withdrawn.") % {
        "who": names.opinion(facts(entry).get("who"))
    }


def stood_aside(entry: Entry, names: Names) -> str:
    """A blocker stands aside instead."""
    return _("%(who)s stands aside instead of blocking.") % {
        "who": names.opinion(facts(entry).get("who"))
    }


def asked_to_override(entry: Entry, names: Names) -> str | None:
    """The override question was put; other votes are told when they close."""
    said = facts(entry)
    if "override" not in said:
        return None
    return _("Asked of version %(n)s: %(question)s %(degree)s") % {
        "n": said.get("version"),
        "question": vocabulary.override_question(),
        "degree": amounts.degree_sentence(said.get("degree")),
    }


def voted(entry: Entry, names: Names) -> str:
    """A vote was counted."""
    said = facts(entry)
    if "override" in said:
        return overridden(said)
    if said.get("passed") is None:
        return _("The vote is void: too few were here.")
    given = {choice: int(said.get(f"votes_{choice}", 0)) for choice in rules.CHOICES}
    counted = int(said.get("counted", 0))
    share = amounts.percent(Fraction(given["for"], counted)) if counted else "0 %"
    told = _("Vote: %(votes)s %(share)s of those counted; %(needed)s were needed. %(result)s.")
    return told % {
        "votes": amounts.votes_sentence(given),
        "share": share,
        "needed": said.get("needed", 0),
        "result": _("Passed") if said.get("passed") else _("Not adopted"),
    }


def overridden(said: dict[str, Any]) -> str:
    """Tell how the override question was answered, and what that means."""
    given = {choice: int(said.get(f"votes_{choice}", 0)) for choice in rules.CHOICES}
    because = outcomes.override_because(
        rules.Fallback(rules.share(said["override"], "override_question")),
        given,
        counted=int(said.get("counted", 0)),
        passed=said.get("passed"),
        degree=said.get("degree"),
    )
    if said.get("passed") is None:
        return because
    return f"{amounts.votes_sentence(given, override=True)} {because}"


def adopted(entry: Entry, names: Names) -> str:
    """A decision was recorded, with its text."""
    said = facts(entry)
    told = _("Decision D-%(number)s, %(how)s, version %(n)s: %(text)s") % {
        "number": said.get("number"),
        "how": outcomes.how_told(said.get("how", ""), said),
        "n": said.get("version"),
        "text": said.get("text", ""),
    }
    if former := said.get("supersedes"):
        told += "\n" + _("It takes the place of decision D-%(number)s.") % {"number": former}
    return told


def referred(entry: Entry, names: Names) -> str:
    """A proposal was referred."""
    if to := facts(entry).get("to"):
        return _("The proposal was referred to %(to)s.") % {"to": to}
    return _("The proposal was referred.")


def postponed(entry: Entry, names: Names) -> str:
    """A proposal was postponed."""
    if until := facts(entry).get("until"):
        return _("The proposal was postponed: %(until)s.") % {"until": until}
    return _("The proposal was postponed.")


def proposal_withdrawn(entry: Entry, names: Names) -> str:
    """A proposal was withdrawn by who put it forward."""
    return _("The proposal was withdrawn.")


def task(entry: Entry, names: Names) -> str:
    """A task was written down."""
    said = facts(entry)
    holder = names.person(said["holder"]) if said.get("holder") else said.get("holder_name")
    return _("Task: %(what)s. Holder: %(holder)s. Due: %(due)s.") % {
        "what": said.get("what", ""),
        "holder": holder or _("needs a holder"),
        "due": said.get("due") or _("no date"),
    }


def on_paper(entry: Entry, names: Names) -> str:
    """A decision taken on paper was written down."""
    said = facts(entry)
    told = _("Decision D-%(number)s, taken on paper: “%(title)s”. %(how)s") % {
        "number": said.get("number"),
        "title": said.get("title", ""),
        "how": said.get("how", ""),
    }
    return told.strip()


def confirmed(entry: Entry, names: Names) -> str:
    """Somebody confirmed what was taken on paper."""
    n = int(facts(entry).get("n", 0))
    return ngettext(
        "The decision on paper was confirmed by %(n)s member.",
        "The decision on paper was confirmed by %(n)s members.",
        n,
    ) % {"n": n}


# --- before, between and after meetings -----------------------------------------------------------


def left_agenda(entry: Entry, names: Names) -> str:
    """A proposal came off a planned agenda."""
    return _("“%(title)s” was taken off the agenda.") % {"title": facts(entry).get("title", "")}


def submitted(entry: Entry, names: Names) -> str:
    """A draft was put before the assembly."""
    return _("“%(title)s” was submitted.") % {"title": facts(entry).get("title", "")}


def taken_back(entry: Entry, names: Names) -> str:
    """A proposal was withdrawn outside of a meeting."""
    return _("“%(title)s” was withdrawn.") % {"title": facts(entry).get("title", "")}


def task_held(entry: Entry, names: Names) -> str:
    """A task found a holder."""
    return _("The task “%(what)s” has a holder.") % {"what": facts(entry).get("what", "")}


def task_done(entry: Entry, names: Names) -> str:
    """A task was done."""
    return _("The task “%(what)s” is done.") % {"what": facts(entry).get("what", "")}


def rule_changed(entry: Entry, names: Names) -> str:
    """The assembly decides by another rule."""
    said = facts(entry)
    if number := said.get("decision"):
        return _("How the assembly decides was changed, as decision D-%(number)s says.") % {
            "number": number
        }
    return _("How the assembly decides was changed, before its first meeting.")


def a_phase_is_left_out(facts: Mapping[str, Any], names: Names) -> str:
    """Say that a phase was skipped, while the room can object."""
    return _("A phase of the talk was left out.")


# --- how an act log counts them -------------------------------------------------------------------


def positions_given(n: int) -> str:
    """Return how many positions were given."""
    return ngettext("%(n)s position was given.", "%(n)s positions were given.", n) % {"n": n}


def ballots_given(n: int) -> str:
    """Return how many ballots were cast."""
    return ngettext("%(n)s answer was given.", "%(n)s answers were given.", n) % {"n": n}
