"""`python -m bench act`: how many acts a second the door takes, all at once and in handfuls."""

import argparse
import time
import uuid
from typing import Any

from bench import report
from bench.stage import Stage, given_url

ACTS = 2000
HANDFULS = (2000, 100, 20, 3)
PEOPLE = 500


def run(asked: argparse.Namespace) -> int:
    """Measure on SQLite, and on DATABASE_URL if there is one."""
    found = []
    given = given_url(asked.database_url, "DATABASE_URL", "TEST_DATABASE_URL")
    for url in dict.fromkeys(["", given]):
        with Stage(url) as stage:
            name = "PostgreSQL" if stage.database_url.startswith("postgres") else "SQLite"
            found.append({"database": name, "handfuls": stage.ask("act")})
    if asked.json:
        print(report.as_json("act", found))
        return 0
    for one in found:
        print(f"\n{ACTS:,} acts of {PEOPLE} people on {one['database']}\n")
        rows = [
            [
                f"{each['handful']:,}",
                report.number(each["acts_per_s"]),
                report.number(each["ms_each_handful"], "ms"),
            ]
            for each in one["handfuls"]
        ]
        print(report.table(["acts in a handful", "acts/s", "a handful takes"], rows))
    return 0


def handfuls() -> list[dict[str, Any]]:
    """Hand the same number of acts to `perform`, in handfuls of different sizes (with Django)."""
    from assemblies.acts.declaring import Act  # noqa: PLC0415
    from assemblies.acts.perform import perform  # noqa: PLC0415 - the load does without Django
    from assemblies.models import Meeting, Participant  # noqa: PLC0415
    from bench.inside import gather  # noqa: PLC0415

    found = []
    for size in HANDFULS:
        meeting = Meeting.objects.get(key=gather(PEOPLE)["meeting"])
        keys = list(Participant.objects.filter(meeting=meeting).values_list("key", flat=True))
        acts = [
            Act("show_signal", {"signal": word}, actor, str(uuid.uuid4()))
            for turn in range(ACTS // PEOPLE)
            for actor, word in zip(keys, ("agree", "disagree") * (PEOPLE // 2), strict=True)
        ]
        began = time.perf_counter()
        for start in range(0, len(acts), size):
            answers = perform(meeting, acts[start : start + size])
            assert all(answer.accepted for answer in answers), answers
        took = time.perf_counter() - began
        found.append(
            {
                "handful": size,
                "acts_per_s": ACTS / took,
                "ms_each_handful": 1000 * took / -(-ACTS // size),
            }
        )
    return found


def arguments(parser: Any) -> None:
    """Describe what can be asked."""
    parser.add_argument("--database-url", default="")
    parser.add_argument("--json", action="store_true")
