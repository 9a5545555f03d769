"""What the screens show of people, agenda and questions; and what is somebody's own."""

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies import rules
from assemblies.acts.declaring import GATHERED, SITTING
from assemblies.acts.perform import EVERYONE_ELSE, everyone_else
from assemblies.door.house import house
from assemblies.door.kinds import Names
from assemblies.door.page import Page
from assemblies.door.undoing import find_entry, is_rested_on, undone_since
from assemblies.live.printing import FACILITATOR, PROJECTOR, panel
from assemblies.models import AgendaItem, Entry, Participant, Question, Role
from assemblies.services.roles import objected_to
from assemblies.sheets import Agenda, QuestionSheet, Roll, Service

# Of a group of fewer people nothing is shown: it could be known who they are.
SHOWN_FROM = 3


def ms(at: datetime | None) -> int | None:
    """Return a time as screens want it: epoch milliseconds."""
    return int(at.timestamp() * 1000) if at is not None else None


def names(people: list[Participant]) -> list[str]:
    """Return the names of people."""
    return [person.name for person in people]


@panel(
    "now",
    "assemblies/_now.html",
    "meeting",
    "agenda",
    "roll",
    "question",
)
def now_panel(page: Page, audience: str) -> dict[str, Any]:
    """The five things: which item, which phase, what happens next, who does what."""
    roll, agenda, meeting = page.sheet(Roll), page.sheet(Agenda), page.meeting
    item = agenda.open
    ahead = agenda.ahead
    held = roll.held()
    stage, next_sentence = stage_and_next(page, item, ahead)
    return {
        "meeting": {
            "key": meeting.key,
            "title": meeting.title,
            "phase": meeting.phase,
            "phase_label": meeting.get_phase_display(),
        },
        "item": item_shown(agenda, item) if item else None,
        "of": len(agenda.items),
        "next_item": item_shown(agenda, ahead) if ahead else None,
        "stage": stage,
        "next_step": next_sentence,
        "facilitators": names(roll.holders("facilitator")),
        "roles": [
            {"role": code, "label": label, "names": names(roll.holders(code))}
            for code, label in Role.Code.choices
            if code in held
        ],
        "primary": primary(page) if audience == FACILITATOR else None,
        "read_aloud": read_aloud(page, item) if audience == FACILITATOR else "",
        "steps": steps(meeting.phase),
    }


def item_shown(agenda: Agenda, item: AgendaItem) -> dict[str, Any]:
    """Return an item as screens show it."""
    ends_at = (
        item.opened_at + timedelta(minutes=item.minutes)
        if item.opened_at is not None and item.state == "open"
        else None
    )
    return {
        "key": item.key,
        "number": agenda.items.index(item) + 1,
        "title": item.title,
        "kind": item.kind,
        "kind_label": item.get_kind_display(),
        "minutes": item.minutes,
        "ends_at": ms(ends_at),
        "state": item.state,
        "state_label": item.get_state_display(),
        "open": item.state == "open",
        "finished_at": ms(item.finished_at),
        "can_reopen_until": ms(
            item.finished_at + rules.REOPEN_ITEM_WITHIN if item.finished_at else None
        ),
    }


def steps(phase: str) -> list[dict[str, Any]]:
    """Return the phases of a sitting as a line of steps, the present one marked."""
    line = [
        ("doors_open", _("Doors open")),
        ("in_session", _("In session")),
        ("closing", _("Closing")),
        ("ended", _("Ended")),
    ]
    here = "in_session" if phase == "break" else phase
    return [{"phase": code, "label": label, "current": code == here} for code, label in line]


def stage_and_next(
    page: Page, item: AgendaItem | None, ahead: AgendaItem | None
) -> tuple[str, str]:
    """Return the phase in which the room is, by name, and what happens next, as a sentence."""
    if page.meeting.phase in SITTING:
        for stage in house().stages:
            if found := stage.describe(page):
                return found
    return page.meeting.get_phase_display(), next_step(page, item, ahead)


