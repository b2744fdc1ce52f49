"""The outbox of questions in Django admin: what is on its way, what is stuck, and what to do."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from city.wording import clock
from common.errors import RuleBroken
from common.read_only import ReadOnly
from questions.actions import repairing
from questions.actions.sending import AWAY, CUT_OFF, NO_MAILBOX, REFUSED
from questions.citizen_mails import CITIZEN_MAILS
from questions.models import Step

_OPEN = {"done_at": None, "dropped_at": None}


class HowItStands(admin.SimpleListFilter):
    """Stuck, open, done or dropped."""

    title = _("how it stands")
    parameter_name = "stands"
    conditions: ClassVar[dict[str, dict[str, Any]]] = {
        "stuck": {**_OPEN, "stuck_at__isnull": False},
        "open": _OPEN,
        "done": {"done_at__isnull": False},
        "dropped": {"done_at": None, "dropped_at__isnull": False},
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("stuck", _("does not arrive")),
            ("open", _("still to be done")),
            ("done", _("done")),
            ("dropped", _("no longer needed")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Step]) -> QuerySet[Step]:
        return queryset.filter(**self.conditions.get(self.value() or "", {}))


@admin.register(Step)
class StepAdmin(ReadOnly, admin.ModelAdmin):
    """Only the portal writes these rows. Addresses of citizens are shown to nobody here."""

    list_display = ["asked_at", "kind", "escalation", "department", "how_it_stands", "attempts"]
    list_filter = [HowItStands, "kind", "department"]
    list_select_related = ["escalation", "department"]
    search_fields = ["escalation__reference", "department__name"]
    search_help_text = _("Search by reference or department.")
    date_hierarchy = "asked_at"
    actions = ["try_again_now", "dealt_with_otherwise"]
    fields = [
        *("kind", "escalation", "department", "how_it_stands", "asked_at", "attempts"),
        *("due_at", "stuck_at", "error", "done_at", "dropped_at"),
    ]

    @admin.display(description=_("how it stands, and what you can do"))
    def how_it_stands(self, step: Step) -> str:
        if step.done_at:
            return _done(step)
        if step.dropped_at:
            return gettext("no longer needed")
        if not step.error:
            return gettext("is done within a minute")
        return f"{explanation(step)} {_next_attempt(step)}"

    @admin.action(description=_("Try again now"))
    def try_again_now(self, request: HttpRequest, queryset: QuerySet[Step]) -> None:
        count = _each(request, queryset, repairing.try_again)
        said = ngettext(
            "%(count)s message is tried again now.",
            "%(count)s messages are tried again now.",
            count,
        )
        self.message_user(request, said % {"count": count})

    @admin.action(description=_("Dealt with otherwise: try no longer"))
    def dealt_with_otherwise(self, request: HttpRequest, queryset: QuerySet[Step]) -> None:
        routes = queryset.filter(kind=Step.Kind.ROUTE)
        if routes.exists():
            kept = gettext(
                "A question that must still go to its department stays: nobody else would have it."
            )
            self.message_user(request, kept, messages.WARNING)
        count = _each(request, queryset.exclude(kind=Step.Kind.ROUTE), repairing.drop)
        said = ngettext(
            "%(count)s message is no longer tried.",
            "%(count)s messages are no longer tried.",
            count,
        )
        self.message_user(request, said % {"count": count})


def _each(request: HttpRequest, rows: QuerySet[Step], do: Callable[..., bool]) -> int:
    now, by = timezone.now(), cast(User, request.user)
    return sum(_did(do, step, by, now) for step in rows.order_by("pk"))


def _did(do: Callable[..., bool], step: Step, by: User, now: datetime) -> bool:
    try:
        return do(step=step, by=by, now=now)
    except RuleBroken:
        return False


_DEPARTMENT_WITHOUT = _(
    "There is no e-mail address. Fill in the address of the department, then try again."
)
_DEPARTMENT_REFUSES = _(
    "The mail server says that this address takes no mail. Correct the e-mail address of the "
    "department or the colleague, then try again."
)
_CITIZEN_REFUSES = _(
    "The mail server says that the citizen’s address takes no mail. Call the citizen if there is a "
    "telephone number, then choose “Dealt with otherwise”."
)
_AWAY = _(
    "The mail server cannot be reached. Have the mail settings and the server looked at; all "
    "messages go by themselves when it is back."
)
_EXPLANATIONS: dict[str, str | Promise] = {
    NO_MAILBOX: _DEPARTMENT_WITHOUT,
    **dict.fromkeys(AWAY, _AWAY),
    "SMTPAuthenticationError": _(
        "The mail server does not accept the password of the portal. Have EMAIL_URL looked at."
    ),
    "SMTPSenderRefused": _(
        "The mail server does not let the portal send from its own address. Have it allowed there."
    ),
    "SMTPDataError": _(
        "The mail server refuses this message. Its own log says why (size, spam, a limit)."
    ),
    "SMTPRecipientsRefused": _(
        "The mail server refuses this address for now: a full mailbox, or mail that must wait."
    ),
    CUT_OFF: _(
        "The worker was stopped during each attempt. Have the log of the worker looked at before "
        "you try again."
    ),
}


def explanation(step: Step) -> str:
    """Why a step does not get through, and what people can do about it."""
    if step.error == REFUSED:
        return str(_CITIZEN_REFUSES if step.kind in CITIZEN_MAILS else _DEPARTMENT_REFUSES)
    if known := _EXPLANATIONS.get(step.error):
        return str(known)
    return gettext("Something unexpected (%(error)s). The log of the worker says where.") % {
        "error": step.error
    }


def _done(step: Step) -> str:
    if step.kind == Step.Kind.MAILBOX_TEST:
        return gettext("the mail server took it; ask the department whether it arrived")
    return gettext("done")


def _next_attempt(step: Step) -> str:
    return gettext("%(count)s attempts so far; the next is at %(time)s.") % {
        "count": step.attempts,
        "time": clock(timezone.localtime(step.due_at)),
    }
