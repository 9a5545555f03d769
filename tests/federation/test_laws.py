"""Whatever councils do in whatever order, at whatever level: what always holds."""

import functools
import random
from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from assemblies.door.journal import glance, read
from assemblies.door.shelf import looking, shelf
from assemblies.models import Entry, Membership, Person
from assemblies.reading.state import state
from assemblies.services.founding import new_meeting, take_seat
from assemblies.sheets import Roll
from federation.models import Council, CouncilItem, MemberAnswer, SeatTerm
from federation.reading.grounds import decisions_below, rests_on
from federation.reading.progress import progress_of, rolled_up
from federation.services.answers_due import settle_windows
from federation.services.ratifying import phase_by_answers
from federation.services.referendum import answer_as_member
from federation.sheets.chart import Chart, rule_of
from federation.words.vocabulary import words_of
from proposals.models import Decision, Proposal
from tests.federation.bodies import carried, gone_round, grow
from tests.federation.counting import bases_of, people_of
from tests.federation.several import Several, base, confederate
from tests.rooms import Room

pytestmark = pytest.mark.django_db
FIXTURES = {
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    # A smaller seed is no simpler than a larger one.
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],
}
seeds = st.integers(0, 2**32)


def alone(test):
    """Have every example begin with an empty database."""

    @functools.wraps(test)
    def run(**given) -> None:
        shelf.clear()
        looking.clear()
        with transaction.atomic():
            test(**given)
            transaction.set_rollback(True)

    return run


# --- level n and level n + 1 are the same path ----------------------------------------------------


class Tower:
    """Assemblies in session one above the other, built by acts: each level in the same way."""

    def __init__(self, depth: int, wide: int) -> None:
        self.clock, self.depth, self.wide = timezone.now(), depth, wide
        self.rooms: list[Room] = []
        self.people: dict[str, Person] = {}
        self.decisions: dict[str, str] = {}
        self.bases: list[Room] = []
        lowest = self.base("b0")
        for level in range(1, depth + 1):
            lowest = self.climb(level, lowest, [self.base(f"b{level}.{n}") for n in range(wide)])
        self.top = lowest

    def base(self, name: str) -> Room:
        """Return a base in session that has decided what is about to rise, on paper."""
        room = base(name.upper(), self.clock, None, 3)
        self.rooms.append(room)
        self.bases.append(room)
        first, *others = room.people
        self.people |= {one: seat.person for one, seat in room.people.items()}
        said = {"title": "One rent", "text": "Nobody pays more.", "numbers": {"for": 3}}
        room.done(first, "record_on_paper", decision=f"d-{name}", **said)
        for witness in others:
            room.done(witness, "confirm_paper", decision=f"d-{name}")
        self.decisions[room.assembly.key] = f"d-{name}"
        return room

    def by(self, room: Room, do: str, /, **args) -> None:
        """Have who facilitates a body do something by what it decided."""
        decision = self.decisions[room.assembly.key]
        room.done(next(iter(room.people)), do, decision=decision, **args)

    def climb(self, level: int, first: Room, others: list[Room]) -> Room:
        """Have bodies found a council, send two each, tell them what to say, agree, and ratify."""
        key, item = f"c{level}", f"q{level}"
        self.by(first, "found_council", council=key, name=f"Council {level}", seats=2)
        for room in others:
            self.by(room, "join_council", council=key)
        for room in (first, *others):
            for who in self.two_of(room):
                self.by(room, "choose_delegate", council=key, who=who)
        self.by(first, "carry_up", council=key, item=item, kind="enact")
        for room in (first, *others):
            self.by(room, "give_mandate", item=item, position="agree")
        council = self.meet(Council.objects.get(assembly__key=key))
        who = next(iter(council.people))
        for do, args in (
            ("bring_proposal", {"proposal": item}),
            ("take_up_item", {"item": item}),
            ("present_proposal", {}),
            ("set_phase", {"phase": "discussion"}),
            ("open_test", {}),
        ):
            council.done(who, do, **args)
        for name in council.people:
            assert council.refused(name, "take_position", position="disagree") == "outside_mandate"
            council.done(name, "take_position", position="agree")
        self.later(seconds=30)
        council.done(who, "close_test")
        council.done(who, "adopt")
        assert CouncilItem.objects.get(key=item).phase == "provisional"
        # Two of three are enough; then nobody is asked any more.
        for room in (first, *others)[:2]:
            self.by(room, "ratify", item=item, answer="accept")
        made = CouncilItem.objects.get(key=item)
        assert made.phase == "in_force"
        self.decisions[key] = made.outcome.key
        return council

    def two_of(self, room: Room) -> list[str]:
        """Return whom a body sends: of a council people of different units."""
        voices: dict[str, str] = {}
        for name, seat in room.people.items():
            voices.setdefault(seat.voice or name, name)
        return list(voices.values())[:2]

    def meet(self, council: Council) -> Room:
        """Return the meeting of a council, all its delegates there."""
        terms = SeatTerm.objects.filter(seat__council=council, ended_at=None)
        sent = [name for name, one in self.people.items() if terms.filter(person=one).exists()]
        fay = self.people[sent[0]]
        meeting = new_meeting(
            council.assembly, title="Council", starts_at=self.clock, organiser=fay, clock="on"
        )
        room = Room(council.assembly, meeting, {sent[0]: meeting.participants.get()})
        self.rooms.append(room)
        room.clock = self.clock
        room.done(sent[0], "open_doors")
        for name in sent[1:]:
            room.people[name] = take_seat(meeting, self.people[name], name, None)
        room.done(sent[0], "start_meeting")
        room.people = {one: meeting.participants.get(key=room.key(one)) for one in sent}
        return room

    def later(self, **time: float) -> None:
        """Let time go by everywhere."""
        self.clock += timedelta(**time)
        for room in self.rooms:
            room.clock = self.clock


