"""Where all members decide: everybody answers once, whichever of the units they belong to."""

from datetime import datetime

from django.utils.translation import gettext as _

from assemblies.door.book import record_body
from assemblies.models import Membership, Person
from assemblies.rules.errors import Refused
from federation.models import CouncilItem, MemberAnswer
from federation.rules import ItemPhase
from federation.services.ratifying import day_of
from federation.services.travel import afresh, phase_words, rule_for
from federation.sheets.chart import Body, chart_of
from federation.words.vocabulary import day_words

CHOICES = ("for", "against", "abstain")


def unit_through_which(item: CouncilItem, person: Person) -> Body | None:
    """Return the unit through which somebody is asked about an item, or None.

    Who belongs to several is asked through the one that joined the council first.
    """
    own = Membership.objects.filter(person=person, left_at=None, counts=True)
    belongs = set(own.values_list("assembly_id", flat=True))
    return chart_of(item.council).unit_through(item.council.assembly.key, belongs)


def answer_as_member(item: CouncilItem, person: Person, answer: str, now: datetime) -> None:
    """Say for, against or abstain as a member of any unit; another answer replaces it.

    Nobody reads who said what, no journal has it, and counting deletes it. Raises Refused:
    `no_such_way` where units answer, `wrong_phase`, `closed`, `does_not_count`, `unknown`.
    """
    if answer not in CHOICES:
        raise Refused("unknown", _("Say for, against or abstain."))
    with record_body(item.council.assembly, by=None, now=now):
        row = afresh(item)
        if rule_for(row).ratification != "members":
            raise Refused("no_such_way", _("The assemblies answer this, by their decisions."))
        if row.phase != ItemPhase.PROVISIONAL or row.answer_until is None:
            raise Refused(
                "wrong_phase",
                _("The members are not asked about “%(title)s”: %(phase)s.") % phase_words(row),
            )
        if now > row.answer_until:
            raise Refused(
                "closed",
                _("Answers were due until %(date)s.")
                % {"date": day_words(day_of(row, row.answer_until))},
            )
        unit = unit_through_which(row, person)
        if unit is None:
            raise Refused("does_not_count", _("Members of its assemblies answer this."))
        MemberAnswer.objects.update_or_create(
            item=row,
            version=row.version,
            person=person,
            defaults={"unit_id": unit.pk, "answer": answer},
        )
