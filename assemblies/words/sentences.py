"""The sentences of the minutes: one for each kind of entry, or silence by decision.

An app declares its own in its `minutes.py`; a test finds kinds that have neither. People stand in
them as the names they chose, and only where their part is one of power: roles, not opinions.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.door.kinds import Names, Summed, facts
from assemblies.models import Entry, Role

# --- people and the meeting -----------------------------------------------------------------------


def started(entry: Entry, names: Names) -> str:
    """The meeting started."""
    n = int(facts(entry).get("present", 0))
    told = ngettext(
        "The meeting started with %(n)s person present.",
        "The meeting started with %(n)s people present.",
        n,
    )
    return told % {"n": n}


def heads_counted(entry: Entry, names: Names) -> str:
    """People were counted without names."""
    n = int(facts(entry).get("heads", 0))
    told = ngettext(
        "%(n)s person was counted without a name.", "%(n)s people were counted without names.", n
    )
    return told % {"n": n}


def counted_in(entries: Sequence[Entry], names: Names) -> str:
    """Guests were counted in."""
    n = len(entries)
    told = ngettext("%(n)s guest was counted in.", "%(n)s guests were counted in.", n)
    return told % {"n": n}


COUNTED_IN = Summed(counted_in)


def guests_welcomed(entry: Entry, names: Names) -> str:
    """Guests may speak, or not any more."""
    if facts(entry).get("on"):
        return _("Guests were invited to speak.")
    return _("Guests were asked to listen.")


def role_of(entry: Entry) -> str:
    """Return the label of a role."""
    code = str(facts(entry).get("role", ""))
    return str(dict(Role.Code.choices).get(code, code))


def role_given(entry: Entry, names: Names) -> str:
    """Somebody took a role."""
    who = names.person(facts(entry).get("who"))
    return _("%(who)s took a role: %(role)s.") % {"who": who, "role": role_of(entry)}


def role_dropped(entry: Entry, names: Names) -> str:
    """Somebody gave a role up."""
    who = names.person(facts(entry).get("who"))
    return _("%(who)s gave up a role: %(role)s.") % {"who": who, "role": role_of(entry)}


def role_handed_over(entry: Entry, names: Names) -> str:
    """Somebody gave their role to somebody else."""
    return _("%(former)s handed a role over to %(who)s: %(role)s.") % {
        "former": names.person(facts(entry).get("former")),
        "who": names.person(facts(entry).get("who")),
        "role": role_of(entry),
    }


def rota_proposed(entry: Entry, names: Names) -> str:
    """The rota proposed people, with what it takes to compute it again."""
    said = facts(entry)
    times = {one.get("who"): int(one.get("times", 0)) for one in said.get("order", [])}
    people_of = [
        _("%(who)s (served in %(n)s of the last ten meetings)")
        % {"who": names.person(key), "n": times.get(key, 0)}
        for key in said.get("who", [])
    ]
    told = _("The rota proposed for a role, %(role)s: %(people)s. The seed of its lot: %(seed)s.")
    return told % {
        "role": role_of(entry),
        "people": ", ".join(people_of),
        "seed": said.get("seed", ""),
    }


def seat_given_back(entry: Entry, names: Names) -> str:
    """A link to somebody's seat was made."""
    return _("%(by)s made a link to the seat of %(who)s.") % {
        "by": names.person(entry.actor),
        "who": names.person(facts(entry).get("who")),
    }


def particulars_set(entry: Entry, names: Names) -> str | None:
    """Time or place were changed; the Wi-Fi is nobody's memory."""
    if {"starts_at", "place"} & set(facts(entry)):
        return _("Time or place were changed before the meeting.")
    return None


# --- the agenda -----------------------------------------------------------------------------------


def taken_up(entry: Entry, names: Names) -> None:
    """Begin an item: its heading says so."""


def finished(entry: Entry, names: Names) -> str | None:
    """Finish an item: worth words when it was not simply done."""
    outcomes = {
        "postponed": _("The item was postponed."),
        "carried_over": _("The item was carried over to the next meeting."),
    }
    return outcomes.get(facts(entry).get("outcome", ""))