def next_step(page: Page, item: AgendaItem | None, ahead: AgendaItem | None) -> str:
    """Return what happens next, as a sentence."""
    phase = page.meeting.phase
    if phase == "planned":
        return _("Next: the facilitator opens the doors.")
    if phase == "doors_open":
        return _("Next: the meeting starts. People are coming in.")
    if phase == "break":
        return _("Next: the meeting goes on after the break.")
    if phase == "ended":
        return _("The meeting has ended. The minutes stay.")
    if item is None and ahead is not None:
        return _("Next: “%(title)s”.") % {"title": ahead.title}
    if item is None:
        return _("Next: the meeting closes.")
    if ahead is not None:
        return _("Then: “%(title)s”.") % {"title": ahead.title}
    return _("This is the last item.")


def primary(page: Page) -> dict[str, Any] | None:
    """Return the most likely next act, as a button."""
    for step in house().next_steps:
        if found := step.propose(page):
            return waiting(page, dict(found))
    phase, agenda = page.meeting.phase, page.sheet(Agenda)
    if phase == "planned":
        return button(_("Open the doors"), do="open_doors")
    if phase == "doors_open":
        return button(_("Start the meeting"), do="start_meeting")
    if phase == "break":
        return button(_("Go on after the break"), do="resume_meeting")
    question = page.sheet(QuestionSheet).open
    if question is not None and question.stage == "open":
        return button(_("Close the question"), do="close_question")
    if phase == "ended":
        return None
    if agenda.open is not None:
        return button(
            _("Finish “%(title)s”") % {"title": agenda.open.title},
            do="finish_item",
            item=agenda.open.key,
        )
    if ahead := agenda.ahead:
        return button(
            _("Take up “%(title)s”") % {"title": ahead.title}, do="take_up_item", item=ahead.key
        )
    return None


def waiting(page: Page, found: dict[str, Any]) -> dict[str, Any]:
    """Return a big button with why it waits, as an app says, and until when."""
    delay = None if found.get("closed") else house().delay_of(page, found["act"]["do"])
    if delay is None:
        return found
    why, until = delay
    if until is None:
        return {**found, "why": why, "closed": True}
    return {**found, "why": why, "since": max(ms(until) or 0, found.get("since") or 0)}


def button(label: str, **act: Any) -> dict[str, Any]:
    """Return a button: its words and the act it does."""
    return {"label": label, "act": act}


def read_aloud(page: Page, item: AgendaItem | None) -> str:
    """Return a line to read to those who see no screen."""
    if page.meeting.phase not in ("in_session", "closing"):
        return f"{page.meeting.title}. {page.meeting.get_phase_display()}."
    found = next(filter(None, (stage.describe(page) for stage in house().stages)), None)
    stage, after = found or ("", "")
    told = f"{stage} {after}" if stage.endswith("?") else f"{stage}. {after}" if stage else ""
    if item is None:
        return _("No item is open. %(next)s") % {
            "next": told or next_step(page, None, page.sheet(Agenda).ahead)
        }
    here = _("We are at item %(number)s, “%(title)s”, with %(minutes)s minutes for it.") % {
        "number": page.sheet(Agenda).items.index(item) + 1,
        "title": item.title,
        "minutes": item.minutes,
    }
    return f"{here} {told}".rstrip()


@panel("agenda", "assemblies/_agenda.html", "agenda", "meeting")
def agenda_panel(page: Page, audience: str) -> dict[str, Any]:
    """The items, the open one marked."""
    agenda = page.sheet(Agenda)
    done = sum(1 for item in agenda.items if item.state == "done")
    return {
        "items": [item_shown(agenda, item) for item in agenda.items],
        "counts": {"done": done, "of": len(agenda.items)},
        "in_session": page.meeting.phase in ("in_session", "closing"),
        "phase": page.meeting.phase,
        "can_move": sum(1 for item in agenda.items if item.state == "waiting") > 1,
    }


