"""What is asked in a council before an act is done, and what follows once it was.

A council has no power of its own: it decides what its units carried up, when all of them have
talked about it, by positions that keep to what the units told their delegates.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.door.kinds import card, rows
from assemblies.door.page import Page
from assemblies.door.shapes import delays, follows, guards
from assemblies.models import Assembly, Entry, Membership, Participant
from assemblies.rules import COUNTING, SPLIT, together
from assemblies.rules.errors import Refused
from assemblies.sheets import Roll
from federation import rules
from federation.models import CouncilItem, Mandate, Notice, SeatTerm, UnitPosition
from federation.reading.state import spoken, units_awaited
from federation.services.base import notify
from federation.services.mandates import told_by
from federation.sheets.councils import Councils, forget
from federation.sheets.seen import Seen, unit_of
from federation.words import sentences
from federation.words.vocabulary import told_words
from proposals.models import Proposal
from proposals.services.concerns import AMENDMENT_ACCEPTED
from proposals.services.decisions import ADOPTED
from proposals.services.tests import TEST_CLOSED, TEST_OPENED
from proposals.services.votes import VOTE_CLOSED
from proposals.sheets.asking import Asking
from proposals.sheets.table import Proposals

# Of how many units the names are said in one sentence.
NAMES_SAID = 7


def council_here(page: Page) -> Seen | None:
    """Return the council that meets, or None in a meeting of any other assembly."""
    if page.meeting.assembly.kind != Assembly.Kind.COUNCIL:
        return None
    return page.sheet(Councils).own


# --- nothing without its base ---------------------------------------------------------------------


@guards("put_forward", "record_on_paper")
def carried_up_only(page: Page, by: Participant, args: Mapping[str, Any]) -> None:
    """Refuse what no unit carried up: a council has no proposals of its own."""
    if council_here(page) is not None:
        raise Refused(
            "no_base", _("A council takes up what its units carried up by decisions of their own.")
        )


@guards("bring_proposal")
def brought_from_below(page: Page, by: Participant, args: Mapping[str, Any]) -> None:
    """Refuse to bring what no unit carried up."""
    seen = council_here(page)
    if seen is None:
        return
    named = str(args.get("proposal"))
    if not CouncilItem.objects.filter(council=seen.council, proposal__key=named).exists():
        raise Refused("no_base", _("No unit has carried this up."))


@guards("check_in", "count_in")
def sent_only(page: Page, by: Participant, args: Mapping[str, Any]) -> None:
    """Refuse to say anew who counts: who is a delegate is the units' to say, and theirs alone."""
    if council_here(page) is None:
        return
    become = args.get("kind", "member")
    people = [one.kind for one in args.get("who") or [by]]
    were = ["guest"] if args.get("name") else people
    if become and any({was, become} & COUNTING and was != become for was in were):
        raise Refused("does_not_count", _("Who is a delegate is for their unit to say."))


@guards("merge")
def one_voice_each(page: Page, by: Participant, args: Mapping[str, Any]) -> None:
    """Refuse to make one seat of two people: of a delegate, and of anybody who is known.

    A delegate without their phone may come in anew, as somebody who belongs nowhere yet: that seat
    becomes the delegate's. A delegate's seat becomes nobody else's.
    """
    seen, who, into = council_here(page), args["who"], args["into"]
    if seen is None or not {who.kind, into.kind} & COUNTING:
        return
    if who.kind in COUNTING or who is page.actor or known(seen, who):
        raise Refused("does_not_count", _("Who is a delegate is for their unit to say."))


def known(seen: Seen, who: Participant) -> bool:
    """Say whether somebody belongs to an assembly, or has sat in this council."""
    belongs = Membership.objects.filter(person=who.person_id, left_at=None)
    sat = SeatTerm.objects.filter(seat__council=seen.council, person=who.person_id)
    return who.person_id is not None and (belongs.exists() or sat.exists())


@guards("leave")
def answers_stay(page: Page, by: Participant, args: Mapping[str, Any]) -> None:
    """Refuse that anybody else sees off a delegate whose answer stands: it would go along."""
    who, asking = args["who"] or by, page.sheet(Asking)
    if council_here(page) is None or who is page.actor:
        return
    stands = asking.ballots if asking.open_vote is not None else asking.positions
    if asking.asking() and who.voice and who.pk in stands:
        raise Refused(
            "test_open",
            _("What %(name)s said for their unit stands until this is closed.")
            % {"name": who.name},
        )


@guards("count_room")
def heads_apart(page: Page, by: Participant, args: Mapping[str, Any]) -> None:
    """Refuse to count people without names where units decide."""
    if council_here(page) is not None and args["of"] in ("test", "vote"):
        raise Refused("does_not_count", _("Units decide here, each by its delegates."))


