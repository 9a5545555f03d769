"""What minutes and records say of the items of a council: carried, debated, answered, settled."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.door.kinds import Names, facts
from assemblies.models import Entry
from federation.models import CouncilItem, Ratification
from federation.rules import ItemPhase
from federation.words.sentences.naming import item_named
from federation.words.vocabulary import day_words


def lapsed(entry: Entry, names: Names) -> str:
    """Too few answered in time."""
    return _("“%(item)s” lapsed: too few accepted it in time.") % {"item": item_named(entry, names)}


def item_agreed(entry: Entry, names: Names) -> str:
    """The council agreed on an item."""
    told = facts(entry)
    if told.get("phase") == ItemPhase.PROVISIONAL:
        return _("“%(item)s” goes to all units; they answer until %(until)s.") % {
            "item": item_named(entry, names),
            "until": day_words(told.get("until")),
        }
    return _("“%(item)s” is in force.") % {"item": item_named(entry, names)}


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
    """This assembly supports what another carried up."""
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
    """An item that came back goes to all units again."""
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
