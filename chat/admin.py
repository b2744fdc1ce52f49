"""The chat in Django admin: rules to set, conversations to look at; history is never edited."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat.actions import closing
from chat.models import ChatRules, Conversation, Message, Presence
from chat.states import OPEN_STATES


class ReadOnly:
    """Rows that only the chat itself writes."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ChatRules)
class ChatRulesAdmin(admin.ModelAdmin):
    fieldsets = [
        (_("Opening"), {"fields": ["schedule", "last_chat_margin_minutes", "new_chats_per_hour"]}),
        (
            _("Silence"),
            {
                "fields": [
                    "silence_minutes",
                    "silence_answer_seconds",
                    "continue_minutes",
                    "readable_hours",
                ]
            },
        ),
        (
            _("Back to the queue"),
            {"fields": ["first_answer_seconds", "agent_gone_seconds", "abandon_minutes"]},
        ),
        (_("Test period"), {"fields": ["pilot_until", "pilot_text", "pilot_text_en"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not ChatRules.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class MessageInline(ReadOnly, admin.TabularInline):
    model = Message
    readonly_fields = ["seq", "stored_at", "author", "agent_name", "kind", "reason", "text"]
    fields = [*readonly_fields]
    extra = 0
    ordering = ["seq"]


@admin.register(Conversation)
class ConversationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["number", "opened_at", "state", "agent", "topic", "first_answered_at"]
    list_filter = ["state", "topic", "language", "close_reason"]
    date_hierarchy = "opened_at"
    list_select_related = ["agent", "topic"]
    search_fields = ["public_id", "agent__first_name"]
    inlines = [MessageInline]
    actions = None  # no deleting by the dozen
    fields = [
        *("public_id", "state", "agent", "handled_by", "topic", "name", "language", "page"),
        *("opened_at", "queued_at", "joined_at", "first_answered_at", "closed_at", "close_reason"),
    ]

    def delete_model(self, request: HttpRequest, obj: Conversation) -> None:
        assert isinstance(request.user, User)
        closing.remove(conversation=obj, by=request.user, now=timezone.now())

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A citizen may ask us to remove a chat that has ended."""
        ended = obj is None or obj.state not in OPEN_STATES
        return ended and admin.ModelAdmin.has_delete_permission(self, request, obj)


@admin.register(Presence)
class PresenceAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["agent", "state", "heard_at"]
    list_select_related = ["agent"]