@guards("open_test", "open_vote", "adopt")
def ready(page: Page, by: Participant, args: Mapping[str, Any]) -> None:
    """Refuse to ask what not all units have had a chance to talk about (B44)."""
    seen = council_here(page)
    if seen is None:
        return
    proposal = args.get("proposal") or page.sheet(Proposals).current(page)
    if proposal is None:
        return
    item = seen.item_of(proposal)
    if item is None:
        raise Refused("no_base", _("No unit has carried this up."))
    if item.scope and not item.scope.get("closed"):
        raise Refused(
            "scope_open", _("A unit says that this is its own matter. That is settled first.")
        )
    if waiting := waited_for(seen, item, page):
        raise Refused("not_debated", not_debated_words(seen, waiting, item))


def waited_for(seen: Seen, item: CouncilItem, page: Page) -> list[str]:
    """Return the names of the units without which nothing is tested yet."""
    return [] if page.now >= item.notice_until else not_talked_about(seen, item)


def not_talked_about(seen: Seen, item: CouncilItem) -> list[str]:
    """Return the names of the units that are waited for while the notice runs."""
    if not seen.rule.debate:
        return []
    return [row.unit.name for row in seen.not_debated(item) if row.unit is not None]


@delays("open_test", "open_vote", "adopt")
def why_not_ready(page: Page) -> tuple[str, datetime | None] | None:
    """Say on a console why nothing is asked or recorded yet, and until when."""
    seen, proposal = council_here(page), page.sheet(Proposals).current(page)
    if seen is None or proposal is None:
        return None
    item = seen.item_of(proposal)
    if item is None:
        return _("No unit has carried this up."), None
    if item.scope and not item.scope.get("closed"):
        return _("A unit says that this is its own matter. That is settled first."), None
    if waiting := not_talked_about(seen, item):
        return not_debated_words(seen, waiting, item), item.notice_until
    return None


def some_of(names: list[str]) -> str:
    """Return names for a sentence; of many the first, and how many more."""
    told, more = names[:NAMES_SAID], len(names) - NAMES_SAID
    if more > 0:
        told.append(ngettext("%(n)s more", "%(n)s more", more) % {"n": more})
    return ", ".join(told)


def not_debated_words(seen: Seen, waiting: list[str], item: CouncilItem) -> str:
    """Return which units have not talked about an item, and how long the notice runs."""
    return _("Not all units have talked about it: %(units)s. The notice runs until %(date)s.") % {
        "units": some_of(waiting),
        "date": date_format(seen.council.assembly.local(item.notice_until), "j F Y"),
    }


# --- within the mandate ---------------------------------------------------------------------------


@guards("take_position", "cast_ballot")
def within_mandate(
    page: Page, by: Participant, args: Mapping[str, Any]
) -> Callable[[Page], None] | None:
    """Refuse, or have flagged, what a delegate was not told to say; their base knows at once.

    The entry is written although the act is refused: that it was tried is the base's to know.
    """
    seen = council_here(page)
    if seen is None or not by.voice:
        return None
    proposal = page.sheet(Proposals).current(page)
    item = seen.item_of(proposal)
    unit = seen.unit(unit_of(by.voice))
    if proposal is None or item is None or unit is None or unit.unit is None:
        return None
    answer = str(args.get("position") or args.get("choice"))
    assert unit.unit_id is not None  # noqa: S101 - a unit is an assembly
    mandate = seen.mandate(unit.unit_id, item)
    if mandate is not None and expired(mandate, page):
        mandate = None
    if mandate is None:
        if not rules.without_mandate(seen.rule, item.kind, answer):
            raise Refused("no_mandate", untold_words(seen, item) % {"unit": unit.unit.name})
        return None
    text = page.sheet(Proposals).version(proposal)
    if rules.within_mandate(
        told_by(mandate), answer, version=text.n, text=text.text, digest=text.digest
    ):
        return None
    refused = seen.rule.mandate_enforced
    facts: dict[str, Any] = {"answer": answer, "mandate": mandate.key, "refused": refused}
    write_down = partial(base_learns, seen=seen, unit=unit.unit, item=item, by=by, **facts)
    if not refused:
        return write_down
    raise Refused(
        "outside_mandate",
        _("That is outside the mandate of %(unit)s: %(mandate)s. It can be referred back.")
        % {"unit": unit.unit.name, "mandate": in_words(mandate)},
        write_down=write_down,
    )


