"""Only our own pages may open a socket: cookies ride along on every handshake (CSWSH)."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from assemblies.entrance.hosts import is_own_host

App = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


def own_origin(app: App) -> App:
    """Refuse a handshake whose Origin is not the scheme and host of the request itself."""

    async def checked(scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Let a socket in if its page is ours."""
        if same_origin(scope):
            await app(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.close", "code": 1008})

    return checked


def same_origin(scope: dict[str, Any]) -> bool:
    """Say whether the Origin equals scheme and Host of the request, and the Host is ours."""
    headers = {name: value.decode("latin-1") for name, value in scope.get("headers", [])}
    host = headers.get(b"host", "")
    try:
        origin = urlsplit(headers.get(b"origin", ""))
        port_of_origin = origin.port
    except ValueError:
        return False
    secure = scope.get("scheme") == "wss"
    if settings.TLS_PROXY:
        secure = headers.get(b"x-forwarded-proto", "") == "https"
    scheme = "https" if secure else "http"
    if origin.scheme != scheme or not origin.hostname or not is_own_host(host):
        return False
    usual = 443 if secure else 80
    asked = urlsplit(f"//{host}")
    return (origin.hostname, port_of_origin or usual) == (asked.hostname, asked.port or usual)
