"""A program to compare with: the same phones, served as textbooks show."""

import sys
from collections.abc import Callable

from bench.servers import HOST
from bench.stage import Stage

LIMITS = {
    "--websocket-max-message-size": 4096,
    "--websocket-max-frame-size": 4096,
    "--websocket_timeout": -1,
    "--ping-interval": 15,
    "--ping-timeout": 15,
    "--verbosity": 0,
}


def textbook(port: int) -> list[str]:
    """Return the command that serves the textbook's consumer."""
    limits = [str(word) for pair in LIMITS.items() for word in pair]
    where = ["-b", HOST, "-p", str(port), "bench.peers.textbook:application"]
    return [sys.executable, "-m", "daphne", *limits, *where]


PEERS: dict[str, Callable[[int], list[str]]] = {"textbook": textbook}


class PeerStage(Stage):
    """The stage of a peer: its own settings, its own tables, SQLite in a folder of its own."""

    inside = "bench.peers.inside"

    def environment(self) -> dict[str, str]:
        """Return the environment of everything that plays here."""
        return super().environment() | {"DJANGO_SETTINGS_MODULE": "bench.peers.settings"}
