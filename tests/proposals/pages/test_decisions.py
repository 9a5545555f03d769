"""The register of decisions, its files, and the tasks."""

import json

import pytest
from django.utils import timezone

from assemblies.door.journal import read
from assemblies.models import Assembly, Entry
from proposals.models import Decision, Proposal, Task
from proposals.sheets.table import Proposals
from tests.proposals.pages.visiting import (
    adopted,
    at,
    holds,
    journal,
    page_text,
    sent,
    signed_in,
    submitted,
)
from tests.proposals.stories import AGREED, PAPER, play
from tests.rooms import make_room

pytestmark = pytest.mark.django_db


def test_the_register_tells_how_when_and_by_how_many(room, body):
    row = adopted(room)
    for path in ("decisions/", f"decisions/{row.number}/"):
        page = page_text(room, "ben", path)
        assert "D-1" in page
        assert "by consensus" in page
        assert "4 agree." in page
        assert "4 who count were here." in page
        assert "version 1" in page
    assert "We build it." in page_text(room, "ben", "decisions/1/")
    assert "D-1" in page_text(room, "ben")
    assert "/decisions/1/" in page_text(room, "ben", "proposals/p1/")
    minutes = signed_in(room, "ben").get(f"/m/{room.meeting.key}/minutes/").content.decode()
    assert at(room, "decisions/1/") in minutes
    assert signed_in(room, "ben").get(at(room, "decisions/2/")).status_code == 404


def test_a_decision_on_paper_says_so_everywhere_until_two_confirmed_it(room, body):
    play(room, [PAPER, ("ben", "confirm_paper", {"decision": "d1"})])
    for path in ("", "decisions/", "decisions/1/"):
        page = page_text(room, "ben", path)
        assert "taken on paper" in page, path
        assert "rovisional: confirmed by 1 of 2" in page, path

    room.done("cem", "confirm_paper", decision="d1")

    for path in ("", "decisions/", "decisions/1/"):
        page = page_text(room, "ben", path)
        assert "taken on paper" in page
        assert "rovisional" not in page


def test_a_decision_takes_the_place_of_another(room, body):
    first = adopted(room)
    room.done("fay", "finish_item")
    row = submitted(room, title="A better bench", supersedes=str(first.number))
    room.done("fay", "take_up_item", item="3")
    room.done("fay", "bring_proposal", proposal=row.key)
    room.done("fay", "present_proposal", proposal=row.key)
    play(room, [*AGREED[2:], ("fay", "close_test", {}), ("fay", "adopt", {})])

    second = Decision.objects.get(number=2)
    assert second.supersedes == first
    assert Proposal.objects.get(key="p1").phase == "superseded"
    assert room.state["decisions"][1]["version"] == 1
    assert "It takes the place of D-1" in page_text(room, "ben", "decisions/2/")
    assert "D-2 took its place" in page_text(room, "ben", "decisions/1/")
    of_assembly = page_text(room, "ben")
    assert "decisions/2/" in of_assembly
    assert "decisions/1/" not in of_assembly
    entry = Entry.objects.filter(journal=room.meeting.journal, kind="proposals.adopted").last()
    assert entry.facts["supersedes"] == 1
    assert "supersedes" not in second.numbers
    minutes = signed_in(room, "ben").get(f"/m/{room.meeting.key}/minutes/").content.decode()
    assert "It takes the place of decision D-1." in minutes


def many_decisions(body: Assembly, n: int = 500) -> None:
    """Write many decisions, the last in place of the first, each with a task."""
    rows = [
        Decision(
            assembly=body, number=k, key=f"k{k}", title=f"Bench {k}", text="We build it.",
            how="consensus", version=1, decided_at=timezone.now(),
            numbers={"present": 30, "positions": {"agree": 28, "stand_aside": 2}},
        )
        for k in range(1, n + 1)
    ]  # fmt: skip
    Decision.objects.bulk_create(rows)
    first, last = Decision.objects.get(number=1), Decision.objects.get(number=n)
    last.supersedes = first
    last.save(update_fields=["supersedes"])
    tasks = [
        Task(assembly=body, decision=row, what="Buy wood", created_at=timezone.now())
        for row in Decision.objects.all()
    ]
    Task.objects.bulk_create(tasks)


