"""docs/examples/client.py talks with a portal that runs, and loses nothing when it is killed."""

import asyncio
import contextlib
import runpy
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from accounts.demo import LOGINS
from common.testing.uploads import picture
from hasselt_portal.tests.running import BASE, Portal, eventually, running
from tests.e2e.office import Office, open_office

pytestmark = [pytest.mark.slow, pytest.mark.once]
TEXTS = [f"Vraag {number}" for number in range(12)]
Citizen = runpy.run_path(str(BASE / "docs" / "examples" / "client.py"))["Citizen"]


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    folder = Path(tempfile.mkdtemp(prefix="example-"))
    with running(folder / "var") as portal:
        yield portal
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def office(portal) -> Iterator[Office]:
    with open_office(portal.environment) as office:
        office.always_open()
        office.presence(email=LOGINS[0].email, state="available", hours=1)
        yield office


@contextlib.asynccontextmanager
async def going(citizen: Any) -> AsyncIterator[asyncio.Future[None]]:
    """The client at work; what broke in it breaks the test."""
    work = asyncio.ensure_future(citizen.run())
    yield work
    assert not work.done() or not work.exception()
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    await citizen.http.aclose()


async def until(question: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not question():
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("sockets", [True, False])
async def test_a_whole_conversation_in_which_the_portal_is_killed(portal, office, sockets):
    eventually(portal.is_ready, within_s=60, what="a portal")
    citizen = Citizen(portal.url, sockets=sockets)
    citizen.say(TEXTS[0], name="An")
    async with going(citizen):
        await until(lambda: citizen.known.messages)
        for number, text in enumerate(TEXTS[1:]):
            citizen.say(text)
            await asyncio.sleep(0.05)
            if number == 4:
                portal.kill("web")
        await until(lambda: not citizen.unsent and citizen.known.seq == len(TEXTS))
        ref = uuid.uuid4()
        sent = [await citizen.send_file("foto.jpg", picture(), ref) for _ in range(2)]
        assert [frame["seq"] for frame in sent] == [len(TEXTS) + 1] * 2
        citizen.ask("end")
        await until(lambda: citizen.known.head["state"] == "closed")
        citizen.ask("rate", score=4, comment="Vlot geholpen.")
        citizen.ask("mail_transcript", mail="an@voorbeeld.be")
        await until(lambda: len(citizen.answers) == 2)
        copy = (await citizen.http.get("/chat/transcript.txt")).text
    assert [answer["type"] for answer in citizen.answers] == ["rated", "transcript_mailed"]
    assert (citizen.known.head["rating"], citizen.sockets) == (4, sockets)
    stored = office.messages(conversation=citizen.known.head["conversation"])
    known = [citizen.known.messages[seq] for seq in sorted(citizen.known.messages)]
    assert [message["seq"] for message in known] == list(range(1, len(TEXTS) + 3))
    assert [message["text"] for message in known[: len(TEXTS)]] == TEXTS
    assert [(m["seq"], m["text"]) for m in stored] == [(m["seq"], m["text"]) for m in known]
    assert [text for text in TEXTS if text not in copy] == []


async def test_a_refusal_is_heard_and_nothing_goes_on(portal, office):
    eventually(portal.is_ready, within_s=60, what="a portal")
    citizen = Citizen(portal.url)
    citizen.say("   ")
    async with going(citizen) as work:
        await until(work.done)
    assert [answer["code"] for answer in citizen.answers] == ["text_empty"]
    assert citizen.known.seq == 0
