"""Passing a question of a chat on to a department, and saying in the chat what became of it.

The conversation stays open and the agent's. The room of the questions knows nothing of chats: it
keeps an opaque origin, and says what happens by its signals (`chat.receivers`).
"""

import uuid
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from chat.actions import writing
from chat.append import Text
from chat.models import Conversation, Message
from chat.states import Author, Kind
from city.models import Department
from common.errors import RuleBroken
from questions import links, wording
from questions.actions.course import checked_text
from questions.actions.registering import PassedOn, pass_on
from questions.models import Escalation, EscalationQuerySet, Question

ORIGIN = "chat:"


def origin_of(conversation: Conversation) -> str:
    """What the question keeps of where it began."""
    return f"{ORIGIN}{conversation.public_id}"


def passed_on_from(conversation: Conversation) -> EscalationQuerySet:
    """The questions of this conversation that were passed on, oldest first."""
    rows = Escalation.objects.filter(origin=origin_of(conversation), anonymised_at=None)
    return rows.joined().order_by("passed_on_at", "pk")


def proposal(*, text: str, department: Department, language: str) -> str:
    """What the citizen reads before the question goes, word for word."""
    with override(language):
        values = {"department": str(department.local.name), "text": text.strip()}
    return proposal_template(language) % values


def proposal_template(language: str) -> str:
    """The same with places for `department` and `text`; the console fills it in too."""
    with override(language):
        return _(
            "I pass this question on for you to the department %(department)s:\n\n"
            "“%(text)s”\n\nIs that right?"
        )


@transaction.atomic
def pass_question_on(
    *, conversation: Conversation, agent: User, passed: PassedOn, now: datetime
) -> Escalation:
    """Passes a question of an own conversation on, and tells the citizen in the chat.

    The citizen must have seen the text: the proposal of exactly these words for this department
    stands in the conversation, whichever agent sent it. Nothing of the contact data does. Again
    with the same ref changes nothing, also when the chat has ended or changed hands since.

    Raises RuleBroken: not_shown, conversation_closed, not_found, not_allowed, and those of
    `questions.actions.registering.pass_on`.
    """
    if not _passed_before(conversation, passed, agent):
        _require_shown(conversation, passed)
    escalation = pass_on(passed=passed, by=agent, now=now)
    # Who may not write in this conversation (any more) passes nothing on: all of it is undone.
    writing.post(_told(conversation, agent, escalation, now=now))
    return escalation


def _passed_before(conversation: Conversation, passed: PassedOn, agent: User) -> bool:
    return Question.objects.filter(
        client_ref=passed.client_ref,
        registered_by=agent,
        escalation__origin=origin_of(conversation),
    ).exists()


def _require_shown(conversation: Conversation, passed: PassedOn) -> None:
    """Raises RuleBroken: text_empty, text_too_long, not_shown."""
    language = conversation.language
    text = checked_text(passed.text, language=language)
    assert passed.department is not None
    words = proposal(text=text, department=passed.department, language=language)
    shown = Message.objects.filter(
        conversation=conversation, kind=Kind.TEXT, author=Author.AGENT, text=words
    )
    if not shown.exists():
        raise RuleBroken("not_shown")


def _told(
    conversation: Conversation, agent: User, escalation: Escalation, *, now: datetime
) -> Text:
    with override(conversation.language):
        text = "\n\n".join(
            (
                wording.passed_on(escalation, now=now),
                _("Your reference is %(reference)s. Follow your question here: %(url)s")
                % {"reference": escalation.reference, "url": links.url_of(escalation)},
            )
        )
    return Text(
        conversation_id=conversation.pk,
        subject=conversation.public_id,
        author=Author.AGENT,
        agent_id=agent.pk,
        agent_name=agent.first_name,
        text=text,
        client_ref=ref_of(escalation, "passed_on"),
        now=now,
        per_minute=settings.CHAT_MESSAGES_PER_MINUTE,
    )


def ref_of(escalation: Escalation, what: str) -> UUID:
    """Names one message about a question, so that it is written once."""
    return uuid.uuid5(escalation.question.public_id, what)
