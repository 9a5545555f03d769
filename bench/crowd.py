"""`python -m bench crowd`: a floor in real browsers, whatever people tap.

Two stack takers at their consoles and twelve phones, all in Chromium against the real server, do
random acts through the buttons that people have; some lose their connection for seconds, some
reload. Every page keeps what it was shown at each seq. Afterwards all pages of one audience must
have shown the same at every seq, and the journal replayed must give the floor of the rows.

The seed fixes what is chosen; what is there to choose depends on timing, so two runs differ.
"""

import argparse
import contextlib
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench import report
from bench.outcome import Result
from bench.servers import HOST, Server
from bench.stage import Gathering, Stage
from bench.tapping import Crowd, Screen
from scripts.binaries import find_chromium

CONSOLES, PHONES = 2, 12
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
SETTLED_WITHIN = 30.0  # s in which every screen must show the newest state
SHOWN_EVERYWHERE = ("floor", "signals", "meeting", "agenda", "roles")
WATCH = (Path(__file__).parent / "watch.js").read_text()


# --- afterwards -----------------------------------------------------------------------------------


def settled(crowd: Crowd, ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Wait until every screen shows the newest seq; return what the database says of it."""
    deadline = time.monotonic() + SETTLED_WITHIN
    while True:
        found = ask()
        seqs = {one.name: one.page.evaluate("room.panels.seq") for one in crowd.screens}
        late = [f"{name} at {seq} of {found['seq']}" for name, seq in seqs.items()]
        late = [
            words for words, seq in zip(late, seqs.values(), strict=True) if seq != found["seq"]
        ]
        busy = [
            one.name
            for one in crowd.screens
            if one.page.evaluate("document.querySelectorAll('button[aria-busy=true]').length")
        ]
        if not late and not busy:
            crowd.result.states = [state_of(one) for one in crowd.screens]
            if all(state["meeting"]["seq"] == found["seq"] for state in crowd.result.states):
                return found
        if time.monotonic() > deadline:
            crowd.result.behind = [*late, *(f"{name} waits for an answer" for name in busy)]
            return found
        crowd.screens[0].page.wait_for_timeout(300)


def state_of(screen: Screen) -> dict[str, Any]:
    """Return what state.json says to somebody, without the seconds that pass meanwhile."""
    state = screen.page.evaluate(
        "fetch(`/m/${document.body.dataset.meeting}/state.json`).then((one) => one.json())"
    )
    state["floor"].pop("left")
    return {part: state[part] for part in SHOWN_EVERYWHERE}


def look_again(crowd: Crowd) -> None:
    """Load every page afresh: what was followed live must be what is printed now."""
    for screen in crowd.screens:
        crowd.reload(screen)


def compare(crowd: Crowd) -> None:
    """Compare, at every seq, what the pages of one audience were shown."""
    found, texts = crowd.result, dict[str, str]()
    shown: dict[tuple[str, int], dict[str, tuple[str, str]]] = defaultdict(dict)
    for screen in crowd.screens:
        screen.pull(found.answers)
        texts |= screen.texts
        found.frames += len(screen.rows)
        for seq, panels in screen.rows:
            first = shown[screen.audience, seq]
            for name, print_ in panels.items():
                if name not in first:
                    first[name] = (print_, screen.name)
                    continue
                found.compared += 1
                other, whose = first[name]
                if other != print_:
                    found.disagreements.append(
                        f"{screen.audience} at {seq}: {name} of {screen.name} and of {whose}"
                        f"\n{texts[print_]}\n{texts[other]}"
                    )


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """Run a Chromium."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only this bench needs it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(find_chromium()), args=list(QUIET))
        yield browser
        browser.close()


def come_in(browser: Any, server: Server, gathering: Gathering, names: list[str]) -> list[Screen]:
    """Open a page for everybody: the first ones at a console, the others on a phone."""
    screens = []
    for place, (seat, name) in enumerate(zip(gathering.seats, names, strict=True)):
        surface = "console" if place < CONSOLES else "phone"
        size = (
            {"width": 1280, "height": 900}
            if surface == "console"
            else {"width": 360, "height": 740}
        )
        context = browser.new_context(viewport=size)
        cookie, _is, value = seat.cookie.partition("=")
        home = f"http://{HOST}:{server.port}"
        context.add_cookies([{"name": cookie, "value": value, "url": home}])
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(f"{home}/m/{gathering.meeting}/{'console/' if surface == 'console' else ''}")
        screens.append(Screen(page, name, surface))
    return screens


def played(
    browser: Any, stage: Stage, seconds: float, seed: int, *, acts: int = 0, calls: int = 0
) -> Result:
    """Gather the crowd, play, and look what came of it.

    It plays on until so many acts were accepted and so many turns called.
    """
    told = stage.ask("crowd", str(CONSOLES + PHONES))
    gathering = Gathering.of(told)
    server = Server.ours("daphne", stage.env, stage.folder)
    complaints: list[str] = []
    try:
        server.start()
        screens = come_in(browser, server, gathering, told["names"])
        for one in screens:
            one.page.on(
                "pageerror", lambda wrong, one=one: complaints.append(f"{one.name}: {wrong}")
            )
        crowd = Crowd(screens, random.Random(seed))

        def ask() -> dict[str, Any]:
            """Return the floor in the journal and in the rows."""
            return dict(stage.ask("replay", gathering.meeting))

        def enough() -> bool:
            """Say whether so many acts were accepted and so many turns called."""
            for one in screens:
                one.pull(crowd.result.answers)
            called = calls and ask()["kinds"].get("stack.turn_called", 0)
            return crowd.result.answers["accepted"] >= acts and called >= calls

        result = crowd.play(seconds, enough)
        found = settled(crowd, ask)
        look_again(crowd)
        compare(crowd)
        for one in screens:
            one.page.context.close()
    finally:
        server.stop()
    result.complaints, result.faults = complaints, server.faults()
    result.told, result.rows = found["told"], found["rows"]
    result.entries, result.kinds = found["seq"], found["kinds"]
    return result


# --- the command ----------------------------------------------------------------------------------


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")


def figures(result: Result) -> list[list[str]]:
    """Return the figures as rows."""
    refused = Counter({code: n for code, n in result.answers.items() if code != "accepted"})
    return [
        ["seconds", report.number(result.seconds)],
        ["acts done through the page", report.number(result.acts)],
        ["buttons gone or covered meanwhile", report.number(result.missed)],
        ["acts accepted", report.number(result.answers["accepted"])],
        ["refused", ", ".join(f"{n} {code}" for code, n in refused.most_common()) or "0"],
        ["both pressed next at once", report.number(result.races)],
        ["times offline", report.number(result.offline)],
        ["reloads", report.number(result.reloads)],
        ["entries in the journal", report.number(result.entries)],
        ["frames shown", report.number(result.frames)],
        ["panels compared at equal seq", report.number(result.compared)],
        ["disagreements", report.number(len(result.disagreements))],
        ["screens unlike what was sent", report.number(len(result.unlike_sent))],
        ["screens behind at the end", report.number(len(result.behind))],
        ["journal replays to the rows", "yes" if result.replays else "NO"],
        ["state.json agrees", "yes" if result.states_agree else "NO"],
        ["faults in log and pages", report.number(result.faults + len(result.complaints))],
    ]


def run(asked: argparse.Namespace) -> int:
    """Play and print."""
    with Stage() as stage, chromium() as browser:
        result = played(browser, stage, asked.seconds, asked.seed)
    if asked.json:
        sys.stdout.write(json.dumps(vars(result), indent=1) + "\n")
    else:
        head = [f"{CONSOLES} consoles, {PHONES} phones", f"seed {asked.seed}"]
        sys.stdout.write(report.table(head, figures(result)) + "\n")
        for wrong in (result.disagreements + result.unlike_sent + result.behind)[:5]:
            sys.stdout.write(f"\n{wrong}\n")
        if not result.replays:
            sys.stdout.write(f"\ntold {result.told}\nrows {result.rows}\n")
    return 0 if result.holds else 1
