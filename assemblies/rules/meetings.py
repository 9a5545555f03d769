"""Rules of a meeting: who counts, quorum, phases, deadlines. Plain Python, no database.

Sources: DOMAIN.md 2.3 (quorum), 2.7 (agenda and meeting), ROOM.md 5 (settled points).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

OBJECT_WITHIN = timedelta(seconds=15)
UNDO_WITHIN = timedelta(seconds=30)
REOPEN_ITEM_WITHIN = timedelta(seconds=30)
REOPEN_MEETING_WITHIN = timedelta(minutes=10)
SHOW_OF_HANDS_SECONDS = 30
FACILITATOR_SECONDS = 60
QUESTION_SECONDS = 30

COUNTING = frozenset({"member", "delegate"})

SPLIT = "split"

# act -> (from these phases, to this one); DOMAIN.md 2.7
PHASES: Mapping[str, tuple[frozenset[str], str]] = {
    "open_doors": (frozenset({"planned"}), "doors_open"),
    "start_meeting": (frozenset({"doors_open"}), "in_session"),
    "take_break": (frozenset({"in_session", "closing"}), "break"),
    "resume_meeting": (frozenset({"break"}), "in_session"),
    "end_meeting": (frozenset({"doors_open", "in_session", "break", "closing"}), "ended"),
    "reopen_meeting": (frozenset({"ended"}), "in_session"),
}
CLOSING_KINDS = frozenset({"closing", "evaluation"})


def members_counted(people: Iterable[tuple[str, str]], *, by_unit: bool) -> int:
    """Return how many count among people, each given as kind and voice.

    Where units decide (`by_unit`), all who speak for one unit are one, and who speaks for none is
    counted apart (DOMAIN.md 5.3).
    """
    counting = [voice for kind, voice in people if kind in COUNTING]
    return len(set(counting) - {""}) if by_unit else len(counting)


def speaks_for(voice: str, unit: str) -> bool:
    """Say whether a voice is a unit's: the unit's own, or one of its seats' ("d4.2" of "d4")."""
    return bool(unit) and voice.partition(".")[0] == unit


