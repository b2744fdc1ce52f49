"""The city in Django admin. Each rule lives in the models; this file is about the pleasant form."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db.models import CharField, ManyToManyField, QuerySet, TimeField, URLField
from django.forms import BaseInlineFormSet, CheckboxSelectMultiple, TimeInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from city import (
    admin_departments,  # noqa: F401  registers departments and absences
    models,
    wording,
)
from city.hours import BRUSSELS, Window, hours_around
from city.models.opening import ExceptionKind
from city.today import openings

PREVIEW_DAYS = 14
# No seconds, and not the browser's own field: an English browser would show 00:00 as 12:00 AM.
HOURS_AND_MINUTES: dict[Any, Any] = {
    TimeField: {"widget": TimeInput(attrs={"size": 5}, format="%H:%M")}
}
WIDE_TEXT: dict[Any, Any] = {
    CharField: {"widget": AdminTextInputWidget(attrs={"class": "vLargeTextField"})}
}


class WindowFormSet(BaseInlineFormSet):
    """Refuses windows of one day that overlap: most likely a slip of the keyboard."""

    def clean(self) -> None:
        super().clean()
        days: dict[Any, list[Window]] = {}
        for form in self.forms:
            values = getattr(form, "cleaned_data", {})
            if form.errors or values.get("DELETE") or not values.get("opens_at"):
                continue
            if values["closes_at"] and not _closes_later(values):
                continue  # the constraint says it, at the right field
            window = Window.between(values["opens_at"], values["closes_at"])
            days.setdefault(values.get("weekday"), []).append(window)
        self.windows = [window for windows in days.values() for window in windows]
        for windows in days.values():
            for earlier, later in pairwise(sorted(windows)):
                if later.opens < earlier.closes:
                    raise ValidationError(_("Two windows of the same day overlap."))


def _closes_later(values: dict[str, Any]) -> bool:
    return values["closes_at"] > values["opens_at"] or not any(
        (values["closes_at"].hour, values["closes_at"].minute)
    )


class ExceptionWindowFormSet(WindowFormSet):
    """An extra opening has at least one window."""

    def clean(self) -> None:
        super().clean()
        if any(form.errors for form in self.forms):
            return
        if self.instance.kind == ExceptionKind.EXTRA and not self.windows:
            raise ValidationError(_("An extra opening needs hours: add at least one window."))


class WeeklyPeriodInline(admin.TabularInline):
    model = models.WeeklyPeriod
    extra = 0
    show_change_link = True
    verbose_name_plural = _("weekly patterns (open one to change its windows)")


class WeeklyWindowInline(admin.TabularInline):
    model = models.WeeklyWindow
    formset = WindowFormSet
    fields = ["weekday", "opens_at", "closes_at"]
    formfield_overrides = HOURS_AND_MINUTES
    extra = 2


class ExceptionWindowInline(admin.TabularInline):
    model = models.ExceptionWindow
    formset = ExceptionWindowFormSet
    formfield_overrides = HOURS_AND_MINUTES
    extra = 2
    verbose_name_plural = _("windows (none, instead of the pattern: closed all day)")


@admin.register(models.Location)
class LocationAdmin(admin.ModelAdmin):
    list_display = ["name", "address", "schedule"]
    list_select_related = ["schedule"]
    search_fields = ["name", "address"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(models.OpeningSchedule)
class OpeningScheduleAdmin(admin.ModelAdmin):
    """Shows beside the rows what they come down to: now, and in the coming two weeks."""

    list_display = ["name", "slug", "is_listed", "state_now"]
    search_fields = ["name", "slug"]
    readonly_fields = ["state_now", "coming_days"]
    inlines = [WeeklyPeriodInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*self.readonly_fields, "slug"] if obj else []

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        own = ["slug", "name", "name_en", "is_listed"]
        return [*own, *self.readonly_fields] if obj else own

    @admin.display(description=_("now"))
    def state_now(self, row: models.OpeningSchedule) -> str:
        return openings(row.slug, timezone.now()).sentence

    @admin.display(description=_("coming two weeks"))
    def coming_days(self, row: models.OpeningSchedule) -> SafeString:
        now = timezone.now()
        hours = hours_around(row, now)
        days = (_today(now) + timedelta(days=n) for n in range(PREVIEW_DAYS))
        return format_html_join(
            "",
            "<div>{}: {} {}</div>",
            (
                (wording.day_name(d), wording.time_range(hours.windows_on(d)), hours.reason_on(d))
                for d in days
            ),
        )


@admin.register(models.WeeklyPeriod)
class WeeklyPeriodAdmin(admin.ModelAdmin):
    list_display = ["name", "schedule", "valid_from", "valid_until"]
    list_filter = ["schedule"]
    list_select_related = ["schedule"]
    inlines = [WeeklyWindowInline]


@admin.register(models.DatedException)
class DatedExceptionAdmin(admin.ModelAdmin):
    list_display = ["on", "schedule", "kind", "hours", "reason"]
    list_filter = ["schedule", "kind"]
    list_select_related = ["schedule"]
    date_hierarchy = "on"
    search_fields = ["reason"]
    inlines = [ExceptionWindowInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[models.DatedException]:
        return super().get_queryset(request).prefetch_related("windows")

    @admin.display(description=_("windows"))
    def hours(self, row: models.DatedException) -> str:
        windows = [Window.between(each.opens_at, each.closes_at) for each in row.windows.all()]
        return wording.time_range(windows)


@admin.register(models.ClosingDay)
class ClosingDayAdmin(admin.ModelAdmin):
    list_display = ["on", "name", "kind"]
    list_filter = ["kind"]
    date_hierarchy = "on"
    search_fields = ["name", "name_en"]
    # A city has a handful of schedules, so boxes to tick beat two lists.
    formfield_overrides = {ManyToManyField: {"widget": CheckboxSelectMultiple}}

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        self._warn_of_silenced_exceptions(request, form.instance)

    def _warn_of_silenced_exceptions(self, request: HttpRequest, day: models.ClosingDay) -> None:
        silenced = models.DatedException.objects.filter(on=day.on).exclude(
            schedule__in=day.open_schedules.all()
        )
        for exception in silenced.select_related("schedule"):
            message = gettext(
                "“%(schedule)s” has other hours on this day; the closing day now goes before them."
            )
            messages.warning(request, message % {"schedule": exception.schedule})


@admin.register(models.Topic)
class TopicAdmin(admin.ModelAdmin):
    list_display = ["name", "department", "is_active", "order"]
    list_editable = ["is_active", "order"]
    list_filter = ["is_active", "department"]
    list_select_related = ["department"]
    search_fields = ["name", "name_en"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(models.Announcement)
class AnnouncementAdmin(admin.ModelAdmin):
    list_display = ["text", "kind", "starts_at", "ends_at", "is_on", "shows_now"]
    list_editable = ["is_on"]
    list_filter = ["kind", "is_on"]
    search_fields = ["text"]
    formfield_overrides = WIDE_TEXT

    @admin.display(description=_("shows now"), boolean=True)
    def shows_now(self, row: models.Announcement) -> bool:
        now = timezone.now()
        return row.is_on and row.starts_at <= now and (row.ends_at is None or now < row.ends_at)


@admin.register(models.Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ["title", "topic", "way", "is_published", "available_from"]
    list_filter = ["is_published", "topic", "way", "is_top_task", "department"]
    list_select_related = ["topic"]
    search_fields = ["title", "title_en", "keywords", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["topic", "department"]
    save_on_top = True
    formfield_overrides = {**WIDE_TEXT, URLField: {"assume_scheme": "https"}}
    fieldsets = [
        (None, {"fields": ["title", "short_title", "slug", "summary", "body", "how_today"]}),
        (
            _("In practice"),
            {"fields": ["bring", "price", "term", "legal_basis", "way", "audience", "online_url"]},
        ),
        (
            _("Where citizens find it"),
            {
                "fields": [
                    ("is_published", "available_from"),
                    "topic",
                    "department",
                    "keywords",
                    "icon",
                    ("is_top_task", "is_on_home", "is_often_searched"),
                    "order",
                ]
            },
        ),
        (
            _("In English (what is empty shows in Dutch)"),
            {
                "classes": ["collapse"],
                "fields": [
                    "title_en",
                    "short_title_en",
                    "summary_en",
                    "body_en",
                    "how_today_en",
                    "bring_en",
                    "price_en",
                    "term_en",
                ],
            },
        ),
    ]

    def view_on_site(self, row: models.Product) -> str:
        return row.get_absolute_url()


@admin.register(models.Synonym)
class SynonymAdmin(admin.ModelAdmin):
    list_display = ["word", "means"]
    search_fields = ["word", "means"]


@admin.register(models.CityContact)
class CityContactAdmin(admin.ModelAdmin):
    """One row: the list leads straight to its form."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if models.CityContact.objects.exists():
            return redirect(reverse("admin:city_citycontact_change", args=[1]))
        return super().changelist_view(request, extra_context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not models.CityContact.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _today(now: datetime) -> date:
    return now.astimezone(BRUSSELS).date()
