"""The page of the agent console: strict enough for the policy, and its scripts find their words."""

import json
import re
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from chat.console_texts import CONSOLE_TEXTS

SCRIPTS = Path(settings.BASE_DIR) / "static" / "chat" / "console"
ASKED = re.compile(r'\b(say|sayCount)\(\s*"([a-z_]+)"')


def bootstrap_of(client) -> dict:
    html = client.get(reverse("chat-console")).content.decode()
    found = re.search(r'<script id="console-bootstrap"[^>]*>(.*?)</script>', html)
    assert found
    return json.loads(found[1])


def test_only_a_supervisor_reads_colleagues_conversations(agent_client, supervisor_client) -> None:
    assert bootstrap_of(agent_client)["me"]["reads_all"] is False
    assert bootstrap_of(supervisor_client)["me"]["reads_all"] is True


def test_page_has_no_inline_script_or_style(agent_client) -> None:
    html = agent_client.get(reverse("chat-console")).content.decode()
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
