"""Run a real PostgreSQL and a real Redis on free ports in a folder of their own.

    with Services() as services:
        services.database_url, services.redis_url, services.chromium

needs no root and nothing that runs already. `stop`, `kill` and `start` keep the port and the data,
so that a test can take a service away and give it back.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from scripts.binaries import Binaries, ensure_binaries
from scripts.problem import Problem

__all__ = ["Postgres", "Redis", "Services", "ensure_binaries", "free_port"]


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def children(pid: int) -> list[int]:
    """Return the processes that a process has started (on Linux; elsewhere none are known)."""
    listed: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            listed += map(int, task.read_text().split())
    return listed


def wait_until(ready: Callable[[], bool], seconds: float, what: str, log: Path) -> None:
    """Wait until something is so, or show the end of the log."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise Problem(f"{what}\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.02)


class Server:
    """One program that listens on a port, with a folder and a log."""

    name = "The server"
    stop_signal = signal.SIGTERM

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.log = folder / "log"
        self.process: subprocess.Popen[bytes] | None = None
        self.user: dict[str, Any] = {}

    def command(self) -> list[str]:
        """Return the command that runs in the foreground."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Tell whether it takes orders yet."""
        raise NotImplementedError

    def start(self) -> None:
        """Start, and return when it takes orders."""
        if self.process and self.process.poll() is None:
            return
        deadline = time.monotonic() + 30
        while not self.came_up():
            # After a kill the last of the old processes may hold the shared memory for a moment.
            if time.monotonic() > deadline:
                words = self.log.read_text(errors="replace")[-2000:]
                raise Problem(f"{self.name} does not start on port {self.port}.\n{words}")
            time.sleep(0.2)

    def came_up(self) -> bool:
        """Start once; tell whether it takes orders or has ended at once."""
        with self.log.open("ab") as log:
            self.process = process = subprocess.Popen(
                self.command(), stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                cwd=self.folder, start_new_session=True, **self.user,
            )  # fmt: skip
        wait_until(
            lambda: process.poll() is not None or self.answers(),
            30, f"{self.name} does not answer on port {self.port}.", self.log,
        )  # fmt: skip
        return process.poll() is None

    def stop(self) -> None:
        """Stop as a careful operator would."""
        if not self.process:
            return
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """Stop as a pulled plug would: nothing of it gets another moment."""
        if not self.process:
            return
        for pid in (self.process.pid, *children(self.process.pid)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def restart(self, down: float = 0) -> None:
        """Stop, stay away for some seconds, and start on the same port."""
        self.stop()
        time.sleep(down)
        self.start()


class Redis(Server):
    """Redis as it is deployed: nothing on disk."""

    name = "Redis"

    def __init__(self, program: Path, folder: Path, port: int | None = None) -> None:
        super().__init__(folder, port)
        self.program = program

    @property
    def url(self) -> str:
        """Return the address for REDIS_URL."""
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        """Return the command that runs in the foreground."""
        return [
            str(self.program), "--port", str(self.port), "--bind", "127.0.0.1",
            "--save", "", "--appendonly", "no", "--dir", str(self.folder),
        ]  # fmt: skip

    def answers(self) -> bool:
        """Tell whether it takes orders yet."""
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.port), 1) as talk,
        ):
            talk.sendall(b"PING\r\n")
            return talk.recv(7).startswith(b"+PONG")
        return False


