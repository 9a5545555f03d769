"""A base withdraws its delegate: who may, when, what it takes along, what is forgotten."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.module_loading import autodiscover_modules

from assemblies.door.journal import read, record
from assemblies.models import Entry, Membership
from assemblies.records.retention import erase_bodies
from assemblies.services.founding import take_seat
from assemblies.sheets import Roll
from federation.models import Affiliation, Notice, Recall, RecallAnswer, Seat, SeatTerm
from federation.services.recalls import may_be_decided
from federation.sheets.councils import COUNCIL_CHANGED, Councils
from tests.federation.stories import (
    belongs_above,
    decide,
    is_a_council,
    new_council,
    sent,
    touch,
)
from tests.rooms import make_room

pytestmark = pytest.mark.django_db

OPEN = {"council": "above", "seat": 1, "reason": "Said what we did not say."}


@pytest.fixture
def base():
    room = make_room("Ana", "Ben", "Cem")
    room.at(0)
    belongs_above(room)
    return room


def to_be_decided(room):
    """Open a recall of Cem, hear them, and wait for the notice."""
    room.done("ben", "open_recall", **OPEN)
    room.done("fay", "hear_delegate")
    room.at(4 * 86400)


def test_a_recall_is_opened_by_any_member_on_any_day_and_told_to_all(base):
    base.done("ben", "open_recall", **OPEN)

    recall = Recall.objects.get()
    assert recall.term.person == base.people["cem"].person
    assert base.state["council"]["recall"]["who"] == "cem"
    assert Notice.objects.get(unit=base.assembly).kind == "recall_opened"
    assert base.refused("ana", "open_recall", **OPEN) == "already_done"


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ({"reason": "Why"}, None),
        ({"seat": 2, "reason": "Why"}, "unknown"),
        ({"seat": 1}, "reason_required"),
        ({"seat": 1, "reason": "x" * 4001}, "too_long"),
        ({"who": "nobody", "reason": "Why"}, "unknown"),
        ({"council": "other", "reason": "Why"}, "unknown"),
    ],
)
def test_a_recall_names_a_delegate_and_a_reason(base, args, code):
    answer = base.act("ana", "open_recall", **args)

    assert (answer.code or None) == code


def test_a_base_that_has_nobody_there_recalls_nobody():
    room = make_room("Ana")

    assert room.refused("ana", "open_recall", reason="Why") == "unknown"
    assert room.refused("fay", "recall_delegate") == "not_open"
    assert room.refused("ana", "answer_recall", answer="for") == "not_open"


def test_a_recall_waits_for_its_notice_and_for_the_hearing(base):
    base.done("ben", "open_recall", **OPEN)
    seen = read(base.meeting, now=base.clock).sheet(Councils).above[0]
    from_when = may_be_decided(Recall.objects.get(), seen)

    assert from_when - base.clock == timedelta(days=3)
    assert base.refused("fay", "recall_delegate") == "too_early"
    base.at(3 * 86400)
    assert base.refused("fay", "recall_delegate") == "hearing_due"
    base.done("fay", "hear_delegate")
    assert base.refused("fay", "hear_delegate") == "already_done"
    assert base.refused("ana", "recall_delegate") == "not_your_role"
    base.done("fay", "recall_delegate")


def test_as_many_against_as_for_recall_nobody_and_the_answers_are_gone(base):
    to_be_decided(base)
    for who, answer in (("ana", "for"), ("ben", "for"), ("fay", "against"), ("cem", "against")):
        base.done(who, "answer_recall", answer=answer)

    base.done("fay", "recall_delegate")

    assert Recall.objects.get().recalled is False
    assert SeatTerm.objects.get().ended_at is None
    assert not RecallAnswer.objects.exists()
    recall = base.state["council"]["recall"]
    assert (recall["recalled"], recall["for"], recall["against"]) == (False, 2, 2)


def test_the_last_answer_counts_and_abstaining_is_none(base):
    to_be_decided(base)
    base.done("ana", "answer_recall", answer="against")
    base.done("ana", "answer_recall", answer="for")
    base.done("ben", "answer_recall", answer="abstain")

    base.done("fay", "recall_delegate")

    assert Recall.objects.get().recalled is True
    term = SeatTerm.objects.get()
    assert (term.end, term.ended_at) == ("recalled", base.clock)
    assert base.state["decisions"][-1]["how"] == "vote"
    assert base.refused("ana", "answer_recall", answer="for") == "not_open"


def test_heads_answer_as_numbers_and_never_more_than_they_are(base):
    to_be_decided(base)
    base.done("fay", "check_in", heads=20)
    base.done("fay", "count_room", of="recall", counts={"for": 12, "against": 8})

    assert base.state["council"]["recall"]["for"] == 12
    assert base.refused("fay", "count_room", of="recall", counts={"for": 21}) == "does_not_count"
    base.done("fay", "count_room", of="recall", counts={"for": 3, "against": 8})
    base.done("fay", "recall_delegate")
    assert Recall.objects.get().counts == {"for": 3, "against": 8, "abstain": 0}


def test_why_stands_in_no_record_of_the_council(base):
    to_be_decided(base)
    base.done("ana", "answer_recall", answer="for")
    base.done("fay", "recall_delegate")

    council = Recall.objects.get().term.seat.council.assembly
    told = Entry.objects.filter(journal=council.journal)
    assert "federation.delegate_recalled" in {entry.kind for entry in told}
    assert not any("did not say" in str(entry.facts) for entry in told)


def test_who_answered_a_recall_that_was_never_counted_is_forgotten(base):
    autodiscover_modules("records.retention")
    base.done("ben", "open_recall", **OPEN)
    base.done("ana", "answer_recall", answer="for")
    base.done("fay", "end_meeting")

    erase_bodies(base.meeting)

    assert not RecallAnswer.objects.exists()
    kept = Entry.objects.filter(journal=base.meeting.journal)
    assert kept.filter(kind="").exists()
    assert not kept.filter(kind="federation.recall_answered").exists()


def test_a_council_has_no_way_to_remove_a_delegate():
    room = make_room("Ana", "Ben", "Cem")
    is_a_council(room)

    for do, args in (
        ("open_recall", {"who": "ben", "reason": "Away"}),
        ("recall_delegate", {}),
        ("check_in", {"who": "ben", "kind": "observer"}),
        ("check_in", {"who": "cem", "kind": "delegate"}),
        ("check_in", {"name": "Zoe", "kind": "member"}),
        ("count_in", {"who": "cem"}),
    ):
        assert room.refused("fay", do, **args) in ("unknown", "not_open", "does_not_count"), do
    assert room.people["ben"].key in [
        one.key for one in read(room.meeting).sheets["roll"].here() if one.voice
    ]


def test_where_units_recall_each_is_one_answer():
    room = make_room("Ana", "Ben", "Cem")
    room.at(0)
    council = is_a_council(room)
    above = new_council("Land council", council.federation, "above")
    Affiliation.objects.create(council=above, unit=room.assembly, joined_at=room.clock)
    seat = Seat.objects.create(council=above, unit=room.assembly, ordinal=1)
    sent(seat, room.people["ben"].person, room.clock)
    second = Seat.objects.create(council=council, unit=unit_of_ana(council), ordinal=2)
    sent(second, room.people["cem"].person, room.clock)
    with record(room.meeting, now=room.clock) as page:
        cem = page.sheet(Roll).find(room.key("cem"))
        cem.kind, cem.voice = "delegate", unit_of_ana(council).key
        page.put(cem)
        page.note(COUNCIL_CHANGED)
    touch(room)

    room.done("ana", "open_recall", seat=1, reason="Said what no unit said.")
    room.done("ana", "answer_recall", answer="for")
    room.done("cem", "answer_recall", answer="for")
    room.done("ben", "answer_recall", answer="against")
    assert [room.state["council"]["recall"][one] for one in ("for", "against")] == [1, 1]
    room.done("cem", "answer_recall", answer="against")
    assert [room.state["council"]["recall"][one] for one in ("for", "against")] == [0, 1]


def unit_of_ana(council):
    return council.affiliations.order_by("joined_at", "id").get(unit__name="Mill Lane").unit


def test_nobody_sits_for_two_units_of_one_council(base):
    neighbour = Affiliation.objects.get(unit__name="Mill Lane")
    Membership.objects.create(assembly=neighbour.unit, person=base.people["cem"].person)
    other = make_room("Dora")
    Affiliation.objects.filter(pk=neighbour.pk).update(unit=other.assembly)
    Seat.objects.filter(unit=neighbour.unit).update(unit=other.assembly)
    other.people["cem"] = take_seat(other.meeting, base.people["cem"].person, "Cem", 1)
    decide(other.assembly, "d1", other.clock or timezone.now())
    touch(other)

    refusal = other.act("fay", "choose_delegate", council="above", who="cem", decision="d1")

    assert refusal.code == "already_done"
    assert "Garden Street Tenants" in refusal.why


# --- times as people read them --------------------------------------------------------------------


def test_a_refusal_says_the_time_by_the_clocks_of_the_assembly(base):
    base.assembly.time_zone = "Pacific/Auckland"
    base.assembly.save()
    base.done("ben", "open_recall", **OPEN)

    answer = base.act("fay", "recall_delegate")

    from_when = may_be_decided(Recall.objects.get(), read(base.meeting).sheet(Councils).above[0])
    there = from_when.astimezone(ZoneInfo("Pacific/Auckland"))
    assert answer.code == "too_early"
    assert date_format(there, "j F Y, H:i") in str(answer.why)
