"""Signals through the door: what excludes what, when they fade, who is told of quiet ones."""

import pytest

from assemblies.acts.declaring import Act
from assemblies.acts.perform import perform
from assemblies.door.journal import read
from assemblies.live.desk import mine_of
from assemblies.live.printing import FACILITATOR, MEMBER, PROJECTOR, audience, print_panels
from assemblies.models import Entry
from tests.rooms import make_room

pytestmark = pytest.mark.django_db


def test_agree_and_disagree_exclude_each_other_and_block_stands_beside(room):
    room.done("ana", "show_signal", signal="agree")
    room.done("ana", "show_signal", signal="block")
    room.done("ana", "show_signal", signal="disagree")

    assert room.state["signals"] == {"agree": 0, "disagree": 1, "unsure": 0, "block": 1}


def test_a_signal_fades_when_60_seconds_have_passed_since_it_was_last_shown(room):
    room.at(0)
    room.done("ana", "show_signal", signal="agree")
    room.done("ben", "show_signal", signal="agree")
    room.at(30)
    room.done("ana", "show_signal", signal="agree")
    room.at(59)
    assert room.state["signals"]["agree"] == 2
    room.at(60)
    assert room.state["signals"]["agree"] == 1
    room.at(90)
    assert room.state["signals"]["agree"] == 0

    faded = Entry.objects.filter(kind="stack.signals_faded").order_by("seq")
    assert [(entry.at - room._start).total_seconds() for entry in faded] == [60, 90]
    assert [entry.facts for entry in faded] == [{"faded": {"agree": 1}}] * 2


def asked(room, name):
    """Return what somebody is told that others ask quietly."""
    return mine_of(read(room.meeting, now=room.clock), room.key(name))["asks"]


def test_quiet_signals_reach_only_those_who_keep_the_talk_going():
    room = make_room("Ana", "Ben", "Cem", "Dia", optional_signals=["wrap_up", "language"])
    room.done("fay", "give_role", who="dia", role="interpreter")
    room.done("fay", "give_role", who="cem", role="timekeeper")
    for name in ("ana", "ben"):
        room.done(name, "show_signal", signal="wrap_up")
    assert asked(room, "fay") == []
    room.done("cem", "show_signal", signal="wrap_up")
    room.done("ana", "show_signal", signal="language")
    simpler = "1 asks for simpler words or a translation."
    assert asked(room, "fay") == ["3 ask to wrap up.", simpler]
    assert asked(room, "dia") == [simpler]
    assert asked(room, "cem") == asked(room, "ana") == []

    assert room.state["signals"] == {"agree": 0, "disagree": 0, "unsure": 0, "block": 0}
    page = read(room.meeting)
    for kind in (FACILITATOR, MEMBER, PROJECTOR):
        signals = print_panels(page, audience(kind, "en"))["signals"]
        assert "wrap" not in signals
        assert "simpl" not in signals


def test_who_is_told_of_quiet_signals_is_told_at_once():
    room = make_room("Ana", optional_signals=["language"])
    told = []
    perform(
        room.meeting,
        [Act("show_signal", {"signal": "language"}, room.key("ana"))],
        after=lambda page: told.append(set(page.concerned)),
    )
    assert room.key("fay") in told[0]