@given(st.integers(1, 4), st.integers(1, 2))
@example(6, 1)
@settings(max_examples=2, **FIXTURES)
@alone
def test_every_level_is_the_same_path_and_the_top_rests_on_every_base_once(depth, wide):
    tower = Tower(depth, wide)

    council = Council.objects.get(assembly=tower.top.assembly)
    chart, key = Chart(council.federation_id), council.assembly.key
    assert [chart.level(f"c{n}") for n in range(1, depth + 1)] == list(range(1, depth + 1))
    grounds = rests_on(CouncilItem.objects.get(key=f"q{depth}"), chart)
    rows = decisions_below(grounds, chart, words_of({}))
    below = Counter(row.key for row in rows if row.level == 0)
    assert below == Counter(room.assembly.key for room in tower.bases)
    assert sorted(row.key for row in rows if row.level) == [f"c{n}" for n in range(1, depth)]
    assert chart.members(key) == 3 * len(tower.bases) == people_of(council.assembly)
    assert {one.key for one in bases_of(council.assembly)} == set(below)


# --- nothing without its base, and everybody once -------------------------------------------------

RULE = {"mandate_required": [], "debate": False, "ratify_kinds": [], "recall_notice_days": 0}
POSITIONS = ("agree",) * 12 + ("stand_aside", "disagree", "abstain", "block")


def at_large(dice: random.Random) -> tuple[Several, Room]:
    """Return bases and a council in session that may have been asked something."""
    several = confederate("ABCD", preset="portland_confederation", rule=RULE)
    talked = dice.random() < 0.7
    if talked:
        several.carry("A", "q1")
    if dice.random() < 0.5:
        several.carry("B", "q2", title="Another")
    room = several.ask(test=dice.random() < 0.5) if talked else several.meet()
    for name in ("b1", "c1"):
        room.done("a1", "give_role", role="facilitator", who=name)
    return several, room


