"""A screen reader hears each new message once, and nothing of what was there before."""

import pytest
from playwright.sync_api import expect

from tests.e2e.after_end import FRAMES, copies, mail_field, rate
from tests.e2e.agent import Agent
from tests.e2e.attached import BROKEN, FILM, PHOTO, attach, row, send_as_agent
from tests.e2e.citizen import Citizen
from tests.e2e.complaints import LOST_CONNECTION, NO_SOCKET
from tests.e2e.gate import gate_to
from tests.e2e.spoken import forget, listen, spoken
from tests.e2e.talk import Talk
from tests.e2e.waiting import until
from tests.e2e.words import nl


@pytest.fixture
def talk(new_context, agent_context, office) -> Talk:
    citizens, agents = new_context(), agent_context()
    for context in (citizens, agents):
        listen(context)
    agent = Agent(agents.new_page()).open_console().become_available()
    talk = Talk.begin(Citizen(citizens.new_page()), agent, office)
    talk.write(agent="Goedemiddag.")
    talk.check()
    return talk


def regions(who: Citizen | Agent, words: str = "") -> list[str]:
    """Which live regions spoke, in order."""
    return [region for region, _ in spoken(who.page, words)]


def test_each_side_hears_a_message_once(talk):
    for who in (talk.citizen, talk.agent):
        forget(who.page)
    talk.write(citizen="Hoort u mij?", agent="Luid en duidelijk.")
    talk.write(citizen="Fijn om te horen.", agent="Wat kan ik voor u doen?")
    talk.check()
    for who in (talk.citizen, talk.agent):
        for text in talk.sent[2:]:
            assert regions(who, text) == [nl("Messages")], (who, text)


def test_a_message_after_the_connection_was_lost_is_heard_once(talk, complaints):
    forget(talk.citizen.page)
    talk.citizen.page.context.set_offline(True)
    talk.write(agent="Bent u daar?")
    talk.citizen.page.context.set_offline(False)
    talk.check()
    assert regions(talk.citizen, "Bent u daar?") == [nl("Messages")]


def test_history_is_not_announced(talk):
    for who in (talk.citizen, talk.agent):
        who.page.reload()
    talk.check()
    for who in (talk.citizen, talk.agent):
        assert nl("Messages") not in regions(who)
    talk.write(agent="Dit is nieuw.", citizen="Dit ook.")
    talk.check()
    for who in (talk.citizen, talk.agent):
        assert regions(who).count(nl("Messages")) == 2, spoken(who.page)


def test_typing_and_read_marks_are_not_announced_as_messages(talk):
    for who in (talk.citizen, talk.agent):
        forget(who.page)
    until(talk.agent.page, lambda: type_on(talk), what="the agent is seen typing")
    expect(talk.citizen.log).to_contain_text(nl("read"))
    for who in (talk.citizen, talk.agent):
        assert nl("Messages") not in regions(who)


def type_on(talk: Talk) -> bool:
    """One more letter on both sides; they tell of it once in three seconds. Whether it shows."""
    for who in (talk.citizen, talk.agent):
        who.field.press("x")
    return talk.citizen.panel.get_by_text(nl("{name} is typing…", name="Bieke")).is_visible()


def test_a_message_to_a_folded_chat_is_heard_once(talk):
    talk.citizen.page.keyboard.press("Escape")
    expect(talk.citizen.panel).to_be_hidden()
    forget(talk.citizen.page)
    talk.agent.write("U mag terugkomen.")
    expect(talk.citizen.launcher).to_contain_text(nl("1 new message"))
    heard = nl("New message from {name}", name="Bieke")
    until(talk.citizen.page, lambda: spoken(talk.citizen.page, heard), what="an announcement")
    assert regions(talk.citizen) == ["status"]
    talk.citizen.launcher.click()
    talk.citizen.sees("U mag terugkomen.")
    assert len(spoken(talk.citizen.page)) == 1


def heard(citizen: Citizen, sentence: str, **values: object) -> None:
    """Of these words just now once, and of nothing else. Forgets it."""
    words = citizen.say(sentence, **values)
    until(citizen.page, lambda: spoken(citizen.page, words), what=f"an announcement of {words}")
    citizen.page.wait_for_timeout(300)  # what would come too much comes at once
    said = [text for _, text in spoken(citizen.page)]
    assert (len(said), words in said[0]) == (1, True), said
    forget(citizen.page)


