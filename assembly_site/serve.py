"""Start the web server: `python -m assembly_site.serve`.

daphne by default, uvicorn where many meetings run. Both are started here with the limits that
SECURITY.md 6 asks for, because neither has them by default: frames of at most 4 kB in, no endless
queues, dead phones noticed. For daphne the hub also gets a way to see how much waits for a slow
phone (daphne has no flow control), and to write one ready frame to many sockets.
"""

import argparse
import asyncio
import gc
import logging
import os
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

# Bytes of one message in. ROOM.md 2 allows 4 kB, which the hub refuses in a sentence; only what
# is far beyond it costs the socket.
TEXT_AT_MOST = 16 * 1024
QUEUED_AT_MOST = 100  # messages of one socket that the application has not read yet
FLOOD = 4008


def arguments() -> argparse.Namespace:
    """Return what was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="assembly_site.serve", description=__doc__)
    parser.add_argument("--host", default=os.environ.get("HOST", "0.0.0.0"))  # noqa: S104 - a hall
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    parser.add_argument("--server", choices=("daphne", "uvicorn"), default="daphne")
    parser.add_argument("--tls-cert", default=os.environ.get("TLS_CERT", ""))
    parser.add_argument("--tls-key", default=os.environ.get("TLS_KEY", ""))
    return parser.parse_args()


def main() -> int:
    """Start the chosen server and run until it is stopped."""
    asked = arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assembly_site.settings")
    os.environ.setdefault("ASGI_THREADS", "16")
    if asked.tls_cert:
        os.environ["TLS_CERT"], os.environ["TLS_KEY"] = asked.tls_cert, asked.tls_key
    tidy_seldom()
    try:
        listening = open_socket(asked.host, asked.port)
    except OSError as wrong:
        sys.stderr.write(
            f"Port {asked.port} cannot be used ({wrong.strerror}). Try another: PORT=8001.\n"
        )
        return 3
    if asked.server == "uvicorn":
        return run_uvicorn(asked, listening)
    listening.close()
    return run_daphne(asked)


def tidy_seldom() -> None:
    """Have Python look for circles of dead objects only where many new ones have survived.

    By default a handful of acts is enough to make it look at every object of a full hall, which
    holds up everybody for 0.4 s where 4,000 phones are in.
    """
    gc.set_threshold(25_000, 5, 3)


def open_socket(host: str, port: int) -> socket.socket:
    """Return a listening socket; a phone that is gone is noticed after 20 s."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        # uvicorn keeps stalled sockets for ever otherwise; accepted sockets inherit it.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 20_000)
    listening.bind((host, port))
    listening.listen(2048)
    listening.setblocking(False)
    return listening


def run_uvicorn(asked: argparse.Namespace, listening: socket.socket) -> int:
    """Run uvicorn: flow control, close code 1012 at a restart, no access log."""
    import uvicorn  # noqa: PLC0415 - the other server need not be loaded
    from uvicorn.protocols.websockets.websockets_sansio_impl import (  # noqa: PLC0415
        WebSocketsSansIOProtocol,
    )

    from assembly_site.asgi import application  # noqa: PLC0415 - after the settings are known
    from assembly_site.ready import get_ready  # noqa: PLC0415 - likewise

    class HallSocket(WebSocketsSansIOProtocol):
        """A phone's socket to which ready frames are written straight."""

        def handle_connect(self, event: Any) -> None:
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


def run_daphne(asked: argparse.Namespace) -> int:
    """Run daphne with bounded queues and a view on what waits for slow phones."""
    import daphne.server as daphne_server  # noqa: PLC0415 - installs Twisted's reactor
    from autobahn.websocket.protocol import WebSocketProtocol as Frames  # noqa: PLC0415
    from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol  # noqa: PLC0415
    from twisted.internet import tcp  # noqa: PLC0415

    from assembly_site.asgi import application  # noqa: PLC0415 - after the settings are known
    from assembly_site.ready import get_ready  # noqa: PLC0415 - likewise

    class HallSocket(WebSocketProtocol):
        """A phone's socket: a flood ends it, and ready frames are written straight to it."""

        def onConnect(self, request: Any) -> Any:
            # Whoever is sent away is still writing; reading on for a while lets the code arrive.
            self.closeHandshakeTimeout = 5
            return super().onConnect(request)

        def onMessage(self, payload: bytes, isBinary: bool) -> None:
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

        def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
            if scope["type"] == "websocket":
                secure = bool(asked.tls_cert)
                scope["scheme"] = "wss" if secure else "ws"
                scope["extensions"] = {
                    "assembly.backlog": protocol.backlog,
                    "assembly.put_out": protocol.put_out,
                }
            return super().create_application(protocol, scope)

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


if __name__ == "__main__":
    logging.basicConfig(level=os.environ.get("LOG_LEVEL", "WARNING"))
    asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())
    sys.exit(main())
