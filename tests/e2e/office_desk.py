"""What the back office can do. Runs in a process of its own: `python -m tests.e2e.office_desk`."""

import json
import os
import sys
import traceback
import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "hasselt_portal.settings"
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.signals import user_logged_out  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from chat import tasks  # noqa: E402
from chat.actions import closing  # noqa: E402
from chat.models import (  # noqa: E402
    AllowedSite,
    ChatRules,
    ChatStop,
    Conversation,
    InternalNote,
    PhoneFirst,
    Presence,
    ReadyAnswer,
)
from chat.models.presence import MAX_CAP  # noqa: E402
from chat.states import OPEN_STATES, State  # noqa: E402
from city.models import (  # noqa: E402
    Announcement,
    ClosingDay,
    DatedException,
    Department,
    OpeningSchedule,
    WeeklyPeriod,
)
from city.remembered import forget  # noqa: E402
from questions.access import public_course  # noqa: E402
from questions.actions import answering, routing  # noqa: E402
from questions.models import Escalation  # noqa: E402
from questions.states import State as QuestionState  # noqa: E402
from questions.testing.rows import routed  # noqa: E402

SCHEDULE = "contactcentrum"
SPECIALIST = "specialist@hasselt.example"
MANY = 10_000


def always_open() -> None:
    """Open day and night for a month, whatever day it is now, and no limit that tests meet."""
    _week([[(time(0), time(0))]] * 7)
    ChatRules.objects.update(
        schedule=OpeningSchedule.objects.get(slug=SCHEDULE),
        last_chat_margin_minutes=0,
        new_chats_per_hour=MANY,
        silence_minutes=60,
        first_answer_seconds=MANY,
        agent_gone_seconds=MANY,
        abandon_minutes=MANY,
        # Agents take chats by hand, unless a test is about the other way.
        assigns_automatically=False,
        default_cap=MAX_CAP,
        wrap_up_seconds=0,
    )


def hours(*, case: str, slugs: list[str]) -> str:
    """Makes now an evening, a weekend, a holiday or a bridge day. Returns when it opens again.

    The moment of the test is not chosen; the hours around it are.
    """
    today = timezone.localdate()
    opens = {"evening": 1, "weekend": 2, "holiday": 1, "bridge": 3}[case]
    every_day = [(time(9), time(12)), (time(13), time(16))]
    for slug in slugs:
        week = [every_day] * 7
        if case in {"evening", "weekend"}:
            for days in range(opens):
                week[(today.weekday() + days) % 7] = []
        _week(week, slug=slug)
    if case in {"holiday", "bridge"}:
        for days in range(opens):
            on = today + timedelta(days=days)
            ClosingDay.objects.filter(on=on).delete()
            ClosingDay.objects.create(on=on, name="Proefdag", kind=case)
    return (today + timedelta(days=opens)).isoformat()


def _week(week: list[list[tuple[time, time]]], *, slug: str = SCHEDULE) -> None:
    """A weekly pattern that wins from today, for a month, and nothing dated over it."""
    today, last = timezone.localdate(), timezone.localdate() + timedelta(days=31)
    schedule = OpeningSchedule.objects.get(slug=slug)
    WeeklyPeriod.objects.filter(schedule=schedule, valid_from=today).delete()
    DatedException.objects.filter(schedule=schedule, on__range=(today, last)).delete()
    ClosingDay.objects.filter(name="Proefdag").delete()
    for closing_day in ClosingDay.objects.filter(on__range=(today, last)):
        closing_day.open_schedules.add(schedule)
    period = WeeklyPeriod.objects.create(
        schedule=schedule, name="Proef", valid_from=today, valid_until=last
    )
    for weekday, windows in enumerate(week):
        for opens_at, closes_at in windows:
            period.windows.create(weekday=weekday, opens_at=opens_at, closes_at=closes_at)


def rules(**changes: Any) -> None:
    ChatRules.objects.update(**changes)
    forget()


def presence(*, email: str, state: str, hours: float = 0) -> None:
    """An agent who is there without a console; `hours` is how long that holds."""
    heard_at = timezone.now() + timedelta(hours=hours)
    agent = User.objects.get(email=email)
    Presence.objects.update_or_create(agent=agent, defaults={"state": state, "heard_at": heard_at})


