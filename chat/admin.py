"""The chat in Django admin: rules to set, conversations to look at; history is never edited."""

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timesince import timesince
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat.actions import availability, closing
from chat.actions.transcripts import LAST_ATTEMPT
from chat.colleagues import heard_agents
from chat.models import (
    AllowedSite,
    ChatRules,
    ChatStop,
    Conversation,
    InternalNote,
    Message,
    PhoneFirst,
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


class IsOver(admin.SimpleListFilter):
    """Now, or over."""

    title = _("runs now")
    parameter_name = "now"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("yes")), ("no", _("no"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in {"yes", "no"}:
            return queryset
        now = timezone.now()
        over = Q(ended_at__isnull=False) | Q(until__lte=now)
        return queryset.filter(over) if self.value() == "no" else queryset.exclude(over)


class RushAdmin(ReadOnly, admin.ModelAdmin):
    """What was switched for everybody, and by whom: to look at, never to change."""

    date_hierarchy = "started_at"
    list_select_related = ["started_by", "ended_by"]
    actions = None

    @admin.display(description=_("how long"))
    def how_long(self, row: Any) -> str:
        now = timezone.now()
        if row.ended_at is None and (row.until is None or now < row.until):
            return gettext("runs now")
        return timesince(row.started_at, row.ended_at or row.until)


@admin.register(PhoneFirst)
class PhoneFirstAdmin(RushAdmin):
    list_display = ["started_at", "who", "until", "ended_at", "why", "how_long"]
    list_filter = [IsOver, "source", "end_reason"]
    fields = ["started_at", "who", "until", "ended_at", "why", "how_long"]

    @admin.display(description=_("switched on by"))
    def who(self, row: PhoneFirst) -> str:
        return str(row.started_by or row.get_source_display())

    @admin.display(description=_("why it ended"))
    def why(self, row: PhoneFirst) -> str:
        reason = row.get_end_reason_display() if row.end_reason else ""
        return f"{reason} ({row.ended_by})" if row.ended_by else reason


@admin.register(ChatStop)
class ChatStopAdmin(RushAdmin):
    list_display = ["started_at", "started_by", "text", "until", "ended_at", "why", "how_long"]
    list_filter = [IsOver, "started_by"]
    search_fields = ["text"]
    fields = [
        *("started_at", "started_by", "text", "text_en"),
        *("until", "ended_at", "why", "how_long"),
    ]

    @admin.display(description=_("why it ended"))
    def why(self, row: ChatStop) -> str:
        if row.ended_at is None:
            return ""
        if row.ended_by:
            return gettext("opened again (%(who)s)") % {"who": row.ended_by}
        return gettext("its time was over")


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
