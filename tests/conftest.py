"""What every test may use. Networks stay closed but for this machine."""

import os
import socket
from collections.abc import Iterator

import hypothesis
import pytest

from assemblies.journal import looking, shelf
from tests.rooms import Room, make_room

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
# How fast a shared machine finds examples says nothing about the law.
hypothesis.settings.register_profile(
    "shared", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("shared")


@pytest.fixture(autouse=True)
def fresh_shelf() -> Iterator[None]:
    """Let no sheet of one test reach another."""
    shelf.clear()
    looking.clear()
    yield
    shelf.clear()
    looking.clear()


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
