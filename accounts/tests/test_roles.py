"""Roles open doors, and only for those who are active."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.access import staff_door
from accounts.models import Role, User

pytestmark = pytest.mark.django_db


def enter(user, *roles: str) -> HttpResponse:
    @staff_door(*roles)
    def view(request):
        return HttpResponse("in")

    request = RequestFactory().get("/deur/?x=1")
    request.user = user
    return view(request)


def test_the_role_opens_the_door(agent):
    assert enter(agent, Role.AGENT).content == b"in"


def test_one_of_several_roles_is_enough(supervisor):
    assert enter(supervisor, Role.AGENT, Role.SUPERVISOR).content == b"in"


def test_another_role_does_not(specialist):
    with pytest.raises(PermissionDenied):
        enter(specialist, Role.AGENT)


def test_a_door_without_roles_opens_to_any_role_but_not_to_a_stranger(desk_clerk, stranger):
    assert enter(desk_clerk).content == b"in"
    with pytest.raises(PermissionDenied):
        enter(stranger)


def test_the_first_account_of_the_command_line_is_an_administrator(db):
    root = User.objects.create_superuser("root@test.example", "x", first_name="Root")
    assert enter(root, Role.ADMINISTRATOR).status_code == 200
    with pytest.raises(PermissionDenied):
        enter(root, Role.AGENT)


def test_without_login_the_way_back_is_kept():
    from django.contrib.auth.models import AnonymousUser

    answer = enter(AnonymousUser(), Role.AGENT)
    assert answer["Location"] == "/aanmelden/?next=/deur/%3Fx%3D1"


def test_only_an_administrator_holds_permissions_in_the_admin(administrator, agent):
    assert administrator.is_staff
    assert administrator.has_perm("accounts.change_user")
    assert administrator.has_module_perms("accounts")
    assert not agent.is_staff
    assert not agent.has_perm("accounts.change_user")


def test_who_is_switched_off_holds_nothing(administrator):
    administrator.is_active = False
    assert not administrator.has_role(Role.ADMINISTRATOR)
    assert not administrator.is_staff
    assert not administrator.has_perm("accounts.change_user")


def test_a_role_is_granted_once(agent):
    with pytest.raises(IntegrityError):
        agent.role_grants.create(role=Role.AGENT)


def test_addresses_are_kept_in_lower_case_and_once(db):
    User.objects.create_user("Els@Test.example", first_name="Els")
    with pytest.raises(IntegrityError):
        User.objects.create_user("ELS@test.example", first_name="Els")


def test_roles_are_read_once_per_person(agent, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert agent.has_role(Role.AGENT)
        assert not agent.has_role(Role.SUPERVISOR)
