"""Tallies as screens show them, held against what those who answered were told."""

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pytest
from django.template import Context, Engine
from hypothesis import given
from hypothesis import strategies as st

from assemblies.door.journal import read
from assemblies.live.printing import CLASSES, print_panels
from bench import report
from bench.peers import PeerStage
from bench.phones import Hall, Place, Tap
from bench.room import against, peer_server
from bench.scenarios import SCENARIOS
from bench.servers import Server
from bench.stage import Stage
from bench.tallies import Truth, shown_in, tallies
from tests.proposals.stories import AGREED, TESTED

PEERS = Path(report.__file__).parent / "peers" / "templates"


def panel(*positions, result=False):
    """Return a panel in which these positions were taken."""
    rows = "".join(
        f'<li class="position {word}"><span class="count">{n}</span></li>'
        for word, n in Counter(positions).items()
    )
    return f'<ul>{rows}</ul><p class="{"outcome" if result else "sentence"}">'


def played(*frames, positions, closing=(9.0, None)):
    """Return what is found in a hall of one phone: frames are (seq, time, panel or None)."""
    hall = Hall("m", [], [Place("ana", "")])
    hall.kept = {}
    for seq, at, html in frames:
        panels = {} if html is None else {"test": html}
        hall.phones[0]._frame(json.dumps({"seq": seq, "panels": panels}).encode(), at)
    for name, (seq, phone, word) in enumerate(positions):
        hall.taps[str(name)] = Tap(phone, b"", word, 0.0, answered=1.0, seq=seq)
    sent, seq = closing
    return tallies(hall, Tap(0, b"", "", sent, seq=seq), within=60)


THREE = [(1, 0, "agree"), (2, 1, "agree"), (3, 0, "stand_aside")]


def test_in_a_council_units_are_counted_and_one_that_is_split_is_not():
    truth = Truth(
        [(1, 0, "agree"), (2, 1, "agree"), (3, 2, "stand_aside"), (4, 1, "disagree")],
        voices=["d1", "d1", "d2"],
    )
    assert [truth.at(seq) for seq in range(5)] == [
        {},
        {"agree": 1},
        {"agree": 1},
        {"agree": 1, "stand_aside": 1},
        {"stand_aside": 1},
    ]


def test_a_second_position_replaces_the_first():
    truth = Truth(THREE)
    assert [truth.at(seq) for seq in range(5)] == [
        {},
        {"agree": 1},
        {"agree": 2},
        {"agree": 1, "stand_aside": 1},
        {"agree": 1, "stand_aside": 1},
    ]


def test_what_nobody_was_told_of_is_not_judged():
    truth = Truth([(1, 0, "agree"), (2, 1, "agree"), (4, 2, "agree")], unanswered=1)
    assert truth.at(2) == {"agree": 2}
    assert truth.at(3) is None
    assert truth.at(9) is None


taken = st.lists(
    st.tuples(st.integers(1, 30), st.integers(0, 5), st.sampled_from(["agree", "stand_aside"])),
    max_size=20,
    unique_by=lambda one: one[0],
)


@given(taken, st.integers(0, 31))
def test_the_truth_is_the_last_position_of_everybody(positions, seq):
    last = {phone: word for at, phone, word in sorted(positions) if at <= seq}
    found = Truth(positions).at(seq)
    assert found == Counter(last.values())
    assert found.total() == len(last)


def test_true_tallies_are_not_complained_about():
    aside = panel("agree", "stand_aside")
    found = played(
        (0, 0.0, panel()),
        (2, 1.0, panel("agree", "agree")),
        (3, 2.0, aside),
        (4, 9.5, panel("agree", "stand_aside", result=True)),
        positions=THREE,
    )
    assert asdict(found) == {
        "read": 4,
        "wrong": 0,
        "ran_back": 0,
        "result_ms": 500.0,
        "without": 0,
    }


@pytest.mark.parametrize(
    ("frames", "wrong", "ran_back"),
    [
        ([(2, 1.0, panel("agree"))], 1, 0),
        ([(3, 1.0, panel("agree", "agree", "stand_aside"))], 1, 0),
        ([(2, 1.0, panel("agree", "agree")), (3, 2.0, None)], 1, 0),
        ([(2, 1.0, panel("agree", "agree")), (1, 2.0, panel("agree"))], 0, 1),
    ],
    ids=["one is missing", "one counts twice", "it stayed as it was", "an older one comes after"],
)
def test_a_wrong_tally_is_found(frames, wrong, ran_back):
    found = played(*frames, positions=THREE)
    assert (found.wrong, found.ran_back) == (wrong, ran_back)


def test_a_result_that_never_came_counts_with_the_whole_time():
    found = played((3, 1.0, panel("agree", "stand_aside")), positions=THREE)
    assert (found.result_ms, found.without) == (60_000, 1)


def test_the_tally_is_read_from_the_panel_as_it_is_printed(room):
    for who, do, args in AGREED:
        room.done(who, do, **args)
    room.done("ben", "take_position", position="reservations")
    for closed in (False, True):
        if closed:
            room.done("fay", "close_test")
        page = read(room.meeting)
        for one in CLASSES:
            shown = shown_in(print_panels(page, f"{one}.en")["test"])
            assert shown.positions == {"agree": 3, "reservations": 1}
            assert shown.result is closed


def test_an_open_test_that_nobody_answered_shows_nothing(room):
    for who, do, args in TESTED:
        room.done(who, do, **args)
    shown = shown_in(print_panels(read(room.meeting), "member.en")["test"])
    assert (shown.answers, shown.result) == (0, False)


@pytest.mark.parametrize("outcome", ["", "Consensus"])
def test_the_textbook_shows_the_same(outcome):
    positions = [{"code": "agree", "n": 12}, {"code": "stand_aside", "n": 0}]
    context = Context({"positions": positions, "answered": 12, "outcome": outcome})
    shown = shown_in(Engine(dirs=[str(PEERS)]).get_template("test.html").render(context))
    assert shown.positions == {"agree": 12}
    assert shown.result is bool(outcome)


@pytest.mark.parametrize("kind", ["daphne", "textbook"])
def test_twenty_take_a_position_and_every_screen_tells_the_truth(kind):
    scenario = SCENARIOS["consensus"].resized(phones=20, seconds=1)
    with Stage() if kind == "daphne" else PeerStage() as stage:
        server = (
            Server.ours(kind, stage.env, stage.folder)
            if kind == "daphne"
            else peer_server(kind, stage)
        )
        found = against(scenario, stage, server, kind)

    told = asdict(found)
    assert (found.acts, found.lost, found.refused, found.faults) == (21, 0, {}, 0), told
    assert found.tallies is not None
    assert found.tallies.read >= 2 * 20, told
    assert (found.tallies.wrong, found.tallies.ran_back, found.tallies.without) == (0, 0, 0), told
    assert "result on every screen" in report.room(found, found)


def test_a_council_of_six_units_is_counted_by_units_and_hears_of_a_recall():
    scenario = SCENARIOS["council"].resized(phones=20, seconds=1)
    with Stage() as stage:
        found = against(scenario, stage, Server.ours("daphne", stage.env, stage.folder), "daphne")

    assert (found.lost, found.refused, found.faults) == (0, {}, 0)
    assert found.tallies.read > 20
    assert (found.tallies.wrong, found.tallies.ran_back, found.tallies.without) == (0, 0, 0)
    assert (found.recall.code, found.recall.without) == ("", 0)
    assert 0 < found.recall.delegate_ms < 10_000
    assert "recall: the delegate's phone knows" in report.room(found, None)
