"""The one row of rules of the chat, which an administrator sets."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chat.models import ChatRules


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
            _("Distribution of chats"),
            {"fields": ["assigns_automatically", "default_cap", "wrap_up_seconds"]},
        ),
        (
            _("Back to the queue"),
            {"fields": ["first_answer_seconds", "agent_gone_seconds", "abandon_minutes"]},
        ),
        (
            _("When the telephone comes first"),
            {
                "fields": [
                    "phone_first_text",
                    "phone_first_text_en",
                    "phone_first_cap",
                    "phone_first_on_calls",
                    "phone_first_off_calls",
                ],
                "description": _(
                    "A supervisor switches it on in the console, or the telephone exchange does by "
                    "the number of calls that wait. It ends by itself."
                ),
            },
        ),
        (_("Files"), {"fields": ["files_allowed"]}),
        (_("Privacy"), {"fields": ["retention_days"]}),
        (_("Test period"), {"fields": ["pilot_until", "pilot_text", "pilot_text_en"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not ChatRules.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One row: the list leads straight to its form."""
        if row := ChatRules.objects.order_by("pk").first():
            return redirect(reverse("admin:chat_chatrules_change", args=[row.pk]))
        return super().changelist_view(request, extra_context)
