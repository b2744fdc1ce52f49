"""Who is there to answer: each agent with state, chats and room for more."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from accounts.access import CHAT_ROLES
from accounts.models import RoleGrant, User
from chat import events
from chat.caps import cap_of, is_phone_first
from chat.models import ChatRules, Presence

HEARD_WITHIN_S = 45  # an agent unheard for longer counts as gone
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Colleague:
    """An agent who was heard, at one moment; `open` counts the chats in this agent's hands."""

    user: User
    state: Presence.State
    open: int
    cap: int
    idle_since: datetime
    wrap_up_until: datetime | None

    @property
    def is_free(self) -> bool:
        """A chat may be passed on by hand: there, and below the cap."""
        return self.state != Presence.State.AWAY and self.open < self.cap

    def room(self, now: datetime) -> int:
        """How many chats may come by themselves: none while not available or rounding off."""
        wraps_up = self.wrap_up_until is not None and self.wrap_up_until > now
        if self.state != Presence.State.AVAILABLE or wraps_up:
            return 0
        return max(0, self.cap - self.open)


def heard_agents(now: datetime) -> QuerySet[Presence]:
    """Agents with a console that was heard lately."""
    return who_may_answer().filter(heard_at__gt=heard_since(now))


def who_may_answer() -> QuerySet[Presence]:
    """Agents who ever had a console, heard or not; who lost the role since does not count."""
    with_role = RoleGrant.objects.filter(role__in=CHAT_ROLES).values("user")
    return Presence.objects.filter(agent__is_active=True, agent__in=with_role)


def heard_since(now: datetime) -> datetime:
    """Who was heard after this moment is there."""
    return now - timedelta(seconds=HEARD_WITHIN_S)


def colleagues(*, now: datetime, rules: ChatRules) -> list[Colleague]:
    """Everybody who was heard, by name. Two queries, however many agents and chats there are."""
    phone_first = is_phone_first(now)
    # A conversation has an agent exactly while it is active, so nothing that ended is counted.
    rows = heard_agents(now).select_related("agent").annotate(open=Count("agent__conversations"))
    by_name = rows.order_by("agent__first_name", "agent__last_name", "pk")
    return [_colleague(row, row.open, rules, phone_first=phone_first) for row in by_name]


def standing_of(agent: User, *, now: datetime, rules: ChatRules) -> Colleague:
    """The same of one agent, heard or not; as away when this one never had a console."""
    presence = Presence.objects.filter(agent=agent).select_related("agent").first()
    presence = presence or Presence(agent=agent, heard_at=now)
    count = agent.conversations.count()
    return _colleague(presence, count, rules, phone_first=is_phone_first(now))


def _colleague(row: Presence, count: int, rules: ChatRules, *, phone_first: bool) -> Colleague:
    return Colleague(
        user=row.agent,
        state=Presence.State(row.state),
        open=count,
        cap=cap_of(row, rules, phone_first=phone_first),
        idle_since=row.idle_since or LONG_AGO,
        wrap_up_until=row.wrap_up_until,
    )


def presence_payload(colleague: Colleague) -> dict[str, Any]:
    """What an agent's own consoles know of this agent."""
    return {
        "state": colleague.state.value,
        "cap": colleague.cap,
        "open": colleague.open,
        "wrap_up_until": events.moment(colleague.wrap_up_until),
    }


def colleague_payload(colleague: Colleague) -> dict[str, Any]:
    """What the others know of an agent."""
    return {
        "id": str(colleague.user.public_id),
        "name": colleague.user.first_name,
        "state": colleague.state.value,
        "open": colleague.open,
        "cap": colleague.cap,
        "is_free": colleague.is_free,
    }


def find(public_id: UUID, *, now: datetime, rules: ChatRules) -> Colleague | None:
    """One of `colleagues`, by public id."""
    found = [one for one in colleagues(now=now, rules=rules) if one.user.public_id == public_id]
    return found[0] if found else None
