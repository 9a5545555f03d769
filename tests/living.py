"""Real servers for tests: a house with its own database, one or two web processes, phones."""

import asyncio
import atexit
import contextlib
import functools
import http.client
import json
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import websockets

from bench.servers import HOST, Server
from scripts.installing import ROOT
from scripts.processes import end_with_parent
from scripts.testing import clean_environment


class Inside:
    """A process that knows Django (tests.inside) and does what it is asked, step by step."""

    def __init__(self, env: Mapping[str, str], folder: Path) -> None:
        self.env, self.log = dict(env), folder / "inside.log"
        self.process: subprocess.Popen[str] | None = None

    def ask(self, what: str, said: dict[str, Any]) -> Any:
        """Have something done; return what it says. After a fault the next one starts afresh."""
        if self.process is None or self.process.poll() is not None:
            self.start()
        assert self.process is not None
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([what, said]) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            self.process.wait()
            raise AssertionError(self.log.read_text(errors="replace")[-3000:])
        return json.loads(answer)

    def start(self) -> None:
        """Start the process, its complaints in a log."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.inside"],
                env=self.env,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                preexec_fn=end_with_parent,
            )

    def stop(self) -> None:
        """End it: there is nothing more to do."""
        if self.process is not None:
            self.process.communicate()


@functools.cache
def prepared() -> Path:
    """Return a folder with collected static files and a new database, made once for all houses."""
    folder = Path(tempfile.mkdtemp(prefix="assembly-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    env = clean_environment(str(folder)) | {"STATIC_ROOT": str(folder / "static")}
    inside = Inside(env, folder)
    try:
        inside.ask("migrate", {})
        inside.ask("collect", {})
    finally:
        inside.stop()
    return folder


class House:
    """A running installation: database, web processes, and a meeting in it."""

    def __init__(
        self,
        kinds: tuple[str, ...] = ("daphne",),
        database_url: str = "",
        redis_url: str = "",
        **env: str,
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="assembly-test-"))
        self.env = clean_environment(str(self.folder)) | {
            "STATIC_ROOT": str(prepared() / "static"),
            "DJANGO_SETTINGS_MODULE": "assembly_site.settings",
            **env,
        }
        self._dropping = ""
        if database_url.startswith("postgres"):
            name = f"assembly_test_{uuid.uuid4().hex[:10]}"
            with psycopg.connect(database_url, autocommit=True) as there:
                there.execute(f'CREATE DATABASE "{name}"')
            self._dropping = database_url
            self.env["DATABASE_URL"] = f"{database_url.rpartition('/')[0]}/{name}"
        if redis_url:
            self.env["REDIS_URL"] = redis_url
        self.inside = Inside(self.env, self.folder)
        self.servers = [Server.ours(kind, self.env, self.folder) for kind in kinds]
        self.meeting: dict[str, Any] = {}

    def __enter__(self) -> "House":
        try:
            if self._dropping:
                self.ask("migrate")
            else:
                shutil.copy(prepared() / "assembly.sqlite3", self.folder)
            for server in self.servers:
                server.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *wrong: object) -> None:
        for server in self.servers:
            server.stop()
        self.inside.stop()
        if self._dropping:
            name = self.env["DATABASE_URL"].rpartition("/")[2]
            with psycopg.connect(self._dropping, autocommit=True) as there:
                there.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, what: str, **said: Any) -> Any:
        """Have something done by a process that knows Django."""
        return self.inside.ask(what, said)

    def stage(self, *people: str, started: bool = True, **assembly: Any) -> dict[str, Any]:
        """Open a meeting with Fay and these people in it."""
        said = {"people": list(people), "started": started, "assembly": assembly}
        self.meeting = self.ask("stage", **said)
        return self.meeting

    def tell(self) -> dict[str, Any]:
        """Return what the database says of the meeting."""
        return self.ask("tell", meeting=self.meeting["meeting"])

    def url(self, path: str = "", server: int = 0) -> str:
        """Return the address of a page."""
        return f"http://{HOST}:{self.servers[server].port}{path}"

    def cookie(self, name: str) -> str:
        """Return somebody's cookie."""
        return str(self.meeting["people"][name]["cookie"])

    def key(self, name: str) -> str:
        """Return somebody's key in the meeting."""
        return str(self.meeting["people"][name]["key"])

    def faults(self) -> list[str]:
        """Return what the servers complained of."""
        return [server.complaints() for server in self.servers if server.faults()]

    @contextlib.asynccontextmanager
    async def phone(
        self, name: str, surface: str = "phone", server: int = 0, hello: bool = True, **more: Any
    ) -> AsyncIterator["Phone"]:
        """Open a socket as somebody."""
        port = self.servers[server].port
        where = f"ws://{HOST}:{port}/ws/m/{self.meeting['meeting']}/?as={surface}"
        headers = {"Cookie": f"sessionid={self.cookie(name)}"} if name else {}
        origin = more.pop("origin", f"http://{HOST}:{port}")
        async with websockets.connect(
            where, additional_headers=headers, origin=origin, max_queue=None, **more
        ) as socket:
            phone = Phone(socket)
            phone.reading = asyncio.ensure_future(phone.read())
            try:
                if hello:
                    await phone.say({"hello": 0})
                    await phone.until(lambda: phone.seq >= 0)
                yield phone
            finally:
                phone.reading.cancel()


