"""The sentences of the minutes: one for each kind of entry, or silence by decision.

An app declares its own in its `minutes.py`; a test finds kinds that have neither. People stand in
them as the names they chose, and only where their part is one of power: roles, not opinions.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies import sheets
from assemblies.door import book, verifying
from assemblies.door import undoing as reversal
from assemblies.models import Entry, Role
from assemblies.services import (
    agenda,
    founding,
    people,
    phases,
    preparing,
    questions,
    roles,
    seats,
    settings,
)
from assemblies.services.belonging import MEMBER_JOINED


class Names:
    """How the minutes call people and items."""

    def __init__(
        self,
        people: dict[str, str],
        items: dict[str, str],
        named: frozenset[str] = frozenset(),
        *,
        local: Callable[[datetime], datetime],
    ) -> None:
        self._people, self._items, self._named = people, items, named
        self.local = local  # the clocks of the assembly

    def person(self, key: Any) -> str:
        """Return the name somebody chose for the meeting."""
        return self._people.get(str(key), _("somebody"))

    def known(self, key: Any) -> str | None:
        """Return what somebody, or whatever goes by this key, is called; None where unknown."""
        return self._people.get(str(key))

    def known_item(self, key: Any) -> str | None:
        """Return the title of an item, or None where it is unknown."""
        return self._items.get(str(key))

    def opinion(self, key: Any) -> str:
        """Return how somebody who held an opinion is called: by name only if they agreed to it."""
        return self.person(key) if str(key) in self._named else _("a member")

    def item(self, key: Any) -> str:
        """Return the title of an item."""
        return self._items.get(str(key), _("an item"))


Sentence = Callable[[Entry, Names], str | None]
Sum = Callable[[Sequence[Entry], Names], str | None]
SENTENCES: dict[str, Sentence] = {}
SILENT: set[str] = set()
SUMS: list[tuple[frozenset[str], Sum]] = []


def sentence(*kinds: str) -> Callable[[Sentence], Sentence]:
    """Declare how entries of these kinds are told; None where one of them needs no words."""

    def register(tell: Sentence) -> Sentence:
        SENTENCES.update(dict.fromkeys(kinds, tell))
        return tell

    return register


def silent(*kinds: str) -> None:
    """Declare that entries of these kinds are not told one by one."""
    SILENT.update(kinds)


def summed(*kinds: str) -> Callable[[Sum], Sum]:
    """Declare one line for all entries of these kinds within an item."""
    silent(*kinds)

    def register(tell: Sum) -> Sum:
        SUMS.append((frozenset(kinds), tell))
        return tell

    return register


def told_kinds() -> set[str]:
    """Return the kinds that minutes are drawn from."""
    return set(SENTENCES).union(*(kinds for kinds, _tell in SUMS))


def plain(kinds: Iterable[str], words: Callable[[], str]) -> None:
    """Declare kinds that are always told in the same words."""
    sentence(*kinds)(lambda entry, names: words())


def facts(entry: Entry) -> dict[str, Any]:
    """Return what an entry holds."""
    return entry.facts or {}


# --- people and the meeting -----------------------------------------------------------------------

silent(
    founding.PREPARED,
    founding.JOINED,
    people.CHECKED_IN,
    people.COUNTED_OUT,
    people.LEFT,
    people.PHONE_SET,
    people.MERGED,
    people.DESCRIBED,
    MEMBER_JOINED,
    sheets.HALF_OVER,
    # Asked in confidence.
    sheets.BREAK_REQUESTED,
    sheets.BREAK_PUT_OFF,
    # The assembly's own journal tells it.
    book.SETTINGS_FOLLOWED,
    # Marked at the entry that was taken back.
    reversal.ACT_UNDONE,
    # Who objected or showed a hand is never told, how many is.
    questions.OBJECTED,
    questions.ANSWERED,
)
plain([settings.SETTINGS_CHANGED], lambda: _("Settings of the assembly were changed."))
plain([settings.TRAINED_MARKED], lambda: _("It was written down who is trained for roles."))
plain([founding.FOUNDED], lambda: _("The assembly was founded."))
plain([phases.DOORS_OPENED], lambda: _("The doors were opened."))
plain([sheets.BREAK_TAKEN], lambda: _("A break began."))
plain([phases.RESUMED], lambda: _("The meeting went on."))
plain([phases.ENDED], lambda: _("The meeting ended."))
plain([phases.REOPENED], lambda: _("The meeting was reopened."))
plain([preparing.AGENDA_PREPARED], lambda: _("The draft agenda was changed before the meeting."))
plain([agenda.ITEM_REOPENED], lambda: _("The item was reopened."))
plain([questions.HANDS_SHOWN], lambda: _("A show of hands was called."))
plain([questions.SECONDED], lambda: _("That was seconded, and put to a show of hands."))


@sentence(phases.STARTED)
def started(entry: Entry, names: Names) -> str:
    """The meeting started."""
    n = int(facts(entry).get("present", 0))
    told = ngettext(
        "The meeting started with %(n)s person present.",
        "The meeting started with %(n)s people present.",
        n,
    )
    return told % {"n": n}


@sentence(people.HEADS_COUNTED)
def heads_counted(entry: Entry, names: Names) -> str:
    """People were counted without names."""
    n = int(facts(entry).get("heads", 0))
    told = ngettext(
        "%(n)s person was counted without a name.", "%(n)s people were counted without names.", n
    )
    return told % {"n": n}


@summed(people.COUNTED_IN)
def counted_in(entries: Sequence[Entry], names: Names) -> str:
    """Guests were counted in."""
    n = len(entries)
    told = ngettext("%(n)s guest was counted in.", "%(n)s guests were counted in.", n)
    return told % {"n": n}


@sentence(people.GUESTS_WELCOMED)
def guests_welcomed(entry: Entry, names: Names) -> str:
    """Guests may speak, or not any more."""
    if facts(entry).get("on"):
        return _("Guests were invited to speak.")
    return _("Guests were asked to listen.")


def role_of(entry: Entry) -> str:
    """Return the label of a role."""
    code = str(facts(entry).get("role", ""))
    return str(dict(Role.Code.choices).get(code, code))


@sentence(roles.ROLE_GIVEN)
def role_given(entry: Entry, names: Names) -> str:
    """Somebody took a role."""
    who = names.person(facts(entry).get("who"))
    return _("%(who)s took a role: %(role)s.") % {"who": who, "role": role_of(entry)}


@sentence(roles.ROLE_DROPPED)
def role_dropped(entry: Entry, names: Names) -> str:
    """Somebody gave a role up."""
    who = names.person(facts(entry).get("who"))
    return _("%(who)s gave up a role: %(role)s.") % {"who": who, "role": role_of(entry)}


@sentence(roles.ROLE_HANDED_OVER)
def role_handed_over(entry: Entry, names: Names) -> str:
    """Somebody gave their role to somebody else."""
    return _("%(former)s handed a role over to %(who)s: %(role)s.") % {
        "former": names.person(facts(entry).get("former")),
        "who": names.person(facts(entry).get("who")),
        "role": role_of(entry),
    }


@sentence(sheets.ROTA_PROPOSED)
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


@sentence(seats.SEAT_GIVEN_BACK)
def seat_given_back(entry: Entry, names: Names) -> str:
    """A link to somebody's seat was made."""
    return _("%(by)s made a link to the seat of %(who)s.") % {
        "by": names.person(entry.actor),
        "who": names.person(facts(entry).get("who")),
    }


