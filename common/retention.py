"""How long personal data is kept, why, and what ends it.

Each room says in its `retention.py` (imported by its `apps.py`) what becomes of each of its models:
a `Policy` that ends by itself, a `Standing` that lasts as long as its reason, or nothing personal.
A test fails for a model that nobody names.

`apply_all` does what is due by its date, so a missed night is made up for by the next run, a killed
one is taken up where it stopped, and two at once share the work.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.db import connection, models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.models import RetentionRun
from common.registry import Registry
from common.remains import wipe_remains

log = logging.getLogger(__name__)

BATCH = 100  # rows in one transaction: short enough not to keep a citizen's text waiting
REMAINS = "remains"


class Outcome(models.TextChoices):
    ANONYMISE = "anonymise", _("made anonymous")
    DELETE = "delete", _("deleted")


class Batch(Protocol):
    """Ends at most `limit` of what is due and returns how many; 0 when nothing is left.

    Due is what ended at `before` or earlier. Runs in a transaction of its own. Two at once must not
    do the same row twice: lock with `skip_locked`, or update under a condition.
    """

    def __call__(self, *, now: datetime, before: datetime, limit: int) -> int: ...


@dataclass(frozen=True)
class Policy:
    """Personal data that ends by itself. `ground` says in one sentence why it is kept till then."""

    title: str | Promise
    models: tuple[str, ...]
    ground: str | Promise
    outcome: Outcome
    days: Callable[[], int]
    batch: Batch


@dataclass(frozen=True)
class Standing:
    """Personal data that is kept as long as its reason lasts; `until` says how long that is."""

    title: str | Promise
    models: tuple[str, ...]
    ground: str | Promise
    until: str | Promise


POLICIES: Registry[Policy] = Registry("retention policies")
STANDING: Registry[Standing] = Registry("standing personal data")
NOTHING_PERSONAL: dict[str, str] = {}


def nothing_personal(*labels: str, because: str) -> None:
    """Says of models (`app.Model`) that their rows are about nobody, and why."""
    NOTHING_PERSONAL.update(dict.fromkeys(labels, because))


def named_models() -> set[str]:
    """Every model of which somebody said what becomes of it."""
    kept = [label for held in (*POLICIES, *STANDING) for label in held.models]
    return {*kept, *NOTHING_PERSONAL}


def apply_all(*, now: datetime) -> list[RetentionRun]:
    """Applies every policy, then removes what deleted rows leave in the database's own files.

    Returns the reports. A policy that fails does not keep the others from theirs. Call it outside a
    transaction.
    """
    reports = [_apply(key, policy, now=now) for key, policy in POLICIES.items()]
    tables = [label for policy in POLICIES for label in policy.models]
    return [*reports, _report(REMAINS, None, lambda run: wipe_remains(tables), now=now)]


def _apply(key: str, policy: Policy, *, now: datetime) -> RetentionRun:
    days = policy.days()
    before = now - timedelta(days=days)

    def end_what_is_due(run: RetentionRun) -> None:
        while _end_some(policy, run, now=now, before=before):
            pass

    return _report(key, days, end_what_is_due, now=now)


@transaction.atomic
def _end_some(policy: Policy, run: RetentionRun, *, now: datetime, before: datetime) -> int:
    """One batch, and its count in the same transaction: a kill between the two is impossible."""
    done = policy.batch(now=now, before=before, limit=BATCH)
    if done:
        RetentionRun.objects.filter(pk=run.pk).update(count=F("count") + done)
    return done


def _report(
    key: str, days: int | None, work: Callable[[RetentionRun], None], *, now: datetime
) -> RetentionRun:
    run = RetentionRun.objects.create(policy=key, days=days, started_at=now)
    try:
        work(run)
    except Exception as error:
        log.error("retention of %s failed: %s", key, type(error).__name__)
        run.error = type(error).__name__[:100]
        if connection.errors_occurred and not connection.is_usable():
            connection.close()  # the next policy gets a new one
    run.ended_at = timezone.now()
    run.save(update_fields=["ended_at", "error"])
    run.refresh_from_db()
    return run
