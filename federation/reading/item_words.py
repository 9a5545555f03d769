"""How far an item of a council has come, in sentences."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from federation import rules
from federation.models import CouncilItem
from federation.reading.progress import Progress, RollUp, rolled_up
from federation.sheets.chart import Chart
from federation.words.vocabulary import Words
from proposals.words.amounts import positions_sentence, votes_sentence


@dataclass(slots=True)
class ItemSummary:
    """An item as a list shows it: its roll-up in numbers and in words."""

    item: CouncilItem
    progress: Progress
    numbers: RollUp
    sentences: list[str] = field(default_factory=list)


def summary_of(
    progress: Progress, chart: Chart, rule: rules.CouncilRule, words: Words
) -> ItemSummary:
    """Return an item with its roll-up in numbers and in words."""
    numbers = rolled_up(progress, chart, rule)
    return ItemSummary(
        progress.item, progress, numbers, progress_sentences(progress.item, numbers, rule, words)
    )


def progress_sentences(
    item: CouncilItem, numbers: RollUp, rule: rules.CouncilRule, words: Words
) -> list[str]:
    """Return in sentences how far an item has come."""
    units = words.many_units(numbers.units)
    said = []
    if item.phase in ("going_round", "open", "returned"):
        told = _("%(n)s of %(units)s have debated it, %(mandates)s have given a mandate.")
        said.append(told % {"n": numbers.debated, "units": units, "mandates": numbers.mandated})
    if item.phase != "going_round" and numbers.silent < numbers.units:
        said.append(answers_sentence(numbers))
    if item.phase in ("provisional", "in_force", "lapsed") and rule.ratification != "none":
        said.append(ratified_sentence(numbers, rule, words))
    if item.phase == "in_force" and numbers.opted_out:
        told = ngettext(
            "%(carrying)s carry it out, %(n)s opted out.",
            "%(carrying)s carry it out, %(n)s opted out.",
            numbers.opted_out,
        )
        carrying = numbers.units - numbers.opted_out
        said.append(told % {"carrying": carrying, "n": numbers.opted_out})
    return [one for one in said if one]


def answers_sentence(numbers: RollUp) -> str:
    """Return how the units answered, in words."""

    def many(n: int, one: str, more: str) -> str:
        return (one if n == 1 else more) % {"n": n} if n else ""

    parts = [
        many(numbers.accepting, _("%(n)s accepts"), _("%(n)s accept")),
        many(
            numbers.returning,
            _("%(n)s returns it with a change"),
            _("%(n)s return it with a change"),
        ),
        many(numbers.rejecting, _("%(n)s rejects it"), _("%(n)s reject it")),
        many(numbers.not_affected, _("%(n)s is not affected"), _("%(n)s are not affected")),
        many(numbers.silent, _("%(n)s has not answered"), _("%(n)s have not answered")),
    ]
    return ", ".join(filter(None, parts)) + "."


def ratified_sentence(numbers: RollUp, rule: rules.CouncilRule, words: Words) -> str:
    """Return how many units accept and how many members they have, and how many are needed."""
    if rule.ratification == "all_units":
        told = _("%(n)s of %(units)s accept; all are needed.")
        return told % {"n": numbers.accepting, "units": words.many_units(numbers.units)}
    if rule.ratification != "double_majority":
        return ""
    told = _(
        "%(n)s of %(units)s accept (%(needed)s needed); they have %(members)s of %(all)s members"
        " (%(more)s needed)."
    )
    return told % {
        "n": numbers.accepting,
        "units": words.many_units(numbers.units),
        "needed": numbers.units_needed,
        "members": numbers.members_accepting,
        "all": numbers.members,
        "more": numbers.members_needed,
    }


def local_sentence(numbers: RollUp) -> str:
    """Return the sums of the units' own tests; these are never added as votes."""
    if not numbers.local_decisions:
        return ""
    said = []
    if numbers.local_positions:
        said.append(positions_sentence(numbers.local_positions))
    if numbers.local_votes:
        said.append(votes_sentence(numbers.local_votes))
    if numbers.local_present:
        here = ngettext(
            "%(n)s person was there.", "%(n)s people were there.", numbers.local_present
        )
        said.append(here % {"n": numbers.local_present})
    told = ngettext(
        "In the last decision of %(n)s unit:",
        "In the last decisions of %(n)s units, together:",
        numbers.local_decisions,
    )
    return " ".join([told % {"n": numbers.local_decisions}, *said]) if said else ""
