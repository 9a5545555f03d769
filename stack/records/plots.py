"""Plots of how the floor was shared, as SVG. Imported only when somebody asks for the first one.

Made with matplotlib's objects, not with pyplot, which keeps figures in a global; one at a time,
for its fonts are shared. The same numbers make the same bytes.
"""

import io
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import shorten

import matplotlib as mpl
from django.utils.translation import gettext as _
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from stack.reading.afterwards import Review
from stack.words.labels import minutes_label, percent

mpl.rcParams.update(
    {
        "svg.hashsalt": "assembly",  # names inside the file that do not change
        "svg.fonttype": "none",  # text stays text, in a typeface of the reader
        "text.parse_math": False,  # a group may be called "$x$"
        "font.size": 11,
    }
)
WIDTH, LINE = 4.2, 0.5  # inches
ITEMS_DRAWN = 40
drawing = threading.Lock()


@dataclass(frozen=True, slots=True)
class Tones:
    """Colours of a plot: those of the pages (static/css/base.css)."""

    ink: str
    quiet: str
    line: str
    pale: str
    accent: str


LIGHT = Tones("#1d1b17", "#635c4d", "#d8d0c0", "#8d8471", "#0b5d4b")
DARK = Tones("#f1ede2", "#b3ab98", "#3a362b", "#857d6b", "#6fd3b8")


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a plot: words before, the value in words, a part of the full width (0 to 1)."""

    words: str
    value: str
    part: float
    pale: bool = False


def bars(groups: Sequence[tuple[str, Sequence[Bar]]], tones: Tones) -> Figure:
    """Return bars under each other, each with its words; a heading may stand over some."""
    lines = sum(len(group) + bool(title) for title, group in groups)
    figure = Figure(figsize=(WIDTH, 0.1 + LINE * lines))
    axes = figure.add_axes((0.01, 0, 0.98, 1))
    axes.set(xlim=(0, 1), ylim=(lines + 0.1, -0.1))
    axes.set_axis_off()
    y = 0.0
    for title, group in groups:
        if title:
            axes.text(
                0, y + 0.75, shorten(title, 44, placeholder="…"), color=tones.ink, weight="bold"
            )
            y += 1
        for bar in group:
            words = shorten(bar.words, 36, placeholder="…")
            axes.text(0, y + 0.45, words, color=tones.ink)
            axes.text(1, y + 0.45, bar.value, color=tones.ink, ha="right")
            axes.barh(y + 0.7, 1, height=0.2, color=tones.line)
            axes.barh(y + 0.7, bar.part, height=0.2, color=tones.pale if bar.pale else tones.accent)
            y += 1
    return figure


def time(review: Review, tones: Tones) -> Figure:
    """Return the shares of the talking time: one, three, everybody else."""
    rows = [
        Bar(_("who spoke longest"), percent(review.one), float(review.one)),
        Bar(_("the three who spoke longest"), percent(review.three), float(review.three)),
        Bar(_("everybody else"), percent(review.others), float(review.others), pale=True),
    ]
    return bars([("", rows)], tones)


def heard(review: Review, tones: Tones) -> Figure:
    """Return the curve of how many have been heard, below the line of all."""
    figure = Figure(figsize=(WIDTH, 2.9), layout="constrained")
    axes: Axes = figure.subplots()
    minutes = [point.minute for point in review.heard]
    many = [point.heard for point in review.heard]
    axes.fill_between(minutes, many, color=tones.accent, alpha=0.2, linewidth=0)
    axes.plot(minutes, many, color=tones.accent, linewidth=2, marker="o", markersize=4)
    axes.axhline(review.people, color=tones.quiet, linewidth=1, linestyle="--")
    everybody = _("all %(n)s") % {"n": review.people}
    axes.annotate(
        everybody, (0, review.people), (2, 4), textcoords="offset points", color=tones.ink
    )
    axes.set_ylim(0, review.people * 1.15)
    axes.set_xlim(0, max(1, minutes[-1]))
    axes.set_xlabel(_("minutes of the meeting"), color=tones.ink)
    axes.set_ylabel(_("people heard"), color=tones.ink)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.tick_params(colors=tones.quiet, labelcolor=tones.ink)
    for side, spine in axes.spines.items():
        spine.set(visible=side in ("left", "bottom"), color=tones.pale)
    return figure


def items(review: Review, tones: Tones) -> Figure:
    """Return the minutes of each item: planned, taken."""
    drawn = review.items[:ITEMS_DRAWN]
    most = max([1, *(max(item.planned, item.taken) for item in drawn)])
    return bars(
        [
            (
                f"{item.number}. {item.title}",
                [
                    Bar(_("planned"), minutes_label(item.planned), item.planned / most, pale=True),
                    Bar(_("taken"), minutes_label(item.taken), item.taken / most),
                ],
            )
            for item in drawn
        ],
        tones,
    )


def groups(review: Review, tones: Tones) -> Figure:
    """Return each group's share of the people and of the time."""
    return bars(
        [
            (
                group.name,
                [
                    Bar(_("of the people"), percent(group.people), float(group.people), pale=True),
                    Bar(_("of the time"), percent(group.time), float(group.time)),
                ],
            )
            for group in review.groups
        ],
        tones,
    )


PLOTS: dict[str, Callable[[Review, Tones], Figure]] = {
    "time": time,
    "heard": heard,
    "items": items,
    "groups": groups,
}


def draw(name: str, review: Review, *, dark: bool) -> str:
    """Return a plot as SVG, on the paper of the page."""
    written = io.StringIO()
    with drawing:
        figure = PLOTS[name](review, DARK if dark else LIGHT)
        figure.savefig(written, format="svg", transparent=True, metadata={"Date": None})
    return written.getvalue()
