"""The textbook's consumer: every phone its own, told by its group of every act, one by one.

This is how the tutorial of Channels builds a chat, with the same work as ours does: an act is
stored through the ORM in one transaction, counted, announced to the group, and answered. It is
treated kindly: the counts are looked up once for each act and not by each of a thousand
consumers, and what is announced holds them, so that a phone costs a template and a message.
"""

import json
from typing import Any

import django

django.setup()

from channels.auth import AuthMiddlewareStack  # noqa: E402 - Django must be set up first
from channels.db import database_sync_to_async  # noqa: E402
from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.db import transaction  # noqa: E402
from django.db.models import Count, F  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402
from django.urls import path  # noqa: E402

from bench.peers.models import Meeting, Signal  # noqa: E402

SIGNALS = ("agree", "disagree", "unsure", "block")
EXCLUSIVE = {"agree", "disagree", "unsure"}


class SignalsConsumer(AsyncWebsocketConsumer):
    """One phone in one meeting."""

    async def connect(self) -> None:
        """Join the group of the meeting."""
        self.key = self.scope["url_route"]["kwargs"]["key"]
        self.group = f"meeting_{self.key}"
        if not self.scope["user"].is_authenticated:
            await self.close()
            return
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        """Leave the group."""
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str = "", bytes_data: bytes | None = None) -> None:
        """Show the state to who is new; store an act, tell the group, answer."""
        said = json.loads(text_data)
        if "hello" in said:
            seq, counts = await self.state()
            await self.show(seq, counts)
            return
        seq, counts = await self.store(said["do"], said["signal"])
        await self.channel_layer.group_send(
            self.group, {"type": "signals.changed", "seq": seq, "counts": counts}
        )
        await self.send(text_data=json.dumps({"accepted": said["id"], "seq": seq}))

    async def signals_changed(self, event: dict[str, Any]) -> None:
        """Show what somebody's act has changed."""
        await self.show(event["seq"], event["counts"])

    async def show(self, seq: int, counts: dict[str, int]) -> None:
        """Print the panel and send it."""
        html = render_to_string("signals.html", {"counts": counts})
        await self.send(text_data=json.dumps({"seq": seq, "panels": {"signals": html}}))

    @database_sync_to_async
    def state(self) -> tuple[int, dict[str, int]]:
        """Return where the meeting is, and what is shown."""
        meeting = Meeting.objects.get(key=self.key)
        return meeting.seq, counted(meeting)

    @database_sync_to_async
    def store(self, do: str, signal: str) -> tuple[int, dict[str, int]]:
        """Show or lower a signal."""
        with transaction.atomic():
            meeting = Meeting.objects.get(key=self.key)
            mine = Signal.objects.filter(meeting=meeting, person=self.scope["user"])
            if do == "show_signal":
                if signal in EXCLUSIVE:
                    mine.filter(signal__in=EXCLUSIVE - {signal}).delete()
                mine.get_or_create(
                    signal=signal, defaults={"meeting": meeting, "person": self.scope["user"]}
                )
            else:
                mine.filter(signal=signal).delete()
            Meeting.objects.filter(pk=meeting.pk).update(seq=F("seq") + 1)
            return meeting.seq + 1, counted(meeting)


def counted(meeting: Meeting) -> dict[str, int]:
    """Return how many show each signal."""
    rows = Signal.objects.filter(meeting=meeting).values_list("signal").annotate(Count("id"))
    found = dict(rows)
    return {name: found.get(name, 0) for name in SIGNALS}


application = ProtocolTypeRouter(
    {
        "http": get_asgi_application(),
        "websocket": AuthMiddlewareStack(
            URLRouter([path("ws/m/<str:key>/", SignalsConsumer.as_asgi())])
        ),
    }
)
