"""Which host names are ours: the configured ones, or this machine and its local network."""

import ipaddress
import socket
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host


def is_own_host(host: str) -> bool:
    """Say whether a Host header names us.

    With no names configured (a laptop) every private address counts, since ours changes as the
    laptop moves between networks; a public name that somebody points at us does not.
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
        urlsplit(f"//{host}").port  # noqa: B018 - raises ValueError for a port that is none
    except ValueError:
        return False
    if settings.OWN_HOSTS:
        return validate_host(name, settings.OWN_HOSTS)
    if name in names_of_this_machine():
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_private or address.is_loopback or address.is_link_local


@cache
def names_of_this_machine() -> frozenset[str]:
    """Return the names under which a browser may call this machine."""
    own = socket.gethostname().lower()
    return frozenset({"localhost", "testserver", own, f"{own}.local"} - {""})


def lan_address() -> str:
    """Return the address under which others in this network reach this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: connecting a datagram socket only chooses the way out.
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"
