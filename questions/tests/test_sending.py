"""The outbox: nothing is lost, whatever the mail server does and whoever is killed."""

import logging
import threading
import time
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from city.hours import BRUSSELS
from city.models import CityContact
from common.models import Event
from common.testing import smtp
from common.testing.races import at_once
from questions import letters, tasks
from questions.actions import answering, routing, sending
from questions.actions.sending import HOLD, RUN_TAKES, STUCK_AFTER, WAITS_MINUTES, work_off
from questions.models import Escalation, Step
from questions.states import State
from questions.testing.rows import make_department, passed_on, routed

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 8, 10, tzinfo=BRUSSELS)  # a Monday
Kind = Step.Kind


def after(**more: float) -> datetime:
    return NOW + timedelta(**more)


@pytest.fixture
def mobility(specialist):
    CityContact.objects.create(name="Stad Hasselt", email="info@stad.test", phone="011 00 00 00")
    return make_department("mobiliteit", specialist)


@pytest.fixture
def asked(mobility, mail_server):
    """Registered this moment; nothing was done yet."""
    return passed_on(mobility, now=NOW)


@pytest.fixture
def to_department(mobility, mail_server):
    """One step alone: the mail to the department."""
    escalation = routed(mobility, now=NOW)
    Step.objects.exclude(kind=Kind.TO_DEPARTMENT).update(done_at=NOW)
    return Step.objects.get(escalation=escalation, kind=Kind.TO_DEPARTMENT)


class Killed(BaseException):
    """What no `except Exception` sees, like a signal."""


def kill(*args, **kwargs):
    raise Killed


def fresh(row):
    row.refresh_from_db()
    return row


def open_kinds() -> list[str]:
    return list(sending.open_steps().order_by("pk").values_list("kind", flat=True))


def test_a_question_is_routed_and_both_are_mailed_in_one_run(asked, mail_server):
    assert work_off(now=NOW) == 3
    assert fresh(asked).state == State.ROUTED
    assert sorted(mail_server.recipients) == ["fatima@burger.example", "mobiliteit@test.example"]
    assert open_kinds() == []
    ids = {str(mail["Message-ID"]).split("@")[0].strip("<") for mail in mail_server.taken}
    assert ids == {str(step.message_id) for step in Step.objects.exclude(kind=Kind.ROUTE)}


def test_a_second_run_does_nothing_again(asked, mail_server):
    assert [work_off(now=after(minutes=n)) for n in (0, 1, 60)] == [3, 0, 0]
    assert len(mail_server.taken) == 2


def test_a_receipt_waits_for_the_department_but_not_for_ever(asked, mail_server):
    Step.objects.filter(kind=Kind.ROUTE).update(due_at=after(days=1))
    work_off(now=NOW)
    receipt = Step.objects.get(kind=Kind.RECEIPT)
    assert (receipt.done_at, receipt.attempts, receipt.due_at) == (None, 0, after(seconds=20))
    work_off(now=after(minutes=5))
    assert mail_server.recipients == ["fatima@burger.example"]


def test_refused_for_now_it_waits_longer_each_time_and_is_a_problem_after_three(
    to_department, mail_server, caplog
):
    mail_server.to_recipient = ["451 Later"] * 6
    now, seen = NOW, []
    for minutes in (*WAITS_MINUTES, WAITS_MINUTES[-1]):
        work_off(now=now)
        step = fresh(to_department)
        seen.append(step.stuck_at is not None)
        assert step.due_at == now + timedelta(minutes=minutes)
        assert step.error == "SMTPRecipientsRefused"
        now = step.due_at
    assert seen == [False, False, True, True, True]
    assert step.stuck_at == after(minutes=6)  # since the third, not since the last
    assert Event.objects.filter(kind="question.step_stuck").count() == 1
    assert "mobiliteit@" not in caplog.text
    mail_server.to_recipient = []
    work_off(now=now)
    step = fresh(to_department)
    assert (step.done_at, step.stuck_at, step.error) == (now, None, "")


def test_an_address_that_does_not_exist_is_a_problem_at_once_and_tried_each_hour(
    to_department, mail_server
):
    mail_server.to_recipient = ["550 No such user"] * 2
    work_off(now=NOW)
    step = fresh(to_department)
    assert (step.stuck_at, step.error, step.due_at) == (NOW, "refused", after(hours=1))
    work_off(now=after(hours=1))
    assert fresh(to_department).due_at == after(hours=2)
    work_off(now=after(hours=2))
    assert (fresh(to_department).stuck_at, to_department.done_at) == (None, after(hours=2))


def test_a_department_that_lost_its_mailbox_is_a_problem_until_it_has_one_again(
    to_department, mobility, mail_server
):
    mobility.email = ""
    mobility.save()
    work_off(now=NOW)
    assert (fresh(to_department).error, to_department.stuck_at) == ("no_mailbox", NOW)
    mobility.email = "nieuw@test.example"
    mobility.save()
    work_off(now=after(hours=1))
    assert mail_server.recipients == ["nieuw@test.example"]
    assert fresh(to_department).stuck_at is None