def something(dice: random.Random, several: Several, room: Room, n: int) -> str:
    """Do something by chance, sensible or not; return what, where it was accepted."""
    who, leads = dice.choice(list(room.people)), dice.choice(["a1", "b1", "c1"])
    item = dice.choice(["q1", "q2"])
    paper = {"title": "Ours", "text": "We say so.", "numbers": {"for": 8}}
    one_of = [
        (who, "put_forward", {"proposal": f"p{n}", "title": "Ours", "text": "We say so."}),
        (leads, "record_on_paper", {"decision": f"d{n}", **paper}),
        (who, "confirm_paper", {"decision": f"d{n - 1}"}),
        (leads, "add_item", {"title": "Ours", "kind": "proposal"}),
        *[(leads, "bring_proposal", {"proposal": item})] * 3,
        *[(leads, "take_up_item", {"item": item})] * 3,
        *[(leads, "present_proposal", {"proposal": item})] * 3,
        *[(leads, "set_phase", {"phase": "discussion"})] * 3,
        *[(leads, "open_test", {})] * 4,
        *[(who, "take_position", {"position": dice.choice(POSITIONS), "reason": "So."})] * 20,
        *[(leads, "close_test", {})] * 3,
        (leads, "open_vote", {}),
        *[(who, "cast_ballot", {"choice": dice.choice(["for", "against"])})] * 4,
        (leads, "close_vote", {}),
        *[(leads, "adopt", {})] * 5,
        (who, "offer_amendment", {"amendment": f"m{n}", "text": f"Text {n}"}),
        (who, "accept_amendment", {"amendment": f"m{n - 1}"}),
        (who, "raise_hand", {}),
        (who, "show_signal", {"signal": "agree"}),
        (who, "leave", {}) if dice.random() < 0.3 else (who, "check_in", {}),
        (leads, "merge", {"who": who, "into": dice.choice(list(room.people))}),
        (leads, "count_in", {"who": who}),
    ]
    do = dice.choice(one_of)
    several.later(seconds=dice.choice([0, 1, 20]))
    return do[1] if room.act(do[0], do[1], **do[2]).accepted else ""


@given(seeds)
@settings(max_examples=12, **FIXTURES)
@alone
def test_no_council_decides_what_no_base_carried_up(seed):
    dice = random.Random(seed)
    several, room = at_large(dice)
    done = {something(dice, several, room, n) for n in range(120)}

    assert not done & {"put_forward", "record_on_paper"}
    units = {one.assembly.pk for one in several.rooms.values()}
    for made in Decision.objects.filter(assembly=room.assembly):
        item = CouncilItem.objects.get(outcome=made)
        assert item.decision.assembly_id in units
        assert item.decision.decided_at <= made.decided_at
        assert item.phase == "in_force"
    for proposal in Proposal.objects.filter(assembly=room.assembly):
        assert CouncilItem.objects.filter(proposal=proposal).exclude(decision=None).exists()


@given(seeds)
@settings(max_examples=6, **FIXTURES)
@alone
def test_units_are_counted_once_and_nothing_is_taken_from_who_was_recalled(seed):
    dice = random.Random(seed)
    several, room = at_large(dice)
    recalled: dict[str, int] = {}
    for n in range(60):
        something(dice, several, room, n)
        if dice.random() < 0.06:
            letter, seat = dice.choice("ABCD"), dice.choice([1, 2])
            sits = SeatTerm.objects.filter(
                seat__unit=several[letter].assembly, seat__ordinal=seat, ended_at=None
            )
            if sits.exists():
                several.almost_recalled(letter, seat)
                several.act(letter, "recall_delegate")
                recalled[f"{letter.lower()}{seat}"] = read(room.meeting).journal.seq
        if n % 3 == 0:
            counted_once(several, room)

    for name, at in recalled.items():
        assert not Entry.objects.filter(
            journal=room.meeting.journal,
            actor=room.key(name),
            seq__gt=at,
        ).exclude(kind__in=["assemblies.left", "assemblies.checked_in"])


