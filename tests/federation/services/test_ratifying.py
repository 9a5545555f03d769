"""The bases answer what a council agreed on: S13, S14, referenda of all members, opting out."""

from datetime import timedelta

import pytest

from assemblies.door.journal import read
from assemblies.models import Entry, Membership
from assemblies.rules.errors import Refused
from assemblies.services.founding import new_meeting
from federation.models import CouncilItem, MemberAnswer, OptOut, Ratification
from federation.reading.items import phase_now
from federation.services.answers_due import settle_windows
from federation.services.joining import above
from federation.services.ratifying import phase_by_answers
from federation.services.referendum import answer_as_member
from proposals.models import Proposal
from tests.federation.counting import bases_of, people_of
from tests.federation.several import confederate

pytestmark = pytest.mark.django_db
NINE = (120, 95, 80, 60, 45, 40, 30, 20, 10)


def kinds(journal):
    rows = Entry.objects.filter(journal=journal).order_by("seq")
    return [kind.partition(".")[2] for kind in rows.values_list("kind", flat=True)]


def body(several):
    return kinds(several.council.assembly.journal)


def nine():
    several = confederate("ABCDEFGHI", members=NINE, seats=1)
    several.carry("A")
    several.agreed()
    return several


@pytest.mark.parametrize(
    ("accepting", "phase"),
    [("ABCDEF", "in_force"), ("DEFGHI", "lapsed"), ("ABCDE", "lapsed"), ("BDEGHI", "in_force")],
)
def test_s13_nine_assemblies_answer_within_21_days(accepting, phase):
    several = nine()
    several.answer(accepting)

    several.later(days=22)

    assert phase_now(several.item("q1"), several.clock) == phase
    settle_windows(several.clock)
    assert several.item("q1").phase == phase
    assert body(several).count("lapsed") == (phase == "lapsed")
    settle_windows(several.clock)
    assert body(several).count("lapsed") == (phase == "lapsed")
    if phase == "lapsed":
        assert (
            several.refused(
                "I" if "I" not in accepting else "A", "ratify", item="q1", answer="accept"
            )
            == "closed"
        )
        assert several.notices("A")[-1] == "lapsed"


def test_s13_it_holds_as_soon_as_enough_accept_and_a_unit_may_opt_out():
    several = nine()
    several.answer("ABCDE")
    assert several.item("q1").phase == "provisional"

    several.answer("F")

    assert several.item("q1").phase == "in_force"
    assert body(several).count("unit_answered") == 6
    assert body(several)[-1] == "item_in_force"
    assert several.notices("I")[-1] == "item_in_force"
    assert several.refused("G", "ratify", item="q1", answer="accept") == "wrong_phase"
    decision = several.decide("I", "Not we")
    assert several.refused("I", "opt_out", item="q1", decision=decision) == "reason_required"
    several.act("I", "opt_out", item="q1", reason="We own our houses.", decision=decision)
    assert several.refused("I", "opt_out", item="q1", reason="Again.") == "already_done"
    assert OptOut.objects.get().unit == several["I"].assembly
    assert several.item("q1").phase == "in_force"
    assert several.notices("A")[-1] == "unit_opted_out"


def test_s13_a_unit_returns_it_once_and_the_next_version_goes_to_all_nine():
    several = nine()
    several.answer("ABC")
    several.later(days=9)
    former = several.item("q1").text

    several.answer("G", "return", reason="Nobody alone.", change="One rent, and nobody alone.")

    item = several.item("q1")
    assert (item.phase, item.version, item.text) == (
        "provisional",
        2,
        "One rent, and nobody alone.",
    )
    assert item.answer_until == several.clock + timedelta(days=21)
    assert [row.text for row in item.proposal.versions.all()] == [former, item.text]
    assert item.proposal.version == 2
    for letter in "ABCDEFGHI":
        assert several.notices(letter)[-1] == "item_returned"
    decision = several.decide("G", "Once more")
    again = {"item": "q1", "answer": "return", "reason": "Still.", "change": "Else."}
    assert several.refused("G", "ratify", decision=decision, **again) == "already_done"
    several.answer("ABCDE")
    assert several.item("q1").phase == "provisional"
    several.answer("G")
    assert several.item("q1").phase == "in_force"


def twelve(**more):
    letters = "ABCDEFGHIJKL"
    several = confederate(letters, preset="zapatista_consultation", seats=1, **more)
    several.carry("A")
    several.agreed()
    return several, letters


