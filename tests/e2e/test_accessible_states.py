"""axe finds nothing while a conversation goes through all that can happen to it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import axe
from tests.e2e.after_end import FRAMES, copies, mail_field, rate, score, send_rating
from tests.e2e.attached import BROKEN, FILM, PHOTO, UPLOADS, attach, row, send_as_agent
from tests.e2e.citizen import Citizen
from tests.e2e.complaints import LOST_CONNECTION, NO_SOCKET
from tests.e2e.gate import Gate, gate_to
from tests.e2e.talk import Talk

pytestmark = pytest.mark.once

LONG_NAME = "een-naam_zonder_spaties_die_maar_niet_wil_ophouden" * 2 + ".jpg"
SECRET = "BE68 5390 0754 7034"
UNSCANNED = {"type": "error", "code": "file_unscanned", "text": "We kunnen even niet kijken."}


@dataclass
class Walk:
    """One conversation, and what axe said of it so far."""

    talk: Talk
    problems: list[str] = field(default_factory=list)

    @property
    def citizen(self) -> Citizen:
        return self.talk.citizen

    @property
    def page(self) -> Page:
        return self.talk.citizen.page

    def look(self, name: str, shows: str = "", **values: object) -> None:
        """Waits for these words in the panel, and asks axe at each width."""
        if shows:
            expect(self.citizen.panel).to_contain_text(self.citizen.say(shows, **values))
        self.problems += axe.check(self.page, name=name)

    def end(self) -> None:
        """With large text as well, where the last state stands."""
        assert not self.problems + axe.large_text(self.page)


@pytest.fixture(params=["nl", "en"])
def make_walk(request, new_context, agent, office) -> Callable[..., Walk]:
    locale = {"nl": "nl-BE", "en": "en-GB"}[request.param]

    def make(**options: str) -> Walk:
        page = new_context(locale=locale, **options).new_page()
        page.clock.install()
        return Walk(Talk.begin(Citizen(page, request.param), agent, office))

    return make


@pytest.fixture
def gate(house, complaints) -> Iterator[Gate]:
    complaints.expect(LOST_CONNECTION)
    complaints.expect(NO_SOCKET)
    with gate_to(house.portal.port) as gate:
        yield gate


def test_files_that_come_go_and_fail(make_walk, complaints):
    for status in (400, 503):
        complaints.expect_status(status)
    walk = make_walk()
    citizen = walk.citizen
    send_as_agent(walk.talk, "plan.jpg")
    expect(row(citizen, "plan.jpg").get_by_role("img", name="plan.jpg")).to_be_visible()
    walk.look("a picture received")
    attach(citizen, {**PHOTO, "name": LONG_NAME}, BROKEN)
    expect(row(citizen, "brief.pdf")).to_contain_text(citizen.say("not sent"))
    walk.look("a picture sent, a file refused")
    walk.page.route(UPLOADS, lambda route: route.fulfill(status=503, json=UNSCANNED))
    attach(citizen, PHOTO)
    expect(
        row(citizen, "put.jpg").get_by_role("button", name=citizen.say("Try again"))
    ).to_be_visible()
    walk.look("a file to try again")
    walk.page.route(UPLOADS, lambda route: None)
    attach(citizen, FILM, {**PHOTO, "name": "weg.jpg"})
    expect(row(citizen, "weg.jpg")).to_contain_text(citizen.say("sending…"))
    walk.look("a file being sent, another not taken")
    walk.page.reload()
    walk.look("a file to choose again", "Choose this file again: it was not sent yet.")
    walk.end()


def test_a_secret_the_silence_question_and_news_below(make_walk, office):
    walk = make_walk()
    citizen, talk = walk.citizen, walk.talk
    citizen.field.fill(SECRET)
    walk.look(
        "a secret",
        "You are typing {what}. We do not need it and leave it out of your message.",
        what=citizen.say("an account number"),
    )
    citizen.field.fill("")
    for number in range(8):
        talk.write(agent=f"Antwoord {number}, met wat er allemaal bij hoort.")
    citizen.sees("Antwoord 7")
    citizen.log.locator("xpath=..").evaluate("scroller => scroller.scrollTo(0, 0)")
    talk.write(agent="Hebt u dat gevonden?")
    walk.look("news below", "1 new message below")
    talk.check()
    office.silent_for(conversation=talk.conversation, minutes=120)
    office.sweep()
    walk.look("the silence question", "I am still here")
    walk.end()


def test_a_connection_that_is_lost_slow_and_back(make_walk, gate):
    walk = make_walk(base_url=gate.url)
    walk.page.route(FRAMES, lambda route: route.abort("connectionrefused"))
    gate.block()
    walk.citizen.write("Komt dit aan?")
    walk.look("lost", "The connection is gone. We keep trying; what you write is kept.")
    walk.page.clock.fast_forward("00:20")
    expect(walk.citizen.link("Open the chat as a plain page")).to_be_visible()
    walk.look("lost for long", "waits for a connection")
    walk.page.unroute(FRAMES)
    walk.page.evaluate("dispatchEvent(new Event('online'))")  # or it tries in some seconds
    walk.look("polling", "Slow connection: messages arrive some seconds later.")
    walk.end()
    walk.page.context.close()


def test_the_rating_and_the_copy_after_the_end(make_walk, complaints):
    complaints.expect(LOST_CONNECTION)
    walk = make_walk()
    citizen = walk.citizen
    walk.talk.agent.close_with_topic("Afval")
    walk.look("how was it", "How satisfied are you with this chat?")
    score(citizen, "Satisfied").check()
    walk.look("a score is chosen", "Do you want to say why? (optional)")
    walk.page.route(FRAMES, lambda route: route.abort("connectionrefused"))
    send_rating(citizen)
    walk.look("the score is not sent", "That does not work now. Try again in a moment.")
    walk.page.unroute(FRAMES)
    rate(citizen, "Satisfied", "Vlot.")
    walk.look("thanks", "Thank you. This helps us do better.")
    copies(citizen).click()
    mail_field(citizen).fill("an")
    mail_field(citizen).press("Enter")
    expect(mail_field(citizen)).to_have_attribute("aria-invalid", "true")
    walk.look("a wrong address")
    mail_field(citizen).fill("an@voorbeeld.be")
    mail_field(citizen).press("Enter")
    walk.look("a copy is sent", "We send it to {mail}.", mail="an@voorbeeld.be")
    walk.end()