def test_a_lost_a_slow_and_a_good_connection_are_each_heard_once(
    new_context, agent, office, house, complaints
):
    complaints.expect(LOST_CONNECTION)
    complaints.expect(NO_SOCKET)
    with gate_to(house.portal.port) as gate:
        context = new_context(base_url=gate.url)
        listen(context)
        citizen = Citizen(context.new_page())
        citizen.page.clock.install()
        talk = Talk.begin(citizen, agent, office)
        talk.check()
        forget(citizen.page)
        context.set_offline(True)
        heard(
            citizen,
            "You are offline. What you write is kept and goes out as soon as you are back.",
        )
        context.set_offline(False)
        heard(citizen, "The connection is back.")
        citizen.page.route(FRAMES, lambda route: route.abort("connectionrefused"))
        gate.block()
        heard(citizen, "The connection is gone. We keep trying; what you write is kept.")
        citizen.page.unroute(FRAMES)
        citizen.page.evaluate("dispatchEvent(new Event('online'))")  # or it tries in some seconds
        heard(citizen, "Slow connection: messages arrive some seconds later.")
        talk.write(agent="Ik ben er nog.")
        heard(citizen, "Ik ben er nog.")
        citizen.page.route(FRAMES, lambda route: route.abort("connectionrefused"), times=1)
        talk.write(agent="Ook na een antwoord dat wegviel.")
        heard(citizen, "Ook na een antwoord dat wegviel.")
        gate.unblock()
        citizen.page.clock.fast_forward("01:00")  # by then a socket is tried again
        heard(citizen, "Messages arrive at once again.")
        talk.check()
        context.close()


def test_files_are_each_heard_once_and_not_again_after_a_reload(talk, complaints):
    complaints.expect_status(400)
    citizen = talk.citizen
    forget(citizen.page)
    send_as_agent(talk, "plan.jpg")
    heard(citizen, "plan.jpg")
    attach(citizen, FILM)
    refused = "{name} cannot be sent. Choose a photo (JPG, PNG or WebP) or a PDF of at most 10 MB."
    heard(citizen, refused, name="film.mov")
    for file, mark in ((PHOTO, "read"), (BROKEN, "not sent")):
        attach(citizen, file)
        expect(row(citizen, file["name"])).to_contain_text(nl(mark))
    said = [text for _, text in spoken(citizen.page, "brief.pdf") if nl("File:") not in text]
    reason = nl("We cannot read this file. It may be damaged; save it again and retry.")
    assert said == [f"brief.pdf: {reason}"]
    said = [text for _, text in spoken(citizen.page, "put.jpg") if nl("File:") not in text]
    assert said == [f"put.jpg: {nl('sent')}"]
    citizen.page.reload()
    expect(row(citizen, "plan.jpg")).to_be_visible()
    expect(citizen.log).to_have_attribute("aria-live", "polite")
    assert nl("Messages") not in regions(citizen)
    forget(citizen.page)
    talk.write(agent="Dit is nieuw.")
    heard(citizen, "Dit is nieuw.")


def test_the_silence_question_is_heard_once_open_and_folded(talk, office):
    citizen = talk.citizen
    forget(citizen.page)
    office.silent_for(conversation=talk.conversation, minutes=120)
    office.sweep()
    heard(citizen, "Are you still there? Without an answer this chat closes.")
    citizen.button("I am still here").click()
    heard(citizen, "You are still there.")
    citizen.page.keyboard.press("Escape")
    office.silent_for(conversation=talk.conversation, minutes=120)
    office.sweep()
    heard(citizen, "Are you still there?")
    expect(citizen.launcher).to_contain_text(nl("Are you still there?"))


def test_the_rating_and_the_copy_are_each_heard_once(talk):
    citizen = talk.citizen
    forget(citizen.page)
    talk.agent.close_with_topic("Afval")
    heard(citizen, "{name} ended the chat.", name="Bieke")
    rate(citizen, "Satisfied")
    # Read because the focus comes there, so not by a live region as well.
    expect(citizen.panel.get_by_text(nl("Thank you. This helps us do better."))).to_be_focused()
    assert spoken(citizen.page) == []
    copies(citizen).click()
    mail_field(citizen).fill("an")
    mail_field(citizen).press("Enter")
    heard(
        citizen,
        "This is not a complete e-mail address. Look at it again, like jan@example.be.",
    )
    mail_field(citizen).fill("an@voorbeeld.be")
    mail_field(citizen).press("Enter")
    heard(citizen, "We send it to {mail}.", mail="an@voorbeeld.be")


def test_the_end_is_heard_once(talk):
    forget(talk.citizen.page)
    talk.agent.close_with_topic("Afval")
    expect(talk.citizen.button("New chat")).to_be_visible()
    ended = nl("{name} ended the chat.", name="Bieke")
    assert regions(talk.citizen, ended) == [nl("Messages")]


def test_the_agent_hears_of_who_comes_in_and_of_another_conversation(talk, new_context):
    forget(talk.agent.page)
    second = Citizen(new_context().new_page()).open_chat()
    second.write("Een tweede vraag, van iemand anders.")
    voice = talk.agent.page.get_by_role("log", name=nl("News"))
    expect(voice).to_contain_text("Een tweede vraag")
    assert len(spoken(talk.agent.page, "Een tweede vraag")) == 1
    talk.agent.take("Een tweede vraag")
    expect(talk.agent.log).to_contain_text("Een tweede vraag")
    forget(talk.agent.page)
    talk.write(citizen="Ik ben er nog.")
    expect(voice).to_contain_text(nl("New message from {name}").split("{", maxsplit=1)[0])
    assert not spoken(talk.agent.page, "Ik ben er nog.")
    assert regions(talk.agent) == [nl("News")]