@panel("people", "assemblies/_people.html", "roll", "meeting")
def people_panel(page: Page, audience: str) -> dict[str, Any]:
    """Who is here, in numbers; by name where somebody serves the room."""
    roll, meeting = page.sheet(Roll), page.meeting
    quorum, counting = roll.quorum(meeting), roll.counting(meeting)
    here = list(roll.here())
    shown: dict[str, Any] = {
        "present": roll.present(meeting),
        "counting": counting,
        "heads": meeting.heads,
        "quorum": quorum,
        "quorum_met": roll.quorum_met(meeting),
        "sentence": quorum_sentence(counting, quorum, by_unit=roll.by_unit),
        "seats": len(here),
        "phones": sum(1 for person in here if person.phone),
        "without_phone": sum(1 for person in here if not person.phone),
        "guests_welcome": meeting.guests_welcome,
        # Where units decide, who counts is theirs to say and not the greeter's.
        "by_unit": roll.by_unit,
        "people": [],
        "guests": [],
        "meeting_key": meeting.key,
    }
    if audience == FACILITATOR:
        labels = dict(Role.Code.choices)
        ordered = sorted(here, key=lambda person: (person.name.lower(), person.key))
        shown["people"] = [
            {
                "key": person.key,
                "name": person.name,
                "kind": person.kind,
                "kind_label": person.get_kind_display(),
                "phone": person.phone,
                "role_codes": roll.roles_of(person),
                "roles": [labels[code] for code in roll.roles_of(person)],
            }
            for person in ordered[:200]
        ]
        shown["more"] = max(0, len(ordered) - 200)
        shown["rest"] = [
            {"key": person.key, "name": person.name, "phone": person.phone}
            for person in ordered[200:500]
        ]
        shown["guests"] = [
            {"key": person.key, "name": person.name}
            for person in ordered
            if person.kind in ("guest", "observer")
        ][:50]
    return shown


def quorum_sentence(counting: int, quorum: int | None, *, by_unit: bool = False) -> str:
    """Return how many count, people or the units they speak for, and whether they are enough."""
    told = (
        ngettext("%(n)s unit is here.", "%(n)s units are here.", counting)
        if by_unit
        else ngettext("%(n)s person counts.", "%(n)s people count.", counting)
    )
    count = told % {"n": counting}
    if quorum is None:
        return count
    if counting >= quorum:
        return f"{count} " + _("Quorum is %(n)s: met.") % {"n": quorum}
    return f"{count} " + _("Quorum is %(n)s: %(missing)s missing.") % {
        "n": quorum,
        "missing": quorum - counting,
    }


@panel("question", "assemblies/_question.html", "question", "roll", "meeting", "agenda")
def question_panel(page: Page, audience: str) -> dict[str, Any]:
    """The question to the room, and what the room may still take back."""
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


def for_everyone_else(
    page: Page, do: str, field: str, answers: list[tuple[str, str]]
) -> dict[str, Any] | None:
    """Return buttons that enter an act for everyone else without a phone; None if nobody is left.

    `field` is the argument of the act that holds the answer, `answers` its words with labels.
    """
    left = len(everyone_else(page, do))
    if not left:
        return None
    return {"do": do, "for": EVERYONE_ELSE, "field": field, "answers": answers, "left": left}


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
    """Return what somebody counted of the hands of people without names, or nothing."""
    by = page.sheet(Roll).find(question.counted.get("by", ""))
    if by is None:
        return ""
    return _("Counted by %(name)s: %(yes)s yes, %(no)s no.") % {
        "name": by.name,
        "yes": question.counted.get("yes", 0),
        "no": question.counted.get("no", 0),
    }


