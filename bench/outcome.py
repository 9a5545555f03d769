"""The results of a crowd's acts: figures, and whether all screens agreed."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Result:
    """The figures of one run, and everything that went wrong."""

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
        """Say whether a state tells the floor of the rows."""
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
