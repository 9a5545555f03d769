"""What a scenario plays on: a folder, a database, a meeting in session with seats and cookies.

Everything that needs Django happens in a process of its own (`bench.inside`), so that the load
stays small, and so that tests can use the bench without having its settings.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg

from bench.phones import Place
from scripts.installing import ROOT
from scripts.testing import clean_environment

FACILITATOR, WALL = 0, 1  # the first two phones: the facilitator's console, the screen on the wall


@dataclass(slots=True)
class Gathering:
    """A meeting in session and everybody's seat in it."""

    meeting: str
    seats: list[Place]
    # Of a council: the meeting of a base that may recall its delegate, and who facilitates it.
    base: tuple[str, Place] | None = None

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """Return the gathering that `bench.inside` told of."""
        seats = [Place(actor, f"{told['cookie']}={key}") for actor, key in told["seats"]]
        for place, (voice, says) in enumerate(
            zip(told.get("voices", ()), told.get("says", ()), strict=True)
        ):
            seats[place].voice, seats[place].says = voice, says
        if (base := told.get("base")) is None:
            return cls(told["meeting"], seats)
        actor, key = base["seat"]
        there = base["meeting"], Place(actor, f"{told['cookie']}={key}", "console")
        return cls(told["meeting"], seats, there)


class Stage:
    """A database of our own, on SQLite or beside the one that a URL names."""

    inside = "bench.inside"

    def __init__(self, database_url: str = "", redis_url: str = "") -> None:
        self.wanted, self.redis_url = database_url, redis_url
        self.folder = Path("/nowhere")
        self.database_url = ""
        self.env: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Make the folder and the database."""
        self.folder = Path(tempfile.mkdtemp(prefix="assembly-bench-"))
        try:
            if self.wanted.startswith("postgres"):
                self.database_url = self._new_database()
            else:
                self.database_url = self.wanted
            self.env = self.environment()
            self.ask("migrate")
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        wrong: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave nothing behind."""
        if self.database_url and self.database_url != self.wanted:
            name = self.database_url.rpartition("/")[2]
            with psycopg.connect(self.wanted, autocommit=True) as there:
                there.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(self.folder, ignore_errors=True)

    def _new_database(self) -> str:
        name = f"assembly_bench_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(self.wanted, autocommit=True) as there:
            there.execute(f'CREATE DATABASE "{name}"')
        return f"{self.wanted.rpartition('/')[0]}/{name}"

    def environment(self) -> dict[str, str]:
        """Return the environment of everything that plays here."""
        env = clean_environment(str(self.folder))
        env |= {"PYTHONUNBUFFERED": "1", "STATIC_ROOT": str(self.folder / "static")}
        env.pop("DJANGO_SETTINGS_MODULE", None)
        if self.database_url:
            env["DATABASE_URL"] = self.database_url
        if self.redis_url:
            env["REDIS_URL"] = self.redis_url
        return env

    def ask(self, *words: str, given: object = None, env: Mapping[str, str] | None = None) -> Any:
        """Have something done by a process that knows Django; return what it says."""
        done = subprocess.run(
            [sys.executable, "-m", self.inside, *words],
            env={**self.env, **(env or {})},
            cwd=ROOT,
            input=json.dumps(given),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)} failed.\n{done.stderr[-4000:]}")
        return json.loads(done.stdout) if done.stdout.strip() else None

    def gather(self, seats: int, about: str = "signals") -> Gathering:
        """Open a meeting with so many people in it; about "test", one for consensus is open."""
        gathering = Gathering.of(self.ask("gather", str(seats), about))
        gathering.seats[FACILITATOR].surface = "console"
        if seats > WALL:
            gathering.seats[WALL].surface = "wall"
        return gathering


def given_url(asked: str, *variables: str) -> str:
    """Return an address from the command line or else from the environment."""
    return asked or next(filter(None, (os.environ.get(name) for name in variables)), "")
