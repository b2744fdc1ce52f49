"""Personal data ends when its time is over: every model has an answer, every run a report."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from common import retention
from common.models import Event, RetentionRun
from common.registry import Registry
from common.retention import Outcome, Policy, Standing
from common.tasks import apply_retention

NOW = timezone.now()
OLD = NOW - timedelta(days=11)
CANARY = "kanariepietje"
REPORTS = "admin:common_retentionrun_changelist"


def delete_events(*, now, before, limit):
    """A batch like those of the rooms: events of the test that are old enough."""
    old = Event.objects.filter(kind="test.old", at__lte=before).values_list("pk", flat=True)
    return Event.objects.filter(pk__in=list(old[:limit])).delete()[0]


def some_policy(batch=delete_events, days=10):
    return Policy(
        "Kanaries", ("common.Event",), "Om te testen.", Outcome.DELETE, lambda: days, batch
    )


def old_events(count, at=OLD, **details):
    Event.objects.bulk_create(
        Event(kind="test.old", at=at, subject=uuid4(), details=details) for _ in range(count)
    )


@pytest.fixture
def policies(monkeypatch):
    """An empty list of policies instead of the portal's own; nothing is written anew."""
    monkeypatch.setattr(retention, "POLICIES", Registry("policies of a test"))
    monkeypatch.setattr(retention, "wipe_remains", lambda labels: None)
    return retention.POLICIES


def concrete_models():
    return {model._meta.label for model in apps.get_models() if model._meta.managed}


def test_of_every_model_is_said_what_becomes_of_its_rows():
    # Missing? Name it in the retention.py of its room: a policy, standing, or nothing personal.
    assert concrete_models() - retention.named_models() == set()


def test_what_is_said_is_about_models_that_exist():
    assert retention.named_models() - concrete_models() == set()


def test_no_model_has_two_answers():
    kept = [label for held in (*retention.POLICIES, *retention.STANDING) for label in held.models]
    answers = Counter([*kept, *retention.NOTHING_PERSONAL])
    assert [label for label, count in answers.items() if count > 1] == []


def test_every_answer_has_a_reason():
    for held in (*retention.POLICIES, *retention.STANDING):
        assert str(held.title)
        assert len(str(held.ground)) > 20
    assert all(retention.NOTHING_PERSONAL.values())


@pytest.mark.django_db
def test_a_model_that_nobody_names_is_found(monkeypatch):
    monkeypatch.delitem(retention.NOTHING_PERSONAL, "common.RetentionRun")
    assert concrete_models() - retention.named_models() == {"common.RetentionRun"}


@pytest.mark.django_db
def test_what_is_due_ends_and_what_is_not_stays(policies):
    policies.register("test", some_policy())
    old_events(2)
    old_events(3, at=NOW - timedelta(days=9))
    report = retention.apply_all(now=NOW)[0]
    assert (report.policy, report.days, report.count, report.error) == ("test", 10, 2, "")
    assert report.ended_at is not None
    assert Event.objects.filter(kind="test.old").count() == 3


@pytest.mark.django_db
def test_the_last_day_counts_to_the_second(policies):
    policies.register("test", some_policy())
    old_events(1, at=NOW - timedelta(days=10))
    old_events(1, at=NOW - timedelta(days=10) + timedelta(seconds=1))
    assert retention.apply_all(now=NOW)[0].count == 1


@pytest.mark.django_db
def test_many_rows_go_in_batches(policies, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 4)
    sizes = []

    def batch(*, now, before, limit):
        sizes.append(delete_events(now=now, before=before, limit=limit))
        return sizes[-1]

    policies.register("test", some_policy(batch))
    old_events(10)
    assert retention.apply_all(now=NOW)[0].count == 10
    assert sizes == [4, 4, 2, 0]


@pytest.mark.django_db
def test_a_second_run_finds_nothing_to_do(policies):
    policies.register("test", some_policy())
    old_events(2)
    retention.apply_all(now=NOW)
    assert retention.apply_all(now=NOW)[0].count == 0


@pytest.mark.django_db
def test_a_policy_that_fails_does_not_stop_the_others(policies, caplog):
    def broken(*, now, before, limit):
        raise ValueError(f"DETAIL: Failing row contains ({CANARY})")

    policies.register("broken", some_policy(broken))
    policies.register("test", some_policy())
    old_events(2)
    first, second, _ = retention.apply_all(now=NOW)
    assert (first.error, first.count) == ("ValueError", 0)
    assert (second.error, second.count) == ("", 2)
    assert "retention of broken failed: ValueError" in caplog.text
    assert CANARY not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_run_that_breaks_halfway_keeps_what_it_did_and_the_next_goes_on(policies, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 4)
    batches = []

    def killed_in_the_second(*, now, before, limit):
        batches.append(delete_events(now=now, before=before, limit=limit))
        if len(batches) == 2:
            raise ConnectionError
        return batches[-1]

    policies.register("test", some_policy(killed_in_the_second))
    old_events(10)
    broken = retention.apply_all(now=NOW)[0]
    assert (broken.count, broken.error) == (4, "ConnectionError")
    assert Event.objects.filter(kind="test.old").count() == 6  # the broken batch was undone
    assert retention.apply_all(now=NOW)[0].count == 6


