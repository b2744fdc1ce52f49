"""The chat in Django admin: rules to set, conversations to look at; history is never edited."""

from datetime import timedelta
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat.actions import closing
from chat.actions.transcripts import LAST_ATTEMPT
from chat.models import (
    AllowedSite,
    ChatRules,
    Conversation,
    InternalNote,
    Message,
    Presence,
    ReadyAnswer,
    TranscriptMail,
)
from chat.ready_answers import PRODUCT_HELP, VARIABLES, shown_filled
from chat.states import OPEN_STATES
from city import wording


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
        (_("Files"), {"fields": ["files_allowed"]}),
        (_("Privacy"), {"fields": ["retention_days"]}),
        (_("Test period"), {"fields": ["pilot_until", "pilot_text", "pilot_text_en"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not ChatRules.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class MessageInline(ReadOnly, admin.TabularInline):
    model = Message
    readonly_fields = [
        *("seq", "stored_at", "author", "agent_name", "kind", "reason", "text", "attached")
    ]
    fields = [*readonly_fields]
    extra = 0
    ordering = ["seq"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return super().get_queryset(request).select_related("attachment")

    @admin.display(description=_("file or card"))
    def attached(self, message: Message) -> str:
        """Name and size of a file; the content is for who talks with the citizen. Or the card."""
        if message.card:
            return f"{message.card['title']} ({message.card['url']})"
        kept = getattr(message, "attachment", None)
        return f"{kept.name} ({filesizeformat(kept.size_bytes)})" if kept else ""


class NoteInline(ReadOnly, admin.TabularInline):
    """What agents wrote for each other; nobody changes it."""

    model = InternalNote
    readonly_fields = ["written_at", "author", "text"]
    fields = [*readonly_fields]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[InternalNote]:
        return super().get_queryset(request).select_related("author")


@admin.register(Conversation)
class ConversationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = [
        *("number", "opened_at", "state", "agent", "topic", "first_answered_at", "rating")
    ]
    list_filter = ["state", "rating", "topic", "language", "close_reason"]
    date_hierarchy = "opened_at"
    list_select_related = ["agent", "topic"]
    search_fields = ["public_id", "agent__first_name"]
    inlines = [MessageInline, NoteInline]
    actions = None  # no deleting by the dozen
    fields = [
        *("public_id", "state", "agent", "handled_by", "topic", "name", "language", "page"),
        *("opened_at", "queued_at", "joined_at", "first_answered_at", "closed_at", "close_reason"),
        *("rating", "rating_comment", "rated_at"),
        "removal",
    ]

    @admin.display(description=_("texts, files and names"))
    def removal(self, conversation: Conversation) -> str:
        """When they go, or went."""
        if conversation.anonymised_at:
            removed_on = timezone.localdate(conversation.anonymised_at)
            return gettext("removed on %(day)s, when their time was over") % {
                "day": wording.day_name(removed_on, with_year=True)
            }
        days = ChatRules.current().retention_days
        if conversation.closed_at is None:
            return gettext("are removed %(days)s days after the end") % {"days": days}
        removed_on = timezone.localdate(conversation.closed_at + timedelta(days=days))
        return gettext("are removed on %(day)s") % {
            "day": wording.day_name(removed_on, with_year=True)
        }

    def get_inlines(self, request: HttpRequest, obj: Conversation | None) -> list[Any]:
        """No empty list of messages where they were removed."""
        return [] if obj and obj.anonymised_at else self.inlines

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


@admin.register(AllowedSite)
class AllowedSiteAdmin(admin.ModelAdmin):
    list_display = ["origin", "name", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["origin", "name"]
    fieldsets = [
        (
            None,
            {
                "fields": ["origin", "name", "is_active"],
                "description": _(
                    "Pages of this site may show the chat. A change holds within seconds, also for "
                    "chats that are open. The portal itself need not be in the list."
                ),
            },
        )
    ]


class HowItStands(admin.SimpleListFilter):
    """Open, sent or given up."""

    title = _("how it stands")
    parameter_name = "stands"
    conditions: ClassVar[dict[str, dict[str, Any]]] = {
        "open": {"sent_at": None, "given_up_at": None},
        "sent": {"sent_at__isnull": False},
        "given_up": {"given_up_at__isnull": False},
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("open", _("still to be sent")),
            ("sent", _("sent")),
            ("given_up", pgettext_lazy("mail", "given up")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[TranscriptMail]
    ) -> QuerySet[TranscriptMail]:
        return queryset.filter(**self.conditions.get(self.value() or "", {}))


@admin.register(TranscriptMail)
class TranscriptMailAdmin(ReadOnly, admin.ModelAdmin):
    """Copies that citizens asked for. The mail address is shown to nobody: it is theirs."""

    list_display = ["asked_at", "conversation", "how_it_stands", "attempts", "due_at"]
    list_filter = [HowItStands]
    list_select_related = ["conversation"]
    date_hierarchy = "asked_at"
    actions = None
    fields = ["conversation", "asked_at", "how_it_stands", "attempts", "due_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Goes with its conversation, or when a citizen takes the request back."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    @admin.display(description=_("how it stands, and what you can do"))
    def how_it_stands(self, mail: TranscriptMail) -> str:
        if mail.sent_at:
            return gettext("sent")
        if mail.given_up_at:
            return gettext(
                "given up: the mail server refused it, or was out of reach for a day. Look at the "
                "mail settings; the citizen can ask again or download the chat."
            )
        if mail.conversation.state in OPEN_STATES:
            return gettext("is sent when the chat has ended")
        if not mail.attempts:
            return gettext("is sent within a minute")
        return gettext(
            "attempt %(attempts)s of %(last)s failed; look at the mail server if this lasts"
        ) % {"attempts": mail.attempts, "last": LAST_ATTEMPT}


@admin.register(ReadyAnswer)
class ReadyAnswerAdmin(admin.ModelAdmin):
    list_display = ["shortcut", "title", "topic", "is_active"]
    list_display_links = ["shortcut", "title"]
    list_filter = ["is_active", "topic", "is_holding"]
    list_select_related = ["topic"]
    search_fields = ["shortcut", "title", "text", "text_en", "keywords"]
    readonly_fields = ["variables", "preview", "preview_en"]
    fieldsets = [
        (None, {"fields": ["shortcut", "title", "topic", "keywords", "is_active", "is_holding"]}),
        (
            _("Texts"),
            {
                "fields": ["text", "text_en", "variables"],
                "description": _(
                    "The agent may still change the text before it goes out. Without an English "
                    "text, who writes English gets the Dutch one."
                ),
            },
        ),
        (_("How a citizen reads it"), {"fields": ["preview", "preview_en"]}),
    ]

    @admin.display(description=_("what you can fill in"))
    def variables(self, answer: ReadyAnswer) -> str:
        """The variables and what stands in their place."""
        rows = [(f"{{{name}}}", variable.help) for name, variable in VARIABLES.items()]
        rows.append(("{product:…}", PRODUCT_HELP))
        return format_html("<ul>{}</ul>", format_html_join("", "<li><code>{}</code> {}</li>", rows))

    @admin.display(description=_("in Dutch"))
    def preview(self, answer: ReadyAnswer) -> str:
        return shown_filled(answer.text, language="nl", now=timezone.now()) or "–"

    @admin.display(description=_("in English"))
    def preview_en(self, answer: ReadyAnswer) -> str:
        return shown_filled(answer.text_en, language="en", now=timezone.now()) or "–"