def test_when_the_server_is_away_the_others_wait_and_go_at_once_when_it_is_back(
    mobility, mail_server, settings
):
    for _ in range(4):
        routed(mobility, now=NOW)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9  # nobody there
    for number in range(5):
        work_off(now=after(seconds=20 * number))
    tried = sending.open_steps().filter(attempts=1)
    assert tried.count() == 5  # one in each run
    assert mail_server.taken == []
    settings.EMAIL_PORT = port
    # The first success of one that failed lets those go that would wait longer.
    tried.update(due_at=after(hours=1))
    tried.filter(pk=tried.first().pk).update(due_at=NOW)
    for _ in range(2):
        work_off(now=after(minutes=3))
    assert open_kinds() == []
    assert len({mail["Message-ID"] for mail in mail_server.taken}) == len(mail_server.taken) == 8


def test_a_question_is_routed_while_the_mail_server_is_away(asked, mail_server, settings):
    settings.EMAIL_PORT = 9
    Step.objects.exclude(kind=Kind.ROUTE).update(due_at=after(days=-1))  # mails wait in front
    work_off(now=NOW)
    assert fresh(asked).state == State.ROUTED


@pytest.mark.parametrize("end", [smtp.DIE, smtp.STALL])
def test_taken_without_a_word_it_goes_again_as_the_same_mail(to_department, mail_server, end):
    mail_server.to_content = [end]
    work_off(now=NOW)
    assert fresh(to_department).done_at is None
    work_off(now=after(minutes=1))
    first, second = mail_server.taken
    assert first["Message-ID"] == second["Message-ID"]
    assert fresh(to_department).done_at == after(minutes=1)


@pytest.mark.parametrize("where", ["_carry_out", "_finish"])
def test_killed_after_the_claim_it_comes_back_when_the_hold_is_over(
    to_department, mail_server, monkeypatch, where
):
    with monkeypatch.context() as patch:
        patch.setattr(sending, where, kill)
        with pytest.raises(Killed):
            work_off(now=NOW)
    work_off(now=NOW + HOLD - timedelta(seconds=1))
    assert fresh(to_department).done_at is None
    work_off(now=NOW + HOLD)
    assert fresh(to_department).done_at == NOW + HOLD
    assert len({mail["Message-ID"] for mail in mail_server.taken}) == 1


def test_killed_in_the_middle_of_routing_the_question_is_routed_once(
    asked, mail_server, monkeypatch
):
    with monkeypatch.context() as patch:
        patch.setattr(routing, "want", kill)  # within the transaction
        with pytest.raises(Killed):
            work_off(now=NOW)
    assert fresh(asked).state == State.NEW
    with monkeypatch.context() as patch:
        patch.setattr(sending, "_finish", kill)  # after its commit
        with pytest.raises(Killed):
            work_off(now=NOW + HOLD)
    assert fresh(asked).state == State.ROUTED
    work_off(now=NOW + 2 * HOLD)
    assert list(asked.entries.values_list("kind", flat=True)) == ["asked", "routed"]
    assert Step.objects.filter(kind=Kind.TO_DEPARTMENT).count() == 1
    assert open_kinds() == []


def test_a_step_that_kills_each_time_becomes_a_problem_and_pauses(
    to_department, mail_server, monkeypatch
):
    monkeypatch.setattr(letters, "send", kill)
    now = NOW
    for _ in range(STUCK_AFTER + 1):
        with pytest.raises(Killed):
            work_off(now=now)
        now = fresh(to_department).due_at
    assert to_department.error == "cut_off"
    assert to_department.stuck_at is not None
    assert to_department.due_at - to_department.stuck_at >= timedelta(minutes=15)


def test_the_limit_of_the_task_is_no_fault_of_the_step(to_department, mail_server, monkeypatch):
    def too_long(step, now):
        raise sending.SoftTimeLimitExceeded

    with monkeypatch.context() as patch:
        patch.setattr(letters, "send", too_long)
        with pytest.raises(sending.SoftTimeLimitExceeded):
            work_off(now=NOW)
    assert (fresh(to_department).error, to_department.due_at) == ("", NOW + HOLD)
    work_off(now=NOW + HOLD)
    assert len(mail_server.taken) == 1


def test_a_mail_that_cannot_be_made_does_not_keep_the_others(asked, mail_server, monkeypatch):
    made = letters.letter_of

    def fail_for_the_citizen(step, now):
        if step.kind == Kind.RECEIPT:
            raise ZeroDivisionError
        return made(step, now=now)

    monkeypatch.setattr(letters, "letter_of", fail_for_the_citizen)
    work_off(now=NOW)
    assert mail_server.recipients == ["mobiliteit@test.example"]
    assert Step.objects.get(kind=Kind.RECEIPT).error == "ZeroDivisionError"


