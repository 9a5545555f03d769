"""The map of levels as SVG. Imported only when somebody asks for the first one.

Made as the plots of the floor are (docs/decisions/0007-plots.md): the same map makes the same
bytes. Who stands where is settled in `federation.levels`; here are boxes, lines and letters.
"""

import io
from itertools import pairwise
from textwrap import shorten, wrap

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from federation.reading.levels import Node, Row, Sketch
from stack.records.plots import DARK, LIGHT, Tones, drawing

WIDE, NARROW = 9.0, 3.4  # inches
PAPER = {False: "#fbf8f2", True: "#16150f"}
LABEL, GAP, LINE = 0.3, 0.34, 0.165
# How wide a place must be for a name across, for a name upright, for a number.
ACROSS, UPRIGHT, NUMBERED = 1.0, 0.22, 0.24
ACROSS_LINES, UPRIGHT_LETTERS = 3, 30
DOTS_APART = 0.09


def draw_map(sketch: Sketch, *, dark: bool, wide: bool) -> str:
    """Return the map as SVG, on the paper of the page."""
    written = io.StringIO()
    with drawing:
        figure = figure_of(sketch, DARK if dark else LIGHT, PAPER[dark], WIDE if wide else NARROW)
        figure.savefig(written, format="svg", transparent=True, metadata={"Date": None})
    return written.getvalue()


def figure_of(sketch: Sketch, tones: Tones, paper: str, width: float) -> Figure:
    """Return the drawing: rows from below upward, each under its label."""
    heights = [height_of(row, slot(row, sketch, width)) for row in sketch.rows]
    tall = sum(heights) + len(heights) * LABEL + (len(heights) - 1) * GAP + 0.1
    figure = Figure(figsize=(width, tall))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(0, tall))
    axes.set_axis_off()
    tops: dict[str, tuple[float, float]] = {}
    feet: dict[str, tuple[float, float]] = {}
    labels: list[tuple[float, str]] = []
    floor = 0.05
    for row, high in zip(sketch.rows, heights, strict=True):
        room = slot(row, sketch, width)
        for node in row.nodes:
            x = place(node, sketch, width)
            shape(axes, node, x, floor, high, room, tones)
            tops[node.key], feet[node.key] = (x, floor + high), (x, floor)
        labels.append((floor + high + LABEL / 2, row.label))
        floor += high + LABEL + GAP
    for above, below in sketch.lines:
        (x, y), (to_x, to_y) = feet[above], tops[below]
        axes.plot([x, to_x], [y, to_y], color=tones.pale, linewidth=0.9, zorder=0)
    behind = {"facecolor": paper, "edgecolor": "none", "pad": 1.5}
    for y, label in labels:
        words = shorten(label, int(width * 11), placeholder="…")
        axes.text(
            0.06, y, words, color=tones.ink, va="center", weight="bold", size=10.5, bbox=behind
        )
    return figure


def place(node: Node, sketch: Sketch, width: float) -> float:
    """Return where a node stands, in inches from the edge."""
    return (node.x + 0.5) * width / sketch.columns


def slot(row: Row, sketch: Sketch, width: float) -> float:
    """Return how much room each node of a row has."""
    places = [place(node, sketch, width) for node in row.nodes]
    gaps = [after - before for before, after in pairwise(places)]
    edges = [2 * places[0], 2 * (width - places[-1])] if places else [width]
    return min([*gaps, *edges, 2.6])


def height_of(row: Row, room: float) -> float:
    """Return how high the boxes of a row are."""
    named = [node for node in row.nodes if not node.bundled]
    if named and ACROSS > room >= UPRIGHT:
        return 0.25 + 0.078 * max(len(upright(node.name)) for node in named)
    if named and room >= ACROSS:
        return 0.16 + LINE * max(len(across(node.name, room)) for node in named)
    return 0.5 if len(named) < len(row.nodes) else 0.16


def across(name: str, room: float) -> list[str]:
    """Return a name in a few short lines."""
    lines = wrap(name, max(8, int((room - 0.16) * 12.5)))
    if len(lines) > ACROSS_LINES:
        lines = [*lines[: ACROSS_LINES - 1], shorten(lines[ACROSS_LINES - 1] + " …", 99)]
    return lines


def upright(name: str) -> str:
    """Return a name that fits into a narrow box."""
    return name if len(name) <= UPRIGHT_LETTERS else name[: UPRIGHT_LETTERS - 1].rstrip() + "…"


def shape(
    axes: Axes, node: Node, x: float, y: float, high: float, room: float, tones: Tones
) -> None:
    """Draw a body as a box with its name where that fits, a bundle as a fan with its number."""
    if node.bundled:
        fan(axes, node, x, y, high, room, tones)
        return
    if room < UPRIGHT:
        axes.plot([x], [y + high / 2], marker="o", markersize=4, color=tones.accent)
        return
    wide = (room - 0.1) if room >= ACROSS else min(room - 0.04, 0.3)
    axes.add_patch(
        FancyBboxPatch(
            (x - wide / 2, y), wide, high,
            boxstyle="round,pad=0,rounding_size=0.06", facecolor="none",
            edgecolor=tones.accent if node.level else tones.pale, linewidth=1.2,
        )
    )  # fmt: skip
    if room >= ACROSS:
        words, turned = "\n".join(across(node.name, room)), 0
    else:
        words, turned = upright(node.name), 90
    axes.text(
        x, y + high / 2, words,
        color=tones.ink, ha="center", va="center", rotation=turned, size=9.5, linespacing=1.15,
    )  # fmt: skip


def fan(axes: Axes, node: Node, x: float, y: float, high: float, room: float, tones: Tones) -> None:
    """Draw units in one piece: a few of them as dots, with how many they are."""
    half, foot = min(room, 2.4) * 0.36, y + 0.2
    many = max(2, min(node.bundled, int(2 * half / DOTS_APART) + 1))
    ends = [x - half + 2 * half * n / (many - 1) for n in range(many)]
    for end in ends:
        axes.plot([x, end], [y + high, foot], color=tones.pale, linewidth=0.6)
    axes.plot(ends, [foot] * many, linestyle="", marker="o", markersize=3, color=tones.accent)
    if room >= NUMBERED:
        said = node.name if room >= ACROSS else str(node.bundled)
        axes.text(x, y, said, color=tones.ink, ha="center", va="bottom", size=9)
