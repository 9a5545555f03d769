"""The panel of a question to the room, with the acts that an objection can still take back."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies import rules
from assemblies.acts.declaring import GATHERED
from assemblies.door.house import house
from assemblies.door.kinds import Names
from assemblies.door.page import Page
from assemblies.door.undoing import find_entry, is_rested_on, undone_since
from assemblies.live.printing import FACILITATOR, panel
from assemblies.models import Entry, Question
from assemblies.screens.shown import ms
from assemblies.screens.tools import for_everyone_else
from assemblies.sheets import Agenda, QuestionSheet, Roll


@panel("question", "assemblies/_question.html", "question", "roll", "meeting", "agenda")
def question_panel(page: Page, audience: str) -> dict[str, Any]:
    """Return the question to the room, and the acts that an objection can take back."""
    sheet, roll = page.sheet(QuestionSheet), page.sheet(Roll)
    last, request = sheet.last, sheet.request
    yes_no = [("yes", _("Yes")), ("no", _("No"))]
    item = page.sheet(Agenda).open
    if last is not None and last.closed_at and item and item.opened_at:
        # What was asked about an earlier item is over.
        last = None if last.closed_at < item.opened_at else last
    if page.meeting.phase == "ended":
        last = request = None
    return {
        "question": question_shown(page, last) if last is not None else None,
        "request": request_shown(roll, request) if request is not None else None,
        "objectable": objectable(page) if page.meeting.phase in GATHERED else [],
        "everyone_else": for_everyone_else(page, "answer_question", "answer", yes_no)
        if audience == FACILITATOR and last is not None and last.stage == "hands"
        else None,
    }


def question_shown(page: Page, question: Question) -> dict[str, Any]:
    """Return a question as screens show it."""
    sheet = page.sheet(QuestionSheet)
    told = question.stage == "hands" or question.result
    yes, no = sheet.tally(question, page.sheet(Roll)) if told else (0, 0)
    hands = question.stage == "hands"
    return {
        "text": question_text(page, question),
        "kind": question.kind,
        "open": question.under_way,
        "objections": len(sheet.objections),
        "hands": hands,
        "yes": yes,
        "no": no,
        "numbers": {word: question.counted.get(word, 0) for word in ("yes", "no")},
        "counted": counted_sentence(page, question),
        "closes_at": ms(question.closes_at) if hands else None,
        "ready_at": ms(question.closes_at) if not hands else None,
        "result": question.result or None,
        "sentence": question_sentence(question, len(sheet.objections), yes, no),
    }


def counted_sentence(page: Page, question: Question) -> str:
    """Return the count of raised hands of people without names, as a sentence, or ""."""
    by = page.sheet(Roll).find(question.counted.get("by", ""))
    if by is None:
        return ""
    return _("Counted by %(name)s: %(yes)s yes, %(no)s no.") % {
        "name": by.name,
        "yes": question.counted.get("yes", 0),
        "no": question.counted.get("no", 0),
    }


def question_text(page: Page, question: Question) -> str:
    """Return the text of a question."""
    roll = page.sheet(Roll)
    if question.kind == "facilitator":
        who = roll.find(question.who)
        return _("Shall %(name)s facilitate?") % {"name": who.name if who else "?"}
    if question.kind == "act":
        done = words_for_room(
            page, question.about.get("kind", ""), question.about.get("facts") or {}
        )
        return _("Somebody objected. Shall it stand? %(done)s") % {"done": done}
    return question.text


def question_sentence(question: Question, objections: int, yes: int, no: int) -> str:
    """Return how a question stands, in words."""
    if question.stage == "hands":
        return _("Show of hands: %(yes)s yes, %(no)s no.") % {"yes": yes, "no": no}
    if question.stage == "open" and objections:
        return ngettext(
            "%(n)s objection. Without a show of hands that is a no.",
            "%(n)s objections. Without a show of hands that is a no.",
            objections,
        ) % {"n": objections}
    if question.stage == "open":
        return _("Silence means yes.")
    if question.result == "yes":
        return _("The room says yes.")
    if question.result == "no":
        return _("The room says no.")
    return _("Put aside.")


def request_shown(roll: Roll, request: Question) -> dict[str, Any]:
    """Return a request for another facilitator as screens show it."""
    who, by = roll.find(request.who), roll.find(request.asked_by)
    name, by_name = who.name if who else "?", by.name if by else "?"
    return {
        "who": request.who,
        "name": name,
        "by_name": by_name,
        "sentence": _("%(by)s asks that %(name)s facilitates. Somebody must second it.")
        % {"by": by_name, "name": name},
    }


def objectable(page: Page) -> list[dict[str, Any]]:
    """Return the acts that one objection can still take back."""
    kinds = [name for name, one in house().reversible.items() if one.undo and one.undo.by_room]
    # Measured from the newest entry, not from the clock: at one seq all print the same. Screens
    # hide what is over by themselves.
    newest = page.entries[-1] if page.entries else find_entry(page, page.journal.seq)
    if newest is None or newest.at is None:
        return []
    since = newest.at - rules.OBJECT_WITHIN
    rows = Entry.objects.filter(journal=page.journal, kind__in=kinds, at__gte=since)
    found = []
    for entry in rows.order_by("-seq")[:3]:
        if entry.seq in undone_since(page, entry.seq) or is_rested_on(page, entry) or not entry.at:
            continue
        found.append(
            {
                "seq": entry.seq,
                "sentence": words_for_room(page, entry.kind, entry.facts or {}),
                "until": ms(entry.at + rules.OBJECT_WITHIN),
            }
        )
    return found


def words_for_room(page: Page, kind: str, facts: dict[str, Any]) -> str:
    """Return a sentence for an act that the room can take back."""
    known = house().cards.get(kind)
    if known is None or known.room is None:
        return _("Something was done at once.")
    return known.room(facts, names_here(page))


def names_here(page: Page) -> Names:
    """Return how people and items of this meeting are called."""
    return Names(
        {key: person.name for key, person in page.sheet(Roll).people.items()},
        {item.key: item.title for item in page.sheet(Agenda).items},
        local=page.meeting.assembly.local,
    )
