"""Questions that were passed on, their rules and their departments, in the admin."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from city.models import Department
from questions.actions import answering
from questions.models import Escalation, QuestionRules, Step
from questions.retention import anonymise_questions
from questions.testing.rows import make_department, passed_on, routed

pytestmark = pytest.mark.django_db
LIST = reverse("admin:questions_escalation_changelist")
RULES = reverse("admin:questions_questionrules_changelist")


@pytest.fixture
def mobility(specialist):
    return make_department("mobiliteit", specialist)


@pytest.fixture
def asked(mobility, agent):
    return routed(mobility, by=agent, text="Staat er een <b>kadedijk</b>?")


def detail(escalation, page="change"):
    return reverse(f"admin:questions_escalation_{page}", args=[escalation.pk])


def hits(client, query) -> int:
    return int(client.get(f"{LIST}?{query}").context["cl"].result_count)


def answer(asked, by, now=None):
    answering.answer(
        escalation=asked,
        text="De sleutelbloem.",
        by=by,
        now=now or timezone.now(),
        client_ref=uuid.uuid4(),
    )


def test_the_list_is_searched_by_reference_and_words(asked, mobility, specialist, client_of):
    routed(mobility, text="Iets anders")
    answer(asked, specialist)
    sloppy = asked.reference.replace("-", " ").lower().replace(" ", "%20")
    for query, count in (
        *((f"q={asked.reference}", 1), (f"q={sloppy}", 1), ("q=kadedijk", 1)),
        *(("q=sleutelbloem", 1), ("q=xyz", 0)),
    ):
        assert hits(client_of, query) == count, query


def test_the_list_is_filtered(asked, mobility, specialist, client_of):
    answered = routed(mobility)
    answer(answered, specialist)
    passed_on(None, now=timezone.now() - timedelta(days=60))
    for query, count in (
        *(("state__exact=routed", 1), ("term=overdue", 1), ("term=running", 1), ("term=x", 3)),
        *((f"department__id__exact={mobility.pk}", 2), ("question__outcome__exact=answered", 1)),
        *(("question__channel__exact=phone", 3), ("question__channel__exact=form", 0)),
    ):
        assert hits(client_of, query) == count, query


@pytest.fixture
def client_of(administrator_client):
    return administrator_client


def test_the_list_costs_the_same_for_many(mobility, client_of, django_assert_max_num_queries):
    for _ in range(25):
        routed(mobility)
    with django_assert_max_num_queries(14):
        client_of.get(LIST)


def test_the_course_is_read_and_nothing_is_changed(asked, client_of):
    page = client_of.get(detail(asked)).content.decode()
    assert "&lt;b&gt;kadedijk" in page
    assert reverse("question-detail", args=[asked.question.public_id]) in page
    assert page.count('class="field-said"') == asked.entries.count()
    assert client_of.post(detail(asked), {"text": "x"}).status_code == 403
    assert client_of.post(detail(asked, "delete"), {"post": "yes"}).status_code == 403
    assert client_of.get(reverse("admin:questions_escalation_add")).status_code == 403
    assert Escalation.objects.get().text == asked.text


def test_it_says_when_the_words_go_and_that_they_went(asked, specialist, client_of):
    assert "365" in client_of.get(detail(asked)).content.decode()
    answer(asked, specialist)
    answering.close_satisfied(escalation=asked, now=timezone.now())
    assert client_of.get(detail(asked)).status_code == 200
    later = timezone.now() + timedelta(days=1)
    anonymise_questions(now=later, before=later, limit=10)
    page = client_of.get(detail(asked)).content.decode()
    assert "entries-group" not in page
    assert "kadedijk" not in page
    assert client_of.get(LIST).status_code == 200


def test_others_do_not_come_in(asked, agent_client, stranger_client, citizen):
    for client in (agent_client, stranger_client, citizen):
        for address in (LIST, detail(asked), RULES):
            assert client.get(address).status_code == 302


def test_the_rules_are_one_row(client_of):
    add = reverse("admin:questions_questionrules_add")
    rules = {
        field.name: getattr(QuestionRules(), field.name)
        for field in QuestionRules._meta.fields
        if field.name != "id"
    }
    assert client_of.post(add, {**rules, "reminder_percent": 99}).status_code == 200
    assert client_of.post(add, {**rules, "retention_days": 30}).status_code == 302
    row = QuestionRules.objects.get()
    assert QuestionRules.current().retention_days == 30
    assert client_of.get(RULES).url == reverse(
        "admin:questions_questionrules_change", args=[row.pk]
    )
    assert client_of.get(add).status_code == 403
    delete = reverse("admin:questions_questionrules_delete", args=[row.pk])
    assert client_of.post(delete, {"post": "yes"}).status_code == 403


# --- the page of a department --------------------------------------------------------------------


def test_a_department_with_an_open_question_stays(asked, mobility, specialist, client_of):
    address = reverse("admin:city_department_change", args=[mobility.pk])
    form = {
        **{"name": mobility.name, "email": mobility.email, "answer_hours": 16, "urgent_hours": 4},
        **{"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0},
    }
    assert client_of.post(address, form).context["errors"]
    assert Department.objects.get(pk=mobility.pk).is_active
    answer(asked, specialist)
    assert client_of.post(address, form).status_code == 302
    assert not Department.objects.get(pk=mobility.pk).is_active


def test_the_mailbox_is_tested_with_a_button(mobility, client_of):
    address = reverse("admin:city_department_button", args=[mobility.pk, "mailbox"])
    page = client_of.post(address, follow=True).content.decode()
    assert mobility.email in page
    step = Step.objects.get(kind=Step.Kind.MAILBOX_TEST)
    assert (step.department, step.person.first_name) == (mobility, "Frank")
    Department.objects.update(email="")
    answered = client_of.post(address, follow=True)
    assert [message.level_tag for message in answered.context["messages"]] == ["error"]
    assert Step.objects.filter(kind=Step.Kind.MAILBOX_TEST).count() == 1


def test_a_merge_takes_the_questions_along(asked, mobility, client_of):
    housing = make_department("wonen")
    address = reverse("admin:city_department_merge", args=[mobility.pk])
    assert 1 in [count for _, count in client_of.get(address).context["moving"][3:]]
    assert client_of.post(address, {"into": housing.pk}).status_code == 302
    asked.refresh_from_db()
    assert asked.department == housing
