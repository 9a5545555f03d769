"""A base carries what it decided up to a council."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from assemblies.acts.arguments import OneOf, Text, named, text_within
from assemblies.acts.declaring import SITTING, act
from assemblies.door.kinds import card, rows
from assemblies.door.page import Page
from assemblies.door.shapes import follows, guards
from assemblies.models import Assembly, Entry, Participant
from assemblies.rules.errors import Refused
from assemblies.rules.keys import new_key
from federation import rules
from federation.models import Council, CouncilItem, Notice, Support
from federation.rules import OVER, ItemPhase
from federation.services.base import (
    Base,
    Basis,
    CouncilAbove,
    acting,
    doors_above,
    notify,
    tell_council,
    the_council,
)
from federation.services.joining import members_of
from federation.services.travel import (
    afresh,
    reference,
    still_going,
)
from federation.sheets.chart import units_of
from federation.sheets.councils import Councils, forget
from federation.sheets.seen import Seen
from federation.words import sentences
from proposals.models import LONGEST_TEXT, Decision, Proposal, ProposalVersion, digest_of_text
from proposals.rules import Phase
from proposals.services.bringing import BROUGHT
from proposals.sheets.table import Proposals


@act(
    "carry_up",
    roles=["facilitator"],
    phases=SITTING,
    beyond=doors_above,
    council=CouncilAbove(None),
    item=Text(""),
    title=Text(""),
    text=Text(""),
    decision=Basis(None),
    more={
        "kind": OneOf("", words=rules.KINDS),
        "class": OneOf("ordinary", words=tuple(Proposal.Class.values)),
    },
)
def carry_up(
    page: Page,
    *,
    by: Participant,
    council: Seen | None,
    item: str,
    title: str,
    text: str,
    decision: Decision | None,
    **more: str,
) -> None:
    """Carry a decision of ours up to a council, to carry out, discuss or put to all (002:11).

    `item` names it; the key of an item that is there has our decision support that one.
    """
    seen, key = the_council(page, council), named(item)
    belongs = seen.units.get(page.meeting.assembly_id)
    if belongs is None or belongs.kind not in ("member", "partner"):
        raise Refused("does_not_count", _("Members and partners carry decisions up."))
    base = acting(page, decision)
    assert base.decision is not None  # noqa: S101 - `acting` refuses without
    there = CouncilItem.objects.filter(council=seen.council, key=key).first() if key else None
    if there is not None:
        support(base, afresh(there))
        return
    if not more["kind"]:
        raise Refused(
            "unknown", _("Say what it is: %(kinds)s.") % {"kinds": ", ".join(rules.KINDS)}
        )
    title = text_within(title, 200, needed=False) or base.decision.title
    text = text_within(text, LONGEST_TEXT, needed=False) or base.decision.text
    if key and Proposal.objects.filter(assembly=seen.council.assembly_id, key=key).exists():
        raise Refused("already_done", _("A proposal there has this name."))
    row = carry(
        base,
        seen.council,
        seen.rule,
        key=key or new_key(),
        title=title,
        text=text,
        kind=more["kind"],
        class_of_item=more["class"],
    )
    told = reference(row, as_=row.kind)
    base.note(CARRIED_UP, council=seen.key, name=seen.council.assembly.name, **told)
    by_whom = {"name": base.assembly.name, "number": base.decision.number}
    tell_council(seen.council, base, ITEM_CARRIED, ITEM_CARRIED, **told, **by_whom)
    notify(
        seen.council,
        units_of(seen.council),
        "item_carried",
        page.now,
        item=row,
        title=row.title,
        by=base.assembly.name,
        until=row.notice_until.isoformat(),
    )


def carry(base: Base, council: Council, rule: rules.CouncilRule, **about: Any) -> CouncilItem:
    """Write an item of a council, and the proposal that it will take positions on."""
    made = base.decision
    assert made is not None  # noqa: S101 - a base carries up what it decided
    proposal = None
    if about["kind"] in rules.TESTED:
        proposal = Proposal.objects.create(
            assembly=council.assembly,
            key=about["key"],
            # Whoever speaks for the unit answers for its text.
            by=base.assembly.key,
            title=about["title"],
            decision_class=about["class_of_item"],
            phase=Phase.SUBMITTED,
            created_at=base.now,
        )
        ProposalVersion.objects.create(
            proposal=proposal,
            n=1,
            text=about["text"],
            digest=digest_of_text(about["text"]),
            at=base.now,
        )
    return CouncilItem.objects.create(
        council=council,
        proposal=proposal,
        origin=base.assembly,
        decision=made,
        adopted={
            "how": made.how,
            "numbers": made.numbers,
            "number": made.number,
            "roll": members_of(base.assembly),
        },
        carried_at=base.now,
        notice_until=base.now + timedelta(days=rule.notice_days),
        **about,
    )


def support(base: Base, item: CouncilItem) -> None:
    """Support, by a decision of ours, an item that another unit carried up."""
    still_going(item)
    ours = Support.objects.filter(item=item, unit=base.assembly)
    if item.origin_id == base.assembly.pk or ours.exists():
        raise Refused("already_done", _("We have carried it up."))
    Support.objects.create(item=item, unit=base.assembly, decision=base.decision, at=base.now)
    base.note(
        SUPPORT_GIVEN,
        council=item.council.assembly.key,
        name=item.council.assembly.name,
        **reference(item),
    )
    told = reference(item, name=base.assembly.name)
    tell_council(item.council, base, ITEM_SUPPORTED, ITEM_SUPPORTED, **told)
    notify(
        item.council,
        [item.origin],
        "item_supported",
        base.now,
        item=item,
        title=item.title,
        by=base.assembly.name,
    )


# --- who answers for it in the council ------------------------------------------------------------


@follows(BROUGHT)
def before_the_council(page: Page, entry: Entry) -> None:
    """Move an item before the council when its proposal is brought there."""
    own = page.sheet(Councils).own
    row = page.sheet(Proposals).find(str((entry.facts or {}).get("proposal", "")))
    item = own.item_of(row) if own is not None else None
    if item is not None and item.phase in (ItemPhase.GOING_ROUND, ItemPhase.RETURNED):
        item.move_to(ItemPhase.OPEN)
        item.save(update_fields=["phase"])
        forget(page)


@guards("withdraw_proposal")
def not_its_delegate(page: Page, by: Participant, args: Any) -> None:
    """Refuse that a delegate takes back what their assembly decided to carry up."""
    own = page.sheet(Councils).own
    row = args.get("proposal") or page.sheet(Proposals).current(page)
    if own is not None and own.item_of(row) is not None:
        raise Refused("not_the_proposer", _("Only the assembly that carried it up takes it back."))


# --- what waits -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item that waits: for an agenda, for a debate, for an answer, or for the council."""

    item: CouncilItem
    on_agenda: bool = False
    debated: bool = False
    answer: str = ""

    @property
    def to_answer(self) -> bool:
        """Whether the unit has still to say whether it accepts."""
        return self.item.phase == ItemPhase.PROVISIONAL and not self.answer


