"""Where WebSockets are blocked the conversation goes on over HTTP, and nobody loses a word."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from hasselt_portal.tests.running import eventually
from tests.e2e.citizen import Citizen
from tests.e2e.complaints import LOST_CONNECTION, NO_SOCKET
from tests.e2e.gate import Gate, gate_to
from tests.e2e.host_page import WITHOUT_SOCKETS, HostPage, host_site
from tests.e2e.talk import QUESTION, Talk
from tests.e2e.waiting import until
from tests.e2e.words import nl

# What polls is the client; the storm of tests/test_chaos.py brings both ways to both databases.
pytestmark = pytest.mark.once

SLOW = "Slow connection: messages arrive some seconds later."
POLICY = re.compile(r"Content Security Policy|connect-src")


class Traffic:
    """What a page asked: requests for frames, and sockets that opened."""

    def __init__(self, page: Page) -> None:
        self.polls = 0
        self.frames_over_sockets = 0
        page.on("request", self._count)
        page.on("websocket", lambda found: found.on("framereceived", self._heard))

    def _count(self, request) -> None:
        self.polls += request.url.endswith("/chat/frames.json") and request.method == "POST"

    def _heard(self, _: object) -> None:
        self.frames_over_sockets += 1


class Lossy:
    """Brings every request to the portal, and two of three answers back."""

    def __init__(self) -> None:
        self.carried = 0
        self.count = 0

    def carry(self, route: Route) -> None:
        answer = route.fetch()
        self.carried += 1
        if self.carried % 3 == 1:
            self.count += 1
            route.abort("connectionreset")
        else:
            route.fulfill(response=answer)


@pytest.fixture
def gate(house, complaints) -> Iterator[Gate]:
    """A proxy that lets no socket through, from the start."""
    complaints.expect(LOST_CONNECTION)
    complaints.expect(NO_SOCKET)
    with gate_to(house.portal.port) as gate:
        gate.block()
        yield gate


@pytest.fixture
def make_citizen(new_context, gate) -> Callable[[], Citizen]:
    return lambda: Citizen(new_context(base_url=gate.url).new_page())


@pytest.fixture
def talk(make_citizen, agent, office) -> Iterator[Talk]:
    citizen = make_citizen()
    yield Talk.begin(citizen, agent, office)
    citizen.page.context.close()


def test_both_sides_write_while_a_proxy_refuses_sockets(make_citizen, gate, agent, office):
    citizen = make_citizen()
    traffic = Traffic(citizen.page)
    talk = Talk.begin(citizen, agent, office)
    for number in range(1, 5):
        talk.write(citizen=f"Burger {number}.", agent=f"Medewerker {number}.")
    talk.check()
    assert gate.refused >= 2
    assert traffic.polls >= 2
    assert traffic.frames_over_sockets == 0
    citizen.page.context.close()


def test_a_reload_keeps_the_conversation_and_what_was_typed(talk):
    talk.write(citizen="Ik woon in Kuringen.", agent="Goedemiddag.")
    talk.type_drafts()
    talk.citizen.page.reload()
    talk.check()
    talk.check_drafts()
    talk.write(citizen="Net voor het herladen.")
    talk.citizen.page.reload()
    talk.check()


def test_the_silence_question_is_asked_and_answered(talk, office):
    talk.write(agent="Bent u er nog?")
    talk.check()
    office.silent_for(conversation=talk.conversation, minutes=120)
    office.sweep()
    talk.citizen.button("I am still here").click()
    expect(talk.citizen.button("I am still here")).to_be_hidden()
    kinds = [row["kind"] for row in office.messages(conversation=talk.conversation)]
    assert kinds.count("still_there") == 1
    talk.write(citizen="Ja hoor.")
    talk.check()


def test_the_citizen_ends_it(talk, office):
    talk.citizen.button("End the chat").click()
    talk.citizen.button("Yes, end it").click()
    expect(talk.citizen.button("New chat")).to_be_visible()
    assert office.state(conversation=talk.conversation)["reason"] == "citizen"


def test_silence_ends_it_and_the_citizen_goes_on_with_it(talk, office):
    talk.write(agent="Bent u er nog?")
    talk.check()
    office.silent_for(conversation=talk.conversation, minutes=120)
    office.sweep()
    expect(talk.citizen.button("I am still here")).to_be_visible()
    office.silence_over(conversation=talk.conversation)
    office.sweep()
    talk.citizen.button("Talk on").click()
    talk.agent.take("")
    talk.write(citizen="Nog een vraag.", agent="Zeg het maar.")
    talk.check()


def test_an_end_by_the_agent_stops_the_asking(make_citizen, agent, office):
    citizen = make_citizen()
    traffic = Traffic(citizen.page)
    Talk.begin(citizen, agent, office)
    agent.close_with_topic("Afval")
    expect(citizen.button("New chat")).to_be_visible()
    asked = traffic.polls
    citizen.page.wait_for_timeout(5_000)  # twice the rhythm, and nothing is asked
    assert traffic.polls == asked
    citizen.page.context.close()


def test_what_the_citizen_reads_and_types_reaches_the_agent(talk, office):
    talk.write(agent="Leest u dit?")
    talk.check()
    until(
        talk.citizen.page,
        lambda: (
            office.state(conversation=talk.conversation)["read"]["citizen"]
            >= office.state(conversation=talk.conversation)["last_seq"]
        ),
        what="a read mark",
    )


def test_it_says_that_messages_come_later_and_they_come_within_five_seconds(talk):
    expect(talk.citizen.panel).to_contain_text(nl(SLOW))
    for number in range(3):
        talk.write(agent=f"Antwoord {number}.")
        talk.citizen.sees(f"Antwoord {number}.", timeout_ms=5_000)
        talk.write(citizen=f"Vraag {number}.")
        talk.agent.sees(f"Vraag {number}.", timeout_ms=5_000)


def test_sockets_are_blocked_halfway_and_come_back(new_context, gate, agent, office):
    gate.unblock()
    page = new_context(base_url=gate.url).new_page()
    traffic = Traffic(page)
    talk = Talk.begin(Citizen(page), agent, office)
    talk.write(citizen="Over de socket.", agent="Ook zo.")
    talk.check()
    assert traffic.polls == 0
    assert traffic.frames_over_sockets > 0
    gate.block()
    talk.write(citizen="Net nu valt hij weg.", agent="Hier blijft hij.")
    talk.check()
    assert traffic.polls > 0
    gate.unblock()
    heard = traffic.frames_over_sockets
    talk.write(citizen="Terwijl hij terugkomt.", agent="Wacht maar.")
    page.evaluate("dispatchEvent(new Event('online'))")
    until(page, lambda: traffic.frames_over_sockets > heard, what="a socket", within_s=40)
    talk.write(citizen="En ik schrijf voort.", agent="Ik ook.")
    talk.check()
    expect(talk.citizen.panel).not_to_contain_text(nl(SLOW))
    asked = traffic.polls
    page.wait_for_timeout(5_000)  # twice the rhythm, and nothing is asked
    assert traffic.polls == asked
    page.context.close()


def test_a_socket_comes_back_by_itself(new_context, gate, agent, office):
    page = new_context(base_url=gate.url).new_page()
    traffic = Traffic(page)
    talk = Talk.begin(Citizen(page), agent, office)
    gate.unblock()
    until(page, lambda: traffic.frames_over_sockets, what="a socket", within_s=60)
    talk.write(citizen="Nu gaat het vlugger.", agent="Inderdaad.")
    talk.check()
    page.context.close()


def test_a_proxy_that_never_answers_a_handshake(new_context, gate, agent, office):
    gate.block(hangs=True)
    page = new_context(base_url=gate.url).new_page()
    citizen = Citizen(page).open_chat()
    citizen.write("Ik krijg geen antwoord.")
    expect(agent.list_of("waiting")).to_contain_text("Ik krijg geen", timeout=30_000)
    agent.take("Ik krijg geen antwoord.")
    talk = Talk(citizen, agent, office, office.newest(), ["Ik krijg geen antwoord."])
    talk.write(agent="Nu wel.")
    talk.check()
    page.context.close()


def test_web_is_killed_while_the_citizen_polls(talk, house):
    for number in range(1, 7):
        if number in {2, 5}:
            until(talk.agent.page, house.portal.is_ready, what="a portal", within_s=30)
            house.portal.kill("web")
        talk.write(citizen=f"Burger {number}.", agent=f"Medewerker {number}.")
    talk.type_drafts()
    talk.check(within_s=60)
    talk.check_drafts()


def test_every_third_answer_is_lost_on_its_way(make_citizen, agent, office):
    """Also the one to the first question, which the portal has stored by then."""
    citizen, before = make_citizen(), office.count(first_words=QUESTION)
    lost = Lossy()
    citizen.page.route("**/chat/frames.json", lost.carry)
    talk = Talk.begin(citizen, agent, office)
    for number in range(1, 5):
        talk.write(citizen=f"Burger {number}.", agent=f"Medewerker {number}.")
    talk.check(within_s=60)
    citizen.page.unroute_all()
    assert lost.count >= 3
    assert office.count(first_words=QUESTION) == before + 1
    citizen.page.context.close()


def test_offline_and_back_while_the_citizen_polls(talk):
    talk.citizen.page.context.set_offline(True)
    talk.write(citizen="Zonder internet.", agent="Ik schrijf u.")
    talk.write(citizen="Nog iets.")
    talk.citizen.page.context.set_offline(False)
    talk.check()


def test_a_second_tab_polls_too_and_both_show_the_same(talk):
    second = Citizen(talk.citizen.page.context.new_page())
    second.page.goto("/contact/")
    expect(second.panel).to_be_visible()
    second.write("Vanuit mijn tweede tabblad.")
    talk.sent.append("Vanuit mijn tweede tabblad.")
    talk.write(citizen="En weer het eerste.", agent="Hier ook.")
    talk.check()
    until(talk.agent.page, lambda: second.screen() == talk.stored(), what="the same in each tab")


def test_a_policy_that_allows_no_sockets(new_context, house, agent, office, complaints):
    complaints.expect(POLICY)
    with host_site(house.url) as site:
        office.allow_site(origin=site.origin)
        headers = {"Origin": site.origin}
        address = f"{house.portal.url}/chat/status.json"
        eventually(
            lambda: (
                "Access-Control-Allow-Origin"
                in httpx.get(address, headers=headers, trust_env=False).headers
            ),
            within_s=20,
            what="a portal that knows the site",
        )
        page = new_context(base_url=site.origin).new_page()
        traffic = Traffic(page)
        site.show(HostPage(policy=WITHOUT_SOCKETS))
        talk = Talk.begin(Citizen(page), agent, office)
        talk.write(citizen="Hier mag geen socket.", agent="Dan maar zo.")
        talk.check()
        page.reload()
        talk.write(citizen="En na het herladen.", agent="Werkt ook.")
        talk.check()
        assert traffic.polls > 2
        page.context.close()
