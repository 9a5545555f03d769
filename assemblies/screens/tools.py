"""What the tools of a console offer: acts that need a role, answers for people without a phone."""

from collections import Counter
from typing import Any

from assemblies.acts.perform import EVERYONE_ELSE, everyone_else
from assemblies.door.house import house
from assemblies.door.page import Page
from assemblies.sheets import Roll

# Of a group of fewer people nothing is shown: it could be known who they are.
SHOWN_FROM = 3
# Acts that ask for no role by themselves; what a console does with them is somebody's task.
BY_ROLE = {
    "give_role": ("facilitator",),
    "drop_role": ("facilitator",),
    "check_in": ("greeter",),
    "leave": ("greeter",),
}
FOR_OTHERS = ("stack_taker", "greeter")


def acts_by_role() -> dict[str, tuple[str, ...]]:
    """Return the acts that a console offers by a role only, "for" meaning: enter for somebody."""
    asked = {name: doing.roles for name, doing in house().acts.items() if doing.roles}
    return {**asked, **BY_ROLE, "for": FOR_OTHERS}


def tools_of_roles(page: Page) -> dict[str, Any]:
    """Return what the tools of a console need: the acts of roles, the groups to choose from.

    Beside the groups that the assembly offers, words that at least three people here use.
    """
    offered = page.meeting.assembly.groups
    used = Counter(word for one in page.sheet(Roll).here() for word in set(one.groups))
    return {
        "acts_by_role": list(acts_by_role()),
        "group_choices": [
            *offered,
            *sorted(word for word, n in used.items() if n >= SHOWN_FROM and word not in offered),
        ],
    }


def answers_entered(page: Page) -> dict[str, Any]:
    """Return the answers of all apps that a console enters for people without a phone."""
    return {"answers_entered": [one for part in house().all("entered") for one in part(page)]}


def for_everyone_else(
    page: Page, do: str, field: str, answers: list[tuple[str, str]]
) -> dict[str, Any] | None:
    """Return buttons that enter an act for everyone else without a phone; None if nobody is left.

    `field` is the argument of the act that holds the answer, `answers` its words with labels.
    """
    left = len(everyone_else(page, do))
    if not left:
        return None
    return {"do": do, "for": EVERYONE_ELSE, "field": field, "answers": answers, "left": left}
