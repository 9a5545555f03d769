"""What the page of an assembly and somebody's home page show of councils."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from assemblies.door.shapes import section
from assemblies.models import Assembly, Membership, Person
from assemblies.services.belonging import organises
from federation.models import Affiliation, Council, CouncilItem, MemberAnswer, Notice, SeatTerm
from federation.reading.delegates import councils_of, with_last_statement
from federation.rules import ItemPhase
from federation.sheets.chart import chain_above, decides, rule_of
from federation.words.vocabulary import words_of


@section("home", "federation/pages/_home.html")
def of_home(about: Any, person: Person) -> dict[str, Any] | None:
    """The councils above what somebody belongs to, with what their delegates said there last."""
    above = councils_of(person)
    return {"above": above} if above else None


@section("assembly", "federation/pages/_assembly.html")
def of_assembly(body: Assembly, person: Person) -> dict[str, Any] | None:
    """The councils above an assembly, level by level, and who speaks there for it."""
    chain = chain_above(body)
    own = Council.objects.filter(assembly=body).select_related("federation").first()
    organiser = organises(body, person)
    if not chain and own is None and not organiser:
        return None
    near = chain[0] if chain else []
    terms = SeatTerm.objects.filter(
        seat__council__in=near, seat__unit=body, ended_at=None, standing="delegate"
    ).select_related("person", "seat")
    sitting: dict[Any, list[SeatTerm]] = {}
    for term in terms.order_by("seat__ordinal"):
        sitting.setdefault(term.seat.council_id, []).append(term)
    return {
        "assembly": body,
        "own": own,
        "organiser": organiser,
        "invitations": invitations(body) if organiser else [],
        "near": [
            {
                "council": one.council,
                "said": one,
                "words": words_of(one.council.federation.words),
                "terms": sitting.get(one.council.pk, []),
            }
            for one in with_last_statement(body, near)
        ],
        "chain": [{"level": row[0].level_name, "councils": row} for row in chain[1:]],
        "now": timezone.now(),
    }


def invitations(body: Assembly) -> list[Notice]:
    """Return the invitations to councils that an assembly has not joined, each council once."""
    rows = Notice.objects.filter(unit=body, kind="invited").exclude(
        council__affiliations__in=Affiliation.objects.filter(unit=body, left_at=None)
    )
    found = {row.council_id: row for row in rows.select_related("council__assembly")}
    return list(found.values())


def answers_wanted(person: Person) -> list[dict[str, str]]:
    """Return the texts of councils that wait for an answer: of what somebody belongs to, or theirs.

    Where all members decide, an assembly has nothing to answer, and each is asked until they have.
    """
    above = [
        one
        for one in councils_of(person)
        if one.unit is not None and decides(rule_of(one.council), one)
    ]
    rows = CouncilItem.objects.filter(
        council__in={one.council.pk for one in above}, phase=ItemPhase.PROVISIONAL
    ).exclude(answer_until__lt=timezone.now())
    items: dict[Any, list[CouncilItem]] = {}
    for row in rows.prefetch_related("ratifications").order_by("answer_until", "id"):
        items.setdefault(row.council_id, []).append(row)
    said = set(
        MemberAnswer.objects.filter(person=person, item__in=rows).values_list("item", "version")
    )
    found: dict[tuple[Any, Any], dict[str, str]] = {}
    for one in above:
        rule = rule_of(one.council)
        everybody = rule.ratification == "members"
        for item in items.get(one.council.pk, []):
            if everybody:
                done, whose = (item.pk, item.version) in said, None
                words = _("You are asked, as all members are: “%(title)s”")
            else:
                assert one.unit is not None  # noqa: S101 - chosen so above
                done, whose = has_answered(one.unit, item), one.unit.pk
                words = _("%(name)s has not answered: “%(title)s”")
            if not done:
                found[item.pk, whose] = {
                    "sentence": words % {"name": one.unit, "title": item.title},
                    "do": _("Look"),
                    "page": f"/councils/{one.council.assembly.key}/items/{item.key}/",
                }
    return list(found.values())


def has_answered(unit: Assembly, item: CouncilItem) -> bool:
    """Say whether a unit has answered the version of an item that is before it."""
    given = item.ratifications.all()
    return any(row.unit_id == unit.pk and row.version == item.version for row in given)


def invited(person: Person) -> list[dict[str, str]]:
    """Return the councils that assemblies which somebody organises are invited to."""
    rows = Membership.objects.filter(person=person, left_at=None, organiser=True)
    return [
        {
            "sentence": _("%(by)s invites %(name)s to %(council)s.")
            % {
                "by": one.facts.get("by", _("somebody")),
                "name": row.assembly.name,
                "council": one.council.assembly.name,
            },
            "do": _("Look"),
            "page": f"/a/{row.assembly.key}/council/join/?council={one.council.assembly.key}",
        }
        for row in rows.select_related("assembly")
        for one in invitations(row.assembly)
    ]
