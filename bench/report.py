"""Figures as tables of plain text, or as JSON."""

import json
import math
import os
import platform
from collections.abc import Sequence
from typing import Any

from bench.measures import Figures
from bench.tallies import Recalled, Tallies

Row = tuple[str, str, str]


def number(value: float | int | None, unit: str = "") -> str:
    """Return a number as people read it."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "-"
    if isinstance(value, float):
        shown = f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}"
    else:
        shown = f"{value:,}"
    return f"{shown} {unit}".strip()


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return lines with columns, the first flush left, the others flush right."""
    columns = list(zip(head, *rows, strict=True))
    widths = [max(len(cell) for cell in column) for column in columns]

    def line(cells: Sequence[str]) -> str:
        first, *others = zip(cells, widths, strict=True)
        return "  ".join(
            [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
        ).rstrip()

    rule = "  ".join("-" * width for width in widths)
    return "\n".join([line(head), rule, *(line(row) for row in rows)])


def ratio(mine: float, theirs: float) -> float | None:
    """Return how many times as long the other one takes."""
    return theirs / mine if mine and math.isfinite(mine) and math.isfinite(theirs) else None


def described(one: Figures) -> list[str]:
    """Return one run's column."""
    refused = ", ".join(f"{count} {code}" for code, count in sorted(one.refused.items()))
    return [
        number(one.phones),
        number(one.acts),
        number(one.acts_per_s),
        number(one.accepted_p50, "ms"),
        number(one.accepted_p95, "ms"),
        number(one.accepted_p99, "ms"),
        number(one.screens_p50, "ms"),
        number(one.screens_p95, "ms"),
        number(one.screens_max, "ms"),
        number(one.frames_per_s),
        number(one.frames_per_phone),
        number(one.kb_per_phone, "kB"),
        number(one.server_cpu_s, "s"),
        number(one.server_rss_mb, "MB"),
        number(one.load_cpu_s, "s"),
        number(one.load_late_p99, "ms"),
        number(one.others_cpu_s, "s"),
        refused or "0",
        number(one.lost),
        number(one.unseen),
        number(one.dropped),
        "yes" if one.screens_alike else "NO",
        number(one.faults),
    ]


ROWS = (
    "phones",
    "acts",
    "acts/s accepted",
    "accepted p50",
    "accepted p95",
    "accepted p99",
    "tap to every screen p50",
    "tap to every screen p95",
    "tap to every screen, worst",
    "frames/s",
    "frames to a phone",
    "bytes to a phone",
    "server CPU",
    "server RSS, peak",
    "load CPU",
    "load late p99",
    "CPU of other programs",
    "refused",
    "lost (never answered)",
    "never on every screen",
    "sockets dropped",
    "screens alike",
    "faults in the log",
)


TALLY_ROWS = (
    "tallies read on all screens",
    "tally wrong",
    "tally ran back",
    "result on every screen",
    "screens without the result",
)


def tallied(one: Tallies | None) -> list[str]:
    """Return what one run's column says of the tallies."""
    if one is None:
        return ["-"] * len(TALLY_ROWS)
    return [
        number(one.read),
        number(one.wrong),
        number(one.ran_back),
        number(one.result_ms, "ms"),
        number(one.without),
    ]


RECALL_ROWS = (
    "recall: the base has its answer",
    "recall: the delegate's phone knows",
    "recall: on every screen",
    "recall: screens without it",
)


def recall_told(one: Recalled) -> list[str]:
    """Return what one run's column says of the recall."""
    if one.code:
        return [one.code] * len(RECALL_ROWS)
    times = (one.answered_ms, one.delegate_ms, one.screens_ms)
    return [*(number(ms, "ms") for ms in times), number(one.without)]


def room(mine: Figures, theirs: Figures | None) -> str:
    """Return the table of one scenario."""
    head = [f"{mine.scenario}, {mine.seconds:g} s", f"Assembly, {mine.served_by}"]
    runs = [mine] if theirs is None else [mine, theirs]
    head += [one.served_by for one in runs[1:]]
    rows = [list(row) for row in zip(ROWS, *map(described, runs), strict=True)]
    if mine.tallies is not None:
        columns = [tallied(one.tallies) for one in runs]
        rows += [list(row) for row in zip(TALLY_ROWS, *columns, strict=True)]
    if mine.recall is not None:
        rows += [list(row) for row in zip(RECALL_ROWS, recall_told(mine.recall), strict=True)]
    lines = ["", table(head, rows)]
    if theirs is not None:
        times = ratio(mine.screens_p95, theirs.screens_p95)
        lines.append(
            f"Tap to every screen, p95: {number(mine.screens_p95, 'ms')} against"
            f" {number(theirs.screens_p95, 'ms')}, {number(times)} times as fast."
        )
        if mine.tallies is not None and theirs.tallies is not None:
            ours, other = mine.tallies.result_ms, theirs.tallies.result_ms
            lines.append(
                f"Result on every screen: {number(ours, 'ms')} against {number(other, 'ms')},"
                f" {number(ratio(ours, other))} times as fast."
            )
    return "\n".join(lines)


def pair(mine: Figures, theirs: Figures | None) -> dict[str, Any]:
    """Return one scenario for --json."""
    found: dict[str, Any] = {"scenario": mine.scenario, "assembly": mine.as_dict()}
    if theirs is not None:
        found["peer"] = theirs.as_dict()
        found["ratio_of_screens_p95"] = ratio(mine.screens_p95, theirs.screens_p95)
        if mine.tallies is not None and theirs.tallies is not None:
            found["ratio_of_result"] = ratio(mine.tallies.result_ms, theirs.tallies.result_ms)
    return found


def as_json(what: str, found: Any) -> str:
    """Return everything for a program."""
    told = {
        "bench": what,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "found": found,
    }
    return json.dumps(told, indent=1)
