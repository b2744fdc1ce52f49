"""What agents do now, and how many chats each may have at once."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, QuerySet, Value
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chat.actions import availability
from chat.colleagues import heard_agents
from chat.models import ChatRules, Presence


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
