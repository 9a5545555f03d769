"""What tests need from outside: PostgreSQL, Redis and Chromium, as scripts/run.py has started them.

On somebody's own machine a test without its service is skipped; with CI=true it fails.
"""

import os
from collections.abc import Iterator
from typing import NoReturn

import pytest

from scripts.binaries import find_postgres, find_redis
from scripts.services import Postgres, Redis, own_server

VARIABLES = {
    "postgres": "TEST_DATABASE_URL",
    "redis": "TEST_REDIS_URL",
    "chromium": "CHROMIUM",
}
HOW = "start the tests with: make test"


def in_ci() -> bool:
    """Tell whether a missing service is a failure."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def do_without(what: str) -> NoReturn:
    """Skip the test, or fail it where everything has to be there."""
    if in_ci():
        pytest.fail(f"{what} is missing; {HOW}", pytrace=False)
    pytest.skip(f"needs {what}; {HOW}")


def address(what: str) -> str:
    """Return where a service is."""
    return os.environ.get(VARIABLES[what]) or do_without(what)


def postgres_url() -> str:
    """Return the address of a PostgreSQL in which databases may be made."""
    return address("postgres")


def redis_url() -> str:
    """Return the address of a Redis that may be filled and emptied."""
    return address("redis")


def chromium_path() -> str:
    """Return the browser for Playwright's executable_path."""
    return address("chromium")


def requires(*whats: str) -> pytest.MarkDecorator:
    """Mark a test that needs services: `@requires("postgres", "redis")`."""
    absent = [what for what in whats if not os.environ.get(VARIABLES[what])]
    return pytest.mark.skipif(
        bool(absent) and not in_ci(), reason=f"needs {' and '.join(absent)}; {HOW}"
    )


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    """Run a PostgreSQL for one test, which may kill it."""
    programs = find_postgres() or do_without("postgres")
    with own_server(lambda folder: Postgres(programs, folder)) as server:
        yield server


@pytest.fixture
def own_redis() -> Iterator[Redis]:
    """Run a Redis for one test, which may stop it."""
    program = find_redis() or do_without("redis")
    with own_server(lambda folder: Redis(program, folder)) as server:
        yield server
