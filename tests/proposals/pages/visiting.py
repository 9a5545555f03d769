"""How the tests of pages look at pages, send forms and write drafts."""

import re
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from assemblies.door.verifying import finding_of
from assemblies.models import Entry, Journal, Meeting
from assemblies.rules import Line
from assemblies.services.founding import new_meeting
from proposals.models import Decision, Proposal
from tests.proposals.stories import AGREED, play

DRAFT = {
    "title": "A shed",
    "draft": "We build **a shed**.\n\n- of wood",
    "needs": "Bicycles stand in the rain.",
    "decision_class": "ordinary",
}
NASTY = "<script>alert(1)</script>\"'</section>"


def signed_in(room, name: str) -> Client:
    """Return a browser in which somebody of the room is signed in."""
    client = Client()
    client.force_login(room.people[name].person)
    return client


def at(room, path: str = "") -> str:
    """Return the address of a page of the room's assembly."""
    return f"/a/{room.assembly.key}/{path}"


def page_text(room, name: str, path: str = "", **asked) -> str:
    """Return a page as somebody sees it, without the tokens of its forms."""
    answer = signed_in(room, name).get(at(room, path), asked)
    assert answer.status_code == 200, (path, answer.status_code)
    # A token is sixty-four letters by chance, in which any short name may stand.
    return re.sub(r'value="\w{64}"', "", answer.content.decode())


def sent(room, name: str, path: str, **said):
    """Send a form as somebody and return the answer."""
    return signed_in(room, name).post(at(room, path), said)


def journal(room) -> list[Entry]:
    """Return the entries of the assembly's own journal, in order."""
    return list(Entry.objects.filter(journal=room.assembly.journal).order_by("seq"))


def holds(room) -> bool:
    """Say whether the journals of the assembly and of its meeting verify."""
    chains = (room.assembly.journal_id, room.meeting.journal_id)
    return all(finding_of(Journal.objects.get(pk=pk)).ok for pk in chains)


def drafted(room, **more) -> Proposal:
    """Have Ana write a draft, and return it."""
    assert sent(room, "ana", "proposals/new/", **{**DRAFT, **more}).status_code == 302
    return Proposal.objects.latest("created_at")


def submitted(room, **more) -> Proposal:
    """Have Ana write a draft and submit it, and return it."""
    return drafted(room, submit="yes", **more)


def planned(room, *lines: Line, title: str = "Next meeting") -> Meeting:
    """Return a new planned meeting of the assembly, in a week."""
    day = timezone.now() + timedelta(days=7)
    fay = room.people["fay"].person
    return new_meeting(room.assembly, title=title, starts_at=day, lines=lines, organiser=fay)


def adopted(room) -> Decision:
    """Have the room adopt the proposal p1, and return the decision."""
    play(room, [*AGREED, ("fay", "close_test", {}), ("fay", "adopt", {})])
    return Decision.objects.get(proposal__key="p1")
