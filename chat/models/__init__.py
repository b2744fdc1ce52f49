"""Rows of the live chat."""

from chat.models.conversations import Attachment, Conversation, ConversationQuerySet, Message
from chat.models.presence import Presence
from chat.models.rules import ChatRules
from chat.models.sites import AllowedSite
from chat.models.transcripts import TranscriptMail

__all__ = [
    "AllowedSite",
    "Attachment",
    "ChatRules",
    "Conversation",
    "ConversationQuerySet",
    "Message",
    "Presence",
    "TranscriptMail",
]
