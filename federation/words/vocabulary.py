"""The words of councils: what a federation calls its parts (B40), its rule, what units say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.models import Assembly
from federation.models import Mandate, Notice, SeatTerm
from federation.rules import CouncilRule
from proposals.models import Decision
from proposals.words.amounts import numbers_sentence, share_words
from proposals.words.vocabulary import how_label, position_labels

LONGEST = 60


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a federation for its parts, in the singular and the plural."""

    unit: str
    units: str
    council: str
    councils: str
    delegate: str
    delegates: str
    alternate: str
    base: str

    def many_units(self, n: int) -> str:
        """Return so many units in their words: "7 block clubs"."""
        return f"{n} {self.unit if n == 1 else self.units}"

    def many_councils(self, n: int) -> str:
        """Return so many councils in their words."""
        return f"{n} {self.council if n == 1 else self.councils}"

    def many_delegates(self, n: int) -> str:
        """Return so many delegates in their words."""
        return f"{n} {self.delegate if n == 1 else self.delegates}"


def usual() -> Words:
    """Return the words of a federation that has chosen none."""
    return Words(
        unit=_("assembly"),
        units=_("assemblies"),
        council=_("council"),
        councils=_("councils"),
        delegate=_("delegate"),
        delegates=_("delegates"),
        alternate=_("alternate"),
        base=_("base"),
    )


def words_of(chosen: Mapping[str, Any]) -> Words:
    """Return the words that a federation chose, ours where it chose none."""
    names = {field.name for field in fields(Words)}
    own = {
        name: said.strip()[:LONGEST]
        for name, said in chosen.items()
        if name in names and isinstance(said, str) and said.strip()
    }
    return replace(usual(), **own)


# --- how a council works, in plain words ----------------------------------------------------------


def rule_words(rule: CouncilRule, words: Words) -> list[tuple[str, str]]:
    """Return every parameter of a council in words: what it is called, what it says."""
    told = [
        (_("Seats"), seats_words(rule)),
        (_("Who may join"), admission_words(rule)),
        (_("Who is sent"), pool_words(rule)),
        (_("How long"), term_words(rule)),
        (_("What they say"), mandate_words(rule)),
        (_("How they count"), count_words(rule)),
        (_("Recall"), recall_words(rule)),
        (
            _("Who must be there"),
            _("%(share)s of the units.") % {"share": share_words(rule.quorum)},
        ),
        (_("Before the council"), before_words(rule)),
        (_("After the council"), ratify_words(rule)),
        (_("Who does not carry it out"), opt_out_words(rule)),
        (
            _("What is a unit’s own"),
            _(
                "A unit may say that an item is its own matter. It then leaves the council, unless"
                " %(share)s of the units say that it is shared."
            )
            % {"share": share_words(rule.shared_share)},
        ),
        (
            _("Report-back"),
            ngettext(
                "Within %(n)s day after each meeting of the council.",
                "Within %(n)s days after each meeting of the council.",
                rule.report_back_days,
            )
            % {"n": rule.report_back_days},
        ),
    ]
    return [(label, said) for label, said in told if said]


def seats_words(rule: CouncilRule) -> str:
    """Return how many seats a unit has."""
    if rule.members_per_seat is not None:
        return _("One for every %(n)s members of a unit or greater fraction, at least one.") % {
            "n": rule.members_per_seat
        }
    n = rule.seats_per_unit
    return ngettext("%(n)s for each unit.", "%(n)s for each unit.", n) % {"n": n}


def admission_words(rule: CouncilRule) -> str:
    """Return how an assembly comes to belong to a formed council."""
    if rule.admission == "by_council":
        return _("Whom the council admits; until then an assembly has applied and has no seats.")
    return _("Any assembly that knows the key, by a decision of its own.")


def pool_words(rule: CouncilRule) -> str:
    """Return who may be sent."""
    said = [_("Any member of an assembly below, with or without an office.")]
    if rule.pool == "coordination_group":
        said = [_("Those who are delegates to the unit, when it is a council itself.")]
    if rule.distinct_units:
        said.append(_("Those sent together come from different units."))
    if rule.parity == "not_all_alike":
        said.append(_("They are not all of one gender, as they describe themselves."))
    elif rule.parity == "one_of_each":
        said.append(_("One of each gender, as they describe themselves."))
    return " ".join(said)


