"""Change the rule of an assembly, by a decision of its own.

A meeting whose doors are open goes on with the rule it began with (ROOM.md, frozen when doors
open); the next one has the new rule.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from assemblies.door.book import record_body
from assemblies.door.house import house
from assemblies.door.kinds import card, rows
from assemblies.door.shapes import Point
from assemblies.models import Assembly, Meeting, Person
from assemblies.rules.errors import Refused
from assemblies.services.phases import frozen_rule
from proposals import rules
from proposals.models import CONFIRMATIONS, Decision
from proposals.words import sentences

# Checks of other apps on the decision that a change carries out; they raise Refused.
GROUNDS: Point[Callable[[Assembly, Decision | None], None]] = Point(
    "what must a change of rule rest on?"
)


def has_met(assembly: Assembly) -> bool:
    """Say whether an assembly has had a meeting; from then on a new rule needs a decision."""
    return Meeting.objects.filter(assembly=assembly, phase="ended").exists()


def carries(decision: Decision) -> bool:
    """Say whether a change can rest on a decision: it is in force and not provisional."""
    return not decision.provisional and not decision.superseded_by.exists()


def grounds(assembly: Assembly) -> list[Decision]:
    """Return the decisions on which a change of the rule can rest, the newest first."""
    rows = Decision.objects.filter(assembly=assembly, superseded_by=None).order_by("-number")[:200]
    return [row for row in rows if not row.provisional]


def change_rule(
    assembly: Assembly,
    by: Person,
    *,
    preset: str,
    rule: dict[str, Any],
    decision: Decision | None,
) -> bool:
    """Have an assembly decide by another rule; return whether anything is new.

    Raises Refused: `reason_required` where an assembly that has met names no decision, or one
    that does not carry the change; `unknown` for a rule that cannot be read.
    """
    try:
        rules.read_rule(rule)
    except ValueError as wrong:
        raise Refused("unknown", str(wrong)) from wrong
    with record_body(assembly, by=by) as book:
        was = {"preset": book.assembly.preset, "rule": frozen_rule(book.assembly)}
        # Whether units decide is no parameter of a way of deciding: it is what a council is.
        kept = {name: to for name, to in assembly.rule.items() if name == "by_unit"}
        now = {"preset": preset, "rule": {**house().ways[preset].rule, **rule, **kept}}
        if now == was:
            return False
        if decision is None and has_met(assembly):
            raise Refused("reason_required", needs_a_decision())
        if decision is not None and (decision.assembly_id != assembly.pk or not carries(decision)):
            raise Refused("reason_required", needs_a_decision())
        for ask in house().answers(GROUNDS):
            ask(assembly, decision)
        book.assembly.preset, book.assembly.rule = preset, now["rule"]
        book.assembly.save(update_fields=["preset", "rule"])
        book.note(
            RULE_CHANGED,
            preset=preset,
            was=was,
            now=now,
            decision=decision.number if decision is not None else None,
        )
    return True


def needs_a_decision() -> str:
    """Return the sentence that a rule changes only by a decision."""
    return _(
        "An assembly that has met changes how it decides by a decision, in force and confirmed by"
        " %(n)s where it was taken on paper. Say which one."
    ) % {"n": CONFIRMATIONS}


# --- the cards of the entries written here ---

RULE_CHANGED = card(
    "proposals.rule_changed", minutes=sentences.rule_changed, writes=(rows(Assembly),)
)
