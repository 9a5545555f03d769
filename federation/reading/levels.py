"""The map of levels as data: which bodies are drawn where, and which in one bundle.

Nine assemblies are nine boxes with names. The labels of nine hundred nobody could read: those of
one council are drawn as one bundle, with their number.
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
    """A level with its label: what its bodies are called, and how many there are."""

    level: int
    label: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Sketch:
    """The whole drawing: rows from below, lines between keys of nodes, its width in columns."""

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
    """The positions of all nodes, with everything up to one level bundled (-1: nothing)."""

    def __init__(self, chart: Chart, words: Words, bundled_to: int) -> None:
        self.chart, self.words, self.bundled_to = chart, words, bundled_to
        self.nodes: dict[str, Node] = {}
        self.lines: list[tuple[str, str]] = []
        self.columns = 0
        for top in tops(chart):
            self.put(top)

    def row(self, level: int) -> tuple[Node, ...]:
        """Return the nodes of a level, in reading order."""
        here = [one for one in self.nodes.values() if one.level == level]
        return tuple(sorted(here, key=lambda one: (one.x, one.key)))

    def put(self, key: str) -> float:
        """Put a body above its units; return its column."""
        if key in self.nodes:
            return self.nodes[key].x
        level = self.chart.level(key)
        units = [one for one in self.chart.units(key) if self.chart.level(one) < level]
        alone = [one for one in units if self.chart.level(one) > self.bundled_to]
        below = [self.put(one) for one in alone]
        if len(alone) < len(units):
            below.append(self.bundle(key, [one for one in units if one not in alone]))
        x = (min(below) + max(below)) / 2 if below else self.column()
        self.nodes[key] = Node(key, self.chart.bodies[key].name, level, x)
        self.lines += [(key, one) for one in alone]
        return x

    def bundle(self, key: str, units: list[str]) -> float:
        """Put some units of a council as one bundle; return its column."""
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
    """Return the bodies of a level, by name: councils, or at level 0 units that decide."""
    keys: Iterable[str] = chart.councils
    if level == 0:
        keys = {unit for key in chart.councils for unit in chart.units(key)}
    here = [key for key in keys if chart.level(key) == level]
    return sorted(here, key=lambda key: (chart.bodies[key].name.casefold(), key))


def label_of(chart: Chart, level: int, words: Words) -> str:
    """Return the label of a level: its name, and how many bodies are on it."""
    keys = of_level(chart, level)
    if level == 0:
        return f"{words.base[:1].upper()}{words.base[1:]}: {words.many_units(len(keys))}"
    names = {chart.level_name(key, words) for key in keys}
    name = names.pop() if len(names) == 1 else _("level %(n)s") % {"n": level}
    return f"{name[:1].upper()}{name[1:]}: {words.many_councils(len(keys))}"
