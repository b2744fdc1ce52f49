"""The citizen's socket, `/ws/chat/`."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import msgspec
from django.utils import timezone

from chat import access, events, frames
from chat.actions import closing, conversing, writing
from chat.actions.availability import hear
from chat.append import Text
from chat.consumers.pages import page_after
from chat.models import Conversation
from chat.sentences import error_frame
from chat.states import Author
from chat.watch import Look, lookout
from common import realtime
from common.errors import RuleBroken
from common.sockets import FrameSocket
from common.throttle import client_address

TYPING_EVERY_S = 2.0
HISTORY_BURST, HISTORY_PER_S = 20, 2


class CitizenSocket(FrameSocket):
    """One tab of a citizen. It shows one conversation, the one its token opens."""

    decoder: ClassVar = msgspec.json.Decoder(frames.CitizenFrame)
    handlers: ClassVar = {
        frames.Start: "on_start",
        frames.Hello: "on_hello",
        frames.Send: "on_send",
        frames.After: "on_after",
        frames.Typing: "on_typing",
        frames.Read: "on_read",
        frames.Extend: "on_extend",
        frames.End: "on_end",
        frames.Continue: "on_continue",
        frames.Ping: "on_ping",
    }
    agent_id = None
    session_key = None

    async def connect(self) -> None:
        self.conversation: Conversation | None = None
        self.language = "nl"
        self.head: dict[str, Any] = {}
        self.heard_at = self.stamped_at = self.typed_at = 0.0
        await self.accept()

    async def disconnect(self, code: int) -> None:
        if self.conversation:
            lookout().remove(self)
            await self.leave(events.conversation_group(self.conversation.public_id))

    def error_frame(self, error: RuleBroken, frame: Any) -> dict[str, Any]:
        ref = getattr(frame, "ref", None)
        return error_frame(error, self.language, ref=str(ref) if ref else None)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        self.heard_at = time.monotonic()
        await super().receive(text_data, bytes_data)

    async def act(self, action: Any, *args: Any, **kwargs: Any) -> Any:
        with self._unless_removed():
            return await super().act(action, *args, **kwargs)

    async def post(self, text: Text) -> tuple[writing.Stored, list[realtime.Bell]]:
        with self._unless_removed():
            return await writing.post_from_socket(text)

    @contextmanager
    def _unless_removed(self) -> Iterator[None]:
        try:
            yield
        except Conversation.DoesNotExist:  # removed while its page was open
            raise RuleBroken("wrong_token") from None

    # --- frames ------------------------------------------------------------------------------

    async def on_start(self, frame: frames.Start) -> None:
        if not self.conversation:
            self.language = frame.lang
        self._check_first(frame.v)
        opening = conversing.Opening(
            token=frame.token,
            client_ref=frame.ref,
            text=frame.text,
            language=frame.lang,
            page=frame.page,
            name=frame.name,
            address=self._address(),
        )
        conversation = await self.act(
            conversing.open_conversation, opening=opening, now=timezone.now()
        )
        await self._welcome(conversation, after=0)

    async def on_hello(self, frame: frames.Hello) -> None:
        self._check_first(frame.v)
        conversation = await self.act(access.of_citizen, frame.token)
        self.language = conversation.language
        await self._welcome(conversation, after=frame.after)

    async def on_send(self, frame: frames.Send) -> None:
        text = writing.citizen_text(
            conversation=self._started(),
            text=frame.text,
            client_ref=frame.ref,
            now=timezone.now(),
        )
        stored, bells = await self.post(text)
        at = events.moment(stored.at)
        await self.push({"type": "ack", "ref": str(frame.ref), "seq": stored.seq, "at": at})
        await realtime.ring(bells)

    async def on_after(self, frame: frames.After) -> None:
        # A short frame with a long answer: without a limit of its own it would stall the process.
        self.limit("history", burst=HISTORY_BURST, per_second=HISTORY_PER_S)
        page = await self.act(page_after, self._started(), frame.after)
        self.head = page["head"]
        await self.push({"type": "messages", **page})

    async def on_typing(self, frame: frames.Typing) -> None:
        conversation = self._started()
        if time.monotonic() - self.typed_at < TYPING_EVERY_S:
            return
        self.typed_at = time.monotonic()
        group = events.conversation_group(conversation.public_id)
        await realtime.ring([(group, events.typing(conversation.public_id, Author.CITIZEN))])

    async def on_read(self, frame: frames.Read) -> None:
        await self.act(
            conversing.mark_read,
            conversation=self._started(),
            reader=Author.CITIZEN,
            seq=frame.seq,
        )

    async def on_extend(self, frame: frames.Extend) -> None:
        await self.act(self._anew, closing.extend)

    async def on_end(self, frame: frames.End) -> None:
        await self.act(self._anew, closing.end_by_citizen)

    async def on_continue(self, frame: frames.Continue) -> None:
        await self.act(self._anew, closing.continue_conversation)

    async def on_ping(self, frame: frames.Ping) -> None:
        await self.push({"type": "pong"})

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

    # --- the lookout -------------------------------------------------------------------------

    @property
    def conversation_id(self) -> int | None:
        return self.conversation.pk if self.conversation else None

    def watched(self) -> set[int]:
        return {self.conversation.pk} if self.conversation else set()

    async def see(self, look: Look) -> None:
        head = look.heads.get(self.conversation_id or 0)
        if head and head != self.head and head["seq"] >= self.head.get("seq", 0):
            await self.chat_head({"head": head})

    # -----------------------------------------------------------------------------------------

    def _check_first(self, version: int) -> None:
        if self.conversation:
            raise RuleBroken("already_started")
        if version != frames.VERSION:
            raise RuleBroken("wrong_version")

    def _started(self) -> Conversation:
        if not self.conversation:
            raise RuleBroken("not_started")
        return self.conversation

    def _anew(self, action: Any) -> None:
        """Calls an action with the conversation as it is now. Runs in the database thread.

        An agent may take or return it at that very moment; the citizen's wish holds all the same.
        """
        for last_try in (False, True):
            conversation = Conversation.objects.select_related("agent").get(pk=self._started().pk)
            try:
                return action(conversation=conversation, now=timezone.now())
            except RuleBroken as error:
                if last_try or error.code != "not_allowed_now":
                    raise

    async def _welcome(self, conversation: Conversation, *, after: int) -> None:
        # Into the group first: what is stored between that and the page comes both ways, not none.
        await self.join(events.conversation_group(conversation.public_id))
        self.conversation = conversation
        self.stamped_at = time.monotonic()
        page = await self.act(self._seen_page, after)
        self.head = page["head"]
        lookout().add(self)
        now = events.moment(timezone.now())
        await self.push({"type": "welcome", "v": frames.VERSION, **page, "now": now})

    def _seen_page(self, after: int) -> dict[str, Any]:
        conversation = self._started()
        hear(agent_ids=set(), citizen_conversation_ids={conversation.pk}, now=timezone.now())
        return page_after(conversation, after)

    def _address(self) -> str:
        headers = dict(self.scope["headers"])
        forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
        return client_address((self.scope.get("client") or ("", 0))[0], forwarded)
