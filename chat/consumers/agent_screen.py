"""What an agent's console shows: what is announced, and what the lookout found it had missed."""

from typing import Any
from uuid import UUID

from accounts.models import Role, User
from chat import access, events, frames
from chat.actions.notes import notes_of
from chat.history import page_after
from chat.look import Look, Presences, without_seq
from chat.states import OPEN_STATES, Author
from common.errors import RuleBroken
from common.sockets import FrameSocket

FORBIDDEN = 4403
LOGGED_OUT = 4401


class AgentScreen(FrameSocket):
    """The listening half of the agent's socket: the lists, and the conversations on screen."""

    agent: User
    agent_id: int | None
    session_key: str | None
    roles: frozenset[str]

    def clear(self) -> None:
        """Nothing is on screen yet."""
        self.on_screen: dict[UUID, int] = {}  # public id to primary key
        self.heads: dict[int, dict[str, Any]] = {}
        self.cards: dict[str, dict[str, Any]] = {}
        self.presence: dict[str, Any] = {}
        self.seen_colleagues: list[dict[str, Any]] = []
        self.seen_cards: tuple[int, frozenset[str]] = (0, frozenset())  # of which look, as whom
        self.turned_away = False
        self.rush: dict[str, Any] | None = None
        self.rush_mark = 0

    # --- announcements -----------------------------------------------------------------------

    async def chat_message(self, event: dict[str, Any]) -> None:
        public_id = UUID(event["conversation"])
        pk = self.on_screen.get(public_id)
        if pk is None:  # was on its way when this screen let go of it
            return
        if event["owner"] and not self._may_read(event["owner"]):
            await self._let_go(public_id)
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

    async def chat_noted(self, event: dict[str, Any]) -> None:
        public_id = UUID(event["conversation"])
        if public_id not in self.on_screen:
            return
        if event["owner"] and not self._may_read(event["owner"]):
            await self._let_go(public_id)
            return
        note = {**event["note"], "own": event["author"] == self.agent_id}
        await self.push({"type": "noted", "conversation": event["conversation"], "note": note})

    async def chat_typing(self, event: dict[str, Any]) -> None:
        conversation = event["conversation"]
        if event["author"] == Author.CITIZEN and UUID(conversation) in self.on_screen:
            await self.push(
                {"type": "typing", "conversation": conversation, "author": Author.CITIZEN}
            )

    async def chat_card(self, event: dict[str, Any]) -> None:
        await self._push_card(event["card"])

    async def chat_presence(self, event: dict[str, Any]) -> None:
        if event["presence"] != self.presence:
            await self._push_presence(event["presence"])

    async def chat_rush(self, event: dict[str, Any]) -> None:
        if event["mark"] >= self.rush_mark:
            await self.say_rush(event["mark"], event["rush"])

    async def say_rush(self, mark: int, payload: dict[str, Any]) -> None:
        """Whether the telephone comes first and the chat is closed for now, when it is new."""
        frame = {"type": "rush", **payload, "may_switch": Role.SUPERVISOR in self.roles}
        self.rush_mark = mark
        if frame != self.rush:
            self.rush = frame
            await self.push(frame)

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
        await self._see_heads(look.heads)
        await self.chat_rush({"mark": look.mark, "rush": look.rush})
        if self.seen_cards != (look.cards_mark, self.roles):
            self.seen_cards = (look.cards_mark, self.roles)
            await self._see_cards(look.cards)
        await self._see_people(look.presences)

    async def _see_heads(self, heads: dict[int, dict[str, Any]]) -> None:
        for pk in list(self.on_screen.values()):
            head, known = heads.get(pk), self.heads.get(pk, {})
            if head and head != known and head["seq"] >= known.get("seq", 0):
                await self.chat_head({"head": head})

    async def _see_cards(self, cards: list[dict[str, Any]]) -> None:
        for card in cards:
            if card["agent"] and not self._may_read_card(card):
                await self._let_go(UUID(card["conversation"]))
        if {card["conversation"]: without_seq(card) for card in cards} != self.cards:
            self._remember_cards(cards)
            await self.push({"type": "cards", "cards": cards})

    async def _see_people(self, presences: dict[int, Presences]) -> None:
        """What was not heard of the agent's own state, and how the others stand."""
        own = presences.get(self.agent.pk)
        if own and own.own != self.presence:
            await self._push_presence(own.own)
        others = [seen.told for pk, seen in presences.items() if pk != self.agent.pk]
        if others != self.seen_colleagues:
            self.seen_colleagues = others
            await self.push({"type": "colleagues", "colleagues": others})

    async def _push_presence(self, presence: dict[str, Any]) -> None:
        self.presence = presence
        await self.push({"type": "presence", **presence})

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
        await self.join(events.notes_group(public_id))
        self.on_screen[public_id] = pk
        try:
            page = await self.act(self._page, public_id, after)
            notes = await self.act(self._notes, public_id)
        except RuleBroken:  # a colleague took it between the two
            await self._let_go(public_id)
            raise
        await self._push_page(public_id, page)
        if notes:
            await self.push({"type": "notes", "conversation": str(public_id), "notes": notes})

    async def _let_go(self, public_id: UUID) -> None:
        pk = self.on_screen.pop(public_id, None)
        if pk:
            self.heads.pop(pk, None)
            await self.leave(events.conversation_group(public_id))
            await self.leave(events.notes_group(public_id))

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
            self.cards[card["conversation"]] = without_seq(card)
        else:
            self.cards.pop(card["conversation"], None)
        await self.push({"type": "card", "card": card})

    def _remember_cards(self, cards: list[dict[str, Any]]) -> None:
        self.cards = {card["conversation"]: without_seq(card) for card in cards}

    def _page(self, public_id: UUID, after: int) -> tuple[int, dict[str, Any]]:
        agent = access.require_agent(self.agent.pk)
        conversation = access.readable_by(agent, public_id)
        return conversation.pk, page_after(conversation, after)

    def _notes(self, public_id: UUID) -> list[dict[str, Any]]:
        agent = access.require_agent(self.agent.pk)
        found = notes_of(access.readable_by(agent, public_id))
        return [events.note_payload(note, reader_id=agent.pk) for note in found]
