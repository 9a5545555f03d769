"""What members say of themselves: taken over at once, shown nowhere beside a name, taken back."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from assemblies.door.journal import read
from assemblies.door.shelf import shelf
from assemblies.door.verifying import finding_of
from assemblies.live.printing import CLASSES, print_panels
from assemblies.models import Assembly, Entry, Meeting, Membership, Participant, Person, Receipt
from assemblies.records.markdown import markdown
from assemblies.records.minutes import draw
from assemblies.records.tasks import forget
from assemblies.rules import tidied
from assemblies.services.founding import new_meeting, take_seat
from assemblies.sheets import Roll
from tests.rooms import make_room

pytestmark = pytest.mark.django_db

# Nothing else on any page contains these.
SECRET, FREE = "zzwomenzz", "zzqueerzz"


@pytest.fixture
def room():
    room = make_room("Ana", "Ben", "Cem", "Dee")
    Assembly.objects.filter(pk=room.assembly.pk).update(groups=[SECRET])
    room.assembly.refresh_from_db()
    shelf.clear()
    for name in ("ana", "ben", "cem", "dee"):
        Membership.objects.create(assembly=room.assembly, person=room.people[name].person)
    return room


def says(client, room, name: str, **said):
    client.force_login(room.people[name].person)
    page = client.post(f"/a/{room.assembly.key}/me/", said)
    assert page.status_code == 302, page.content.decode()
    return page


def seat(room, name: str) -> Participant:
    return read(room.meeting).sheet(Roll).people[room.key(name)]


def test_what_is_said_in_the_middle_of_a_meeting_counts_at_once(client, room):
    for name in ("ben", "ana"):
        room.done(name, "raise_hand")
    room.done("fay", "set_order", order="zipper", reserved=[SECRET])
    assert room.state["floor"]["stack"] == ["ben", "ana"]

    says(client, room, "ana", offered=[SECRET], double_time="on", named="on", in_rota="on")

    assert room.state["floor"]["stack"] == ["ana", "ben"]
    assert (seat(room, "ana").double_time, seat(room, "ana").named) == (True, True)
    row = Membership.objects.get(person=room.people["ana"].person)
    assert (row.groups, row.double_time, row.named, row.in_rota) == ([SECRET], True, True, True)


def test_it_is_taken_over_where_somebody_takes_a_seat(client, room):
    says(client, room, "ana", offered=[SECRET], words=f" {FREE} , {FREE.upper()}", named="on")
    organiser = room.people["fay"].person
    says(client, room, "fay", words="zzkeepzz")
    later = new_meeting(room.assembly, title="Next", starts_at=timezone.now(), organiser=organiser)

    new = take_seat(later, room.people["ana"].person, "Ana", 1)

    assert (new.groups, new.named, new.double_time) == ([SECRET, FREE], True, False)
    assert later.participants.get(person=organiser).groups == ["zzkeepzz"]
    stranger = Person.objects.create_user(name="New")
    assert take_seat(later, stranger, "New", 1).groups == []


def test_nothing_said_stands_in_any_record_or_on_any_screen(client, room):
    says(client, room, "ana", offered=[SECRET], words=FREE)
    room.done("fay", "check_in", name="Old Tom", groups=[SECRET, FREE])
    room.done("ben", "check_in", groups=["zzotherzz"])
    room.done("ana", "raise_hand")
    room.done("fay", "give_role", role="note_taker", who="ana")

    shown = [json.dumps(print_panels(read(room.meeting), f"{kind}.en")) for kind in CLASSES]
    shown += [str(entry.facts) for entry in Entry.objects.all()]
    shown += [str(vars(row)) for row in Receipt.objects.all()]
    shown += [markdown(draw(room.meeting)), json.dumps(room.state)]
    endings = ("", "wall/", "minutes/", "minutes.md", "record.json", "state.json", "panels.json")
    for name in ("fay", "ben"):
        client.force_login(room.people[name].person)
        shown += [client.get(f"/m/{room.meeting.key}/{one}").content.decode() for one in endings]
    client.force_login(room.people["fay"].person)
    console = client.get(f"/m/{room.meeting.key}/console/").content.decode()
    # What the assembly offers stands in the tools that ask for a group, beside nobody.
    tick = rf'<p class="switch"><input[^>]* id="order-[a-z]+-\d+"[^>]*value="{SECRET}".*?</p>'
    console, ticks = re.subn(tick, "", console)
    assert ticks == 2
    shown.append(console.replace(f'<option value="{SECRET}"></option>', "", 1))
    boss = Person.objects.create_superuser("boss", "a long password", name="Boss")
    client.force_login(boss)
    for model in ("entry", "meeting"):
        shown.append(client.get(f"/admin/assemblies/{model}/").content.decode())

    for text in shown:
        assert SECRET not in text
        assert FREE not in text
        assert "zzotherzz" not in text
    assert Entry.objects.filter(kind="assemblies.described").count() == 3


def test_only_oneself_sees_what_one_said(client, room):
    says(client, room, "ana", words=FREE)
    assert FREE in client.get(f"/a/{room.assembly.key}/").content.decode()
    for name in ("ben", "fay"):
        client.force_login(room.people[name].person)
        assert FREE not in client.get(f"/a/{room.assembly.key}/").content.decode()
        assert FREE not in client.get(f"/a/{room.assembly.key}/settings/").content.decode()


def test_taking_it_back_takes_it_from_every_meeting(client, room):
    says(client, room, "ana", offered=[SECRET], double_time="on", named="on")
    ended = new_meeting(room.assembly, title="Before", starts_at=timezone.now())
    old = take_seat(ended, room.people["ana"].person, "Ana", 1)
    Meeting.objects.filter(pk=ended.pk).update(phase="ended", ended_at=timezone.now())
    assert old.groups == [SECRET]
    shelf.clear()

    says(client, room, "ana", forget="yes", offered=[SECRET])

    for one in Participant.objects.filter(person=room.people["ana"].person):
        assert (one.groups, one.double_time, one.named) == ([], False, False)
    row = Membership.objects.get(person=room.people["ana"].person)
    assert (row.groups, row.double_time, row.named, row.in_rota) == ([], False, False, False)
    assert seat(room, "ana").groups == []


def test_a_meeting_that_is_over_gains_nothing(client, room):
    room.done("fay", "end_meeting")
    says(client, room, "ana", offered=[SECRET], named="on")
    old = seat(room, "ana")
    assert (old.groups, old.named) == ([], False)
    assert not Entry.objects.filter(kind="assemblies.described").exists()


def test_a_day_after_the_meeting_its_seats_say_nothing_any_more(client, room):
    says(client, room, "ana", offered=[SECRET], double_time="on", named="on")
    room.done("fay", "end_meeting")
    Meeting.objects.update(ended_at=timezone.now() - timedelta(hours=25))
    shelf.clear()

    forget()

    old = seat(room, "ana")
    assert (old.groups, old.double_time, old.named) == ([], False, True)
    assert not Entry.objects.filter(kind="assemblies.described").exists()
    assert Membership.objects.get(person=room.people["ana"].person).groups == [SECRET]
    assert finding_of(room.meeting.journal).ok

    # Whoever takes their name back later leaves no trace of that either.
    says(client, room, "ana", forget="yes")
    assert not seat(room, "ana").named
    forget_again(room)
    assert not Entry.objects.filter(kind="assemblies.described").exists()


def forget_again(room) -> None:
    assert Meeting.objects.get(pk=room.meeting.pk).forgotten_at is None
    forget()
    assert Meeting.objects.get(pk=room.meeting.pk).forgotten_at is not None


def test_a_planned_meeting_keeps_what_was_said_for_it(client, room):
    planned = new_meeting(room.assembly, title="Next", starts_at=timezone.now())
    take_seat(planned, room.people["ana"].person, "Ana", 1)
    says(client, room, "ana", offered=[SECRET])
    Entry.objects.filter(journal=planned.journal).update(at=timezone.now() - timedelta(days=2))

    forget()

    assert planned.participants.get().groups == [SECRET]


def test_the_console_offers_a_word_in_use_only_from_three_people_on(client, room):
    for name in ("ana", "ben"):
        says(client, room, name, words=FREE)
    client.force_login(room.people["fay"].person)
    where = f"/m/{room.meeting.key}/console/"
    assert FREE not in client.get(where).content.decode()
    assert f'<option value="{SECRET}">' in client.get(where).content.decode()

    says(client, room, "cem", words=FREE)

    client.force_login(room.people["fay"].person)
    assert f'<option value="{FREE}">' in client.get(where).content.decode()
    room.done("ben", "leave")
    assert FREE not in client.get(where).content.decode()


@pytest.mark.parametrize(
    "said",
    [{"words": ", ".join(f"w{n}" for n in range(11))}, {"words": "x" * 41}, {"offered": "?"}],
)
def test_what_does_not_fit_is_said_and_not_kept(client, room, said):
    client.force_login(room.people["ana"].person)
    page = client.post(f"/a/{room.assembly.key}/me/", said)
    assert page.status_code == 200
    assert "Something does not fit yet." in page.content.decode()
    assert Membership.objects.get(person=room.people["ana"].person).groups == []


@pytest.mark.parametrize(
    ("words", "offered", "found"),
    [
        ([" women ", "Women", ""], (), ["women"]),
        (["WOMEN", "over  60"], ("Women",), ["Women", "over 60"]),
        (["Straße", "STRASSE"], (), ["Straße"]),
        ([], ("Women",), []),
    ],
)
def test_a_word_stands_once_and_as_it_is_offered(words, offered, found):
    assert tidied(words, offered) == found
