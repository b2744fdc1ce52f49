"""A client of the chat's sockets that walks in by the same door as a browser."""

import asyncio
import json
import time
import uuid
from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.test import Client

from chat import routing

ORIGIN = "http://localhost"
WAIT_S = 20  # only ends a failure
application = URLRouter([*routing.citizen_sockets, *routing.staff_sockets(AuthMiddlewareStack)])


class Wire:
    """One connection. `said` holds every frame that came, in order.

    What comes by itself at its own moments (the place in the queue, whether the chat is open) is
    kept in `said`; `next` passes over it unless a test takes it out of `passes_over`.
    """

    path = "/ws/chat/"
    BY_ITSELF = ("queue", "status")

    def __init__(self, *, origin: str | None = ORIGIN, cookie: str = "", peer: str = "") -> None:
        headers = [(b"host", b"localhost")]
        if origin:
            headers.append((b"origin", origin.encode()))
        if cookie:
            headers.append((b"cookie", cookie.encode()))
        self.communicator = WebsocketCommunicator(application, self.path, headers)
        self.communicator.scope["client"] = (peer or "127.0.0.1", 40_000)
        self.said: list[dict[str, Any]] = []
        self.close_code: int | None = None
        self.passes_over = set(self.BY_ITSELF)

    async def open(self) -> bool:
        """Whether the handshake was accepted."""
        accepted, _ = await self.communicator.connect(timeout=WAIT_S)
        return accepted

    async def close(self) -> None:
        await self.communicator.disconnect(timeout=WAIT_S)

    async def say(self, type: str, **fields: Any) -> None:
        await self.raw(json.dumps({"type": type, **fields}, default=str, ensure_ascii=False))

    async def raw(self, text: str | None = None, data: bytes | None = None) -> None:
        await self.communicator.send_to(text_data=text, bytes_data=data)

    async def next(self) -> dict[str, Any]:
        """The next frame; a closed connection is the frame of type `(closed)`."""
        while True:
            frame = await self._next()
            if frame["type"] not in self.passes_over:
                return frame

    async def _next(self) -> dict[str, Any]:
        event = await self.communicator.receive_output(timeout=WAIT_S)
        if event["type"] == "websocket.close":
            self.close_code = event.get("code", 1000)
            return {"type": "(closed)", "code": self.close_code}
        frame: dict[str, Any] = json.loads(event["text"])
        self.said.append(frame)
        return frame

    async def hear(self, type: str, **like: Any) -> dict[str, Any]:
        """The next frame of this type with these fields; what comes before it is only kept."""
        until = time.monotonic() + WAIT_S
        while time.monotonic() < until:
            frame = await self._next()
            if frame["type"] == type and all(frame.get(k) == v for k, v in like.items()):
                return frame
        raise AssertionError(f"no {type} came: {self.said[-3:]}")

    async def ask(self, type: str, **fields: Any) -> dict[str, Any]:
        """Says it and returns the next frame."""
        await self.say(type, **fields)
        return await self.next()

    async def settle(self) -> list[dict[str, Any]]:
        """What is on its way when a ping is answered, and what a bell brings just after."""
        before = len(self.said)
        await self.say("ping")
        await self.hear("pong")
        while not await self.communicator.receive_nothing(timeout=0.1, interval=0.02):
            if (await self._next())["type"] == "(closed)":
                break
        passed = {"pong", *self.passes_over}
        return [frame for frame in self.said[before:] if frame["type"] not in passed]

    async def is_alive(self) -> bool:
        await self.say("ping")
        return (await self.hear("pong"))["type"] == "pong"


class CitizenWire(Wire):
    """A tab of a citizen."""

    async def start(self, token: str, text: str = "Dag!", **fields: Any) -> dict[str, Any]:
        frame = {"v": 1, "token": token, "ref": uuid.uuid4(), "text": text, "lang": "nl"}
        return await self.ask("start", **{**frame, "page": "/", **fields})

    async def hello(self, token: str, after: int = 0) -> dict[str, Any]:
        return await self.ask("hello", v=1, token=token, after=after)

    async def send(self, text: str, ref: uuid.UUID | None = None) -> dict[str, Any]:
        """Sends and returns the acknowledgement or the refusal."""
        ref = ref or uuid.uuid4()
        await self.say("send", ref=ref, text=text)
        while True:
            frame = await self.next()
            if frame.get("ref") == str(ref) and frame["type"] in {"ack", "error"}:
                return frame


class AgentWire(Wire):
    """A tab of an agent's console."""

    path = "/ws/console/"

    def __init__(self, client: Client, **fields: Any) -> None:
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        super().__init__(cookie=cookie, **fields)

    async def hello(self, *watch: dict[str, Any]) -> dict[str, Any]:
        """The welcome; what is said of the chat as a whole comes right after it."""
        welcome = await self.ask("hello", v=1, watch=list(watch))
        if welcome["type"] == "welcome":
            await self.hear("rush")
        return welcome

    async def send(self, conversation: Any, text: str, **fields: Any) -> dict[str, Any]:
        ref = fields.get("ref") or uuid.uuid4()
        await self.say("send", conversation=conversation, ref=ref, text=text)
        while True:
            frame = await self.next()
            if frame.get("ref") == str(ref) and frame["type"] in {"ack", "error"}:
                return frame


class Wires:
    """Opens connections for a test and closes what the test left open."""

    def __init__(self) -> None:
        self.open: list[Wire] = []

    async def citizen(self, **fields: Any) -> CitizenWire:
        return await self._opened(CitizenWire(**fields))

    async def agent(self, client: Client, *, greet: bool = True, **fields: Any) -> AgentWire:
        wire: AgentWire = await self._opened(AgentWire(client, **fields))
        if greet:
            assert (await wire.hello())["type"] == "welcome"
        return wire

    async def _opened(self, wire: Any) -> Any:
        assert await wire.open()
        self.open.append(wire)
        return wire

    async def close(self) -> None:
        for wire in self.open:
            if wire.close_code is None:
                await wire.close()
        await asyncio.sleep(0)
