"""A day after a meeting, who raised which hand is forgotten, and the chain still holds."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assemblies.door.house import house
from assemblies.door.shelf import shelf
from assemblies.door.verifying import BODIES_ERASED, finding_of
from assemblies.models import Assembly, Entry, Journal, Meeting, Person, PersonalLink, Receipt
from assemblies.records.minutes import draw
from assemblies.records.retention import GONE
from assemblies.records.tasks import forget
from assemblies.services.founding import found_assembly, new_link, new_meeting
from stack.models import Hand, HandSignal, Turn
from tests.rooms import make_room

ERASABLE = [name for name, kind in house().cards.items() if kind.erasable]


def busy(room) -> None:
    for name in ("ana", "ben", "cem"):
        room.done(name, "raise_hand", note="about my flat")
        room.done(name, "show_signal", signal="agree")
    room.done("fay", "call_next")


def ended(room, hours: float) -> None:
    room.done("fay", "end_meeting")
    Meeting.objects.update(ended_at=timezone.now() - timedelta(hours=hours))
    shelf.clear()


def test_a_day_after_the_end_bodies_are_erased_and_the_record_still_holds(room):
    busy(room)
    ended(room, 25)
    before = Entry.objects.filter(kind__in=ERASABLE).count()
    assert before == 6

    forget()

    journal = Journal.objects.get(pk=room.meeting.journal_id)
    finding = finding_of(journal)
    assert (finding.ok, finding.erased) == (True, 6)
    assert not Entry.objects.filter(kind__in=ERASABLE).exists()
    assert Entry.objects.filter(journal=journal).count() == journal.seq
    for entry in Entry.objects.filter(journal=journal, facts=None):
        kept = (entry.kind, entry.actor, entry.on_behalf_of, entry.at, bytes(entry.salt))
        assert kept == ("", "", "", None, b"")
        assert entry.leaf and entry.head


def test_what_the_rows_say_goes_with_the_bodies_and_who_spoke_stays(room):
    busy(room)
    ended(room, 25)

    forget()

    assert not Hand.objects.exists()
    assert not HandSignal.objects.exists()
    assert Turn.objects.count() == 1
    assert "1 person spoke." in draw(room.meeting).items[1].sums
    sentence = "6 entries about hands and signals were erased, as promised."
    assert sentence in [line.text for line in draw(room.meeting).closing.lines]


def test_nothing_is_erased_before_a_day_has_passed(room):
    busy(room)
    ended(room, 23)

    forget()

    assert Entry.objects.filter(kind__in=ERASABLE).count() == 6


def test_forgetting_twice_is_forgetting_once(room):
    busy(room)
    ended(room, 25)

    forget()
    seq = Journal.objects.get(pk=room.meeting.journal_id).seq
    forget()

    assert Journal.objects.get(pk=room.meeting.journal_id).seq == seq
    assert finding_of(room.meeting.journal).ok


def test_a_meeting_that_nobody_ended_is_forgotten_too_and_goes_on(room):
    busy(room)
    Entry.objects.filter(journal=room.meeting.journal, kind="stack.turn_called").update(
        at=timezone.now() - timedelta(hours=30)
    )
    last = Entry.objects.filter(journal=room.meeting.journal).last()
    assert last.kind == "stack.turn_called"

    forget()
    room.done("ana", "raise_hand")

    assert not Entry.objects.filter(kind="stack.signal_shown").exists()
    assert Entry.objects.filter(kind="stack.hand_raised").count() == 1


def test_erasing_more_than_the_journal_says_is_found(room):
    busy(room)
    ended(room, 25)
    forget()
    victim = Entry.objects.filter(kind="assemblies.meeting_started").get()

    Entry.objects.filter(pk=victim.pk).update(**GONE)

    finding = finding_of(room.meeting.journal)
    assert (finding.ok, finding.seq) == (False, victim.seq)


def test_claiming_later_that_more_was_erased_is_found(room):
    busy(room)
    ended(room, 25)
    forget()
    claim = Entry.objects.get(kind=BODIES_ERASED)
    Entry.objects.filter(pk=claim.pk).update(facts={"ranges": [[1, claim.seq - 1]]})
    Entry.objects.filter(journal=room.meeting.journal, seq__lt=claim.seq).update(**GONE)

    finding = finding_of(room.meeting.journal)

    assert (finding.ok, finding.seq) == (False, claim.seq)


def test_thousands_of_entries_are_forgotten_in_a_few_statements(room):
    journal = Journal.objects.get(pk=room.meeting.journal_id)
    Entry.objects.bulk_create(
        Entry(
            journal=journal,
            seq=journal.seq + 100 + n,
            at=timezone.now(),
            kind=ERASABLE[0] if n % 2 else "stack.turn_ended",
            facts={},
            salt=b"x" * 16,
            leaf="0" * 64,
            head="0" * 64,
        )
        for n in range(5000)
    )
    Journal.objects.filter(pk=journal.pk).update(seq=journal.seq + 10_000)
    ended(room, 25)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        forget()

    assert not Entry.objects.filter(kind=ERASABLE[0]).exists()
    assert len(asked) < 80


def test_receipts_old_links_and_old_sessions_go(room, client):
    room.done("ana", "raise_hand", id="one")
    room.done("ben", "raise_hand", id="two")
    Receipt.objects.filter(act="one").update(at=timezone.now() - timedelta(hours=25))
    new_link("seat", person=room.people["ana"].person, hours=-1)
    kept = new_link("seat", person=room.people["ana"].person)
    client.force_login(room.people["ana"].person)
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))

    forget()

    assert list(Receipt.objects.values_list("act", flat=True)) == ["two"]
    assert PersonalLink.objects.count() == 1
    assert client.get(f"/s/{kept}/").status_code == 200
    assert not Session.objects.filter(expire_date__lt=timezone.now()).exists()


def test_practice_is_deleted_after_a_day_with_everything_in_it(db):
    person = Person.objects.create_user(name="Rosa")
    for practice, days in ((True, 2), (True, 0), (False, 2)):
        body = found_assembly(person, name=f"{practice} {days}")
        new_meeting(body, title="x", starts_at=timezone.now())
        made = timezone.now() - timedelta(days=days)
        Assembly.objects.filter(pk=body.pk).update(practice=practice, created_at=made)

    forget()

    assert set(Assembly.objects.values_list("name", flat=True)) == {"True 0", "False 2"}
    assert Journal.objects.count() == 4


def test_one_meeting_that_fails_does_not_keep_the_others(db, monkeypatch):
    rooms = [make_room("Ana", "Ben", "Cem") for _n in range(2)]
    for one in rooms:
        busy(one)
        one.done("fay", "end_meeting")
    Meeting.objects.update(ended_at=timezone.now() - timedelta(hours=25))
    shelf.clear()
    from assemblies.records import retention  # noqa: PLC0415

    erase = retention.erase_bodies

    def fails_once(meeting):
        if meeting.pk == rooms[0].meeting.pk:
            raise RuntimeError("a fault")
        return erase(meeting)

    monkeypatch.setattr(retention, "erase_bodies", fails_once)

    forget()

    assert Meeting.objects.filter(forgotten_at=None).count() == 1


@pytest.mark.parametrize("kind", sorted(house().cards))
def test_the_names_of_kinds_are_an_app_and_a_past_tense(kind):
    app, _dot, what = kind.partition(".")

    assert app and what and what == what.lower()
