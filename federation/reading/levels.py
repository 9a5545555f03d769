"""The map of levels as data: what is drawn where, and how much of it in one piece.

Nine assemblies are nine boxes with names. Of nine hundred nobody reads the labels: those of one
council are drawn as one bundle, with their number.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from federation.sheets.chart import Chart
from federation.words.vocabulary import Words

COLUMNS_WIDE, COLUMNS_NARROW = 40, 32


@dataclass(frozen=True, slots=True)
class Node:
    """Something drawn: a body, or a bundle of so many units of one council."""

    key: str
    name: str
    level: int
    x: float
    bundled: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A level, from below upward, with what is called so and how many they are."""

    level: int
    label: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is drawn: rows from below, lines between the keys of nodes, so many columns wide."""

    rows: tuple[Row, ...]
    lines: tuple[tuple[str, str], ...]
    columns: int


def sketch(chart: Chart, words: Words, *, wide: bool) -> Sketch:
    """Return the map of a federation as it is drawn on a wide or a narrow screen."""
    most = COLUMNS_WIDE if wide else COLUMNS_NARROW
    highest = max(map(chart.level, chart.councils), default=0)
    for bundled_to in range(-1, highest):
        drawn = Drawing(chart, words, bundled_to)
        if drawn.columns <= most:
            break
    rows = tuple(
        Row(level, label_of(chart, level, words), drawn.row(level)) for level in range(highest + 1)
    )
    return Sketch(rows, tuple(drawn.lines), drawn.columns)


class Drawing:
    """The places of all nodes, with everything up to one level bundled (-1: nothing)."""

    def __init__(self, chart: Chart, words: Words, bundled_to: int) -> None:
        self.chart, self.words, self.bundled_to = chart, words, bundled_to
        self.nodes: dict[str, Node] = {}
        self.lines: list[tuple[str, str]] = []
        self.columns = 0
        for top in tops(chart):
            self.place(top)

    def row(self, level: int) -> tuple[Node, ...]:
        """Return what is drawn at a level, in reading order."""
        here = [one for one in self.nodes.values() if one.level == level]
        return tuple(sorted(here, key=lambda one: (one.x, one.key)))

    def place(self, key: str) -> float:
        """Give a body its place above what is below it; return where it is."""
        if key in self.nodes:
            return self.nodes[key].x
        level = self.chart.level(key)
        units = [one for one in self.chart.units(key) if self.chart.level(one) < level]
        alone = [one for one in units if self.chart.level(one) > self.bundled_to]
        below = [self.place(one) for one in alone]
        if len(alone) < len(units):
            below.append(self.bundle(key, [one for one in units if one not in alone]))
        x = (min(below) + max(below)) / 2 if below else self.column()
        self.nodes[key] = Node(key, self.chart.bodies[key].name, level, x)
        self.lines += [(key, one) for one in alone]
        return x

    def bundle(self, key: str, units: list[str]) -> float:
        """Draw some units of a council in one piece."""
        level, x, n = max(map(self.chart.level, units)), self.column(), len(units)
        said = self.words.many_councils(n) if level else self.words.many_units(n)
        self.nodes[f"{key}/units"] = Node(f"{key}/units", said, level, x, n)
        self.lines.append((key, f"{key}/units"))
        return x

    def column(self) -> float:
        """Return the next free column."""
        self.columns += 1
        return float(self.columns - 1)


def tops(chart: Chart) -> list[str]:
    """Return the councils that are no unit of another one here, the highest first."""
    inside = {unit for key in chart.councils for unit in chart.units(key)}
    found = [key for key in chart.councils if key not in inside] or list(chart.councils)
    return sorted(found, key=lambda key: (-chart.level(key), chart.bodies[key].name, key))


def of_level(chart: Chart, level: int) -> list[str]:
    """Return the bodies of a level that decide in some council, or are one, by name."""
    keys: Iterable[str] = chart.councils
    if level == 0:
        keys = {unit for key in chart.councils for unit in chart.units(key)}
    here = [key for key in keys if chart.level(key) == level]
    return sorted(here, key=lambda key: (chart.bodies[key].name.casefold(), key))


def label_of(chart: Chart, level: int, words: Words) -> str:
    """Return what a level is called, and how many bodies stand on it."""
    keys = of_level(chart, level)
    if level == 0:
        return f"{words.base[:1].upper()}{words.base[1:]}: {words.many_units(len(keys))}"
    names = {chart.level_name(key, words) for key in keys}
    name = names.pop() if len(names) == 1 else _("level %(n)s") % {"n": level}
    return f"{name[:1].upper()}{name[1:]}: {words.many_councils(len(keys))}"
