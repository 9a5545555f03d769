"""Run the tests with a real PostgreSQL, Redis and Chromium."""

import os
import tempfile

from scripts.installing import PYTHON, ROOT, install
from scripts.processes import run_through
from scripts.services import Services

OURS = (
    "ALLOWED_HOSTS", "BEHIND_TLS_PROXY", "CSRF_TRUSTED_ORIGINS", "DATABASE_URL", "DEBUG", "HOST",
    "PORT", "REDIS_URL", "STATIC_ROOT", "TIME_ZONE", "TLS_CERT", "TLS_KEY",
)  # fmt: skip


def clean_environment(data: str) -> dict[str, str]:
    """Return an environment in which no setting of this machine changes what is tested."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return {**kept, "DATA_DIR": data, "SECRET_KEY": "a key for tests and for nothing else"}


def test(arguments: list[str]) -> int:
    """Run pytest with these arguments; return its exit code."""
    install(dev=True)
    with tempfile.TemporaryDirectory(prefix="assembly-data-") as data, Services() as services:
        env = {**clean_environment(data), **services.environment()}
        os.chdir(ROOT)
        command = [str(PYTHON), "-m", "pytest"]
        if arguments:
            return run_through([*command, *arguments], env)
        return twice(command, env)


def beside(cpus: int) -> list[str]:
    """Return in how many processes pytest works, each with a database (tests/conftest.py)."""
    return ["-n", str(max(1, min(cpus, 4)))]


def twice(command: list[str], env: dict[str, str]) -> int:
    """Run everything on SQLite; before that, the door and its races on PostgreSQL and Redis."""
    command = [*command, *beside(os.cpu_count() or 1)]
    large = {"DATABASE_URL": env["TEST_DATABASE_URL"], "REDIS_URL": env["TEST_REDIS_URL"]}
    print("The door, its races and the rehearsals on PostgreSQL and Redis:", flush=True)
    first = run_through([*command, "-m", "both", "-q"], {**env, **large})
    print("Everything, on SQLite unless a test says otherwise:", flush=True)
    return run_through(command, env) or first
