"""Several at once, on SQLite and on PostgreSQL: one turn, one answer, no gap (T8)."""

import threading
import uuid
from collections.abc import Callable

import pytest
from django.db import connection

from assemblies.acts.declaring import Act
from assemblies.acts.perform import perform
from assemblies.models import Entry, Journal, Receipt
from assemblies.services.founding import new_link, use_link
from stack.models import Hand, Turn
from tests.rooms import make_room

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]


def all_at_once(works: list[Callable[[], object]]) -> list[object]:
    """Do several things at the same moment, each with a connection of its own."""
    start, found = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Callable[[], object]) -> None:
        start.wait()
        try:
            found[place] = work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_four_who_call_the_next_at_once_call_one_person():
    room = make_room("Ana", "Ben", "Cem", "Dan")
    for name in ("ana", "ben", "cem"):
        room.done("fay", "give_role", role="facilitator", who=name)
    rounds = 60
    for number in range(rounds):
        seen = room.done("dan", "raise_hand").seq

        def press(name: str, seen: int = seen):
            act = Act("call_next", {"seen": seen}, room.key(name), str(uuid.uuid4()))
            return perform(room.meeting, [act])[0]

        answers = all_at_once(
            [lambda name=name: press(name) for name in ("fay", "ana", "ben", "cem")]
        )

        codes = sorted(answer.code for answer in answers)
        assert codes == ["", *["already_served"] * 3], f"round {number}"
    assert Entry.objects.filter(kind="stack.turn_called").count() == rounds
    assert Turn.objects.filter(ended_at=None).count() == 1


def test_the_same_act_from_two_devices_at_once_is_done_once():
    room = make_room("Ana")
    for _round in range(20):
        name = str(uuid.uuid4())
        act = Act("show_signal", {"signal": "agree"}, room.key("ana"), name)

        answers = all_at_once([lambda act=act: perform(room.meeting, [act])[0]] * 4)

        assert len({answer.seq for answer in answers}) == 1
        assert Receipt.objects.filter(act=name).count() == 1
    assert Entry.objects.filter(kind="stack.signal_shown").count() == 20


def test_many_hands_at_once_each_wait_once_and_the_numbers_have_no_gap():
    names = [f"P{number}" for number in range(12)]
    room = make_room(*names)

    all_at_once([lambda name=name: room.act(name.lower(), "raise_hand") for name in names] * 2)

    assert Hand.objects.filter(state="waiting").count() == 12
    assert sorted(Hand.objects.values_list("n", flat=True)) == list(range(1, 13))
    journal = Journal.objects.get(pk=room.meeting.journal_id)
    seqs = Entry.objects.filter(journal=journal).order_by("seq").values_list("seq", flat=True)
    assert list(seqs) == list(range(1, journal.seq + 1))


def test_of_many_who_take_a_one_time_link_at_once_one_gets_it():
    room = make_room("Ana")
    secret = new_link("seat", person=room.people["ana"].person)

    links = all_at_once([lambda: use_link(secret)] * 6)

    assert sum(link is not None for link in links) == 1


def test_two_who_second_at_once_open_one_show_of_hands():
    room = make_room("Ana", "Ben", "Cem")
    room.done("ana", "ask_facilitator", who="ben")

    answers = all_at_once([lambda n=name: room.act(n, "second") for name in ("ben", "cem")])

    assert sorted(answer.code for answer in answers) == ["", "already_done"]
