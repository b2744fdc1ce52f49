"""Demo content is loaded once, and in demo mode only."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from accounts import demo
from accounts.models import Role, User
from common.models import Event
from hasselt_portal.management.commands import load_demo

pytestmark = pytest.mark.django_db


def test_every_login_works_and_has_its_role(citizen):
    demo.load()
    for login in demo.LOGINS:
        user = User.objects.get(email=login.email)
        assert user.check_password(demo.PASSWORD)
        assert user.role_set() == {login.role}
        assert login.role in Role.values


def test_loading_twice_changes_nothing():
    demo.load()
    User.objects.filter(email=demo.LOGINS[0].email).update(first_name="Els")
    demo.load()
    assert User.objects.count() == len(demo.LOGINS)
    assert User.objects.get(email=demo.LOGINS[0].email).first_name == "Els"


def test_accounts_with_a_public_password_are_refused_outside_demo_mode(settings):
    settings.DEMO = False
    with pytest.raises(ImproperlyConfigured):
        demo.load()
    with pytest.raises(CommandError, match="PORTAL_DEMO"):
        call_command("load_demo")
    assert not User.objects.exists()


def test_what_was_deleted_does_not_come_back():
    assert load_demo.load_once("accounts")
    User.objects.get(email=demo.LOGINS[0].email).delete()
    assert not load_demo.load_once("accounts")
    assert not User.objects.filter(email=demo.LOGINS[0].email).exists()


def test_content_that_fails_halfway_leaves_neither_rows_nor_mark(monkeypatch):
    def load():
        demo.load()
        raise RuntimeError("halfway")

    monkeypatch.setattr(load_demo, "import_module", lambda name: SimpleNamespace(load=load))
    with pytest.raises(RuntimeError):
        load_demo.load_once("accounts")
    assert not User.objects.exists()
    assert not Event.objects.filter(kind=load_demo.KIND).exists()


def test_all_rooms_together_lowest_first(capsys):
    rooms = load_demo.rooms_with_demo()
    assert rooms[0] == "accounts"
    call_command("load_demo")
    call_command("load_demo")
    assert Event.objects.filter(kind=load_demo.KIND).count() == len(rooms)
    assert demo.PASSWORD in capsys.readouterr().out


def test_public_passwords_do_not_enter_a_database_with_other_accounts(make_user):
    make_user("Echt", "administrator")
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        demo.load()
