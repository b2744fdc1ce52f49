"""Questions that were passed on, in Django admin: to look at. And the rules that the city sets."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from city import wording
from common.read_only import ReadOnly
from questions.models import Entry, Escalation, Question, QuestionRules
from questions.references import read


class Overdue(admin.SimpleListFilter):
    """Promised for a moment that is over."""

    title = _("term")
    parameter_name = "term"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("overdue", _("overdue")), ("running", _("still in time"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Escalation]
    ) -> QuerySet[Escalation]:
        overdue = Escalation.objects.overdue(timezone.now())
        if self.value() == "overdue":
            return queryset.filter(pk__in=overdue.values("pk"))
        if self.value() == "running":
            owed = Escalation.objects.owed().exclude(pk__in=overdue.values("pk"))
            return queryset.filter(pk__in=owed.values("pk"))
        return queryset


class CourseInline(ReadOnly, admin.TabularInline):
    """What was said and done, in order; nobody changes it."""

    model = Entry
    verbose_name_plural = _("course")
    readonly_fields = ["number", "when", "who", "what", "said"]
    fields = [*readonly_fields]
    extra = 0
    ordering = ["seq"]

    @admin.display(description=_("no."))
    def number(self, entry: Entry) -> int:
        return entry.seq

    @admin.display(description=_("when"))
    def when(self, entry: Entry) -> str:
        return date_format(timezone.localtime(entry.at), "j M Y, H:i:s")

    @admin.display(description=_("who"))
    def who(self, entry: Entry) -> str:
        return entry.staff_name or entry.get_author_display()

    @admin.display(description=_("what"))
    def what(self, entry: Entry) -> str:
        """With the department, and with the outcome or reason."""
        code = _CODES.get(entry.code, "")
        parts = (entry.get_kind_display(), entry.department_name, code)
        return ", ".join(str(part) for part in parts if part)

    @admin.display(description=_("text"))
    def said(self, entry: Entry) -> str:
        return entry.text


_CODES = {**dict(Question.Outcome.choices), "merged": _("its department became part of this one")}


@admin.register(Escalation)
class EscalationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["reference", "passed_on_at", "state", "department", "assignee", "due", "late"]
    list_filter = [
        *("state", Overdue, "department", "question__outcome", "question__channel"),
        *("urgency", "way"),
    ]
    list_select_related = ["department", "assignee", "question"]
    search_fields = ["reference", "text", "entries__text"]
    search_help_text = _("Search by reference, also without dashes, or by words of the question.")
    date_hierarchy = "passed_on_at"
    ordering = ["-passed_on_at"]
    actions = None
    inlines = [CourseInline]
    readonly_fields = [
        *("on_its_page", "channel", "topic", "outcome", "registered_by", "speaks", "removal"),
        *("due", "late"),
    ]
    fieldsets = [
        (None, {"fields": ["reference", "on_its_page", "state", "department", "assignee"]}),
        (
            _("Question"),
            {"fields": ["text", "channel", "topic", "urgency", "outcome", "registered_by"]},
        ),
        (
            pgettext_lazy("question", "Citizen"),
            {"fields": ["name", "way", "mail", "phone", "speaks", "removal"]},
        ),
        (_("Term"), {"fields": ["passed_on_at", "due", "late", "answered_at", "closed_at"]}),
    ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Escalation], search_term: str
    ) -> tuple[QuerySet[Escalation], bool]:
        """A reference is found however somebody typed it."""
        if written := read(search_term):
            return queryset.filter(reference=written), False
        return super().get_search_results(request, queryset, search_term)

    def get_inlines(self, request: HttpRequest, obj: Escalation | None) -> list[Any]:
        """No empty course where it was removed."""
        return [] if obj and obj.anonymised_at else self.inlines

    @admin.display(description=_("promised for"), ordering="due_at")
    def due(self, escalation: Escalation) -> str:
        if escalation.due_at is None:
            return "–"
        return date_format(timezone.localtime(escalation.due_at), "DATETIME_FORMAT")

    @admin.display(description=_("overdue"))
    def late(self, escalation: Escalation) -> str:
        """In a word: Django's red cross for "not too late" reads as the opposite."""
        is_late = escalation.due_at is not None and escalation.due_at <= timezone.now()
        return gettext("overdue") if is_late else "–"

    @admin.display(description=_("on the pages of staff"))
    def on_its_page(self, escalation: Escalation) -> str:
        if escalation.anonymised_at:
            return "–"
        address = reverse("question-detail", args=[escalation.question.public_id])
        return format_html('<a href="{}">{}</a>', address, gettext("Open the question"))

    @admin.display(description=_("channel"))
    def channel(self, escalation: Escalation) -> str:
        return str(escalation.question.get_channel_display())

    @admin.display(description=_("topic"))
    def topic(self, escalation: Escalation) -> str:
        return str(escalation.question.topic or "–")

    @admin.display(description=_("outcome"))
    def outcome(self, escalation: Escalation) -> str:
        return str(escalation.question.get_outcome_display() or "–")

    @admin.display(description=_("registered by"))
    def registered_by(self, escalation: Escalation) -> str:
        return str(escalation.question.registered_by or gettext("the citizen"))

    @admin.display(description=_("language"))
    def speaks(self, escalation: Escalation) -> str:
        return str(dict(settings.LANGUAGES).get(escalation.language, escalation.language))

    @admin.display(description=_("words, names and addresses"))
    def removal(self, escalation: Escalation) -> str:
        """When they go, or went."""
        days = QuestionRules.current().retention_days
        if escalation.anonymised_at:
            day, said = (
                escalation.anonymised_at,
                gettext("removed on %(day)s, when their time was over"),
            )
        elif escalation.closed_at:
            day, said = (
                escalation.closed_at + timedelta(days=days),
                gettext("are removed on %(day)s"),
            )
        else:
            return gettext("are removed %(days)s days after the end") % {"days": days}
        return said % {"day": wording.day_name(timezone.localdate(day), with_year=True)}


@admin.register(QuestionRules)
class QuestionRulesAdmin(admin.ModelAdmin):
    """One row: the list leads straight to its form."""

    fieldsets = [
        (_("Term"), {"fields": ["reminder_percent", "least_term_hours"]}),
        (_("A citizen who does not reply"), {"fields": ["ask_again_days", "unreachable_days"]}),
        (_("After the answer"), {"fields": ["close_after_days", "reopen_days", "link_days"]}),
        (_("Privacy"), {"fields": ["retention_days"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not QuestionRules.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if row := QuestionRules.objects.order_by("pk").first():
            return redirect(reverse("admin:questions_questionrules_change", args=[row.pk]))
        return super().changelist_view(request, extra_context)