@dataclass
class Phone:
    """One socket, with what its screen shows."""

    socket: Any
    seq: int = -1
    panels: dict[str, str] = field(default_factory=dict)
    mine: dict[str, Any] = field(default_factory=dict)
    beat: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    frames: list[dict[str, Any]] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    went_back: bool = False
    closed: int | None = None
    reading: Any = None

    async def read(self) -> None:
        """Take what comes, as the page's script does."""
        try:
            async for text in self.socket:
                self.take(text)
        except websockets.ConnectionClosed:
            pass
        self.closed = self.socket.close_code or 1006

    def take(self, text: str) -> None:
        """Take one message."""
        self.raw.append(text)
        said = json.loads(text)
        if "panels" in said:
            self.went_back = self.went_back or said["seq"] < self.seq
            self.seq = max(self.seq, said["seq"])
            self.panels |= said["panels"]
            self.frames.append(said)
        elif "mine" in said:
            self.mine = said["mine"]
        elif "beat" in said:
            # What came before on this socket has been shown: acts that changed no panel count.
            self.beat = said["beat"]
            self.seq = max(self.seq, self.beat["seq"])
        else:
            self.answers[said.get("accepted") or said.get("refused") or ""] = said

    async def say(self, said: Any) -> None:
        """Send something."""
        await self.socket.send(said if isinstance(said, str) else json.dumps(said))

    async def act(self, do: str, **args: Any) -> dict[str, Any]:
        """Do an act and return its answer."""
        name = args.pop("id", str(uuid.uuid4()))
        await self.say({"do": do, "id": name, **args})
        await self.until(lambda: name in self.answers)
        return self.answers[name]

    def answers_seq(self) -> int:
        """Return the newest seq of an accepted act."""
        return max((said.get("seq") or 0 for said in self.answers.values()), default=0)

    async def until(self, true: Any, within: float = 15.0) -> None:
        """Wait until something is true."""
        deadline = asyncio.get_running_loop().time() + within
        while not true():
            assert asyncio.get_running_loop().time() < deadline, (
                f"never came; saw {[text[:300] for text in self.raw[-3:]]}"
            )
            await asyncio.sleep(0.01)

    async def sees(self, panel: str, text: str, within: float = 15.0) -> None:
        """Wait until a panel shows something."""
        await self.until(lambda: text in self.panels.get(panel, ""), within)


@dataclass
class Page:
    """An answer to a request."""

    status: int
    text: str
    headers: dict[str, str]

    def json(self) -> Any:
        """Return what the answer says as JSON."""
        return json.loads(self.text)


def fetch(where: str, cookie: str = "", body: str | bytes | None = None, **headers: str) -> Page:
    """Ask for a page, or post to it with a token as the page's script does."""
    token = "t" * 32
    sent = {"Cookie": f"sessionid={cookie}; csrftoken={token}"}
    if body is not None:
        sent |= {"X-CSRFToken": token, "Content-Type": "application/json"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    parts = urlsplit(where)
    talk = http.client.HTTPConnection(parts.hostname or HOST, parts.port, timeout=30)
    try:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        data = body.encode() if isinstance(body, str) else body
        talk.request("GET" if body is None else "POST", path, data, sent)
        answer = talk.getresponse()
        return Page(answer.status, answer.read().decode(errors="replace"), dict(answer.headers))
    finally:
        talk.close()


@contextlib.contextmanager
def living(*kinds: str, **more: Any) -> Iterator[House]:
    """Run a house for one test."""
    with House(kinds or ("daphne",), **more) as house:
        yield house
