"""A council that admits by a decision of its own: who applied has no seat and counts in nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblies.door.journal import read
from assemblies.live.printing import MEMBER, print_panels
from assemblies.models import Assembly, Entry
from federation.models import Affiliation, Application, Council, CouncilItem, Seat
from federation.rules import CouncilRule, read_council_rule, waits_for_admission
from federation.words.presets import FEDERATING
from tests.federation.several import Several, base, confederate


@pytest.mark.parametrize(
    ("admission", "formed", "invited", "waits"),
    [
        ("by_key", True, False, False),
        ("by_council", True, False, True),
        ("by_council", True, True, False),
        ("by_council", False, False, False),
    ],
)
def test_who_waits_for_a_council_to_admit_them(admission, formed, invited, waits):
    rule = CouncilRule(admission=admission)
    assert waits_for_admission(rule, formed=formed, invited=invited) is waits


@given(st.sampled_from(["by_key", "by_council"]), st.booleans(), st.booleans())
def test_founders_are_never_kept_waiting_and_by_key_nobody_is(admission, formed, invited):
    rule = CouncilRule(admission=admission)
    waits = waits_for_admission(rule, formed=formed, invited=invited)
    assert not (waits and (not formed or invited or admission == "by_key"))


def test_spokes_admit_groups_themselves_and_others_go_by_the_key():
    found = {code: read_council_rule(way.rule).admission for code, way in FEDERATING.items()}
    assert {code for code, how in found.items() if how == "by_council"} == {"occupy_spokes"}


# --- in a council ---------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


def applied(letters: str = "AB", **rule) -> Several:
    """Return a council of some bases, to which D has applied."""
    usual = {"admission": "by_council", "ratification": "none", "notice_days": 0, "debate": False}
    several = confederate(letters, rule={"parity": "none", **usual, "mandate_required": [], **rule})
    several.rooms["D"] = base("D", several.clock, 1000, 3)
    several.decide("D", "We want to belong")
    several.act("D", "join_council", council="x")
    return several


def test_who_applied_has_no_seats_no_voice_and_counts_in_nothing():
    several = applied()
    d = several["D"].assembly
    assert Application.objects.get(closed_at=None).unit == d
    assert not Affiliation.objects.filter(unit=d).exists()
    assert not Seat.objects.filter(unit=d).exists()
    assert Assembly.objects.get(key="x").roll == 2
    assert several["D"].state["council"] is None
    page = read(several["D"].meeting, now=several.clock)
    assert "We have applied to Council" in print_panels(page, MEMBER)["council"]
    assert several.refused("D", "choose_delegate", who="d1", council="x") == "unknown"
    assert several.refused("D", "join_council", council="x") == "already_done"
    assert several.notices("A")[-1] == "applied"

    state = several.meet().state
    assert list(state["council"]["units"]) == [several[one].assembly.key for one in "AB"]
    assert state["council"]["applied"] == [d.key]


def test_the_council_admits_by_what_its_units_agreed_on_and_by_nothing_else():
    several = applied(unit_votes="bands")
    d = several["D"].assembly.key
    room = several.meet()
    several.carry("A", title="Admit D")
    assert room.refused("a1", "admit_unit", unit=d, item="q1") == "no_decision"
    CouncilItem.objects.update(phase="in_force")
    assert room.refused("a1", "admit_unit", unit="nobody", item="q1") == "unknown"
    assert room.refused("b1", "admit_unit", unit=d, item="q1") == "not_your_role"
    room.done("a1", "admit_unit", unit=d, item="q1")

    assert room.state["council"]["applied"] == []
    assert room.state["council"]["units"][d]["votes"] == 5
    assert room.state["meeting"]["quorum"] == 2
    assert Assembly.objects.get(key="x").roll == 3
    assert several.notices("D")[-1] == "admitted"
    assert list(several["D"].state["council"]["above"]) == ["x"]
    assert room.refused("a1", "admit_unit", unit=d, item="q1") == "unknown"
    kinds = {"federation.unit_joined", "federation.council_joined"}
    for body in (several["D"].assembly, Assembly.objects.get(key="x")):
        assert Entry.objects.filter(journal=body.journal, kind__in=kinds).exists()

    several.act("D", "choose_delegate", who="d1")
    assert room.state["council"]["units"][d]["seats"][0]["state"] == "seated"


def test_founders_and_those_they_invited_need_no_admission_and_who_left_does():
    several = confederate("AF")
    several.rooms |= {one: base(one, several.clock, None, 3) for one in "BC"}
    several.decide("A", "We federate")
    invited = [several[one].assembly.key for one in "BC"]
    several.act("A", "found_council", council="y", name="Y", admission="by_council", invite=invited)
    for letter in "BC":
        several.decide(letter, "We join")
        several.act(letter, "join_council", council="y")
    assert Affiliation.objects.filter(council__assembly__key="y", left_at=None).count() == 3
    assert Council.objects.get(assembly__key="y").rule["admission"] == "by_council"

    several.act("C", "leave_council", council="y")
    several.act("C", "join_council", council="y")
    assert Application.objects.get(closed_at=None).unit == several["C"].assembly


def test_an_application_can_be_withdrawn_and_nobody_moves_before_they_are_admitted():
    several = applied()
    several.act("D", "withdraw_application", council="x")
    assert several.refused("D", "withdraw_application", council="x") == "unknown"
    assert not Application.objects.filter(closed_at=None).exists()

    several.decide("D", "We found another")
    several.act("D", "found_council", council="z", name="Z")
    assert several.refused("D", "move_to_council", council="z", to_council="x") == "not_admitted"
    assert Affiliation.objects.filter(council__assembly__key="z", left_at=None).exists()


def test_who_waits_comes_in_by_the_key_once_the_council_asks_for_no_more():
    several = applied()
    council = Council.objects.get(assembly__key="x")
    council.rule = {**council.rule, "admission": "by_key"}
    council.save()
    several.act("D", "join_council", council="x")

    assert Affiliation.objects.filter(unit=several["D"].assembly, left_at=None).exists()
    assert not Application.objects.filter(closed_at=None).exists()


def test_a_council_that_belongs_to_who_applied_is_not_let_into_itself():
    several = applied()
    several.carry("A", title="Admit D")
    CouncilItem.objects.update(phase="in_force")
    room, council = several.meet(), Council.objects.get(assembly__key="x")
    below = Council.objects.create(
        assembly=several["D"].assembly,
        federation=council.federation,
        preset="portland_confederation",
    )
    Affiliation.objects.create(council=below, unit=council.assembly, joined_at=several.clock)

    assert room.refused("a1", "admit_unit", unit=below.assembly.key, item="q1") == "circle"


def test_pages_offer_it_when_a_council_is_founded_and_say_who_has_applied(client):
    several = applied()
    client.force_login(several.person("a1"))
    shown = client.get("/councils/x/").content.decode()
    assert "D assembly" in shown
    assert "wait to be admitted" in shown
    assert "The council decides whom it admits." in shown
    console = several.meet()
    page = client.get(f"/m/{console.meeting.key}/console/").content.decode()
    assert "Admit an assembly that has applied" in page
    assert f'data-applicant="{several["D"].assembly.key}"' in page

    said = {"seats": "2", "preset": "portland_confederation", "decision": "1", "name": "Y"}
    at = f"/a/{several['A'].assembly.key}/council/new/"
    client.post(at, {**said, "admission": "by_council"})
    assert Council.objects.get(assembly__name="Y").rule["admission"] == "by_council"

    several.rooms["E"] = base("E", several.clock, None, 3)
    several.decide("E", "We want to belong")
    client.force_login(several.person("e1"))
    told = client.post(
        f"/a/{several['E'].assembly.key}/council/join/",
        {"council": "x", "kind": "member", "decision": "1"},
        follow=True,
    ).content.decode()
    assert "We have applied to Council, which decides." in told