def together(answers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the one answer of each voice; where those who carry it differ it is `SPLIT`.

    Who has no voice to carry is left out.
    """
    found: dict[str, str] = {}
    for voice, answer in answers:
        if voice:
            found[voice] = answer if found.get(voice, answer) == answer else SPLIT
    return found


def votes_of(voices: Iterable[str], votes: Mapping[str, int]) -> int:
    """Return how many votes units have together, each counted once; one where none are said."""
    return sum(votes.get(voice, 1) for voice in {*voices} - {""})


def tally(
    answers: Iterable[tuple[str, str]], *, by_unit: bool, votes: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Return how often each answer was given, each answer with the voice of who gave it.

    Where units decide, each counts once, or with its `votes`; one that is split has not answered.
    """
    if not by_unit:
        return dict(Counter(answer for _voice, answer in answers))
    found: Counter[str] = Counter()
    for voice, answer in together(answers).items():
        found[answer] += (votes or {}).get(voice, 1)
    del found[SPLIT]
    return dict(found)


def within(since: datetime, now: datetime, window: timedelta) -> bool:
    """Say whether `now` is within a window; the last second counts (ROOM.md 5, 21)."""
    return now - since <= window


def quorum_of(rule: Mapping[str, Any], *, roll: int | None, open_roll: bool) -> int | None:
    """Return how many must be here, or None where nothing is required.

    `rule["quorum"]` is "none", a number, or {"share": "1/3"}; a share needs a closed roll and
    means none where the roll grows with everybody who comes (ROOM.md 5, 5).
    """
    wanted = rule.get("quorum")
    if wanted in (None, "none", ""):
        return None
    if isinstance(wanted, Mapping):
        if open_roll or roll is None:
            return None
        return share_of(roll, wanted["share"])
    return int(wanted)


def share_of(whole: int, share: str | Fraction) -> int:
    """Return the smallest whole number that is at least a share: ceil(share x whole), exact."""
    return -(-Fraction(share).numerator * whole // Fraction(share).denominator)


def read_share(text: str) -> Fraction:
    """Return a share written "2/3"; raise ValueError with a sentence for anything else."""
    if not isinstance(text, str):
        raise ValueError(f"{text!r} is not a share such as 1/3")
    try:
        share = Fraction(text)
    except (ValueError, ZeroDivisionError) as wrong:
        raise ValueError(f"{text!r} is not a share such as 1/3") from wrong
    if not 0 < share <= 1 or "." in text:
        raise ValueError(f"{text!r} is not a share such as 1/3")
    return share


def may(held: Iterable[str], wanted: Iterable[str], holders: Mapping[str, Any]) -> bool:
    """Say whether somebody who holds these roles may do what one of `wanted` may.

    A role that nobody holds falls to the facilitators (ROOM.md 5, 3).
    """
    held, wanted = set(held), set(wanted)
    if held & wanted:
        return True
    return "facilitator" in held and any(not holders.get(role) for role in wanted)


def may_share(office: Sequence[Iterable[str]], named: Sequence[str]) -> bool:
    """Say whether these people can share an office of co-chairs (000:46).

    `office` holds what each said of themselves, `named` the groups that each have one place, such
    as women and men; without any the office is shared by two, whoever they are.
    """
    if len(office) > max(2, len(named)):
        return False
    places = list(named)
    for own in office:
        place = next((group for group in places if group in set(own)), None)
        if named and place is None:
            return False
        if place is not None:
            places.remove(place)
    return True


def show_of_hands(yes: int, no: int) -> str:
    """Return what a show of hands says: more yes than no is yes."""
    return "yes" if yes > no else "no"


def tidied(words: Iterable[str], offered: Iterable[str] = ()) -> list[str]:
    """Return words without needless spaces, each once; an offered one is spelled as offered."""
    spelled = {word.casefold(): word for word in offered}
    found: dict[str, str] = {}
    for word in (" ".join(word.split()) for word in words):
        if word:
            found.setdefault(word.casefold(), spelled.get(word.casefold(), word))
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an agenda as somebody typed it."""

    title: str
    minutes: int
    kind: str


KIND_WORDS = {
    "opening": "opening",
    "welcome": "opening",
    "check-in": "check_in",
    "check in": "check_in",
    "announcement": "announcement",
    "report": "report_back",
    "proposal": "proposal",
    "election": "election",
    "break": "break",
    "evaluation": "evaluation",
    "closing": "closing",
}


def agenda_lines(text: str, *, minutes: int = 10) -> list[Line]:
    """Return the agenda that somebody typed or pasted, one item a line.

    Numbers and bullets in front go; "20 min" or "(20)" behind is the time allotted; a first word
    such as "Proposal:" is the kind.
    """
    found = []
    for raw in text.splitlines():
        line = raw.strip().lstrip("-*•–").strip()
        head, dot, rest = line.partition(" ")
        if dot and head.rstrip(".)").isdigit():
            line = rest.strip()
        if not line:
            continue
        title, took = minutes_behind(line, minutes)
        word = title.partition(":")[0].strip().lower()
        kind = KIND_WORDS.get(word) or KIND_WORDS.get(title.strip().lower()) or "discussion"
        if ":" in title and word in KIND_WORDS:
            title = title.partition(":")[2].strip() or title
            title = title[:1].upper() + title[1:]
        found.append(Line(title[:200], took, kind))
    return found


def minutes_behind(line: str, otherwise: int) -> tuple[str, int]:
    """Split "Rent increase (20 min)" into its title and its minutes."""
    words = line.replace("(", " ").replace(")", " ").replace("'", " min").split()
    for tail in (("min",), ("min.",), ("minutes",), ("m",), ()):
        bare = words[: len(words) - len(tail)] if tail else words
        if tail and tuple(word.lower() for word in words[-len(tail) :]) != tail:
            continue
        if not tail and not line.rstrip().endswith(")"):
            continue
        if len(bare) > 1 and bare[-1].isdigit() and 0 < int(bare[-1]) <= 600:
            title = line[: line.rfind(bare[-1])].rstrip(" (-–,:;")
            return title, int(bare[-1])
    return line, otherwise