def test_a_run_takes_some_and_wakes_itself_for_the_others(mobility, mail_server, monkeypatch):
    woken = []
    monkeypatch.setattr(tasks, "wake", woken.append)
    now = timezone.now()
    for _ in range(RUN_TAKES // 2 + 1):
        routed(mobility, now=now)
    Step.objects.filter(kind=Kind.ROUTE).update(done_at=now)
    tasks.work_off()
    assert (len(mail_server.taken), len(woken)) == (RUN_TAKES, 1)
    tasks.work_off()
    assert (len(mail_server.taken), len(woken)) == (RUN_TAKES + 2, 1)


def test_the_hold_is_longer_than_a_run_and_the_clock_looks_every_20_seconds(settings):
    entry = settings.CELERY_BEAT_SCHEDULE["questions-sweep"]
    assert (entry["task"], entry["schedule"]) == (tasks.work_off.name, 20)
    assert timedelta(seconds=tasks.work_off.time_limit) < HOLD


# --- still wanted? -------------------------------------------------------------------------------


def close(escalation, specialist):
    outcome = answering.Outcome.NOT_FOR_CITY
    answering.close(
        escalation=escalation, outcome=outcome, text="Zie De Lijn.", by=specialist, now=NOW
    )


def test_closed_in_the_moment_between_claim_and_mail_nothing_goes_to_the_department(
    to_department, specialist, mail_server, monkeypatch
):
    claim = sending._claim

    def then_close(*args, **kwargs):
        won = claim(*args, **kwargs)
        monkeypatch.setattr(sending, "_claim", claim)
        close(to_department.escalation, specialist)
        return won

    monkeypatch.setattr(sending, "_claim", then_close)
    work_off(now=NOW)
    assert mail_server.recipients == []
    assert fresh(to_department).dropped_at == NOW
    assert to_department.done_at is None


def test_what_the_old_department_was_to_be_told_is_dropped_when_the_question_moved(
    to_department, agent, mail_server
):
    housing = make_department("wonen")
    routing.send_to_department(
        escalation=to_department.escalation,
        department=housing,
        by=agent,
        now=NOW,
        client_ref=to_department.message_id,
    )
    work_off(now=NOW)
    assert sorted(mail_server.recipients) == ["fatima@burger.example", "wonen@test.example"]
    assert fresh(to_department).dropped_at == NOW


def test_what_a_person_dropped_while_the_server_was_away_does_not_go(to_department, mail_server):
    Step.objects.update(dropped_at=NOW)
    assert work_off(now=NOW) == 0
    assert mail_server.taken == []


def test_what_was_anonymised_meanwhile_is_mailed_to_nobody(to_department, mail_server):
    Escalation.objects.update(
        **{"anonymised_at": NOW, "state": State.CLOSED, "closed_at": NOW, "due_at": None},
        **dict.fromkeys(("text", "name", "mail", "phone", "origin"), ""),
    )
    work_off(now=NOW)
    assert mail_server.taken == []
    assert fresh(to_department).dropped_at == NOW


# --- at once -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_four_workers_at_once_one_sends_each(asked, mail_server):
    assert sum(at_once(*[lambda: work_off(now=NOW)] * 4)) == 3
    work_off(now=after(seconds=30))  # a receipt may have waited for its department
    assert sorted(mail_server.recipients) == ["fatima@burger.example", "mobiliteit@test.example"]
    assert asked.entries.count() == 2


def test_another_worker_claims_it_between_our_read_and_our_claim(
    to_department, mail_server, monkeypatch
):
    claim = sending._claim

    def second(*args, **kwargs):
        monkeypatch.setattr(sending, "_claim", claim)
        assert work_off(now=NOW) == 1
        return claim(*args, **kwargs)

    monkeypatch.setattr(sending, "_claim", second)
    assert work_off(now=NOW) == 0
    assert len(mail_server.taken) == 1


@pytest.mark.django_db(transaction=True)
def test_a_slow_mail_server_holds_no_lock(to_department, mail_server):
    mail_server.to_content = [smtp.STALL]

    def send():
        try:
            work_off(now=NOW)
        finally:
            connection.close()

    sending_thread = threading.Thread(target=send)
    sending_thread.start()
    while not mail_server.taken:
        time.sleep(0.01)
    began = time.monotonic()
    Escalation.objects.update(name="An")  # the server has not answered yet
    assert time.monotonic() - began < 0.5
    sending_thread.join()


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_does_not_keep_anybody_from_asking(mobility, monkeypatch, caplog):
    monkeypatch.setattr("celery.current_app.send_task", kill_as_broker)
    caplog.set_level(logging.CRITICAL)
    assert passed_on(mobility, now=NOW).steps.count() == 2


def kill_as_broker(*args, **kwargs):
    raise ConnectionError("no broker")
