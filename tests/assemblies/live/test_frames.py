"""T5: for every act, what a frame brings up to date equals what is printed afresh.

This holds the `touches` of every kind of entry to what its service really changes: an act whose
entry forgets a sheet leaves an old panel on the screens, and fails here.
"""

import json

import pytest

from assemblies.door.house import house
from assemblies.door.journal import read
from assemblies.door.page import Page
from assemblies.door.shelf import shelf
from assemblies.live.desk import Desk, Job, Screen, mine_of
from assemblies.live.printing import CLASSES, audience, print_panels
from assemblies.models import Membership
from assemblies.sheets import Roll
from tests.federation.stories import STORIES as OF_COUNCILS
from tests.federation.stories_items import STORIES as OF_ITEMS
from tests.federation.stories_items import set_up
from tests.proposals.stories import RULES, a_waiting_proposal, decide_by
from tests.proposals.stories import STORIES as OF_PROPOSALS
from tests.rooms import Room, make_room

pytestmark = pytest.mark.django_db(transaction=True)

Steps = list[tuple]
# For each act: what happens before (by whom, what), then the act itself.
STORIES: dict[str, tuple[Steps, tuple]] = {
    "open_doors": ([], ("fay", "open_doors", {})),
    "start_meeting": ([("fay", "open_doors", {})], ("fay", "start_meeting", {})),
    "take_break": (
        [("ana", "raise_hand", {}), ("fay", "call_next", {})],
        ("fay", "take_break", {}),
    ),
    "resume_meeting": (
        [("ana", "raise_hand", {}), ("fay", "call_next", {}), ("fay", "take_break", {})],
        ("fay", "resume_meeting", {}),
    ),
    "end_meeting": (
        [("ana", "raise_hand", {}), ("ben", "show_signal", {"signal": "agree"})],
        ("fay", "end_meeting", {}),
    ),
    "reopen_meeting": (
        [("ana", "raise_hand", {}), ("fay", "end_meeting", {})],
        ("fay", "reopen_meeting", {}),
    ),
    "check_in": ([("ana", "leave", {})], ("ana", "check_in", {})),
    "count_in": (
        [("fay", "check_in", {"who": "ana", "kind": "guest"})],
        ("fay", "count_in", {"who": "ana"}),
    ),
    "set_phone": ([], ("fay", "set_phone", {"who": "ana", "phone": False})),
    "merge": (
        [
            ("ana", "raise_hand", {}),
            ("ana", "show_signal", {"signal": "agree"}),
            ("fay", "give_role", {"role": "timekeeper", "who": "ana"}),
        ],
        ("fay", "merge", {"who": "ana", "into": "ben"}),
    ),
    "leave": (
        [
            ("ana", "raise_hand", {}),
            ("ana", "show_signal", {"signal": "agree"}),
            ("fay", "give_role", {"role": "timekeeper", "who": "ana"}),
            ("fay", "call_next", {}),
        ],
        ("ana", "leave", {}),
    ),
    "welcome_guests": ([], ("fay", "welcome_guests", {"on": True})),
    "give_role": ([], ("fay", "give_role", {"role": "facilitator", "who": "ana"})),
    "drop_role": (
        [("fay", "give_role", {"role": "greeter", "who": "ana"})],
        ("ana", "drop_role", {"role": "greeter"}),
    ),
    "hand_over": (
        [("ana", "raise_hand", {})],
        ("fay", "hand_over", {"role": "facilitator", "who": "ana"}),
    ),
    "request_break": (
        [("fay", "give_role", {"role": "vibes_watcher", "who": "ana"})],
        ("ana", "request_break", {}),
    ),
    "put_off_break": (
        [
            ("fay", "give_role", {"role": "vibes_watcher", "who": "ana"}),
            ("ana", "request_break", {}),
        ],
        ("fay", "put_off_break", {}),
    ),
    "propose_by_rota": (
        [("ana", "in the rota", {})],
        ("fay", "propose_by_rota", {"role": "timekeeper"}),
    ),
    "take_up_item": (
        [("ana", "raise_hand", {}), ("fay", "finish_item", {"item": "2"})],
        ("fay", "take_up_item", {"item": "3"}),
    ),
    "finish_item": (
        [("ana", "raise_hand", {}), ("ben", "raise_hand", {}), ("fay", "call_next", {})],
        ("fay", "finish_item", {"item": "2"}),
    ),
    "reopen_item": (
        [("ana", "raise_hand", {}), ("fay", "finish_item", {"item": "2"})],
        ("fay", "reopen_item", {"item": "2"}),
    ),
    "extend_item": ([], ("fay", "extend_item", {"item": "2", "minutes": 5})),
    "add_item": ([], ("fay", "add_item", {"title": "Garden", "minutes": 5})),
    "move_item": ([], ("fay", "move_item", {"item": "3", "to": 1})),
    "write_note": ([], ("fay", "write_note", {"text": "So it was said."})),
    "ask_room": ([], ("fay", "ask_room", {"question": "Shall we?"})),
    "object": ([("fay", "ask_room", {"question": "Shall we?"})], ("ana", "object", {})),
    "close_question": (
        [("fay", "ask_room", {"question": "Shall we?", "seconds": 1}), ("wait", 2, {})],
        ("fay", "close_question", {}),
    ),
    "show_of_hands": (
        [("fay", "ask_room", {"question": "Shall we?"}), ("ana", "object", {})],
        ("fay", "show_of_hands", {}),
    ),
    "answer_question": (
        [
            ("fay", "ask_room", {"question": "Shall we?"}),
            ("ana", "object", {}),
            ("fay", "show_of_hands", {}),
        ],
        ("ana", "answer_question", {"answer": "yes"}),
    ),
    "ask_facilitator": ([], ("ana", "ask_facilitator", {"who": "ben"})),
    "second": ([("ana", "ask_facilitator", {"who": "ben"})], ("ben", "second", {})),
    "undo": (
        [("ana", "raise_hand", {}), ("fay", "call_next", {})],
        ("fay", "undo", {"seq": "last"}),
    ),
    "raise_hand": ([], ("ana", "raise_hand", {"kind": "clarification", "note": "Which?"})),
    "lower_hand": ([("ana", "raise_hand", {})], ("ana", "lower_hand", {})),
    "show_signal": (
        [("ana", "show_signal", {"signal": "agree"})],
        ("ana", "show_signal", {"signal": "disagree"}),
    ),
    "lower_signal": (
        [("ana", "show_signal", {"signal": "agree"})],
        ("ana", "lower_signal", {"signal": "agree"}),
    ),
    "call_next": ([("ana", "raise_hand", {})], ("fay", "call_next", {})),
    "call": (
        [("ana", "raise_hand", {}), ("ben", "raise_hand", {})],
        ("fay", "call", {"who": "ben"}),
    ),
    "end_turn": ([("ana", "raise_hand", {}), ("fay", "call_next", {})], ("ana", "end_turn", {})),
    "pause_turn": (
        [("ana", "raise_hand", {}), ("fay", "call_next", {})],
        ("fay", "pause_turn", {}),
    ),
    "resume_turn": (
        [("ana", "raise_hand", {}), ("fay", "call_next", {}), ("fay", "pause_turn", {})],
        ("fay", "resume_turn", {}),
    ),
    "pass_turn": ([("ana", "raise_hand", {}), ("fay", "call_next", {})], ("ana", "pass_turn", {})),
    "yield_turn": (
        [("ana", "raise_hand", {}), ("ben", "raise_hand", {}), ("fay", "call_next", {})],
        ("ana", "yield_turn", {"to": "ben"}),
    ),
    "answer_point": (
        [
            ("ana", "raise_hand", {}),
            ("fay", "call_next", {}),
            ("ben", "raise_hand", {"kind": "technical_point"}),
            ("fay", "call_next", {}),
        ],
        ("fay", "answer_point", {"who": "ben"}),
    ),
}  # fmt: skip
STORIES |= {
    "set_order": (
        [("ana", "raise_hand", {}), ("fay", "call_next", {}), ("ben", "raise_hand", {})],
        ("fay", "set_order", {"order": "round"}),
    ),
    "last_call": ([], ("fay", "last_call", {"seconds": 30})),
    "close_stack": ([("ana", "raise_hand", {})], ("fay", "close_stack", {})),
    "reopen_stack": ([("fay", "close_stack", {})], ("fay", "reopen_stack", {})),
    "move_hand": (
        [("ana", "raise_hand", {}), ("ben", "raise_hand", {})],
        ("fay", "move_hand", {"who": "ben", "to": 1, "reason": "not heard yet"}),
    ),
    "set_clock": (
        [("ana", "raise_hand", {}), ("fay", "set_clock", {"on": False}), ("fay", "call_next", {})],
        ("fay", "set_clock", {"on": True}),
    ),
    "extend_turn": (
        [("ana", "raise_hand", {}), ("fay", "call_next", {})],
        ("fay", "extend_turn", {"seconds": 30}),
    ),
    "set_double_time": ([], ("fay", "set_double_time", {"who": "ana"})),
    "count_room": (
        [("fay", "check_in", {"heads": 20})],
        ("fay", "count_room", {"of": "signals", "counts": {"agree": 14}}),
    ),
}
STORIES |= OF_PROPOSALS
STORIES |= OF_COUNCILS
STORIES |= OF_ITEMS
EARLY = {"open_doors", "start_meeting"}


