"""Sockets of the chat."""

from collections.abc import Callable
from typing import Any

from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import URLPattern, path

from chat.consumers import AgentSocket, CitizenSocket

citizen_sockets: list[URLPattern] = [
    path("ws/chat/", AllowedHostsOriginValidator(CitizenSocket.as_asgi())),
]


def staff_sockets(with_session: Callable[[Any], Any]) -> list[URLPattern]:
    """Sockets that need a login; `with_session` puts the user into the scope."""
    return [
        path(
            "ws/console/",
            AllowedHostsOriginValidator(with_session(AgentSocket.as_asgi())),
        ),
    ]
