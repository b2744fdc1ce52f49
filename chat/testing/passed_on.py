"""A question of a chat on its way to a department and back, for tests."""

import uuid
from datetime import datetime
from typing import Any

from accounts.models import User
from chat.actions import passing_on
from chat.models import Conversation, Message
from chat.testing import world
from city.models import Department
from questions.actions import answering
from questions.actions.registering import Contact, PassedOn
from questions.models import Entry, Escalation, Question
from questions.states import Way

TEXT = "Mag ik voor mijn deur parkeren?"
MAIL = "fatima@burger.example"


def passed(
    conversation: Conversation, department: Department, text: str = TEXT, **fields: Any
) -> PassedOn:
    """What an agent fills in about a question of this conversation."""
    given: dict[str, Any] = {
        "client_ref": uuid.uuid4(),
        "channel": Question.Channel.CHAT,
        "text": text,
        "contact": Contact(way=Way.CHAT, mail=MAIL),
        "department": department,
        "language": conversation.language,
        "origin": passing_on.origin_of(conversation),
    }
    return PassedOn(**{**given, **fields})


def show(conversation: Conversation, agent: User, department: Department, text: str = TEXT) -> None:
    """The citizen reads the text before it goes."""
    language = conversation.language
    words = passing_on.proposal(text=text, department=department, language=language)
    world.agent_says(conversation, agent, words)


def pass_on(conversation: Conversation, agent: User, asked: PassedOn) -> Escalation:
    return passing_on.pass_question_on(
        conversation=conversation, agent=agent, passed=asked, now=world.NOW
    )


def answer(
    escalation: Escalation,
    by: User,
    text: str = "Ja, met een kaart.",
    ref: uuid.UUID | None = None,
    now: datetime = world.NOW,
    **more: Any,
) -> Entry:
    return answering.answer(
        escalation=escalation, text=text, by=by, now=now, client_ref=ref or uuid.uuid4(), **more
    )


def ask_back(escalation: Escalation, by: User, now: datetime = world.NOW) -> Entry:
    return answering.ask_citizen(
        escalation=escalation, text="Welke straat?", by=by, now=now, client_ref=uuid.uuid4()
    )


def last(conversation: Conversation) -> Message:
    return conversation.messages.order_by("seq").get(seq=world.seqs(conversation)[-1])