def test_s14_the_change_of_one_goes_back_to_all_twelve_until_all_agree():
    several, letters = twelve()
    several.answer(letters[:11])
    several.later(days=75)

    several.answer("L", "return", reason="With the river.", change="The river too.")

    assert several.item("q1").version == 2
    several.later(days=55)
    several.answer(letters[:11])
    assert several.item("q1").phase == "provisional"
    several.answer("L")
    assert several.item("q1").phase == "in_force"
    made = Ratification.objects.filter(item__key="q1", version=2)
    assert made.values("decision").distinct().count() == 12
    assert several.refused("A", "opt_out", item="q1", reason="No.") == "no_opt_out"


def test_s14_silence_is_waited_for_and_never_lapses():
    several, letters = twelve()
    several.answer(letters[:11])
    council = several.meet()
    several.later(days=91)

    read(council.meeting, now=several.clock)

    item = several.item("q1")
    assert (item.phase, phase_now(item, several.clock)) == ("provisional", "provisional")
    told = Entry.objects.get(journal=council.meeting.journal, kind="federation.item_waiting")
    assert told.facts["waiting"] == 1
    assert several.notices("L")[-1] == "item_waiting"
    assert "item_waiting" not in several.notices("A")
    several.later(days=300)
    read(council.meeting, now=several.clock)
    several.answer("L")
    assert several.item("q1").phase == "in_force"


def test_s14_one_rejection_brings_it_back_to_the_discussion():
    several, letters = twelve()
    several.answer(letters[:5])

    several.answer("F", "reject", reason="The forest is left out.")

    item = several.item("q1")
    assert (item.phase, item.answer_until, item.version) == ("returned", None, 1)
    assert Proposal.objects.get(key="q1").phase == "referred"
    assert several.refused("G", "ratify", item="q1", answer="accept") == "wrong_phase"
    for letter in letters:
        assert several.notices(letter)[-1] == "item_brought_back"


def test_what_came_back_without_a_text_is_sent_round_by_the_council():
    several = confederate("ABC", seats=1)
    several.carry("A")
    several.agreed()
    several.answer("B", "return", reason="Say for how long.")
    council = several.meet()
    assert several.item("q1").phase == "returned"

    assert council.refused("b1", "send_round", item="q1", text="T") == "not_your_role"
    assert council.refused("a1", "send_round", item="q1") == "reason_required"
    council.done("a1", "send_round", item="q1", text="One rent, for a year.")

    item = several.item("q1")
    assert (item.phase, item.version, item.text) == ("provisional", 2, "One rent, for a year.")
    assert item.answer_until == several.clock + timedelta(days=21)
    assert Proposal.objects.get(key="q1").phase == "adopted"
    assert council.refused("a1", "send_round", item="q1", text="T") == "wrong_phase"
    several.answer("AB")
    assert several.item("q1").phase == "in_force"


def test_the_council_takes_up_again_what_came_back_and_former_answers_do_not_count():
    several = confederate("ABC", seats=1, rule={"debate": False})
    several.carry("A")
    several.agreed()
    several.answer("B", "return", reason="Say for how long.")
    council = several.meet()
    council.done("a1", "bring_proposal", proposal="q1")
    assert several.item("q1").phase == "open"
    row = council.meeting.items.get(title="One rent")
    council.done("a1", "take_up_item", item=row.key)
    council.done("a1", "present_proposal")
    council.done("a1", "set_phase", phase="discussion")
    council.done("a1", "open_test")
    decide_in(several, council)
    council.done("a1", "adopt")

    item = several.item("q1")
    assert (item.phase, item.version, item.outcome.number) == ("provisional", 2, 1)
    several.answer("AB")
    assert several.item("q1").phase == "in_force"


def decide_in(several, council):
    """Have all agree, as their bases told them to."""
    for letter in "ABC":
        decision = several.decide(letter, "What we say")
        several.act(letter, "give_mandate", item="q1", position="agree", decision=decision)
        council.done(f"{letter.lower()}1", "take_position", position="agree")
    several.later(seconds=30)
    council.done("a1", "close_test")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "unknown"),
        ({"answer": "maybe"}, "unknown"),
        ({"answer": "return"}, "reason_required"),
        ({"answer": "reject"}, "reason_required"),
        ({"answer": "accept", "change": "Other."}, "unknown"),
        ({"answer": "return", "reason": "So.", "change": "One rent."}, "already_done"),
        ({"answer": "accept", "item": "nothing"}, "unknown"),
        ({"answer": "accept", "decision": "nothing"}, "no_decision"),
    ],
)
def test_an_answer_that_does_not_count_changes_nothing(said, code):
    several = confederate("AB", seats=1)
    several.carry("A")
    several.agreed()

    assert several.refused("B", "ratify", **{"item": "q1", **said}) == code
    assert several["B"].refused("b2", "ratify", item="q1", answer="accept") == "not_your_role"
    assert not Ratification.objects.exists()


