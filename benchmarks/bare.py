"""What the chat is compared with: a Channels consumer that relays JSON and stores nothing.

`BARE_LAYER` names the channel layer's class, `REDIS_URL` its server. No session, no check of the
origin, no validation, no database: the least that two browsers need to talk through Channels.
"""

import json
import os
import secrets
from typing import Any

import django
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path

settings.configure(
    SECRET_KEY=secrets.token_urlsafe(50),
    USE_TZ=True,
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": os.environ["BARE_LAYER"],
            # redis 8 gives up a read after 5 s, and the default layer waits 5 s for a message: left
            # so, an idle socket of that layer breaks now and then. A careful project lifts it.
            "CONFIG": {
                "hosts": [{"address": os.environ["REDIS_URL"], "socket_timeout": None}],
                "prefix": "bare",
            },
        }
    },
)
django.setup()


class Relay(AsyncWebsocketConsumer):
    """Both sides of a pair are in one group; what one sends, both receive."""

    async def connect(self) -> None:
        self.group = f"pair.{self.scope['url_route']['kwargs']['pair']}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str = "", bytes_data: bytes | None = None) -> None:
        frame = json.loads(text_data)
        await self.channel_layer.group_send(self.group, {"type": "relay.frame", "frame": frame})

    async def relay_frame(self, event: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps(event["frame"]))


application = ProtocolTypeRouter(
    {"websocket": URLRouter([path("pair/<int:pair>/", Relay.as_asgi())])}
)
