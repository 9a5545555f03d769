"""Whether the tally of a test was true on every screen: each frame, held against the answers."""

import json
import math
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bench.arithmetic import NEVER
from bench.phones import Hall, Tap

POSITION = re.compile(r'class="position (\w+)[^>]*>.*?class="count"[^>]*>(\d+)<', re.DOTALL)
NOBODYS = b'"unit": null'
OUTCOME = re.compile(r'class="outcome["\s]')


@dataclass(slots=True)
class Tallies:
    """What stood on the screens. All but the time count screens, frame by frame."""

    read: int
    wrong: int
    ran_back: int
    result_ms: float  # from closing to the last screen that shows the result
    without: int  # screens that never showed it


@dataclass(frozen=True, slots=True)
class Shown:
    """What a screen says of the test: how many took each position, whether there is a result."""

    positions: Counter[str]
    result: bool

    @property
    def answers(self) -> int:
        """Return how many have answered, going by this screen."""
        return self.positions.total()


def shown_in(html: str) -> Shown:
    """Return what the panel of a test says."""
    positions = Counter({word: int(n) for word, n in POSITION.findall(html) if int(n)})
    return Shown(positions, OUTCOME.search(html) is not None)


class Truth:
    """The tally at each seq, as the answers to those who took positions have it.

    With `voices`, by the number of each phone, units are counted and not people.
    Where some were never answered nobody can know it, from the first seq on that may be theirs.
    """

    def __init__(
        self,
        taken: Iterable[tuple[int, int, str]],
        *,
        unanswered: int = 0,
        voices: Sequence[str] = (),
    ) -> None:
        self.seqs, self.tallies = [0], [Counter[str]()]
        now: dict[int, str] = {}
        for seq, phone, word in sorted(taken):
            now[phone] = word
            self.seqs.append(seq)
            self.tallies.append(by_unit(now, voices) if any(voices) else Counter(now.values()))
        self.known_to = self._without_gap() if unanswered else math.inf

    def _without_gap(self) -> int:
        """Return the last seq before one that nobody was told, once positions were taken."""
        told = self.seqs[1:]
        return next((a for a, b in pairwise(told) if b > a + 1), self.seqs[-1])

    def at(self, seq: int) -> Counter[str] | None:
        """Return how many took each position up to a seq, or None where it is not known."""
        if seq > self.known_to:
            return None
        return self.tallies[bisect_right(self.seqs, seq) - 1]


def by_unit(now: Mapping[int, str], voices: Sequence[str]) -> Counter[str]:
    """Return the positions of units: one for those whose delegates say the same, else none."""
    said: dict[str, set[str]] = defaultdict(set)
    for phone, word in now.items():
        said[voices[phone]].add(word)
    return Counter(words.copy().pop() for words in said.values() if len(words) == 1)


def tallies(hall: Hall, closing: Tap, within: float) -> Tallies:
    """Go through all that stood on every screen. A result never shown counts `within` seconds."""
    taken = [tap for tap in hall.taps_counted() if not tap.code]
    voices = [phone.seat.voice for phone in hall.phones]
    truth = Truth(
        ((tap.seq, tap.phone, tap.word) for tap in taken if tap.seq is not None),
        unanswered=sum(not tap.accepted for tap in taken),
        voices=voices,
    )
    panels = {frame: json.loads(frame)["panels"].get("test") for frame in hall.kept or ()}
    said = {html: shown_in(html) for html in {*panels.values()} - {None}}
    found, came = Tallies(0, 0, 0, 0.0, 0), closing.sent
    for phone in hall.phones:
        shown, result_at = Shown(Counter(), result=False), NEVER
        for frame, (seq, at) in zip(phone.frames, phone.seen(), strict=True):
            before, html = shown, panels[frame]
            shown = said[html] if html is not None else shown
            if shown.result and not before.result:
                result_at = at
            true = truth.at(seq)
            found.read += 1
            found.wrong += true is not None and shown.positions != true
            # A unit whose delegates come to differ has answered no more.
            split = any(voices) and shown.positions == true
            found.ran_back += shown.answers < before.answers and not split
        found.without += result_at == NEVER
        came = max(came, result_at)
    found.result_ms = 1000 * (min(came, closing.sent + within) - closing.sent)
    return found


@dataclass(slots=True)
class Recalled:
    """How soon a council knew of a recall; times in milliseconds from the tap in the base."""

    answered_ms: float  # the base has its answer
    delegate_ms: float  # the delegate's own phone was told that it speaks for nobody
    screens_ms: float  # the last screen shows that the unit changed delegates
    without: int  # screens that did not show it in time
    code: str = ""


def recalled(hall: Hall, tap: Tap, changed: bytes, within: float) -> Recalled:
    """Return when whom a recall concerns was told of it; what never came counts `within`."""
    never, told, without = tap.sent + within, [], 0
    for phone in hall.phones:
        shown = zip(phone.frames, phone.seen(), strict=True)
        at = next((at for frame, (_seq, at) in shown if at > tap.sent and changed in frame), NEVER)
        told.append(min(at, never))
        without += at == NEVER
    delegate = next(phone for phone in hall.phones if phone.seat.voice)
    mine = (at for at, text in delegate.mine if at > tap.sent and NOBODYS in text)
    answered = tap.answered or never
    times = (answered, next(mine, never), max(told))
    return Recalled(*(1000 * (at - tap.sent) for at in times), without, tap.code)
