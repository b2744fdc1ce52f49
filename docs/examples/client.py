"""A small client of the chat, made from docs/chat-protocol.md.

    python docs/examples/client.py http://localhost:8000 "Kan ik zaterdag mijn reispas ophalen?"

It needs httpx and websockets. It asks its question, prints what is said and sends each line that is
typed, over a socket, or by polling where there is none; `/stop` ends the conversation.
"""

import asyncio
import contextlib
import json
import random
import secrets
import sys
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, WebSocketException

PING_EVERY_S, CAP_S = 20, 15.0
FOR_GOOD = {4401, 4403}  # close codes after which nobody reconnects
AGAIN = {"too_fast", "failed"}  # the same text may be sent once more
OPEN = {"", "waiting", "active"}  # empty before the first welcome
Frame = dict[str, Any]


class Known:
    """A conversation as one side knows it: its messages by number, and the newest head."""

    def __init__(self) -> None:
        self.messages: dict[int, Frame] = {}
        self.head: Frame = {"seq": 0, "state": ""}

    @property
    def seq(self) -> int:
        """The last number before the first hole."""
        seq = 0
        while seq + 1 in self.messages:
            seq += 1
        return seq

    def take(self, frame: Frame) -> None:
        """Whatever a frame brings, in any order and as often as it likes."""
        for message in [*frame.get("messages", []), frame.get("message")]:
            if message:
                self.messages.setdefault(message["seq"], message)
        head = frame.get("head")
        if head and head["seq"] >= self.head["seq"]:
            self.head = head


class Citizen:
    """One conversation. Whatever is lost on the way, what was said arrives once and in order."""

    def __init__(self, portal: str, *, sockets: bool = True) -> None:
        self.portal, self.sockets = portal.rstrip("/"), sockets
        self.token = secrets.token_urlsafe(32)
        self.known = Known()
        self.unsent: dict[str, Frame] = {}  # by ref, until they are acknowledged
        self.answers: list[Frame] = []  # to what was asked, and refusals
        self.asked: asyncio.Queue[Frame] = asyncio.Queue()
        self.awake = asyncio.Event()
        self.opener: Frame = {}
        secret = {"Authorization": f"Bearer {self.token}"}
        # The check of a file may take a minute.
        self.http = httpx.AsyncClient(base_url=self.portal, headers=secret, timeout=90)

    def say(self, text: str, **fields: Any) -> None:
        """Sends a text; the first one starts the conversation and may say `page` and `name`."""
        written = {"ref": str(uuid.uuid4()), "text": text}
        if not self.opener:
            mine = {"token": self.token, "lang": "nl"}
            self.opener = {"type": "start", "v": 1, **mine, **fields, **written}
            return
        self.unsent[written["ref"]] = {"type": "send", **written}
        self.ask("send", **written)

    def ask(self, type: str, **fields: Any) -> None:
        """Sends any other frame of the table; ask again when no answer came."""
        self.asked.put_nowait({"type": type, **fields})
        self.awake.set()

    async def send_file(self, name: str, content: bytes, ref: uuid.UUID) -> Frame:
        """The `ack`, or an `error`; with the same ref it may be sent again."""
        form: Frame = {"data": {"ref": str(ref)}, "files": {"file": (name, content)}}
        answer = (await self.http.post("/chat/files.json", **form)).json()
        self.known.take(answer)
        return dict(answer)

    async def run(self) -> None:
        """Keeps the conversation going until it is cancelled, or the portal closes for good."""
        attempt = 0
        while True:
            self.awake.clear()
            try:
                if self.sockets:
                    await self._by_socket()
                    return
                wait_s, attempt = await self._by_http(), 0
            except InvalidStatus:  # no socket from here: the same frames go over HTTP
                self.sockets, wait_s = False, 0.1
            except (WebSocketException, httpx.HTTPError, OSError, ValueError):
                wait_s = random.uniform(0.15, min(CAP_S, 0.45 * 1.6**attempt))  # noqa: S311
                attempt += 1
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self.awake.wait(), wait_s or None)

    def _first(self) -> Frame:
        """`start` until it was welcomed, then `hello` with what is known."""
        if not self.known.messages:
            return self.opener
        return {"type": "hello", "v": 1, "token": self.token, "after": self.known.seq}

    async def _by_socket(self) -> None:
        """Returns when the conversation is over; raises when the connection is."""
        url = self.portal.replace("http", "ws", 1) + "/ws/chat/"
        async with connect(url, origin=self.portal, proxy=None) as socket:  # type: ignore[arg-type]
            await socket.send(json.dumps(self._first()))
            self.take(json.loads(await socket.recv()))
            if not self.known.messages:
                return
            for frame in list(self.unsent.values()):
                await socket.send(json.dumps(frame))
            async with _beside(self._speak(socket), self._ping(socket)):
                async for text in socket:
                    self.take(json.loads(text))
                    if max(self.known.head["seq"], *self.known.messages) > self.known.seq:
                        await socket.send(json.dumps({"type": "after", "after": self.known.seq}))
            if socket.close_code not in FOR_GOOD:
                raise ConnectionError("closed")

    async def _speak(self, socket: ClientConnection) -> None:
        while True:
            await socket.send(json.dumps(await self.asked.get()))

    async def _ping(self, socket: ClientConnection) -> None:
        while True:
            await asyncio.sleep(PING_EVERY_S)
            await socket.send(json.dumps({"type": "ping"}))

    async def _by_http(self) -> float:
        """One exchange; returns after how many seconds the next one is due, 0 for never."""
        asked = [self.asked.get_nowait() for _ in range(self.asked.qsize())]
        frames = [frame for frame in asked if frame["type"] != "send"]
        frames = [self._first(), *list(self.unsent.values())[: 19 - len(frames)], *frames]
        answer = await self.http.post("/chat/frames.json", json={"frames": frames})
        for frame in answer.json()["frames"]:
            self.take(frame)
        if answer.status_code == 429:
            await asyncio.sleep(float(answer.headers["Retry-After"]))
            return 0.1
        return float(answer.json().get("again_in_s", 0))

    def take(self, frame: Frame) -> None:
        """Notes what a frame of the portal brings."""
        self.known.take(frame)
        ref = frame.get("ref") or ""
        if frame["type"] == "ack":
            self.unsent.pop(ref, None)
        elif ref in self.unsent and frame["code"] in AGAIN:
            wait_s, loop = frame.get("retry_after_s", 2), asyncio.get_running_loop()
            loop.call_later(wait_s, self.asked.put_nowait, self.unsent[ref])
        elif frame["type"] in {"error", "rated", "transcript_mailed"}:
            self.unsent.pop(ref, None)
            self.answers.append(frame)


@contextlib.asynccontextmanager
async def _beside(*jobs: Any) -> AsyncIterator[None]:
    """Runs jobs beside what stands in the block, and no longer."""
    tasks = [asyncio.ensure_future(job) for job in jobs]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def main(portal: str, question: str) -> None:
    citizen, shown = Citizen(portal), 0
    citizen.say(question)

    def typed() -> None:
        line = sys.stdin.readline().strip()
        citizen.ask("end") if line == "/stop" else citizen.say(line)

    asyncio.get_running_loop().add_reader(sys.stdin, typed)
    async with _beside(citizen.run()):
        while citizen.known.head["state"] in OPEN and not citizen.answers:
            await asyncio.sleep(0.2)
            while shown < citizen.known.seq:
                shown += 1
                message = citizen.known.messages[shown]
                print(shown, message["author"], message["kind"], message["text"])
    print(*[answer.get("text") for answer in citizen.answers])


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
