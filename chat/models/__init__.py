"""Rows of the live chat."""

from chat.models.answers import ReadyAnswer
from chat.models.conversations import Attachment, Conversation, ConversationQuerySet, Message
from chat.models.notes import InternalNote
from chat.models.presence import Presence
from chat.models.rules import ChatRules
from chat.models.rush import ChatStop, ExchangeReport, PhoneFirst
from chat.models.sites import AllowedSite
from chat.models.transcripts import TranscriptMail

__all__ = [
    "AllowedSite",
    "Attachment",
    "ChatRules",
    "ChatStop",
    "Conversation",
    "ConversationQuerySet",
    "ExchangeReport",
    "InternalNote",
    "Message",
    "PhoneFirst",
    "Presence",
    "ReadyAnswer",
    "TranscriptMail",
]
