"""What minutes and records say of huddles, in which those behind the spokes are asked."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.door.kinds import Names, facts
from assemblies.models import Entry
from federation.words.sentences.naming import item_named
from proposals.words import vocabulary


def huddle_opened(entry: Entry, names: Names) -> str:
    """A huddle began: the spokes ask those behind them."""
    return _("A huddle began on “%(item)s”.") % {"item": item_named(entry, names)}


def huddle_closed(entry: Entry, names: Names) -> str:
    """A huddle ended: what those behind each spoke told it to say."""
    told = [huddle_words(one) for one in facts(entry).get("units", [])]
    ended = _("The huddle on “%(item)s” ended.") % {"item": item_named(entry, names)}
    return " ".join([ended, *told])


def huddle_words(one: dict[str, Any]) -> str:
    """Return what those behind one spoke told it to say, in words."""
    labels = {**vocabulary.position_labels(), "": ""}
    if not one.get("position"):
        return _("%(unit)s: no answer of more than half.") % {"unit": one.get("name", "")}
    return _("%(unit)s: %(position)s, given here by %(by)s of %(of)s.") % {
        "unit": one.get("name", ""),
        "position": labels.get(one["position"], one["position"]),
        "by": one.get("by", 0),
        "of": one.get("of", 0),
    }


def huddle_answers_given(n: int) -> str:
    """Return how many answered in a huddle."""
    return ngettext(
        "%(n)s answer was given in a huddle.", "%(n)s answers were given in a huddle.", n
    ) % {"n": n}