def log_out(*, email: str) -> None:
    """What the console hears when its agent logs out elsewhere; the session itself stays."""
    user_logged_out.send(sender=User, request=None, user=User.objects.get(email=email))


def clear() -> None:
    """Between tests: nobody available, no open conversation, no counters, no other site."""
    Presence.objects.all().delete()
    for conversation in Conversation.objects.filter(state__in=OPEN_STATES):
        closing.end_by_citizen(conversation=conversation, now=timezone.now())
    for rows in (PhoneFirst, ChatStop, Announcement):
        rows.objects.all().delete()
    AllowedSite.objects.all().delete()
    cache.clear()


def handled(*, email: str, minutes: list[float]) -> None:
    """Chats that this agent ended just now, each after so many minutes."""
    now, agent = timezone.now(), User.objects.get(email=email)
    Conversation.objects.bulk_create(
        Conversation(
            token_hash=uuid.uuid4().hex,
            state=State.CLOSED,
            handled_by=agent,
            opened_at=now - timedelta(minutes=lasted),
            queued_at=now - timedelta(minutes=lasted),
            joined_at=now - timedelta(minutes=lasted),
            first_answered_at=now - timedelta(minutes=lasted),
            closed_at=now,
            last_text_at=now,
            citizen_alive_at=now,
            citizen_seen_at=now,
        )
        for lasted in minutes
    )


def remove(*, conversation: str) -> None:
    """As the end of the retention period will."""
    Conversation.objects.get(public_id=conversation).delete()


def announce(*, text: str, kind: str = "phone_first", text_en: str = "") -> None:
    Announcement.objects.create(text=text, text_en=text_en, kind=kind)


def end_phone_first() -> None:
    """As if its time were over now; the clock of the portal does the rest."""
    now = timezone.now()
    PhoneFirst.objects.filter(end_reason="").update(until=now)
    Announcement.objects.update(ends_at=now)


def allow_site(*, origin: str, is_active: bool = True) -> None:
    AllowedSite.objects.update_or_create(origin=origin, defaults={"is_active": is_active})


def ready_answer(*, shortcut: str, text: str) -> None:
    """As it may have slipped in: the admin's check is passed by."""
    values = {"title": shortcut, "text": text}
    ReadyAnswer.objects.update_or_create(shortcut=shortcut, defaults=values)


def remove_answer(*, shortcut: str) -> None:
    ReadyAnswer.objects.filter(shortcut=shortcut).delete()


def newest() -> str:
    """The conversation that was opened last."""
    return str(Conversation.objects.latest("pk").public_id)


def count(*, first_words: str = "") -> int:
    """How many conversations there are, or began with these words."""
    return Conversation.objects.filter(first_words__startswith=first_words).count()


def messages(*, conversation: str) -> list[dict[str, Any]]:
    """Every message of a conversation in order, as stored."""
    rows = Conversation.objects.get(public_id=conversation).messages.order_by("seq")
    return [
        {"seq": row.seq, "kind": row.kind, "author": row.author, "text": row.text} for row in rows
    ]


def state(*, conversation: str) -> dict[str, Any]:
    row = Conversation.objects.select_related("topic").get(public_id=conversation)
    return {
        "state": row.state,
        "reason": row.close_reason,
        "topic": row.topic.slug if row.topic else "",
        "last_seq": row.last_seq,
        "read": {"citizen": row.citizen_read_seq, "agent": row.agent_read_seq},
        "rating": row.rating,
        "rating_comment": row.rating_comment,
    }


def silent_for(*, conversation: str, minutes: int) -> None:
    """Moves the last signs of the citizen back, so that the clock of the chat asks."""
    ago = timezone.now() - timedelta(minutes=minutes)
    Conversation.objects.filter(public_id=conversation).update(
        last_text_at=ago, citizen_alive_at=ago, joined_at=ago
    )


def lets_lie(*, email: str, seconds: int) -> None:
    """An agent got the own chats that long ago."""
    ago = timezone.now() - timedelta(seconds=seconds)
    Conversation.objects.filter(agent__email=email).update(joined_at=ago)


def queue() -> list[dict[str, Any]]:
    """Every open conversation in the order of the queue, with its agent."""
    rows = Conversation.objects.filter(state__in=OPEN_STATES).select_related("agent")
    return [
        {
            "conversation": str(row.public_id),
            "words": row.first_words,
            "agent": row.agent.first_name if row.agent else "",
        }
        for row in rows.in_queue_order()
    ]


