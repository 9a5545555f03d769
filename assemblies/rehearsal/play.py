"""Playing a script on a virtual clock, and comparing what happens with what was expected."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from assemblies.acts import Act, Answer, perform
from assemblies.errors import Refused
from assemblies.founding import forget_assembly
from assemblies.journal import read
from assemblies.models import Meeting
from assemblies.rehearsal.script import Script, Step
from assemblies.rehearsal.stage import set_the_stage
from assemblies.selectors import state

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
    meeting: str = ""

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
            **({"meeting": self.meeting} if self.meeting else {}),
        }


def rehearse(script: Script, *, keep: bool = False, watch: Say | None = None) -> Report:
    """Play a script and report; with `watch`, in real time so that it can be watched."""
    report = Report(script.title, notes=list(script.notes))
    meeting = set_the_stage(script)
    try:
        start = timezone.now() if watch else meeting.starts_at
        if watch:
            watch(f"/m/{meeting.key}/wall/")
        play(script, meeting, start, report, watch)
        report.state = state(read(meeting, now=start + timedelta(seconds=last_at(script))))
        if keep:
            report.meeting = meeting.key
    finally:
        if not keep:
            forget_assembly(meeting.assembly)
    return report


def last_at(script: Script) -> float:
    """Return the time of the last step."""
    return script.steps[-1].at if script.steps else 0.0


def play(
    script: Script, meeting: Meeting, start: datetime, report: Report, watch: Say | None
) -> None:
    """Do the steps one after the other; every act is committed by itself, as in the live room."""
    named: dict[str, int | None] = {}
    for step in script.steps:
        now = start + timedelta(seconds=step.at)
        if watch and (pause := (now - timezone.now()).total_seconds()) > 0:
            time.sleep(pause)
        report.steps += 1
        last: int | None = None
        for who in step.by if step.do else []:
            for beneficiary in step.entered_for or [""]:
                if watch:
                    watch(f"{step.at:g} s  {who}: {step.do} {beneficiary}".rstrip())
                answer = done(meeting, step, who, beneficiary, named, now)
                report.acts += 1
                judge(report, step, who, answer)
                last = answer.seq if answer.accepted else last
        if step.called:
            named[step.called] = last
        if step.expect:
            compare(report, step, state(read(meeting, now=now)))


def done(
    meeting: Meeting,
    step: Step,
    who: str,
    beneficiary: str,
    named: Mapping[str, int | None],
    now: datetime,
) -> Answer:
    """Do the act of a step for one actor and return its answer."""
    args = dict(step.args)
    if step.to is not None:
        if step.do in ("object", "undo"):
            seq = named.get(step.to)
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