def question_text(page: Page, question: Question) -> str:
    """Return what is asked."""
    roll = page.sheet(Roll)
    if question.kind == "facilitator":
        who = roll.find(question.who)
        return _("Shall %(name)s facilitate?") % {"name": who.name if who else "?"}
    if question.kind == "act":
        done = act_sentence(page, question.about.get("kind", ""), question.about.get("facts") or {})
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
                "sentence": act_sentence(page, entry.kind, entry.facts or {}),
                "until": ms(entry.at + rules.OBJECT_WITHIN),
            }
        )
    return found


def act_sentence(page: Page, kind: str, facts: dict[str, Any]) -> str:
    """Return what an act that the room can take back has done."""
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


@panel("notes", "assemblies/_notes.html", "agenda", audiences=("member", "facilitator"))
def notes_panel(page: Page, audience: str) -> dict[str, Any]:
    """What the note taker wrote about the open item."""
    agenda, people = page.sheet(Agenda), page.sheet(Roll).by_id
    item = agenda.open
    rows = [note for note in agenda.notes if note.item_id == (item.pk if item else None)]
    return {
        "item": item_shown(agenda, item) if item else None,
        "notes": [
            {
                "id": str(note.pk),
                "text": note.text,
                "by": people[note.by_id].name if note.by_id in people else "",
            }
            for note in rows[-30:]
        ],
    }


@panel("join", "assemblies/_join.html", "meeting", audiences=(FACILITATOR, PROJECTOR))
def join_panel(page: Page, audience: str) -> dict[str, Any]:
    """How to come in: large before the meeting, small after."""
    meeting = page.meeting
    return {
        "code": meeting.code,
        "big": meeting.phase in ("planned", "doors_open"),
        "wifi": bool(meeting.wifi_name),
        "ended": meeting.phase == "ended",
    }


@panel(
    "rota",
    "assemblies/_rota.html",
    "service",
    "roll",
    "question",
    "meeting",
    audiences=[FACILITATOR],
)
def rota_panel(page: Page, audience: str) -> dict[str, Any]:
    """Whom the rota proposes: who still has to be given the role, and how to get the next name."""
    said, roll = page.sheet(Service).proposed, page.sheet(Roll)
    if said is None or page.meeting.phase == "ended":
        return {"role": ""}
    role = said["role"]
    away = objected_to(page, role)
    people = [one for key in said["who"] if (one := roll.find(key)) is not None]
    wanted = [one for one in people if role not in roll.roles_of(one)]
    again = {name: said[name] for name in ("role", "trained", "parity")}
    return {
        "role": role if wanted else "",
        "role_label": dict(Role.Code.choices).get(role, role),
        "seed": said["seed"],
        "people": [
            {
                "key": one.key,
                "name": one.name,
                "free": one.present and one.key not in away,
                "give": json.dumps({"do": "give_role", "role": role, "who": one.key}),
                "next": json.dumps(
                    {
                        "do": "propose_by_rota",
                        **again,
                        "n": len(wanted),
                        "but": [*said["but"], one.key],
                    }
                ),
            }
            for one in wanted
        ],
    }


def my_seat(page: Page, person: Participant) -> dict[str, Any]:
    """Who I am here and what I may."""
    roll, sheet = page.sheet(Roll), page.sheet(QuestionSheet)
    counts = roll.counts(person)
    answer = sheet.answers.get(person.pk)
    return {
        "who": person.key,
        "name": person.name,
        "kind": person.kind,
        "present": person.present,
        "counts": counts,
        "may_raise": counts or page.meeting.guests_welcome,
        "roles": roll.roles_of(person),
        "answered": answer.answer if answer else None,
    }


# Acts that ask for no role by themselves; what a console does with them is somebody's task.
BY_ROLE = {
    "give_role": ("facilitator",),
    "drop_role": ("facilitator",),
    "check_in": ("greeter",),
    "leave": ("greeter",),
}
FOR_OTHERS = ("stack_taker", "greeter")


def acts_by_role() -> dict[str, tuple[str, ...]]:
    """Return the acts that a console offers by a role only, "for" meaning: enter for somebody."""
    asked = {name: doing.roles for name, doing in house().acts.items() if doing.roles}
    return {**asked, **BY_ROLE, "for": FOR_OTHERS}


