"""The sheet of what is being asked: checks, tests and votes, with the answers."""

import hmac
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Self

from assemblies.door.house import house
from assemblies.door.kinds import Silent, card, rows
from assemblies.door.page import NEVER, Page, Sheet
from assemblies.door.shapes import Point
from assemblies.models import Meeting, Participant, Receipt
from assemblies.rules import tally
from assemblies.sheets import Roll, units_decide, votes_held
from proposals import rules
from proposals.models import (
    Ballot,
    CheckAnswer,
    ConsensusTest,
    FallbackVote,
    Position,
    Proposal,
    TemperatureCheck,
)
from proposals.sheets.merging import answer_moves
from proposals.words import sentences

MOMENT = timedelta(microseconds=1)
# Voices that count as abstaining until they answer; asked with the page while a question is open.
ABSTAINING: Point[Callable[[Page], Iterable[str]]] = Point("whose silence is an abstention?")


class Asking(Sheet):
    """The check, the test and the vote that are open or were last, with their answers."""

    name = "test"
    row_models = (ConsensusTest, FallbackVote, TemperatureCheck, Position, Ballot, CheckAnswer)

    def __init__(
        self,
        tests: list[ConsensusTest],
        positions: list[Position],
        votes: list[FallbackVote],
        ballots: list[Ballot],
        checks: list[TemperatureCheck],
        answers: list[CheckAnswer],
        *,
        by_unit: bool = False,
    ) -> None:
        self.by_unit = by_unit
        self.tests, self.votes, self.checks = tests, votes, checks
        self.positions = {row.participant_id: row for row in positions}
        self.ballots = {row.participant_id: row for row in ballots}
        self.answers = {row.pseudonym: row for row in answers}

    @classmethod
    def load(cls, meeting: Meeting) -> Self:
        """Read the sheet of a meeting from the database."""
        tests = list(ConsensusTest.objects.filter(meeting=meeting).order_by("opened_at"))
        # A vote comes after a blocked test.
        votes = (
            list(FallbackVote.objects.filter(meeting=meeting).order_by("opened_at"))
            if tests
            else []
        )
        checks = list(TemperatureCheck.objects.filter(meeting=meeting).order_by("opened_at"))
        return cls(
            tests,
            list(Position.objects.filter(test=tests[-1])) if tests else [],
            votes,
            list(Ballot.objects.filter(vote=votes[-1])) if votes else [],
            checks,
            list(CheckAnswer.objects.filter(check_row=checks[-1])) if checks else [],
            by_unit=units_decide(meeting),
        )

    # --- what is so

    @property
    def open_test(self) -> ConsensusTest | None:
        """Return the test in which positions are being taken."""
        last = self.tests[-1] if self.tests else None
        return last if last is not None and last.under_way else None

    @property
    def open_vote(self) -> FallbackVote | None:
        """Return the vote in which ballots are being cast."""
        last = self.votes[-1] if self.votes else None
        return last if last is not None and last.under_way else None

    @property
    def open_check(self) -> TemperatureCheck | None:
        """Return the temperature check that is open."""
        last = self.checks[-1] if self.checks else None
        return last if last is not None and last.under_way else None

    def asking(self) -> bool:
        """Say whether a test or a vote is open."""
        return self.open_test is not None or self.open_vote is not None

    def test_on(self, proposal: Proposal, *, void: bool = True) -> ConsensusTest | None:
        """Return the last test on the present version of a proposal, or None.

        `void=False` passes over tests that had no quorum: nothing of them is kept.
        """
        for test in reversed(self.tests):
            here = test.proposal_id == proposal.pk and test.version == proposal.version
            if here and (void or test.outcome != "NO_QUORUM"):
                return test
        return None

    def vote_on(self, proposal: Proposal) -> FallbackVote | None:
        """Return the last vote on the present version of a proposal."""
        for vote in reversed(self.votes):
            if vote.proposal_id == proposal.pk and vote.version == proposal.version:
                return vote
        return None

    def check_on(self, proposal: Proposal) -> TemperatureCheck | None:
        """Return the last temperature check on a proposal."""
        checks = [check for check in self.checks if check.proposal_id == proposal.pk]
        return checks[-1] if checks else None

    def counts(self, page: Page, test: ConsensusTest) -> dict[str, int]:
        """Return how many took each position, people counted without names included."""
        if not test.under_way:
            return dict(test.counts.get("positions", {}))
        found = Counter(self._tally(page, self.answers_given(page, "positions")))
        found.update(test.counted)
        return dict(found)

    def votes_for(self, page: Page, vote: FallbackVote) -> dict[str, int]:
        """Return the ballots of a vote, in numbers."""
        if not vote.under_way:
            return dict(vote.counts)
        found = Counter(self._tally(page, self.answers_given(page, "ballots")))
        found.update(vote.counted)
        return {choice: found[choice] for choice in rules.CHOICES}

    def answers_given(self, page: Page, what: str) -> list[tuple[str, str]]:
        """Return the answers asked for last ("positions" or "ballots"), each with its voice.

        Units that may say nothing have abstained while they are here, by the rule of their council.
        """
        given = [(row.voice, row.position) for row in self.positions.values()]
        if what == "ballots":
            given = [(row.voice, row.choice) for row in self.ballots.values()]
        spoken = {voice for voice, _answer in given}
        quiet = {voice for quiet_here in house().answers(ABSTAINING) for voice in quiet_here(page)}
        return [*given, *((voice, "abstain") for voice in sorted(quiet - spoken))]

    def _tally(self, page: Page, answers: Iterable[tuple[str, str]]) -> dict[str, int]:
        """Return how many voices gave each answer, by the votes that units have."""
        return tally(answers, by_unit=self.by_unit, votes=votes_held(page.meeting))

    def units(self, page: Page) -> dict[str, int] | None:
        """Return how many units have answered the last question, and how many are here.

        None where each has one vote: then the numbers of answers say it already.
        """
        if not votes_held(page.meeting):
            return None
        said = self.answers_given(page, "ballots" if self.open_vote is not None else "positions")
        given = tally(said, by_unit=True)
        return {
            "answered": sum(given.values()),
            "here": page.sheet(Roll).counting(page.meeting),
        }

    def mood(self, check: TemperatureCheck) -> dict[str, int]:
        """Return the answers to a check, in numbers."""
        if not check.under_way:
            return {"up": check.up, "middle": check.middle, "down": check.down}
        found = Counter(row.level for row in self.answers.values())
        found.update(check.counted)
        return {level: found[level] for level in rules.LEVELS}

    def writing(self, test: ConsensusTest) -> list[str]:
        """Return who is writing a block for which closing still waits."""
        return [who for who, row in test.writing.items() if row["now"]]

    # --- what changes

    def pseudonym(self, check: TemperatureCheck, person: Participant) -> str:
        """Return the name under which somebody's answer to an open check is kept."""
        return hmac.new(check.secret.encode(), person.pk.bytes, "sha256").hexdigest()

    def close_check(self, page: Page, check: TemperatureCheck, at: datetime) -> None:
        """Close a check: the numbers stay, answers, key and receipts are erased."""
        mood = self.mood(check)
        check.up, check.middle, check.down = mood["up"], mood["middle"], mood["down"]
        check.closed_at, check.secret = at, ""
        page.put(check)
        for row in self.answers.values():
            page.drop(row)
        self.answers = {}
        page.note(CHECK_CLOSED, at=at, check=str(check.pk), **mood)
        self._forget_receipts(page)

    def _forget_receipts(self, page: Page) -> None:
        # A receipt would tell who answered: it names an actor and the entry of the answer.
        """Delete the receipts of answers to a check."""
        seqs = [entry.seq for entry in page.entries if entry.kind == CHECK_ANSWERED]
        page.receipts = [row for row in page.receipts if row.seq not in seqs]
        answered = page.journal.entries.filter(kind=CHECK_ANSWERED).values("seq")
        Receipt.objects.filter(journal=page.journal, seq__in=answered).delete()

    def due(self) -> datetime:
        """Return when something is written by the clock next."""
        return min(self._check_due(), self._writing_due())

    def _check_due(self) -> datetime:
        """Return when the open check closes by itself."""
        check = self.open_check
        # Answers in its last second count, so it closes just after it.
        return check.closes_at + MOMENT if check is not None else NEVER

    def _writing_due(self) -> datetime:
        """Return when somebody's two minutes to write a block are over."""
        test = self.open_test
        rows = test.writing.values() if test is not None else ()
        since = [datetime.fromisoformat(row["since"]) for row in rows if row["now"]]
        return min(since) + rules.WRITING_AT_MOST if since else NEVER

    def settle(self, page: Page) -> None:
        """Write what is due: close the check, or stop waiting for a block."""
        check, test = self.open_check, self.open_test
        if check is not None and self._check_due() <= self._writing_due():
            self.close_check(page, check, check.closes_at)
            return
        assert test is not None  # noqa: S101 - it was due
        at = self._writing_due()
        for row in test.writing.values():
            if datetime.fromisoformat(row["since"]) + rules.WRITING_AT_MOST <= at:
                row["now"] = False
        page.put(test)
        page.note(WRITING_LAPSED, at=at, test=str(test.pk))

    # --- hooks

    def person_left(self, page: Page, who: Participant) -> None:
        """Take away the answers of somebody who left."""
        if (test := self.open_test) is not None:
            if row := self.positions.pop(who.pk, None):
                page.drop(row)
            if row := test.writing.get(who.key):
                # Who comes back gets no new two minutes.
                test.writing = {**test.writing, who.key: {**row, "now": False}}
                page.put(test)
        if self.open_vote is not None and (ballot := self.ballots.pop(who.pk, None)):
            page.drop(ballot)
        check = self.open_check
        if check is not None and (answer := self.answers.pop(self.pseudonym(check, who), None)):
            page.drop(answer)

    person_uncounted = person_left

    def person_merged(self, page: Page, who: Participant, into: Participant) -> None:
        """Move answers to the place that stays."""
        if (test := self.open_test) is not None:
            answer_moves(page, self.positions, who, into)
            if (row := test.writing.get(who.key)) and into.key not in test.writing:
                test.writing = {**test.writing, into.key: row}
                page.put(test)
        if self.open_vote is not None:
            answer_moves(page, self.ballots, who, into)
        self.person_left(page, who)

    def heads_counted(self, page: Page) -> None:
        # More answers were counted than people without names are here: count again.
        """Forget counts that are higher than the people without names now here."""
        for row in (self.open_test, self.open_vote, self.open_check):
            if row is not None and sum(row.counted.values()) > page.meeting.heads:
                row.counted, row.counted_by = {}, ""
                page.put(row)

    def item_closed(self, page: Page) -> dict[str, Any]:
        """Close the check that is open."""
        if (check := self.open_check) is not None:
            self.close_check(page, check, page.now)
        return {}


# --- the cards of the entries written here ---

CHECK_CLOSED = card(
    "proposals.check_closed",
    "test",
    "proposal",
    minutes=sentences.checked,
    writes=(
        rows(TemperatureCheck, pk="check"),
        rows(CheckAnswer),
    ),
)
CHECK_ANSWERED = card(
    "proposals.check_answered",
    "test",
    minutes=Silent("A check of the mood leaves numbers, never names."),
    erasable=True,
    writes=(rows(CheckAnswer, check_row_id="check"),),
)
WRITING_LAPSED = card(
    "proposals.writing_lapsed",
    "test",
    minutes=Silent("Half a block is nothing yet; the block is told once it stands."),
    erasable=True,
    writes=(rows(ConsensusTest, pk="test"),),
)
