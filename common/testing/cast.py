"""The fixed cast of the tests: the same people in every room.

`agent` is a user and `agent_client` a browser in which that user is logged in; likewise for the
others. The citizen has no account, so `citizen` is a browser. The stranger has an account and no
role: every test that guards a door meets the stranger. Rooms below must not import rooms above,
so roles are given by name.
"""

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.test import Client

MakeUser = Callable[..., AbstractBaseUser]


@pytest.fixture
def make_user(db: None) -> MakeUser:
    """Makes an account: `make_user("Els", "agent", "supervisor")`."""

    def make(first_name: str, *roles: str) -> AbstractBaseUser:
        email = f"{first_name.lower()}@test.example"
        user = get_user_model().objects.create_user(email, first_name=first_name)
        for role in roles:
            user.role_grants.create(role=role)
        return user

    return make


@pytest.fixture
def citizen() -> Client:
    """A browser without a login."""
    return Client()


@pytest.fixture
def agent(make_user: MakeUser) -> AbstractBaseUser:
    return make_user("Anke", "agent")


@pytest.fixture
def second_agent(make_user: MakeUser) -> AbstractBaseUser:
    return make_user("Bram", "agent")


@pytest.fixture
def supervisor(make_user: MakeUser) -> AbstractBaseUser:
    return make_user("Carla", "supervisor")


@pytest.fixture
def specialist(make_user: MakeUser) -> AbstractBaseUser:
    return make_user("Dirk", "specialist")


@pytest.fixture
def desk_clerk(make_user: MakeUser) -> AbstractBaseUser:
    return make_user("Ellen", "desk")


@pytest.fixture
def administrator(make_user: MakeUser) -> AbstractBaseUser:
    return make_user("Frank", "administrator")


@pytest.fixture
def stranger(make_user: MakeUser) -> AbstractBaseUser:
    """Has an account but no role."""
    return make_user("Vera")


def logged_in(user: AbstractBaseUser) -> Client:
    """A browser in which `user` is logged in."""
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]  # the stubs know Django’s own user only
    return client


@pytest.fixture
def agent_client(agent: AbstractBaseUser) -> Client:
    return logged_in(agent)


@pytest.fixture
def second_agent_client(second_agent: AbstractBaseUser) -> Client:
    return logged_in(second_agent)


@pytest.fixture
def supervisor_client(supervisor: AbstractBaseUser) -> Client:
    return logged_in(supervisor)


@pytest.fixture
def specialist_client(specialist: AbstractBaseUser) -> Client:
    return logged_in(specialist)


@pytest.fixture
def desk_clerk_client(desk_clerk: AbstractBaseUser) -> Client:
    return logged_in(desk_clerk)


@pytest.fixture
def administrator_client(administrator: AbstractBaseUser) -> Client:
    return logged_in(administrator)


@pytest.fixture
def stranger_client(stranger: AbstractBaseUser) -> Client:
    return logged_in(stranger)
