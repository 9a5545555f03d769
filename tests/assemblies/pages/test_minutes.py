"""The minutes are drawn from the journal: what was decided and by whom it was served."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from assemblies.door.house import house
from assemblies.door.kinds import Silent
from assemblies.models import Entry, Person
from assemblies.records.markdown import escaped, markdown
from assemblies.records.minutes import draw
from tests.rooms import make_room


@pytest.fixture
def fay(room) -> Client:
    client = Client()
    client.force_login(room.people["fay"].person)
    return client


def minutes_text(room) -> str:
    return markdown(draw(room.meeting))


def test_every_declared_kind_has_a_sentence_or_is_silent_by_decision():
    for card in house().cards.values():
        silent = isinstance(card.minutes, Silent)
        assert silent != (card.has_sentence or card.is_summed), card
        assert not silent or card.minutes.because, card


def test_the_header_names_roles_and_counts_everybody_else(room):
    room.done("fay", "give_role", role="note_taker", who="ana")

    text = minutes_text(room)

    assert "# Garden Street Tenants: Monday meeting" in text
    assert "- Facilitator: Fay" in text
    assert "- Note taker: Ana" in text
    assert "- Agreements: version 1" in text
    assert "Present: 4, of whom 4 count; 4 came in all." in text
    assert "Ben" not in text


def test_minutes_show_no_hands_and_no_signals_only_how_many_spoke(room):
    for name in ("ana", "ben", "cem"):
        room.done(name, "raise_hand")
        room.done(name, "show_signal", signal="disagree")
    room.done("fay", "call_next")
    room.done("fay", "call_next")
    room.done("cem", "raise_hand", kind="technical_point")
    room.done("fay", "call_next")
    room.done("fay", "answer_point", who="cem")

    text = minutes_text(room)

    assert "2 people spoke" in text
    assert "1 technical point was dealt with" in text
    for word in ("Ana", "Ben", "Cem", "disagree", "hand"):
        assert word not in text.replace("Hands", "")


def test_who_passed_the_turn_on_did_not_speak(room):
    room.done("ana", "raise_hand")
    room.done("ben", "raise_hand")
    room.done("fay", "call_next")
    room.done("ana", "yield_turn", to="ben")

    assert "1 person spoke" in minutes_text(room)


def test_notes_stand_with_their_item_and_a_note_taken_back_is_gone(room):
    room.done("fay", "give_role", role="note_taker", who="ana")
    room.done("ana", "write_note", text="The landlord wants 7 %.")
    answer = room.done("ana", "write_note", text="Wrong.")
    room.done("ana", "undo", seq=answer.seq)
    room.done("ana", "write_note", item="3", text="About the roof.")

    drawn = draw(room.meeting)

    assert [line.text for line in drawn.items[1].lines if line.note] == ["The landlord wants 7 %."]
    assert [line.text for line in drawn.items[2].lines] == ["About the roof."]


def test_what_was_taken_back_stays_and_says_so(room):
    answer = room.done("fay", "extend_item", item="2", minutes=10)
    room.done("ben", "object", seq=answer.seq)

    text = minutes_text(room)

    assert "~~10 minutes were added to “Rent increase”.~~ (taken back by the room)" in text
    assert "There was an objection to what had just been done" in text
    assert "Ben" not in text


def test_questions_to_the_room_are_told_with_their_answers(room):
    room.at(0)
    room.done("fay", "ask_room", question="Shall we go on until ten?", seconds=5)
    room.at(6)
    room.done("fay", "close_question")
    room.done("ana", "ask_facilitator", who="ben")
    room.done("cem", "second")
    room.done("ana", "answer_question", answer="yes")
    room.at(70)
    room.done("ana", "raise_hand")

    text = minutes_text(room)

    assert "The room was asked: “Shall we go on until ten?”" in text
    assert "Nobody objected: yes." in text
    assert escaped("Show of hands: yes (1 yes, 0 no). Ben facilitates from here on.") in text
    assert "- Facilitator: Ben" in text


def test_an_item_finished_taken_back_and_finished_again_keeps_one_heading(room):
    answer = room.done("fay", "finish_item", item="2", outcome="postponed")
    room.done("fay", "undo", seq=answer.seq)
    room.done("fay", "extend_item", item="2", minutes=5)
    room.done("fay", "finish_item", item="2")
    room.done("fay", "take_up_item", item="3")
    room.done("fay", "extend_item", item="3", minutes=7)
    room.done("fay", "finish_item", item="3", outcome="carried_over")
    room.done("fay", "take_break")

    drawn = draw(room.meeting)

    rent = [(line.text, line.undone) for line in drawn.items[1].lines]
    assert rent[0] == ("The item was postponed.", "actor")
    assert rent[1][0].startswith("5 minutes were added")
    assert len(drawn.items[2].lines) == 2
    assert [line.text for line in drawn.closing.lines] == ["A break began."]


def test_live_minutes_say_as_of_which_entry_and_ended_ones_do_not(room, fay):
    page = fay.get(f"/m/{room.meeting.key}/minutes/").text
    assert f"as of entry {draw(room.meeting).seq}" in page

    room.done("fay", "end_meeting")
    page = fay.get(f"/m/{room.meeting.key}/minutes/").text

    assert "being written" not in page
    assert "The meeting ended." in page
    assert draw(room.meeting).head in page


def test_a_quorum_is_told_with_whether_it_was_met(db):
    room = make_room("Ana", admission="counted_in", roll=10, quorum={"share": "1/2"})

    assert "Quorum of 5: not met." in minutes_text(room)


def test_what_people_write_is_text_in_markdown_and_on_the_page(room, fay):
    room.done("fay", "give_role", role="note_taker", who="fay")
    room.done("fay", "write_note", text="<script>x</script> [a](http://b) *c*\n# d\n1. e\n- f")

    page = fay.get(f"/m/{room.meeting.key}/minutes/").text
    text = fay.get(f"/m/{room.meeting.key}/minutes.md").text

    assert "<script>x" not in page
    assert "\\<script\\>" in text
    assert "\\[a\\](http://b)" in text
    assert "\\# d" in text
    assert "\\- f" in text


def test_minutes_are_saved_as_a_file_and_never_shown_as_a_page(room, fay):
    for name in ("minutes.md", "record.json"):
        answer = fay.get(f"/m/{room.meeting.key}/{name}")
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_minutes_of_a_long_meeting_take_few_questions(room, fay, django_assert_max_num_queries):
    for _n in range(30):
        room.done("fay", "extend_item", item="2", minutes=1)
    fay.get(f"/m/{room.meeting.key}/minutes/")

    with django_assert_max_num_queries(28):
        fay.get(f"/m/{room.meeting.key}/minutes/")


def test_who_is_not_in_the_meeting_sees_no_minutes(room):
    stranger = Client()
    stranger.force_login(Person.objects.create_user(name="stranger"))

    for name in ("minutes/", "minutes.md", "record/", "record.json"):
        assert stranger.get(f"/m/{room.meeting.key}/{name}").status_code == 404


def test_the_saved_record_names_nobody_and_leaves_out_who_showed_what(room, fay):
    room.done("ana", "raise_hand")
    room.done("ben", "show_signal", signal="disagree")

    said = json.loads(fay.get(f"/m/{room.meeting.key}/record.json").content)

    bodies = [entry["body"]["kind"] for entry in said["entries"] if "body" in entry]
    assert not {"stack.hand_raised", "stack.signal_shown"} & set(bodies)
    assert said["entries"][-1] == {"seq": said["seq"], "leaf": said["entries"][-1]["leaf"]}
    for name in ("Ana", "Ben", "Cem", "Fay", "disagree"):
        assert name not in json.dumps(said)


def test_minutes_are_told_in_the_time_of_the_assembly(db):
    room = make_room(time_zone="Asia/Kathmandu")
    opened = Entry.objects.get(kind="assemblies.doors_opened").at + timedelta(hours=5, minutes=45)

    assert f"- {opened:%H:%M} The doors were opened." in minutes_text(room)
