"""Open decisions: people disagree instead of blocking, and two thirds can override (S11)."""

import pytest
from django.test import Client

from assemblies.door.journal import read
from assemblies.live.printing import CLASSES, FACILITATOR, MEMBER, PROJECTOR, print_panels
from assemblies.models import Entry, Membership
from assemblies.screens.now import primary, stage_and_next
from proposals.models import ConsensusTest, Decision
from tests.proposals.records.test_minutes import told_of
from tests.proposals.screens.test_moves import big, press, shown
from tests.proposals.stories import DISCUSSED, decide_by
from tests.rooms import Room, make_room

pytestmark = pytest.mark.django_db
SEVEN = ("fay", "ana", "ben", "cem", "dan", "eva", "gus")
FIRST = ("agree", "agree", "agree", "agree", "stand_aside", "disagree", "disagree")
SECOND = ("agree", "agree", "agree", "agree", "stand_aside", "agree", "disagree")
OVERRIDDEN = ("for", "for", "for", "for", "against", "for", "against")
NOT = ("for", "for", "for", "against", "against", "for", "against")
OWN_NAME = "Those who agree may act in their own name, quoting it."


@pytest.fixture
def seven() -> Room:
    """A room of seven that decides by degree, with a proposal discussed."""
    room = make_room(
        *(name.title() for name in SEVEN[1:]), preset="open_decisions_two_thirds", quorum=5
    )
    room.at(0)
    for who, do, args in DISCUSSED:
        room.done(who, do, **args)
    return room


def ask(room: Room, answers) -> dict:
    """Hold a test in which the seven answer so, and return its state."""
    room.done("fay", "open_test")
    for who, position in zip(SEVEN, answers, strict=False):
        room.done(who, "take_position", position=position)
    room.at((room.clock - room._start).total_seconds() + 20)
    room.done("fay", "close_test")
    return room.state["proposal"]["test"]


def amend(room: Room, text: str = "We build half of it.") -> None:
    """Have an amendment offered and accepted."""
    room.done("eva", "offer_amendment", amendment="a1", text=text)
    room.done("ana", "accept_amendment", amendment="a1")


def two_rounds(room: Room) -> None:
    """Hold two tests without full agreement, on two versions."""
    ask(room, FIRST)
    amend(room)
    ask(room, SECOND)


def answer(room: Room, choices) -> None:
    """Put the override question, have the seven answer so, and close it."""
    room.done("fay", "open_vote")
    for who, choice in zip(SEVEN, choices, strict=False):
        room.done(who, "cast_ballot", choice=choice)
    room.done("fay", "close_vote")


def test_the_degree_is_in_the_state_the_row_and_the_journal(seven):
    found = ask(seven, FIRST)

    assert (found["degree"], found["percent"]) == ("5/7", "71.43")
    assert found["outcome"] == "INSUFFICIENT_AGREEMENT"
    assert found["positions"] == {"agree": 4, "stand_aside": 1, "disagree": 2, "abstain": 0}
    assert ConsensusTest.objects.get().counts["degree"] == "5/7"
    assert Entry.objects.get(kind="proposals.test_closed").facts["degree"] == "5/7"
    seven.done("fay", "open_test")
    assert seven.state["proposal"]["test"]["degree"] is None
    seven.done("ana", "take_position", position="agree")
    seven.done("eva", "take_position", position="disagree")
    assert seven.state["proposal"]["test"]["degree"] == "1/2"


def test_full_agreement_is_adopted_as_such(seven):
    found = ask(seven, ("agree", "stand_aside", "abstain", "agree"))
    assert (found["outcome"], found["degree"], found["percent"]) == ("CONSENSUS", "3/3", "100.00")
    assert seven.refused("fay", "open_vote") == "wrong_phase"
    seven.done("fay", "adopt")

    assert "Decision D-1, in full agreement, version 1" in told_of(seven.meeting)


def test_the_override_question_waits_for_its_rounds_and_says_how_many(seven):
    assert "2 more rounds" in seven.act("fay", "open_vote").why
    ask(seven, FIRST)
    early = seven.act("fay", "open_vote")
    assert (early.code, early.why[:12]) == ("wrong_phase", "1 more round")
    amend(seven)
    ask(seven, SECOND)
    amend_again = {"amendment": "a2", "text": "We build a third of it."}
    seven.done("eva", "offer_amendment", **amend_again)
    seven.done("ana", "accept_amendment", amendment="a2")

    untested = seven.act("fay", "open_vote")

    assert untested.code == "wrong_phase"
    assert "No test on version 3 left objections" in untested.why
    ask(seven, SECOND)
    for phase in ("discussion", "amending"):
        seven.done("fay", "set_phase", phase=phase)
    seven.done("fay", "open_vote")


def test_too_few_answers_leave_nothing_to_override(seven):
    ask(seven, FIRST)
    assert ask(seven, ("agree", "disagree"))["outcome"] == "TOO_FEW_ANSWERS"

    assert seven.refused("fay", "open_vote") == "wrong_phase"


def test_where_nothing_overrides_nothing_is_asked(seven):
    decide_by(seven, {"override_question": "none", "fallback": "none"})
    two_rounds(seven)

    assert seven.refused("fay", "open_vote") == "no_fallback"
    assert big(seven) == ("Go on: Amending", "set_phase")
    assert "By this way of deciding nothing is put to a vote." in shown(seven, FACILITATOR)


