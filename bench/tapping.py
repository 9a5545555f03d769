"""The pages of a crowd, and the acts that chance picks for them."""

import random
import re
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from bench.outcome import Result
from stack import rules

PATIENCE = 2500  # ms for a button to become free: "It is your turn" fills a phone for two seconds

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