@sentence(preparing.PARTICULARS_SET)
def particulars_set(entry: Entry, names: Names) -> str | None:
    """Time or place were changed; the Wi-Fi is nobody's memory."""
    if {"starts_at", "place"} & set(facts(entry)):
        return _("Time or place were changed before the meeting.")
    return None


@sentence(verifying.BODIES_ERASED)
def bodies_erased(entry: Entry, names: Names) -> str | None:
    """Hands and signals were forgotten."""
    n = sum(last - first + 1 for first, last in facts(entry).get("ranges", []))
    told = ngettext(
        "%(n)s entry about hands and signals was erased, as promised.",
        "%(n)s entries about hands and signals were erased, as promised.",
        n,
    )
    return told % {"n": n} if n else None


# --- the agenda -----------------------------------------------------------------------------------


@sentence(agenda.TAKEN_UP)
def taken_up(entry: Entry, names: Names) -> None:
    """Begin an item: its heading says so."""


@sentence(agenda.FINISHED)
def finished(entry: Entry, names: Names) -> str | None:
    """Finish an item: worth words when it was not simply done."""
    outcomes = {
        "postponed": _("The item was postponed."),
        "carried_over": _("The item was carried over to the next meeting."),
    }
    return outcomes.get(facts(entry).get("outcome", ""))


@sentence(agenda.EXTENDED)
def extended(entry: Entry, names: Names) -> str:
    """An item got more time."""
    n = int(facts(entry).get("minutes", 0))
    told = ngettext(
        "%(n)s minute was added to “%(item)s”.", "%(n)s minutes were added to “%(item)s”.", n
    )
    return told % {"n": n, "item": names.item(facts(entry).get("item"))}


@sentence(agenda.ADDED)
def added(entry: Entry, names: Names) -> str:
    """An item came onto the agenda."""
    return _("“%(item)s” was put on the agenda.") % {"item": facts(entry).get("title", "")}


@sentence(agenda.MOVED)
def moved(entry: Entry, names: Names) -> str:
    """An item got another place."""
    return _("“%(item)s” was moved to place %(to)s of the agenda.") % {
        "item": names.item(facts(entry).get("item")),
        "to": facts(entry).get("to"),
    }


@sentence(agenda.NOTED)
def noted(entry: Entry, names: Names) -> str:
    """Print what the note taker wrote."""
    return str(facts(entry).get("text", ""))


# --- questions to the room ------------------------------------------------------------------------


@sentence(questions.ASKED)
def asked(entry: Entry, names: Names) -> str:
    """The room was asked."""
    return _("The room was asked: “%(text)s”") % {"text": facts(entry).get("text", "")}


@sentence(questions.CLOSED)
def closed(entry: Entry, names: Names) -> str:
    """Silence, or objections, answered."""
    n = int(facts(entry).get("objections", 0))
    if facts(entry).get("result") == "yes":
        return _("Nobody objected: yes.")
    told = ngettext("%(n)s objection: no.", "%(n)s objections: no.", n)
    return told % {"n": n}


@sentence(questions.ACT_OBJECTED)
def act_objected(entry: Entry, names: Names) -> str:
    """Somebody objected to something done."""
    return _(
        "There was an objection to what had just been done (entry %(seq)s); it was undone."
    ) % {"seq": facts(entry).get("seq")}


@sentence(questions.FACILITATOR_ASKED)
def facilitator_asked(entry: Entry, names: Names) -> str:
    """Somebody else was asked to facilitate."""
    who = names.person(facts(entry).get("who"))
    return _("A member asked that %(who)s facilitates.") % {"who": who}


@sentence(sheets.HANDS_CLOSED)
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
