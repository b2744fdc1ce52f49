"""The agent's socket, `/ws/console/`."""

import time
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from django.utils import timezone

from accounts.models import Role, User
from chat import access, events, frames
from chat.actions import availability, closing, conversing, passing, queueing, writing
from chat.actions.cards import send_card
from chat.actions.notes import write_note
from chat.colleagues import colleague_payload, colleagues, presence_payload, standing_of
from chat.consumers.agent_rush import RushVerbs
from chat.consumers.agent_screen import FORBIDDEN
from chat.models import ChatRules, Conversation, Presence
from chat.origins import own_origin
from chat.sentences import error_frame
from chat.states import Author, Reason
from chat.suggestions import Suggestions, suggestions_for
from chat.watch import lookout
from city.models import Topic
from common import realtime
from common.errors import RuleBroken

TYPING_EVERY_S = 2.0


class AgentSocket(RushVerbs):
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
        frames.Transfer: "on_transfer",
        frames.HandOver: "on_hand_over",
        frames.SetPresence: "on_presence",
        frames.Ready: "on_ready",
        frames.PhoneFirst: "on_phone_first",
        frames.StopChat: "on_stop_chat",
        frames.ResumeChat: "on_resume_chat",
        frames.SendCard: "on_card",
        frames.WriteNote: "on_note",
        frames.Suggest: "on_suggest",
        frames.Ping: "on_ping",
    }
    conversation_id = None
    site = ""
    waits = False

    async def connect(self) -> None:
        self.clear()
        self.typed_at: dict[UUID, float] = {}
        self.heard_at = self.stamped_at = 0.0
        self.language = "nl"
        self.greeted = False
        self.agent_id = None
        self.session_key = self.scope["session"].session_key
        try:
            self.agent = await self.act(access.admitted_agent, self.scope["user"].pk)
        except RuleBroken:
            await self.close(FORBIDDEN)
            return
        self.agent_id, self.roles = self.agent.pk, self.agent.role_set()
        await self.accept()

    async def disconnect(self, code: int) -> None:
        groups = [events.conversation_group(public_id) for public_id in self.on_screen]
        groups += [events.notes_group(public_id) for public_id in self.on_screen]
        if self.agent_id:
            groups += [events.AGENTS, events.agent_group(self.agent_id)]
        for group in groups:
            await self.leave(group)

    def disappear(self) -> None:
        lookout().remove(self)
        super().disappear()

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
        self.language = frame.lang
        if frame.v != frames.VERSION:
            raise RuleBroken("wrong_version")
        for group in (events.AGENTS, events.agent_group(self.agent.pk)):
            await self.join(group)
        arrived, self.presence = await self.act(self._arrive)
        self.greeted = True
        self._remember_cards(arrived["cards"])
        self.seen_colleagues = arrived["colleagues"]
        lookout().add(self)
        now = events.moment(timezone.now())
        await self.push({"type": "welcome", "v": frames.VERSION, **arrived, "now": now})
        await self.say_rush(*await self.act(self.read_rush))
        for watched in frame.watch:
            await self._show_or_say(watched.conversation, watched.after)

    async def on_watch(self, frame: frames.Watch) -> None:
        await self._show(frame.conversation, frame.after)

    async def on_unwatch(self, frame: frames.Unwatch) -> None:
        await self._let_go(frame.conversation)

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
        await realtime.ring(bells)
        ack = writing.acknowledgement(stored, sent=frame.text, client_ref=frame.ref)
        await self.push({**ack, "conversation": str(frame.conversation)})

    async def on_after(self, frame: frames.AgentAfter) -> None:
        page = await self.act(self._page, frame.conversation, frame.after)
        await self._push_page(frame.conversation, page)

    async def on_typing(self, frame: frames.AgentTyping) -> None:
        now = time.monotonic()
        if now - self.typed_at.get(frame.conversation, 0) < TYPING_EVERY_S:
            return
        self.typed_at[frame.conversation] = now
        await self.act(self._require_own, frame.conversation)
        group = events.conversation_group(frame.conversation)
        await realtime.ring([(group, events.typing(frame.conversation, Author.AGENT))])

    async def on_read(self, frame: frames.AgentRead) -> None:
        await self.act(self._read, frame)

    async def on_return(self, frame: frames.Return) -> None:
        await self._push_card(await self.act(self._return, frame.conversation))

    async def on_close(self, frame: frames.Close) -> None:
        await self._push_card(await self.act(self._close, frame))

    async def on_transfer(self, frame: frames.Transfer) -> None:
        await self._push_card(await self.act(self._transfer, frame))

    async def on_hand_over(self, frame: frames.HandOver) -> None:
        done, cards = await self.act(self._hand_over)
        for card in cards:
            await self._push_card(card)
        await self.push({"type": "handed_over", "passed": done.passed, "queued": done.queued})

    async def on_presence(self, frame: frames.SetPresence) -> None:
        await self._push_presence(await self.act(self._set_presence, Presence.State(frame.state)))

    async def on_ready(self, frame: frames.Ready) -> None:
        await self._push_presence(await self.act(self._end_wrap_up))

    async def on_card(self, frame: frames.SendCard) -> None:
        stored = await self.act(self._send_card, frame)
        ack = writing.acknowledgement(stored, sent="", client_ref=frame.ref)
        await self.push({**ack, "conversation": str(frame.conversation)})

    async def on_note(self, frame: frames.WriteNote) -> None:
        note = await self.act(self._write_note, frame)
        await self.push({"type": "noted", "conversation": str(frame.conversation), "note": note})

    async def on_suggest(self, frame: frames.Suggest) -> None:
        found = await self.act(self._suggest, frame.conversation)
        await self.push(
            {
                "type": "suggestions",
                "conversation": str(frame.conversation),
                "seq": found.seq,
                "answers": found.answers,
                "products": found.products,
                "best": found.best,
            }
        )

    async def on_ping(self, frame: frames.Ping) -> None:
        await self.push({"type": "pong"})

    # --- what the frames do, in the database thread; each reads role and conversation anew -----

    def _arrive(self) -> tuple[dict[str, Any], dict[str, Any]]:
        agent = access.require_agent(self.agent.pk)
        now = timezone.now()
        availability.arrive(agent=agent, now=now)
        own = self._own_presence(agent)
        me = {
            "id": str(agent.public_id),
            "name": agent.first_name,
            "supervisor": agent.has_role(Role.SUPERVISOR),
            "presence": own["state"],
            **{name: own[name] for name in ("cap", "open", "wrap_up_until")},
        }
        there = colleagues(now=now, rules=ChatRules.current())
        welcome = {
            "me": me,
            "colleagues": [colleague_payload(one) for one in there if one.user.pk != agent.pk],
            "cards": [events.card_payload(row) for row in access.open_cards()],
        }
        return welcome, own

    def _owned(self, public_id: UUID) -> Conversation:
        return access.owned_by(access.require_agent(self.agent.pk), public_id)

    def _require_own(self, public_id: UUID) -> None:
        """One question in the common case; three to find out what is wrong."""
        if not access.in_hands_of(self.agent.pk).filter(public_id=public_id).exists():
            self._owned(public_id)

    def _claim(self, public_id: UUID) -> dict[str, Any]:
        agent = access.require_agent(self.agent.pk)
        conversation = access.claimable(public_id)
        queueing.claim(conversation=conversation, agent=agent, now=timezone.now())
        return self._card(public_id)

    def _read(self, frame: frames.AgentRead) -> None:
        moved = conversing.mark_read_by_agent(
            public_id=frame.conversation, agent=self.agent, seq=frame.seq
        )
        if not moved:
            self._owned(frame.conversation)  # read before, or not the agent's to read

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
        closing.close_by_agent(
            conversation=conversation,
            topic=topic,
            now=timezone.now(),
            because_of_abuse=frame.reason == Reason.ABUSE,
        )
        return self._card(frame.conversation)

    def _transfer(self, frame: frames.Transfer) -> dict[str, Any]:
        conversation = self._owned(frame.conversation)
        passing.transfer(
            conversation=conversation,
            by=self.agent,
            to=frame.to,
            note=frame.note,
            now=timezone.now(),
        )
        return self._card(frame.conversation)

    def _hand_over(self) -> tuple[passing.HandedOver, list[dict[str, Any]]]:
        agent = access.require_agent(self.agent.pk)
        done = passing.hand_over(by=agent, now=timezone.now())
        return done, [self._card(public_id) for public_id in done.conversations]

    def _send_card(self, frame: frames.SendCard) -> writing.Stored:
        agent = access.require_agent(self.agent.pk)
        return send_card(
            conversation_id=access.key_of(frame.conversation),
            agent=agent,
            slug=frame.product,
            origin=own_origin(self.scope),
            client_ref=frame.ref,
            now=timezone.now(),
        )

    def _write_note(self, frame: frames.WriteNote) -> dict[str, Any]:
        agent = access.require_agent(self.agent.pk)
        note = write_note(
            conversation=access.readable_by(agent, frame.conversation),
            agent=agent,
            text=frame.text,
            client_ref=frame.ref,
            now=timezone.now(),
        )
        return events.note_payload(note, reader_id=agent.pk)

    def _suggest(self, public_id: UUID) -> Suggestions:
        conversation = access.readable_by(access.require_agent(self.agent.pk), public_id)
        return suggestions_for(conversation, on=timezone.localdate())

    def _set_presence(self, state: Presence.State) -> dict[str, Any]:
        agent = access.require_agent(self.agent.pk)
        availability.set_presence(agent=agent, state=state, now=timezone.now())
        return self._own_presence(agent)

    def _end_wrap_up(self) -> dict[str, Any]:
        agent = access.require_agent(self.agent.pk)
        availability.end_wrap_up(agent=agent, now=timezone.now())
        return self._own_presence(agent)

    def _own_presence(self, agent: User) -> dict[str, Any]:
        own = standing_of(agent, now=timezone.now(), rules=ChatRules.current())
        return presence_payload(own)

    def _card(self, public_id: UUID) -> dict[str, Any]:
        rows = Conversation.objects.select_related("agent", "topic")
        return events.card_payload(rows.get(public_id=public_id))
