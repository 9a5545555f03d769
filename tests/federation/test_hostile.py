"""What somebody might try who was sent by nobody, or who speaks for one unit alone."""

import pytest

from assemblies.models import Assembly, Person
from assemblies.rules.errors import Refused
from assemblies.services.founding import take_seat
from assemblies.services.seats import give_back
from federation.models import Council, CouncilItem, SeatTerm
from federation.services.changing import by_its_units
from proposals.models import Decision
from tests.federation.several import Several, confederate

pytestmark = pytest.mark.django_db


def sitting(several: Several) -> set[tuple[str, int, str]]:
    """Return who sits in the council: for whom, in which seat."""
    rows = SeatTerm.objects.filter(seat__council=several.council, ended_at=None)
    return set(rows.values_list("seat__unit__name", "seat__ordinal", "person__name"))


@pytest.mark.parametrize(("who", "into"), [("b1", "c1"), ("b1", "c3"), ("b1", "b2"), ("c3", "b1")])
def test_no_greeter_makes_another_person_a_delegate(who, into):
    several = confederate("ABC")
    room = several.meet("c3")
    before = sitting(several)

    assert room.refused("a1", "merge", who=who, into=into) == "does_not_count"

    assert sitting(several) == before
    here = {seat.name: seat for seat in room.meeting.participants.all()}
    assert (here["b1"].kind, here["c3"].kind) == ("delegate", "observer")
    assert here["b1"].present


def test_who_was_added_by_name_alone_is_still_found_to_be_a_delegate():
    several = confederate("ABC")
    room = several.meet()
    room.done("a1", "check_in", name="Bea", kind="guest")
    bea = room.meeting.participants.get(name="Bea")

    room.done("a1", "merge", who=bea.key, into="b1")

    bea.refresh_from_db()
    assert not bea.present
    assert room.meeting.participants.get(name="b1").kind == "delegate"


@pytest.mark.parametrize(("class_of_item", "grounds"), [("ordinary", True), ("routine", False)])
def test_what_no_base_was_asked_about_changes_no_rule_of_a_council(class_of_item, grounds):
    several = confederate("AB")
    Council.objects.filter(pk=several.council.pk).update(rule={"routine_exempt": True})
    several.carry("A", **{"class": class_of_item})
    assert several.council is not None
    body = Assembly.objects.get(pk=several.council.assembly_id)
    made = Decision.objects.create(
        assembly=body, number=1, key="x1", title="Rent", text="Rent.", decided_at=several.clock
    )
    CouncilItem.objects.filter(key="q1").update(phase="in_force", outcome=made)
    room = several.meet()
    change = {"item": "q1", "rule": {"ratification": "none"}}

    if grounds:
        by_its_units(body, made)
        room.done("a1", "change_council", **change)
    else:
        with pytest.raises(Refused):
            by_its_units(body, made)
        assert room.refused("a1", "change_council", **change) == "no_decision"

    asks = Council.objects.get(pk=several.council.pk).rule.get("ratification", "double_majority")
    assert (asks == "none") is grounds


def test_a_greeter_signs_in_as_nobody_who_belongs_elsewhere():
    several = confederate("AB", seats=1)
    room = several.meet("b3")

    for who in ("b1", "b3"):
        with pytest.raises(Refused) as refused:
            give_back(room.meeting, by=room.key("a1"), who=room.key(who))
        assert refused.value.code == "not_your_role"

    base = several["B"]
    assert give_back(base.meeting, by=base.key("b1"), who=base.key("b3")) == several.person("b3")


def test_a_delegate_who_comes_in_anew_without_a_phone_gets_the_seat():
    several = confederate("AB")
    room = several.meet()
    new = Person.objects.create(name="b1 again")
    room.people["new"] = take_seat(room.meeting, new, "b1 again", None)
    before = sitting(several)

    room.done("a1", "merge", who="new", into="b1")

    assert sitting(several) == before
    here = {seat.name: seat for seat in room.meeting.participants.all()}
    assert (here["b1"].kind, here["b1 again"].present) == ("delegate", False)
