"""The chat in Django admin: rules to set, conversations to look at; history is never edited."""

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat.actions import closing
from chat.actions.transcripts import LAST_ATTEMPT
from chat.models import AllowedSite, ChatRules, Conversation, Message, Presence, TranscriptMail
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

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One row: the list leads straight to its form."""
        if row := ChatRules.objects.order_by("pk").first():
            return redirect(reverse("admin:chat_chatrules_change", args=[row.pk]))
        return super().changelist_view(request, extra_context)


class MessageInline(ReadOnly, admin.TabularInline):
    model = Message
    readonly_fields = ["number", "at", "who", "what", "said", "file"]
    fields = [*readonly_fields]
    extra = 0
    ordering = ["seq"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return super().get_queryset(request).select_related("attachment")

    @admin.display(description=_("no."))
    def number(self, message: Message) -> int:
        return message.seq

    @admin.display(description=_("at"))
    def at(self, message: Message) -> str:
        """With seconds: what came after what is why somebody looks here."""
        return date_format(timezone.localtime(message.stored_at), "j M Y, H:i:s")

    @admin.display(description=_("who"))
    def who(self, message: Message) -> str:
        return message.agent_name or message.get_author_display()

    @admin.display(description=_("what"))
    def what(self, message: Message) -> str:
        reason = message.get_reason_display() if message.reason else ""
        return ": ".join(filter(None, [str(message.get_kind_display()), str(reason)]))

    @admin.display(description=_("text"))
    def said(self, message: Message) -> str:
        return message.text or (message.card or {}).get("title", "")

    @admin.display(description=_("file"))
    def file(self, message: Message) -> str:
        """Its name and size. The content is for who talks with the citizen, not for the admin."""
        kept = getattr(message, "attachment", None)
        return f"{kept.name} ({filesizeformat(kept.size_bytes)})" if kept else ""


@admin.register(Conversation)
class ConversationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["visitor", "opened_at", "state", "by", "topic", "answered_after", "rating"]
    list_filter = ["state", "rating", "topic", "language", "close_reason"]
    date_hierarchy = "opened_at"
    list_select_related = ["agent", "handled_by", "topic"]
    search_fields = ["public_id", "agent__first_name", "handled_by__first_name"]
    search_help_text = _("Search by the agent's first name, or by the reference in the logs.")
    inlines = [MessageInline]
    actions = None  # no deleting by the dozen
    fieldsets = [
        (None, {"fields": ["state", "agent", "handled_by", "topic", "close_reason", "removal"]}),
        (_("Citizen"), {"fields": ["name", "speaks", "page"]}),
        (
            _("Course"),
            {"fields": ["opened_at", "queued_at", "joined_at", "first_answered_at", "closed_at"]},
        ),
        (_("Rating"), {"fields": ["rating", "rating_comment", "rated_at"]}),
        (_("For who reads the logs"), {"classes": ["collapse"], "fields": ["reference"]}),
    ]
    readonly_fields = ["removal", "speaks", "reference"]

    @admin.display(description=_("visitor"), ordering="pk")
    def visitor(self, conversation: Conversation) -> str:
        return conversation.name or str(conversation.number)

    @admin.display(description=_("by"), ordering="handled_by__first_name")
    def by(self, conversation: Conversation) -> str:
        """Who has it, or had it last."""
        return str(conversation.agent or conversation.handled_by or "–")

    @admin.display(description=_("answered after"))
    def answered_after(self, conversation: Conversation) -> str:
        if conversation.first_answered_at is None:
            return "–"
        waited_s = int((conversation.first_answered_at - conversation.opened_at).total_seconds())
        return f"{waited_s // 60}:{waited_s % 60:02}"

    @admin.display(description=_("language"))
    def speaks(self, conversation: Conversation) -> str:
        return str(dict(settings.LANGUAGES).get(conversation.language, conversation.language))

    @admin.display(description=_("reference in the logs"))
    def reference(self, conversation: Conversation) -> str:
        return str(conversation.public_id)

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
