"""Doorways of the sockets: they check the shape of a frame and call one action. No rule is here."""

from chat.consumers.agent import AgentSocket
from chat.consumers.citizen import CitizenSocket

__all__ = ["AgentSocket", "CitizenSocket"]
