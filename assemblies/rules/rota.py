"""Whose turn it is to serve. Plain Python: no database, no socket.

Source: DOMAIN.md 4, "Choosing and rotating". Anybody can compute a proposal again from what the
minutes print: the seed is the key of the meeting, and the lot of somebody is the SHA-256 digest, in
lower-case hexadecimal digits, of the UTF-8 text `seed:key`, where `key` is theirs in the meeting.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

LOOKS_BACK = 10  # meetings
NEEDED_GROUPS = 2  # of the groups that shall not be alone among those taken


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be asked to serve, and what the rota looks at.

    `times`: in how many of the last ten meetings they served; `last`: the day of the newest of
    these, None for never. `groups`: self-described, used here and nowhere shown.
    """

    key: str
    times: int = 0
    last: date | None = None
    here: bool = True
    opted_in: bool = True
    trained: bool = False
    serving: bool = False
    groups: frozenset[str] = frozenset()


def lot(seed: str, key: str) -> str:
    """Return the lot that decides between two who served alike: SHA-256 of "seed:key", in hex."""
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()


def eligible(candidates: Iterable[Candidate], *, trained: bool = False) -> list[Candidate]:
    """Return who is here, has opted in, serves in no role, and is trained where that is asked."""
    return [
        one
        for one in candidates
        if one.here and one.opted_in and not one.serving and (one.trained or not trained)
    ]


def in_order(candidates: Iterable[Candidate], seed: str) -> list[Candidate]:
    """Return candidates in the order of the rota: who served least, longest ago, then by lot."""
    return sorted(
        candidates, key=lambda one: (one.times, one.last or date.min, lot(seed, one.key), one.key)
    )


def choose(
    candidates: Iterable[Candidate],
    n: int,
    seed: str,
    *,
    trained: bool = False,
    parity: Sequence[str] = (),
) -> list[Candidate]:
    """Return whom the rota proposes: the first `n`, with parity repaired where it can be.

    `parity` names groups of which those taken shall not all be the same: two of them at least are
    to be represented where two or more are taken. The last one taken who can be spared makes room
    for the first in the order who belongs to a group that is missing.
    """
    order = in_order(eligible(candidates, trained=trained), seed)
    taken, rest = order[:n], order[n:]
    if n < NEEDED_GROUPS:
        return taken
    named = frozenset(parity)
    while len(groups_of(taken) & named) < NEEDED_GROUPS:
        missing = named - groups_of(taken)
        comes = next((one for one in rest if one.groups & missing), None)
        goes = next((one for one in reversed(taken) if spared(one, taken, named)), None)
        if comes is None or goes is None:
            break
        taken[taken.index(goes)] = comes
        rest.remove(comes)
    return taken


def groups_of(people: Iterable[Candidate]) -> frozenset[str]:
    """Return every group that somebody of these belongs to."""
    return frozenset().union(*(one.groups for one in people))


def spared(one: Candidate, taken: Sequence[Candidate], named: frozenset[str]) -> bool:
    """Say whether the same named groups are represented without somebody."""
    without = groups_of(other for other in taken if other is not one)
    return groups_of(taken) & named == without & named