def my_roles(page: Page, person: Participant) -> dict[str, Any]:
    """What my roles let me do on a console, and what only facilitators are told."""
    roll = page.sheet(Roll)
    held = roll.roles_of(person)
    wishes = page.sheet(Service).want_a_break if page.meeting.phase in SITTING else []
    by_role = acts_by_role() if held and person.present else {}
    return {
        "may": [name for name, roles in by_role.items() if roll.may(person, *roles)],
        "asked_for_break": person.key in wishes,
        "wishes": [break_wish(roll, key) for key in wishes] if "facilitator" in held else [],
    }


def break_wish(roll: Roll, key: str) -> str:
    """Return who asks for a break, for the facilitators alone."""
    who = roll.find(key)
    return _("%(name)s asks for a break. Only facilitators see this.") % {
        "name": who.name if who else "?"
    }


def my_undo(page: Page, person: Participant) -> dict[str, Any]:
    """What I can still take back: my own last act, or what was entered for me."""
    mine: dict[str, Any] = {"undo": None, "entered": []}
    for entry in takeable(page, person):
        until = ms(entry.at + rules.UNDO_WITHIN) if entry.at else None
        if entry.on_behalf_of == person.key:
            by = page.sheet(Roll).find(entry.actor)
            what = _("Entered for you by %(name)s") % {"name": by.name if by else "?"}
            mine["entered"].append({"seq": entry.seq, "what": what, "until": until})
        elif mine["undo"] is None and undoable(entry):
            mine["undo"] = {"seq": entry.seq, "what": what_was_done(entry.kind), "until": until}
    return mine


def takeable(page: Page, person: Participant) -> list[Entry]:
    """Return the newest entries that somebody may take back, newest first.

    The database is asked only for those who serve the room; a whole hall tapping is not looked up.
    """
    key = person.key
    if not page.sheet(Roll).roles_of(person):
        # Asked for everybody in a handful: as few steps for each entry as can be.
        mine = [entry for entry in page.entries if entry.on_behalf_of == key]
        return [entry for entry in reversed(mine) if entry.kind in house().reversible]
    fresh = [
        entry
        for entry in reversed(page.entries)
        if entry.kind in house().reversible and key in (entry.actor, entry.on_behalf_of)
    ]
    rows = Entry.objects.filter(
        journal=page.journal,
        actor=person.key,
        kind__in=list(house().reversible),
        at__gte=page.now - rules.UNDO_WITHIN,
    )
    seen = {entry.seq for entry in fresh}
    older = [entry for entry in rows.order_by("-seq")[:10] if entry.seq not in seen]
    found = [*fresh, *older]
    undone = undone_since(page, min((entry.seq for entry in found), default=0)) if found else set()
    return [entry for entry in found if entry.seq not in undone]


def undoable(entry: Entry) -> bool:
    """Say whether an undo button is worth showing: a hand is simply lowered again."""
    undo = house().reversible[entry.kind].undo
    return undo is not None and undo.by_actor and undo.offered


def what_was_done(kind: str) -> str:
    """Return the words of an undo button."""
    return str(house().cards[kind].doer or _("Your last act"))


def tools_of_roles(page: Page) -> dict[str, Any]:
    """What the tools of a console need: the acts of roles, and the groups that may be named.

    Beside the groups that the assembly offers, words that at least three people here use.
    """
    offered = page.meeting.assembly.groups
    used = Counter(word for one in page.sheet(Roll).here() for word in set(one.groups))
    return {
        "acts_by_role": list(acts_by_role()),
        "group_choices": [
            *offered,
            *sorted(word for word, n in used.items() if n >= SHOWN_FROM and word not in offered),
        ],
    }


def answers_entered(page: Page) -> dict[str, Any]:
    """What a console enters for people without a phone, as all apps say."""
    return {"answers_entered": [one for part in house().all("entered") for one in part(page)]}
