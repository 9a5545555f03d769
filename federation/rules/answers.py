"""What the answers of units and members mean: ratification, scope, apportioning."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction

from federation.rules.council_rule import CouncilRule
from federation.rules.phases import ItemPhase
from federation.rules.positions import units_needed

# --- ratification ---------------------------------------------------------------------------------


def ratified(
    members: Mapping[str, int],
    accepted: Collection[str],
    *,
    units: Fraction = Fraction(2, 3),
    people: Fraction = Fraction(1, 2),
) -> bool:
    """Say whether enough units accept and they hold more than a share of the members.

    No answer is no acceptance (DOMAIN.md 5.3, S13).
    """
    holding = sum(n for unit, n in members.items() if unit in accepted)
    return (
        bool(members)
        and len(set(accepted) & set(members)) >= units * len(members)
        and holding > people * sum(members.values())
    )


def each_once(bases: Mapping[str, Collection[str]], first: Collection[str]) -> dict[str, list[str]]:
    """Return for each unit the bases that are counted with it, every base with one unit alone.

    A base in two units is counted with one of `first` (those who accept) if it is in one: its
    members are among those who accept, and they are so once.
    """
    order = [*(unit for unit in bases if unit in first), *(u for u in bases if u not in first)]
    seen: set[str] = set()
    found: dict[str, list[str]] = {}
    for unit in order:
        found[unit] = [base for base in bases[unit] if base not in seen]
        seen.update(found[unit])
    return {unit: found[unit] for unit in bases}


def goes_to_bases(rule: CouncilRule, item_kind: str, class_of_item: str) -> bool:
    """Say whether the bases are asked about what a council agreed on, before it holds."""
    return (
        rule.ratification != "none"
        and item_kind in rule.ratify_kinds
        and not (rule.routine_exempt and class_of_item == "routine")
    )


ANSWERS = ("accept", "return", "reject", "not_affected")


def phase_by_answers(
    way: str,
    members: Mapping[str, int],
    answers: Mapping[str, str],
    *,
    over: bool = False,
    units: Fraction = Fraction(2, 3),
    people: Fraction = Fraction(1, 2),
) -> ItemPhase:
    """Return the phase of an item by what the units answered (DOMAIN.md 5.3, S13, S14).

    `way` is how a council has its texts ratified, `members` how many each deciding unit has,
    `over` whether the time for answers is over. The result is PROVISIONAL (it waits), IN_FORCE,
    RETURNED or LAPSED. One return suspends it. With "all_units" one rejection brings it back too,
    a unit that is not affected does not stand in the way, and silence is waited for; with
    "double_majority" silence is no acceptance.
    """
    said = {unit: answer for unit, answer in answers.items() if unit in members}
    given = set(said.values())
    if "return" in given:
        return ItemPhase.RETURNED
    if way == "none":
        return ItemPhase.IN_FORCE
    if way == "all_units":
        if "reject" in given:
            return ItemPhase.RETURNED
        if waiting_for(members, said):
            return ItemPhase.PROVISIONAL
        return ItemPhase.IN_FORCE if "accept" in given else ItemPhase.LAPSED
    accepted = [unit for unit, answer in said.items() if answer == "accept"]
    if ratified(members, accepted, units=units, people=people):
        return ItemPhase.IN_FORCE
    return ItemPhase.LAPSED if over else ItemPhase.PROVISIONAL


def waiting_for(members: Iterable[str], answers: Collection[str]) -> list[str]:
    """Return the units that have not answered, in their order."""
    return [unit for unit in members if unit not in answers]


def agreed_by_members(yes: int, no: int, share: Fraction) -> bool:
    """Say whether more than a share of the members who answered yes or no said yes."""
    return yes > share * (yes + no)


def is_shared(said: Mapping[str, str], units: Collection[str], share: Fraction) -> bool:
    """Say whether enough of all units call a matter shared; silence and "split" do not."""
    shared = sum(1 for unit in units if said.get(unit) == "shared")
    return bool(units) and shared >= units_needed(len(units), share)


def said_behind(answers: Iterable[tuple[str, int, int]]) -> tuple[str, int, int] | None:
    """Return what those behind a spoke say: the position, by how many, of how many asked.

    Each answer is a position, how many gave it and how many of them were asked. None unless more
    than half of all who were asked say the same.
    """
    by: Counter[str] = Counter()
    asked = 0
    for position, saying, of in answers:
        by[position] += saying
        asked += of
    if not by:
        return None
    position, most = by.most_common(1)[0]
    return (position, most, asked) if 2 * most > asked else None
