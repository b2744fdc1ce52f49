"""The page of the agent console: who gets it, and that its scripts find their words."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from chat.console_texts import CONSOLE_TEXTS

SCRIPTS = Path(settings.BASE_DIR) / "static" / "chat" / "console"
ASKED = re.compile(r"""\b(say|sayCount)\(\s*"([a-z_]+)["]""")

pytestmark = pytest.mark.django_db


def test_agent_gets_the_page_with_name_and_words(agent, client: Client) -> None:
    client.force_login(agent)
    page = client.get(reverse("chat-console"))
    found = re.search(r'<script id="console-bootstrap"[^>]*>(.*?)</script>', page.content.decode())
    assert found
    bootstrap = json.loads(found[1])
    assert bootstrap["me"]["name"] == agent.first_name
    assert bootstrap["me"]["reads_all"] is False
    assert set(bootstrap["texts"]) == set(CONSOLE_TEXTS)


def test_stranger_is_sent_to_the_login(client: Client) -> None:
    assert client.get(reverse("chat-console")).status_code == 302


def test_specialist_may_not_enter(specialist, client: Client) -> None:
    client.force_login(specialist)
    assert client.get(reverse("chat-console")).status_code == 403


def test_page_is_never_cached_and_only_read(agent, client: Client) -> None:
    client.force_login(agent)
    assert "no-store" in client.get(reverse("chat-console"))["Cache-Control"]
    assert client.post(reverse("chat-console")).status_code == 405


def test_page_has_no_inline_script_or_style(agent, client: Client) -> None:
    client.force_login(agent)
    html = client.get(reverse("chat-console")).content.decode()
    for script in re.findall(r"<script(.*?)>", html):
        assert "src=" in script or 'type="application/json"' in script
    assert "<style" not in html
    assert " style=" not in html


def test_every_word_a_script_asks_for_exists() -> None:
    asked = [
        (script.name, kind, key)
        for script in SCRIPTS.glob("*.js")
        for kind, key in ASKED.findall(script.read_text(encoding="utf-8"))
    ]
    assert len(asked) > 20
    for name, kind, key in asked:
        forms = [key] if kind == "say" else [f"{key}_one", f"{key}_many"]
        assert set(forms) <= set(CONSOLE_TEXTS), f"{name} asks for {key}"
