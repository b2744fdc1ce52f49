"""What becomes of the data of people who work with the portal."""

from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from common.models import Event
from common.retention import POLICIES, STANDING, Outcome, Policy, Standing, nothing_personal

AUDIT_DAYS = 5 * 365


def delete_sessions(*, now: datetime, before: datetime, limit: int) -> int:
    """Deletes logins that have expired."""
    expired = Session.objects.filter(expire_date__lte=before).values_list("pk", flat=True)
    return Session.objects.filter(pk__in=list(expired[:limit])).delete()[0]


def delete_admin_log(*, now: datetime, before: datetime, limit: int) -> int:
    """Deletes what the admin noted of changes that long ago."""
    old = LogEntry.objects.filter(action_time__lte=before).values_list("pk", flat=True)
    return LogEntry.objects.filter(pk__in=list(old[:limit])).delete()[0]


def forget_actors(*, now: datetime, before: datetime, limit: int) -> int:
    """Takes the employee out of events that long ago; the events themselves are the counts."""
    old = Event.objects.filter(at__lte=before, actor__isnull=False).values_list("pk", flat=True)
    return Event.objects.filter(pk__in=list(old[:limit]), actor__isnull=False).update(actor=None)


def no_days() -> int:
    return 0


def audit_days() -> int:
    return AUDIT_DAYS


POLICIES.register(
    "sessions",
    Policy(
        title=_("Logins of employees"),
        models=("sessions.Session",),
        ground=_("To recognise who is logged in; after that it serves nothing."),
        outcome=Outcome.DELETE,
        days=no_days,
        batch=delete_sessions,
    ),
)
POLICIES.register(
    "admin-log",
    Policy(
        title=_("Who changed what in the administration"),
        models=("admin.LogEntry",),
        ground=_("To account for changes (GDPR, article 5.2)."),
        outcome=Outcome.DELETE,
        days=audit_days,
        batch=delete_admin_log,
    ),
)
POLICIES.register(
    "events",
    Policy(
        title=_("Which employee did what in the event log; the counts stay"),
        models=("common.Event",),
        ground=_("To account for the service and to plan the staffing."),
        outcome=Outcome.ANONYMISE,
        days=audit_days,
        batch=forget_actors,
    ),
)
STANDING.register(
    "staff",
    Standing(
        title=_("Accounts of employees: name, work e-mail, roles, second step of the login"),
        models=(
            "accounts.User",
            "accounts.RoleGrant",
            "mfa.Authenticator",
            "account.EmailAddress",
            "account.EmailConfirmation",
        ),
        ground=_("To let employees log in and to know who may do what."),
        until=_("as long as the person works for the city; an administrator ends it"),
    ),
)
nothing_personal(
    "auth.Group",
    "auth.Permission",
    "contenttypes.ContentType",
    because="it describes the software",
)
nothing_personal("common.RetentionRun", because="counts and moments of the portal's own work")
