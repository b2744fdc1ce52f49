"""When the chat opens again: one sentence, the same on home page, launcher and panel."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django.utils.translation import override
from playwright.sync_api import expect

from city import wording
from tests.e2e.waiting import until
from tests.e2e.words import nl

BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.mark.parametrize("case", ["evening", "weekend", "holiday", "bridge"])
def test_says_when_it_opens_again(citizen, office, house, case):
    day = office.hours(case=case, slugs=["contactcentrum", "scheep"])
    opens_at = datetime.combine(datetime.fromisoformat(day), time(9), tzinfo=BRUSSELS)

    def sentence() -> str:
        with override("nl"):
            return wording.closed(opens_at, timezone.now())

    # The portal remembers the hours for two seconds.
    until(
        citizen.page,
        lambda: house.status()["sentence"] == sentence() and sentence() in house.html("/"),
        what=f"the sentence {sentence()!r}",
    )
    assert "opnieuw open" in sentence()
    citizen.page.goto("/")
    expect(citizen.page.locator(".today .state")).to_have_text(sentence())
    expect(citizen.launcher).to_contain_text(sentence())
    citizen.launcher.click()
    expect(citizen.panel).to_contain_text(sentence())
    expect(citizen.field).to_be_hidden()
    expect(citizen.panel.get_by_role("link", name="Bel")).to_be_visible()
    expect(citizen.panel.get_by_role("link", name=nl("Leave your question"))).to_be_visible()


def test_a_chat_that_opens_while_the_page_is_there_says_so(citizen, somebody_comes):
    # The clock of the page jumps, that of its cache does not.
    client = citizen.page.context.new_cdp_session(citizen.page)
    client.send("Network.enable")
    client.send("Network.setCacheDisabled", {"cacheDisabled": True})
    citizen.page.clock.install()
    citizen.open_chat()
    expect(citizen.panel).to_contain_text(nl("The chat is closed now"))
    somebody_comes()
    citizen.page.clock.fast_forward("01:00")
    expect(citizen.field).to_be_visible()
