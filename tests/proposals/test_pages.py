"""The pages around decisions: drafts, agendas, the register, tasks, how an assembly decides."""

import json
import re
from datetime import timedelta
from html import escape

import pytest
from django.test import Client
from django.utils import timezone

from assemblies.door.house import house
from assemblies.door.journal import read
from assemblies.door.verifying import finding_of
from assemblies.models import Assembly, Entry, Journal, Meeting, Membership, Participant
from assemblies.rules import Line
from assemblies.services.founding import new_meeting, take_seat
from assemblies.sheets import Agenda
from proposals.models import Decision, Proposal, Task
from proposals.rules import read_rule
from proposals.sheets.rule import rule_of
from proposals.sheets.table import Proposals
from proposals.words.parameters import parameter_words
from tests.proposals.stories import AGREED, DISCUSSED, HEARD, PAPER, decide_by
from tests.rooms import make_room

pytestmark = pytest.mark.django_db

DRAFT = {
    "title": "A shed",
    "draft": "We build **a shed**.\n\n- of wood",
    "needs": "Bicycles stand in the rain.",
    "decision_class": "ordinary",
}
NASTY = "<script>alert(1)</script>\"'</section>"


@pytest.fixture
def body(room) -> Assembly:
    """The assembly of the room, whose members are members of it."""
    for name in ("ana", "ben", "cem"):
        Membership.objects.get_or_create(assembly=room.assembly, person=room.people[name].person)
    return room.assembly


def signed_in(room, name: str) -> Client:
    client = Client()
    client.force_login(room.people[name].person)
    return client


def at(room, path: str = "") -> str:
    return f"/a/{room.assembly.key}/{path}"


def told(room, name: str, path: str = "", **asked) -> str:
    answer = signed_in(room, name).get(at(room, path), asked)
    assert answer.status_code == 200, (path, answer.status_code)
    # A token is sixty-four letters by chance, in which any short name may stand.
    return re.sub(r'value="\w{64}"', "", answer.content.decode())


def sent(room, name: str, path: str, **said):
    return signed_in(room, name).post(at(room, path), said)


def play(room, steps) -> None:
    for who, do, args in steps:
        room.done(who, do, **args)


def journal(room) -> list[Entry]:
    return list(Entry.objects.filter(journal=room.assembly.journal).order_by("seq"))


def holds(room) -> bool:
    chains = (room.assembly.journal_id, room.meeting.journal_id)
    return all(finding_of(Journal.objects.get(pk=pk)).ok for pk in chains)


def drafted(room, **more) -> Proposal:
    assert sent(room, "ana", "proposals/new/", **{**DRAFT, **more}).status_code == 302
    return Proposal.objects.latest("created_at")


def submitted(room, **more) -> Proposal:
    return drafted(room, submit="yes", **more)


def planned(room, *lines: Line, title: str = "Next meeting") -> Meeting:
    day = timezone.now() + timedelta(days=7)
    fay = room.people["fay"].person
    return new_meeting(room.assembly, title=title, starts_at=day, lines=lines, organiser=fay)


def adopted(room) -> Decision:
    play(room, [*AGREED, ("fay", "close_test", {}), ("fay", "adopt", {})])
    return Decision.objects.get(proposal__key="p1")


# --- drafts ---------------------------------------------------------------------------------------


def test_a_draft_is_its_authors_alone_until_it_is_submitted(room, body):
    row = drafted(room)
    where = f"proposals/{row.key}/"

    assert row.phase == "draft"
    assert "<strong>a shed</strong>" in told(room, "ana", where)
    assert "A shed" in told(room, "ana", "proposals/")
    for ending in ("", "change/"):
        assert signed_in(room, "ben").get(at(room, where + ending)).status_code == 404
    for step in ("submit/", "withdraw/", "change/"):
        assert sent(room, "fay", where + step, **DRAFT).status_code == 404
    assert "A shed" not in told(room, "ben", "proposals/")
    assert "A shed" not in told(room, "ben")
    assert [one.kind for one in journal(room)][-1] != "proposals.draft_submitted"


