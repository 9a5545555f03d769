"""Read how an ended meeting shared its floor: numbers of three people or more, never a name."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from assemblies.door.page import Page
from assemblies.models import Participant
from assemblies.sheets import Agenda, Roll
from stack.rules import measures
from stack.sheets.floor import Floor

TELLS_IN = ("closing", "ended")


@dataclass(frozen=True, slots=True)
class ItemTime:
    """The time of one item, in whole minutes: what it was given and what it took."""

    number: int
    title: str
    planned: int
    taken: int


@dataclass(frozen=True, slots=True)
class HeardBy:
    """How many people had spoken by a minute of the meeting."""

    minute: int
    heard: int


@dataclass(frozen=True, slots=True)
class GroupTime:
    """A group's share of the people and of the talking time."""

    name: str
    people: Fraction
    time: Fraction


@dataclass(frozen=True, slots=True)
class Review:
    """A meeting's floor, looked back upon.

    `people`: who came and counts, or spoke. `speakers`: how many of them spoke. `one`, `three`,
    `others`: shares of the talking time of who spoke longest, of the three, of everybody else.
    `groups` holds only what cannot be led back to fewer than three (stack.rules.measures).
    """

    people: int
    speakers: int
    minutes: int
    one: Fraction
    three: Fraction
    others: Fraction
    gini: Fraction
    heard: tuple[HeardBy, ...]
    items: tuple[ItemTime, ...]
    groups: tuple[GroupTime, ...]

    @property
    def enough(self) -> bool:
        """Whether so many people spoke that no number is about one person."""
        return self.speakers >= measures.LEAST and self.minutes > 0


def review(page: Page) -> Review:
    """Return how the floor was shared in a meeting."""
    roll, meeting = page.sheet(Roll), page.meeting
    turns = [turn for turn in page.sheet(Floor).turns if turn.spoken and turn.ended_at]
    spoke = [
        (
            roll.by_id[turn.participant_id].key,
            int(turn.clock.elapsed(page.now).total_seconds()),
            turn.started_at,
        )
        for turn in turns
    ]
    said = measures.spoken((who, seconds) for who, seconds, _at in spoke)
    people = {
        key: one
        for key, one in roll.people.items()
        if key in said or (roll.counts(one) and came(one))
    }
    seconds = [said[key].seconds if key in said else 0 for key in people]
    one, three, others = measures.largest(seconds)
    began = meeting.started_at or meeting.starts_at
    over = meeting.ended_at or max(
        (turn.ended_at for turn in turns if turn.ended_at), default=began
    )
    groups = {key: frozenset(one.groups) for key, one in people.items()}
    return Review(
        people=len(people),
        speakers=len(said),
        minutes=rounded(sum(seconds)),
        one=one,
        three=three,
        others=others,
        gini=measures.gini(seconds),
        heard=heard(spoke, began, over),
        items=items(page, over),
        groups=tuple(GroupTime(*found) for found in measures.group_shares(groups, said)),
    )


def came(person: Participant) -> bool:
    """Say whether a seat was somebody's own and they were here."""
    return person.arrived_at is not None and person.merged_into_id is None


def rounded(seconds: float) -> int:
    """Return whole minutes, a started half counted."""
    return int(seconds + 30) // 60


def heard(
    spoke: list[tuple[str, int, datetime]], began: datetime, over: datetime
) -> tuple[HeardBy, ...]:
    """Return how many had been heard at each tenth of the meeting."""
    first: dict[str, int] = {}
    for who, _seconds, at in spoke:
        first.setdefault(who, int((at - began).total_seconds()))
    length = max(0, int((over - began).total_seconds()))
    curve = measures.heard_over_time(first.values(), length)
    return tuple(
        HeardBy(rounded(length * part / (len(curve) - 1)), many) for part, many in enumerate(curve)
    )


def items(page: Page, over: datetime) -> tuple[ItemTime, ...]:
    """Return the time of every item that was taken up."""
    return tuple(
        ItemTime(
            number,
            item.title,
            item.minutes,
            rounded(((item.finished_at or over) - item.opened_at).total_seconds()),
        )
        for number, item in enumerate(page.sheet(Agenda).items, start=1)
        if item.opened_at is not None
    )
