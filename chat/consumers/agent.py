"""The agent's socket, `/ws/console/`."""

import time
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from django.utils import timezone

from accounts.models import Role, User
from chat import access, events, frames
from chat.actions import availability, closing, conversing, queueing, writing
from chat.consumers.pages import page_after
from chat.models import ChatRules, Conversation, Presence
from chat.sentences import error_frame
from chat.states import OPEN_STATES, Author, Reason
from chat.watch import Look, lookout
from city.models import Topic
from common import realtime
from common.errors import RuleBroken
from common.sockets import FrameSocket

TYPING_EVERY_S = 2.0
FORBIDDEN = 4403
LOGGED_OUT = 4401


class AgentSocket(FrameSocket):
    """One tab of an agent's console: the lists, and any number of conversations on screen."""

    decoder: ClassVar = msgspec.json.Decoder(frames.AgentFrame)
    handlers: ClassVar = {
        frames.AgentHello: "on_hello",
        frames.Watch: "on_watch",
        frames.Unwatch: "on_unwatch",
        frames.Claim: "on_claim",
        frames.AgentSend: "on_send",
        frames.AgentAfter: "on_after",
        frames.AgentTyping: "on_typing",
        frames.AgentRead: "on_read",
        frames.Return: "on_return",
        frames.Close: "on_close",
        frames.SetPresence: "on_presence",
        frames.Ping: "on_ping",
    }
    conversation_id = None

    async def connect(self) -> None:
        self.on_screen: dict[UUID, int] = {}  # public id to primary key
        self.heads: dict[int, dict[str, Any]] = {}
        self.cards: dict[str, dict[str, Any]] = {}
        self.typed_at: dict[UUID, float] = {}
        self.heard_at = self.stamped_at = 0.0
        self.language = "nl"
        self.greeted = self.turned_away = False
        self.agent_id: int | None = None
        self.session_key: str | None = self.scope["session"].session_key
        try:
            self.agent: User = await self.act(access.admitted_agent, self.scope["user"].pk)
        except RuleBroken:
            await self.close(FORBIDDEN)
            return
        self.agent_id, self.roles = self.agent.pk, self.agent.role_set()
        await self.accept()

    async def disconnect(self, code: int) -> None:
        lookout().remove(self)
        groups = [events.conversation_group(public_id) for public_id in self.on_screen]
        if self.agent_id:
            groups += [events.AGENTS, events.agent_group(self.agent_id)]
        for group in groups:
            await self.leave(group)

    def error_frame(self, error: RuleBroken, frame: Any) -> dict[str, Any]:
        ids = {name: getattr(frame, name, None) for name in ("conversation", "ref")}
        texts = {name: str(value) if value else None for name, value in ids.items()}
        return error_frame(error, self.language, **texts)

    async def act(self, action: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return await super().act(action, *args, **kwargs)
        except Conversation.DoesNotExist:  # removed while it was on screen
            raise RuleBroken("not_found") from None

    def check(self, frame: Any) -> None:
        if not self.greeted and not isinstance(frame, frames.AgentHello | frames.Ping):
            raise RuleBroken("not_started")
        if self.greeted and isinstance(frame, frames.AgentHello):
            raise RuleBroken("already_started")

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        self.heard_at = time.monotonic()
        await super().receive(text_data, bytes_data)

    # --- frames ------------------------------------------------------------------------------

    async def on_hello(self, frame: frames.AgentHello) -> None:
        if frame.v != frames.VERSION:
            raise RuleBroken("wrong_version")
        for group in (events.AGENTS, events.agent_group(self.agent.pk)):
            await self.join(group)
        me, cards = await self.act(self._arrive)
        self.greeted = True
        self._remember_cards(cards)
        lookout().add(self)
        now = events.moment(timezone.now())
        await self.push(
            {"type": "welcome", "v": frames.VERSION, "me": me, "cards": cards, "now": now}
        )
        for watched in frame.watch:
            await self._show_or_say(watched.conversation, watched.after)

    async def on_watch(self, frame: frames.Watch) -> None:
        await self._show(frame.conversation, frame.after)

    async def on_unwatch(self, frame: frames.Unwatch) -> None:
        pk = self.on_screen.pop(frame.conversation, None)
        if pk:
            self.heads.pop(pk, None)
            await self.leave(events.conversation_group(frame.conversation))

    async def on_claim(self, frame: frames.Claim) -> None:
        card = await self.act(self._claim, frame.conversation)
        await self._push_card(card)
        await self._show(frame.conversation, 0)

    async def on_send(self, frame: frames.AgentSend) -> None:
        # No check of ownership here: the statement that stores makes it, and a repetition is
        # acknowledged even when the conversation has gone to a colleague since.
        known = self.on_screen.get(frame.conversation)
        text = writing.agent_text(
            conversation_id=known or await self.act(access.key_of, frame.conversation),
            public_id=frame.conversation,
            agent=self.agent,
            text=frame.text,
            client_ref=frame.ref,
            now=timezone.now(),
        )
        stored, bells = await writing.post_from_socket(text)
        await self.push(
            {
                "type": "ack",
                "conversation": str(frame.conversation),
                "ref": str(frame.ref),
                "seq": stored.seq,
                "at": events.moment(stored.at),
            }
        )
        await realtime.ring(bells)

    async def on_after(self, frame: frames.AgentAfter) -> None:
        page = await self.act(self._page, frame.conversation, frame.after)
        await self._push_page(frame.conversation, page)

    async def on_typing(self, frame: frames.AgentTyping) -> None:
        now = time.monotonic()
        if now - self.typed_at.get(frame.conversation, 0) < TYPING_EVERY_S:
            return
        self.typed_at[frame.conversation] = now
        await self.act(self._owned, frame.conversation)
        group = events.conversation_group(frame.conversation)
        await realtime.ring([(group, events.typing(frame.conversation, Author.AGENT))])

    async def on_read(self, frame: frames.AgentRead) -> None:
        await self.act(self._read, frame)

    async def on_return(self, frame: frames.Return) -> None:
        await self._push_card(await self.act(self._return, frame.conversation))

    async def on_close(self, frame: frames.Close) -> None:
        await self._push_card(await self.act(self._close, frame))

    async def on_presence(self, frame: frames.SetPresence) -> None:
        state = Presence.State(frame.state)
        await self.act(self._set_presence, state)
        await self.push({"type": "presence", "state": state.value})
        event = {"type": "chat.presence", "state": state.value, "from": self.channel_name}
        await realtime.ring([(events.agent_group(self.agent.pk), event)])

    async def on_ping(self, frame: frames.Ping) -> None:
        await self.push({"type": "pong"})

    # --- what the frames do, in the database thread; each reads role and conversation anew -----

    def _arrive(self) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        agent = access.require_agent(self.agent.pk)
        now = timezone.now()
        presence = availability.arrive(agent=agent, now=now)
        me = {"id": str(agent.public_id), "name": agent.first_name, "presence": presence}
        return me, [events.card_payload(row) for row in access.open_cards()]

    def _owned(self, public_id: UUID) -> Conversation:
        return access.owned_by(access.require_agent(self.agent.pk), public_id)

    def _claim(self, public_id: UUID) -> dict[str, Any]:
        agent = access.require_agent(self.agent.pk)
        conversation = access.claimable(public_id)
        queueing.claim(conversation=conversation, agent=agent, now=timezone.now())
        return self._card(public_id)

    def _read(self, frame: frames.AgentRead) -> None:
        conversation = self._owned(frame.conversation)
        conversing.mark_read(conversation=conversation, reader=Author.AGENT, seq=frame.seq)

    def _return(self, public_id: UUID) -> dict[str, Any]:
        given_back = queueing.return_to_queue(
            conversation=self._owned(public_id),
            reason=Reason.AGENT_RETURNED,
            now=timezone.now(),
            rules=ChatRules.current(),
        )
        if not given_back:
            raise RuleBroken("not_allowed_now")
        return self._card(public_id)

    def _close(self, frame: frames.Close) -> dict[str, Any]:
        conversation = self._owned(frame.conversation)
        topic = Topic.objects.filter(slug=frame.topic, is_active=True).first()
        if topic is None:
            raise RuleBroken("unknown_topic")
        closing.close_by_agent(conversation=conversation, topic=topic, now=timezone.now())
        return self._card(frame.conversation)

    def _set_presence(self, state: Presence.State) -> None:
        agent = access.require_agent(self.agent.pk)
        availability.set_presence(agent=agent, state=state, now=timezone.now())

    def _card(self, public_id: UUID) -> dict[str, Any]:
        rows = Conversation.objects.select_related("agent", "topic")
        return events.card_payload(rows.get(public_id=public_id))

    def _page(self, public_id: UUID, after: int) -> tuple[int, dict[str, Any]]:
        agent = access.require_agent(self.agent.pk)
        conversation = access.readable_by(agent, public_id)
        return conversation.pk, page_after(conversation, after)

    # --- announcements -----------------------------------------------------------------------

    async def chat_message(self, event: dict[str, Any]) -> None:
        public_id = UUID(event["conversation"])
        pk = self.on_screen.get(public_id)
        if pk is None:  # was on its way when this screen let go of it
            return
        if event["owner"] and not self._may_read(event["owner"]):
            await self.on_unwatch(frames.Unwatch(public_id))
            return
        frame: dict[str, Any] = {
            k: event[k] for k in ("conversation", "message", "head") if k in event
        }
        known = self.heads.get(pk, {})
        seq = max(known.get("seq", 0), event["message"]["seq"])
        self.heads[pk] = event.get("head") or {**known, "seq": seq}
        await self.push({"type": "message", **frame})

    async def chat_head(self, event: dict[str, Any]) -> None:
        head = event["head"]
        pk = self.on_screen.get(UUID(head["conversation"]))
        if pk is not None:
            self.heads[pk] = head
            await self.push({"type": "head", "head": head})

    async def chat_typing(self, event: dict[str, Any]) -> None:
        conversation = event["conversation"]
        if event["author"] == Author.CITIZEN and UUID(conversation) in self.on_screen:
            await self.push(
                {"type": "typing", "conversation": conversation, "author": Author.CITIZEN}
            )

    async def chat_card(self, event: dict[str, Any]) -> None:
        await self._push_card(event["card"])

    async def chat_presence(self, event: dict[str, Any]) -> None:
        if event["from"] != self.channel_name:
            await self.push({"type": "presence", "state": event["state"]})

    async def chat_logged_out(self, event: dict[str, Any]) -> None:
        if event["session"] in ("", events.session_mark(self.session_key)):
            await self._turn_away(logged_out=True)

    # --- the lookout -------------------------------------------------------------------------

    def watched(self) -> set[int]:
        return set(self.on_screen.values())

    async def see(self, look: Look) -> None:
        if self.turned_away:
            return
        if self.session_key not in look.sessions or self.agent.pk not in look.roles:
            await self._turn_away(logged_out=self.session_key not in look.sessions)
            return
        self.roles = look.roles[self.agent.pk]
        await self._see_cards_and_heads(look.heads, look.cards)

    async def _see_cards_and_heads(
        self, heads: dict[int, dict[str, Any]], cards: list[dict[str, Any]]
    ) -> None:
        for card in cards:
            if card["agent"] and not self._may_read_card(card):
                await self.on_unwatch(frames.Unwatch(UUID(card["conversation"])))
        for pk in list(self.on_screen.values()):
            head, known = heads.get(pk), self.heads.get(pk, {})
            if head and head != known and head["seq"] >= known.get("seq", 0):
                await self.chat_head({"head": head})
        if {card["conversation"]: _without_seq(card) for card in cards} != self.cards:
            self._remember_cards(cards)
            await self.push({"type": "cards", "cards": cards})

    # -----------------------------------------------------------------------------------------

    def _may_read(self, owner_id: int) -> bool:
        """A colleague who takes over a conversation takes it off this screen."""
        return owner_id == self.agent_id or Role.SUPERVISOR in self.roles

    def _may_read_card(self, card: dict[str, Any]) -> bool:
        return card["agent"] == str(self.agent.public_id) or Role.SUPERVISOR in self.roles

    async def _turn_away(self, *, logged_out: bool) -> None:
        self.turned_away = True
        if logged_out:
            await self.push({"type": "logged_out"})
        else:
            await self.push(self.error_frame(RuleBroken("not_allowed"), None))
        await self.close(LOGGED_OUT if logged_out else FORBIDDEN)

    async def _show(self, public_id: UUID, after: int) -> None:
        if len(self.on_screen) >= frames.MAX_WATCHED and public_id not in self.on_screen:
            raise RuleBroken("too_fast", retry_after_s=1)
        pk, _ = await self.act(self._page, public_id, after)
        # Into the group before the page is read, so that nothing falls between the two.
        await self.join(events.conversation_group(public_id))
        self.on_screen[public_id] = pk
        try:
            page = await self.act(self._page, public_id, after)
        except RuleBroken:  # a colleague took it between the two
            await self.on_unwatch(frames.Unwatch(public_id))
            raise
        await self._push_page(public_id, page)

    async def _show_or_say(self, public_id: UUID, after: int) -> None:
        try:
            await self._show(public_id, after)
        except RuleBroken as error:
            await self.push(self.error_frame(error, frames.Unwatch(public_id)))

    async def _push_page(self, public_id: UUID, found: tuple[int, dict[str, Any]]) -> None:
        pk, page = found
        self.heads[pk] = page["head"]
        await self.push({"type": "messages", "conversation": str(public_id), **page})

    async def _push_card(self, card: dict[str, Any]) -> None:
        if card["state"] in OPEN_STATES:
            self.cards[card["conversation"]] = _without_seq(card)
        else:
            self.cards.pop(card["conversation"], None)
        await self.push({"type": "card", "card": card})

    def _remember_cards(self, cards: list[dict[str, Any]]) -> None:
        self.cards = {card["conversation"]: _without_seq(card) for card in cards}


def _without_seq(card: dict[str, Any]) -> dict[str, Any]:
    """A text alone does not change a line in the lists."""
    return {name: value for name, value in card.items() if name != "seq"}
