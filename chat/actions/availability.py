"""Whether the chat takes new conversations, and who is there to answer."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from chat import rush
from chat.actions.assigning import soon, tell_presence
from chat.colleagues import heard_agents
from chat.models import ChatRules, ChatStop, Conversation, Presence
from chat.states import Reason, State
from city import today
from common import eventlog
from common.errors import RuleBroken

COMES_BACK_WITHIN_S = 300


@dataclass(frozen=True)
class Availability:
    """What a citizen is told. `state` is open, busy or closed; `next_opening` None when unknown.

    With `stop` a supervisor closed the chat for now; its text says why.
    """

    state: str
    closes_at: datetime | None
    next_opening: datetime | None
    within_hours: bool
    stop: ChatStop | None = None


def present_agents(now: datetime) -> QuerySet[Presence]:
    """Agents who take chats now."""
    return heard_agents(now).filter(state=Presence.State.AVAILABLE)


def availability(*, now: datetime, rules: ChatRules) -> Availability:
    """Open within the hours, until the last-chat margin, while an agent is available.

    Busy is open with more citizens waiting than agents present.
    """
    hours = today.openings(rules.schedule.slug, now) if rules.schedule else None
    if hours is None:
        return Availability("closed", None, None, within_hours=False)
    margin = timedelta(minutes=rules.last_chat_margin_minutes)
    # Without a closing time in sight (round the clock) there is no last chat either.
    within = hours.is_open and (hours.closes_at is None or now < hours.closes_at - margin)
    stop = rush.standing(now).stop if within else None
    if stop:
        return Availability("closed", hours.closes_at, hours.next_opening, within, stop)
    agents = present_agents(now).count() if within else 0
    if not agents:
        return Availability("closed", hours.closes_at, hours.next_opening, within_hours=within)
    waiting = Conversation.objects.filter(state=State.WAITING).count()
    state = "busy" if waiting > agents else "open"
    return Availability(state, hours.closes_at, hours.next_opening, within_hours=True)


def require_open(*, now: datetime, rules: ChatRules) -> None:
    """Raises RuleBroken("chat_closed"), with the words of the supervisor who closed it for now."""
    found = availability(now=now, rules=rules)
    if found.state != "closed":
        return
    if found.stop:
        raise RuleBroken("chat_closed", text=found.stop.text, text_en=found.stop.text_en)
    raise RuleBroken("chat_closed")


@transaction.atomic
def set_presence(
    *, agent: User, state: Presence.State, now: datetime, reason: Reason | str = ""
) -> None:
    """What the agent does from now on. Running chats stay; rounding off ends with the change.

    `reason` says why the portal did it, for the event log; empty when the agent did.
    """
    presence, made = Presence.objects.get_or_create(
        agent=agent, defaults={"state": state, "heard_at": now}
    )
    changed = made or presence.state != state
    wrap_up_until = None if changed else presence.wrap_up_until
    Presence.objects.filter(pk=presence.pk).update(
        state=state, wrap_up_until=wrap_up_until, **({} if reason else {"heard_at": now})
    )
    if changed:
        details = {"reason": str(reason)} if reason else {}
        subject = agent.public_id
        eventlog.record(
            "chat.presence", subject=subject, at=now, actor=agent.pk, state=state, **details
        )
        tell_presence(agent.pk, now=now, rules=ChatRules.current())
        soon(now=now)


def put_away(*, agent: User, reason: Reason, now: datetime) -> None:
    """The portal makes an agent away who let a chat lie, or it would come back for ever.

    Says nothing of when the agent was last heard.
    """
    if Presence.objects.filter(agent=agent).exists():
        set_presence(agent=agent, state=Presence.State.AWAY, now=now, reason=reason)


@transaction.atomic
def end_wrap_up(*, agent: User, now: datetime) -> None:
    """The agent has rounded off and takes the next chat. Again changes nothing."""
    if Presence.objects.filter(agent=agent, wrap_up_until__gt=now).update(wrap_up_until=None):
        tell_presence(agent.pk, now=now, rules=ChatRules.current())
        soon(now=now)


def begin_wrap_up(*, agent_id: int, now: datetime, rules: ChatRules) -> None:
    """A chat of this agent has ended: some time to round it off, then the next may come."""
    until = now + timedelta(seconds=rules.wrap_up_seconds) if rules.wrap_up_seconds else None
    Presence.objects.filter(agent=agent_id).update(idle_since=now, wrap_up_until=until)
    tell_presence(agent_id, now=now, rules=rules)
    soon(now=now)


@transaction.atomic
def set_cap(*, presence: Presence, cap: int | None, now: datetime) -> None:
    """How many chats this agent may have at once; None means as everybody. Running chats stay."""
    Presence.objects.filter(pk=presence.pk).update(cap=cap)
    tell_presence(presence.agent_id, now=now, rules=ChatRules.current())
    soon(now=now)


def arrive(*, agent: User, now: datetime) -> str:
    """A console connects: the agent is heard. Returns the presence.

    Who comes back soon (a reload, a bad network) is as available as before. Who was gone for
    longer starts away: opening a page in the morning must not open the chat.
    """
    presence, _ = Presence.objects.get_or_create(agent=agent, defaults={"heard_at": now})
    if presence.heard_at < now - timedelta(seconds=COMES_BACK_WITHIN_S):
        set_presence(agent=agent, state=Presence.State.AWAY, now=now)
        return Presence.State.AWAY
    Presence.objects.filter(pk=presence.pk).update(heard_at=now)
    soon(now=now)
    return presence.state


@transaction.atomic
def hear(*, agent_ids: Set[int], citizen_conversation_ids: Set[int], now: datetime) -> None:
    """Stamps agents and citizens who gave a sign of life. Called by each web process in batches.

    A row that somebody writes at this moment is left for the next time: waiting for many rows in
    no order could lock two processes out of each other, and a text is a sign of life as well.
    """
    if agent_ids:
        present = Presence.objects.select_for_update(skip_locked=True).filter(agent__in=agent_ids)
        Presence.objects.filter(pk__in=present.values("pk")).update(heard_at=now)
    if citizen_conversation_ids:
        shown = Conversation.objects.select_for_update(skip_locked=True)
        shown = shown.filter(pk__in=citizen_conversation_ids)
        Conversation.objects.filter(pk__in=shown.values("pk")).update(citizen_seen_at=now)