def term_words(rule: CouncilRule) -> str:
    """Return how long somebody serves, and who is next."""
    n = rule.term_days
    said = [ngettext("For %(n)s day.", "For %(n)s days.", n) % {"n": n}]
    if (n := rule.term_meetings or 0) > 0:
        told = ngettext(
            "For %(n)s meeting of the council.", "For %(n)s meetings of the council.", n
        )
        said = [told % {"n": n}]
    if rule.max_consecutive_terms and rule.cooldown_terms:
        said.append(
            _("After %(most)s in a row somebody waits for as long as %(wait)s.")
            % {
                "most": terms(rule.max_consecutive_terms),
                "wait": terms(rule.cooldown_terms),
            }
        )
    if rule.unit_rotation:
        said.append(_("Where a place goes round, a unit waits until the others had their turn."))
    return " ".join(said)


def term_end_words(term: SeatTerm, council: Assembly, meetings: int | None) -> str:
    """Return until when somebody is sent, in a few words; `meetings` are those still to come."""
    if term.until is not None:
        return _("until %(day)s") % {"day": day_words(council.local(term.until).date().isoformat())}
    n = meetings or 0
    if not n:
        return _("term ended with the last meeting")
    return ngettext("for %(n)s meeting", "for %(n)s meetings", n) % {"n": n}


def terms(n: int) -> str:
    """Return so many terms."""
    return ngettext("%(n)s term", "%(n)s terms", n) % {"n": n}


def mandate_words(rule: CouncilRule) -> str:
    """Return how mandates bind delegates, in words."""
    if not rule.mandate_required:
        return _("What the unit told them; without a mandate they speak for it as they judge.")
    said = _("What the unit told them; other answers are marked, and the unit is told at once.")
    if rule.mandate_enforced:
        said = _("What the unit told them, and nothing else: other answers are refused.")
    if rule.no_mandate_means == "abstain":
        return f"{said} " + _("A unit that told them nothing abstains.")
    return f"{said} " + _("A unit that told them nothing is asked first.")


def count_words(rule: CouncilRule) -> str:
    """Return how positions are counted."""
    if rule.unit_votes == "per_seat":
        return _("Each delegate has a position.")
    if rule.unit_votes == "apportioned":
        return " ".join([_("Each unit has one position, with votes by its size."), sized(rule)])
    if rule.unit_votes == "bands":
        return " ".join([_("Each unit has one position, with votes by its size."), banded(rule)])
    return _("Each unit has one position; where its delegates differ it has none.")


def sized(rule: CouncilRule) -> str:
    """Return how votes follow the number of members."""
    over = {
        "greater_fraction": _("more than half of that counts as one more"),
        "half_up": _("half of that counts as one more"),
        "up": _("what is left over counts as one more"),
        "down": _("what is left over counts for nothing"),
    }[rule.vote_rounding]
    most = _(", at most %(n)s") % {"n": rule.votes_most} if rule.votes_most else ""
    told = _("One for every %(n)s members, %(over)s; at least %(least)s%(most)s.")
    return told % {
        "n": rule.members_per_vote,
        "over": over,
        "least": rule.votes_least,
        "most": most,
    }


def banded(rule: CouncilRule) -> str:
    """Return how many votes there are up to how many members."""
    parts = [
        _("up to %(members)s members: %(n)s") % {"members": end, "n": n}
        if end is not None
        else _("more: %(n)s") % {"n": n}
        for end, n in rule.vote_bands
    ]
    told = ", ".join(parts)
    return f"{told[:1].upper()}{told[1:]}."


def recall_words(rule: CouncilRule) -> str:
    """Return how a unit takes its delegate back."""
    told = _("Only by those who sent them, at once, by more than %(share)s of those at a meeting.")
    return told % {"share": share_words(rule.recall_share)}


def before_words(rule: CouncilRule) -> str:
    """Return what happens before a council decides, in words."""
    n = rule.notice_days
    days = ngettext("%(n)s day of notice", "%(n)s days of notice", n) % {"n": n}
    if n and rule.debate:
        return _("%(days)s, or until every unit has had it on an agenda.") % {"days": days}
    if rule.debate:
        return _("Every unit has had it on an agenda.")
    return f"{days}." if n else ""


def ratify_words(rule: CouncilRule) -> str:
    """Return who confirms what the council agreed on."""
    n = rule.ratify_days
    within = ngettext("Within %(n)s day: ", "Within %(n)s days: ", n) % {"n": n}
    told = {
        "none": _("It holds at once."),
        "all_units": within + _("every unit accepts it. Silence is not acceptance."),
        "members": within
        + _("more than %(people)s of all members who answer are for it.")
        % {"people": share_words(rule.ratify_members)},
        "double_majority": within
        + _(
            "at least %(units)s of the units accept it, and they hold more than %(people)s of all"
            " members. Silence is not acceptance."
        )
        % {
            "units": share_words(rule.ratify_units),
            "people": share_words(rule.ratify_members),
        },
    }
    return told[rule.ratification]


def opt_out_words(rule: CouncilRule) -> str:
    """Return whether a unit may stay out of what holds for the others."""
    if rule.opt_out:
        return _("A unit may opt out of what holds for the others; that is written down.")
    return _("What all agreed on holds for all.")


