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
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import report
from bench.servers import HOST, Server
from bench.stage import Gathering, Stage
from scripts.binaries import find_chromium
from stack import rules

CONSOLES, PHONES = 2, 12
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
PATIENCE = 2500  # ms for a button to become free: "It is your turn" fills a phone for two seconds
SETTLED_WITHIN = 30.0  # s in which every screen must show the newest state
SHOWN_EVERYWHERE = ("floor", "signals", "meeting", "agenda", "roles")
WATCH = (Path(__file__).parent / "watch.js").read_text()

Tap = tuple[int, str, str]  # weight, which surface, which buttons
TAPS: tuple[Tap, ...] = (
    (14, "phone", r"#pad-hand"),
    (9, "phone", r"#pad-(clarification|direct_response|technical_point)"),
    (3, "phone", r"#point-(procedure|time|logistics|hear|access)"),
    (14, "phone", rf"#pad-({'|'.join((*rules.SIGNALS, *rules.QUIET))})"),
    (6, "phone", r"#act-my-(end|pass)"),
    (2, "phone", r"#act-(yes|no|object|object-\d+)"),
    (3, "phone", r"#act-undo-\d+"),
    (12, "console", r"#act-primary"),
    (5, "console", r"#act-(call|take|answer|lower)-.*"),
    (5, "console", r"#act-(pause|resume|extend|end)-turn"),
    (3, "console", r"#act-(last-call|close-stack|reopen-stack)"),
    (3, "console", r"#act-undo-\d+"),
    (2, "console", r"#act-(finish|extend|clock-on|clock-off|offer-round|show-hands|break)"),
)
ORDERS = ("plain", "first_time", "balanced", "step_up", "zipper", "representation", "round")


@dataclass
class Result:
    """What came of it."""

    seconds: float = 0.0
    acts: int = 0
    taps: Counter[str] = field(default_factory=Counter)
    missed: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    offline: int = 0
    reloads: int = 0
    races: int = 0
    frames: int = 0
    compared: int = 0
    disagreements: list[str] = field(default_factory=list)
    unlike_sent: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    entries: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)
    states: list[dict[str, Any]] = field(default_factory=list)
    faults: int = 0

    @property
    def replays(self) -> bool:
        """Whether the journal alone gives the floor of the rows."""
        return bool(self.rows) and self.told == self.rows

    @property
    def states_agree(self) -> bool:
        """Whether state.json says the same to everybody, and says what the rows say."""
        first = self.states[0] if self.states else {}
        return bool(first) and all(one == first for one in self.states) and self._as_rows(first)

    def _as_rows(self, state: dict[str, Any]) -> bool:
        floor, rows = state["floor"], self.rows
        waiting = [who for who, kind in rows["waiting"] if kind in ("hand", "round")]
        lane = [[who, kind] for who, kind in rows["waiting"] if kind not in ("hand", "round")]
        moved = [[one["who"], one["reason"]] for one in floor["moved"]]
        return (
            floor["speaker"] == rows["speaker"]
            and sorted(floor["stack"]) == sorted(waiting)
            and sorted([one["who"], one["kind"]] for one in floor["lane"]) == sorted(lane)
            and sorted(moved) == sorted(rows["moved"])
            and floor["paused"] == rows["paused"]
            and (floor["order"], floor["stack_state"], floor["reopened"])
            == (rows["order"], rows["state"], rows["reopened"])
        )

    @property
    def holds(self) -> bool:
        """Whether all screens agreed and the journal tells the floor."""
        wrong = self.disagreements or self.unlike_sent or self.behind or self.complaints
        return not wrong and not self.faults and self.replays and self.states_agree


class Screen:
    """One page of one person, and what it was shown."""

    def __init__(self, page: Any, name: str, surface: str) -> None:
        self.page, self.name, self.surface = page, name, surface
        self.audience = page.evaluate("document.body.dataset.audience")
        self.rows: list[tuple[int, dict[str, str]]] = []
        self.texts: dict[str, str] = {}
        self.back_at = 0.0

    @property
    def away(self) -> bool:
        """Whether it is without a connection."""
        return self.back_at > 0

    def pull(self, answers: Counter[str]) -> None:
        """Take what the page has kept so far."""
        kept = self.page.evaluate("window.watch.taken()")
        self.rows += [(seq, shown) for seq, shown in kept["rows"]]
        self.texts |= kept["texts"]
        answers.update(kept["answers"])

    def go_offline(self, until: float) -> None:
        """Lose the connection: requests fail and the socket is gone."""
        self.back_at = until
        self.page.context.set_offline(True)
        self.page.evaluate("window.watch.cut()")

    def come_back(self) -> None:
        """Have a connection again."""
        self.back_at = 0.0
        self.page.context.set_offline(False)

    def buttons(self, pattern: str) -> list[str]:
        """Return the ids of the buttons that somebody could press now."""
        return list(self.page.evaluate("one => window.watch.buttons(one)", pattern.lstrip("#")))

    def press(self, name: str) -> bool:
        """Press a button as a finger does; False where it was gone or covered."""
        from playwright.sync_api import Error  # noqa: PLC0415 - only browsers need it

        try:
            self.page.locator(f'[id="{name}"]').click(timeout=PATIENCE)
        except Error:
            return False
        return True