def base_learns(
    page: Page, *, seen: Seen, unit: Assembly, item: CouncilItem, by: Participant, **facts: Any
) -> None:
    """Write down, and let a unit know, what its delegate wanted to say outside the mandate."""
    page.note(OUTSIDE_MANDATE, unit=unit.key, item=item.key, who=by.key, **facts)
    notify(seen.council, [unit], "outside_mandate", page.now, item=item, who=by.name, **facts)


def untold_words(seen: Seen, item: CouncilItem) -> str:
    """Return why a unit that gave no mandate says nothing, for its name."""
    if rules.abstains_untold(seen.rule, item.kind):
        return _("%(unit)s has given no mandate on this, so it counts as abstaining.")
    return _("%(unit)s has given no mandate on this. It can be referred back to it.")


def abstaining(page: Page) -> Collection[str]:
    """Return the voices of units here that needed a mandate on what is asked and gave none."""
    seen = council_here(page)
    item = seen.item_of(page.sheet(Proposals).current(page)) if seen is not None else None
    if seen is None or item is None or not rules.abstains_untold(seen.rule, item.kind):
        return ()
    told = {
        row.unit.key
        for row in seen.members()
        if row.unit is not None
        and (mandate := seen.mandate(row.unit.pk, item)) is not None
        and not expired(mandate, page)
    }
    here = (one.voice for one in page.sheet(Roll).here() if one.voice and one.kind in COUNTING)
    return {voice for voice in here if unit_of(voice) not in told}


def expired(mandate: Mandate, page: Page) -> bool:
    """Say whether a mandate no longer holds."""
    return mandate.expires_at is not None and mandate.expires_at < page.now


def in_words(mandate: Mandate) -> str:
    """Return a mandate as a delegate reads it."""
    return told_words(
        mandate.kind,
        mandate.position,
        limits=mandate.limits,
        texts=len(mandate.amendments),
        conditions=mandate.conditions,
    )


# --- after a recall -------------------------------------------------------------------------------


@guards("close_test", "close_vote")
def not_while_a_unit_changes(page: Page, by: Participant, args: Mapping[str, Any]) -> None:
    """Refuse to close while a unit that recalled its delegate has not had its five minutes."""
    seen, asking = council_here(page), page.sheet(Asking)
    if seen is None or not asking.asking() or not (waiting := units_awaited(page)):
        return
    words, _until = held_words(page, seen, waiting)
    raise Refused("recall_pending", words)


@delays("close_test", "close_vote")
def held_until(page: Page) -> tuple[str, datetime | None] | None:
    """Say on a console for which units closing waits, and until when."""
    seen, asking = council_here(page), page.sheet(Asking)
    asked = asking.open_test or asking.open_vote
    if seen is None or asked is None:
        return None
    heard, over = spoken(page), asked.opened_at - rules.HELD_AFTER_RECALL
    waiting = [unit for unit, at in page.sheet(Councils).changed if unit not in heard and at > over]
    return held_words(page, seen, waiting) if waiting else None


def held_words(page: Page, seen: Seen, waiting: list[str]) -> tuple[str, datetime]:
    """Return which units have time to answer, and until when."""
    names = {row.unit.key: row.unit.name for row in seen.units.values() if row.unit is not None}
    changed = max(at for unit, at in page.sheet(Councils).changed if unit in waiting)
    until = changed + rules.HELD_AFTER_RECALL
    there = page.meeting.assembly.local(until)
    words = _("%(units)s changed delegates and has until %(at)s to answer.") % {
        "units": ", ".join(names.get(key, key) for key in dict.fromkeys(waiting)),
        "at": there.strftime("%H:%M:%S"),
    }
    return words, until


# --- what is kept of it ---------------------------------------------------------------------------


@follows(TEST_OPENED)
def item_before_the_council(page: Page, entry: Entry) -> None:
    """Write that an item is before the council."""
    seen = council_here(page)
    item = seen.item_of(page.sheet(Proposals).current(page)) if seen is not None else None
    if item is not None and item.phase == "going_round":
        item.phase = "open"
        item.save(update_fields=["phase"])
        forget(page)


