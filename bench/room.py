"""`python -m bench room`: a hall full of phones, from a tap to every screen."""

import argparse
import asyncio
import sys
import time
from dataclasses import asdict
from typing import Any

from bench import report
from bench.measures import Figures, figures, load_cpu
from bench.peers import PEERS, PeerStage
from bench.phones import Hall
from bench.scenarios import SCENARIOS, Scenario, play
from bench.servers import Cost, Server, machine_busy
from bench.stage import Gathering, Stage, given_url
from scripts.services import free_port


def run(asked: argparse.Namespace) -> int:
    """Play the scenarios asked for, ours and the peer's one after the other."""
    names = list(SCENARIOS) if asked.scenario == "all" else [asked.scenario]
    chosen = [SCENARIOS[one].resized(phones=asked.phones, seconds=asked.seconds) for one in names]
    urls = given_url(asked.database_url, "DATABASE_URL"), given_url(asked.redis_url, "REDIS_URL")
    pairs: list[tuple[Figures, Figures | None]] = []
    for scenario in chosen:
        kind = asked.server or scenario.server
        say(asked, f"{scenario.name}: {scenario.words}, served by {kind}")
        with Stage(*urls) as stage:
            mine = against(scenario, stage, Server.ours(kind, stage.env, stage.folder), kind)
        theirs = None
        if asked.peer != "none" and scenario.about != "council":
            say(asked, f"{scenario.name}: the same phones, served by the {asked.peer}")
            with PeerStage() as stage:
                theirs = against(scenario, stage, peer_server(asked.peer, stage), asked.peer)
        pairs.append((mine, theirs))
        if not asked.json:
            print(report.room(mine, theirs), flush=True)
    if asked.json:
        print(report.as_json("room", [report.pair(*pair) for pair in pairs]))
    return 0


def say(asked: argparse.Namespace, words: str) -> None:
    """Tell what is going on, where it does not disturb what is printed."""
    if not asked.json or sys.stderr.isatty():
        print(words, file=sys.stderr, flush=True)


def peer_server(name: str, stage: Stage) -> Server:
    """Return the server of a peer, not yet started."""
    port = free_port()
    return Server(PEERS[name](port), stage.env, stage.folder / f"{name}.log", port, name)


def against(scenario: Scenario, stage: Stage, server: Server, name: str) -> Figures:
    """Play one scenario against one server."""
    gathering = stage.gather(scenario.phones, scenario.about)
    server.start()
    try:
        return asyncio.run(measured(scenario, gathering, server, name))
    finally:
        server.stop()
        tell_complaints(server)


async def measured(scenario: Scenario, gathering: Gathering, server: Server, name: str) -> Figures:
    """Let the phones in, play, and return the figures."""
    hall = Hall(gathering.meeting, [server.address], gathering.seats)
    hall.kept = {} if scenario.asks else None
    base = None
    if gathering.base is not None:
        base = Hall(gathering.base[0], [server.address], [gathering.base[1]])
    try:
        await hall.connect()
        if base is not None:
            await base.connect()
        hall.frames = 0
        for phone in hall.phones:
            phone.bytes = 0
        before, load, busy = server.cost(), load_cpu(), machine_busy()
        began = time.monotonic()
        played = await play(hall, scenario, base)
        after, watched = server.cost(), time.monotonic() - began
        load, busy = load_cpu() - load, machine_busy() - busy
        cost = Cost(after.cpu - before.cpu, after.rss, after.peak)
    finally:
        hall.leave()
        if base is not None:
            base.leave()
    found = figures(
        scenario,
        name,
        hall,
        played,
        watched=watched,
        cost=cost,
        load=load,
        busy=busy,
        faults=server.faults(),
    )
    found.more = {"closed": hall.codes, "before": asdict(before)}
    return found


def tell_complaints(server: Server) -> None:
    """Show what the server wrote to its log while it served."""
    if words := server.complaints().strip():
        print(f"The server wrote:\n{words[:1500]}", file=sys.stderr, flush=True)


def arguments(parser: Any) -> None:
    """Describe what can be asked."""
    parser.add_argument("--scenario", choices=[*SCENARIOS, "all"], default="thousand")
    parser.add_argument("--server", choices=("daphne", "uvicorn"), default=None)
    parser.add_argument("--peer", choices=[*PEERS, "none"], default="textbook")
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--phones", type=int)
    parser.add_argument("--database-url", default="")
    parser.add_argument("--redis-url", default="")
    parser.add_argument("--json", action="store_true")
