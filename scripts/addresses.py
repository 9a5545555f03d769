"""Where this machine can be reached, and whether a port is free."""

import contextlib
import errno
import fcntl
import ipaddress
import socket
import struct
from collections.abc import Iterator

from scripts.problem import Problem

SIOCGIFADDR = 0x8915
# Bridges and tunnels of this machine itself: no phone ever comes that way.
INSIDE = ("lo", "docker", "br-", "veth", "virbr", "tun", "wg", "tailscale", "cni", "podman")


def interfaces() -> Iterator[str]:
    """Yield the IPv4 address of each network card (Linux)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in socket.if_nameindex():
            if not name.startswith(INSIDE):
                with contextlib.suppress(OSError):
                    asked = struct.pack("256s", name.encode()[:15])
                    yield socket.inet_ntoa(fcntl.ioctl(asking, SIOCGIFADDR, asked)[20:24])


def towards_the_world() -> Iterator[str]:
    """Yield the address that would be used to reach others; no packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking, contextlib.suppress(OSError):
        asking.connect(("192.0.2.1", 9))
        yield asking.getsockname()[0]


def lan_addresses(host: str) -> list[str]:
    """Return the addresses at which phones reach us, the likeliest first."""
    if host not in ("", "0.0.0.0", "::"):
        return [] if host in ("localhost", "::1") or host.startswith("127.") else [host]
    found = list(dict.fromkeys([*towards_the_world(), *interfaces()]))
    return [address for address in found if not ipaddress.ip_address(address).is_loopback]


def at(scheme: str, address: str, port: int) -> str:
    """Return a web address without what a browser would not show."""
    host = f"[{address}]" if ":" in address else address
    usual = {"http": 80, "https": 443}[scheme]
    return f"{scheme}://{host}" if port == usual else f"{scheme}://{host}:{port}"


def is_free(host: str, port: int) -> bool:
    """Tell whether we could listen there."""
    try:
        family, kind, _, _, where = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM)[
            0
        ]
        with socket.socket(family, kind) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind(where)
            door.listen()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return False
        if error.errno == errno.EACCES:
            raise Problem(
                f"Only root may listen on port {port}. Choose one above 1023: PORT=8000 make run"
            ) from error
        raise Problem(
            f"HOST={host} is no address of this computer. Without HOST it listens on all of them."
        ) from error
    return True


def require_free_port(host: str, port: int) -> None:
    """Refuse a port that is taken, and name one that is not."""
    if is_free(host, port):
        return
    others = (other for other in range(port + 1, min(port + 50, 65536)) if is_free(host, other))
    another = next(others, 0)
    advice = (
        f"Start on another one: PORT={another} make run" if another else "End that program first."
    )
    raise Problem(f"Port {port} is taken by another program, perhaps by Assembly itself. {advice}")