def day_words(day: Any) -> str:
    """Return a day in ISO 8601 as people read it; "" where there is none."""
    try:
        return date_format(date.fromisoformat(str(day)), "j F Y")
    except ValueError:
        return str(day or "")


# --- what units say -------------------------------------------------------------------------------


def said_labels() -> dict[str, str]:
    """Return what a unit can say in a test or on the override question."""
    return {
        **position_labels(),
        "for": _("Yes"),
        "against": _("No"),
        "split": _("Split: no position"),
        "": _("No position"),
    }


def adopted_words(decision: Decision) -> str:
    """Return how a decision was made, and its numbers."""
    how = decision.how_on_paper if decision.on_paper else ""
    said = [how_label(decision.how) + (f" ({how})" if how else "")]
    if numbers := numbers_sentence(decision.numbers):
        said.append(numbers)
    return ". ".join(said)


def notice_words(notice: Notice) -> str:
    """Return a notice to a unit in words; the title of its item is shown after them."""
    said = notice.facts
    told = {
        "applied": _("%(by)s wants to belong to this council, which decides whom it admits."),
        "admitted": _("This council has admitted us."),
        "invited": _("%(by)s invites us to this council."),
        "item_carried": _("%(by)s carried this up; it goes round to all of us:"),
        "item_supported": _("%(by)s carried this up too:"),
        "item_waiting": _("Not all have answered, and all are needed:"),
        "not_agreed": _("The council did not agree on this:"),
        "provisional": _("The council agreed for now, and waits for our answer:"),
        "in_force": _("This holds from now on:"),
        "item_in_force": _("This holds from now on:"),
        "lapsed": _("Too few accepted in time. This has lapsed:"),
        "item_returned": _("This was returned with a change, and goes round again:"),
        "item_brought_back": _("This was returned, and goes back to the council:"),
        "referred_back": _("Our delegates took this back to ask us:"),
        "unit_opted_out": _("%(by)s has opted out of this:"),
        "scope_objected": _("%(by)s says that this is its own matter:"),
        "scope_closed": _("It is settled whose matter this is:"),
        "outside_mandate": _("%(who)s wanted to say something outside our mandate:")
        if said.get("refused")
        else _("%(who)s said something outside our mandate:"),
        "term_ended": _("The time of %(name)s as our delegate is over."),
        "stepped_in": _("%(name)s has stepped in as our delegate."),
        "recall_opened": _("A recall of a delegate of ours was opened."),
        "mandate_given_here": _("Those of us who were there gave a mandate:"),
        "report_due": _("Our delegates owe us a report by %(due_on)s."),
        "report_filed": _("%(name)s has reported."),
    }
    facts = {name: str(said.get(name) or _("somebody")) for name in ("by", "who", "name")}
    facts["due_on"] = day_words(said.get("due_on"))
    words = told.get(notice.kind)
    return words % facts if words else notice.kind.replace("_", " ").capitalize() + "."


# --- mandates -------------------------------------------------------------------------------------


def told_words(
    kind: str,
    position: str,
    *,
    limits: Iterable[Mapping[str, str]],
    texts: int,
    conditions: Iterable[str],
) -> str:
    """Return a mandate as a delegate reads it in a hurry: what to say, and how far it reaches.

    `texts` is to how many other texts it says the same.
    """
    bounds = [one for limit in limits for one in limit_words(limit)]
    if texts:
        bounds.append(ngettext("or %(n)s other text", "or %(n)s other texts", texts) % {"n": texts})
    bounds += map(str, conditions)
    labels = {**position_labels(), "yes": _("Yes"), "no": _("No")}
    said = {"position": labels.get(position, position).lower(), "bounds": ", ".join(bounds)}
    if not position:
        opening = _("speak and report, take no position")
        return ", ".join([opening, *bounds])
    if kind == Mandate.Kind.IMPERATIVE:
        opening = _("%(position)s, and nothing else") % said
        return ", ".join([opening, *bounds])
    if bounds:
        return _("%(position)s within limits: %(bounds)s") % said
    return _("%(position)s to this text, and to no other") % said


def limit_words(limit: Mapping[str, str]) -> list[str]:
    """Return a limit of a mandate in words."""
    return [
        (_("at most %(n)s") if word == "most" else _("at least %(n)s")) % {"n": bound}
        for word, bound in limit.items()
    ]


def bound_words(mandate: Mandate) -> list[str]:
    """Return limits and conditions of a mandate, each in words of its own."""
    limits = [one for row in mandate.limits for one in limit_words(row)]
    return [*limits, *(_("only if: %(what)s") % {"what": one} for one in mandate.conditions)]
