"""A city with a chat, for tests: hours, rules, agents who are there, citizens who ask."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import count

from accounts.models import User
from chat.actions import availability, closing, conversing, queueing, writing
from chat.models import ChatRules, Conversation, Message, Presence
from chat.models.presence import MAX_CAP
from chat.plain import _new_token
from city.models import OpeningSchedule, Topic
from city.remembered import forget
from common.models import Event

NOW = datetime(2026, 6, 30, 10, tzinfo=UTC)  # a Tuesday, noon in Hasselt
DAYTIME = ((time(8), time(20)),)
ROUND_THE_CLOCK = ((time(0), time(0)),)
_addresses: Iterator[int] = count(1)


def new_token() -> str:
    return _new_token()


def after(seconds: float) -> datetime:
    """A moment counted from NOW."""
    return NOW + timedelta(seconds=seconds)


def schedule_with(
    windows: tuple[tuple[time, time], ...], days: range = range(7)
) -> OpeningSchedule:
    """The opening hours of the contact centre, replaced by the same windows on each of `days`."""
    OpeningSchedule.objects.get_or_create(slug="contactcentrum", defaults={"name": "Contact"})
    schedule = OpeningSchedule.objects.get(slug="contactcentrum")
    schedule.periods.all().delete()
    period = schedule.periods.create(name="altijd", valid_from="2020-01-01")
    for weekday in days:
        for opens_at, closes_at in windows:
            period.windows.create(weekday=weekday, opens_at=opens_at, closes_at=closes_at)
    return schedule


def rules(**fields: object) -> ChatRules:
    """The rules of the chat, with some of them changed.

    Agents take chats by hand and as many as they want, unless a test says otherwise.
    """
    row = ChatRules.objects.first() or ChatRules(assigns_automatically=False, default_cap=MAX_CAP)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    forget()
    return ChatRules.objects.select_related("schedule").get(pk=row.pk)


def open_for_business(
    agent: User, now: datetime = NOW, windows: tuple[tuple[time, time], ...] = DAYTIME
) -> ChatRules:
    """The chat is open: within hours, and this agent is available."""
    found = rules(schedule=schedule_with(windows))
    is_there(agent, now)
    return found


def is_there(
    agent: User, now: datetime = NOW, state: Presence.State = Presence.State.AVAILABLE
) -> None:
    availability.set_presence(agent=agent, state=state, now=now)


def an_opening(**fields: object) -> conversing.Opening:
    """What a citizen brings; each comes from an address of its own."""
    given: dict[str, object] = {
        "token": new_token(),
        "client_ref": uuid.uuid4(),
        "text": "Kan ik zaterdag mijn reispas ophalen?",
        "language": "nl",
        "page": "/producten/reispas/",
        "name": "",
        "address": f"test-{next(_addresses)}",
    }
    return conversing.Opening(**{**given, **fields})  # type: ignore[arg-type]


def a_chat(now: datetime = NOW, **fields: object) -> Conversation:
    """A conversation that waits."""
    return conversing.open_conversation(opening=an_opening(**fields), now=now)


def a_chat_with(agent: User, now: datetime = NOW, **fields: object) -> Conversation:
    """A conversation that this agent has taken."""
    conversation = a_chat(now, **fields)
    queueing.claim(conversation=conversation, agent=agent, now=now)
    return fresh(conversation)


def fresh(conversation: Conversation) -> Conversation:
    return Conversation.objects.select_related("agent", "topic").get(pk=conversation.pk)


def a_topic(slug: str = "reispas", **fields: object) -> Topic:
    return Topic.objects.get_or_create(slug=slug, defaults={"name": slug, **fields})[0]


def citizen_says(
    conversation: Conversation,
    text: str = "En zondag?",
    now: datetime = NOW,
    ref: uuid.UUID | None = None,
) -> writing.Stored:
    return writing.post(
        writing.citizen_text(
            conversation=conversation, text=text, client_ref=ref or uuid.uuid4(), now=now
        )
    )


def agent_says(
    conversation: Conversation,
    agent: User,
    text: str = "Dat kan.",
    now: datetime = NOW,
    ref: uuid.UUID | None = None,
) -> writing.Stored:
    return writing.post(
        writing.agent_text(
            conversation_id=conversation.pk,
            public_id=conversation.public_id,
            agent=agent,
            text=text,
            client_ref=ref or uuid.uuid4(),
            now=now,
        )
    )


def ended_by_silence(agent: User, now: datetime = NOW) -> Conversation:
    """A conversation that silence closed at `now`."""
    conversation = a_chat_with(agent, now - timedelta(minutes=20))
    agent_says(conversation, agent, now=now - timedelta(minutes=19))
    is_there(agent, now)
    closing.ask_silent_citizens(now=now - timedelta(minutes=3), rules=ChatRules.current())
    closing.close_silent(now=now, rules=ChatRules.current())
    return fresh(conversation)


def seqs(conversation: Conversation) -> list[int]:
    return list(conversation.messages.order_by("seq").values_list("seq", flat=True))


def kinds(conversation: Conversation) -> list[str]:
    return list(conversation.messages.order_by("seq").values_list("kind", flat=True))


def texts(conversation: Conversation) -> list[str]:
    rows: list[str] = list(
        Message.objects.filter(conversation=conversation, kind="text")
        .order_by("seq")
        .values_list("text", flat=True)
    )
    return rows


def events_of(conversation: Conversation) -> list[str]:
    return list(
        Event.objects.filter(subject=conversation.public_id)
        .order_by("pk")
        .values_list("kind", flat=True)
    )