@pytest.mark.parametrize("phase", ["concerns", "discussion", "amending"])
def test_without_a_quorum_at_closing_it_goes_back_to_where_it_came_from(seven, phase):
    two_rounds(seven)
    if phase != "concerns":
        seven.done("fay", "set_phase", phase=phase)
    seven.done("fay", "open_vote")
    seven.done("ana", "cast_ballot", choice="for")
    for who in SEVEN[4:]:
        seven.done(who, "leave")

    seven.done("fay", "close_vote")

    proposal = seven.state["proposal"]
    assert (proposal["phase"], proposal["vote"]["passed"]) == (phase, None)
    assert proposal["vote"]["for"] == 0
    assert "The question is void." in shown(seven, MEMBER)
    for who in SEVEN[4:]:
        seven.done(who, "check_in")
    ask(seven, SECOND)
    assert "The question is void." not in shown(seven, MEMBER)
    answer(seven, OVERRIDDEN)
    assert seven.state["proposal"]["vote"]["passed"] is True


def test_what_is_overridden_says_so_everywhere(seven, client):
    two_rounds(seven)
    answer(seven, OVERRIDDEN)
    for audience in CLASSES:
        assert "Agreed, by override: 5 of 7." in shown(seven, audience), audience
    seven.done("fay", "adopt")

    row = Decision.objects.get()
    assert row.how == "vote"
    assert (row.numbers["override"], row.numbers["degree"]) == ("2/3", "6/7")
    minutes = told_of(seven.meeting)
    for told in (
        "4 agree, 1 stands aside, 2 disagree. 7 who count were here. No full agreement.",
        "Degree of agreement: 5/7, 71.43 %.",
        "Asked of version 2: Are we willing to override the remaining objections?",
        "Degree of agreement: 6/7, 85.71 %.",
        "5 yes, 2 no, 0 abstain. Agreed, by override: 5 of 7.",
        "Decision D-1, agreed, by override: 5 of 7, version 2: We build half of it.",
    ):
        assert told in minutes, told
    member = seven.people["ben"].person
    Membership.objects.get_or_create(assembly=seven.assembly, person=member)
    client.force_login(member)
    for path in ("decisions/1/", "proposals/p1/"):
        page = client.get(f"/a/{seven.assembly.key}/{path}").content.decode()
        assert "agreed, by override: 5 of 7" in page


def test_what_is_not_overridden_says_the_degree_and_what_may_be_done(seven, client):
    two_rounds(seven)
    answer(seven, NOT)

    assert seven.state["proposal"]["phase"] == "not_adopted"
    told = f"Degree of agreement: 6/7, 85.71 %. {OWN_NAME}"
    for audience in CLASSES:
        html = shown(seven, audience)
        assert "4 of 7 said yes; 5 must, which is 2/3." in html, audience
        assert told in html, audience
    assert told in told_of(seven.meeting)
    member = seven.people["ben"].person
    Membership.objects.get_or_create(assembly=seven.assembly, person=member)
    client.force_login(member)
    page = client.get(f"/a/{seven.assembly.key}/proposals/p1/").content.decode()
    assert told in page
    assert "Override question on version 2" in page
    assert "4 yes, 3 no, 0 abstain." in page


def test_the_pad_of_a_phone_offers_the_four_positions_and_then_yes_and_no(seven):
    def phone() -> str:
        """Return the part of Ben's page that asks for an answer."""
        client = Client()
        client.force_login(seven.people["ben"].person)
        page = client.get(f"/m/{seven.meeting.key}/").content.decode()
        return page.partition('id="asked"')[2].partition("</section>")[0]

    two_rounds(seven)
    seven.done("fay", "open_test")
    pad = phone()
    for code in ("agree", "stand_aside", "disagree", "abstain"):
        assert f'id="position-{code}"' in pad
    assert "block-sheet" not in pad
    assert "reservations" not in pad.partition("for-vote")[0].partition('id="why"')[0]
    for who, position in zip(SEVEN, SECOND, strict=True):
        seven.done(who, "take_position", position=position)
    seven.done("fay", "close_test")
    seven.done("fay", "open_vote")
    pad = phone()

    assert "Are we willing to override the remaining objections?" in pad
    ballots = pad.partition("for-vote")[2].partition("for-check")[0]
    for code, label in (("for", "Yes"), ("against", "No"), ("abstain", "Abstain")):
        button = ballots.partition(f'id="ballot-{code}"')[2].partition("</button>")[0]
        assert f'<span class="word">{label}</span>' in button


def test_the_console_leads_through_the_rounds_to_the_override_question(seven):
    ask(seven, FIRST)
    first = primary(read(seven.meeting, now=seven.clock))
    assert (first["label"], first["why"][:12]) == ("Go on: Amending", "1 more round")
    press(seven)
    amend(seven)
    assert big(seven)[0] == "Test for consensus on version 2"
    ask(seven, SECOND)
    asks = primary(read(seven.meeting, now=seven.clock))

    assert asks["label"] == "Ask whether to override the objections"
    assert asks["why"] == "Degree of agreement: 6/7, 85.71 %."
    assert stage_and_next(read(seven.meeting, now=seven.clock), None, None)[1] == (
        "Degree of agreement: 6/7, 85.71 %. Next: more changes, or the override question (2/3)."
    )
    press(seven)
    for who, choice in zip(SEVEN, OVERRIDDEN, strict=True):
        seven.done(who, "cast_ballot", choice=choice)
    wall = shown(seven, PROJECTOR)
    assert "Override question on version 2" in wall
    assert "At least 2/3 of those who say yes or no must say yes." in wall
    assert [press(seven), press(seven)] == ["Close the override question", "Record the decision"]


def test_no_screen_names_who_disagrees(seven):
    ask(seven, FIRST)
    page = read(seven.meeting, now=seven.clock)
    for audience in (MEMBER, PROJECTOR, FACILITATOR):
        panel = print_panels(page, f"{audience}.en")["test"]
        assert "No full agreement." in panel
        assert "Eva" not in panel
        assert "Gus" not in panel
