"""uvicorn with bounded queues and a way to write one ready frame to many sockets.

Importing this module needs the settings: `serve` imports it once uvicorn is chosen.
"""

import argparse
import socket
from typing import Any

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from assembly_site.asgi import application
from assembly_site.limits import TEXT_AT_MOST
from assembly_site.ready import get_ready


class HallSocket(WebSocketsSansIOProtocol):
    """A phone's socket to which ready frames are written straight."""

    def handle_connect(self, event: Any) -> None:
        """Add to a socket's scope the ways to its buffer."""
        super().handle_connect(event)
        if hasattr(self, "scope"):
            # The application starts in the next round of the loop, so this is in time.
            extensions: dict[str, Any] = dict(self.scope["extensions"] or {})
            extensions["assembly.backlog"] = self.backlog
            extensions["assembly.put_out"] = self.put_out
            self.scope["extensions"] = extensions

    def backlog(self) -> int:
        """Return how many bytes wait for this phone."""
        return self.transport.get_write_buffer_size()

    def put_out(self, frame: bytes) -> None:
        """Write one finished frame."""
        if self.handshake_complete and not self.close_sent and not self.disconnected:
            self.transport.write(frame)


def run_uvicorn(asked: argparse.Namespace, listening: socket.socket) -> int:
    """Run uvicorn: flow control, close code 1012 at a restart, no access log."""
    config = uvicorn.Config(
        application,
        ws=HallSocket,
        ws_max_size=TEXT_AT_MOST,
        ws_max_queue=8,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        ws_per_message_deflate=False,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=10,
        backlog=2048,
        ssl_certfile=asked.tls_cert or None,
        ssl_keyfile=asked.tls_key or None,
        proxy_headers=False,
        server_header=False,
    )
    get_ready()
    uvicorn.Server(config).run(sockets=[listening])
    return 0