def counted_once(several: Several, room: Room) -> None:
    """Hold what stands on the screens to who is there: one voice for each unit, or none."""
    with glance(room.meeting, now=several.clock) as page:
        roll, told = page.sheet(Roll), state(page)
    here = {one.voice for one in roll.here() if one.voice}
    assert roll.counting(room.meeting) == len(here) <= len(several.rooms)
    asked = (told["proposal"] or {}).get("test")
    if asked is not None and asked["open"]:
        said = {one: n for one, n in asked["positions"].items() if n}
        assert sum(said.values()) <= len(here)
    sent = {one.person_id: one.seat.unit.key for one in terms_now(several)}
    for one in roll.people.values():
        if one.voice and one.merged_into_id is None:
            assert one.kind == "delegate"
            assert sent[one.person_id] == one.voice


def terms_now(several: Several) -> list[SeatTerm]:
    rows = SeatTerm.objects.filter(seat__council=several.council, ended_at=None)
    return list(rows.filter(standing="delegate").select_related("seat__unit"))


# --- people are counted once, wherever they belong ------------------------------------------------


@given(st.lists(st.lists(st.integers(0, 5), unique=True, max_size=4), min_size=4, max_size=6))
@settings(max_examples=25, **FIXTURES)
@alone
def test_who_belongs_to_several_bases_is_one_person(belongs):
    grown = grow([len(belongs), 2, 1], members=0, seats=0)
    people = [Person.objects.create_user(name=f"Person {n}") for n in range(6)]
    for unit, names in zip(grown.levels[0], belongs, strict=True):
        Membership.objects.bulk_create(Membership(assembly=unit, person=people[n]) for n in names)

    chart = Chart(grown.federation.pk)

    for body in [one for row in grown.levels for one in row]:
        below = {one.key for one in bases_of(body)}
        own = {
            n
            for unit, names in zip(grown.levels[0], belongs, strict=True)
            for n in names
            if unit.key in below
        }
        assert chart.members(body.key) == people_of(body) == len(own)


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["for", "against", "abstain"]))))
@settings(max_examples=15, **FIXTURES)
@alone
def test_where_all_members_are_asked_everybody_is_counted_once(answers):
    several = confederate("AB", preset="membership_referendum", seats=1)
    several.carry("A")
    item = several.agreed()
    people = [several.person(name) for name in ("a1", "a2", "b1", "b2")]
    for person in people:
        for letter in "AB":
            several[letter].assembly.memberships.get_or_create(person=person)

    for n, answer in answers:
        answer_as_member(item, people[n], answer, several.clock)

    last = dict(answers)
    given = MemberAnswer.objects.filter(item=item)
    assert Counter(given.values_list("answer", flat=True)) == Counter(last.values())
    several.later(days=30)
    settle_windows(several.clock)
    yes, no = (list(last.values()).count(one) for one in ("for", "against"))
    assert (several.item("q1").phase == "in_force") == (yes > no)


# --- sums are told, never counted as votes --------------------------------------------------------

numbers = st.dictionaries(
    st.sampled_from(["present", "quorum", "positions", "votes"]),
    st.one_of(
        st.integers(-5, 500),
        st.dictionaries(st.sampled_from(["agree", "for", "against", "block"]), st.integers(0, 500)),
        st.just("many"),
    ),
)


@given(
    st.lists(st.sampled_from(["accept", "return", "reject", "not_affected"]), max_size=5),
    st.lists(numbers, min_size=1, max_size=5),
)
@settings(max_examples=20, **FIXTURES)
@alone
def test_the_numbers_of_local_decisions_change_no_outcome(answers, said):
    grown = grow([5, 1], members=2)
    item = carried(grown, grown.top, grown.base, phase="provisional")
    gone_round(grown, item, answers=answers)
    before, stood = rolled(grown, item), phase_by_answers(item)

    for place, decision in enumerate(Decision.objects.exclude(assembly=grown.top.assembly)):
        Decision.objects.filter(pk=decision.pk).update(numbers=said[place % len(said)])

    assert rolled(grown, item) == before
    assert phase_by_answers(item) == stood


def rolled(grown, item) -> dict:
    """Return a roll-up without what is only told."""
    chart = Chart(grown.federation.pk)
    found = rolled_up(progress_of([item], chart)[0], chart, rule_of(grown.top))
    return {
        name: getattr(found, name)
        for name in found.__slots__
        if not name.startswith("local_") or name == "local_decisions"
    }
