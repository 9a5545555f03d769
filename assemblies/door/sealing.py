"""How an entry gets its place in the chain of a journal."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from assemblies.models import Entry, Journal
from assemblies.rules.chain import START, head_after, leaf_of


def stamp(at: datetime) -> str:
    """Return a time as the journal writes it: UTC, microseconds, Z."""
    return at.astimezone(timezone.get_fixed_timezone(0)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def body_of(entry: Entry) -> dict[str, Any] | None:
    """Return what is sealed of an entry, or None where it was erased whole."""
    if entry.facts is None and not entry.kind and entry.at is None and not entry.salt:
        return None
    return {
        "seq": entry.seq,
        "at": stamp(entry.at) if entry.at else None,
        "actor": entry.actor,
        "on_behalf_of": entry.on_behalf_of,
        "kind": entry.kind,
        "facts": entry.facts,
    }


def seal(entry: Entry, journal: Journal) -> None:
    """Give an entry its place in the chain and move the journal's head."""
    body = body_of(entry)
    assert body is not None  # noqa: S101 - a new entry always has a body
    entry.leaf = leaf_of(bytes(entry.salt), body)
    entry.head = journal.head = head_after(journal.head or START, entry.leaf)