class Crowd:
    """Everybody's pages, and the chance that moves them."""

    def __init__(self, screens: list[Screen], chance: random.Random) -> None:
        self.screens, self.chance, self.result = screens, chance, Result()
        self.consoles = [one for one in screens if one.surface == "console"]
        self.phones = [one for one in screens if one.surface == "phone"]
        self.wide: tuple[tuple[int, Callable[[], str]], ...] = (
            (8, self.race),
            (4, self.order),
            (4, self.move),
            (4, self.enter),
            (2, self.count),
            (4, self.lose_connection),
            (3, self.come_again),
        )

    def play(self, seconds: float, enough: Callable[[], bool] = lambda: True) -> Result:
        """Tap until the time is over and it was enough, for at most ten times as long.

        How much happens in a second is the machine's business.
        """
        began = time.monotonic()
        self.tap_until(began + seconds)
        while not enough() and time.monotonic() < began + 10 * seconds:
            self.tap_until(time.monotonic() + seconds / 5)
        for screen in self.screens:
            if screen.away:
                screen.come_back()
        self.result.seconds = time.monotonic() - began
        return self.result

    def tap_until(self, end: float) -> None:
        """Do one act after another until it is so late; let those back whose time is over."""
        while (now := time.monotonic()) < end:
            for screen in self.screens:
                if screen.away and screen.back_at < now:
                    screen.come_back()
            self.once()
            self.screens[0].page.wait_for_timeout(self.chance.uniform(20, 250))

    def once(self) -> None:
        """Do one act by chance."""
        weights = [weight for weight, *_ in (*TAPS, *self.wide)]
        chosen = self.chance.choices((*TAPS, *self.wide), weights)[0]
        what = chosen[1]() if callable(chosen[1]) else self.tap(*chosen[1:])
        if what:
            self.result.acts += 1
            self.result.taps[what] += 1

    def somebody(self, screens: list[Screen]) -> Screen:
        """Return somebody, oftener who is connected."""
        here = [one for one in screens if not one.away]
        return self.chance.choice(here if here and self.chance.random() < 0.9 else screens)

    def tap(self, surface: str, pattern: str) -> str:
        """Press one of the buttons of a kind that somebody has."""
        who = self.somebody(self.consoles if surface == "console" else self.phones)
        if pattern.startswith("#point") and not self.open_sheet(who):
            return ""
        names = who.buttons(pattern)
        if not names:
            return ""
        name = self.chance.choice(names)
        if not who.press(name):
            self.result.missed += 1
            return ""
        return re.sub(r"-(?=[a-z0-9]*\d)[a-z0-9]+$", "", name)

    def open_sheet(self, who: Screen) -> bool:
        """Open the sheet that asks what a technical point is about."""
        return bool(who.page.evaluate("window.watch.open('point')"))

    # --- what takes more than one press

    def race(self) -> str:
        """Have both stack takers press the big button at the same moment."""
        both = [one.buttons("act-primary") for one in self.consoles]
        if not all(both):
            return ""
        for one in self.consoles:
            one.page.evaluate("window.watch.pressAt('act-primary', 60)")
        self.consoles[0].page.wait_for_timeout(150)
        self.result.races += 1
        return "both press next"

    def order(self) -> str:
        """Announce another order."""
        code = self.chance.choice(ORDERS)
        said = {"order-code": code}
        pressed = self.consoles[0].page.evaluate(
            "said => window.watch.fill('set_order', said)", said
        )
        return "order" if pressed else ""

    def move(self) -> str:
        """Move somebody with a reason, by the buttons beside their name."""
        console = self.somebody(self.consoles)
        reasons = ("has not been heard", "leaves soon", "speaks for the first time")
        given = [self.chance.random(), self.chance.choice(reasons)]
        pressed = console.page.evaluate("([n, why]) => window.watch.move(n, why)", given)
        return "move" if pressed else ""

    def enter(self) -> str:
        """Enter a hand or a signal for somebody whose phone is not at hand."""
        console, who = self.somebody(self.consoles), self.chance.choice(self.phones)
        if console.away:
            return ""
        page = console.page
        page.locator("#enter-name").fill(who.name)
        page.keyboard.press("Enter")
        names = console.buttons("enter-(hand|agree|disagree|clarification|lower-hand)")
        if names and console.press(self.chance.choice(names)):
            return "entered for somebody"
        return ""

    def count(self) -> str:
        """Count the signals of people without names."""
        console = self.somebody(self.consoles)
        said = {"count-signals-agree": str(self.chance.randrange(3))}
        pressed = console.page.evaluate("said => window.watch.fill('count_room', said)", said)
        return "count" if pressed else ""

    def lose_connection(self) -> str:
        """Have somebody lose the connection for some seconds."""
        who = self.chance.choice(self.screens)
        if who.away or sum(one.away for one in self.screens) > 2:
            return ""
        who.go_offline(time.monotonic() + self.chance.uniform(1, 7))
        self.result.offline += 1
        return "offline"

    def come_again(self) -> str:
        """Have somebody load the page again."""
        who = self.chance.choice(self.screens)
        if who.away:
            return ""
        self.reload(who)
        self.result.reloads += 1
        return "reload"

    def reload(self, who: Screen) -> None:
        """Look whether a page shows what it was sent, and load it again."""
        for what in who.page.evaluate("window.watch.unlike()"):
            self.result.unlike_sent.append(f"{who.name}, {what}")
        who.pull(self.result.answers)
        who.page.reload()


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
            return dict(stage.ask("replay", gathering.meeting))

        def enough() -> bool:
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


def told_of(result: Result) -> list[list[str]]:
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
        sys.stdout.write(report.table(head, told_of(result)) + "\n")
        for wrong in (result.disagreements + result.unlike_sent + result.behind)[:5]:
            sys.stdout.write(f"\n{wrong}\n")
        if not result.replays:
            sys.stdout.write(f"\ntold {result.told}\nrows {result.rows}\n")
    return 0 if result.holds else 1
