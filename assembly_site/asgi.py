"""The way in for pages and sockets."""

import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assembly_site.settings")
pages = get_asgi_application()

from channels.routing import URLRouter  # noqa: E402 - models must be loaded first
from django.urls import Resolver404  # noqa: E402

from assemblies.live.hub import hub  # noqa: E402
from assemblies.live.origin import own_origin  # noqa: E402
from assemblies.live.routing import websocket_urlpatterns  # noqa: E402

sockets = own_origin(URLRouter(websocket_urlpatterns))


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Hand a connection to the pages or to the room."""
    if scope["type"] == "http":
        hub.start()
        await pages(scope, receive, send)
    elif scope["type"] == "websocket":
        try:
            await sockets(scope, receive, send)
        except (ValueError, Resolver404):
            await send({"type": "websocket.close", "code": 4404})
    elif scope["type"] == "lifespan":
        await lifespan(receive, send)


async def lifespan(receive: Any, send: Any) -> None:
    """Answer a server that asks whether we are ready."""
    while True:
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return