def test_submitting_freezes_the_text_and_writes_an_entry(room, body):
    row = drafted(room)
    sent(room, "ana", f"proposals/{row.key}/change/", **{**DRAFT, "draft": "We build it."})
    sent(room, "ana", f"proposals/{row.key}/submit/")

    row.refresh_from_db()
    version = row.versions.get()
    assert (row.phase, row.draft, row.version) == ("submitted", "", 1)
    assert version.text == "We build it."
    assert version.digest in told(room, "ben", f"proposals/{row.key}/")
    entry = journal(room)[-1]
    assert entry.kind == "proposals.draft_submitted"
    assert entry.facts == {"proposal": row.key, "title": "A shed", "digest": version.digest}
    assert entry.actor == str(room.people["ana"].person.pk)
    assert holds(room)

    again = sent(room, "ana", f"proposals/{row.key}/change/", **{**DRAFT, "draft": "Other."})
    assert again.status_code == 404
    assert sent(room, "ana", f"proposals/{row.key}/submit/").status_code == 404
    assert row.versions.count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"draft": "  \n "}, "Write the text that we shall agree to."),
        ({"money": "400"}, "Money needs a holder: say who carries it out."),
        ({"title": ""}, "This field is required."),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"review_on": "soon"}, "Enter a valid date."),
        ({"decision_class": "nothing"}, "Select a valid choice."),
        ({"supersedes": "99"}, "Select a valid choice."),
        ({"needs": "bell \x07"}, "control characters"),
    ],
)
def test_what_does_not_fit_is_said_in_a_sentence_and_nothing_is_kept(room, body, wrong, sentence):
    page = sent(room, "ana", "proposals/new/", **{**DRAFT, **wrong, "submit": "yes"})

    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert not Proposal.objects.exists()


def test_a_draft_about_money_without_a_holder_is_kept_and_not_submitted(room, body):
    row = drafted(room, money="400 from the fund")
    page = sent(room, "ana", f"proposals/{row.key}/submit/")

    assert page.status_code == 409
    assert "Money needs a holder" in page.content.decode()
    sent(
        room,
        "ana",
        f"proposals/{row.key}/change/",
        **{**DRAFT, "money": "400 from the fund", "carried_out_by": "Ben", "submit": "yes"},
    )
    row.refresh_from_db()
    assert row.phase == "submitted"


def test_a_draft_is_thrown_away_without_a_trace_and_a_proposal_withdrawn_with_one(room, body):
    before = len(journal(room))
    row = drafted(room)
    sent(room, "ana", f"proposals/{row.key}/withdraw/")
    assert not Proposal.objects.exists()
    assert len(journal(room)) == before

    row = submitted(room)
    refused = sent(room, "ben", f"proposals/{row.key}/withdraw/")
    assert refused.status_code == 409
    sent(room, "ana", f"proposals/{row.key}/withdraw/")
    row.refresh_from_db()
    assert row.phase == "withdrawn"
    assert journal(room)[-1].kind == "proposals.submission_withdrawn"
    assert sent(room, "ana", f"proposals/{row.key}/withdraw/").status_code == 409
    assert "Withdrawn" in told(room, "ben", "proposals/")


def test_a_post_without_a_token_writes_nothing(room, body):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(room.people["ana"].person)

    assert strict.post(at(room, "proposals/new/"), DRAFT).status_code == 403
    assert strict.post(at(room, "deciding/change/"), {}).status_code == 403
    assert not Proposal.objects.exists()


