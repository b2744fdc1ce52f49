"""The chat in Django admin: rules to set, conversations to look at; history is never edited."""

from datetime import timedelta
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, QuerySet, Value
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat.actions import availability, closing
from chat.actions.transcripts import LAST_ATTEMPT
from chat.colleagues import heard_agents
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
            _("Distribution of chats"),
            {"fields": ["assigns_automatically", "default_cap", "wrap_up_seconds"]},
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
        *("seq", "stored_at", "author", "agent_name", "kind", "reason", "text", "file")
    ]
    fields = [*readonly_fields]
    extra = 0
    ordering = ["seq"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return super().get_queryset(request).select_related("attachment")

    @admin.display(description=_("file"))
    def file(self, message: Message) -> str:
        """Its name and size. The content is for who talks with the citizen, not for the admin."""
        kept = getattr(message, "attachment", None)
        return f"{kept.name} ({filesizeformat(kept.size_bytes)})" if kept else ""


@admin.register(Conversation)
class ConversationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = [
        *("number", "opened_at", "state", "agent", "topic", "first_answered_at", "rating")
    ]
    list_filter = ["state", "rating", "topic", "language", "close_reason"]
    date_hierarchy = "opened_at"
    list_select_related = ["agent", "topic"]
    search_fields = ["public_id", "agent__first_name"]
    inlines = [MessageInline]
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


class Now(admin.SimpleListFilter):
    """What agents do at this moment, by when they were last heard too."""

    title = _("now")
    parameter_name = "now"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*Presence.State.choices, ("offline", _("not there"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Presence]) -> QuerySet[Presence]:
        heard = heard_agents(timezone.now()).values("pk")
        if self.value() == "offline":
            return queryset.exclude(pk__in=heard)
        if self.value() in Presence.State.values:
            return queryset.filter(pk__in=heard, state=self.value())
        return queryset


@admin.register(Presence)
class PresenceAdmin(admin.ModelAdmin):
    """Each agent who ever opened the console. Only the number of chats is set here."""

    list_display = ["agent", "state_now", "chats", "cap_now", "heard_at"]
    list_filter = [Now]
    list_select_related = ["agent"]
    search_fields = ["agent__first_name", "agent__last_name", "agent__email"]
    search_help_text = _("Name or e-mail address of the agent.")
    ordering = ["agent__first_name", "agent__last_name"]
    actions = None
    fields = ["agent", "cap", "state_now", "chats", "heard_at"]
    readonly_fields = ["agent", "state_now", "chats", "heard_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Presence]:
        heard = heard_agents(timezone.now()).filter(pk=OuterRef("pk"))
        rows = super().get_queryset(request).annotate(is_there=Exists(heard))
        everybodys = Value(ChatRules.current().default_cap)
        return rows.annotate(open=Count("agent__conversations"), everybodys_cap=everybodys)

    @admin.display(description=_("now"))
    def state_now(self, presence: Any) -> str:
        return presence.get_state_display() if presence.is_there else gettext("not there")

    @admin.display(description=_("chats now"), ordering="open")
    def chats(self, presence: Any) -> int:
        return int(presence.open)

    @admin.display(description=_("chats at once"), ordering="cap")
    def cap_now(self, presence: Any) -> str:
        if presence.cap is not None:
            return str(presence.cap)
        return gettext("%(cap)s, as everybody") % {"cap": presence.everybodys_cap}

    def save_model(self, request: HttpRequest, obj: Presence, form: Any, change: bool) -> None:
        """Only the cap: state and moments may have moved since the page was opened."""
        availability.set_cap(presence=obj, cap=obj.cap, now=timezone.now())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


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
