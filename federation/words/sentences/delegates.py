"""What minutes and records say of delegates: seats, mandates, recalls, reports.

The record of a council says that a unit changed delegates, and when. Why is in the record of the
unit alone.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.door.kinds import Names, facts
from assemblies.models import Entry
from federation.words.sentences.naming import item_named, person_named, unit_named
from federation.words.vocabulary import day_words, told_words


def delegate_chosen(entry: Entry, names: Names) -> str:
    """This assembly chose a delegate."""
    told = facts(entry)
    words = (
        _("%(who)s is sent to “%(name)s” as alternate, by decision D-%(n)s.")
        if told.get("as_") == "alternate"
        else _("%(who)s is sent to “%(name)s” as our delegate, by decision D-%(n)s.")
    )
    return words % {
        "who": names.person(told.get("who")),
        "name": told.get("name", ""),
        "n": told.get("decision", ""),
    }


def delegate_drawn(entry: Entry, names: Names) -> str:
    """A delegate was drawn by lot."""
    told = facts(entry)
    return _("%(who)s was drawn by lot from %(n)s to be sent to “%(name)s”; seed %(seed)s.") % {
        "who": names.person(told.get("who")),
        "n": len(told.get("among", [])),
        "name": told.get("name", ""),
        "seed": str(told.get("seed", ""))[:16],
    }


def stepped_down(entry: Entry, names: Names) -> str:
    """A delegate gave up the seat."""
    return _("%(who)s stepped down from “%(name)s”.") % {
        "who": names.person(entry.actor),
        "name": facts(entry).get("name", ""),
    }


def stepped_in(entry: Entry, names: Names) -> str:
    """An alternate took an empty seat."""
    return _("%(who)s stepped in for %(unit)s.") % {
        "who": names.person(facts(entry).get("who")),
        "unit": unit_named(entry, names),
    }


def credential_given(entry: Entry, names: Names) -> str:
    """A unit sent somebody."""
    told = facts(entry)
    words = (
        _("%(unit)s sends %(who)s as alternate, %(until)s.")
        if told.get("as_") == "alternate"
        else _("%(unit)s sends %(who)s, %(until)s.")
    )
    until = _("until %(day)s") % {"day": day_words(told.get("until"))}
    if n := told.get("meetings"):
        until = ngettext("for %(n)s meeting", "for %(n)s meetings", int(n)) % {"n": n}
    return words % {
        "unit": unit_named(entry, names),
        "who": person_named(told.get("person"), names),
        "until": until,
    }


def unit_changed_delegates(entry: Entry, names: Names) -> str:
    """A unit changed delegates; why is its own affair."""
    return _("%(unit)s changed delegates at %(at)s.") % {
        "unit": unit_named(entry, names),
        "at": names.local(entry.at).strftime("%H:%M") if entry.at else "",
    }


def term_ended(entry: Entry, names: Names) -> str:
    """Somebody's time in a seat was over."""
    return _("A term of %(unit)s ended.") % {"unit": unit_named(entry, names)}


def mandate_given(entry: Entry, names: Names) -> str:
    """This assembly gave a mandate."""
    told = facts(entry)
    return _("Mandate for our delegates in “%(name)s” on “%(item)s”: %(what)s.") % {
        "name": told.get("name", ""),
        "item": told.get("title") or _("whatever comes"),
        "what": mandate_words(told),
    }


def mandate_words(told: dict[str, Any]) -> str:
    """Return a mandate in a few words."""
    return told_words(
        str(told.get("as_", "")),
        str(told.get("position") or ""),
        limits=told.get("limits", []),
        texts=int(told.get("texts", 0)),
        conditions=told.get("conditions", []),
    )


def mandate_known(entry: Entry, names: Names) -> str:
    """A unit told its delegates what to say."""
    told = facts(entry)
    if told.get("as_") == "ended":
        return _("%(unit)s took its mandate on “%(item)s” back.") % {
            "unit": unit_named(entry, names),
            "item": told.get("title", ""),
        }
    return _("%(unit)s gave its delegates a mandate on “%(item)s”: %(what)s.") % {
        "unit": unit_named(entry, names),
        "item": told.get("title") or _("whatever comes"),
        "what": mandate_words(told),
    }


def mandate_ended(entry: Entry, names: Names) -> str:
    """This assembly took a mandate back."""
    return _("Our mandate on “%(item)s” was taken back.") % {"item": facts(entry).get("title", "")}


def outside_mandate(entry: Entry, names: Names) -> str:
    """A delegate gave, or tried to give, an answer outside the mandate."""
    told = facts(entry)
    words = (
        _("%(who)s tried to say %(answer)s outside the mandate of %(unit)s.")
        if told.get("refused")
        else _("%(who)s said %(answer)s outside the mandate of %(unit)s.")
    )
    return words % {
        "who": names.person(told.get("who")),
        "answer": str(told.get("answer", "")).replace("_", " "),
        "unit": unit_named(entry, names),
    }


def no_position_said(entry: Entry, names: Names) -> str:
    """A unit has no position for now."""
    if facts(entry).get("referred"):
        return _("%(unit)s took “%(item)s” back to ask its assembly.") % {
            "unit": unit_named(entry, names),
            "item": item_named(entry, names),
        }
    return _("%(unit)s said that it has no position.") % {"unit": unit_named(entry, names)}


def recall_opened(entry: Entry, names: Names) -> str:
    """It was asked whether to recall a delegate."""
    return _("It was asked whether to recall %(who)s from “%(name)s”.") % {
        "who": person_named(facts(entry).get("person"), names),
        "name": facts(entry).get("name", ""),
    }


def delegate_heard(entry: Entry, names: Names) -> str:
    """The delegate was heard."""
    return _("The delegate was heard.")


def recalled(entry: Entry, names: Names) -> str:
    """A delegate was recalled."""
    told = facts(entry)
    votes = told.get("votes", {})
    return _("%(who)s was recalled: %(for)s for, %(against)s against (D-%(n)s).") % {
        "who": person_named(told.get("person"), names),
        "for": votes.get("for", 0),
        "against": votes.get("against", 0),
        "n": told.get("number", ""),
    }


def not_recalled(entry: Entry, names: Names) -> str:
    """A recall was not carried."""
    told = facts(entry)
    votes = told.get("votes", {})
    return _("%(who)s was not recalled: %(for)s for, %(against)s against.") % {
        "who": person_named(told.get("person"), names),
        "for": votes.get("for", 0),
        "against": votes.get("against", 0),
    }


def reported(entry: Entry, names: Names) -> str:
    """A delegate told what was said in a council."""
    told = facts(entry)
    return _("Report back from “%(name)s”, %(meeting)s: %(text)s") % {
        "name": told.get("name", ""),
        "meeting": told.get("title", ""),
        "text": told.get("text", ""),
    }


def report_filed(entry: Entry, names: Names) -> str:
    """The delegates of a unit filed the report they owed it."""
    return _("The delegates of %(unit)s reported back.") % {"unit": facts(entry).get("name", "")}
