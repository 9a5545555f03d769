"""The results of a scenario, as numbers."""

import math
import resource
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.arithmetic import Screens, delays, percentile
from bench.phones import Hall
from bench.scenarios import CHANGED, RECALL_WITHIN, RESULT_WITHIN, Played, Scenario
from bench.servers import Cost
from bench.tallies import Recalled, Tallies, recalled, tallies


@dataclass(slots=True)
class Figures:
    """One run of one scenario against one server; times in milliseconds."""

    scenario: str
    served_by: str
    phones: int
    seconds: float
    acts: int
    acts_per_s: float
    accepted_p50: float
    accepted_p95: float
    accepted_p99: float
    screens_p50: float
    screens_p95: float
    screens_max: float
    frames_per_s: float
    frames_per_phone: float
    kb_per_phone: float
    refused: dict[str, int]
    lost: int
    dropped: int
    unseen: int
    screens_alike: bool
    server_cpu_s: float
    server_rss_mb: float
    load_cpu_s: float
    load_late_p99: float
    others_cpu_s: float
    faults: int
    tallies: Tallies | None = None
    recall: Recalled | None = None
    more: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the figures for --json; what is no number is null."""
        return {
            name: None if isinstance(value, float) and not math.isfinite(value) else value
            for name, value in asdict(self).items()
        }


def load_cpu() -> float:
    """Return the seconds of CPU that this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def figures(
    scenario: Scenario,
    served_by: str,
    hall: Hall,
    played: Played,
    *,
    watched: float,
    cost: Cost,
    load: float,
    busy: float,
    faults: int,
) -> Figures:
    """Reduce what the phones noted. What was never answered or shown counts with the window."""
    every = hall.taps_counted()
    taps = [tap for tap in every if not tap.code]
    window = scenario.window
    answers = [tap.answered - tap.sent if tap.accepted else window for tap in taps]
    screens = Screens(list(phone.seen()) for phone in hall.phones)
    shown = delays(((tap.sent, tap.seq) for tap in taps), screens, window)
    accepted = [tap for tap in taps if tap.accepted]
    took = max(played.ended - played.began, 1e-9)
    last = max((tap.answered for tap in accepted), default=played.ended)
    return Figures(
        scenario=scenario.name,
        served_by=served_by,
        phones=len(hall.phones),
        seconds=scenario.seconds,
        acts=len(every),
        acts_per_s=len(accepted) / max(last - played.began, took),
        accepted_p50=1000 * percentile(answers, 0.50),
        accepted_p95=1000 * percentile(answers, 0.95),
        accepted_p99=1000 * percentile(answers, 0.99),
        screens_p50=1000 * percentile(shown, 0.50),
        screens_p95=1000 * percentile(shown, 0.95),
        screens_max=1000 * percentile(shown, 1.0),
        frames_per_s=hall.frames / watched,
        frames_per_phone=hall.frames / len(hall.phones),
        kb_per_phone=sum(phone.bytes for phone in hall.phones) / len(hall.phones) / 1000,
        refused=dict(Counter(tap.code for tap in every if tap.code)),
        lost=sum(not tap.accepted for tap in taps),
        dropped=hall.dropped,
        unseen=sum(screens.reached_all(tap.seq) == math.inf for tap in accepted if tap.seq),
        screens_alike=hall.screens_alike(),
        server_cpu_s=cost.cpu,
        server_rss_mb=cost.peak,
        load_cpu_s=load,
        load_late_p99=1000 * percentile(played.late, 0.99),
        others_cpu_s=max(0.0, busy - load - cost.cpu),
        faults=faults,
        tallies=tallies(hall, played.closing, RESULT_WITHIN) if played.closing else None,
        recall=recalled(hall, played.recall, CHANGED, RECALL_WITHIN) if played.recall else None,
    )
