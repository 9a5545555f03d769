"""What one person sees of councils: the unit they speak for, its mandate, what they are asked."""

from collections import Counter
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from assemblies.door.page import Page
from assemblies.live.printing import once
from assemblies.models import Assembly, Participant
from assemblies.sheets import Roll
from federation import rules
from federation.models import CouncilItem, HuddleAnswer, Mandate
from federation.services.huddles import units_of
from federation.services.mandates import told_by
from federation.services.reports import sat_for
from federation.services.scope import is_open
from federation.services.supervising import expired, in_words
from federation.sheets.councils import Councils, participant_of
from federation.sheets.seen import Seen, unit_of
from federation.words.vocabulary import bound_words, limit_words
from proposals.models import Proposal
from proposals.sheets.asking import Asking
from proposals.sheets.rule import rule_of
from proposals.sheets.table import Proposals
from proposals.words import vocabulary

# Sent where somebody speaks for no unit; `my_position` sends empty fields about answers outside.
NOTHING: dict[str, Any] = {
    "unit": None,
    "mandate": None,
    "fellow": "",
    "risen": "",
    "steps_in": "",
}


def my_unit(page: Page, person: Participant) -> dict[str, Any]:
    """For whom I speak here, their mandate on the item at hand, and which answers it allows.

    Every field is always sent: a phone keeps what it is not sent anew.
    """
    found: dict[str, Any] = {**NOTHING}
    own = page.sheet(Councils).own
    if own is None:
        return found
    unit = own.unit(unit_of(person.voice)) if person.voice else None
    if unit is None or unit.unit is None:
        return {**found, **without_seat(page, own, person)}
    found["unit"] = {"key": unit.unit.key, "name": unit.unit.name}
    proposal = page.sheet(Proposals).current(page)
    item = own.item_of(proposal)
    if proposal is not None and item is not None:
        work_out = partial(mandate_now, page, own, unit.unit, item, proposal)
        found |= once(page, f"told {unit.unit.key}", work_out)
    return {**found, "fellow": fellow_says(page, person)}


def without_seat(page: Page, own: Seen, person: Participant) -> dict[str, Any]:
    """Return what somebody reads who holds no seat: why they no longer do, whether they may."""
    risen = page.sheet(Councils).risen.get(person.key, "")
    said = {
        "recalled": _("Your assembly has recalled you. You keep a place as observer."),
        "term_ended": _("Your term has ended. You keep a place as observer."),
        "risen": _("You no longer sit here. You keep a place as observer."),
    }
    return {"risen": said.get(risen, ""), "steps_in": steps_in_for(own, person)}


def steps_in_for(own: Seen, person: Participant) -> str:
    """Return the unit whose empty seat somebody may take as its alternate, by name."""
    if person.person_id is None:
        return ""
    for term in own.chosen:
        empty = (term.seat_id, "delegate") not in own.terms
        if empty and term.person_id == person.person_id:
            unit = own.units[term.seat.unit_id].unit
            return unit.name if unit is not None else ""
    return ""


def mandate_now(
    page: Page, own: Seen, unit: Assembly, item: CouncilItem, proposal: Proposal
) -> dict[str, Any]:
    """Return what a unit told its delegates on an item, and which answers are outside of it."""
    answers = [*rule_of(page.meeting).positions, *vocabulary.choice_labels()]
    mandate = own.mandate(unit.pk, item)
    if mandate is None or expired(mandate, page):
        return without_mandate(own, unit, item, answers)
    text = page.sheet(Proposals).version(proposal)
    beyond = [one for one in answers if not within(page, mandate, proposal, one)]
    strict = own.rule.mandate_enforced
    why = (
        _("Other answers are refused here.")
        if strict
        else _("Other answers are marked, and %(unit)s is told at once.")
    )
    return {
        "mandate": {
            "words": in_words(mandate),
            "text": mandate.text,
            "by": given_here(mandate),
            "reach": reach_words(mandate, unit, version=text.n, text=text.text, digest=text.digest),
            "bounds": bound_words(mandate),
            "texts": [
                {"text": one, "now": rules.same_words(one, text.text)} for one in mandate.texts
            ],
            "referred": is_referred(item, unit),
        },
        "beyond": beyond,
        "beyond_words": _("outside your mandate"),
        "beyond_why": why % {"unit": unit.name} if beyond else "",
        "closed": strict,
    }


def without_mandate(
    own: Seen, unit: Assembly, item: CouncilItem, answers: list[str]
) -> dict[str, Any]:
    """Return what delegates read whose unit gave them no mandate: which answers need one."""
    beyond = [one for one in answers if not rules.without_mandate(own.rule, item.kind, one)]
    abstains = rules.abstains_untold(own.rule, item.kind)
    words_now = (
        _("No mandate on this item: it abstains.")
        if abstains
        else _("No mandate on this item.")
        if beyond
        else _("No mandate: you speak for it as you judge.")
    )
    why = (
        _("Until it gives one, %(unit)s counts as abstaining.") % {"unit": unit.name}
        if abstains
        else _("Without one it can only be referred back.")
    )
    return {
        "mandate": {
            "words": words_now,
            "text": "",
            "by": "",
            "reach": "",
            "bounds": [],
            "texts": [],
            "referred": is_referred(item, unit),
        },
        "beyond": beyond,
        "beyond_words": _("needs a mandate"),
        "beyond_why": why if beyond else "",
        "closed": bool(beyond),
    }


def is_referred(item: CouncilItem, unit: Assembly) -> bool:
    """Say whether the delegates of a unit took an item back, as it is worded now, to ask."""
    return bool(item.referred.get(unit.key, {}).get("version") == item.version)