def extended(entry: Entry, names: Names) -> str:
    """An item got more time."""
    n = int(facts(entry).get("minutes", 0))
    told = ngettext(
        "%(n)s minute was added to “%(item)s”.", "%(n)s minutes were added to “%(item)s”.", n
    )
    return told % {"n": n, "item": names.item(facts(entry).get("item"))}


def added(entry: Entry, names: Names) -> str:
    """An item came onto the agenda."""
    return _("“%(item)s” was put on the agenda.") % {"item": facts(entry).get("title", "")}


def moved(entry: Entry, names: Names) -> str:
    """An item got another place."""
    return _("“%(item)s” was moved to place %(to)s of the agenda.") % {
        "item": names.item(facts(entry).get("item")),
        "to": facts(entry).get("to"),
    }


def noted(entry: Entry, names: Names) -> str:
    """Print what the note taker wrote."""
    return str(facts(entry).get("text", ""))


# --- questions to the room ------------------------------------------------------------------------


def asked(entry: Entry, names: Names) -> str:
    """The room was asked."""
    return _("The room was asked: “%(text)s”") % {"text": facts(entry).get("text", "")}


def closed(entry: Entry, names: Names) -> str:
    """Silence, or objections, answered."""
    n = int(facts(entry).get("objections", 0))
    if facts(entry).get("result") == "yes":
        return _("Nobody objected: yes.")
    told = ngettext("%(n)s objection: no.", "%(n)s objections: no.", n)
    return told % {"n": n}


def act_objected(entry: Entry, names: Names) -> str:
    """Somebody objected to something done."""
    return _(
        "There was an objection to what had just been done (entry %(seq)s); it was undone."
    ) % {"seq": facts(entry).get("seq")}


def facilitator_asked(entry: Entry, names: Names) -> str:
    """Somebody else was asked to facilitate."""
    who = names.person(facts(entry).get("who"))
    return _("A member asked that %(who)s facilitates.") % {"who": who}


def hands_closed(entry: Entry, names: Names) -> str:
    """Hands settled a question."""
    said = facts(entry)
    yes_or_no = _("yes") if said.get("result") == "yes" else _("no")
    told = _("Show of hands: %(result)s (%(yes)s yes, %(no)s no).") % {
        "result": yes_or_no,
        "yes": said.get("yes", 0),
        "no": said.get("no", 0),
    }
    if new := said.get("facilitator"):
        told += " " + _("%(who)s facilitates from here on.") % {"who": names.person(new)}
    return told


# --- what the room reads while it can object ------------------------------------------------------


def role_label(facts: Mapping[str, Any]) -> str:
    """Return what the role is called that something was done with."""
    return str(dict(Role.Code.choices).get(facts.get("role", ""), ""))


def a_role_is_taken(facts: Mapping[str, Any], names: Names) -> str:
    """Return who takes which role."""
    return _("%(name)s takes a role: %(role)s.") % {
        "name": names.known(facts.get("who")) or "?",
        "role": role_label(facts),
    }


def a_role_is_handed_over(facts: Mapping[str, Any], names: Names) -> str:
    """Return who hands which role over to whom."""
    return _("%(former)s hands over to %(name)s: %(role)s.") % {
        "former": names.known(facts.get("former")) or "?",
        "name": names.known(facts.get("who")) or "?",
        "role": role_label(facts),
    }


def an_item_gets_more_time(facts: Mapping[str, Any], names: Names) -> str:
    """Return which item gets how many minutes."""
    return _("“%(title)s” gets %(minutes)s more minutes.") % {
        "title": names.known_item(facts.get("item")) or "?",
        "minutes": facts.get("minutes", 0),
    }


# --- how an act log counts them -------------------------------------------------------------------


def a_meeting_was_prepared(n: int) -> str:
    """Say that a meeting was prepared."""
    return _("A meeting was prepared.")


def an_item_was_taken_up(n: int) -> str:
    """Say that an item was taken up."""
    return _("An item was taken up.")


def seats_taken(n: int) -> str:
    """Return how many took a seat."""
    return ngettext("%(n)s person took a seat.", "%(n)s people took a seat.", n) % {"n": n}


def people_came_in(n: int) -> str:
    """Return how many came in."""
    return ngettext("%(n)s person came in.", "%(n)s people came in.", n) % {"n": n}


def people_left(n: int) -> str:
    """Return how many left."""
    return ngettext("%(n)s person left.", "%(n)s people left.", n) % {"n": n}
