"""A screen reader hears each new message once, and nothing of what was there before."""

import pytest
from playwright.sync_api import expect

from tests.e2e.agent import Agent
from tests.e2e.citizen import Citizen
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
