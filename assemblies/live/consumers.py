"""The consumer of a socket: it checks who comes, joins them to the hub, and sees them out."""

from typing import Any
from urllib.parse import parse_qs

from channels.consumer import get_handler_name
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from assemblies.entrance.access import cookie_of, place_of_socket
from assemblies.live.hub import hub
from assemblies.live.listener import NO_PLACE, Listener

SURFACES = ("phone", "console", "wall")


class RoomConsumer(AsyncWebsocketConsumer):
    """One browser in one meeting: brings its acts to the hub and the hub's frames to it."""

    listener: Listener | None = None

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Take messages one by one, without a channel of its own: the hub hears for all.

        Channels' own loop makes two tasks for every message and looks through all channels of
        the process each time (or subscribes each socket to Redis).
        """
        self.scope, self.base_send = scope, send
        try:
            while True:
                await self.dispatch(await receive())
        except StopConsumer:
            return

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Handle a message without the hop through the shared thread that Channels makes."""
        await getattr(self, get_handler_name(message))(message)

    async def connect(self) -> None:
        """Find the place of this browser by its cookie, or close."""
        hub.start()
        key = self.scope["url_route"]["kwargs"]["key"]
        place = await hub.in_thread(place_of_socket, self.scope, key)
        asked = parse_qs(self.scope.get("query_string", b"").decode("latin-1")).get("as", [""])[0]
        surface = asked if asked in SURFACES else "phone"
        if place is None or (surface == "wall" and not (place.screen or place.participant)):
            await self.accept()
            await self.close(code=NO_PLACE)
            return
        await self.accept()
        extensions = self.scope.get("extensions") or {}
        self.listener = await hub.join(
            place,
            surface=surface,
            language=language_of(self.scope, place.person),
            send=self.base_send,
            backlog=extensions.get("assembly.backlog"),
            put_out=extensions.get("assembly.put_out"),
        )

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Bring what was sent to the hub."""
        if self.listener is not None and not self.listener.gone:
            self.listener.bring(text_data)

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        """See the browser out."""
        if self.listener is not None:
            hub.leave(self.listener)
        raise StopConsumer


def language_of(scope: dict[str, Any], person: Any) -> str:
    """Return the language of a socket: the cookie's, the person's, or the house's."""
    known = dict(settings.LANGUAGES)
    chosen = cookie_of(scope, settings.LANGUAGE_COOKIE_NAME)
    if chosen in known:
        return chosen
    if person is not None and person.language in known:
        return str(person.language)
    for header, value in scope.get("headers", []):
        if header == b"accept-language":
            for part in value.decode("latin-1").split(","):
                tag = part.split(";")[0].strip().lower().split("-")[0]
                if tag in known:
                    return str(tag)
    return str(settings.LANGUAGE_CODE)
