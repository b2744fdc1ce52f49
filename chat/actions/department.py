"""What a department answers or asks, said in the conversation where the question began."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override

from chat import events
from chat.actions.passing_on import ORIGIN, ref_of
from chat.models import ChatRules, Conversation, Message
from chat.states import OPEN_STATES, Author, Kind
from common import eventlog
from questions import links, wording
from questions.models import Entry, Escalation


def say_answer(*, escalation: Escalation, entry: Entry, now: datetime) -> bool:
    """The answer of a department as the next message, while the conversation is open.

    Once for each answer. Returns whether it was written; a closed conversation stays as it is: the
    mail brings the answer.
    """
    return _say(escalation, entry, _answer, now=now)


def say_asked_back(*, escalation: Escalation, entry: Entry, now: datetime) -> bool:
    """What a department asks the citizen, in the same way."""
    return _say(escalation, entry, _asked_back, now=now)


def _answer(values: dict[str, str]) -> str:
    return (
        _(
            "Answer to your question %(reference)s:\n\n%(text)s\n\n"
            "You can react to this answer here: %(url)s"
        )
        % values
    )


def _asked_back(values: dict[str, str]) -> str:
    return (
        _(
            "About your question %(reference)s:\n\n%(text)s\n\n"
            "Reply here, then the department reads it at once: %(url)s"
        )
        % values
    )


@transaction.atomic
def _say(
    escalation: Escalation,
    entry: Entry,
    words: Callable[[dict[str, str]], str],
    *,
    now: datetime,
) -> bool:
    """Takes the next number and writes, in the name of the department.

    The conversation stays with its agent, and whose turn it is does not change: an agent who owes
    an answer still owes it. The citizen gets the whole time again to read in silence.
    """
    public_id = _conversation_id(escalation)
    if public_id is None:
        return False
    ref = ref_of(escalation, str(entry.seq))
    here = Conversation.objects.filter(public_id=public_id, state__in=OPEN_STATES)
    if Message.objects.filter(conversation__in=here, client_ref=ref).exists():
        return False
    if not here.update(last_seq=F("last_seq") + 1, last_text_at=now, silence_ends_at=None):
        return False
    conversation = Conversation.objects.select_related("agent", "topic").get(public_id=public_id)
    with override(conversation.language):
        text = words(
            {
                "reference": escalation.reference,
                "text": entry.text,
                "url": links.url_of(escalation),
            }
        )
        name = _speaker(escalation, entry)
    message = Message.objects.create(
        conversation=conversation,
        seq=conversation.last_seq,
        author=Author.AGENT,
        kind=Kind.TEXT,
        agent=entry.staff,
        agent_name=name,
        text=text,
        client_ref=ref,
        stored_at=now,
    )
    eventlog.record(
        "chat.department",
        subject=conversation.public_id,
        at=now,
        actor=entry.staff_id,
        code=entry.kind,
    )
    events.announce_change(conversation, message, ChatRules.current(), with_card=False)
    return True


def _speaker(escalation: Escalation, entry: Entry) -> str:
    """ "Tom van de dienst Mobiliteit"; without a person the department alone."""
    values = {"name": entry.staff_name, "department": wording.holder(escalation)}
    if entry.staff_name:
        return _("%(name)s of the department %(department)s") % values
    return _("Department %(department)s") % values


def _conversation_id(escalation: Escalation) -> UUID | None:
    if not escalation.origin.startswith(ORIGIN):
        return None
    return UUID(escalation.origin.removeprefix(ORIGIN))
