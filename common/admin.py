"""Data protection in Django admin: what is kept, how long, why, and when it was last removed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.models import RetentionRun
from common.read_only import ReadOnly
from common.retention import POLICIES, REMAINS, STANDING, Policy

REMAINS_TITLE = gettext_lazy("What removed data leaves in the files of the database")


@dataclass(frozen=True)
class KeptLine:
    """One line of the table: what is kept, until when, why, what happens then, and the last run."""

    title: str | Promise
    period: str | Promise
    ground: str | Promise
    outcome: str | Promise = ""
    last_at: datetime | None = None
    last_count: int | None = None


def kept_lines() -> list[KeptLine]:
    """Everything personal that the portal holds, in the order in which the rooms named it."""
    newest = RetentionRun.objects.filter(ended_at__isnull=False, error="").values("policy")
    ids = newest.annotate(newest=Max("pk")).values("newest")
    last = {run.policy: run for run in RetentionRun.objects.filter(pk__in=ids)}
    ending = [_ending_line(policy, last.get(key)) for key, policy in POLICIES.items()]
    return [*ending, *(KeptLine(held.title, held.until, held.ground) for held in STANDING)]


def _ending_line(policy: Policy, last: RetentionRun | None) -> KeptLine:
    return KeptLine(
        policy.title,
        _period(policy.days()),
        policy.ground,
        policy.outcome.label,
        last.started_at if last else None,
        last.count if last else None,
    )


def _period(days: int) -> str:
    if days == 0:
        return _("until it has expired")
    if days % 365 == 0:
        return ngettext("%(years)s year", "%(years)s years", days // 365) % {"years": days // 365}
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


@admin.register(RetentionRun)
class RetentionRunAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # Django's own takes no type
    """The table of what is kept, and under it the reports; only the nightly task writes them."""

    list_display = ["what", "started_at", "count", "days", "outcome"]
    list_per_page = 50

    @admin.display(description=gettext_lazy("what"))
    def what(self, run: RetentionRun) -> str:
        if run.policy == REMAINS:
            return str(REMAINS_TITLE)
        return str(POLICIES[run.policy].title) if run.policy in POLICIES else run.policy

    @admin.display(description=gettext_lazy("outcome"))
    def outcome(self, run: RetentionRun) -> str:
        if run.error:
            return _("failed: %(error)s") % {"error": run.error}
        return _("done") if run.ended_at else _("not finished")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {
            **(extra_context or {}),
            "title": capfirst(RetentionRun._meta.verbose_name_plural),
            "kept_lines": kept_lines(),
        }
        return super().changelist_view(request, context)