def reach_words(
    mandate: Mandate, unit: Assembly, *, version: int, text: str, digest: str = ""
) -> str:
    """Return in a sentence whether the text at hand is one that a mandate is about."""
    if mandate.kind == "exploratory":
        return ""
    if mandate.kind == "imperative":
        changed = _("The text has changed since. Your mandate holds for it all the same.")
        return changed if version != mandate.version else ""
    said = {
        "given_for": _("The text now is the one that %(unit)s talked about."),
        "named": _("The text now is one of those to which %(unit)s also says this."),
        "within": _("The text has changed and keeps to your limits."),
        "beyond": _("The text now goes beyond your limits: %(limits)s."),
        "unknown": _("The text has changed, and %(unit)s has not said anything about this one."),
    }
    told = said[rules.reach(told_by(mandate), version=version, text=text, digest=digest)]
    broken = rules.beyond_limits(text, mandate.limits)
    limits = [
        one for row in mandate.limits if set(row.values()) & set(broken) for one in limit_words(row)
    ]
    return told % {"unit": unit.name, "limits": ", ".join(limits)}


def within(page: Page, mandate: Mandate, proposal: Proposal, answer: str) -> bool:
    """Say whether a mandate lets an answer be given on the text at hand."""
    text = page.sheet(Proposals).version(proposal)
    return rules.within_mandate(
        told_by(mandate), answer, version=text.n, text=text.text, digest=text.digest
    )


def given_here(mandate: Mandate) -> str:
    """Return how many of those behind the spoke gave a mandate in this meeting, in words."""
    if not mandate.given_here:
        return ""
    return _("given here by %(n)s of %(of)s") % {
        "n": mandate.given_here.get("by", 0),
        "of": mandate.given_here.get("of", 0),
    }


def fellow_says(page: Page, person: Participant) -> str:
    """Return the answers of others who speak for the same unit, where they differ from mine."""
    own, labels = answer_of(page, person), dict[str, str]()
    said = []
    for fellow in page.sheet(Roll).speaking(person.voice):
        answer = answer_of(page, fellow)
        if fellow is not person and answer and answer != own:
            labels = labels or answer_labels(page)
            told = {"name": fellow.name, "answer": labels.get(answer, answer)}
            said.append(_("%(name)s says: %(answer)s.") % told)
    if said and own is not None:
        said.append(_("You differ: your unit is split and has no position."))
    return " ".join(said)


def answer_of(page: Page, person: Participant) -> str | None:
    """Return what somebody answers to the open question."""
    asking = page.sheet(Asking)
    if asking.open_test is not None:
        position = asking.positions.get(person.pk)
        return position.position if position is not None else None
    ballot = asking.ballots.get(person.pk) if asking.open_vote is not None else None
    return ballot.choice if ballot is not None else None


def answer_labels(page: Page) -> dict[str, str]:
    """Return the answers to the open question in words."""
    if page.sheet(Asking).open_test is not None:
        return vocabulary.position_labels()
    return vocabulary.choice_labels(override=rule_of(page.meeting).open)


def my_recall(page: Page, person: Participant) -> dict[str, Any]:
    """What I answered to the recall that is open here, and whether it is about me."""
    sheet = page.sheet(Councils)
    if sheet.recall is None or not sheet.above:
        return {"recall": None}
    given = sheet.answers.get(person.pk)
    return {
        "recall": {
            "of": str(sheet.recall.pk),
            "answer": given.answer if given is not None else None,
            "mine": participant_of(page, sheet.recall.term.person_id) is person,
        }
    }


def my_huddle(page: Page, person: Participant) -> dict[str, Any]:
    """Behind whose spoke I am in the huddle that is open, what I said, and what we say so far."""
    sheet = page.sheet(Councils)
    if sheet.huddle is None or sheet.own is None or not person.present:
        return {"huddle": None}
    behind = units_of(person)
    ours = [row.unit for row in sheet.own.members() if row.unit is not None]
    ours = [unit for unit in ours if unit.pk in behind]
    unit = next((one for one in ours if one.key == unit_of(person.voice)), next(iter(ours), None))
    if unit is None:
        return {"huddle": None}
    said = [row for row in sheet.huddle_answers if row.unit_id == unit.pk]
    given = next((row for row in said if row.participant_id == person.pk), None)
    return {
        "huddle": {
            "of": str(sheet.huddle.pk),
            "unit": unit.key,
            "name": unit.name,
            "answer": given.position if given is not None else None,
            "spoke": person.kind == "delegate" and unit_of(person.voice) == unit.key,
            "said": said_behind(said),
        }
    }


def said_behind(answers: list[HuddleAnswer]) -> str:
    """Return what those behind a spoke say so far, in words and numbers."""
    by: Counter[str] = Counter()
    for row in answers:
        by[row.position] += row.by
    labels = vocabulary.position_labels()
    told = ", ".join(f"{labels[code]} {n}" for code, n in by.most_common() if n)
    asked = sum(row.of for row in answers)
    return _("%(told)s, of %(n)s asked.") % {"told": told, "n": asked} if told else ""


def my_scope(page: Page, person: Participant) -> dict[str, Any]:
    """The item of which my unit is asked whose matter it is, and my answer."""
    own = page.sheet(Councils).own
    if own is None or not person.voice:
        return {"scope": None}
    item = next((row for row in own.items.values() if is_open(row)), None)
    if item is None:
        return {"scope": None}
    entered = item.scope.get("entered", {}).get(person.key)
    return {
        "scope": {
            "item": item.key,
            "title": item.title,
            "answer": entered[1] if entered else None,
        }
    }


def my_report(page: Page, person: Participant) -> dict[str, Any]:
    """Whether I owe our assembly a report from a council."""
    owed = page.sheet(Councils).owed
    return {"owes": any(sat_for(row, person.person) for row in owed) if owed else False}
