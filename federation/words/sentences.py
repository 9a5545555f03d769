"""What stands in minutes and records of councils, units and delegates.

A council's record says that a unit changed delegates, and when. Why stands in the base's own.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.door.kinds import Names, facts
from assemblies.models import Assembly, Entry, Person
from federation.models import CouncilItem, Ratification
from federation.words.vocabulary import day_words, told_words
from proposals.words import vocabulary


def unit_named(entry: Entry, names: Names | None = None) -> str:
    """Return the name of the unit that an entry is about; looked up where `names` has it not."""
    key = facts(entry).get("unit", "")
    if names is not None and (known := names.known(key)):
        return known
    found = Assembly.objects.filter(key=str(key)).first()
    return found.name if found is not None else _("a unit")


def person_named(key: Any, names: Names | None = None) -> str:
    """Return the name of a delegate: whoever carries a mandate does so by name."""
    if names is not None and (known := names.known(key)):
        return known
    found = Person.objects.filter(pk=str(key)).first() if key else None
    return found.name if found is not None else _("somebody")


def item_named(entry: Entry, names: Names | None = None) -> str:
    """Return the title of a council item."""
    key = facts(entry).get("item", "")
    if title := facts(entry).get("title"):
        return str(title)
    if names is not None and (known := names.known_item(key)):
        return known
    found = CouncilItem.objects.filter(key=str(key)).first()
    return found.title if found is not None else _("an item")


def council_founded(entry: Entry, names: Names) -> str:
    """A council was founded."""
    return _("The council “%(name)s” was founded.") % {"name": facts(entry).get("name", "")}


def council_joined(entry: Entry, names: Names) -> str:
    """This assembly joined a council."""
    return _("We joined “%(name)s”, by decision D-%(n)s.") % {
        "name": facts(entry).get("name", ""),
        "n": facts(entry).get("decision", ""),
    }


def council_applied(entry: Entry, names: Names) -> str:
    """This assembly wants to belong to a council that decides whom it admits."""
    return _("We applied to “%(name)s”, by decision D-%(n)s; it decides whom it admits.") % {
        "name": facts(entry).get("name", ""),
        "n": facts(entry).get("decision", ""),
    }


def unit_applied(entry: Entry, names: Names) -> str:
    """An assembly wants to belong to the council."""
    return _("%(unit)s has applied to belong to the council.") % {
        "unit": facts(entry).get("name", "")
    }


def application_withdrawn(entry: Entry, names: Names) -> str:
    """An application was taken back; it names the other side of it."""
    return _("The application was withdrawn: %(name)s.") % {"name": facts(entry).get("name", "")}


def unit_admitted(entry: Entry, names: Names) -> str:
    """The council admitted an assembly, by what its units agreed on."""
    told = facts(entry)
    return _("%(unit)s was admitted, by what was agreed on “%(item)s”.") % {
        "unit": told.get("name", ""),
        "item": told.get("title", ""),
    }


def council_left(entry: Entry, names: Names) -> str:
    """This assembly left a council."""
    return _("We left “%(name)s”, by decision D-%(n)s.") % {
        "name": facts(entry).get("name", ""),
        "n": facts(entry).get("decision", ""),
    }


def council_formed(entry: Entry, names: Names) -> str:
    """A council came to be."""
    return _("The council is formed: a second unit has joined.")


def unit_joined(entry: Entry, names: Names) -> str:
    """A unit joined the council."""
    return _("%(unit)s joined.") % {"unit": unit_named(entry, names)}


def unit_left(entry: Entry, names: Names) -> str:
    """A unit left the council."""
    return _("%(unit)s left.") % {"unit": unit_named(entry, names)}


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


def votes_weighed(entry: Entry, names: Names) -> str:
    """How many votes units have in this meeting."""
    held = facts(entry).get("votes", {})
    called = dict(Assembly.objects.filter(key__in=held).values_list("key", "name"))
    return _("Votes by size, as they stay for this meeting: %(votes)s.") % {
        "votes": ", ".join(f"{called.get(key, key)} {n}" for key, n in held.items())
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


def unit_changed_delegates(entry: Entry, names: Names) -> str:
    """A unit changed delegates; why is its own affair."""
    return _("%(unit)s changed delegates at %(at)s.") % {
        "unit": unit_named(entry, names),
        "at": names.local(entry.at).strftime("%H:%M") if entry.at else "",
    }


def term_ended(entry: Entry, names: Names) -> str:
    """Somebody's time in a seat was over."""
    return _("A term of %(unit)s ended.") % {"unit": unit_named(entry, names)}


def no_position_said(entry: Entry, names: Names) -> str:
    """A unit has no position for now."""
    if facts(entry).get("referred"):
        return _("%(unit)s took “%(item)s” back to ask its assembly.") % {
            "unit": unit_named(entry, names),
            "item": item_named(entry, names),
        }
    return _("%(unit)s said that it has no position.") % {"unit": unit_named(entry, names)}