def test_five_hundred_decisions_take_a_bounded_number_of_queries(
    room, body, django_assert_max_num_queries
):
    many_decisions(body)
    client = signed_in(room, "ben")
    for path in ("decisions/", "decisions/?page=10", "decisions/?q=bench+7", "decisions.json", ""):
        with django_assert_max_num_queries(20):
            assert client.get(at(room, path)).status_code == 200

    assert "Page 1 of 10" in page_text(room, "ben", "decisions/")
    for page in ("0", "11", "x"):
        assert "of 10" in page_text(room, "ben", "decisions/", page=page)


def test_decisions_are_found_by_words_and_by_number(room, body):
    many_decisions(body, 20)

    assert "1 decision found." in page_text(room, "ben", "decisions/", q="D-17")
    assert "20 decisions found." in page_text(room, "ben", "decisions/", q="bench BUILD")
    assert "Nothing has these words." in page_text(room, "ben", "decisions/", q="bench shed")
    assert page_text(room, "ben", "decisions/", q="%_\x00" + "9" * 300)


def test_decisions_as_files_hold_numbers_and_nobodys_side(room, body):
    adopted(room)
    play(room, [PAPER, ("ben", "confirm_paper", {"decision": "d1"})])
    room.done("fay", "add_task", what="Buy *wood*", holder="Ana", due="2030-05-01")
    client = signed_in(room, "cem")
    data = client.get(at(room, "decisions.json")).json()
    text = client.get(at(room, "decisions.md")).content.decode()

    paper, bench = data["decisions"]
    assert bench["numbers"]["positions"] == {"agree": 4}
    assert bench["how"] == "consensus"
    assert paper["provisional"] is True
    assert "## D-1 A bench" in text
    assert "Taken on paper." in text
    assert "Buy \\*wood\\*" in text
    people = {person.key for person in room.people.values()}
    assert not any(key in json.dumps(data) for key in people)
    assert "Ben" not in text
    assert "Ben" not in json.dumps(data)


# --- tasks ----------------------------------------------------------------------------------------


def test_a_member_takes_a_task_up_and_does_it(room, body):
    adopted(room)
    room.done("fay", "add_task", what="Buy wood")
    task = Task.objects.get()
    assert "needs a holder" in page_text(room, "ben", "decisions/1/")

    sent(room, "ben", f"tasks/{task.pk}/", do="take")

    task.refresh_from_db()
    assert (task.holder, task.person) == ("Ben", room.people["ben"].person)
    assert "needs a holder" not in page_text(room, "ben", "decisions/1/")
    assert read(room.meeting).sheet(Proposals).tasks[0].holder == "Ben"
    assert "Buy wood" in signed_in(room, "ben").get("/").content.decode()
    assert "Buy wood" not in signed_in(room, "cem").get("/").content.decode()
    assert sent(room, "cem", f"tasks/{task.pk}/", do="take").status_code == 409
    assert sent(room, "cem", f"tasks/{task.pk}/", do="done").status_code == 409
    assert sent(room, "ben", f"tasks/{task.pk}/", do="done").status_code == 302
    assert sent(room, "ben", f"tasks/{task.pk}/", do="done").status_code == 409
    kinds = [one.kind for one in journal(room)]
    assert kinds[-2:] == ["proposals.task_taken", "proposals.task_done"]
    assert holds(room)


def test_an_organiser_names_a_holder_and_a_member_does_not(room, body):
    room.done("fay", "add_task", what="Buy wood")
    task = Task.objects.get()
    ben = str(room.people["ben"].person.pk)

    assert sent(room, "cem", f"tasks/{task.pk}/", do="give", holder=ben).status_code == 409
    assert sent(room, "fay", f"tasks/{task.pk}/", do="give", holder="nobody").status_code == 404
    assert sent(room, "fay", f"tasks/{task.pk}/", do="give", holder=ben).status_code == 302
    assert sent(room, "fay", f"tasks/{task.pk}/", do="steal").status_code == 404
    other = make_room()
    other.done("fay", "add_task", what="Not ours")
    elsewhere = Task.objects.get(what="Not ours").pk
    assert sent(room, "fay", f"tasks/{elsewhere}/", do="take").status_code == 404
    task.refresh_from_db()
    assert task.holder == "Ben"