def test_every_act_has_a_story():
    assert set(STORIES) == set(house().acts)


def everything(page: Page) -> dict[str, dict[str, str]]:
    """Return every panel of every audience, printed afresh."""
    return {audience(kind, "en"): print_panels(page, audience(kind, "en")) for kind in CLASSES}


def screens_of_all(room: Room) -> dict[str, Screen]:
    """Return a socket for each kind of screen, and one for each person."""
    fay = room.key("fay")
    screens = {
        "member": Screen(room.key("cem"), "phone", "en"),
        "facilitator": Screen(fay, "console", "en"),
        "projector": Screen("", "wall", "en"),
    }
    return screens | {name: Screen(room.key(name), "phone", "en") for name in room.people}


@pytest.mark.parametrize("do", sorted(STORIES))
@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "by another process"])
def test_a_frame_brings_every_screen_to_what_is_printed_afresh(do, elsewhere):
    before, (who, what, args) = STORIES[do]
    room = make_room("Ana", "Ben", "Cem", started=do not in EARLY)
    decide_by(room, RULES.get(do, {}))
    room.at(0)
    last = 0
    for step_who, step_do, step_args in before:
        if step_who == "wait":
            room.at(step_do)
        elif step_who == "council":
            set_up(room, step_do)
        elif step_do == "waits":
            a_waiting_proposal(room, step_who)
        elif step_do == "in the rota":
            person = room.people[step_who].person
            Membership.objects.create(assembly=room.assembly, person=person, in_rota=True)
        else:
            last = room.done(step_who, step_do, **step_args).seq or 0
    desk, screens = listening(room)
    shown = {name: dict(prints) for name, prints in desk.shown.prints.items()}
    mine = {name: screen.mine for name, screen in screens.items()}

    if args.get("seq") == "last":
        args = {"seq": last}
    room.done(who, what, **args)
    if elsewhere:
        shelf.clear()
    out = desk.work(Job([], [], show=True))

    assert not out.failed
    for screen, name in out.audiences.items():
        screen.audience = name
    for name in out.shown.prints:
        shown.setdefault(name, dict(out.shown.prints[name]))
        shown[name] |= out.shown.prints[name]
    fresh_page = read(room.meeting, now=room.clock)
    fresh = everything(fresh_page)
    for name in out.shown.prints:  # an audience that nobody is left of is not printed
        prints = shown[name]
        for panel in prints:
            assert prints[panel] == fresh[name][panel], f"{panel} of {name} is old"
    changed = frames_differ(desk, out)
    told = {id(screen) for screen, _text in out.mine}
    assert changed or told, "the act shows nowhere"
    for name, screen in screens.items():
        if not screen.actor:
            continue
        want = mine_of(fresh_page, screen.actor)
        if personal_core(want) != personal_core_of(mine[name]):
            assert id(screen) in told, f"{name} was not told"


