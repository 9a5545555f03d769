"""The digest chain of a journal: why nobody can change the past unnoticed.

leaf = SHA256(0x00 || salt || JCS(entry)), head_n = SHA256(0x01 || head_n-1 || leaf_n) (RFC 8785
for JCS). Erasing an entry deletes body and salt and keeps the leaf, so the chain still holds.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import rfc8785

START = "0" * 64


class Link(Protocol):
    """What the chain needs to know of an entry."""

    seq: int
    salt: bytes
    leaf: str
    head: str

    def body(self) -> dict[str, Any] | None:
        """Return what was said, or None where it was erased."""


def leaf_of(salt: bytes, body: dict[str, Any]) -> str:
    """Return the digest of one entry's body."""
    return hashlib.sha256(b"\x00" + salt + rfc8785.dumps(body)).hexdigest()


def head_after(head: str, leaf: str) -> str:
    """Return the head of the chain once a leaf is added."""
    return hashlib.sha256(b"\x01" + bytes.fromhex(head) + bytes.fromhex(leaf)).hexdigest()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: nothing (ok), or the first number that is wrong and why."""

    ok: bool
    seq: int
    head: str
    erased: int = 0
    why: str = ""


def check(links: Iterable[Link], *, seq: int, head: str, erasable: frozenset[int]) -> Finding:
    """Walk the chain from its start and compare it with what the journal says it holds.

    `erasable` are the numbers that the journal itself says were erased; a body that is missing
    anywhere else is a finding.
    """
    at, running, erased = 0, START, 0
    for link in links:
        at += 1
        if link.seq != at:
            return Finding(False, at, running, erased, f"entry {at} is missing")
        body = link.body()
        if body is None:
            erased += 1
            if at not in erasable:
                return Finding(False, at, running, erased, f"entry {at} has lost its body")
        elif at in erasable:
            return Finding(False, at, running, erased, f"entry {at} was erased and has a body")
        elif leaf_of(bytes(link.salt), body) != link.leaf:
            return Finding(False, at, running, erased, f"entry {at} is not what was written")
        try:
            running = head_after(running, link.leaf)
        except ValueError:
            return Finding(False, at, running, erased, f"entry {at} has no proper digest")
        if running != link.head:
            return Finding(False, at, running, erased, f"the chain breaks at entry {at}")
    if at != seq:
        return Finding(False, min(at, seq) + 1, running, erased, f"{at} entries, {seq} expected")
    if running != head:
        return Finding(False, at, running, erased, "the journal's head is not that of the chain")
    return Finding(True, at, running, erased)
