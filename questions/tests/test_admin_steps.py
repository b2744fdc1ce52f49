"""The outbox in Django admin: what is stuck, said in words, and the two things to do about it."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from common.models import Event
from questions.actions.mailbox import test_mailbox as ask_mailbox_test
from questions.actions.sending import AWAY
from questions.admin_steps import explanation
from questions.models import Step
from questions.testing.rows import make_department, routed

pytestmark = pytest.mark.django_db
LIST = reverse("admin:questions_step_changelist")
CITIZEN = "fatima@burger.example"


@pytest.fixture
def asked(specialist):
    """A question with three steps: to route, a receipt, a mail to the department."""
    return routed(make_department("mobiliteit", specialist))


@pytest.fixture
def stuck(asked):
    now = timezone.now()
    Step.objects.filter(kind=Step.Kind.TO_DEPARTMENT).update(
        attempts=3, error="refused", stuck_at=now, due_at=now + timedelta(hours=1)
    )
    return Step.objects.get(kind=Step.Kind.TO_DEPARTMENT)


def page_of(client, address=LIST, **query):
    answer = client.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def detail(step):
    return reverse("admin:questions_step_change", args=[step.pk])


def act(client, action, *steps):
    keys = [str(step.pk) for step in steps]
    answer = client.post(LIST, {"action": action, "_selected_action": keys}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_says_what_is_wrong_and_never_a_citizens_address(stuck, administrator_client):
    for page in (
        page_of(administrator_client, stands="stuck"),
        page_of(administrator_client, detail(stuck)),
    ):
        assert explanation(stuck) in page
        assert stuck.escalation.reference in page
        assert CITIZEN not in page


def test_the_filter_sorts_stuck_open_done_and_dropped(stuck, administrator_client):
    Step.objects.filter(kind=Step.Kind.ROUTE).update(done_at=timezone.now())
    Step.objects.filter(kind=Step.Kind.RECEIPT).update(dropped_at=timezone.now())
    found = {
        stands: page_of(administrator_client, stands=stands).count("field-how_it_stands")
        for stands in ("stuck", "open", "done", "dropped")
    }
    assert found == {"stuck": 1, "open": 1, "done": 1, "dropped": 1}


@pytest.mark.parametrize(
    "error",
    [
        *("no_mailbox", "refused", "cut_off", "SMTPDataError", "SMTPSenderRefused"),
        *("SMTPAuthenticationError", "SMTPRecipientsRefused", AWAY[0], "ZeroDivisionError"),
    ],
)
def test_each_error_has_its_own_words(stuck, error):
    stuck.error = error
    words = explanation(stuck)
    assert len(words) > 30
    assert (error in words) == (error == "ZeroDivisionError")


def test_a_citizens_address_that_is_refused_asks_for_something_else(stuck):
    at_department = explanation(stuck)
    stuck.kind = Step.Kind.ANSWER
    assert explanation(stuck) != at_department


def test_try_again_now_makes_it_due_and_leaves_a_trace(stuck, administrator, administrator_client):
    before = timezone.now()
    act(administrator_client, "try_again_now", stuck)
    stuck.refresh_from_db()
    assert before <= stuck.due_at <= timezone.now()
    assert stuck.stuck_at is not None  # until it succeeds
    event = Event.objects.get(kind="question.step_tried_again")
    assert (event.actor, event.subject) == (administrator.pk, stuck.escalation.question.public_id)


def test_dealt_with_otherwise_ends_it_once(stuck, administrator_client):
    for _ in range(2):
        act(administrator_client, "dealt_with_otherwise", stuck)
    stuck.refresh_from_db()
    assert stuck.dropped_at is not None
    assert Event.objects.filter(kind="question.step_dropped").count() == 1
    act(administrator_client, "try_again_now", stuck)
    assert not Event.objects.filter(kind="question.step_tried_again").exists()


def test_nobody_takes_away_the_way_of_a_question_to_its_department(asked, administrator_client):
    route = Step.objects.get(kind=Step.Kind.ROUTE)
    act(administrator_client, "dealt_with_otherwise", route)
    route.refresh_from_db()
    assert route.dropped_at is None


def test_nothing_is_changed_added_or_removed_by_hand(stuck, administrator_client):
    assert administrator_client.post(detail(stuck), {"attempts": 0}).status_code == 403
    for name, arguments in (("add", []), ("delete", [stuck.pk])):
        address = reverse(f"admin:questions_step_{name}", args=arguments)
        assert administrator_client.get(address).status_code == 403


def test_the_test_of_a_mailbox_shows_how_it_went(asked, administrator, administrator_client):
    step = ask_mailbox_test(department=asked.department, by=administrator, now=timezone.now())
    Step.objects.filter(pk=step.pk).update(done_at=timezone.now())
    row = page_of(administrator_client, kind__exact=Step.Kind.MAILBOX_TEST)
    assert row.count("field-how_it_stands") == 1
    assert page_of(administrator_client, detail(step))


def test_ten_times_as_many_rows_cost_the_same_queries(
    stuck, administrator_client, django_assert_max_num_queries
):
    page_of(administrator_client)
    for _ in range(27):
        Step.objects.create(
            kind=Step.Kind.REPLIED,
            key=str(uuid.uuid4()),
            escalation=stuck.escalation,
            department=stuck.department,
            asked_at=timezone.now(),
            due_at=timezone.now(),
        )
    with django_assert_max_num_queries(14):
        assert page_of(administrator_client).count("field-how_it_stands") == 30


def test_others_do_not_come_in(stuck, agent_client, specialist_client, stranger_client, citizen):
    for client in (agent_client, specialist_client, stranger_client, citizen):
        assert client.get(LIST).status_code != 200
        assert client.get(detail(stuck)).status_code != 200
        chosen = {"action": "dealt_with_otherwise", "_selected_action": [stuck.pk]}
        assert client.post(LIST, chosen).status_code != 200
    stuck.refresh_from_db()
    assert stuck.dropped_at is None
