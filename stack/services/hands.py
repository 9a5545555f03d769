"""Hands: asking for the floor, and taking a hand down."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from assemblies.acts.arguments import OneOf, Text, text_within
from assemblies.acts.declaring import SITTING, act
from assemblies.door.kinds import Silent, Undo, card, rows
from assemblies.door.page import Page
from assemblies.models import Entry, Participant
from assemblies.rules.errors import Refused
from assemblies.sheets import Agenda, Roll
from stack import rules
from stack.models import Hand, HandKind
from stack.services.signals import uses
from stack.sheets.floor import Floor
from stack.words import sentences

KINDS = tuple(kind for kind in HandKind.values if kind != "round")


def may_raise(page: Page, person: Participant, args: Mapping[str, Any]) -> None:
    """Refuse hands of those who do not count: points and clarifications are open to all."""
    if args["kind"] in ("technical_point", "clarification") or page.sheet(Roll).counts(person):
        return
    if args["kind"] == "hand" and page.meeting.guests_welcome:
        return
    raise Refused("does_not_count", _("Guests speak once the room invites them."))


@act(
    "raise_hand",
    counts=may_raise,
    phases=SITTING,
    entered="anyone",
    kind=OneOf("hand", words=KINDS),
    about=OneOf("", words=rules.ABOUT),
    note=Text(""),
)
def raise_hand(page: Page, *, by: Participant, kind: str, about: str, note: str) -> None:
    """Ask for the floor. Asking twice is asking once; a technical point may say its subject."""
    floor = page.sheet(Floor)
    uses(page, kind)
    note = text_within(note, 200, needed=False)
    if about and kind != "technical_point":
        raise Refused("unknown", _("Only a technical point says what it is about."))
    if kind == "direct_response" and floor.used_direct_response(by, page.sheet(Agenda).open):
        kind = "hand"
    if floor.of(by, kind):
        return
    if kind == "hand" and floor.row.state == "closed":
        raise Refused(
            "stack_closed",
            _("The stack is closed for this item. Points and clarifications are still heard."),
        )
    entered_by = page.actor.key if page.actor and page.on_behalf_of else ""
    hand = floor.add(page, by, kind, note, entered_by, about)
    more: dict[str, Any] = {"about": about} if about else {}
    page.note(HAND_RAISED, hand=str(hand.pk), kind=kind, n=hand.n, **more)


@act("lower_hand", entered="anyone", kind=OneOf("hand", words=KINDS))
def lower_hand(page: Page, *, by: Participant, kind: str) -> None:
    """Take a hand down, silently; a hand that is not up stays down."""
    floor = page.sheet(Floor)
    hand = floor.of(by, kind)
    if hand is not None:
        was_taken = hand.state == "taken"
        floor.put_down(page, hand, "lowered")
        if was_taken:
            floor.go_on(page)
        page.note(HAND_LOWERED, hand=str(hand.pk), kind=kind)


# --- taking back ---------------------------------------------------------------------------------


def unraise(page: Page, entry: Entry) -> None:
    """Take down a hand that was entered."""
    floor, name = page.sheet(Floor), (entry.facts or {})["hand"]
    hand = next((hand for hand in floor.waiting if str(hand.pk) == name), None)
    if hand is None:
        raise Refused("wrong_phase", _("That hand is not up any more."))
    floor.put_down(page, hand, "lowered")


def unlower(page: Page, entry: Entry) -> None:
    """Put a lowered hand up again, at its old place."""
    floor, facts = page.sheet(Floor), entry.facts or {}
    hand = Hand.objects.filter(pk=facts["hand"]).first()
    if hand is None or floor.of(hand.participant, hand.kind):
        raise Refused("wrong_phase", _("Another hand is up."))
    floor.put_back(page, facts["hand"])


# --- the cards of the entries written here ---

HAND_RAISED = card(
    "stack.hand_raised",
    "floor",
    minutes=Silent("Who waited is not told, who spoke is."),
    erasable=True,
    undo=Undo(unraise, offered=False),
    log=sentences.hands_raised,
    writes=(rows(Hand, pk="hand"),),
)
HAND_LOWERED = card(
    "stack.hand_lowered",
    "floor",
    minutes=Silent("Who waited is not told, who spoke is."),
    erasable=True,
    undo=Undo(unlower, offered=False),
    log=sentences.hands_lowered,
    writes=(rows(Hand, pk="hand"),),
)
