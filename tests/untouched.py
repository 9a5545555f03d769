"""The guard of every test: a refused act leaves sheets, rows and database as they were.

It looks deeper than the programme itself does (assemblies/acts/untouched.py): before an act it
remembers every row, dict, list and set that hangs on the page; after a refusal it compares. What
was only worked out and remembered meanwhile (a sheet loaded, a cache filled) is no change.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models.manager import BaseManager
from django.db.models.query import QuerySet

from assemblies.acts.untouched import Before
from assemblies.door.page import Page

FLAT = (str, bytes, int, float, bool, type(None), date, timedelta, Decimal, UUID, Enum)
FLAT_TYPES = {*FLAT[:6]}
APPS = {"assemblies", "stack", "proposals", "federation", "tests"}
WRITING = ("INSERT", "UPDATE", "DELETE")
# Who acts is set before the act is looked at; what is worked out for screens changes nothing.
NOT_COMPARED = {"actor", "on_behalf_of", "worked_out", "prints"}
MISSING = object()


class Writes:
    """How many statements that write have gone to the database."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        """Count a statement, and let it be done."""
        if sql.lstrip()[:6].upper() in WRITING:
            self.count += 1
        return execute(sql, *more)


def writes_of_this_thread() -> Writes:
    """Return the counter on the connection of this thread, put there where there is none yet."""
    for one in connection.execute_wrappers:
        if isinstance(one, Writes):
            return one
    counter = Writes()
    connection.execute_wrappers.append(counter)
    return counter


class DeepBefore(Before):
    """How a page stood before an act, with all that hangs on it and what was written so far."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.writes = writes_of_this_thread()
        self.written = self.writes.count
        self.sheets = page.sheets.copy()
        self.remembered = list(everything_on(page))

    def differences(self) -> list[str]:
        """Return the names of what is no longer as it was."""
        changed = super().differences()
        if self.writes.count != self.written:
            changed.append("the database")
        for name, sheet in self.sheets.items():
            if self.page.sheets.get(name) is not sheet:
                changed.append(f"the sheet {name}, let go")
        for owner, before in self.remembered:
            changed += differences_of(owner, before)
        return changed


def everything_on(page: Page) -> Iterator[tuple[Any, Any]]:
    """Yield each thing that can change on a page, with a flat copy of what it holds now."""
    # Which sheets are there is looked at by itself: one may be loaded at any time.
    seen: set[int] = {id(page.sheets)}
    waiting: list[Any] = [page, *page.sheets.values()]
    while waiting:
        one = waiting.pop()
        if type(one) in FLAT_TYPES or id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, dict):
            yield one, one.copy()
            waiting += one.values()
            waiting += (key for key in one if isinstance(key, tuple))
        elif isinstance(one, list | set):
            yield one, one.copy()
            waiting += one
        elif isinstance(one, tuple | frozenset):
            waiting += one
        elif holds_things(one):
            copy = contents(one)
            yield one, copy
            waiting += copy.values()
            if isinstance(one, models.Model):
                waiting += one._state.fields_cache.values()


def holds_things(one: Any) -> bool:
    """Say whether something is a row or an object of ours that holds things by name."""
    if isinstance(one, (*FLAT, type)) or callable(one):
        return False
    if isinstance(one, models.Model):
        return True
    return type(one).__module__.partition(".")[0] in APPS


def contents(one: Any) -> dict[str, Any]:
    """Return what an object holds by name, leaving out what never counts as a change."""
    slots = chain.from_iterable(getattr(kind, "__slots__", ()) for kind in type(one).__mro__)
    held = {name: getattr(one, name) for name in slots if hasattr(one, name)}
    held |= getattr(one, "__dict__", {})
    return {
        name: value
        for name, value in held.items()
        if name not in ("_state", "_prefetched_objects_cache")
        and not (isinstance(one, Page) and name in NOT_COMPARED)
        and not isinstance(value, QuerySet | BaseManager)
    }


def differences_of(owner: Any, before: Any) -> list[str]:
    """Return what of one thing is no longer as its copy says."""
    name = type(owner).__name__
    if isinstance(owner, dict):
        changed = [key for key in {**before, **owner} if is_changed(before, owner, key)]
        return [f"{name}[{key!r}]" for key in changed]
    if isinstance(owner, list | set):
        return [] if owner == before else [f"{name} {before!r:.80} to {owner!r:.80}"]
    now = contents(owner)
    return [
        f"{name}.{field}: {value!r:.80} to {now.get(field)!r:.80}"
        for field, value in before.items()
        if is_changed(before, now, field) and not only_remembered(field, value, now.get(field))
    ]


def is_changed(before: dict[Any, Any], now: dict[Any, Any], key: Any) -> bool:
    """Say whether a dict holds something else under a key."""
    was, there = before.get(key, MISSING), now.get(key, MISSING)
    if isinstance(now, defaultdict) and was is MISSING and not there:
        # Looking for what is not there leaves an empty place.
        return False
    return was is not there and was != there


def only_remembered(name: str, before: Any, now: Any) -> bool:
    """Say whether what changed is a cache that was filled or emptied."""
    return name.startswith("_") and (before is None or now is None)
