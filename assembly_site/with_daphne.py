"""daphne with bounded queues and a way to see how much waits for a slow phone.

Importing this module installs Twisted's reactor and needs the settings: `serve` imports it once
daphne is chosen.
"""

import argparse
import tempfile
from pathlib import Path
from typing import Any

import daphne.server as daphne_server
from autobahn.websocket.protocol import WebSocketProtocol as Frames
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet import tcp

from assembly_site.asgi import application
from assembly_site.limits import TEXT_AT_MOST
from assembly_site.ready import get_ready

QUEUED_AT_MOST = 100  # messages of one socket that the application has not read yet
FLOOD = 4008  # close code


class HallSocket(WebSocketProtocol):
    """A phone's socket: a flood ends it, and ready frames are written straight to it."""

    def onConnect(self, request: Any) -> Any:
        """Take a socket, and give one that is sent away 5 s to hear the code."""
        # Whoever is sent away is still writing; reading on for a while lets the code arrive.
        self.closeHandshakeTimeout = 5
        return super().onConnect(request)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        """Hand a message on, or end a socket whose queue is full."""
        queue = getattr(self, "application_queue", None)
        if queue is not None and queue.qsize() > QUEUED_AT_MOST:
            # daphne's queue has no end: whoever fills it is let go.
            self.muted = True
            self.sendClose(code=FLOOD)
            queue.put_nowait({"type": "websocket.disconnect", "code": FLOOD})
            return
        super().onMessage(payload, isBinary)

    def backlog(self) -> int:
        """Return how many bytes wait for this phone."""
        transport = self.transport
        waiting = len(getattr(transport, "dataBuffer", b"")) - getattr(transport, "offset", 0)
        return waiting + getattr(transport, "_tempDataLen", 0)

    def put_out(self, frame: bytes) -> None:
        """Write one finished frame: at once where nothing waits, else behind what does."""
        if self.state != Frames.STATE_OPEN or self.muted:
            return
        transport = self.transport
        if type(transport) is tcp.Server and not self.backlog():
            try:
                sent = transport.socket.send(frame)
            except BlockingIOError:
                sent = 0
            except OSError:
                return  # gone; Twisted finds out by reading
            if sent == len(frame):
                return
            frame = frame[sent:]
        transport.write(frame)


class HallServer(daphne_server.Server):
    """daphne's server, telling the application what it needs to know of a socket."""

    secure = False  # whether browsers come by TLS

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """Add to a socket's scope its scheme and the ways to its buffer."""
        if scope["type"] == "websocket":
            scope["scheme"] = "wss" if self.secure else "ws"
            scope["extensions"] = {
                "assembly.backlog": protocol.backlog,
                "assembly.put_out": protocol.put_out,
            }
        return super().create_application(protocol, scope)


def run_daphne(asked: argparse.Namespace) -> int:
    """Run daphne until it is stopped; return 0."""
    WebSocketFactory.protocol = HallSocket
    server = HallServer(
        application=application,
        endpoints=[endpoint(asked)],
        signal_handlers=True,
        http_timeout=60,
        ping_interval=15,
        ping_timeout=15,
        websocket_timeout=-1,
        websocket_connect_timeout=20,
        websocket_handshake_timeout=20,
        websocket_max_message_size=TEXT_AT_MOST,
        websocket_max_frame_size=TEXT_AT_MOST,
        action_logger=quiet,
        server_name="assembly",
        verbosity=0,
    )
    server.secure = bool(asked.tls_cert)
    get_ready()
    server.run()
    return 0


def quiet(protocol: str, action: str, details: dict[str, Any]) -> None:
    """Keep no access log: who looked at what is nobody's business."""


def rest_of_chain(cert: str) -> str:
    """Return a file with all but the first certificate: Twisted wants the chain apart."""
    end = "-----END CERTIFICATE-----"
    found = [part + end + "\n" for part in Path(cert).read_text().split(end)[:-1]]
    if len(found) < 2:
        return ""
    with tempfile.NamedTemporaryFile("w", suffix=".pem", delete=False) as chain:
        chain.write("".join(found[1:]).lstrip())
    return chain.name


def endpoint(asked: argparse.Namespace) -> str:
    """Return where daphne listens, in Twisted's words."""
    host = asked.host.replace(":", r"\:")
    if asked.tls_cert:
        named = {"privateKey": asked.tls_key or asked.tls_cert, "certKey": asked.tls_cert}
        if rest := rest_of_chain(asked.tls_cert):
            named["extraCertChain"] = rest
        files = "".join(
            f":{name}={path.replace(':', chr(92) + ':')}" for name, path in named.items()
        )
        return f"ssl:port={asked.port}:interface={host}:backlog=2048{files}"
    return f"tcp:port={asked.port}:interface={host}:backlog=2048"
