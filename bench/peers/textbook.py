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

from bench.peers.models import Meeting, Position, Signal  # noqa: E402

SIGNALS = ("agree", "disagree", "unsure", "block")
EXCLUSIVE = {"agree", "disagree", "unsure"}
POSITIONS = {
    "agree": "Agree",
    "reservations": "Agree with reservations",
    "stand_aside": "Stand aside",
    "block": "Block",
}
Panels = dict[str, dict[str, Any]]


class MeetingConsumer(AsyncWebsocketConsumer):
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
            seq, changed = await self.state()
            await self.show(seq, changed)
            return
        seq, changed = await self.store(said)
        await self.channel_layer.group_send(
            self.group, {"type": "meeting.changed", "seq": seq, "changed": changed}
        )
        await self.send(text_data=json.dumps({"accepted": said["id"], "seq": seq}))

    async def meeting_changed(self, event: dict[str, Any]) -> None:
        """Show what somebody's act has changed."""
        await self.show(event["seq"], event["changed"])

    async def show(self, seq: int, changed: Panels) -> None:
        """Print what changed and send it."""
        panels = {name: render_to_string(f"{name}.html", what) for name, what in changed.items()}
        await self.send(text_data=json.dumps({"seq": seq, "panels": panels}))

    @database_sync_to_async
    def state(self) -> tuple[int, Panels]:
        """Return where the meeting is, and what is shown."""
        meeting = Meeting.objects.get(key=self.key)
        shown: Panels = {"signals": {"counts": signals_counted(meeting)}}
        return meeting.seq, shown | ({"test": asked(meeting)} if meeting.asks else {})

    @database_sync_to_async
    def store(self, said: dict[str, Any]) -> tuple[int, Panels]:
        """Do an act; return what it changed."""
        with transaction.atomic():
            meeting = Meeting.objects.get(key=self.key)
            changed: Panels
            if said["do"] == "take_position":
                Position.objects.update_or_create(
                    meeting=meeting,
                    person=self.scope["user"],
                    defaults={"position": said["position"]},
                )
                changed = {"test": asked(meeting)}
            elif said["do"] == "close_test":
                meeting.outcome = outcome(meeting)
                meeting.save()
                changed = {"test": asked(meeting)}
            else:
                self.signal(meeting, said["do"], said["signal"])
                changed = {"signals": {"counts": signals_counted(meeting)}}
            Meeting.objects.filter(pk=meeting.pk).update(seq=F("seq") + 1)
            return meeting.seq + 1, changed

    def signal(self, meeting: Meeting, do: str, signal: str) -> None:
        """Show or lower a signal."""
        mine = Signal.objects.filter(meeting=meeting, person=self.scope["user"])
        if do == "show_signal":
            if signal in EXCLUSIVE:
                mine.filter(signal__in=EXCLUSIVE - {signal}).delete()
            mine.get_or_create(
                signal=signal, defaults={"meeting": meeting, "person": self.scope["user"]}
            )
        else:
            mine.filter(signal=signal).delete()


def positions(meeting: Meeting) -> dict[str, int]:
    """Return how many took each position."""
    rows = Position.objects.filter(meeting=meeting).values_list("position").annotate(Count("id"))
    return dict(rows)


def outcome(meeting: Meeting) -> str:
    """Return what came of the test: blocked, too many aside, or consensus."""
    found = positions(meeting)
    if found.get("block"):
        return "Blocked"
    aside = 4 * found.get("stand_aside", 0) > sum(found.values())
    return "Too many stand aside" if aside else "Consensus"


def asked(meeting: Meeting) -> dict[str, Any]:
    """Return what the panel of the test shows."""
    found = positions(meeting)
    answered = sum(found.values())
    return {
        "positions": [
            {
                "code": code,
                "label": label,
                "n": found.get(code, 0),
                "share": round(100 * found.get(code, 0) / max(1, answered)),
            }
            for code, label in POSITIONS.items()
        ],
        "answered": answered,
        "outcome": meeting.outcome,
    }


def signals_counted(meeting: Meeting) -> dict[str, int]:
    """Return how many show each signal."""
    rows = Signal.objects.filter(meeting=meeting).values_list("signal").annotate(Count("id"))
    found = dict(rows)
    return {name: found.get(name, 0) for name in SIGNALS}


application = ProtocolTypeRouter(
    {
        "http": get_asgi_application(),
        "websocket": AuthMiddlewareStack(
            URLRouter([path("ws/m/<str:key>/", MeetingConsumer.as_asgi())])
        ),
    }
)
