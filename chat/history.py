"""The history of a conversation as clients get it: a page of messages with the head."""

from typing import Any

from chat import events
from chat.actions.conversing import messages_after
from chat.models import ChatRules, Conversation, Message

PAGE = 200
PAGE_CHARACTERS = 60_000  # thirty of the longest texts


def page_after(conversation: Conversation, after: int) -> dict[str, Any]:
    """`messages`, `head` and `more`, read anew. Runs in the database thread.

    The head is read first: it may be older than the messages, never newer, so a client that has
    the page and sees a higher head later knows that it misses something. Raises
    Conversation.DoesNotExist when its content was removed.
    """
    kept = Conversation.objects.filter(anonymised_at=None).select_related("agent")
    fresh = kept.get(pk=conversation.pk)
    head = events.head_payload(fresh, ChatRules.current())
    found = messages_after(conversation, after, PAGE)
    shown = _that_fit(found[:PAGE])
    return {
        "messages": [events.message_payload(message) for message in shown],
        "head": head,
        "more": len(found) > len(shown),
    }


def _that_fit(messages: list[Message]) -> list[Message]:
    """The first ones, as many as a page holds; at least one."""
    characters = 0
    for count, message in enumerate(messages):
        characters += len(message.text)
        if characters > PAGE_CHARACTERS and count:
            return messages[:count]
    return messages
