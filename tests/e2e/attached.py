"""Files that the citizen adds in the widget, or gets there."""

from typing import Any

from playwright.sync_api import Locator

from common.testing.uploads import picture
from tests.e2e.citizen import Citizen
from tests.e2e.talk import Talk

UPLOADS = "**/chat/files.json"
PHOTO = {"name": "put.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(1200, 800))}
BROKEN = {"name": "brief.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 nothing"}
FILM = {"name": "film.mov", "mimeType": "video/quicktime", "buffer": b"film"}
SEND_AS_AGENT = """async ([address, name, content]) => {
  const form = new FormData();
  form.append("ref", crypto.randomUUID());
  form.append("file", new File([new Uint8Array(content)], name, { type: "image/jpeg" }));
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const headers = { "X-CSRFToken": token };
  return (await fetch(address, { method: "POST", body: form, headers })).status;
}"""


def attach(citizen: Citizen, *files: Any) -> None:
    with citizen.page.expect_file_chooser() as chooser:
        citizen.button("Add a file").click()
    chooser.value.set_files(files)


def row(citizen: Citizen, name: str) -> Locator:
    return citizen.log.locator(".msg").filter(has_text=name)


def send_as_agent(talk: Talk, name: str) -> None:
    """The agent sends a picture of this name."""
    address = f"/werkbank/chat/{talk.conversation}/bestanden/"
    content = list(picture(size=(300, 200)))
    assert talk.agent.page.evaluate(SEND_AS_AGENT, [address, name, content]) in (200, 201)