def test_an_observer_is_not_asked_and_a_version_is_answered_once():
    several = confederate("ABC", seats=1)
    several.carry("A")
    several.agreed()
    several.act("C", "leave_council")
    several.act("C", "join_council", council="x", **{"as": "observer"})

    assert several.refused("C", "ratify", item="q1", answer="accept") == "does_not_count"
    several.answer("A")
    assert several.refused("A", "ratify", item="q1", answer="reject", reason="No.") == (
        "already_done"
    )


def test_a_meeting_of_the_council_writes_a_lapse_down_once_dated_when_it_was_due():
    several = confederate("ABC", seats=1)
    several.carry("A")
    until = several.agreed().answer_until
    council = several.meet()
    new_meeting(council.assembly, title="Next", starts_at=several.clock + timedelta(days=30))
    several.later(days=25)

    read(council.meeting, now=several.clock)

    assert several.item("q1").phase == "lapsed"
    told = Entry.objects.filter(kind="federation.lapsed")
    assert [(entry.journal, entry.at) for entry in told] == [(council.meeting.journal, until)]
    read(council.assembly.meetings.get(title="Next"), now=several.clock)
    assert told.count() == 1


def test_a_unit_that_is_a_council_answers_for_all_its_bases_each_once():
    several = confederate("ABC", members=(30, 20, 10), seats=1)
    unit = several.council.assembly

    assert [base.name[0] for base in sorted(bases_of(unit), key=str)] == ["A", "B", "C"]
    assert people_of(unit) == 60
    assert people_of(several["B"].assembly) == 20
    assert above()[several["A"].assembly.key] == ["x"]


# --- all members decide ---------------------------------------------------------------------------


def referendum():
    several = confederate("ABC", preset="membership_referendum", seats=1)
    several.carry("A")
    return several, several.agreed()


def test_all_members_decide_each_once_over_all_units():
    several, item = referendum()
    # Somebody of A belongs to B too, and is asked once.
    Membership.objects.create(assembly=several["B"].assembly, person=several.person("a2"))
    for name in ("a1", "a2", "b1", "b2"):
        answer_as_member(item, several.person(name), "against", several.clock)
    for name in ("a1", "a2", "a3", "b1", "c1"):
        answer_as_member(item, several.person(name), "for", several.clock)
    answer_as_member(item, several.person("c2"), "abstain", several.clock)
    assert MemberAnswer.objects.count() == 7
    several.later(days=15)
    assert phase_now(item, several.clock) == "provisional"

    settle_windows(several.clock)

    item = several.item("q1")
    assert item.phase == "in_force"
    counts = item.adopted["members"]
    assert (counts["for"], counts["against"], counts["abstain"]) == (5, 1, 1)
    keys = {letter: several[letter].assembly.key for letter in "ABC"}
    assert counts["by_unit"][keys["A"]] == {"for": 3, "against": 0, "abstain": 0}
    assert counts["by_unit"][keys["B"]] == {"for": 1, "against": 1, "abstain": 0}
    assert not MemberAnswer.objects.exists()
    assert body(several)[-1] == "members_counted"
    assert several.notices("C")[-1] == "item_in_force"


@pytest.mark.parametrize("said", [[], ["for", "against"], ["abstain"]])
def test_half_is_no_majority_of_members(said):
    several, item = referendum()
    for name, answer in zip(("a1", "b1"), said, strict=False):
        answer_as_member(item, several.person(name), answer, several.clock)

    several.later(days=15)
    settle_windows(several.clock)

    assert several.item("q1").phase == "not_agreed"


def test_who_may_answer_a_referendum_and_until_when():
    several, item = referendum()
    person = several.person("a1")
    Membership.objects.filter(person=several.person("c3")).update(left_at=several.clock)

    def refused(who, answer="for", now=None):
        with pytest.raises(Refused) as no:
            answer_as_member(item, who, answer, now or several.clock)
        return no.value.code

    assert refused(several.person("c3")) == "does_not_count"
    assert refused(person, "yes") == "unknown"
    assert refused(person, now=item.answer_until + timedelta(seconds=1)) == "closed"
    assert several.refused("A", "ratify", item="q1", answer="accept") == "all_members_decide"
    CouncilItem.objects.update(phase="open")
    assert refused(person) == "wrong_phase"
    several.council.rule = {}
    several.council.save()
    assert refused(person) == "no_such_way"
    assert phase_by_answers(several.item("q1")) == "provisional"


def test_a_window_ends_by_the_rule_that_holds_then():
    several = confederate("ABC", seats=1)
    several.carry("A")
    several.agreed()
    several.answer("A")
    several.council.rule = {**several.council.rule, "ratify_units": "1/3", "ratify_members": "1/4"}
    several.council.save()

    several.later(days=22)
    settle_windows(several.clock)

    assert several.item("q1").phase == "in_force"
    assert "item_in_force" in several.notices("B")
    assert body(several).count("item_in_force") == 1
