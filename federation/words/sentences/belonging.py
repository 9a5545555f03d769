"""What minutes and records say of who belongs to a council, and of how it works."""

from django.utils.translation import gettext as _

from assemblies.door.kinds import Names, facts
from assemblies.models import Assembly, Entry
from federation.words.sentences.naming import item_named, unit_named


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
    """An application was withdrawn; it names the assembly, or in the assembly the council."""
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


def votes_weighed(entry: Entry, names: Names) -> str:
    """How many votes units have in this meeting."""
    held = facts(entry).get("votes", {})
    called = dict(Assembly.objects.filter(key__in=held).values_list("key", "name"))
    return _("Votes by size, as they stay for this meeting: %(votes)s.") % {
        "votes": ", ".join(f"{called.get(key, key)} {n}" for key, n in held.items())
    }


def council_rule_changed(entry: Entry, names: Names) -> str:
    """The council changed its rule or its words."""
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