def test_text_of_people_does_no_harm_on_any_page(room, body):
    link = "[here](javascript:alert(1)) ![x](https://evil.example/x.png)"
    row = submitted(room, title=NASTY, draft=f"{NASTY}\n\n{link}", needs=NASTY, scope=NASTY[:200])
    Decision.objects.create(
        assembly=body, number=1, title=NASTY, text=f"{NASTY}\n\n{link}", how="on_paper",
        how_on_paper=NASTY, numbers={"on_paper": NASTY}, decided_at=timezone.now(),
    )  # fmt: skip
    Task.objects.create(assembly=body, what=NASTY, holder=NASTY[:80], created_at=timezone.now())
    planned(room, title=NASTY)

    for path in (
        "", "proposals/", f"proposals/{row.key}/", "decisions/", "decisions/1/", "tasks/",
        "deciding/", "deciding/change/",
    ):  # fmt: skip
        page = told(room, "fay", path)
        assert "<script>alert" not in page, path
        assert "</section>\"'" not in page, path
        assert 'href="javascript' not in page, path
        assert 'evil.example/x.png"' not in page, path
        assert " style=" not in page
    assert escape(NASTY) in told(room, "fay", f"proposals/{row.key}/").replace("&#x27;", "&#x27;")


# --- agendas --------------------------------------------------------------------------------------


def test_an_author_puts_a_proposal_on_a_planned_agenda_and_the_room_takes_it_up(room, body):
    row, coming = submitted(room), planned(room, Line("Welcome", 5, "opening"))
    page = told(room, "ana", f"proposals/{row.key}/")
    assert coming.key in page

    answer = sent(room, "ana", f"proposals/{row.key}/agenda/", meeting=coming.key)

    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.item.meeting, row.item.kind, row.item.title) == (coming, "proposal", "A shed")
    assert "On the agenda of Next meeting." in told(room, "ben", f"proposals/{row.key}/")
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
    assert "Waiting for a meeting" in told(room, "ben", "proposals/")

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


# --- the page of a proposal -----------------------------------------------------------------------


def test_versions_are_compared_word_by_word(room, body):
    play(room, DISCUSSED)
    for n, text in enumerate(("We build it of wood.", "We build it of oak, in May."), start=1):
        room.done("ben", "offer_amendment", amendment=f"a{n}", text=text)
        room.done("ana", "accept_amendment", amendment=f"a{n}")

    last = told(room, "cem", "proposals/p1/")
    assert "From version 2 to version 3" in last
    assert "wood." in last
    first = told(room, "cem", "proposals/p1/", **{"from": "1", "to": "3"})
    assert "From version 1 to version 3" in first
    back = told(room, "cem", "proposals/p1/", **{"from": "3", "to": "1"})
    assert "From version 3 to version 1" in back
    for wrong in ("99", "-1", "x", "١", "1e3", ""):
        page = told(room, "cem", "proposals/p1/", **{"from": wrong, "to": wrong})
        assert "From version 2 to version 3" in page
    digests = [one.digest for one in Proposal.objects.get(key="p1").versions.all()]
    assert len(digests) == 3
    assert all(digest in last for digest in digests)


def test_a_test_stands_with_numbers_and_reason_and_no_name_of_who_blocked(room, body):
    play(room, HEARD)
    page = told(room, "cem", "proposals/p1/")

    assert "Blocked by 1." in page
    assert "3 agree, 1 blocks." in page
    assert "The children play there." in page
    assert "a member" in page
    assert "Ben" not in page
    Participant.objects.filter(pk=room.people["ben"].pk).update(named=True)
    assert "Ben" in told(room, "cem", "proposals/p1/")


def test_a_vote_stands_with_its_share(room, body):
    decide_by(room, {"fallback": {"threshold": "2/3"}})
    play(room, [*HEARD, ("fay", "open_vote", {})])
    for who in ("fay", "ana", "cem"):
        room.done(who, "cast_ballot", choice="for")
    room.done("ben", "cast_ballot", choice="against")
    room.done("fay", "close_vote")
    page = told(room, "cem", "proposals/p1/")

    assert "3 for, 1 against, 0 abstain." in page
    assert "3 of 4 are for it (75 %): adopted." in page


# --- decisions ------------------------------------------------------------------------------------


