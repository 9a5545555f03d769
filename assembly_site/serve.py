"""Start the web server: `python -m assembly_site.serve`.

daphne by default, uvicorn where many meetings run. Both are started with the limits that
SECURITY.md 6 asks for, because neither has them by default: frames of at most 4 kB in, no endless
queues, dead phones noticed. The hub also gets a way to see how much waits for a slow phone, and to
write one ready frame to many sockets.
"""

import argparse
import asyncio
import gc
import logging
import os
import socket
import sys


def arguments() -> argparse.Namespace:
    """Return the arguments of the command line."""
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
        from assembly_site.with_uvicorn import run_uvicorn  # noqa: PLC0415 - the settings are known

        return run_uvicorn(asked, listening)
    listening.close()
    from assembly_site.with_daphne import run_daphne  # noqa: PLC0415 - installs Twisted's reactor

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


if __name__ == "__main__":
    logging.basicConfig(level=os.environ.get("LOG_LEVEL", "WARNING"))
    asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())
    sys.exit(main())