def huddle_opened(entry: Entry, names: Names) -> str:
    """The spokes turned to those behind them."""
    return _("A huddle began on “%(item)s”.") % {"item": item_named(entry, names)}


def huddle_closed(entry: Entry, names: Names) -> str:
    """Those behind the spokes were asked, and this is what they told them to say."""
    told = [huddle_words(one) for one in facts(entry).get("units", [])]
    ended = _("The huddle on “%(item)s” ended.") % {"item": item_named(entry, names)}
    return " ".join([ended, *told])


def huddle_words(one: dict[str, Any]) -> str:
    """Return what those behind one spoke told it."""
    labels = {**vocabulary.position_labels(), "": ""}
    if not one.get("position"):
        return _("%(unit)s: no answer of more than half.") % {"unit": one.get("name", "")}
    return _("%(unit)s: %(position)s, given here by %(by)s of %(of)s.") % {
        "unit": one.get("name", ""),
        "position": labels.get(one["position"], one["position"]),
        "by": one.get("by", 0),
        "of": one.get("of", 0),
    }


def lapsed(entry: Entry, names: Names) -> str:
    """Too few answered in time."""
    return _("“%(item)s” lapsed: too few accepted it in time.") % {"item": item_named(entry, names)}


def outside_mandate(entry: Entry, names: Names) -> str:
    """A delegate went beyond what they were told."""
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


def council_rule_changed(entry: Entry, names: Names) -> str:
    """The council works otherwise from now on."""
    changed = {**facts(entry).get("rule", {}), **facts(entry).get("words", {})}
    told = ", ".join(f"{name}: {to}" for name, to in changed.items())
    return _("By “%(item)s” the council changed how it works. %(what)s") % {
        "item": item_named(entry, names),
        "what": told,
    }


def person_admitted(entry: Entry, names: Names) -> str:
    """Somebody belongs to the council as a person."""
    return _("%(who)s belongs to the council as a person.") % {
        "who": names.person(facts(entry).get("who"))
    }


def person_withdrew(entry: Entry, names: Names) -> str:
    """Somebody left who belonged as a person."""
    return _("%(who)s no longer belongs to the council as a person.") % {
        "who": names.person(facts(entry).get("who"))
    }


def item_agreed(entry: Entry, names: Names) -> str:
    """The council agreed on an item."""
    told = facts(entry)
    if told.get("phase") == "provisional":
        return _("“%(item)s” goes to all units; they answer until %(until)s.") % {
            "item": item_named(entry, names),
            "until": day_words(told.get("until")),
        }
    return _("“%(item)s” is in force.") % {"item": item_named(entry, names)}


# --- what goes round ------------------------------------------------------------------------------


def kind_label(entry: Entry) -> str:
    """Return what a council is asked to do with an item."""
    code = str(facts(entry).get("as_", ""))
    return str(dict(CouncilItem.Kind.choices).get(code, code))


def carried_up(entry: Entry, names: Names) -> str:
    """This assembly carried a decision up."""
    told = facts(entry)
    return _("Decision D-%(n)s is carried up to “%(name)s” (%(kind)s): “%(item)s”.") % {
        "n": told.get("decision", ""),
        "name": told.get("name", ""),
        "kind": kind_label(entry),
        "item": item_named(entry, names),
    }


def item_carried(entry: Entry, names: Names) -> str:
    """A unit carried a decision up."""
    told = facts(entry)
    return _("%(unit)s carried up “%(item)s” (%(kind)s), by its decision D-%(n)s.") % {
        "unit": told.get("name", ""),
        "item": item_named(entry, names),
        "kind": kind_label(entry),
        "n": told.get("number", ""),
    }


def support_given(entry: Entry, names: Names) -> str:
    """This assembly stands behind what another carried up."""
    told = facts(entry)
    return _("Decision D-%(n)s supports “%(item)s” in “%(name)s”.") % {
        "n": told.get("decision", ""),
        "item": item_named(entry, names),
        "name": told.get("name", ""),
    }


def item_supported(entry: Entry, names: Names) -> str:
    """Another unit carried the same up."""
    return _("%(unit)s carried up “%(item)s” too.") % {
        "unit": facts(entry).get("name", ""),
        "item": item_named(entry, names),
    }


def item_brought(entry: Entry, names: Names) -> str:
    """An item of a council came onto the agenda."""
    return _("“%(item)s”, from “%(name)s”, was put on the agenda.") % {
        "item": item_named(entry, names),
        "name": facts(entry).get("name", ""),
    }


def item_debated(entry: Entry, names: Names) -> str:
    """This assembly has talked about an item of a council."""
    told = facts(entry)
    debated = _("We have debated “%(item)s” of “%(name)s”.") % {
        "item": item_named(entry, names),
        "name": told.get("name", ""),
    }
    if told.get("decision"):
        debated += " " + _("By decision D-%(n)s.") % {"n": told["decision"]}
    return " ".join(filter(None, [debated, str(told.get("text", ""))]))


