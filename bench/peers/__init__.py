"""What we compare ourselves with: the same phones, served in the way the textbooks show."""

import sys
from collections.abc import Callable

from bench.servers import HOST
from bench.stage import Stage

DAPHNE = (
    "--websocket-max-message-size 4096 --websocket-max-frame-size 4096 --verbosity 0"
    " --ping-interval 15 --ping-timeout 15 --websocket_timeout -1"
).split()


def textbook(port: int) -> list[str]:
    """Return the command that serves the textbook's consumer."""
    at = ["-b", HOST, "-p", str(port)]
    return [sys.executable, "-m", "daphne", *at, *DAPHNE, "bench.peers.textbook:application"]


PEERS: dict[str, Callable[[int], list[str]]] = {"textbook": textbook}


class PeerStage(Stage):
    """The stage of a peer: its own settings, its own tables, SQLite in a folder of its own."""

    inside = "bench.peers.inside"

    def environment(self) -> dict[str, str]:
        """Return the environment of everything that plays here."""
        return super().environment() | {"DJANGO_SETTINGS_MODULE": "bench.peers.settings"}