def test_the_register_tells_how_when_and_by_how_many(room, body):
    row = adopted(room)
    for path in ("decisions/", f"decisions/{row.number}/"):
        page = told(room, "ben", path)
        assert "D-1" in page
        assert "by consensus" in page
        assert "4 agree." in page
        assert "4 who count were here." in page
        assert "version 1" in page
    assert "We build it." in told(room, "ben", "decisions/1/")
    assert "D-1" in told(room, "ben")
    assert "/decisions/1/" in told(room, "ben", "proposals/p1/")
    minutes = signed_in(room, "ben").get(f"/m/{room.meeting.key}/minutes/").content.decode()
    assert at(room, "decisions/1/") in minutes
    assert signed_in(room, "ben").get(at(room, "decisions/2/")).status_code == 404


def test_a_decision_on_paper_says_so_everywhere_until_two_confirmed_it(room, body):
    play(room, [PAPER, ("ben", "confirm_paper", {"decision": "d1"})])
    for path in ("", "decisions/", "decisions/1/"):
        page = told(room, "ben", path)
        assert "taken on paper" in page, path
        assert "rovisional: confirmed by 1 of 2" in page, path

    room.done("cem", "confirm_paper", decision="d1")

    for path in ("", "decisions/", "decisions/1/"):
        page = told(room, "ben", path)
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
    assert "It takes the place of D-1" in told(room, "ben", "decisions/2/")
    assert "D-2 took its place" in told(room, "ben", "decisions/1/")
    of_assembly = told(room, "ben")
    assert "decisions/2/" in of_assembly
    assert "decisions/1/" not in of_assembly
    entry = Entry.objects.filter(journal=room.meeting.journal, kind="proposals.adopted").last()
    assert entry.facts["supersedes"] == 1
    assert "supersedes" not in second.numbers
    minutes = signed_in(room, "ben").get(f"/m/{room.meeting.key}/minutes/").content.decode()
    assert "It takes the place of decision D-1." in minutes


def many_decisions(body: Assembly, n: int = 500) -> None:
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

    assert "Page 1 of 10" in told(room, "ben", "decisions/")
    for page in ("0", "11", "x"):
        assert "of 10" in told(room, "ben", "decisions/", page=page)


def test_decisions_are_found_by_words_and_by_number(room, body):
    many_decisions(body, 20)

    assert "1 decision found." in told(room, "ben", "decisions/", q="D-17")
    assert "20 decisions found." in told(room, "ben", "decisions/", q="bench BUILD")
    assert "Nothing has these words." in told(room, "ben", "decisions/", q="bench shed")
    assert told(room, "ben", "decisions/", q="%_\x00" + "9" * 300)


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
    assert "needs a holder" in told(room, "ben", "decisions/1/")

    sent(room, "ben", f"tasks/{task.pk}/", do="take")

    task.refresh_from_db()
    assert (task.holder, task.person) == ("Ben", room.people["ben"].person)
    assert "needs a holder" not in told(room, "ben", "decisions/1/")
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


# --- how we decide --------------------------------------------------------------------------------


def rule_form(room, **more) -> dict:
    """Return the form as the page fills it in, with changes."""
    page = signed_in(room, "fay").get(at(room, "deciding/change/"), {"preset": more.pop("way", "")})
    form = page.context["form"]
    said = {name: form[name].value() for name in form.fields}
    said = {name: value for name, value in said.items() if value is not None and value is not False}
    return {**said, **more}


def changed(room, **more):
    return sent(room, "fay", "deciding/change/", **rule_form(room, **more))


def rule_now(room) -> Assembly:
    return Assembly.objects.get(pk=room.assembly.pk)


def ended(room) -> None:
    room.done("fay", "end_meeting")