@pytest.mark.django_db
def test_a_killed_run_shows_as_not_finished(administrator_client):
    RetentionRun.objects.create(policy="sessions", days=0, started_at=NOW)
    page = administrator_client.get(reverse(REPORTS)).content.decode()
    assert gettext("not finished") in page
    assert gettext("not yet") in page


@pytest.mark.django_db
def test_an_administrator_reads_what_is_kept_how_long_and_when_it_was_done(administrator_client):
    RetentionRun.objects.create(
        policy="sessions", days=0, started_at=NOW, ended_at=NOW, count=4_217
    )
    page = administrator_client.get(reverse(REPORTS))
    text = page.content.decode()
    for held in (*retention.POLICIES, *retention.STANDING):
        assert str(held.title).split(":")[0].replace("'", "&#x27;") in text
    [line] = [line for line in page.context["kept_lines"] if line.last_at]
    assert line.last_count == 4_217


@pytest.mark.django_db
def test_the_table_knows_the_newest_run_that_succeeded(administrator_client):
    for days_ago, fields in ((2, {"count": 7}), (1, {"error": "ValueError"})):
        at = NOW - timedelta(days=days_ago)
        RetentionRun.objects.create(policy="sessions", started_at=at, ended_at=at, **fields)
    lines = administrator_client.get(reverse(REPORTS)).context["kept_lines"]
    assert [line.last_count for line in lines if line.last_at] == [7]


@pytest.mark.django_db
def test_nobody_writes_a_report_by_hand(administrator_client, agent_client):
    run = RetentionRun.objects.create(policy="sessions", started_at=NOW)
    change = reverse("admin:common_retentionrun_change", args=[run.pk])
    assert administrator_client.get(change).status_code == 200
    assert administrator_client.post(change, {"count": 9}).status_code == 403
    assert administrator_client.get(reverse("admin:common_retentionrun_add")).status_code == 403
    delete = reverse("admin:common_retentionrun_delete", args=[run.pk])
    assert administrator_client.post(delete, {"post": "yes"}).status_code == 403
    assert agent_client.get(reverse(REPORTS)).status_code != 200


@pytest.mark.django_db
def test_the_command_says_how_much_and_fails_loudly(policies, capsys):
    policies.register("test", some_policy())
    old_events(2)
    call_command("apply_retention")
    assert "test" in capsys.readouterr().out

    def broken(*, now, before, limit):
        raise ValueError(CANARY)

    policies.register("broken", some_policy(broken))
    with pytest.raises(CommandError):
        call_command("apply_retention")
    said = capsys.readouterr().out
    assert "ValueError" in said
    assert CANARY not in said


@pytest.mark.django_db
def test_the_nightly_task_applies_it(policies):
    policies.register("test", some_policy())
    old_events(2)
    apply_retention()
    assert RetentionRun.objects.get(policy="test").count == 2


def test_the_clock_calls_the_task_at_night():
    entry = settings.CELERY_BEAT_SCHEDULE["retention"]
    assert (entry["schedule"].hour, entry["schedule"].minute) == ({3}, {30})
    assert settings.CELERY_TIMEZONE == "Europe/Brussels"
    assert entry["task"] == apply_retention.name
    assert entry["task"] in current_app.tasks


@pytest.mark.django_db(transaction=True)
def test_what_was_deleted_is_not_left_in_the_files_of_the_database(monkeypatch):
    monkeypatch.setattr(retention, "POLICIES", Registry("policies of a test"))
    retention.POLICIES.register("test", some_policy())
    # Rows of several sizes, so that pages split and leave copies behind.
    for number in range(300):
        old_events(1, word=f"{CANARY}{number:04}" * (number % 50 + 1))
    reports = retention.apply_all(now=NOW)
    assert [(run.policy, run.error) for run in reports] == [("test", ""), ("remains", "")]
    assert reports[0].count == 300
    if connection.vendor == "sqlite":
        base = Path(connection.settings_dict["NAME"])
        files = [path for path in base.parent.glob(base.name + "*") if path.is_file()]
        assert base in files
        assert not [path for path in files if CANARY.encode() in path.read_bytes()]
    else:
        # An empty table gives its pages back when no dead row is left in them.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_relation_size('common_event')")
            assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_sqlite_overwrites_what_it_deletes():
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete")
            assert cursor.fetchone() == (1,)


@pytest.mark.django_db
def test_remains_that_cannot_be_removed_are_reported(policies, monkeypatch):
    def busy(labels):
        raise RuntimeError("the log of SQLite is still being read")

    monkeypatch.setattr(retention, "wipe_remains", busy)
    [report] = retention.apply_all(now=NOW)
    assert (report.policy, report.error) == ("remains", "RuntimeError")


def test_a_standing_has_no_end_of_its_own():
    assert all(isinstance(held, Standing) and str(held.until) for held in retention.STANDING)
