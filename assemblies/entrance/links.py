"""Addresses that people carry from one device to another, as words and as QR codes."""

import io
from typing import Any
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from assemblies.entrance.hosts import lan_address
from assemblies.models import Meeting

SPECIAL = str.maketrans({mark: f"\\{mark}" for mark in '\\;,":'})
LOOPBACK = ("localhost", "::1")


def base_url(request: HttpRequest) -> str:
    """Return where phones reach this server: what the browser sees, or our address in the LAN."""
    host = request.get_host()
    asked = urlsplit(f"//{host}")
    name = asked.hostname or ""
    if not settings.OWN_HOSTS and (name in LOOPBACK or name.startswith("127.")):
        lan = lan_address()
        if not lan.startswith("127."):
            host = f"{lan}:{asked.port}" if asked.port else lan
    return f"{request.scheme}://{host}"


def link(request: HttpRequest, name: str, *args: Any) -> str:
    """Return the whole address of one of our pages, as another device would open it."""
    return base_url(request) + reverse(f"assemblies:{name}", args=args)


def join_url(request: HttpRequest, meeting: Meeting) -> str:
    """Return the address that the QR code of a meeting carries."""
    return link(request, "come_in", meeting.secret)


def wifi_words(meeting: Meeting) -> str:
    """Return the text that the QR code of a Wi-Fi carries; its special marks are escaped."""
    name, password = meeting.wifi_name, meeting.wifi_password
    if not password:
        return f"WIFI:T:nopass;S:{name.translate(SPECIAL)};;"
    return f"WIFI:T:WPA;S:{name.translate(SPECIAL)};P:{password.translate(SPECIAL)};;"


def qr_code(text: str) -> segno.QRCode:
    """Return a QR code that survives a fold in the paper."""
    return segno.make(text, micro=False, error="m")


def qr_svg(text: str) -> bytes:
    """Return a QR code as a drawing, dark on white also where the page is dark."""
    drawn = io.BytesIO()
    qr_code(text).save(drawn, kind="svg", xmldecl=False, omitsize=True, light="#fff", border=4)
    return drawn.getvalue()


def qr_image(text: str) -> str:
    """Return a QR code as a `data:` address, so that its text is in no request to us."""
    return qr_code(text).svg_data_uri(omitsize=True, light="#fff", border=4)
