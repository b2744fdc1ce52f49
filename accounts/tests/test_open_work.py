"""A person with open work cannot simply be switched off, by whatever path in the admin."""

import pytest
from django.urls import reverse

from accounts.actions import switch_off
from accounts.models import User
from accounts.open_work import OPEN_WORK, OpenWork
from common.errors import RuleBroken

pytestmark = pytest.mark.django_db
OPEN = "Anke heeft nog 2 dossiers open."


@pytest.fixture
def work(monkeypatch):
    """Work that needs the role of agent; the set holds who has some."""
    busy: set[int] = set()
    item = OpenWork(
        roles=("agent", "supervisor"), sentences=lambda user: [OPEN] if user.pk in busy else []
    )
    monkeypatch.setattr(OPEN_WORK, "_items", {"test": item})
    return busy


@pytest.fixture
def busy_agent(agent, work):
    work.add(agent.pk)
    return agent


def save(client, user, *, is_active=True, grants=None):
    """Posts the form of a person; `grants` are (role, remove): first the roles that stand."""
    rows = list(user.role_grants.order_by("pk"))
    grants = grants or [(row.role, False) for row in rows]
    form = {
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "role_grants-TOTAL_FORMS": len(grants),
        "role_grants-INITIAL_FORMS": len(rows),
    }
    if is_active:
        form["is_active"] = "on"
    for number, (role, remove) in enumerate(grants):
        form[f"role_grants-{number}-user"] = user.pk
        form[f"role_grants-{number}-role"] = role
        if number < len(rows):
            form[f"role_grants-{number}-id"] = rows[number].pk
        if remove:
            form[f"role_grants-{number}-DELETE"] = "on"
    return client.post(reverse("admin:accounts_user_change", args=[user.pk]), form)


def roles_of(user):
    return set(User.objects.get(pk=user.pk).role_set())


def is_active(user):
    return User.objects.get(pk=user.pk).is_active


def test_the_form_refuses_to_switch_off_who_has_open_work(busy_agent, administrator_client):
    answer = save(administrator_client, busy_agent, is_active=False)
    assert answer.status_code == 200
    assert OPEN in answer.content.decode()
    assert is_active(busy_agent)


def test_the_form_switches_off_who_has_none(agent, work, administrator_client):
    assert save(administrator_client, agent, is_active=False).status_code == 302
    assert not is_active(agent)


def test_the_form_refuses_to_take_the_last_role_that_the_work_needs(
    busy_agent, administrator_client
):
    answer = save(administrator_client, busy_agent, grants=[("agent", True)])
    assert answer.status_code == 200
    assert OPEN in answer.content.decode()
    assert roles_of(busy_agent) == {"agent"}


def test_the_form_refuses_to_change_that_role_into_another(busy_agent, administrator_client):
    save(administrator_client, busy_agent, grants=[("specialist", False)])
    assert roles_of(busy_agent) == {"agent"}


def test_who_keeps_a_role_for_the_work_may_lose_the_other(busy_agent, administrator_client):
    busy_agent.role_grants.create(role="supervisor")
    answer = save(administrator_client, busy_agent, grants=[("agent", True), ("supervisor", False)])
    assert answer.status_code == 302
    assert roles_of(busy_agent) == {"supervisor"}


def test_a_role_may_be_swapped_for_another_that_does_the_work(busy_agent, administrator_client):
    answer = save(administrator_client, busy_agent, grants=[("agent", True), ("supervisor", False)])
    assert answer.status_code == 302
    assert roles_of(busy_agent) == {"supervisor"}


def test_the_bulk_action_leaves_who_has_open_work_and_says_why(
    busy_agent, second_agent, administrator_client
):
    answer = administrator_client.post(
        reverse("admin:accounts_user_changelist"),
        {"action": "switch_off", "_selected_action": [busy_agent.pk, second_agent.pk]},
        follow=True,
    )
    told = [str(message) for message in answer.context["messages"]]
    assert OPEN in told
    assert is_active(busy_agent)
    assert not is_active(second_agent)


def test_an_account_is_never_deleted_with_or_without_work(busy_agent, administrator_client):
    delete = reverse("admin:accounts_user_delete", args=[busy_agent.pk])
    assert administrator_client.post(delete, {"post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": [busy_agent.pk], "post": "yes"}
    administrator_client.post(reverse("admin:accounts_user_changelist"), bulk)
    assert User.objects.filter(pk=busy_agent.pk).exists()


def test_the_action_refuses_by_itself(busy_agent):
    with pytest.raises(RuleBroken) as refused:
        switch_off(user=busy_agent)
    assert refused.value.code == "open_work"
    assert refused.value.params["sentences"] == OPEN


def test_a_new_person_is_added_without_looking_for_work(administrator_client, work):
    answer = administrator_client.post(
        reverse("admin:accounts_user_add"),
        {
            "email": "nieuw@test.example",
            "first_name": "Nel",
            "password1": "een-lang-wachtwoord-1",
            "password2": "een-lang-wachtwoord-1",
            "role_grants-TOTAL_FORMS": 1,
            "role_grants-INITIAL_FORMS": 0,
            "role_grants-0-role": "agent",
        },
    )
    assert answer.status_code == 302
    assert roles_of(User.objects.get(first_name="Nel")) == {"agent"}
