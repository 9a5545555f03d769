"""The real server as a process of its own: start it, watch what it costs, kill it."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.processes import end_with_parent
from scripts.services import children, free_port

HOST = "127.0.0.1"
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(slots=True)
class Cost:
    """What a server has used: seconds of CPU so far, megabytes now and at most."""

    cpu: float = 0.0
    rss: float = 0.0
    peak: float = 0.0


def family(pid: int) -> list[int]:
    """Return a process with all that it started."""
    return [pid, *(below for child in children(pid) for below in family(child))]


def cost_of(pid: int) -> Cost:
    """Return what a process and its children have used."""
    cost = Cost()
    for one in family(pid):
        with contextlib.suppress(OSError, IndexError, ValueError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            cost.cpu += (int(fields[11]) + int(fields[12])) / TICKS
            cost.rss += int(fields[21]) * PAGE / 1e6
            for line in Path(f"/proc/{one}/status").read_text().splitlines():
                if line.startswith("VmHWM:"):
                    cost.peak += int(line.split()[1]) * 1024 / 1e6
    return cost


def machine_busy() -> float:
    """Return the seconds of CPU that everything on this machine has used."""
    fields = [int(word) for word in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICKS


def our_command(kind: str, port: int) -> list[str]:
    """Return the command that serves a hall, as it is deployed."""
    at = ["--host", HOST, "--port", str(port), "--server", kind]
    return [sys.executable, "-m", "assembly_site.serve", *at]


class Server:
    """One server on a port that stays the same over its deaths."""

    def __init__(
        self, command: list[str], env: Mapping[str, str], log: Path, port: int, kind: str = ""
    ) -> None:
        self.command, self.env, self.log = command, dict(env), log
        self.port, self.kind = port, kind
        self.process: subprocess.Popen[bytes] | None = None
        self._heard = 0

    @classmethod
    def ours(cls, kind: str, env: Mapping[str, str], folder: Path) -> "Server":
        """Return the server of this project, not yet started."""
        port = free_port()
        return cls(our_command(kind, port), env, folder / f"{kind}-{port}.log", port, kind)

    @property
    def address(self) -> tuple[str, int]:
        """Return where phones find it."""
        return HOST, self.port

    def start(self, within: float = 60.0) -> None:
        """Start, and return when it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        deadline = time.monotonic() + within
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The server does not answer.\n{self.complaints()[-3000:]}")
            time.sleep(0.05)
        self._heard = self.log.stat().st_size

    def answers(self) -> bool:
        """Say whether it answers a request for a page, whatever it says."""
        talk = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            talk.request("GET", "/")
            talk.getresponse().read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            talk.close()
        return True

    def cost(self) -> Cost:
        """Return what it has used so far."""
        return cost_of(self.process.pid) if self.process else Cost()

    def kill(self) -> None:
        """End it as a pulled plug would."""
        if self.process is not None:
            for pid in family(self.process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        """Ask it to end, then make it."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.kill()

    def complaints(self) -> str:
        """Return what it wrote to its log since it last answered for the first time."""
        return self.log.read_bytes()[self._heard :].decode(errors="replace")

    def faults(self) -> int:
        """Return how many faults it logged."""
        return self.complaints().count("Traceback (most recent call last)")