@follows(TEST_CLOSED, VOTE_CLOSED)
def said_for_good(page: Page, entry: Entry) -> None:
    """Keep what each unit said, by whom: a delegate's position is an act for others."""
    seen, asking = council_here(page), page.sheet(Asking)
    facts = entry.facts or {}
    proposal = page.sheet(Proposals).find(str(facts.get("proposal", "")))
    item = seen.item_of(proposal) if seen is not None else None
    if seen is None or proposal is None or item is None:
        return
    rows: list[tuple[str, Any, str]]
    if entry.kind == TEST_CLOSED:
        if facts.get("outcome") == "NO_QUORUM":
            return
        question = "test"
        rows = [(row.voice, row.participant_id, row.position) for row in asking.positions.values()]
        about = [test for test in asking.tests if test.proposal_id == proposal.pk]
        n = len([test for test in about if test.outcome not in ("", "NO_QUORUM")])
    else:
        if facts.get("passed") is None:
            return
        question = "override"
        rows = [(row.voice, row.participant_id, row.choice) for row in asking.ballots.values()]
        n = len([vote for vote in asking.votes if vote.proposal_id == proposal.pk])
    before = UnitPosition.objects.filter(item=item, question=question).exclude(meeting=page.meeting)
    n += before.values("round").distinct().count()
    silent = {*abstaining(page)} - {voice for voice, _who, _said in rows}
    rows += [(voice, None, "abstain") for voice in sorted(silent)]
    keep(page, seen, item, proposal, question, n, rows)
    if entry.kind == VOTE_CLOSED and facts.get("passed") is False:
        item.phase = "not_agreed"
        item.save(update_fields=["phase"])
        tell_units(seen, item, "not_agreed", page)
    forget(page)


def keep(
    page: Page,
    seen: Seen,
    item: CouncilItem,
    proposal: Proposal,
    question: str,
    n: int,
    rows: list[tuple[str, Any, str]],
) -> None:
    """Write what every unit said in a closed round."""
    people, text = page.sheet(Roll).by_id, page.sheet(Proposals).version(proposal)
    said = together((unit_of(voice), answer) for voice, _who, answer in rows)
    written = []
    for row in seen.units.values():
        if row.unit is None or row.unit_id is None or row.unit.key not in said:
            continue
        entered = [
            [str(people[who].person_id or ""), people[who].name, answer]
            for voice, who, answer in rows
            if who is not None and unit_of(voice) == row.unit.key
        ]
        mandate = seen.mandate(row.unit_id, item)
        answer = said[row.unit.key]
        told = told_by(mandate) if mandate is not None else None
        written.append(
            UnitPosition(
                item=item,
                meeting=page.meeting,
                unit=row.unit,
                question=question,
                round=n,
                version=proposal.version,
                position=answer,
                entered=entered,
                mandate=mandate,
                outside_mandate=told is not None
                and answer != SPLIT
                and not rules.within_mandate(
                    told, answer, version=text.n, text=text.text, digest=text.digest
                ),
                at=page.now,
            )
        )
    UnitPosition.objects.bulk_create(written)


@follows(AMENDMENT_ACCEPTED)
def new_version(page: Page, entry: Entry) -> None:
    """Have a council item follow the version of its text."""
    seen = council_here(page)
    proposal = page.sheet(Proposals).find(str((entry.facts or {}).get("proposal", "")))
    item = seen.item_of(proposal) if seen is not None else None
    if item is not None and proposal is not None:
        item.text = page.sheet(Proposals).version(proposal).text
        item.save(update_fields=["text"])
        forget(page)


@follows(ADOPTED)
def agreed(page: Page, entry: Entry) -> None:
    """Have what the council agreed on go to the bases, or be in force where none is asked."""
    seen = council_here(page)
    facts = entry.facts or {}
    proposal = page.sheet(Proposals).find(str(facts.get("proposal", "")))
    item = seen.item_of(proposal) if seen is not None else None
    if seen is None or item is None:
        return
    made = next(row for row in page.sheet(Proposals).decisions if row.key == facts.get("decision"))
    # Written before the page is, for the item points at it.
    made.save()
    asked = rules.goes_to_bases(seen.rule, item.kind, item.class_of_item)
    item.outcome, item.agreed_at = made, page.now
    item.phase = "provisional" if asked else "in_force"
    item.answer_until = page.now + timedelta(days=seen.rule.ratify_days) if asked else None
    item.save(update_fields=["outcome", "agreed_at", "phase", "answer_until"])
    here = page.meeting.assembly
    until = here.local(item.answer_until).date().isoformat() if item.answer_until else None
    page.note(ITEM_AGREED, item=item.key, title=item.title, phase=item.phase, until=until)
    tell_units(seen, item, item.phase, page)
    forget(page)


def tell_units(seen: Seen, item: CouncilItem, what: str, page: Page) -> None:
    """Have all units know what became of an item."""
    units = [row.unit for row in seen.units.values() if row.unit is not None]
    notify(seen.council, units, what, page.now, item=item, title=item.title)


# --- the cards of the entries written here ---

OUTSIDE_MANDATE = card(
    "federation.outside_mandate",
    "council",
    minutes=sentences.outside_mandate,
    writes=(rows(Notice),),
)
ITEM_AGREED = card(
    "federation.item_agreed",
    "council",
    minutes=sentences.item_agreed,
    writes=(
        rows(CouncilItem, key="item"),
        rows(Notice),
    ),
)
