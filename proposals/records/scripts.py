"""Proposals in rehearsal scripts: an item may carry its own (ROOM.md 4)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max

from assemblies.door.page import Page
from assemblies.door.shapes import Scene
from assemblies.models import AgendaItem, Assembly, Participant, Person
from assemblies.rules.keys import new_key
from assemblies.sheets import Roll
from proposals.models import LONGEST_TEXT, Decision, Proposal
from proposals.services.bringing import new_proposal

TEXTS = {"title": 200, "text": LONGEST_TEXT, "needs": 4000, "affects": 2000}
KNOWN = frozenset({"id", "by", "class", "from_last_meeting", *TEXTS})


def read(said: Any, names: set[str]) -> dict[str, Any]:
    """Return a proposal that can be put on the table; raise ValueError with a sentence."""
    if not isinstance(said, Mapping):
        raise ValueError("it is an object with id, by, title and text")
    if unknown := set(said) - KNOWN:
        raise ValueError(f"it has an unknown part: {min(unknown)}")
    key = said.get("id")
    if not isinstance(key, str) or not 0 < len(key) <= 40:
        raise ValueError("it needs an id, of at most 40 characters")
    if "by" in said and said["by"] not in names:
        raise ValueError(f"nobody is called {said['by']!r}")
    for name, most in TEXTS.items():
        text = said.get(name, "")
        if not isinstance(text, str) or len(text) > most:
            raise ValueError(f"{name} is a text of at most {most} characters")
    if said.get("class", "ordinary") not in Proposal.Class.values:
        raise ValueError(f"there is no class {said.get('class')!r}")
    before = said.get("from_last_meeting", {})
    blocked = before.get("blocked_version", 1) if isinstance(before, Mapping) else None
    if isinstance(blocked, bool) or not isinstance(blocked, int) or blocked < 1:
        raise ValueError("from_last_meeting is an object with blocked_version, a number")
    return dict(said)


def stage(page: Page, item: AgendaItem, said: Mapping[str, Any]) -> None:
    """Put a proposal of a script on its item."""
    roll = page.sheet(Roll)
    by: Participant | None = roll.find(str(said.get("by", "")))
    if by is None:
        by = (roll.holders("facilitator") or list(roll.people.values()))[0]
    more: dict[str, Any] = {}
    if before := said.get("from_last_meeting"):
        n = before.get("blocked_version", 1)
        ago = (page.now - timedelta(days=7)).isoformat()
        more = {
            "version": n,
            "failed_tests": 1,
            "blocked": [{"version": n, "meeting": "", "at": ago}],
        }
    new_proposal(
        page,
        item=item,
        key=said["id"],
        by=by,
        title=said.get("title") or item.title,
        text=said.get("text") or said.get("title") or item.title,
        needs=said.get("needs", ""),
        affects=said.get("affects", ""),
        decision_class=said.get("class", "ordinary"),
        **more,
    )


# --- what an assembly decided before --------------------------------------------------------------


def read_decided(said: Any, people: set[str], assemblies: set[str]) -> list[dict[str, str]]:
    """Return decisions made before the first step, by id; raise ValueError with a sentence."""
    if not isinstance(said, list):
        raise ValueError("it is a list of decisions, each with an id")
    found = []
    for one in said:
        one = {"id": one} if isinstance(one, str) else one
        if not isinstance(one, Mapping) or set(one) - {"id", "title", "text"}:
            raise ValueError("a decision has an id, a title and a text")
        row = {part: one.get(part, one.get("title", one.get("id"))) for part in ("title", "text")}
        row["id"] = one.get("id")
        if not all(isinstance(text, str) and text for text in row.values()):
            raise ValueError("a decision has an id, and texts for title and text")
        if len(row["id"]) > 40 or len(row["title"]) > 200 or len(row["text"]) > LONGEST_TEXT:
            raise ValueError(f"the decision {row['id'][:40]} is too long")
        found.append(row)
    return found


def stage_decided(scene: Scene, assembly: Assembly, said: list[dict[str, str]]) -> list[Person]:
    """Write decisions that an assembly made before the first step."""
    for row in said:
        decided_before(assembly, key=row["id"], title=row["title"], text=row["text"], at=scene.now)
    return []


def decided_before(
    assembly: Assembly,
    *,
    title: str,
    text: str,
    at: datetime,
    key: str = "",
    numbers: dict[str, Any] | None = None,
) -> Decision:
    """Write one decision that an assembly made before the first step, in no meeting of a script."""
    last = Decision.objects.filter(assembly=assembly).aggregate(n=Max("number"))["n"] or 0
    return Decision.objects.create(
        assembly=assembly,
        key=key or new_key(),
        number=last + 1,
        title=title,
        text=text,
        how="consensus",
        numbers=numbers or {},
        decided_at=at,
    )