class Postgres(Server):
    """PostgreSQL with a cluster of its own; `durable` also survives a power cut, at a price."""

    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # "fast": it does not wait for clients to leave

    def __init__(
        self, programs: Path, folder: Path, port: int | None = None, durable: bool = False
    ) -> None:
        super().__init__(folder, port)
        self.programs, self.durable = programs, durable
        self.cluster = folder / "cluster"
        if os.geteuid() == 0:  # it refuses to run as root
            self.user = somebody_else()
            os.chown(folder, self.user["user"], self.user["group"])

    @property
    def url(self) -> str:
        """Return the address for DATABASE_URL."""
        return f"postgresql://assembly@127.0.0.1:{self.port}/assembly"

    def command(self) -> list[str]:
        """Return the command that runs in the foreground."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": 200,
            "synchronous_commit": "on",
            "fsync": "on" if self.durable else "off",
            "full_page_writes": "on" if self.durable else "off",
        }
        asked = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [
            str(self.programs / "postgres"),
            "-D",
            str(self.cluster),
            "-p",
            str(self.port),
            *asked,
        ]

    def answers(self) -> bool:
        """Tell whether it takes orders yet."""
        ready = [
            str(self.programs / "pg_isready"),
            "-q",
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
            "-t",
            "1",
        ]
        return subprocess.run(ready, check=False).returncode == 0

    def start(self) -> None:
        """Start, and make the cluster and the database the first time."""
        first = not self.cluster.exists()
        if first:
            self.run("initdb", "-D", str(self.cluster), "-U", "assembly", "--auth=trust",
                     "--encoding=UTF8", "--locale=C", "--no-sync")  # fmt: skip
        super().start()
        if first:
            self.run(
                "createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "assembly", "assembly"
            )

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the user that owns the cluster."""
        done = subprocess.run(
            [self.programs / program, *arguments], cwd=self.folder,
            capture_output=True, text=True, check=False, **self.user,
        )  # fmt: skip
        if done.returncode:
            raise Problem(f"PostgreSQL's {program} failed.\n{done.stderr[-2000:]}")


def somebody_else() -> dict[str, Any]:
    """Return a user without rights for a program that will not run as root."""
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise Problem("PostgreSQL does not run as root and there is no user postgres or nobody.")


class Services:
    """What the tests need beside the code: PostgreSQL, Redis, Chromium."""

    def __init__(self, durable: bool = False, binaries: Binaries | None = None) -> None:
        self.durable = durable
        self.binaries = binaries
        self.folder = Path("/nowhere")
        self.postgres: Postgres
        self.redis: Redis

    def __enter__(self) -> Self:
        """Start both servers."""
        self.binaries = found = self.binaries or ensure_binaries()
        assert found.postgres and found.redis  # noqa: S101 - ensure_binaries has refused otherwise
        self.folder = Path(tempfile.mkdtemp(prefix="assembly-services-"))
        self.folder.chmod(0o711)  # the user that runs PostgreSQL must get through
        for name in ("postgres", "redis"):
            (self.folder / name).mkdir(mode=0o700)
        self.postgres = Postgres(found.postgres, self.folder / "postgres", durable=self.durable)
        self.redis = Redis(found.redis, self.folder / "redis")
        try:
            self.redis.start()
            self.postgres.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop both servers and leave nothing behind."""
        for server in (self.redis, self.postgres):
            server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def database_url(self) -> str:
        """Return the address of PostgreSQL."""
        return self.postgres.url

    @property
    def redis_url(self) -> str:
        """Return the address of Redis."""
        return self.redis.url

    @property
    def chromium(self) -> str:
        """Return the browser."""
        return str(self.binaries.chromium if self.binaries else "")

    def environment(self) -> dict[str, str]:
        """Return what tells the tests where everything is."""
        return {
            "TEST_DATABASE_URL": self.database_url,
            "TEST_REDIS_URL": self.redis_url,
            "CHROMIUM": self.chromium,
            "POSTGRES_PROGRAMS": str(self.postgres.programs),
            "REDIS_SERVER": str(self.redis.program),
        }


AnyServer = TypeVar("AnyServer", bound=Server)


@contextlib.contextmanager
def own_server(make: Callable[[Path], AnyServer]) -> Iterator[AnyServer]:
    """Run a server that one test may stop, kill and restart as it likes."""
    folder = Path(tempfile.mkdtemp(prefix="assembly-services-"))
    folder.chmod(0o711)
    (folder / "own").mkdir(mode=0o700)
    running = make(folder / "own")
    try:
        running.start()
        yield running
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)
