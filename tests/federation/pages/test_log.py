"""The act log of a council, and the check of its records."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assemblies.door.book import record_body
from assemblies.models import Entry, Meeting, Person
from assemblies.records.retention import GONE
from tests.federation.bodies import grow
from tests.federation.visiting import at, shown, signed_in
from tests.rooms import make_room

pytestmark = pytest.mark.django_db


def test_the_log_tells_what_the_council_and_its_meetings_did_in_order():
    grown = grow([2, 1])
    room = make_room("Ana", "Ben")
    room.meeting.assembly = grown.top.assembly
    room.meeting.save()
    room.done("fay", "add_item", title="The rents of autumn")
    with record_body(grown.top.assembly, by=grown.member(grown.base)) as book:
        book.note("federation.something_new", unit="x")

    page = shown(grown, "log/")

    assert "“The rents of autumn” was put on the agenda." in page
    assert "something new" in page
    assert "own record, entry 1" in page
    assert page.index("was put on the agenda") < page.index("something new")


def test_erased_entries_say_so_where_they_were():
    grown = grow([2, 1])
    room = make_room("Ana", "Ben")
    room.meeting.assembly = grown.top.assembly
    room.meeting.save()
    for name in ("ana", "ben"):
        room.done(name, "raise_hand")
    room.done("fay", "add_item", title="The rents of autumn")
    hands = Entry.objects.filter(journal=room.meeting.journal, kind="stack.hand_raised")
    assert hands.update(**GONE) == 2

    page = shown(grown, "log/")

    assert "2 entries were erased" in page
    assert page.index("2 entries were erased") < page.index("was put on the agenda")


def test_who_showed_which_hand_is_told_to_nobody_before_it_is_erased():
    grown = grow([2, 1])
    room = make_room("Ana", "Ben")
    room.meeting.assembly = grown.top.assembly
    room.meeting.save()
    room.done("ana", "raise_hand", kind="clarification", note="Secret words")

    page = shown(grown, "log/")

    assert "1 hand was raised." in page
    assert "Secret words" not in page


def test_the_log_says_when_a_unit_changed_delegates_by_the_clocks_of_the_council(city):
    council, unit = city.top.assembly, city.levels[0][1]
    council.time_zone = "Asia/Kolkata"
    council.save()
    late = datetime(2026, 3, 1, 21, 40, tzinfo=UTC)
    with record_body(council, by=None, now=late) as book:
        book.note("federation.delegate_recalled", unit=unit.key, seat=1)

    assert f"{unit.name} changed delegates at 03:10." in shown(city, "log/")


def test_things_alike_in_a_row_are_one_line_with_their_number():
    grown = grow([2, 1])
    room = make_room("Ana", "Ben")
    room.meeting.assembly = grown.top.assembly
    room.meeting.save()
    first = Entry.objects.filter(journal=room.meeting.journal).count() + 1
    for name in ("ana", "ben"):
        room.done(name, "raise_hand")
    room.done("fay", "add_item", title="The rents of autumn")
    room.done("fay", "raise_hand")

    page = shown(grown, "log/")

    assert "2 hands were raised." in page
    assert f"entries {first} to {first + 1}" in page
    assert page.index("2 hands were raised.") < page.index("was put on the agenda")
    assert page.index("was put on the agenda") < page.index("1 hand was raised.")


def test_a_base_member_checks_every_record_of_the_council(city):
    meeting = Meeting.objects.get(title="Autumn council")
    with record_body(city.top.assembly, by=city.member(city.base)) as book:
        for name in ("one", "two", "three"):
            book.note("federation.something_new", what=name)
    assert at(city, "record/") in shown(city, "log/")
    assert "The record holds." in (own := shown(city, "record/"))
    assert at(city, f"record/{meeting.key}/") in own
    assert "The record holds." in shown(city, f"record/{meeting.key}/")

    own_journal = city.top.assembly.journal_id
    Entry.objects.filter(journal=own_journal, seq=2).update(facts={"what": "else"})

    assert "From entry 2 on" in shown(city, "record/")
    assert "The record holds." in shown(city, f"record/{meeting.key}/")


def test_a_record_of_another_assembly_is_not_told_under_the_name_of_the_council(city):
    elsewhere = make_room("Ana", "Ben").meeting
    client = signed_in(city.member(city.base))

    for key in (elsewhere.key, "nowhere", "a%00b"):
        assert client.get(at(city, f"record/{key}/")).status_code == 404
    stranger = Person.objects.create(name="Somebody")
    assert signed_in(stranger).get(at(city, "record/")).status_code == 404


def test_the_log_names_units_and_delegates_in_as_many_queries_for_many_entries():
    counts = []
    for entries in (5, 50):
        grown = grow([3, 1])
        sent = grown.member(grown.base)
        with record_body(grown.top.assembly, by=sent) as book:
            for _n in range(entries):
                book.note(
                    "federation.credential_given",
                    unit=grown.base.key,
                    person=str(sent.pk),
                    until="2027-01-01",
                )
        path, client = at(grown, "log/"), signed_in(sent)
        page = client.get(path).content.decode()
        assert page.count(f"{grown.base.name} sends Rosa, until 1 January 2027.") == entries
        with CaptureQueriesContext(connection) as seen:
            client.get(path)
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_a_long_log_has_pages_and_opens_at_the_newest(city):
    with record_body(city.top.assembly, by=city.member(city.base)) as book:
        for n in range(250):
            book.note(f"federation.thing_{n}")

    assert "thing 249" in shown(city, "log/")
    assert "thing 0<" in shown(city, "log/", page="1")
    assert "Page 3 of 3" in shown(city, "log/")
