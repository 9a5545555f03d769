"""Putting proposals on the agenda of a planned meeting, and taking them off."""

import pytest

from assemblies.door.journal import read
from assemblies.door.verifying import finding_of
from assemblies.models import Entry, Journal
from assemblies.rules import Line
from assemblies.services.founding import take_seat
from assemblies.sheets import Agenda
from proposals.models import Proposal
from proposals.sheets.table import Proposals
from tests.proposals.pages.visiting import at, page_text, planned, sent, signed_in, submitted
from tests.proposals.stories import DISCUSSED, play

pytestmark = pytest.mark.django_db


def test_an_author_puts_a_proposal_on_a_planned_agenda_and_the_room_takes_it_up(room, body):
    row, coming = submitted(room), planned(room, Line("Welcome", 5, "opening"))
    page = page_text(room, "ana", f"proposals/{row.key}/")
    assert coming.key in page

    answer = sent(room, "ana", f"proposals/{row.key}/agenda/", meeting=coming.key)

    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.item.meeting, row.item.kind, row.item.title) == (coming, "proposal", "A shed")
    assert "On the agenda of Next meeting." in page_text(room, "ben", f"proposals/{row.key}/")
    assert read(coming).sheet(Proposals).find(row.key) is not None
    assert Entry.objects.filter(journal=coming.journal).latest("seq").kind == "proposals.brought"
    twice = sent(room, "ana", f"proposals/{row.key}/agenda/", meeting=coming.key)
    assert twice.status_code == 409
    assert row.versions.count() == 1


def test_a_line_that_was_typed_before_is_the_place_of_its_proposal(room, body):
    row, coming = submitted(room), planned(room, Line("A shed", 15, "proposal"))
    sent(room, "ana", f"proposals/{row.key}/agenda/", meeting=coming.key)

    row.refresh_from_db()
    assert [item.title for item in coming.items.all()] == ["A shed"]
    assert row.item.minutes == 15


def test_who_neither_wrote_nor_organises_puts_nothing_on_an_agenda(room, body):
    row, coming = submitted(room), planned(room)

    assert sent(room, "ben", f"proposals/{row.key}/agenda/", meeting=coming.key).status_code == 409
    assert sent(room, "ana", f"proposals/{row.key}/agenda/", meeting="zzz").status_code == 404
    in_session = sent(room, "fay", f"proposals/{row.key}/agenda/", meeting=room.meeting.key)
    assert in_session.status_code == 409
    assert coming.items.count() == 0


def test_the_page_of_a_planned_meeting_offers_what_waits(room, body):
    row, coming = submitted(room), planned(room)
    organiser = signed_in(room, "fay")
    page = organiser.get(f"/m/{coming.key}/prepare/").content.decode()
    assert "A shed" in page

    answer = organiser.post(
        at(room, f"proposals/{row.key}/agenda/"), {"meeting": coming.key, "back": "meeting"}
    )

    assert answer.headers["Location"] == f"/m/{coming.key}/prepare/"
    page = organiser.get(f"/m/{coming.key}/prepare/").content.decode()
    assert "Proposals that wait" not in page
    assert "Proposal: A shed (20 min)" in page


def test_a_line_taken_off_a_planned_agenda_lets_its_proposal_wait_again(room, body):
    row, coming = submitted(room), planned(room, Line("Welcome", 5, "opening"))
    sent(room, "ana", f"proposals/{row.key}/agenda/", meeting=coming.key)
    assert read(coming).sheet(Proposals).find(row.key)
    said = {"title": "Next meeting", "day": "2030-07-02", "hour": "19:00", "agenda": "Welcome (5)"}

    signed_in(room, "fay").post(f"/m/{coming.key}/prepare/", said)

    row.refresh_from_db()
    assert (row.item, row.phase) == (None, "submitted")
    assert read(coming).sheet(Proposals).find(row.key) is None
    assert (
        "was taken off the agenda"
        in signed_in(room, "fay").get(f"/m/{coming.key}/minutes/").content.decode()
    )


def test_withdrawing_takes_the_line_off_a_planned_agenda(room, body):
    row, coming = submitted(room), planned(room, Line("Welcome", 5, "opening"))
    sent(room, "ana", f"proposals/{row.key}/agenda/", meeting=coming.key)

    sent(room, "ana", f"proposals/{row.key}/withdraw/")

    row.refresh_from_db()
    assert (row.phase, row.item) == ("withdrawn", None)
    assert [item.title for item in read(coming).sheet(Agenda).items] == ["Welcome"]
    assert finding_of(Journal.objects.get(pk=coming.journal_id)).ok


def test_what_a_meeting_left_undecided_goes_on_at_the_next_with_its_concerns(room, body):
    concern = {"concern": "c1", "text": "Where do children play?"}
    play(room, [*DISCUSSED, ("ben", "raise_concern", concern)])
    coming = planned(room)
    assert sent(room, "fay", "proposals/p1/agenda/", meeting=coming.key).status_code == 409
    room.done("fay", "end_meeting")
    assert "Waiting for a meeting" in page_text(room, "ben", "proposals/")

    assert sent(room, "fay", "proposals/p1/agenda/", meeting=coming.key).status_code == 302

    row = Proposal.objects.get(key="p1")
    assert (row.item.meeting, row.phase, row.had) == (coming, "submitted", [])
    assert [one.key for one in read(coming).sheet(Proposals).concerns[row.pk]] == ["c1"]
    # A meeting that is opened again does not write back what it remembers.
    room.done("fay", "reopen_meeting")
    assert room.refused("fay", "set_phase", phase="concerns") == "wrong_phase"
    row.refresh_from_db()
    assert row.item.meeting == coming


def test_the_author_of_a_draft_is_its_proposer_in_the_room(room, body):
    row = submitted(room)
    room.done("fay", "bring_proposal", proposal=row.key)
    room.done("fay", "present_proposal", proposal=row.key)
    room.done("fay", "set_phase", phase="discussion")
    room.done("ben", "offer_amendment", amendment="a9", text="We build two.")

    assert room.refused("ben", "accept_amendment", amendment="a9") == "not_the_proposer"
    room.done("ana", "accept_amendment", amendment="a9")


def test_an_author_who_comes_later_is_still_the_proposer(room, body):
    row, coming = submitted(room), planned(room)
    sent(room, "fay", f"proposals/{row.key}/agenda/", meeting=coming.key)
    row.refresh_from_db()
    assert row.by == ""
    ana = room.people["ana"].person
    room.meeting, room.people = coming, {"fay": coming.participants.get()}
    room.done("fay", "open_doors")

    room.people["ana"] = take_seat(coming, ana, "Ana", 1)

    room.done("ana", "withdraw_proposal", proposal=row.key)
