"""Playing a script on a virtual clock, and comparing what happens with what was expected."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from assemblies.acts.declaring import Act, Answer
from assemblies.acts.perform import perform
from assemblies.door.journal import read
from assemblies.models import Meeting
from assemblies.reading.state import state
from assemblies.records.rehearsal.names import with_keys, with_names
from assemblies.records.rehearsal.script import Script, Step
from assemblies.records.rehearsal.stage import Stage, set_the_stage
from assemblies.rules.errors import Refused

Say = Callable[[str], None]


@dataclass
class Report:
    """How a rehearsal went."""

    title: str
    steps: int = 0
    acts: int = 0
    failures: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)
    # The keys of the meetings that were kept, by the names of their assemblies.
    meetings: dict[str, str] = field(default_factory=dict)

    @property
    def meeting(self) -> str:
        """The key of the first meeting that was kept, or ""."""
        return next(iter(self.meetings.values()), "")

    @property
    def ok(self) -> bool:
        """Whether everything that was expected held."""
        return not self.failures

    def failed(self, step: int, what: str, **more: Any) -> None:
        """Note an expectation that does not hold."""
        self.failures.append({"step": step, "what": what, **more})

    def as_json(self) -> dict[str, Any]:
        """Return the report for --json."""
        return {
            "title": self.title,
            "ok": self.ok,
            "steps": self.steps,
            "acts": self.acts,
            "failures": self.failures,
            "notes": self.notes,
            "state": self.state,
            **self.kept(),
        }

    def kept(self) -> dict[str, Any]:
        """Return what --json says about what was kept."""
        if "" in self.meetings:
            return {"meeting": self.meeting}
        return {"meetings": self.meetings} if self.meetings else {}


def rehearse(script: Script, *, keep: bool = False, watch: Say | None = None) -> Report:
    """Play a script and report; with `watch`, in real time so that it can be watched."""
    report = Report(script.title, notes=list(script.notes))
    stage = set_the_stage(script)
    try:
        start = timezone.now() if watch else stage.scene.now
        if watch:
            watch(f"/m/{next(iter(stage.meetings.values())).key}/wall/")
        play(stage, start, report, watch)
        end = start + timedelta(seconds=script.last_at)
        states = {name: state_of(stage, name, end) for name in stage.meetings}
        report.state = states if script.several else states[""]
        if keep:
            stage.keep()
            report.meetings = {name: meeting.key for name, meeting in stage.meetings.items()}
    finally:
        if not keep:
            stage.strike()
    return report


def state_of(stage: Stage, name: str, now: datetime) -> dict[str, Any]:
    """Return the state of a meeting as the script speaks of it."""
    return with_names(state(read(stage.meetings[name], now=now)), stage.keys)


def play(stage: Stage, start: datetime, report: Report, watch: Say | None) -> None:
    """Do the steps one after the other; every act is committed by itself, as in the live room."""
    named: dict[tuple[str, str], int | None] = {}
    for step in stage.script.steps:
        now = start + timedelta(seconds=step.at)
        if watch and (pause := (now - timezone.now()).total_seconds()) > 0:
            time.sleep(pause)
        report.steps += 1
        meeting = stage.meeting(step.where, now)
        if meeting is None:
            report.failed(step.number, f"The assembly {step.where} has not been founded.")
            continue
        last: int | None = None
        for who in step.by if step.do else []:
            for beneficiary in step.entered_for or [""]:
                if watch:
                    words = (f"{step.at:g} s ", step.where, f"{who}: {step.do} {beneficiary}")
                    watch(" ".join(filter(None, words)).rstrip())
                if step.do == "check_in":
                    stage.take_seat(meeting, who, now)
                answer = done(meeting, step, who, beneficiary, named, now, stage.keys)
                report.acts += 1
                judge(report, step, who, answer)
                last = answer.seq if answer.accepted else last
        if step.called:
            named[step.where, step.called] = last
        if step.expect:
            compare(report, step, state_of(stage, step.where, now))


def done(
    meeting: Meeting,
    step: Step,
    who: str,
    beneficiary: str,
    named: Mapping[tuple[str, str], int | None],
    now: datetime,
    keys: Mapping[str, str],
) -> Answer:
    """Do the act of a step for one actor and return its answer."""
    args = with_keys(step.args, keys)
    if step.to is not None:
        if step.do in ("object", "undo"):
            seq = named.get((step.where, step.to))
            if seq is None:
                return Answer(code="unknown", why="The named act was refused.")
            args["seq"] = seq
        else:
            args["to"] = step.to
    said = {**args, "do": step.do, "for": [beneficiary] if beneficiary else []}
    try:
        act = Act.read(said, actor=who)
    except Refused as refusal:
        return Answer(code=refusal.code, why=refusal.why)
    return perform(meeting, [act], now=now)[0]


def judge(report: Report, step: Step, who: str, answer: Answer) -> None:
    """Compare an answer with what the step says about it."""
    got = answer.code or "accepted"
    if step.refused is None and answer.accepted and not answer.but:
        return
    if step.refused is True and not answer.accepted:
        return
    if step.refused == answer.code and answer.code:
        return
    expected = "accepted" if step.refused is None else step.refused
    report.failed(
        step.number,
        f"{who} {step.do}: expected {expected}, got {got}",
        expected=expected,
        found=got,
        why=answer.why,
    )


def compare(report: Report, step: Step, found: Mapping[str, Any]) -> None:
    """Compare a state with the expectations of a step."""
    for path, expected in step.expect.items():
        there, value = at_path(found, path)
        if not holds(expected, there, value):
            report.failed(
                step.number,
                f"{path}: expected {expected!r}, found {value if there else 'nothing'!r}",
                path=path,
                expected=expected,
                found=value if there else None,
            )


def at_path(found: Any, path: str) -> tuple[bool, Any]:
    """Return whether a path exists and what stands there; a number is a place in a list."""
    for part in path.split("."):
        if isinstance(found, Mapping) and part in found:
            found = found[part]
        elif isinstance(found, list) and part.isdigit() and int(part) < len(found):
            found = found[int(part)]
        else:
            return False, None
    return True, found


def holds(expected: Any, there: bool, value: Any) -> bool:
    """Say whether a value is as expected: equal, or as one of the three matchers has it."""
    if isinstance(expected, dict) and len(expected) == 1:
        (word, wanted), *_rest = expected.items()
        if word == "missing" and isinstance(wanted, bool):
            return there is not wanted
        if word == "at_least":
            return there and number(value) and number(wanted) and value >= wanted
        if word == "contains":
            return there and contains(value, wanted)
    return there and same(value, expected)


def number(value: Any) -> bool:
    """Say whether a value can be compared by size."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def contains(value: Any, wanted: Any) -> bool:
    """Say whether a list, a text or an object contains something."""
    if isinstance(value, str):
        return isinstance(wanted, str) and wanted in value
    if isinstance(value, Mapping):
        return wanted in value
    return isinstance(value, list) and any(same(one, wanted) for one in value)


def same(one: Any, other: Any) -> bool:
    """Say whether two JSON values are equal; true is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return set(one) == set(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)