def inbox(seen: Seen, unit: Assembly | None = None) -> list[Waiting]:
    """Return the items of a council that are not over, the oldest first.

    With a unit: whether it debated each, and what it answered.
    """
    return list(_waiting(seen, unit))


def _waiting(seen: Seen, unit: Assembly | None) -> Iterable[Waiting]:
    """Return the items that are not over, and whether a unit debated and answered each."""
    for item in seen.items.values():
        if item.phase in OVER:
            continue
        debate = seen.debates[item.pk].get(unit.pk) if unit is not None else None
        answer = seen.answers[item.pk].get(unit.pk) if unit is not None else None
        yield Waiting(
            item,
            on_agenda=debate is not None and bool(debate.agenda_key) and debate.debated_at is None,
            debated=debate is not None and debate.debated_at is not None,
            answer=answer.answer if answer is not None else "",
        )


# --- the cards of the entries written here ---

CARRIED_UP = card(
    "federation.carried_up",
    "council",
    minutes=sentences.carried_up,
    writes=(
        rows(CouncilItem, key="item"),
        rows(Proposal, key="item"),
        rows(ProposalVersion),
        rows(Notice),
    ),
)
ITEM_CARRIED = card("federation.item_carried", "council", minutes=sentences.item_carried)
SUPPORT_GIVEN = card(
    "federation.support_given",
    "council",
    minutes=sentences.support_given,
    writes=(
        rows(Support),
        rows(Notice),
    ),
)
ITEM_SUPPORTED = card("federation.item_supported", "council", minutes=sentences.item_supported)
