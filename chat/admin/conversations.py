"""Conversations to look at, with what was said; one that has ended may be removed."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat.actions import closing
from chat.models import ChatRules, Conversation, InternalNote, Message
from chat.states import OPEN_STATES
from city import wording
from common.read_only import ReadOnly


class MessageInline(ReadOnly, admin.TabularInline):
    model = Message
    readonly_fields = ["number", "at", "who", "what", "said", "attached"]
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
        return message.text

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
    list_display = ["visitor", "opened_at", "state", "by", "topic", "answered_after", "rating"]
    list_filter = ["state", "rating", "topic", "language", "close_reason"]
    date_hierarchy = "opened_at"
    list_select_related = ["agent", "handled_by", "topic"]
    search_fields = ["public_id", "agent__first_name", "handled_by__first_name"]
    search_help_text = _("Search by the agent's first name, or by the reference in the logs.")
    inlines = [MessageInline, NoteInline]
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
