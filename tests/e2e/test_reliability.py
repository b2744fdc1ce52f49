"""Whatever breaks in the middle of a conversation: both screens equal the database afterwards."""

import pytest
from playwright.sync_api import expect

from tests.e2e.agent import CONSOLE, Agent
from tests.e2e.cable import cable_to
from tests.e2e.citizen import Citizen
from tests.e2e.complaints import LOST_CONNECTION
from tests.e2e.talk import Talk
from tests.e2e.waiting import until


@pytest.fixture
def talk(citizen, agent, office) -> Talk:
    return Talk.begin(citizen, agent, office)


def test_a_reload_keeps_the_conversation_and_what_was_typed(talk):
    talk.write(citizen="Ik woon in Kuringen.", agent="Goedemiddag.")
    talk.type_drafts()
    talk.citizen.page.reload()
    talk.agent.page.reload()
    talk.check()
    talk.check_drafts()
    talk.write(citizen="Bent u er nog?", agent="Ja hoor.")
    talk.check()


def test_a_message_sent_just_before_a_reload_arrives_once(talk):
    talk.write(citizen="Nog net verstuurd.", agent="Ook net verstuurd.")
    talk.citizen.page.reload()
    talk.agent.page.reload()
    talk.check()


def test_the_next_page_goes_on_with_the_conversation(talk):
    talk.write(agent="Kijk even op de pagina met alle producten.")
    talk.citizen.page.goto("/producten/")
    talk.write(citizen="Die heb ik nu voor mij.")
    talk.check()


def test_a_second_tab_shows_the_same_and_sends(talk):
    second = Citizen(talk.citizen.page.context.new_page())
    second.page.goto("/contact/")
    expect(second.panel).to_be_visible()
    second.write("Vanuit mijn tweede tabblad.")
    second_desk = Agent(talk.agent.page.context.new_page()).open_console()
    second_desk.card("").get_by_role("button").first.click()
    second_desk.write("Ook ik heb er twee open.")
    talk.sent += ["Vanuit mijn tweede tabblad.", "Ook ik heb er twee open."]
    talk.write(citizen="En weer het eerste.", agent="Hier ook.")
    talk.check()
    for screen in (second.screen, second_desk.screen):
        until(talk.agent.page, lambda: screen() == talk.stored(), what="the same in each tab")  # noqa: B023


def test_both_go_offline_and_write_on(talk, complaints):
    complaints.expect(LOST_CONNECTION)
    for who in (talk.citizen, talk.agent):
        who.page.context.set_offline(True)
    talk.write(citizen="Geschreven zonder internet.", agent="Ik ook.")
    talk.write(citizen="En nog iets.", agent="Momentje.")
    talk.type_drafts()
    expect(talk.citizen.panel).to_contain_text(
        talk.citizen.say(
            "You are offline. What you write is kept and goes out as soon as you are back."
        )
    )
    assert len(talk.stored()) == 2
    for who in (talk.citizen, talk.agent):
        who.page.context.set_offline(False)
    talk.check()
    talk.check_drafts()


def test_texts_written_offline_survive_a_reload(talk, complaints):
    complaints.expect(LOST_CONNECTION)
    talk.citizen.page.context.set_offline(True)
    talk.write(citizen="Geschreven in de tunnel.")
    talk.citizen.field.fill("Een begin")
    talk.citizen.page.context.set_offline(False)
    talk.citizen.page.reload()
    talk.check()
    expect(talk.citizen.field).to_have_value("Een begin")


def test_a_laptop_sleeps_and_wakes_up_on_a_dead_socket(new_context, agent, office, house):
    with cable_to(house.portal.port) as cable:
        page = new_context(base_url=f"http://localhost:{cable.port}").new_page()
        page.clock.install()
        talk = Talk.begin(Citizen(page), agent, office)
        talk.citizen.field.fill("Ik was nog aan het typen")
        cable.go_dead()
        talk.write(agent="Bent u er nog?")
        talk.write(agent="Ik wacht op u.")
        page.clock.fast_forward("10:00")  # as a lid that was closed for ten minutes
        talk.citizen.sees("Ik wacht op u.", timeout_ms=30_000)
        expect(talk.citizen.field).to_have_value("Ik was nog aan het typen")
        talk.write(citizen="Ik ben terug.", agent="Welkom terug.")
        talk.check()
        page.context.close()


def test_web_is_killed_while_both_send(talk, house, complaints):
    complaints.expect(LOST_CONNECTION)
    for number in range(1, 7):
        if number in {2, 5}:
            until(talk.agent.page, house.portal.is_ready, what="a portal", within_s=30)
            house.portal.kill("web")
        talk.write(citizen=f"Burger {number}.", agent=f"Medewerker {number}.")
    talk.type_drafts()
    talk.check(within_s=60)
    talk.check_drafts()


def test_redis_is_flushed_while_both_send(talk):
    for number in range(1, 5):
        talk.write(citizen=f"Burger {number}.", agent=f"Medewerker {number}.")
        talk.office.flush_redis()
    talk.type_drafts()
    talk.check()
    talk.check_drafts()


def test_redis_is_killed_while_both_send(talk, house, complaints):
    if not house.has_own_redis:
        pytest.skip("REDIS_URL names a Redis that is not ours to kill.")
    complaints.expect(LOST_CONNECTION)
    talk.write(citizen="Voor de val.", agent="Ook ervoor.")
    before = house.portal.kill("valkey")
    talk.write(citizen="Tijdens de val.", agent="Ook tijdens.")
    until(
        talk.agent.page,
        lambda: house.portal.pid("valkey") not in {0, before} and house.portal.is_ready(),
        what="a new Redis",
        within_s=30,
    )
    talk.write(citizen="Na de val.", agent="Ook erna.")
    talk.type_drafts()
    talk.check(within_s=30)
    talk.check_drafts()


def test_the_worker_is_killed_while_both_send(talk, house):
    talk.write(citizen="Een.", agent="Twee.")
    house.portal.kill("worker")
    talk.write(citizen="Drie.", agent="Vier.")
    talk.check()


def test_everything_is_killed_at_once(talk, house, complaints):
    complaints.expect(LOST_CONNECTION)
    talk.write(citizen="Alles werkt nog.", agent="Hier ook.")
    for name in ("web", "worker", *(["valkey"] if house.has_own_redis else [])):
        house.portal.kill(name)
    talk.write(citizen="Nu niets meer.", agent="Hier ook niet.")
    talk.type_drafts()
    talk.check(within_s=60)
    talk.check_drafts()
    talk.agent.page.goto(CONSOLE)
    expect(talk.agent.card("")).to_have_count(1)
