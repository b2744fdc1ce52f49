"""Accounts in Django admin."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_the_second_step_of_who_lost_the_phone_is_removed(administrator_client, agent):
    Authenticator.objects.create(user=agent, type="totp", data={})
    answer = administrator_client.post(
        reverse("admin:accounts_user_changelist"),
        {"action": "remove_second_step", "_selected_action": [agent.pk]},
    )
    assert answer.status_code == 302
    assert not Authenticator.objects.exists()


def test_secrets_of_the_second_step_are_not_shown(administrator_client):
    assert "mfa" not in administrator_client.get(reverse("admin:index")).content.decode()
