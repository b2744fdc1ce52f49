"""Sockets of the chat."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from chat.consumers import AgentSocket, CitizenSocket
from chat.origins import AllowedPages, OwnPages
from common.sockets import FewPerAddress

# Asked from outside to inside: may this page, and has its address not too many?
citizens: Any = AllowedPages(
    FewPerAddress(CitizenSocket.as_asgi(), setting="CHAT_SOCKETS_PER_ADDRESS")
)
citizen_sockets: list[URLPattern] = [path("ws/chat/", citizens)]


def staff_sockets(with_session: Callable[[Any], Any]) -> list[URLPattern]:
    """Sockets that need a login; `with_session` puts the user into the scope."""
    agents: Any = OwnPages(with_session(AgentSocket.as_asgi()))
    return [path("ws/console/", agents)]
