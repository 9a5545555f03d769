"""The question to the room: who objected, who answered."""

from datetime import datetime, timedelta
from typing import Any, Self

from assemblies import rules
from assemblies.door.kinds import card, rows
from assemblies.door.page import NEVER, Page, Sheet
from assemblies.models import (
    Meeting,
    Objection,
    Participant,
    Question,
    QuestionAnswer,
    Role,
)
from assemblies.sheets.roll import Roll, hand_over
from assemblies.words import sentences


def latest(questions: list[Question]) -> Question | None:
    """Return the question under way, or the one closed last."""
    # A request for another facilitator that nobody seconded was never put to the room.
    asked = [question for question in questions if question.closes_at is not None]
    return max(
        asked,
        key=lambda question: (question.under_way, question.closed_at or question.opened_at),
        default=None,
    )


class QuestionSheet(Sheet):
    """The question to the room, who objected, who answered."""

    name = "question"
    row_models = (Question, Objection, QuestionAnswer)

    def __init__(
        self,
        questions: list[Question],
        objections: list[Objection],
        answers: list[QuestionAnswer],
    ) -> None:
        self.questions = questions
        self.objections = objections
        self.answers = {row.participant_id: row for row in answers}

    @classmethod
    def load(cls, meeting: Meeting) -> Self:
        """Read the rows of a meeting."""
        questions = list(Question.objects.filter(meeting=meeting).order_by("opened_at"))
        last = latest(questions)
        return cls(
            questions,
            list(Objection.objects.filter(question=last)) if last else [],
            list(QuestionAnswer.objects.filter(question=last)) if last else [],
        )

    @property
    def last(self) -> Question | None:
        """Return the question that is open, or the one asked last."""
        return latest(self.questions)

    @property
    def open(self) -> Question | None:
        """Return the question that waits for objections or hands."""
        last = self.last
        return last if last is not None and last.stage in ("open", "hands") else None

    @property
    def request(self) -> Question | None:
        """Return a request for another facilitator that waits to be seconded."""
        return next((q for q in reversed(self.questions) if q.stage == "asked"), None)

    def ask(self, page: Page, question: Question) -> None:
        """Open a question; what was open before is put aside without a result."""
        if before := self.open:
            self.close(page, before, "")
        self.questions.append(question)
        self.objections, self.answers = [], {}
        page.put(question)

    def close(self, page: Page, question: Question, result: str) -> None:
        """Close a question with its result."""
        question.stage, question.closed_at, question.result = "closed", page.now, result
        page.put(question)

    def tally(self, question: Question, roll: Roll) -> tuple[int, int]:
        """Return yes and no, heads counted without names included; of units, where they decide.

        Whatever their votes: it is about how they work together, not what they decide.
        """
        rows = self.answers.values()
        given = rules.tally(
            ((roll.by_id[row.participant_id].voice, row.answer) for row in rows),
            by_unit=roll.by_unit,
        )
        counted = question.counted
        return (
            given.get("yes", 0) + int(counted.get("yes", 0)),
            given.get("no", 0) + int(counted.get("no", 0)),
        )

    def due(self) -> datetime:
        """Return when the show of hands closes."""
        question = self.open
        if question is not None and question.stage == "hands" and question.closes_at:
            # Answers in the last second count, so it closes just after it.
            return question.closes_at + timedelta(microseconds=1)
        return NEVER

    def settle(self, page: Page) -> None:
        """Close the show of hands whose time is over."""
        question = self.open
        assert question is not None and question.closes_at is not None  # noqa: S101 - it was due
        yes, no = self.tally(question, page.sheet(Roll))
        result = rules.show_of_hands(yes, no)
        facts: dict[str, Any] = {"question": str(question.pk), "yes": yes, "no": no}
        self.close(page, question, result)
        question.closed_at = question.closes_at
        if question.kind == "facilitator" and result == "yes":
            facts["facilitator"] = hand_over(page, question.who)
        page.note(HANDS_CLOSED, at=question.closes_at, result=result, **facts)

    def heads_counted(self, page: Page) -> None:
        """Set counted hands to nothing if they are more than the people without names."""
        question = self.open
        if question is None:
            return
        shown = int(question.counted.get("yes", 0)) + int(question.counted.get("no", 0))
        if shown > page.meeting.heads:
            question.counted = {**question.counted, "yes": 0, "no": 0}
            page.put(question)

    def person_left(self, page: Page, who: Participant) -> None:
        """Drop the answer of somebody who left."""
        if self.open is not None and (row := self.answers.pop(who.pk, None)):
            page.drop(row)

    person_uncounted = person_left

    def person_merged(self, page: Page, who: Participant, into: Participant) -> None:
        """Give the answer of one place to the other."""
        row = self.answers.get(who.pk) if self.open is not None else None
        if row is None or into.pk in self.answers:
            self.person_left(page, who)
            return
        row.participant = into
        self.answers[into.pk] = self.answers.pop(who.pk)
        page.put(row)


# --- the cards of the entries written here ---

HANDS_CLOSED = card(
    "assemblies.hands_closed",
    "question",
    "roll",
    minutes=sentences.hands_closed,
    writes=(
        rows(Question, pk="question"),
        rows(Role),
    ),
)
