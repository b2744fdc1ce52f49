"""The citizen's socket, `/ws/chat/`."""

import asyncio
import time
from typing import Any, ClassVar

import msgspec
from django.conf import settings
from django.utils.translation import override

from chat import events, frames
from chat.actions import writing
from chat.citizen_talk import CitizenTalk, unless_removed
from chat.consumers.citizen_status import StatusSocket
from chat.look import Look
from chat.sentences import error_frame
from chat.states import Author, State
from chat.waiting import Place
from chat.waiting_words import queue_frame
from chat.watch import lookout
from common import realtime
from common.errors import RuleBroken
from common.throttle import scope_address

TYPING_EVERY_S = 2.0
HISTORY_BURST, HISTORY_PER_S = 20, 2
OPEN_WITHIN_S = 15.0
LISTEN_FOR_S = 3_600.0  # an opened panel that nobody looks at is no reason to hold a socket
FORBIDDEN = 4403
NEVER_OPENED = 4408


class CitizenSocket(StatusSocket):
    """One tab of a citizen. It shows one conversation, the one its token opens, or listens only."""

    decoder: ClassVar = msgspec.json.Decoder(frames.CitizenFrame)
    handlers: ClassVar = {
        frames.Start: "on_opener",
        frames.Hello: "on_opener",
        frames.Listen: "on_listen",
        frames.Send: "on_send",
        frames.After: "on_after",
        frames.Typing: "on_typing",
        frames.Read: "on_other",
        frames.Extend: "on_other",
        frames.End: "on_other",
        frames.Continue: "on_other",
        frames.Rate: "on_other",
        frames.MailTranscript: "on_other",
        frames.Ping: "on_ping",
    }
    agent_id = None
    session_key = None

    async def connect(self) -> None:
        self.talk = CitizenTalk(scope_address(self.scope))
        self.site: str = self.scope["site"]
        self.turned_away = False
        self.clear_status()
        self.head: dict[str, Any] = {}
        self.heard_at = self.stamped_at = self.typed_at = 0.0
        self.timer = self._in(OPEN_WITHIN_S)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        self.timer.cancel()
        await self.leave(events.CITIZENS)
        if self.talk.conversation:
            await self.leave(events.conversation_group(self.talk.conversation.public_id))

    def disappear(self) -> None:
        lookout().remove(self)
        super().disappear()

    def error_frame(self, error: RuleBroken, frame: Any) -> dict[str, Any]:
        ref = getattr(frame, "ref", None)
        return error_frame(error, self.talk.language, ref=str(ref) if ref else None)

    def check(self, frame: Any) -> None:
        self.talk.check(frame)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        self.heard_at = time.monotonic()
        await super().receive(text_data, bytes_data)

    def _in(self, seconds: float) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(seconds, self._time_is_up)

    def _time_is_up(self) -> None:
        self.ending = asyncio.ensure_future(self.hear({"type": "chat.never_opened"}))

    # --- frames ------------------------------------------------------------------------------

    async def on_opener(self, frame: frames.Start | frames.Hello) -> None:
        welcome = await self.act(self.talk.welcome, frame)
        self.timer.cancel()
        await self.join(events.CITIZENS)
        await self.join(events.conversation_group(self.talk.started().public_id))
        await self.answer(welcome)
        if self.waits:
            await self._welcome_to_queue(frame, welcome)
        # What was stored between the page and the joining its first look finds within a second; the
        # same look writes down, for all who came at once, that they are there.
        lookout().add(self)

    async def _welcome_to_queue(
        self, frame: frames.Start | frames.Hello, welcome: dict[str, Any]
    ) -> None:
        queue = await self.act(self.talk.queue, frame, welcome)
        if queue:
            await self.push(queue)

    async def on_listen(self, frame: frames.Listen) -> None:
        """No conversation yet: the panel only wants to hear whether the chat is open."""
        self.talk.speak(frame.lang, v=frame.v)
        self.timer.cancel()
        self.timer = self._in(LISTEN_FOR_S)
        # Into the group before the status is read, so that nothing falls between the two.
        await self.join(events.CITIZENS)
        await self.say_status(*await self.act(self.read_status))
        lookout().add(self)

    async def on_send(self, frame: frames.Send) -> None:
        # Before it is looked at: to search one for numbers may take 10 ms of the event loop, and
        # the statement that refuses it comes after. Twice what is stored: some are repeated.
        twice = 2 * settings.CHAT_MESSAGES_PER_MINUTE
        self.limit("texts", burst=twice, per_second=twice / 60)
        with unless_removed():
            stored, bells = await writing.post_from_socket(self.talk.text(frame))
        # The other side first: it waits for the text, the sender only for a tick. An echo of it
        # to this socket comes after the acknowledgement, since a socket does one thing at a time.
        await realtime.ring(bells)
        await self.push(writing.acknowledgement(stored, sent=frame.text, client_ref=frame.ref))

    async def on_after(self, frame: frames.After) -> None:
        # A short frame with a long answer: without a limit of its own it would stall the process.
        self.limit("history", burst=HISTORY_BURST, per_second=HISTORY_PER_S)
        await self.on_other(frame)

    async def on_typing(self, frame: frames.Typing) -> None:
        if time.monotonic() - self.typed_at < TYPING_EVERY_S:
            return
        self.typed_at = time.monotonic()
        await realtime.ring([self.talk.typing_bell()])

    async def on_other(self, frame: Any) -> None:
        answer = await self.act(self.talk.take, frame)
        if answer:
            await self.answer(answer)

    async def on_ping(self, frame: frames.Ping) -> None:
        await self.push({"type": "pong"})

    async def answer(self, frame: dict[str, Any]) -> None:
        self.head = frame.get("head", self.head)
        await self.push(frame)

    # --- announcements -----------------------------------------------------------------------

    async def chat_message(self, event: dict[str, Any]) -> None:
        frame = {"type": "message", "message": event["message"]}
        if "head" in event:
            frame["head"] = self.head = event["head"]
        elif self.head:
            self.head = {**self.head, "seq": max(self.head["seq"], event["message"]["seq"])}
        await self.push(frame)

    async def chat_head(self, event: dict[str, Any]) -> None:
        self.head = event["head"]
        await self.push({"type": "head", "head": self.head})

    async def chat_typing(self, event: dict[str, Any]) -> None:
        if event["author"] == Author.AGENT:
            await self.push({"type": "typing", "author": Author.AGENT})

    async def chat_never_opened(self, event: dict[str, Any]) -> None:
        if not self.talk.conversation:
            await self.close(NEVER_OPENED)

    # --- the lookout -------------------------------------------------------------------------

    @property
    def conversation_id(self) -> int | None:
        return self.talk.conversation.pk if self.talk.conversation else None

    @property
    def waits(self) -> bool:
        return self.head.get("state") == State.WAITING

    def watched(self) -> set[int]:
        return {self.conversation_id} if self.conversation_id else set()

    async def see(self, look: Look) -> None:
        if self.site and self.site not in look.sites:
            await self._turn_away()
        if self.turned_away:
            return
        await self.see_status(look)
        head = look.heads.get(self.conversation_id or 0)
        if head and head != self.head and head["seq"] >= self.head.get("seq", 0):
            await self.chat_head({"head": head})
        await self._see_place(look.places.get(self.conversation_id or 0))

    async def _see_place(self, place: Place | None) -> None:
        if place != self.talk.place:
            self.talk.place = place
            if place and self.waits:
                with override(self.talk.language):
                    frame = queue_frame(place)
                await self.push(frame)

    async def _turn_away(self) -> None:
        """The city no longer allows the site that this socket comes from."""
        if self.turned_away:
            return
        self.turned_away = True
        await self.push(self.error_frame(RuleBroken("wrong_origin"), None))
        await self.close(FORBIDDEN)
