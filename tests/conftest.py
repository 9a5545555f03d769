"""What every test may use. Networks stay closed but for this machine."""

import os
import re
import socket
from collections.abc import Iterator

import hypothesis
import pytest
from django.conf import settings as kept
from django.contrib.contenttypes.management import create_contenttypes
from django.db import connection
from django.db.models.signals import post_migrate
from xdist.scheduler import LoadScopeScheduling

from assemblies.acts import untouched
from assemblies.door.shelf import looking, shelf
from tests.guards import cards_name_what_is_written as cards_name_what_is_written
from tests.rooms import Room, make_room
from tests.untouched import DeepBefore

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
# How fast a shared machine finds examples says nothing about the law.
hypothesis.settings.register_profile(
    "shared", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("shared")

WITH_SERVERS = ("tests/bench/", "tests/browser/", "tests/deploy/", "tests/assemblies/live/")
WITHOUT = "tests/assemblies/live/test_frames.py"


class Sharing(LoadScopeScheduling):
    """How several processes share the tests: one does all that run servers and browsers.

    These look at a clock and have ports and folders: no two of them run at the same time.
    """

    def _split_scope(self, nodeid: str) -> str:
        with_servers = nodeid.startswith(WITH_SERVERS) and not nodeid.startswith(WITHOUT)
        return "servers" if with_servers else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Sharing:
    """Share the tests as above, whatever --dist says."""
    return Sharing(config, log)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Let no commit wait for the disk, and no lock be given up: servers do both, tests do not.

    Whoever waits for ever is found by the test itself, on however slow a machine.
    """
    options = kept.DATABASES["default"]["OPTIONS"]
    for name in {"init_command", "options"} & options.keys():
        said = options[name].replace("=FULL", "=OFF")
        options[name] = re.sub(r"_timeout=\d+", "_timeout=60000", said)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Empty the tables quickly after tests that commit, and fill none that nobody asks for.

    On PostgreSQL, TRUNCATE makes new files for every table; our tests leave a few rows in some.
    """
    if connection.vendor == "postgresql":
        connection.ops.sql_flush = deleting
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)


def deleting(style: object, tables: list[str], **more: object) -> list[str]:
    """Return what empties tables row by row; keys to other tables are looked at in the end."""
    names = map(connection.ops.quote_name, tables)
    return [f"DELETE FROM {name}" for name in names]  # noqa: S608 - our own tables


@pytest.fixture(autouse=True)
def fresh_shelf() -> Iterator[None]:
    """Let no sheet of one test reach another."""
    shelf.clear()
    looking.clear()
    yield
    shelf.clear()
    looking.clear()


@pytest.fixture(autouse=True)
def late_refusals(monkeypatch) -> Iterator[list[str]]:
    """Let no act be refused after it changed something, in any test.

    A test that is about this empties the list.
    """
    late: list[str] = []

    class Guarded(DeepBefore):
        """Keeps what was found, also where the test does not look at the answer."""

        def differences(self) -> list[str]:
            """Return the names of what is no longer as it was, and keep them for the end."""
            found = super().differences()
            late.extend(found)
            return found

    monkeypatch.setattr(untouched, "Before", Guarded)
    yield late
    assert not late, "An act was refused after it had changed something."


@pytest.fixture(autouse=True)
def plain_static(settings) -> None:
    """Print pages without collected static files."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def no_strangers(monkeypatch) -> None:
    """Refuse connections to anywhere but this machine."""
    connect = socket.socket.connect

    def checked(self, address):
        host = address[0] if isinstance(address, tuple) else "unix"
        if host not in ("127.0.0.1", "::1", "localhost", "unix", "192.0.2.1"):
            raise AssertionError(f"a test wanted to connect to {host}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", checked)


@pytest.fixture
def room(db) -> Room:
    """A meeting in session: Fay facilitates, Ana, Ben and Cem are members."""
    return make_room("Ana", "Ben", "Cem")