def test_every_way_of_deciding_is_explained_with_every_parameter(room, body):
    page = told(room, "ben", "deciding/")
    assert "Change single points" not in page
    assert len(house().ways) >= 10
    for way in house().ways.values():
        assert escape(str(way.label), quote=False) in page
        assert str(way.origin) in page
        assert escape(str(way.words), quote=False) in page
        assert len(way.parameters) >= 9
        for label, said in way.parameters:
            assert label and said, way.code
    commune = dict(house().ways["rojava_commune"].parameters)
    assert "2/5" in commune["Who must be here"]
    assert commune["Co-chairs, one each of"] == "women, men"
    start = signed_in(room, "ben").get("/start/").content.decode()
    assert start.count("Active agreement") == len(house().ways)


def test_only_organisers_change_the_rule(room, body):
    assert signed_in(room, "ben").get(at(room, "deciding/change/")).status_code == 404
    said = rule_form(room, max_blocks="2")
    assert sent(room, "ben", "deciding/change/", **said).status_code == 404
    assert rule_now(room).rule["max_blocks"] == 0


def test_the_same_again_is_no_change(room, body):
    before = rule_now(room).rule
    for way in ("", "full_consensus"):
        assert changed(room, way=way).status_code == 302
    assert rule_now(room).rule == before
    assert not [one for one in journal(room) if one.kind == "proposals.rule_changed"]


def test_a_way_is_picked_as_founded_and_the_record_says_so(room, body):
    answer = changed(room, way="modified_90_cooling")

    assert answer.status_code == 302
    after = rule_now(room)
    assert after.preset == "modified_90_cooling"
    assert after.rule == {**house().ways["modified_90_cooling"].rule, "quorum": "none"}
    entry = next(one for one in journal(room) if one.kind == "proposals.rule_changed")
    assert entry.facts["decision"] is None
    assert entry.facts["was"]["preset"] == "full_consensus"
    assert entry.facts["now"]["rule"]["cooling_off"] == "next_meeting"
    page = told(room, "ben", "deciding/")
    assert "From “Full consensus” to “Nine tenths at the next meeting”." in page
    assert "before the first meeting" in page
    assert holds(room)


def test_every_way_can_be_picked_and_reads_as_it_is_explained(room, body):
    for way in house().ways.values():
        changed(room, way=way.code)
        after = rule_now(room)
        assert after.preset == way.code
        usual = dict(parameter_words({**way.rule, "quorum": "none"}))
        assert dict(parameter_words(after.rule)) == usual, way.code


def test_the_share_that_overrides_is_changed_and_nothing_is_asked_of_blocks(room, body):
    changed(room, way="open_decisions_two_thirds")
    page = signed_in(room, "fay").get(at(room, "deciding/change/")).content.decode()
    for name in ("max_blocks", "stand_aside_limit", "validity", "threshold", "cooling_off"):
        assert f'name="{name}"' not in page
    changed(room, override="3/4", rounds_before_fallback="1")
    rule = rule_now(room).rule
    assert rule["override_question"] == "3/4"
    assert rule["positions"] == ["agree", "stand_aside", "disagree", "abstain"]
    told_so = told(room, "ben", "deciding/")
    assert "At least 3/4 of those who say yes or no must say yes." in told_so
    assert "1 test has come to no full agreement." in told_so

    changed(room, override="")
    assert read_rule(rule_now(room).rule).vote is None
    assert "Those who agree may act in their own name" in told(room, "ben", "deciding/")


