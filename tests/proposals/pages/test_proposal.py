"""The page of a proposal: its versions, tests and votes."""

import pytest

from assemblies.models import Participant
from proposals.models import Proposal
from tests.proposals.pages.visiting import page_text
from tests.proposals.stories import DISCUSSED, HEARD, decide_by, play

pytestmark = pytest.mark.django_db


def test_versions_are_compared_word_by_word(room, body):
    play(room, DISCUSSED)
    for n, text in enumerate(("We build it of wood.", "We build it of oak, in May."), start=1):
        room.done("ben", "offer_amendment", amendment=f"a{n}", text=text)
        room.done("ana", "accept_amendment", amendment=f"a{n}")

    last = page_text(room, "cem", "proposals/p1/")
    assert "From version 2 to version 3" in last
    assert "wood." in last
    first = page_text(room, "cem", "proposals/p1/", **{"from": "1", "to": "3"})
    assert "From version 1 to version 3" in first
    back = page_text(room, "cem", "proposals/p1/", **{"from": "3", "to": "1"})
    assert "From version 3 to version 1" in back
    for wrong in ("99", "-1", "x", "١", "1e3", ""):
        page = page_text(room, "cem", "proposals/p1/", **{"from": wrong, "to": wrong})
        assert "From version 2 to version 3" in page
    digests = [one.digest for one in Proposal.objects.get(key="p1").versions.all()]
    assert len(digests) == 3
    assert all(digest in last for digest in digests)


def test_a_test_stands_with_numbers_and_reason_and_no_name_of_who_blocked(room, body):
    play(room, HEARD)
    page = page_text(room, "cem", "proposals/p1/")

    assert "Blocked by 1." in page
    assert "3 agree, 1 blocks." in page
    assert "The children play there." in page
    assert "a member" in page
    assert "Ben" not in page
    Participant.objects.filter(pk=room.people["ben"].pk).update(named=True)
    assert "Ben" in page_text(room, "cem", "proposals/p1/")


def test_a_vote_stands_with_its_share(room, body):
    decide_by(room, {"fallback": {"threshold": "2/3"}})
    play(room, [*HEARD, ("fay", "open_vote", {})])
    for who in ("fay", "ana", "cem"):
        room.done(who, "cast_ballot", choice="for")
    room.done("ben", "cast_ballot", choice="against")
    room.done("fay", "close_vote")
    page = page_text(room, "cem", "proposals/p1/")

    assert "3 for, 1 against, 0 abstain." in page
    assert "3 of 4 are for it (75 %): adopted." in page