def listening(room: Room) -> tuple[Desk, dict[str, Screen]]:
    """Return a desk whose screens are all up to date."""
    screens = screens_of_all(room)
    desk = Desk(room.meeting, set(screens.values()))
    out = desk.work(Job([], list(screens.values()), show=True))
    for screen, name in out.audiences.items():
        screen.audience = name
    assert not out.failed
    assert set(desk.shown.prints) >= {"member.en", "facilitator.en", "projector.en"}
    assert set(desk.shown.prints["facilitator.en"]) <= set(house().panels)
    return desk, screens


def frames_differ(desk: Desk, out) -> bool:
    """Say whether any frame holds a panel."""
    return any(out.frames.values())


def personal_core(mine) -> dict:
    """Return what of a personal message is not about undoing (which fades by itself)."""
    return {key: value for key, value in (mine or {}).items() if key not in ("undo", "entered")}


def personal_core_of(text: str) -> dict:
    """Return the same of a message as it travelled."""

    return personal_core(json.loads(text)["mine"]) if text else {}


def test_no_two_parts_tell_somebody_something_under_one_name(room):
    page, ana = read(room.meeting), room.people["ana"]
    told = [set(part(page, page.sheet(Roll).by_id[ana.pk])) for part in house().mine]

    assert len(set().union(*told)) == sum(map(len, told))
