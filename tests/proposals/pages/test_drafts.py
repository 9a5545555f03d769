"""The pages of drafts: written, submitted, thrown away, withdrawn."""

from html import escape

import pytest
from django.test import Client
from django.utils import timezone

from proposals.models import Decision, Proposal, Task
from tests.proposals.pages.visiting import (
    DRAFT,
    NASTY,
    at,
    drafted,
    holds,
    journal,
    page_text,
    planned,
    sent,
    signed_in,
    submitted,
)

pytestmark = pytest.mark.django_db


def test_a_draft_is_its_authors_alone_until_it_is_submitted(room, body):
    row = drafted(room)
    where = f"proposals/{row.key}/"

    assert row.phase == "draft"
    assert "<strong>a shed</strong>" in page_text(room, "ana", where)
    assert "A shed" in page_text(room, "ana", "proposals/")
    for ending in ("", "change/"):
        assert signed_in(room, "ben").get(at(room, where + ending)).status_code == 404
    for step in ("submit/", "withdraw/", "change/"):
        assert sent(room, "fay", where + step, **DRAFT).status_code == 404
    assert "A shed" not in page_text(room, "ben", "proposals/")
    assert "A shed" not in page_text(room, "ben")
    assert [one.kind for one in journal(room)][-1] != "proposals.draft_submitted"


def test_submitting_freezes_the_text_and_writes_an_entry(room, body):
    row = drafted(room)
    sent(room, "ana", f"proposals/{row.key}/change/", **{**DRAFT, "draft": "We build it."})
    sent(room, "ana", f"proposals/{row.key}/submit/")

    row.refresh_from_db()
    version = row.versions.get()
    assert (row.phase, row.draft, row.version) == ("submitted", "", 1)
    assert version.text == "We build it."
    assert version.digest in page_text(room, "ben", f"proposals/{row.key}/")
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
    assert "Withdrawn" in page_text(room, "ben", "proposals/")


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
        page = page_text(room, "fay", path)
        assert "<script>alert" not in page, path
        assert "</section>\"'" not in page, path
        assert 'href="javascript' not in page, path
        assert 'evil.example/x.png"' not in page, path
        assert " style=" not in page
    assert escape(NASTY) in page_text(room, "fay", f"proposals/{row.key}/").replace(
        "&#x27;", "&#x27;"
    )
