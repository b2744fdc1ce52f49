"""The chat in Django admin: rules to set, conversations to look at; history is never edited."""

from chat.admin.conversations import ConversationAdmin
from chat.admin.presence import PresenceAdmin
from chat.admin.ready_answers import ReadyAnswerAdmin
from chat.admin.rules import ChatRulesAdmin
from chat.admin.rush import ChatStopAdmin, PhoneFirstAdmin
from chat.admin.sites import AllowedSiteAdmin
from chat.admin.transcripts import TranscriptMailAdmin

__all__ = [
    "AllowedSiteAdmin",
    "ChatRulesAdmin",
    "ChatStopAdmin",
    "ConversationAdmin",
    "PhoneFirstAdmin",
    "PresenceAdmin",
    "ReadyAnswerAdmin",
    "TranscriptMailAdmin",
]
