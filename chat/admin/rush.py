"""When the telephone came first or the chat was closed for now, and by whom."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chat.models import ChatStop, PhoneFirst
from common.read_only import ReadOnly


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
