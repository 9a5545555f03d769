"""The record proves itself: whatever is changed in the database is found, at its number."""

import hashlib
import io
import json

import pytest
import rfc8785
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client

from assemblies.door.book import record_body
from assemblies.door.verifying import finding_of, ranges_of
from assemblies.models import Entry, Journal
from tests.rooms import make_room

ENTRIES = 300


@pytest.fixture
def long_room(db):
    """A meeting with a journal of three hundred entries."""
    room = make_room("Ana", "Ben", "Cem")
    n = 0
    while Journal.objects.get(pk=room.meeting.journal_id).seq < ENTRIES:
        name = ("ana", "ben", "cem")[n % 3]
        room.act(name, "raise_hand" if n % 6 < 3 else "lower_hand")
        n += 1
    return room


def sql(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount, "the attack changed something"


def rows(journal: Journal) -> list[tuple]:
    return list(Entry.objects.filter(journal=journal).values_list("pk", "seq"))


CHANGES = {
    "the actor": "UPDATE assemblies_entry SET actor = 'eve' WHERE id = %s",
    "the kind": "UPDATE assemblies_entry SET kind = 'stack.turn_called' WHERE id = %s",
    "the facts": "UPDATE assemblies_entry SET facts = '{\"yes\": 99}' WHERE id = %s",
    "for whom": "UPDATE assemblies_entry SET on_behalf_of = 'eve' WHERE id = %s",
    "the time": "UPDATE assemblies_entry SET at = '2020-01-01 00:00:00' WHERE id = %s",
    "the leaf": "UPDATE assemblies_entry SET leaf = head WHERE id = %s",
    "the head": "UPDATE assemblies_entry SET head = leaf WHERE id = %s",
    "all of it": "DELETE FROM assemblies_entry WHERE id = %s",
    "its body": (
        "UPDATE assemblies_entry SET facts = NULL, kind = '', actor = '', on_behalf_of = '',"
        " at = NULL, salt = '' WHERE id = %s"
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_every_changed_row_is_found_at_its_number(long_room, what):
    journal = Journal.objects.get(pk=long_room.meeting.journal_id)
    assert finding_of(journal).ok

    # Every eleventh row, the first and the last; the longer run lives in bench/.
    there = rows(journal)
    for pk, seq in [*there[::11], there[0], there[-1]]:
        before = Entry.objects.get(pk=pk)
        sql(CHANGES[what], pk)
        finding = finding_of(journal)
        assert (finding.ok, finding.seq) == (False, seq), what
        Entry.objects.filter(pk=pk).delete()
        before.save(force_insert=True)
    assert finding_of(journal).ok


def test_two_entries_that_changed_places_are_found(long_room):
    journal = Journal.objects.get(pk=long_room.meeting.journal_id)
    (first, _one), (second, _two) = rows(journal)[99:101]
    Entry.objects.filter(pk=first).update(seq=10_000)
    Entry.objects.filter(pk=second).update(seq=100)
    Entry.objects.filter(pk=first).update(seq=101)

    assert finding_of(journal).seq == 100


def test_an_entry_put_in_at_the_end_or_a_shortened_journal_is_found(long_room):
    journal = Journal.objects.get(pk=long_room.meeting.journal_id)
    last = Entry.objects.filter(journal=journal).last()
    extra = Entry.objects.get(pk=last.pk)
    extra.pk, extra.seq = None, last.seq + 1
    extra.save(force_insert=True)
    assert finding_of(journal).seq == last.seq + 1
    extra.delete()

    Journal.objects.filter(pk=journal.pk).update(seq=last.seq + 5)
    assert not finding_of(journal).ok
    Journal.objects.filter(pk=journal.pk).update(seq=last.seq, head="c" * 64)
    assert not finding_of(journal).ok


def test_a_value_that_nobody_could_have_written_is_found_and_not_an_error(long_room):
    journal = Journal.objects.get(pk=long_room.meeting.journal_id)
    pk, seq = rows(journal)[41]
    sql("UPDATE assemblies_entry SET facts = '{\"n\": 1e400}' WHERE id = %s", pk)

    assert finding_of(journal).seq == seq


@pytest.mark.skipif(connection.vendor != "sqlite", reason="other databases keep times as times")
def test_a_time_that_is_none_is_found_and_not_an_error(long_room):
    journal = Journal.objects.get(pk=long_room.meeting.journal_id)
    pk, seq = rows(journal)[41]
    sql("UPDATE assemblies_entry SET at = 'yesterday' WHERE id = %s", pk)

    assert finding_of(journal).seq == seq


def test_the_page_says_in_words_whether_the_record_holds(long_room):
    fay = Client()
    fay.force_login(long_room.people["fay"].person)
    address = f"/m/{long_room.meeting.key}/record/"
    assert "The record holds." in fay.get(address).text

    sql("UPDATE assemblies_entry SET actor = 'eve' WHERE seq = 77")

    page = fay.get(address).text
    assert "The record does not hold." in page
    assert "From entry 77 on" in page


def test_the_command_names_the_first_wrong_entry_and_fails(long_room):
    out = io.StringIO()
    call_command("verify", long_room.meeting.key, stdout=out)
    assert "the record holds. 300 entries" in out.getvalue()

    sql("UPDATE assemblies_entry SET actor = 'eve' WHERE seq = 77")

    with pytest.raises(CommandError, match="from entry 77 on") as wrong:
        call_command("verify", f"/m/{long_room.meeting.key}/")
    assert wrong.value.returncode == 1
    with pytest.raises(CommandError, match="There is no meeting or assembly"):
        call_command("verify", "nowhere")


def test_the_command_checks_an_assembly_with_all_its_meetings_and_everything(long_room):
    assembly = long_room.meeting.assembly
    with record_body(assembly, by=long_room.people["fay"].person) as book:
        book.note("assemblies.something_new", what="one")
        book.note("assemblies.something_new", what="two")
    other = make_room("Ana").meeting

    def output(*asked) -> str:
        out = io.StringIO()
        call_command("verify", *asked, stdout=out)
        return out.getvalue()

    whole = output(f"/a/{assembly.key}/")
    assert whole.count("the record holds.") == 2
    assert f"{assembly.name}: the record holds." in whole
    assert f"{long_room.meeting.title}: the record holds. 300 entries" in whole
    assert output("--all").count("the record holds.") == 4

    sql("UPDATE assemblies_entry SET actor = 'eve' WHERE seq = 77")
    last = Journal.objects.get(pk=assembly.journal_id).seq
    Entry.objects.filter(journal=assembly.journal_id, seq=last).update(facts={"what": "else"})

    with pytest.raises(CommandError) as wrong:
        output("--all")
    assert f"from entry {last} on" in str(wrong.value)
    assert "from entry 77 on" in str(wrong.value)
    assert "the record holds." in output(other.key)
    for asked in ((), (other.key, "--all")):
        with pytest.raises(CommandError, match="by its key, or --all"):
            output(*asked)


def test_the_saved_record_is_checked_without_us(long_room):
    """A stranger with a hash function and RFC 8785 walks the chain from the file alone."""
    fay = Client()
    fay.force_login(long_room.people["fay"].person)
    said = json.loads(fay.get(f"/m/{long_room.meeting.key}/record.json").content)

    head, open_bodies = bytes(32), 0
    for entry in said["entries"]:
        leaf = bytes.fromhex(entry["leaf"])
        if "body" in entry:
            open_bodies += 1
            body = bytes.fromhex(entry["salt"]) + rfc8785.dumps(entry["body"])
            assert hashlib.sha256(b"\x00" + body).digest() == leaf
        head = hashlib.sha256(b"\x01" + head + leaf).digest()

    assert head.hex() == said["head"]
    assert open_bodies > 5


def test_numbers_become_unbroken_runs():
    assert ranges_of([1, 2, 3, 7, 9, 10]) == [[1, 3], [7, 7], [9, 10]]
    assert ranges_of([]) == []
