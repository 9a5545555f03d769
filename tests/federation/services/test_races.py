"""Units that answer at the same moment, on SQLite and on PostgreSQL."""

import pytest

from assemblies.models import Entry, Journal, Meeting
from federation.models import Notice, Ratification
from tests.assemblies.test_races import all_at_once
from tests.federation.several import confederate

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]
SIX = "ABCDEF"


def test_units_that_answer_at_once_bring_an_item_in_force_once():
    several = confederate(SIX, seats=1)
    several.carry("A")
    several.agreed()
    several.meet()
    decisions = {letter: several.decide(letter, "Our answer") for letter in SIX}

    def answer(letter: str):
        said = {"item": "q1", "answer": "accept", "decision": decisions[letter]}
        return several[letter].act(f"{letter.lower()}1", "ratify", **said)

    answers = all_at_once([lambda letter=letter: answer(letter) for letter in SIX])

    # Four of six are two thirds, and more than half of the members: later ones find it settled.
    assert sorted(answer.code for answer in answers) == [*[""] * 4, "wrong_phase", "wrong_phase"]
    assert several.item("q1").phase == "in_force"
    assert Ratification.objects.count() == 4
    assert Notice.objects.filter(kind="item_in_force").count() == len(SIX)
    bodies = [several.council.assembly.journal, several["X"].meeting.journal]
    for journal in bodies:
        told = Entry.objects.filter(journal=journal, kind="federation.item_in_force")
        assert told.count() == 1
    for journal in Journal.objects.filter(meeting__in=Meeting.objects.all()):
        seqs = list(journal.entries.order_by("seq").values_list("seq", flat=True))
        assert seqs == list(range(1, journal.seq + 1))