def test_single_points_are_changed_and_read_as_exact_shares(room, body):
    changed(
        room,
        quorum="5",
        max_blocks="1",
        stand_aside_limit="1 / 5",
        min_answered="3/5",
        validity="invalidate_if",
        validity_share="3/4",
        threshold="9/10",
        strict="on",
        denominator="for+against+stand_asides",
        rounds_before_fallback="2",
        cooling_off="days",
        cooling_off_days="3",
        review_after="6",
    )
    rule = rule_now(room).rule
    assert rule["quorum"] == 5
    assert rule["stand_aside_limit"] == "1/5"
    assert rule["block_validity"] == {"kind": "invalidate_if", "share": "3/4", "strict": False}
    assert rule["fallback"]["threshold"] == "9/10"
    assert rule["cooling_off"] == 3
    assert rule["positions"] == house().ways["full_consensus"].rule["positions"]
    page = told(room, "ben", "deciding/")
    for sentence in (
        "5 people must be here.",
        "If more than 1/5 of those here stand aside",
        "It falls if 3/4 of the others find it invalid.",
        "more than 9/10 of those who vote for or against, and who stood aside",
        "2 tests have failed and every block was heard. It rests for 3 days",
        "After 6 months",
        "Some of it is set otherwise here",
    ):
        assert sentence in page

    changed(room, threshold="", review_after="", cooling_off="none", validity="none")
    rule = rule_now(room).rule
    assert (rule["fallback"], rule["review_after"], rule["cooling_off"]) == ("none",) * 3
    assert "No vote" in told(room, "ben", "deciding/")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"max_blocks": "-1"}, "greater than or equal to 0"),
        ({"max_blocks": "1.5"}, "whole number"),
        ({"stand_aside_limit": "0.25"}, "Write a share from 0 to 1"),
        ({"stand_aside_limit": "3/2"}, "Write a share from 0 to 1"),
        ({"min_answered": "1/0"}, "Write a share from 0 to 1"),
        ({"min_answered": ""}, "This field is required."),
        ({"threshold": "most"}, "Write a share from 0 to 1"),
        ({"denominator": "neighbours"}, "Select a valid choice."),
        ({"validity": "valid_if"}, "This is needed with what is chosen above."),
        ({"cooling_off": "days"}, "This is needed with what is chosen above."),
        ({"quorum": "a lot"}, "Write a number of people, or a share"),
        ({"quorum": "1/3"}, "A share needs a closed roll."),
        ({"decision": "7"}, "Select a valid choice."),
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_a_sentence(room, body, wrong, sentence):
    page = changed(room, **wrong)

    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert rule_now(room).rule == room.assembly.rule


def test_an_assembly_that_has_met_changes_its_rule_by_a_decision(room, body):
    adopted(room)
    play(room, [PAPER])
    assert "As founded" in signed_in(room, "fay").get(at(room, "deciding/change/")).content.decode()
    ended(room)

    refused = changed(room, max_blocks="1")
    assert "changes how it decides by a decision" in refused.content.decode()
    provisional = changed(room, max_blocks="1", decision="2")
    assert "Select a valid choice." in provisional.content.decode()
    assert rule_now(room).rule["max_blocks"] == 0

    assert changed(room, max_blocks="1", decision="1").status_code == 302

    assert rule_now(room).rule["max_blocks"] == 1
    entry = next(one for one in journal(room) if one.kind == "proposals.rule_changed")
    assert entry.facts["decision"] == 1
    page = told(room, "ben", "deciding/")
    assert "by decision D-1" in page
    assert "Blocks that do not stop it:" in page


def test_a_meeting_under_way_keeps_the_rule_it_began_with(room, body):
    play(room, HEARD)
    before = rule_of(read(room.meeting).meeting)
    changed(room, max_blocks="3", threshold="1/2")
    coming = planned(room)

    assert rule_now(room).rule["max_blocks"] == 3
    assert rule_of(read(room.meeting).meeting) == before
    assert before.max_blocks == 0
    assert room.refused("fay", "open_vote") == "no_fallback"
    assert "Monday meeting is under way" in told(room, "ben", "deciding/")
    assert coming.rule == {}


def test_a_share_of_a_closed_roll_may_be_the_quorum(room, body):
    Assembly.objects.filter(pk=body.pk).update(admission="counted_in", roll=30)
    changed(room, quorum="2/6")
    assert rule_now(room).rule["quorum"] == {"share": "1/3"}
    too_many = changed(room, quorum="31")
    assert "31 is more than the 30 on the roll." in too_many.content.decode()
