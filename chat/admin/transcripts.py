"""How it stands with the copies that citizens asked for by mail."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chat.actions.transcripts import LAST_ATTEMPT
from chat.models import TranscriptMail
from chat.states import OPEN_STATES
from common.read_only import ReadOnly


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
