"""Registered questions in Django admin: to look at. Who registered one takes it back."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.read_only import ReadOnly
from questions import admin_passed_on, admin_steps  # noqa: F401  registers the other pages
from questions.models import Question


class TakenBack(admin.SimpleListFilter):
    """What counts, and what was taken back."""

    title = _("taken back")
    parameter_name = "taken_back"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("counts")), ("yes", _("taken back"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Question]) -> QuerySet[Question]:
        if self.value() is None:
            return queryset
        return queryset.filter(withdrawn_at__isnull=self.value() == "no")


@admin.register(Question)
class QuestionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["registered_at", "channel", "topic", "outcome", "registered_by", "counts"]
    list_filter = ["channel", "outcome", TakenBack, "topic"]
    list_select_related = ["topic", "registered_by"]
    search_fields = ["topic__name", "registered_by__first_name", "registered_by__last_name"]
    search_help_text = _("Search by topic, or by who registered it.")
    date_hierarchy = "registered_at"
    actions = None
    fields = ["registered_at", "channel", "topic", "outcome", "registered_by", "withdrawn_at"]

    @admin.display(description=_("counts"), boolean=True)
    def counts(self, question: Question) -> bool:
        return question.withdrawn_at is None
