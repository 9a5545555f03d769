"""The room is asked: silence means yes, an objection a show of hands (ROOM.md 5, 21)."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies import rules
from assemblies.acts.arguments import OneOf, Text, Who, Whole, text_within
from assemblies.acts.declaring import GATHERED, act
from assemblies.door.house import house
from assemblies.door.kinds import Always, Silent, card, rows
from assemblies.door.page import Page
from assemblies.door.undoing import (
    ACT_UNDONE,
    find_entry,
    is_rested_on,
    undone_since,
)
from assemblies.models import Objection, Participant, Question, QuestionAnswer
from assemblies.rules.errors import Refused
from assemblies.sheets import QuestionSheet, Roll
from assemblies.words import sentences


def open_question(page: Page, *, stage: str, seconds: int, **more: Any) -> Question:
    """Put a question to the room."""
    question = Question(
        id=uuid.uuid4(),
        meeting=page.meeting,
        stage=stage,
        asked_by=page.actor.key if page.actor else "",
        opened_at=page.now,
        closes_at=page.now + timedelta(seconds=seconds),
        **more,
    )
    page.sheet(QuestionSheet).ask(page, question)
    return question


@act(
    "ask_room",
    roles=["facilitator"],
    phases=GATHERED,
    question=Text(),
    seconds=Whole(rules.QUESTION_SECONDS, least=1, most=3600),
)
def ask_room(page: Page, *, by: Participant, question: str, seconds: int) -> None:
    """Ask the room about roles, agenda or time: no objection means yes."""
    sheet, text = page.sheet(QuestionSheet), text_within(question, 300)
    if before := sheet.open:
        if before.stage == "hands" or page.now < (before.closes_at or page.now):
            raise Refused("wrong_phase", _("Another question is open."))
        settle_question(page, before)
    row = open_question(page, stage="open", seconds=seconds, kind="room", text=text)
    page.note(ASKED, question=str(row.pk), text=text, seconds=seconds)


@act("object", counts=True, entered="no_phone", seq=Whole(None, least=1, most=10**12))
def object_to(page: Page, *, by: Participant, seq: int | None) -> None:
    """Object: to the open question, or to an act of the last 15 s that the room can take back."""
    if seq is not None:
        return take_back_for_room(page, by, seq)
    sheet = page.sheet(QuestionSheet)
    question = sheet.open
    if question is None or question.stage != "open":
        raise Refused("not_open", _("No question waits for objections."))
    if all(row.participant_id != by.pk for row in sheet.objections):
        row = Objection(id=uuid.uuid4(), question=question, participant=by)
        sheet.objections.append(row)
        page.put(row)
        page.note(OBJECTED, question=str(question.pk))
    return None


def take_back_for_room(page: Page, by: Participant, seq: int) -> None:
    """Undo an act because somebody objects, and ask whether it shall stand."""
    entry = find_entry(page, seq)
    if entry is None or entry.at is None:
        raise Refused("unknown", _("There is no act with that number."))
    known = house().reversible.get(entry.kind)
    undo = known.undo if known is not None else None
    if undo is None or not undo.by_room:
        raise Refused("wrong_phase", _("The room cannot take that back by an objection."))
    if seq in undone_since(page, seq):
        raise Refused("already_done", _("That was taken back already."))
    if is_rested_on(page, entry):
        raise Refused("wrong_phase", _("Something rests on it already."))
    if not rules.within(entry.at, page.now, rules.OBJECT_WITHIN):
        raise Refused("not_open", _("An objection to something done is heard for 15 seconds."))
    if agreed(page, entry.kind, entry.facts or {}):
        raise Refused("not_open", _("The room has said yes to this."))
    hands = page.sheet(QuestionSheet).open
    if hands is not None and hands.stage == "hands":
        raise Refused("wrong_phase", _("A show of hands is open."))
    undo.take_back(page, entry)
    page.note(ACT_UNDONE, seq=seq, kind=entry.kind, by="room")
    row = open_question(
        page,
        stage="open",
        seconds=rules.QUESTION_SECONDS,
        kind="act",
        about={"seq": seq, "kind": entry.kind, "facts": entry.facts},
    )
    objection = Objection(id=uuid.uuid4(), question=row, participant=by)
    page.sheet(QuestionSheet).objections.append(objection)
    page.put(objection)
    page.note(ACT_OBJECTED, seq=seq, kind=entry.kind, question=str(row.pk))


def agreed(page: Page, name: str, facts: dict[str, Any]) -> bool:
    """Say whether the room has already said yes to doing just this."""
    return any(
        row.kind == "act"
        and row.result == "yes"
        and row.about.get("kind") == name
        and row.about.get("facts") == facts
        for row in page.sheet(QuestionSheet).questions
    )


@act("close_question", roles=["facilitator"])
def close_question(page: Page, *, by: Participant) -> None:
    """Close the question after its seconds: no objection is a yes, one objection a no."""
    question = page.sheet(QuestionSheet).open
    if question is None:
        raise Refused("not_open", _("No question is open."))
    if question.stage == "hands":
        raise Refused("too_early", _("The show of hands closes by the clock."))
    if question.closes_at and page.now < question.closes_at:
        raise Refused("too_early", _("The room still has time to object."))
    settle_question(page, question)


def settle_question(page: Page, question: Question) -> None:
    """Write down what silence, or an objection, has said."""
    sheet = page.sheet(QuestionSheet)
    result = "no" if sheet.objections else "yes"
    sheet.close(page, question, result)
    page.note(CLOSED, question=str(question.pk), result=result, objections=len(sheet.objections))


@act(
    "show_of_hands",
    roles=["facilitator"],
    phases=GATHERED,
    seconds=Whole(rules.SHOW_OF_HANDS_SECONDS, least=5, most=3600),
)
def show_of_hands(page: Page, *, by: Participant, seconds: int) -> None:
    """After an objection, let hands settle it; the clock closes it, nobody else."""
    sheet = page.sheet(QuestionSheet)
    question = sheet.last
    if question is None:
        raise Refused("not_open", _("No question was asked."))
    if question.stage == "hands":
        raise Refused("already_done", _("The show of hands is open."))
    if question.kind == "facilitator" or not sheet.objections or question.result == "yes":
        raise Refused("wrong_phase", _("A show of hands follows an objection."))
    if question.counted.get("settled"):
        raise Refused("already_done", _("Hands have settled this question."))
    question.stage, question.result, question.closed_at = "hands", "", None
    question.counted = {"settled": True}
    question.closes_at = page.now + timedelta(seconds=seconds)
    page.put(question)
    page.note(HANDS_SHOWN, question=str(question.pk), seconds=seconds)


def has_answered(page: Page, person: Participant) -> bool:
    """Say whether somebody has shown a hand in the show of hands that is open."""
    sheet = page.sheet(QuestionSheet)
    return sheet.open is not None and person.pk in sheet.answers


@act(
    "answer_question",
    counts=True,
    entered="no_phone",
    answered=has_answered,
    answer=OneOf(words=("yes", "no")),
)
def answer_question(page: Page, *, by: Participant, answer: str) -> None:
    """Show a hand for yes or no; the last answer before it closes counts."""
    sheet = page.sheet(QuestionSheet)
    question = sheet.open
    if question is None or question.stage != "hands":
        raise Refused("not_open", _("No show of hands is open."))
    row = sheet.answers.get(by.pk)
    if row is not None and row.answer == answer:
        return
    if row is None:
        row = QuestionAnswer(id=uuid.uuid4(), question=question, participant=by)
        sheet.answers[by.pk] = row
    row.answer = answer
    page.put(row)
    page.note(ANSWERED, question=str(question.pk), answer=answer)


@act("ask_facilitator", counts=True, phases=GATHERED, entered="no_phone", who=Who(None))
def ask_facilitator(page: Page, *, by: Participant, who: Participant | None) -> None:
    """Ask that somebody else facilitates; once seconded, the room settles it."""
    who = who or by
    roll, sheet = page.sheet(Roll), page.sheet(QuestionSheet)
    if not who.present:
        raise Refused("not_here", _("%(name)s is not here.") % {"name": who.name})
    if not roll.counts(who):
        raise Refused("does_not_count", _("Members and delegates facilitate."))
    if [person.key for person in roll.holders("facilitator")] == [who.key]:
        raise Refused("already_done", _("%(name)s facilitates already.") % {"name": who.name})
    if sheet.open is not None and sheet.open.kind == "facilitator":
        raise Refused("wrong_phase", _("The room is deciding who facilitates."))
    for before in [row for row in sheet.questions if row.stage == "asked"]:
        sheet.close(page, before, "")
    row = Question(
        id=uuid.uuid4(),
        meeting=page.meeting,
        kind="facilitator",
        stage="asked",
        asked_by=by.key,
        who=who.key,
        opened_at=page.now,
    )
    sheet.questions.append(row)
    page.put(row)
    page.note(FACILITATOR_ASKED, who=who.key, question=str(row.pk))


@act("second", counts=True, phases=GATHERED, entered="no_phone")
def second(page: Page, *, by: Participant) -> None:
    """Support the request for another facilitator: hands settle it, without the facilitator."""
    sheet = page.sheet(QuestionSheet)
    request = sheet.request
    if request is None:
        if sheet.open is not None and sheet.open.kind == "facilitator":
            raise Refused("already_done", _("It has been seconded."))
        raise Refused("not_open", _("Nobody has asked for another facilitator."))
    if request.asked_by == by.key:
        raise Refused("not_seconded", _("Somebody else must second it."))
    sheet.questions.remove(request)
    request.stage = "hands"
    request.counted = {"settled": True}
    request.opened_at = page.now
    request.closes_at = page.now + timedelta(seconds=rules.FACILITATOR_SECONDS)
    sheet.ask(page, request)
    page.note(SECONDED, who=request.who, question=str(request.pk))


# --- the cards of the entries written here ---

ASKED = card(
    "assemblies.room_asked",
    "question",
    minutes=sentences.asked,
    writes=(rows(Question, pk="question"),),
)
OBJECTED = card(
    "assemblies.objected",
    "question",
    minutes=Silent("Who objected is never told, how many did is."),
    erasable=True,
    writes=(rows(Objection, question_id="question"),),
)
ACT_OBJECTED = card("assemblies.act_objected_to", "question", minutes=sentences.act_objected)
CLOSED = card(
    "assemblies.question_closed",
    "question",
    minutes=sentences.closed,
    writes=(rows(Question, pk="question"),),
)
HANDS_SHOWN = card(
    "assemblies.show_of_hands_opened",
    "question",
    minutes=Always(gettext_lazy("A show of hands was called.")),
    writes=(rows(Question, pk="question"),),
)
ANSWERED = card(
    "assemblies.question_answered",
    "question",
    minutes=Silent("Who answered what is never told, how many did is."),
    erasable=True,
    writes=(rows(QuestionAnswer, question_id="question"),),
)
FACILITATOR_ASKED = card(
    "assemblies.facilitator_asked_for",
    "question",
    minutes=sentences.facilitator_asked,
    writes=(rows(Question, pk="question"),),
)
SECONDED = card(
    "assemblies.seconded",
    "question",
    minutes=Always(gettext_lazy("That was seconded, and put to a show of hands.")),
    writes=(rows(Question, pk="question"),),
)
