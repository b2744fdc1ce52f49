"""Settings from the environment: typed, and loud when wrong."""

import inspect
import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from hasselt_portal import environment as module
from hasselt_portal.environment import Environment, read

BASE = Path("/srv/portal")
TREE = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": "portal.hasselt.example",
    "TRUSTED_PROXIES": "1",
}
DEMO = {"PORTAL_DEMO": "1"}


def environment(source: dict[str, str]) -> Environment:
    return read(source, base=BASE)


def test_demo_needs_nothing_else():
    told = environment(DEMO)
    assert told.demo
    assert told.port == 8000
    assert told.database_url == "sqlite:////srv/portal/var/portal.sqlite3"
    assert told.redis_url == "unix:///srv/portal/var/valkey.sock?db=0"
    assert not told.https


def test_production_is_the_default_and_uses_https():
    told = environment(PRODUCTION)
    assert not told.demo
    assert told.https
    assert told.allowed_hosts == ["portal.hasselt.example"]


def test_addresses_given_are_used():
    addresses = {"DATABASE_URL": "postgres://u:p@db/portal", "REDIS_URL": "redis://cache/0"}
    told = environment(PRODUCTION | addresses)
    assert (told.database_url, told.redis_url) == tuple(addresses.values())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "٨٠"),
        ("PORTAL_DEMO", "perhaps"),
        ("HTTPS", "2"),
        ("DATABASE_URL", "mysql://db/portal"),
        ("REDIS_URL", "127.0.0.1:6379"),
        ("EMAIL_URL", "mail.hasselt.example"),
        ("CLAMD_URL", "clamav:3310"),
        ("EXCHANGE_TOKEN", "x" * 31),
        ("EXCHANGE_TOKEN", "x" * 20 + " " + "x" * 20),
        ("CLAMD_URL", "tcp://clamav"),
        ("CLAMD_URL", "tcp://clamav:x"),
        ("CLAMD_URL", "tcp://:3310"),
        ("CLAMD_URL", "unix://"),
        ("CHAT_SOCKETS_PER_ADDRESS", "0"),
        ("CHAT_SOCKETS_PER_ADDRESS", "veel"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "6"),
        ("TRUSTED_PROXIES", "0"),  # with HTTPS nobody would speak TLS
        ("CSRF_TRUSTED_ORIGINS", "portal.hasselt.example"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", ""),
        ("ALLOWED_HOSTS", ""),
    ],
)
def test_a_wrong_value_is_refused_by_its_name(name, text):
    with pytest.raises(ImproperlyConfigured, match=name):
        environment(PRODUCTION | {name: text})


@pytest.mark.parametrize("url", ["", "tcp://clamav:3310", "unix:///run/clamd.sock"])
def test_a_virus_scanner_is_named_or_there_is_none(url):
    assert environment(PRODUCTION | {"CLAMD_URL": url}).clamd_url == url


def test_a_secret_is_never_repeated_in_the_refusal():
    with pytest.raises(ImproperlyConfigured) as refusal:
        environment(PRODUCTION | {"DATABASE_URL": "mysql://user:geheim@db/portal"})
    assert "geheim" not in str(refusal.value)


@pytest.mark.parametrize(
    "production", [{"SECRET_KEY": "k" * 50}, {"ALLOWED_HOSTS": "localhost,portal.hasselt.example"}]
)
def test_demo_refuses_to_start_beside_production(production):
    with pytest.raises(ImproperlyConfigured, match="PORTAL_DEMO"):
        environment(DEMO | production)


def test_demo_listens_to_loopback_names_only():
    assert set(environment(DEMO).allowed_hosts) == {"localhost", "127.0.0.1", "[::1]"}


def test_a_folder_too_deep_for_a_socket_is_refused_by_its_name():
    with pytest.raises(ImproperlyConfigured, match="PORTAL_VAR"):
        environment(DEMO | {"PORTAL_VAR": "/" + "deep/" * 30})


def test_a_deep_folder_is_fine_when_redis_is_elsewhere():
    told = environment(
        DEMO | {"PORTAL_VAR": "/" + "deep/" * 30, "REDIS_URL": "redis://127.0.0.1:6379/0"}
    )
    assert told.redis_url == "redis://127.0.0.1:6379/0"


def test_every_setting_stands_in_the_example():
    known = set(re.findall(r'"([A-Z][A-Z_]+)"', inspect.getsource(module)))
    example = (TREE / ".env.example").read_text()
    assert known - set(re.findall(r"^#? ?([A-Z_]+)=", example, re.MULTILINE)) == set()


def test_the_example_is_refused_until_its_secret_is_filled_in():
    lines = (TREE / ".env.example").read_text().splitlines()
    settings = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        environment(settings)
    assert environment(settings | {"SECRET_KEY": "k" * 50}).trusted_proxies == 2
