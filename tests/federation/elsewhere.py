"""Another process of the same installation: it keeps its sheets, and does what it is told.

One JSON object in each line: {"meeting", "now", "acts": [{"do", "by", "id", ...}]} is answered with
the codes of the acts ("" for accepted); {"look": meeting, "now"} with the state as the sheets that
it has in hand tell it. With "die": n it is killed, as by the kernel, when it writes to the database
for the n-th time from then on.
"""

import json
import os
import signal
import subprocess
import sys
from datetime import datetime
from typing import Any, Self

from scripts.installing import ROOT


class Elsewhere:
    """A process to talk to, on the database of this test."""

    def __init__(self) -> None:
        env = {**os.environ, "DATABASE_URL": database_url(), "DATABASE_POOL": "2"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.federation.elsewhere"],
            env=env,
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def __enter__(self) -> Self:
        assert self.ask(ready=True) == {"ready": True}
        return self

    def __exit__(self, *wrong: object) -> None:
        self.process.kill()
        self.process.communicate()

    def tell(self, **said: Any) -> None:
        """Say something, and do not wait."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(said, default=str) + "\n")
        self.process.stdin.flush()

    def hear(self) -> Any:
        """Return the next answer; None where the process has died."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        return json.loads(line) if line else None

    def ask(self, **said: Any) -> Any:
        """Say something and return the answer."""
        self.tell(**said)
        return self.hear()


def database_url() -> str:
    """Return the address of the database that this test uses."""
    from django.db import connection  # noqa: PLC0415 - the child sets Django up first

    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"


def serve() -> None:
    """Do what is told, line by line."""
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assembly_site.settings")
    django.setup()
    for line in sys.stdin:
        print(json.dumps(answer_to(json.loads(line))), flush=True)


def answer_to(said: dict[str, Any]) -> Any:
    """Do one thing and return what came of it."""
    from assemblies.acts.declaring import Act  # noqa: PLC0415
    from assemblies.acts.perform import perform  # noqa: PLC0415
    from assemblies.door.journal import look  # noqa: PLC0415
    from assemblies.models import Meeting  # noqa: PLC0415
    from assemblies.reading.state import state  # noqa: PLC0415

    if "ready" in said:
        return said
    now = datetime.fromisoformat(said["now"])
    if "look" in said:
        found: list[Any] = []
        meeting = Meeting.objects.get(key=said["look"])
        look(meeting, lambda page: found.append(state(page)), now=now)
        return found[0]
    meeting = Meeting.objects.get(key=said["meeting"])
    if "die" in said:
        die_at(said["die"])
    acts = [Act.read(one, actor=one.pop("by")) for one in said["acts"]]
    return [answer.code for answer in perform(meeting, acts, now=now)]


def die_at(n: int) -> None:
    """Have this process killed in place of its n-th writing to the database."""
    from django.db import connection  # noqa: PLC0415

    left = n

    def counting(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    connection.execute_wrappers.append(counting)


if __name__ == "__main__":
    serve()