def notes(*, conversation: str) -> list[str]:
    """What agents wrote down for each other."""
    found = InternalNote.objects.filter(conversation__public_id=conversation)
    return list(found.values_list("text", flat=True))


def send_question(*, reference: str, department: str) -> str:
    """The contact centre sends a question to a department. Returns the name of that one."""
    to = Department.objects.get(slug=department)
    routing.send_to_department(
        escalation=_question(reference),
        department=to,
        by=_specialist(to),
        now=timezone.now(),
        client_ref=uuid.uuid4(),
    )
    return to.name


def ask_back(*, reference: str, text: str) -> None:
    """A specialist of its department asks the citizen something."""
    asked = _question(reference)
    by, now = _specialist(asked.department), timezone.now()
    answering.ask_citizen(escalation=asked, text=text, by=by, now=now, client_ref=uuid.uuid4())


def answer(*, reference: str, text: str) -> None:
    """The same specialist answers."""
    asked = _question(reference)
    by, now = _specialist(asked.department), timezone.now()
    answering.answer(escalation=asked, text=text, by=by, now=now, client_ref=uuid.uuid4())


def closed_for(*, reference: str, days: int) -> None:
    """As if the question was closed that long ago."""
    Escalation.objects.filter(reference=reference).update(
        closed_at=timezone.now() - timedelta(days=days)
    )


def question(*, reference: str) -> dict[str, Any]:
    """The state of a question, and what was said to and by its citizen."""
    found = _question(reference)
    return {
        "state": found.state,
        "said": [entry.text for entry in public_course(found) if entry.text],
    }


def count_questions() -> int:
    return Escalation.objects.count()


def _question(reference: str) -> Escalation:
    return Escalation.objects.joined().get(reference=reference)


def _specialist(department: Department | None) -> User:
    """The first by mail address, so that it is the same one each time."""
    members = User.objects.filter(memberships__department=department, is_active=True)
    return members.order_by("email")[0]


def specialist_answers(*, reference: str, text: str, asks: bool = False) -> None:
    """A specialist of the department answers a question, or asks the citizen something back."""
    escalation = Escalation.objects.joined().get(reference=reference)
    if escalation.state == QuestionState.NEW:
        routing.route_chosen(escalation=escalation, now=timezone.now())
    by = User.objects.get(email=SPECIALIST)
    say = answering.ask_citizen if asks else answering.answer
    say(escalation=escalation, text=text, by=by, now=timezone.now(), client_ref=uuid.uuid4())


def passed_on(*, reference: str) -> dict[str, str]:
    """A question that went to a department, as stored."""
    row = Escalation.objects.joined().get(reference=reference)
    return {
        "channel": row.question.channel,
        "department": row.department.name if row.department else "",
        "text": row.text,
        "way": row.way,
        "mail": row.mail,
        "phone": row.phone,
        "urgency": row.urgency,
    }


def question_with(*, department: str, text: str) -> str:
    """A question that an agent passed on just now, and that is with this department."""
    return routed(Department.objects.get(slug=department), text=text).reference


def sweep() -> None:
    """What the clock of the chat does every ten seconds."""
    tasks.sweep_conversations()


def silence_over(*, conversation: str) -> None:
    """The time to answer the silence question has run out."""
    Conversation.objects.filter(public_id=conversation).update(silence_ends_at=timezone.now())


def flush_redis() -> None:
    """Redis forgets everything: FLUSHALL on our own server, our own number on a given one."""
    import redis

    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.flushall() if settings.REDIS_URL.startswith("unix") else client.flushdb()


def _main() -> None:
    desk = {name: act for name, act in globals().items() if not name.startswith("_")}
    for line in sys.stdin:
        name, arguments = json.loads(line)
        try:
            answer = {"value": desk[name](**arguments)}
        except Exception:
            answer = {"error": traceback.format_exc()}
        # A connection that idles would hold back the drop of a PostgreSQL database.
        connection.close()
        sys.stdout.write(json.dumps(answer, default=_plain) + "\n")
        sys.stdout.flush()


def _plain(value: object) -> str:
    assert isinstance(value, date | datetime)
    return value.isoformat()


if __name__ == "__main__":
    _main()
