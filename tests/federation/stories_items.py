"""For each act about what travels between assemblies: what happens before, then the act itself."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from federation.models import CouncilItem, ReportBack
from proposals.models import Proposal
from tests.federation import stories
from tests.federation.stories import ABOVE, D1, HERE, Steps, touch
from tests.rooms import Room, make_room

ASKED = [ABOVE, ("council", "asks all units", {})]
OBJECTED = [HERE, ("ana", "object_to_scope", {"item": "i1", "reason": "Our street."})]
HUDDLING = [HERE, ("fay", "open_huddle", {"item": "i1"})]

STORIES: dict[str, tuple[Steps, tuple[Any, ...]]] = {
    "carry_up": (
        [ABOVE],
        ("fay", "carry_up", {"item": "i2", "kind": "enact", "title": "A wall", **D1}),
    ),
    "bring_council_item": ([ABOVE], ("fay", "bring_council_item", {"item": "i1"})),
    "mark_debated": ([ABOVE], ("fay", "mark_debated", {"item": "i1", "text": "At supper."})),
    "ratify": (ASKED, ("fay", "ratify", {"item": "i1", "answer": "accept", **D1})),
    "opt_out": (
        [ABOVE, ("council", "is in force", {})],
        ("fay", "opt_out", {"item": "i1", "reason": "Not we.", **D1}),
    ),
    "send_round": (
        [HERE, ("council", "was returned", {})],
        ("fay", "send_round", {"item": "i1", "text": "Every assembly pays 1 % of dues."}),
    ),
    "object_to_scope": ([HERE], OBJECTED[-1]),
    "answer_scope": (OBJECTED, ("ben", "answer_scope", {"answer": "shared"})),
    "close_scope": (
        [*OBJECTED, ("ben", "answer_scope", {"answer": "shared"})],
        ("fay", "close_scope", {}),
    ),
    "refer_back": ([HERE], ("ana", "refer_back", {"item": "i1"})),
    "say_none": ([HERE], ("ana", "say_none", {})),
    "open_huddle": ([HERE], ("fay", "open_huddle", {"item": "i1"})),
    "answer_huddle": (HUDDLING, ("ana", "answer_huddle", {"position": "agree"})),
    "close_huddle": (
        [*HUDDLING, ("ana", "answer_huddle", {"position": "agree"})],
        ("fay", "close_huddle", {}),
    ),
    "report_back": (
        [ABOVE, ("council", "wants a report", {})],
        ("cem", "report_back", {"text": "We agreed on much."}),
    ),
}
PHASES = {
    "asks all units": "provisional",
    "is in force": "in_force",
    "was returned": "returned",
}


def set_up(room: Room, what: str) -> None:
    """Set a stage for a story, about an item or any other."""
    if what != "wants a report" and what not in PHASES:
        stories.set_up(room, what)
        return
    now = room.clock or timezone.now()
    if what == "wants a report":
        council = CouncilItem.objects.get(key="i1").council
        elsewhere = make_room().meeting
        ReportBack.objects.create(
            meeting=elsewhere, council=council, unit=room.assembly, due_on=now.date()
        )
        return
    until = now + timedelta(days=21) if what == "asks all units" else None
    CouncilItem.objects.filter(key="i1").update(phase=PHASES[what], answer_until=until)
    Proposal.objects.filter(key="i1").update(phase="adopted")
    touch(room)
