"""The rota proposes who takes a role, and the console offers it (DOMAIN.md 4 and 7.17)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assemblies.door.journal import read
from assemblies.live.printing import print_panels
from assemblies.models import Entry, Meeting, Membership
from assemblies.rules.rota import lot
from assemblies.services.founding import new_meeting, take_seat
from tests.assemblies.consoles import console, lines
from tests.rooms import make_room

pytestmark = pytest.mark.django_db


def met(room, days_ago: int, **roles: str) -> Meeting:
    """A meeting of long ago in which people held roles."""
    when = timezone.now() - timedelta(days=days_ago)
    meeting = new_meeting(
        room.assembly, title="Before", starts_at=when, organiser=room.people["fay"].person
    )
    past = type(room)(room.assembly, meeting, {"fay": meeting.participants.get()})
    past.done("fay", "open_doors")
    for name, seat in list(room.people.items()):
        past.people[name] = take_seat(meeting, seat.person, seat.name, 1)
    past.done("fay", "start_meeting")
    for name, role in roles.items():
        past.done("fay", "give_role", role=role, who=name)
        past.done("fay", "drop_role", role=role, who=name)
    past.done("fay", "end_meeting")
    Meeting.objects.filter(pk=meeting.pk).update(started_at=when, ended_at=when)
    return meeting


def in_rota(room, *names: str, **more) -> None:
    for name in names:
        Membership.objects.update_or_create(
            assembly=room.assembly,
            person=room.people[name].person,
            defaults={"in_rota": True, **more},
        )


def proposed(room) -> dict:
    return Entry.objects.filter(kind="assemblies.rota_proposed").order_by("-seq")[0].facts


@pytest.fixture
def tenants():
    """Six people of DOMAIN.md 7.17; who served before did so in meetings that ended."""
    room = make_room("Ada", "Bo", "Cy", "Di", "Eli", "Gil")
    met(room, 300, cy="timekeeper")
    for days in range(100, 93, -1):
        met(room, days)
    for days, names in ((60, ("ada", "gil")), (50, ("ada", "gil", "di")), (40, ("ada",))):
        met(room, days, **dict.fromkeys(names, "note_taker"))
    in_rota(room, "ada", "bo", "cy", "di", "eli", "gil")
    return room


def test_the_rota_of_the_domain_live(tenants):
    room = tenants
    for name, word in {"bo": "men", "eli": "men", "cy": "women"}.items():
        room.done(name, "check_in", groups=[word])
    # Cy served before the last ten meetings: no times, and yet after those who never did.
    room.done("fay", "propose_by_rota", role="stack_taker", n=2, parity=["men", "women"])

    said = proposed(room)
    names = {one.key: name for name, one in room.people.items()}
    order = [(names[one["who"]], one["times"]) for one in said["order"]]
    assert {name for name, _times in order[:2]} == {"bo", "eli"}
    assert order[2:] == [("cy", 0), ("di", 1), ("gil", 2), ("ada", 3)]
    first = min(("bo", "eli"), key=lambda name: lot(room.meeting.key, room.key(name)))
    assert [names[key] for key in said["who"]] == [first, "cy"]
    assert said["seed"] == room.meeting.key
    # Keys are made by chance, and some would hold the word.
    assert "men" not in str([one | {"who": names[one["who"]]} for one in said["order"]])
    sentence = next(line for line in lines(room) if line.startswith("The rota proposed"))
    assert room.meeting.key in sentence
    assert "Cy (served in 0 of the last ten meetings)" in sentence


def test_only_the_last_ten_meetings_count(tenants):
    for days in range(30, 20, -1):
        met(tenants, days)
    tenants.done("fay", "propose_by_rota", role="stack_taker", n=6)
    assert {one["times"] for one in proposed(tenants)["order"]} == {0}
    # Who served longest ago comes before who served a short while ago.
    names = {one.key: name for name, one in tenants.people.items()}
    order = [names[one["who"]] for one in proposed(tenants)["order"]]
    assert (order[2], order[-1]) == ("cy", "ada")
    days = [one["last"] for one in proposed(tenants)["order"]]
    assert days[:2] == [None, None]
    assert days[2:] == sorted(days[2:])


def test_the_same_meeting_proposes_the_same_people(tenants):
    tenants.done("fay", "propose_by_rota", role="stack_taker", n=3)
    once = proposed(tenants)["who"]
    tenants.done("fay", "propose_by_rota", role="stack_taker", n=3)
    assert proposed(tenants)["who"] == once


def test_who_is_away_serves_already_or_did_not_opt_in_is_not_proposed(room):
    in_rota(room, "ana", "ben", "cem")
    in_rota(room, "fay")
    Membership.objects.filter(person=room.people["cem"].person).update(in_rota=False)
    room.done("ben", "leave")
    room.done("fay", "propose_by_rota", role="stack_taker", n=5)
    assert proposed(room)["who"] == [room.key("ana")]

    room.done("fay", "give_role", role="timekeeper", who="ana")
    assert room.refused("fay", "propose_by_rota", role="stack_taker") == "nobody_waiting"


def test_only_the_trained_where_that_is_asked(room):
    in_rota(room, "ana")
    in_rota(room, "ben", trained=True)
    room.done("fay", "propose_by_rota", role="facilitator", n=2, trained=True)
    assert proposed(room)["who"] == [room.key("ben")]


def test_the_console_offers_to_give_the_role_and_after_an_objection_the_next_name(tenants):
    room = tenants
    assert 'id="rota"' in console(room)["rota"] and " hidden" in console(room)["rota"]
    room.at(0)
    room.done("fay", "propose_by_rota", role="stack_taker")
    names = {one.key: name for name, one in room.people.items()}
    first = names[proposed(room)["who"][0]]
    assert f"act-rota-give-{room.key(first)}" in console(room)["rota"]
    assert "rota" not in print_panels(read(room.meeting, now=room.clock), "member.en")

    seq = room.done("fay", "give_role", role="stack_taker", who=first).seq
    assert " hidden" in console(room)["rota"]
    room.done("di", "object", seq=seq)

    shown = console(room)["rota"]
    assert f"act-rota-give-{room.key(first)}" not in shown
    assert f"act-rota-next-{room.key(first)}" in shown
    room.done("fay", "propose_by_rota", role="stack_taker")
    assert names[proposed(room)["who"][0]] not in (first, "fay")


@pytest.mark.parametrize(("against", "stays"), [(("ana", "ben"), False), ((), True)])
def test_a_show_of_hands_decides_whether_the_first_name_may_be_asked_again(room, against, stays):
    in_rota(room, "ana", "ben")
    room.at(0)
    room.done("fay", "propose_by_rota", role="facilitator")
    first = proposed(room)["who"]
    seq = room.done("fay", "give_role", role="facilitator", who=first[0]).seq
    room.done("cem", "object", seq=seq)
    room.done("fay", "show_of_hands", seconds=5)
    room.done("fay", "answer_question", answer="yes")
    for name in against:
        room.done(name, "answer_question", answer="no")
    room.at(6)

    room.done("fay", "propose_by_rota", role="facilitator")

    assert (proposed(room)["who"] == first) is stays


def test_who_says_no_makes_room_for_the_next_name(tenants):
    room = tenants
    room.done("fay", "propose_by_rota", role="stack_taker")
    said = proposed(room)["who"]
    room.done("fay", "propose_by_rota", role="stack_taker", but=said)
    assert proposed(room)["but"] == said
    assert proposed(room)["who"] != said