def answer_label(entry: Entry) -> str:
    """Return what a unit answered."""
    code = str(facts(entry).get("answer", ""))
    return str(dict(Ratification.Answer.choices).get(code, code))


def ratified(entry: Entry, names: Names) -> str:
    """This assembly answered a text of a council."""
    told = facts(entry)
    return _("Our answer to “%(item)s”, version %(v)s, of “%(name)s”: %(answer)s (D-%(n)s).") % {
        "item": item_named(entry, names),
        "v": told.get("version"),
        "name": told.get("name", ""),
        "answer": answer_label(entry),
        "n": told.get("decision", ""),
    }


def unit_answered(entry: Entry, names: Names) -> str:
    """A unit answered, with its reasons."""
    told = facts(entry)
    answered = _("%(unit)s on “%(item)s”, version %(v)s: %(answer)s.") % {
        "unit": told.get("name", ""),
        "item": item_named(entry, names),
        "v": told.get("version"),
        "answer": answer_label(entry),
    }
    return " ".join(filter(None, [answered, str(told.get("reason", ""))]))


def in_force(entry: Entry, names: Names) -> str:
    """Enough units accepted."""
    return _("“%(item)s”, version %(v)s, is in force: enough units accept it.") % {
        "item": item_named(entry, names),
        "v": facts(entry).get("version"),
    }


def returned(entry: Entry, names: Names) -> str:
    """A unit brought an item back."""
    told = facts(entry)
    sentences = (
        _("%(unit)s returned “%(item)s” with a change, which goes to all units.")
        if told.get("changed")
        else _("“%(item)s” comes back to be talked about: the answer of %(unit)s.")
    )
    return sentences % {"unit": told.get("name", ""), "item": item_named(entry, names)}


def sent_round(entry: Entry, names: Names) -> str:
    """What came back goes to all units again."""
    told = facts(entry)
    sent = _("“%(item)s”, version %(v)s, goes to all units; they answer until %(until)s.") % {
        "item": item_named(entry, names),
        "v": told.get("version"),
        "until": day_words(told.get("until")),
    }
    return " ".join(filter(None, [sent, str(told.get("text", ""))]))


def waiting(entry: Entry, names: Names) -> str:
    """The time is over, and nothing lapses: all have to agree."""
    n = int(facts(entry).get("waiting", 0))
    told = ngettext(
        "“%(item)s” waits for %(n)s unit: all have to agree.",
        "“%(item)s” waits for %(n)s units: all have to agree.",
        n,
    )
    return told % {"item": item_named(entry, names), "n": n}


def members_counted(entry: Entry, names: Names) -> str:
    """The members of all units answered."""
    told = facts(entry)
    sentences = (
        _("All members answered “%(item)s”: %(for)s for, %(against)s against. It is in force.")
        if told.get("result") == "in_force"
        else _("All members answered “%(item)s”: %(for)s for, %(against)s against. Not agreed.")
    )
    return sentences % {
        "item": item_named(entry, names),
        "for": told.get("for", 0),
        "against": told.get("against", 0),
    }


def opted_out(entry: Entry, names: Names) -> str:
    """This assembly does not carry something out."""
    told = facts(entry)
    return _("We do not carry out “%(item)s” (D-%(n)s). %(reason)s") % {
        "item": item_named(entry, names),
        "n": told.get("decision", ""),
        "reason": told.get("reason", ""),
    }


def unit_opted_out(entry: Entry, names: Names) -> str:
    """A unit does not carry something out."""
    told = facts(entry)
    return _("%(unit)s opted out of “%(item)s”. %(reason)s") % {
        "unit": told.get("name", ""),
        "item": item_named(entry, names),
        "reason": told.get("reason", ""),
    }


def scope_objected(entry: Entry, names: Names) -> str:
    """A unit said that a matter is its own."""
    told = facts(entry)
    return _("%(unit)s says that “%(item)s” is its own matter. %(reason)s") % {
        "unit": told.get("name", ""),
        "item": item_named(entry, names),
        "reason": told.get("reason", ""),
    }


def scope_closed(entry: Entry, names: Names) -> str:
    """The units said whose matter it is."""
    told = facts(entry)
    sentences = (
        _("%(n)s of %(of)s units call “%(item)s” a shared matter: it stays.")
        if told.get("result") == "shared"
        else _(
            "%(n)s of %(of)s units call “%(item)s” a shared matter, and it takes %(needed)s:"
            " it leaves the council."
        )
    )
    return sentences % {
        "n": told.get("shared", 0),
        "of": told.get("of", 0),
        "needed": told.get("needed", 0),
        "item": item_named(entry, names),
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
    """A unit had its report."""
    return _("The delegates of %(unit)s reported back.") % {"unit": facts(entry).get("name", "")}


# --- how an act log counts them -------------------------------------------------------------------


def huddle_answers_given(n: int) -> str:
    """Return how many answered in a huddle."""
    return ngettext(
        "%(n)s answer was given in a huddle.", "%(n)s answers were given in a huddle.", n
    ) % {"n": n}
